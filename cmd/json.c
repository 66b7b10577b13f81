/*
 * json.c - see json.h.
 */
#include "json.h"

#include "account.h"
#include "fail.h"

#include <minica/owned.h>

#include <malloc.h>
#include <string.h>

/* A document may hold a private key, in pieces of which jansson tells nothing.
 */
static void
cleanse_and_free(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

void
json_begin(void)
{
	json_set_alloc_funcs(malloc, cleanse_and_free);
}

void
json_put(json_t *object, const char *key, json_t *value)
{
	if (object == NULL)
		json_decref(value);
	else if (value == NULL || json_object_set_new(object, key, value) != 0)
		fail_memory();
}

void
json_append(json_t *array, json_t *value)
{
	if (array == NULL)
		json_decref(value);
	else if (value == NULL || json_array_append_new(array, value) != 0)
		fail_memory();
}

void
json_push(json_t *object, const char *key, json_t *value)
{
	if (object != NULL && json_object_get(object, key) == NULL)
		json_put(object, key, json_array());
	json_append(json_object_get(object, key), value);
}

json_t *
json_row(json_t *object, const char *key)
{
	json_t *row;

	if (object == NULL)
		return NULL;
	row = json_object();
	json_push(object, key, row);
	return row;
}

json_t *
json_text(const char *text)
{
	scoped(mca_text) escaped = { 0 };
	json_t *string = json_string(text);

	if (string != NULL)
		return string;
	mca_text_escape(&escaped, text, strlen(text));
	return json_string(mca_text_get(&escaped));
}

json_t *
json_bytes(const mca_blob *bytes)
{
	return json_stringn((const char *)bytes->bytes, bytes->length);
}

/* What no certificate may hold, an undecodable time, is null. */
json_t *
json_time(mca_time time)
{
	if (time == INT64_MIN || time == INT64_MAX)
		return json_null();
	return json_string(MCA_TIME(time));
}

json_t *
json_hex(const uint8_t *bytes, size_t length)
{
	scoped(mca_text) hex = { 0 };

	mca_text_hex(&hex, bytes, length);
	return json_string(mca_text_get(&hex));
}

/* Absent rather than null or empty. */
static void
put_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_put(object, key, json_text(text));
}

json_t *
json_error(const struct mca_error *err)
{
	json_t *object = json_object();

	json_put(object, "code", json_text(mca_code_name(err->code)));
	json_put(object, "exit", json_integer(exit_status(err->code)));
	json_put(object, "message", json_text(err->text));
	return object;
}

/* "apple, go" becomes an array of names. */
void
json_put_clients(json_t *object, const char *names)
{
	while (*names != '\0') {
		size_t length = strcspn(names, ",");

		json_push(object, "clients", json_stringn(names, length));
		names += length + strspn(names + length, ", ");
	}
}

static json_t *
finding(const struct mca_finding *row)
{
	json_t *object = json_object();

	json_put(object, "severity",
	    json_text(mca_severity_name(row->severity)));
	json_put(object, "rule", json_text(row->rule));
	if (row->depth != MCA_NO_DEPTH)
		json_put(object, "depth", json_integer(row->depth));
	put_text(object, "source", row->source);
	put_text(object, "field", row->field);
	put_text(object, "detail", row->detail);
	put_text(object, "found", row->found);
	put_text(object, "wanted", row->wanted);
	json_put_clients(object, row->clients);
	put_text(object, "hint", row->hint);
	return object;
}

json_t *
json_findings(const mca_findings *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_append(array, finding(&list->rows[i]));
	return array;
}

static json_t *
san(const mca_san *names)
{
	json_t *array = json_array();

	for (size_t i = 0; i < mca_san_count(names); i++) {
		const struct mca_san_name *name = mca_san_at(names, i);
		json_t *object = json_object();

		json_put(object, "form",
		    json_text(mca_san_form_name(name->form)));
		json_put(object, "name", json_text(name->text));
		put_text(object, "unicode", name->unicode);
		put_text(object, "flaw", name->flaw);
		json_append(array, object);
	}
	return array;
}

static json_t *
review_row(const struct mca_review_row *row)
{
	json_t *object = json_object();

	json_put(object, "decision",
	    json_text(mca_decision_name(row->decision)));
	json_put(object, "field", json_text(row->field));
	put_text(object, "asked", row->asked);
	put_text(object, "written", row->written);
	put_text(object, "unicode", row->unicode);
	put_text(object, "because", row->because);
	return object;
}

json_t *
json_review(const mca_review *review)
{
	json_t *object = json_object();
	bool refused = mca_findings_worst(&review->findings) == MCA_ERROR;
	json_t *rows = json_array();

	for (size_t i = 0; i < review->count; i++)
		json_append(rows, review_row(&review->rows[i]));
	json_put(object, "accepted", json_boolean(!refused && !review->lost));
	json_put(object, "fields", rows);
	json_put(object, "findings", json_findings(&review->findings));
	if (refused)
		return object;
	json_put(object, "not_before", json_time(review->not_before));
	json_put(object, "not_after", json_time(review->not_after));
	return object;
}

json_t *
json_spki(const mca_spki *spki)
{
	scoped(mca_findings) weak = { 0 };
	json_t *object = json_object();

	json_put(object, "algorithm", json_text(mca_spki_algorithm(spki)));
	json_put(object, "bits", json_integer(mca_spki_bits(spki)));
	json_put(object, "sha256",
	    json_hex(mca_spki_sha256(spki), MCA_SHA256_SIZE));
	json_put(object, "key_id",
	    json_hex(mca_spki_key_id(spki), MCA_KEY_ID_SIZE));
	mca_weak_check(&weak, spki, MCA_WEAK_ANY);
	json_put(object, "weak", json_findings(&weak));
	return object;
}

static json_t *
extension(const struct mca_cert_extension *row, const mca_text *value)
{
	json_t *object = json_object();

	json_put(object, "oid", json_text(row->oid));
	json_put(object, "name", json_text(row->name));
	json_put(object, "critical", json_boolean(row->critical));
	put_text(object, "value", mca_text_get(value));
	return object;
}

static json_t *
cert_extensions(const mca_cert *cert)
{
	json_t *array = json_array();

	for (size_t i = 0; i < mca_cert_extension_count(cert); i++) {
		scoped(mca_text) value = { 0 };
		struct mca_cert_extension row;

		mca_cert_extension_at(&row, cert, i);
		mca_cert_extension_text(&value, cert, i);
		json_append(array, extension(&row, &value));
	}
	return array;
}

static void
put_usages(json_t *object, const mca_cert *cert)
{
	bool ca = mca_cert_is_ca(cert);
	long path_len = mca_cert_path_len(cert);

	json_put(object, "ca", json_boolean(ca));
	if (path_len >= 0)
		json_put(object, "path_len", json_integer(path_len));
	put_text(object, "key_usage", mca_cert_key_usage(cert));
	put_text(object, "ext_key_usage", mca_cert_ext_key_usage(cert));
	put_text(object, "subject_key_id", mca_cert_ski(cert));
	put_text(object, "authority_key_id", mca_cert_aki(cert));
}

json_t *
json_cert(const mca_cert *cert)
{
	json_t *object = json_object();

	json_put(object, "kind", json_text("certificate"));
	json_put(object, "version", json_integer(mca_cert_version(cert)));
	json_put(object, "serial", json_text(mca_cert_serial(cert)));
	json_put(object, "subject",
	    json_text(mca_name_text(mca_cert_subject(cert))));
	json_put(object, "issuer",
	    json_text(mca_name_text(mca_cert_issuer(cert))));
	json_put(object, "not_before", json_time(mca_cert_not_before(cert)));
	json_put(object, "not_after", json_time(mca_cert_not_after(cert)));
	json_put(object, "names", san(mca_cert_san(cert)));
	if (mca_cert_spki(cert) != NULL)
		json_put(object, "key", json_spki(mca_cert_spki(cert)));
	put_usages(object, cert);
	json_put(object, "signature_algorithm",
	    json_text(mca_cert_signature_algorithm(cert)));
	json_put(object, "sha256",
	    json_hex(mca_cert_sha256(cert), MCA_SHA256_SIZE));
	json_put(object, "extensions", cert_extensions(cert));
	return object;
}

static json_t *
csr_extensions(const mca_csr *csr)
{
	json_t *array = json_array();

	for (size_t i = 0; i < mca_csr_extension_count(csr); i++) {
		const struct mca_csr_extension *row =
		    mca_csr_extension_at(csr, i);
		json_t *object = json_object();

		json_put(object, "oid", json_text(row->oid));
		json_put(object, "name", json_text(row->name));
		json_put(object, "critical", json_boolean(row->critical));
		put_text(object, "asks", row->asks);
		json_append(array, object);
	}
	return array;
}

json_t *
json_csr(const mca_csr *csr)
{
	json_t *object = json_object();

	json_put(object, "kind", json_text("request"));
	json_put(object, "subject",
	    json_text(mca_name_text(mca_csr_subject(csr))));
	json_put(object, "names", san(mca_csr_san(csr)));
	json_put(object, "key", json_spki(mca_csr_spki(csr)));
	json_put(object, "signature_algorithm",
	    json_text(mca_csr_signature_algorithm(csr)));
	json_put(object, "extensions", csr_extensions(csr));
	return object;
}

static json_t *
crl_extensions(const mca_crl *crl)
{
	json_t *array = json_array();

	for (size_t i = 0; i < mca_crl_extension_count(crl); i++) {
		scoped(mca_text) value = { 0 };
		struct mca_cert_extension row;

		mca_crl_extension_at(&row, crl, i);
		mca_crl_extension_text(&value, crl, i);
		json_append(array, extension(&row, &value));
	}
	return array;
}

/* The first of them; "revoked" says how many there are. */
static json_t *
crl_entries(const mca_crl *crl)
{
	json_t *array = json_array();

	for (size_t i = 0; i < mca_crl_count(crl) && i < ACCOUNT_ENTRIES; i++) {
		json_t *object = json_object();
		struct mca_revoked entry;

		mca_crl_revoked_at(&entry, crl, i);
		json_put(object, "serial", json_text(entry.serial));
		json_put(object, "revoked", json_time(entry.revoked));
		put_text(object, "reason", entry.reason);
		json_append(array, object);
	}
	return array;
}

json_t *
json_crl(const mca_crl *crl)
{
	json_t *object = json_object();

	json_put(object, "kind", json_text("crl"));
	json_put(object, "issuer",
	    json_text(mca_name_text(mca_crl_issuer(crl))));
	put_text(object, "number", mca_crl_number(crl));
	json_put(object, "this_update", json_time(mca_crl_this_update(crl)));
	json_put(object, "next_update", json_time(mca_crl_next_update(crl)));
	json_put(object, "extensions", crl_extensions(crl));
	json_put(object, "signature_algorithm",
	    json_text(mca_crl_signature_algorithm(crl)));
	json_put(object, "revoked",
	    json_integer((json_int_t)mca_crl_count(crl)));
	json_put(object, "entries", crl_entries(crl));
	return object;
}

/* The store keeps names as "form:name form:name". */
static json_t *
record_names(const char *names)
{
	json_t *array = json_array();

	while (*names != '\0') {
		size_t length = strcspn(names, " ");
		const char *colon = memchr(names, ':', length);

		if (colon != NULL) {
			json_t *object = json_object();
			size_t form = (size_t)(colon - names);

			json_put(object, "form", json_stringn(names, form));
			json_put(object, "name",
			    json_stringn(colon + 1, length - form - 1));
			json_append(array, object);
		}
		names += length + (names[length] == ' ');
	}
	return array;
}

static json_t *
record_labels(const char *labels)
{
	json_t *array = json_array();

	while (*labels != '\0') {
		size_t length = strcspn(labels, " ");

		json_append(array, json_stringn(labels, length));
		labels += length + (labels[length] == ' ');
	}
	return array;
}

json_t *
json_record(const struct mca_record *record, mca_time now)
{
	json_t *object = json_object();

	json_put(object, "serial", json_text(record->serial));
	json_put(object, "sha256", json_text(record->sha256));
	json_put(object, "status", json_text(record_status(record, now)));
	json_put(object, "subject", json_text(record->subject));
	json_put(object, "issuer", json_text(record->issuer));
	json_put(object, "names", record_names(record->names));
	json_put(object, "not_before", json_time(record->not_before));
	json_put(object, "not_after", json_time(record->not_after));
	json_put(object, "recorded", json_time(record->recorded));
	json_put(object, "origin",
	    json_text(
		record->origin == MCA_ORIGIN_ISSUED ? "issued" : "imported"));
	json_put(object, "ca", json_boolean(record->is_ca));
	if (*record->labels != '\0')
		json_put(object, "labels", record_labels(record->labels));
	put_text(object, "authority", record->authority);
	put_text(object, "policy", record->policy);
	json_put(object, "key_algorithm", json_text(record->key_algorithm));
	json_put(object, "key_sha256", json_text(record->key_sha256));
	if (record->revoked != 0)
		json_put(object, "revoked", json_time(record->revoked));
	put_text(object, "reason", record->reason);
	return object;
}

json_t *
json_anchor(const struct mca_anchor *anchor)
{
	json_t *object = json_object();

	json_put(object, "sha256", json_text(anchor->sha256));
	json_put(object, "subject", json_text(anchor->subject));
	json_put(object, "origin", json_text(anchor->origin));
	json_put(object, "not_after", json_time(anchor->not_after));
	json_put(object, "added", json_time(anchor->added));
	return object;
}
