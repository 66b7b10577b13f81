/*
 * difference.c - see difference.h.
 */
#include "difference.h"

#include "fail.h"
#include "json.h"

#include <string.h>

/* The certificate that holds the names now, as far as it is found. */
struct held {
	const mca_san *wanted;
	mca_cert *cert; /* or NULL */
	size_t shared;	/* names */
};

static size_t
count_shared(const mca_san *a, const mca_san *b)
{
	size_t shared = 0;

	for (size_t i = 0; i < mca_san_count(a); i++) {
		const struct mca_san_name *name = mca_san_at(a, i);

		shared += mca_san_has(b, name->form, name->text);
	}
	return shared;
}

/* The first of those that share most is kept: rows come newest first. */
static mca_code
consider(void *context, const struct mca_record *record, struct mca_error *err)
{
	struct held *held = context;
	owned(mca_cert) *cert = NULL;
	size_t shared;

	if (mca_cert_parse(&cert, record->der, record->der_length, err) !=
	    MCA_OK)
		return err->code;
	shared = count_shared(held->wanted, mca_cert_san(cert));
	if (shared <= held->shared)
		return MCA_OK;
	mca_cert_free(held->cert);
	held->cert = give(&cert);
	held->shared = shared;
	return MCA_OK;
}

static mca_code
find_held(struct held *held, struct session *s, struct mca_error *err)
{
	for (size_t i = 0; i < mca_san_count(held->wanted); i++)
		if (mca_store_of_name(mca_ca_store(s->ca),
			mca_san_at(held->wanted, i)->text, s->now, consider,
			held, err) != MCA_OK)
			return err->code;
	return MCA_OK;
}

/* ---- a certificate as fields ---- */

struct field {
	char *label, *value;
};

/* The fields of a certificate but those that are new in any. */
struct fields {
	struct field *rows;
	size_t count;
};

static void
fields_clear(struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		free(fields->rows[i].label);
		free(fields->rows[i].value);
	}
	free(fields->rows);
}
typedef struct fields field_rows;
MCA_SCOPED(field_rows, fields_clear)

static void
add(struct fields *out, const char *label, const char *value)
{
	struct field *rows =
	    reallocarray(out->rows, out->count + 1, sizeof(*rows));

	if (rows == NULL)
		fail_memory();
	out->rows = rows;
	rows[out->count].label = strdup(label);
	rows[out->count].value = strdup(value);
	if (rows[out->count].label == NULL || rows[out->count].value == NULL)
		fail_memory();
	out->count++;
}

/* Names have fields of their own, and key identifiers follow from the keys. */
static void
add_extensions(struct fields *out, const mca_cert *cert)
{
	for (size_t i = 0; i < mca_cert_extension_count(cert); i++) {
		struct mca_cert_extension row;
		scoped(mca_text) value = { 0 };

		mca_cert_extension_at(&row, cert, i);
		if (strcmp(row.oid, "2.5.29.17") == 0 ||
		    strcmp(row.oid, "2.5.29.14") == 0 ||
		    strcmp(row.oid, "2.5.29.35") == 0)
			continue;
		mca_cert_extension_text(&value, cert, i);
		if (row.critical)
			mca_text_addf(&value, " (critical)");
		add(out, row.name, mca_text_get(&value));
	}
}

static void
add_key(struct fields *out, const mca_cert *cert)
{
	const mca_spki *spki = mca_cert_spki(cert);
	scoped(mca_text) text = { 0 };

	if (spki == NULL)
		return;
	mca_text_addf(&text, "%s, SHA-256 ", mca_spki_algorithm(spki));
	mca_text_hex(&text, mca_spki_sha256(spki), MCA_SHA256_SIZE);
	add(out, "publicKey", mca_text_get(&text));
}

static void
read_fields(struct fields *out, const mca_cert *cert)
{
	const mca_san *san = mca_cert_san(cert);

	add(out, "subject", mca_name_text(mca_cert_subject(cert)));
	add(out, "issuer", mca_name_text(mca_cert_issuer(cert)));
	for (size_t i = 0; i < mca_san_count(san); i++)
		add(out, mca_san_form_name(mca_san_at(san, i)->form),
		    mca_san_at(san, i)->text);
	add(out, "notAfter", MCA_TIME(mca_cert_not_after(cert)));
	add_key(out, cert);
	add_extensions(out, cert);
}

static bool
has(const struct fields *fields, const struct field *row)
{
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->rows[i].label, row->label) == 0 &&
		    strcmp(fields->rows[i].value, row->value) == 0)
			return true;
	return false;
}

/* The fields of `from` that `in` has not. */
static void
tell(const struct session *s, json_t *object, const char *key, char mark,
    const struct fields *from, const struct fields *in)
{
	if (object != NULL)
		json_put(object, key, json_array());
	for (size_t i = 0; i < from->count; i++) {
		const struct field *row = &from->rows[i];
		json_t *field;

		if (has(in, row))
			continue;
		print(s, "%c %-23s %s\n", mark, row->label, row->value);
		field = json_row(object, key);
		json_put(field, "field", json_text(row->label));
		json_put(field, "value", json_text(row->value));
	}
}

static void
compare(const struct session *s, json_t *row, const mca_cert *old,
    const mca_cert *cert)
{
	scoped(field_rows) before = { 0 };
	scoped(field_rows) after = { 0 };
	json_t *object = row == NULL ? NULL : json_object();

	read_fields(&before, old);
	read_fields(&after, cert);
	print(s, "compared with serial %s:\n", mca_cert_serial(old));
	json_put(object, "serial", json_text(mca_cert_serial(old)));
	tell(s, object, "gone", '-', &before, &after);
	tell(s, object, "new", '+', &after, &before);
	json_put(row, "difference", object);
}

mca_code
difference_show(struct session *s, json_t *row, const mca_cert *cert,
    struct mca_error *err)
{
	struct held held = { .wanted = mca_cert_san(cert) };

	if (find_held(&held, s, err) != MCA_OK) {
		mca_cert_free(held.cert);
		return err->code;
	}
	if (held.cert == NULL) {
		print(s, "no valid certificate holds these names\n");
		json_put(row, "difference", json_null());
		return MCA_OK;
	}
	compare(s, row, held.cert, cert);
	mca_cert_free(held.cert);
	return MCA_OK;
}
