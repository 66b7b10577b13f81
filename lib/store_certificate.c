/*
 * store_certificate.c - recording a certificate and its names.
 */
#include "store.h"

#include "minica/limits.h"
#include "minica/text.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What a row of `certificate` needs besides what the certificate says. */
struct row {
	const mca_cert *cert;
	mca_blob serial;
	int64_t authority; /* row number, 0: none */
	enum mca_origin origin;
	const struct mca_issuance *issuance;
	mca_time now;
};

static mca_code
fail_taken(const mca_cert *cert, struct mca_error *err)
{
	return mca_fail(err, MCA_EEXISTS,
	    "serial number %s is in the store already", mca_cert_serial(cert));
}

/*
 * The table keeps serial numbers unique for each issuer, since imported ones
 * begin at 1 everywhere; ours are unique in the whole store.
 */
static mca_code
check_serial(mca_store *store, const struct row *row, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool taken;
	mca_code code;

	if (row->origin != MCA_ORIGIN_ISSUED)
		return MCA_OK;
	code = mca_sql_query(&query, store->sql, "serial_taken", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_blob(query, ":serial", row->serial.bytes,
	    row->serial.length);
	code = mca_query_step(query, &taken, err);
	if (code != MCA_OK)
		return code;
	return taken ? fail_taken(row->cert, err) : MCA_OK;
}

static mca_code
add_issuer(mca_store *store, const struct row *row, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "issuer_add", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":issuer",
	    mca_name_text(mca_cert_issuer(row->cert)));
	return mca_query_run(query, err);
}

static void
bind_key(mca_query *query, const mca_spki *spki)
{
	if (spki == NULL) {
		mca_query_bind_text(query, ":key_algorithm", NULL);
		mca_query_bind_blob(query, ":key_sha256", NULL, 0);
		return;
	}
	mca_query_bind_text(query, ":key_algorithm", mca_spki_algorithm(spki));
	mca_query_bind_blob(query, ":key_sha256", mca_spki_sha256(spki),
	    MCA_SHA256_SIZE);
}

void
mca_store_bind_certificate(mca_query *query, const mca_cert *cert,
    const mca_blob *serial)
{
	mca_query_bind_blob(query, ":serial", serial->bytes, serial->length);
	mca_query_bind_text(query, ":issuer",
	    mca_name_text(mca_cert_issuer(cert)));
	mca_query_bind_int(query, ":is_ca", mca_cert_is_ca(cert));
	mca_query_bind_int(query, ":not_before", mca_cert_not_before(cert));
	mca_query_bind_int(query, ":not_after", mca_cert_not_after(cert));
	mca_query_bind_text(query, ":subject",
	    mca_name_text(mca_cert_subject(cert)));
	bind_key(query, mca_cert_spki(cert));
	mca_query_bind_blob(query, ":sha256", mca_cert_sha256(cert),
	    MCA_SHA256_SIZE);
}

static mca_code
add_row(mca_store *store, const struct row *row, struct mca_error *err)
{
	const mca_cert *cert = row->cert;
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "certificate_add", err);
	if (code != MCA_OK)
		return code;
	mca_store_bind_certificate(query, cert, &row->serial);
	mca_query_bind_id(query, ":authority", row->authority);
	mca_query_bind_text(query, ":origin",
	    row->origin == MCA_ORIGIN_ISSUED ? "issued" : "imported");
	mca_query_bind_int(query, ":now", row->now);
	mca_query_bind_text(query, ":policy", row->issuance->policy);
	mca_query_bind_id(query, ":renews", row->issuance->renews);
	code = mca_query_run(query, err);
	return code == MCA_EEXISTS ? fail_taken(cert, err) : code;
}

static mca_code
add_der(mca_store *store, int64_t id, const mca_cert *cert,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	const uint8_t *der;
	size_t length;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "der_add", err);
	if (code != MCA_OK)
		return code;
	der = mca_cert_der(cert, &length);
	mca_query_bind_int(query, ":certificate", id);
	mca_query_bind_blob(query, ":der", der, length);
	return mca_query_run(query, err);
}

static char *
reverse(const char *text)
{
	size_t length = strlen(text);
	char *out = malloc(length + 1);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < length; i++)
		out[i] = text[length - 1 - i];
	out[length] = '\0';
	return out;
}

static mca_code
take(mca_store_take_name *take_name, void *context, size_t position,
    const char *form, const char *text, struct mca_error *err)
{
	owned(char) *reversed = reverse(text);
	const struct mca_name_row name = { position, form, text, reversed };

	if (reversed == NULL)
		return mca_fail_memory(err);
	return take_name(context, &name, err);
}

static bool
is_alternative_name(const mca_san *san, const char *text)
{
	for (size_t i = 0; i < mca_san_count(san); i++) {
		if (strcasecmp(mca_san_at(san, i)->text, text) == 0)
			return true;
	}
	return false;
}

/* Common names, which mostly repeat an alternative name, follow these. */
static mca_code
each_common_name(const mca_cert *cert, mca_store_take_name *take_name,
    void *context, struct mca_error *err)
{
	const mca_name *subject = mca_cert_subject(cert);
	const mca_san *san = mca_cert_san(cert);
	size_t position = mca_san_count(san);
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < mca_name_count(subject); i++) {
		struct mca_attribute attribute = mca_name_at(subject, i);

		if (strcmp(attribute.type, "CN") == 0 &&
		    !is_alternative_name(san, attribute.value))
			code = take(take_name, context, position++,
			    "commonName", attribute.value, err);
	}
	return code;
}

mca_code
mca_store_each_name(const mca_cert *cert, mca_store_take_name *take_name,
    void *context, struct mca_error *err)
{
	const mca_san *san = mca_cert_san(cert);

	for (size_t i = 0; i < mca_san_count(san); i++) {
		const struct mca_san_name *name = mca_san_at(san, i);
		mca_code code = take(take_name, context, i,
		    mca_san_form_name(name->form), name->text, err);

		if (code != MCA_OK)
			return code;
	}
	return each_common_name(cert, take_name, context, err);
}

void
mca_store_bind_name(mca_query *query, int64_t certificate,
    const struct mca_name_row *name)
{
	mca_query_bind_int(query, ":certificate", certificate);
	mca_query_bind_int(query, ":position", (int64_t)name->position);
	mca_query_bind_text(query, ":form", name->form);
	mca_query_bind_text(query, ":text", name->text);
	mca_query_bind_text(query, ":reversed", name->reversed);
}

/* Where the names of a new row go. */
struct naming {
	mca_store *store;
	int64_t certificate;
};

static mca_code
add_name(void *context, const struct mca_name_row *name, struct mca_error *err)
{
	struct naming *naming = context;
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, naming->store->sql, "name_add", err);

	if (code != MCA_OK)
		return code;
	mca_store_bind_name(query, naming->certificate, name);
	return mca_query_run(query, err);
}

const char *
mca_label_flaw(const char *text)
{
	size_t length = strlen(text);

	if (length == 0)
		return "it is empty";
	if (length > MCA_LIMIT_LABEL)
		return "it is longer than 64 characters";
	if (!isalnum((unsigned char)*text))
		return "it does not begin with a letter or a digit";
	for (; *text != '\0'; text++)
		if (!isalnum((unsigned char)*text) &&
		    strchr("._:/=@+-", *text) == NULL)
			return "only letters, digits and . _ : / = @ + - are "
			       "for labels";
	return NULL;
}

static bool
is_repeated(const struct mca_issuance *issuance, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcasecmp(issuance->labels[i], issuance->labels[j]) == 0)
			return true;
	return false;
}

static mca_code
add_labels(mca_store *store, int64_t id, const struct mca_issuance *issuance,
    struct mca_error *err)
{
	for (size_t i = 0; i < issuance->label_count; i++) {
		owned(mca_query) *query = NULL;
		mca_code code;

		assert(mca_label_flaw(issuance->labels[i]) == NULL);
		if (is_repeated(issuance, i))
			continue;
		code = mca_sql_query(&query, store->sql, "label_add", err);
		if (code != MCA_OK)
			return code;
		mca_query_bind_text(query, ":text", issuance->labels[i]);
		mca_query_bind_int(query, ":certificate", id);
		code = mca_query_run(query, err);
		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

static mca_code
seal(mca_store *store, int64_t id, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql,
	    "seal_certificate+only_certificate", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", id);
	return mca_store_seal(store, query, err);
}

/* Each modulus once: the same key again shares its primes with itself. */
static mca_code
add_modulus(mca_store *store, int64_t id, const mca_spki *spki,
    struct mca_error *err)
{
	size_t count;
	mca_code code;

	if (spki == NULL || strncmp(mca_spki_algorithm(spki), "rsa", 3) != 0)
		return MCA_OK;
	code = mca_store_key_uses(store, spki, NULL, NULL, &count, err);
	if (code != MCA_OK || count > 1)
		return code;
	return mca_store_add_modulus(store, id, spki, err);
}

static mca_code
add(mca_store *store, int64_t *id, const struct row *row, struct mca_error *err)
{
	struct naming naming = { .store = store };
	mca_code code;

	code = check_serial(store, row, err);
	if (code != MCA_OK)
		return code;
	code = add_issuer(store, row, err);
	if (code != MCA_OK)
		return code;
	code = add_row(store, row, err);
	if (code != MCA_OK)
		return code;
	*id = mca_sql_inserted(store->sql);
	code = add_der(store, *id, row->cert, err);
	if (code != MCA_OK)
		return code;
	naming.certificate = *id;
	code = mca_store_each_name(row->cert, add_name, &naming, err);
	if (code == MCA_OK)
		code = add_labels(store, *id, row->issuance, err);
	if (code == MCA_OK)
		code = add_modulus(store, *id, mca_cert_spki(row->cert), err);
	if (code != MCA_OK)
		return code;
	return seal(store, *id, err);
}

static mca_code
add_as(mca_store *store, int64_t *id, const mca_cert *cert,
    enum mca_origin origin, const struct mca_issuance *issuance, mca_time now,
    struct mca_error *err)
{
	scoped(mca_blob) serial = { 0 };
	struct row row = {
		.cert = cert,
		.origin = origin,
		.issuance = issuance,
		.now = now,
	};
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	code = mca_store_authority_id(store, &row.authority,
	    issuance->authority, err);
	if (code != MCA_OK)
		return code;
	code = mca_serial_parse(&serial, mca_cert_serial(cert), err);
	if (code != MCA_OK)
		return code;
	row.serial = serial;
	return add(store, id, &row, err);
}

mca_code
mca_store_add(mca_store *store, int64_t *id, const mca_cert *cert,
    enum mca_origin origin, const char *authority, const char *policy,
    mca_time now, struct mca_error *err)
{
	const struct mca_issuance issuance = { .authority = authority,
		.policy = policy };

	return add_as(store, id, cert, origin, &issuance, now, err);
}

mca_code
mca_store_add_issued(mca_store *store, int64_t *id, const mca_cert *cert,
    const struct mca_issuance *issuance, mca_time now, struct mca_error *err)
{
	return add_as(store, id, cert, MCA_ORIGIN_ISSUED, issuance, now, err);
}

mca_code
mca_store_has(mca_store *store, bool *out, const uint8_t sha256[32],
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, store->sql, "certificate_known", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_blob(query, ":head", sha256, 4);
	mca_query_bind_blob(query, ":sha256", sha256, MCA_SHA256_SIZE);
	return mca_query_step(query, out, err);
}
