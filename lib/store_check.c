/*
 * store_check.c - does what is in the file agree with itself?
 *
 * SQLite checks its own pages; the columns of a certificate are compared with
 * its bytes, and every row with what the audit log says of it.
 */
#include "store.h"

#include "minica/digest.h"
#include "minica/limits.h"

#include <stdio.h>
#include <string.h>

static mca_code
complain(const struct mca_store_check *check, enum mca_store_fault fault,
    const char *object, const char *text, struct mca_error *err)
{
	return check->each(check->context, fault, object, text, err);
}

/* Bytes that cannot be parsed are a fault, unless memory was short. */
static mca_code
complain_unread(const struct mca_store_check *check, enum mca_store_fault fault,
    const char *object, const struct mca_error *why, struct mca_error *err)
{
	if (why->code != MCA_ESYSTEM)
		return complain(check, fault, object, why->text, err);
	*err = *why;
	return err->code;
}

/* ---- pages and references ---- */

static mca_code
check_pages(mca_store *store, const struct mca_store_check *check,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, "check_pages", err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		const char *text = mca_query_text(query, "text");

		if (mca_sql_was_unread(text))
			return mca_fail(err, MCA_ESYSTEM, "%s: %s",
			    mca_sql_path(store->sql), MCA_SHOW_TEXT(text));
		if (strcmp(text, "ok") != 0)
			code = complain(check, MCA_FAULT_PAGES, "",
			    MCA_SHOW_TEXT(text), err);
	}
	return code;
}

static mca_code
complain_missing(void *context, const char *type, const char *name,
    struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	mca_store_missing_say(&text, type, name);
	return text.failed
	    ? mca_fail_memory(err)
	    : complain(context, MCA_FAULT_SCHEMA, "", mca_text_get(&text), err);
}

static mca_code
check_references(mca_store *store, const struct mca_store_check *check,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code =
	    mca_sql_query(&query, store->sql, "check_references", err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		char text[200];

		(void)snprintf(text, sizeof(text),
		    "row %lld of %s refers to a row of %s that is not there",
		    (long long)mca_query_int(query, "row"),
		    MCA_SHOW_TEXT(mca_query_text(query, "child")),
		    MCA_SHOW_TEXT(mca_query_text(query, "parent")));
		code = complain(check, MCA_FAULT_REFERENCE, "", text, err);
	}
	return code;
}

/* ---- certificates against their bytes ---- */

/* One row of `certificate` under examination. */
struct examined {
	mca_store *store;
	const struct mca_store_check *check;
	const mca_cert *cert;
	const char *serial; /* as the row has it */
	int64_t id;
	size_t names;
};

static mca_code
differs(const struct examined *x, const char *what, struct mca_error *err)
{
	char text[200];

	(void)snprintf(text, sizeof(text),
	    "row %lld: %s is not what the certificate itself says",
	    (long long)x->id, what);
	return complain(x->check, MCA_FAULT_CERTIFICATE, x->serial, text, err);
}

static mca_code
compare_columns(const struct examined *x, struct mca_error *err)
{
	static const char *const columns[] = { "serial", "issuer", "subject",
		"is_ca", "not_before", "not_after", "key_algorithm",
		"key_sha256", "sha256" };
	scoped(mca_blob) serial = { 0 };
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code;

	if ((code = mca_serial_parse(&serial, mca_cert_serial(x->cert), err)) !=
		MCA_OK ||
	    (code = mca_sql_query(&query, x->store->sql, "certificate_agrees",
		 err)) != MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", x->id);
	mca_store_bind_certificate(query, x->cert, &serial);
	code = mca_query_step(query, &row, err);
	for (size_t i = 0;
	     code == MCA_OK && row && i < sizeof(columns) / sizeof(columns[0]);
	     i++)
		if (mca_query_int(query, columns[i]) == 0)
			code = differs(x, columns[i], err);
	return code;
}

static mca_code
compare_name(void *context, const struct mca_name_row *name,
    struct mca_error *err)
{
	struct examined *x = context;
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code =
	    mca_sql_query(&query, x->store->sql, "name_agrees", err);

	if (code != MCA_OK)
		return code;
	x->names++;
	mca_store_bind_name(query, x->id, name);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK || row)
		return code;
	return differs(x, "a name", err);
}

static mca_code
compare_names(struct examined *x, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code = mca_store_each_name(x->cert, compare_name, x, err);

	if (code != MCA_OK)
		return code;
	if ((code = mca_sql_query(&query, x->store->sql, "name_count", err)) !=
	    MCA_OK)
		return code;
	mca_query_bind_int(query, ":certificate", x->id);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK || (size_t)mca_query_int(query, "count") == x->names)
		return code;
	return differs(x, "the number of names", err);
}

static mca_code
check_certificate(struct examined *x, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;
	struct mca_error bad;
	mca_code code;

	if (der == NULL)
		return complain(x->check, MCA_FAULT_CERTIFICATE, x->serial,
		    "its bytes are not there", err);
	if (mca_cert_parse(&cert, der, length, &bad) != MCA_OK)
		return complain_unread(x->check, MCA_FAULT_CERTIFICATE,
		    x->serial, &bad, err);
	x->cert = cert;
	code = compare_columns(x, err);
	return code == MCA_OK ? compare_names(x, err) : code;
}

static mca_code
check_certificates(mca_store *store, const struct mca_store_check *check,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code =
	    mca_sql_query(&query, store->sql, "certificates_whole", err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		struct examined x = { .store = store, .check = check };
		size_t length;
		const uint8_t *der = mca_query_blob(query, "der", &length);

		x.id = mca_query_int(query, "id");
		x.serial = mca_query_text(query, "serial");
		code = mca_query_check(query, err);
		if (code == MCA_OK)
			code = check_certificate(&x, der, length, err);
	}
	return code;
}

/* ---- trust anchors against their bytes ---- */

static mca_code
check_anchor(void *context, const struct mca_anchor *anchor,
    struct mca_error *err)
{
	const struct mca_store_check *check = context;
	owned(mca_cert) *cert = NULL;
	scoped(mca_text) sha256 = { 0 };
	struct mca_error bad;

	if (mca_cert_parse(&cert, anchor->der, anchor->der_length, &bad) !=
	    MCA_OK)
		return complain_unread(check, MCA_FAULT_ANCHOR, anchor->sha256,
		    &bad, err);
	mca_text_hex(&sha256, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	if (sha256.failed)
		return mca_fail_memory(err);
	if (strcmp(mca_text_get(&sha256), anchor->sha256) == 0 &&
	    strcmp(mca_name_text(mca_cert_subject(cert)), anchor->subject) ==
		0 &&
	    mca_cert_not_after(cert) == anchor->not_after)
		return MCA_OK;
	return complain(check, MCA_FAULT_ANCHOR, anchor->sha256,
	    "its row is not what the certificate itself says", err);
}

/* ---- rows against the audit log ---- */

/* A hash of the log, and the entry that carried it last. */
struct seal {
	uint8_t hash[MCA_SHA256_SIZE];
	int64_t number;
	bool seen;
};

typedef struct seals {
	struct seal *rows;
	size_t count, capacity;
} seals;

static void
seals_clear(seals *list)
{
	free(list->rows);
}
MCA_SCOPED(seals, seals_clear)

static mca_code
add_seal(seals *list, const uint8_t *hash, int64_t number,
    struct mca_error *err)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity * 2 + 64;
		struct seal *rows =
		    reallocarray(list->rows, capacity, sizeof(*rows));

		if (rows == NULL)
			return mca_fail_memory(err);
		list->rows = rows;
		list->capacity = capacity;
	}
	list->rows[list->count] = (struct seal){ .number = number };
	memcpy(list->rows[list->count++].hash, hash, MCA_SHA256_SIZE);
	return MCA_OK;
}

static mca_code
read_seals(seals *list, mca_store *store, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, "audit_rows", err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		int64_t number = mca_query_int(query, "number");
		size_t length;
		const uint8_t *rows = mca_query_blob(query, "rows", &length);

		code = mca_query_check(query, err);
		for (size_t at = 0;
		     code == MCA_OK && at + MCA_SHA256_SIZE <= length;
		     at += MCA_SHA256_SIZE)
			code = add_seal(list, rows + at, number, err);
	}
	return code;
}

static int
by_hash(const void *a, const void *b)
{
	const struct seal *x = a, *y = b;
	int order = memcmp(x->hash, y->hash, sizeof(x->hash));

	return order != 0 ? order
			  : (x->number > y->number) - (x->number < y->number);
}

/* Keeps what is there an odd number of times: rows that came and stayed. */
static void
cancel_pairs(seals *list)
{
	size_t kept = 0, run;

	if (list->count == 0)
		return;
	qsort(list->rows, list->count, sizeof(*list->rows), by_hash);
	for (size_t i = 0; i < list->count; i += run) {
		const struct seal *first = &list->rows[i];

		for (run = 1; i + run < list->count &&
		     memcmp(first->hash, first[run].hash,
			 sizeof(first->hash)) == 0;)
			run++;
		if (run % 2 == 1)
			list->rows[kept++] = first[run - 1];
	}
	list->count = kept;
}

static struct seal *
find_seal(const seals *list, const uint8_t hash[MCA_SHA256_SIZE])
{
	struct seal wanted;
	size_t low = 0, high = list->count;

	memcpy(wanted.hash, hash, MCA_SHA256_SIZE);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = memcmp(list->rows[middle].hash, wanted.hash,
		    MCA_SHA256_SIZE);

		if (order == 0)
			return &list->rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static mca_code
match_row(const seals *list, mca_query *query,
    const struct mca_store_check *check, struct mca_error *err)
{
	uint8_t hash[MCA_SHA256_SIZE];
	struct seal *seal;
	char text[200];
	mca_code code = mca_store_seal_hash(hash, query, err);

	if (code != MCA_OK)
		return code;
	seal = find_seal(list, hash);
	if (seal != NULL) {
		seal->seen = true;
		return MCA_OK;
	}
	(void)snprintf(text, sizeof(text),
	    "this row of %s is not as any audit entry recorded it: it was "
	    "changed or slipped in",
	    mca_query_text(query, "table"));
	return complain(check, MCA_FAULT_SEAL, mca_query_text(query, "object"),
	    text, err);
}

static mca_code
match_table(const seals *list, mca_store *store, const char *name,
    const struct mca_store_check *check, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, name, err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row)
		code = match_row(list, query, check, err);
	return code;
}

static mca_code
tell_lost(mca_store *store, const struct seal *seal,
    const struct mca_store_check *check, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	char text[300];
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "audit_at", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":number", seal->number);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	(void)snprintf(text, sizeof(text),
	    "audit entry %lld (%s) recorded a row that is not there as it was: "
	    "it was changed or removed",
	    (long long)seal->number,
	    row ? MCA_SHOW_TEXT(mca_query_text(query, "action")) : "");
	return complain(check, MCA_FAULT_SEAL,
	    row ? mca_query_text(query, "object") : "", text, err);
}

static mca_code
check_seals(mca_store *store, const struct mca_store_check *check,
    struct mca_error *err)
{
	static const char *const tables[] = { "seal_certificate",
		"seal_authority", "seal_revocation", "seal_crl",
		"seal_trust_anchor", "seal_rollover" };
	scoped(seals) list = { 0 };
	mca_code code = read_seals(&list, store, err);

	if (code != MCA_OK)
		return code;
	cancel_pairs(&list);
	for (size_t i = 0;
	     code == MCA_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
		code = match_table(&list, store, tables[i], check, err);
	for (size_t i = 0; code == MCA_OK && i < list.count; i++)
		if (!list.rows[i].seen)
			code = tell_lost(store, &list.rows[i], check, err);
	return code;
}

bool
mca_store_is_damaged(const mca_store *store)
{
	return mca_sql_is_damaged(store->sql);
}

mca_code
mca_store_check(mca_store *store, enum mca_store_fault what,
    const struct mca_store_check *check, struct mca_error *err)
{
	struct mca_store_check lent = *check;

	switch (what) {
	case MCA_FAULT_PAGES:
		return check_pages(store, check, err);
	case MCA_FAULT_SCHEMA:
		return mca_store_each_missing(store, complain_missing, &lent,
		    err);
	case MCA_FAULT_REFERENCE:
		return check_references(store, check, err);
	case MCA_FAULT_CERTIFICATE:
		return check_certificates(store, check, err);
	case MCA_FAULT_ANCHOR:
		return mca_store_anchors(store, check_anchor, &lent, err);
	case MCA_FAULT_SEAL:
		return check_seals(store, check, err);
	}
	return MCA_OK;
}
