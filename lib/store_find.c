/*
 * store_find.c - the certificates that an identifier may mean.
 */
#include "store.h"

#include "minica/text.h"

#include <string.h>

#define FINGERPRINT_DIGITS (2 * MCA_SHA256_SIZE)
#define FINGERPRINT_LEAST 8 /* four bytes: what the index holds */

static void
read_record(struct mca_record *record, mca_query *query)
{
	*record = (struct mca_record){
		.id = mca_query_int(query, "id"),
		.serial = mca_query_text(query, "serial"),
		.sha256 = mca_query_text(query, "sha256"),
		.subject = mca_query_shown(query, "subject"),
		.issuer = mca_query_shown(query, "issuer"),
		.names = mca_query_shown(query, "names"),
		.labels = mca_query_shown(query, "labels"),
		.authority = mca_query_shown(query, "authority"),
		.policy = mca_query_shown(query, "policy"),
		.key_algorithm = mca_query_shown(query, "key_algorithm"),
		.key_sha256 = mca_query_text(query, "key_sha256"),
		.origin = mca_query_int(query, "imported") != 0
		    ? MCA_ORIGIN_IMPORTED
		    : MCA_ORIGIN_ISSUED,
		.is_ca = mca_query_int(query, "is_ca") != 0,
		.not_before = mca_query_int(query, "not_before"),
		.not_after = mca_query_int(query, "not_after"),
		.recorded = mca_query_int(query, "recorded"),
		.renews = mca_query_int(query, "renews"),
		.renewed = mca_query_int(query, "renewed") != 0,
		.revoked = mca_query_int(query, "revoked"),
		.reason = mca_query_shown(query, "reason"),
	};
	record->der = mca_query_blob(query, "der", &record->der_length);
}

mca_code
mca_store_walk(mca_query *query, size_t *count, mca_store_each *each,
    void *context, struct mca_error *err)
{
	*count = 0;
	for (;;) {
		struct mca_record record;
		bool row;
		mca_code code = mca_query_step(query, &row, err);

		if (code != MCA_OK || !row)
			return code;
		read_record(&record, query);
		code = mca_query_check(query, err);
		if (code == MCA_OK)
			code = each(context, &record, err);
		if (code != MCA_OK)
			return code;
		++*count;
	}
}

/* The fingerprints that begin with the digits given. */
struct range {
	uint8_t low[MCA_SHA256_SIZE], high[MCA_SHA256_SIZE];
	bool any;
};

static void
fingerprint_range(struct range *range, const char *text)
{
	char low[FINGERPRINT_DIGITS + 1], high[FINGERPRINT_DIGITS + 1];
	size_t count = mca_hex_digits(low, sizeof(low), text);

	if (count < FINGERPRINT_LEAST)
		return;
	memcpy(high, low, sizeof(high));
	memset(low + count, '0', FINGERPRINT_DIGITS - count);
	memset(high + count, 'f', FINGERPRINT_DIGITS - count);
	low[FINGERPRINT_DIGITS] = high[FINGERPRINT_DIGITS] = '\0';
	range->any = mca_text_unhex(range->low, MCA_SHA256_SIZE, low) &&
	    mca_text_unhex(range->high, MCA_SHA256_SIZE, high);
}

static void
bind_range(mca_query *query, const struct range *range)
{
	if (!range->any)
		return; /* NULLs, which nothing equals */
	mca_query_bind_blob(query, ":head", range->low, FINGERPRINT_LEAST / 2);
	mca_query_bind_blob(query, ":low", range->low, MCA_SHA256_SIZE);
	mca_query_bind_blob(query, ":high", range->high, MCA_SHA256_SIZE);
}

/* normal_form makes what a person wrote a name, or NULL if it is none. */
static mca_code
normal_form(mca_san **san, const char *text, struct mca_error *err)
{
	struct mca_error bad;
	mca_code code = mca_san_new(san, &text, 1, &bad);

	if (code == MCA_OK || code == MCA_EUSAGE)
		return MCA_OK;
	*err = bad;
	return code;
}

mca_code
mca_store_find(mca_store *store, const char *id, mca_store_each *each,
    void *context, size_t *count, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	owned(mca_san) *san = NULL;
	scoped(mca_blob) serial = { 0 };
	struct range range = { 0 };
	mca_code code;

	code = mca_serial_parse(&serial, id, err);
	if (code != MCA_OK)
		return code;
	code = normal_form(&san, id, err);
	if (code != MCA_OK)
		return code;
	fingerprint_range(&range, id);

	code = mca_sql_query(&query, store->sql, "record+with_any_id+by_newest",
	    err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_blob(query, ":serial", serial.bytes, serial.length);
	bind_range(query, &range);
	mca_query_bind_text(query, ":text", id);
	if (san != NULL)
		mca_query_bind_text(query, ":normal", mca_san_at(san, 0)->text);
	return mca_store_walk(query, count, each, context, err);
}

mca_code
mca_store_get(mca_store *store, int64_t id, mca_store_each *each, void *context,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	size_t count = 0;
	mca_code code =
	    mca_sql_query(&query, store->sql, "record+with_id", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", id);
	code = mca_store_walk(query, &count, each, context, err);
	if (code == MCA_OK && count == 0)
		return mca_fail(err, MCA_ENOTFOUND,
		    "the store has no certificate row %lld", (long long)id);
	return code;
}
