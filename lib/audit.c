/*
 * audit.c - see minica/audit.h.
 *
 * The hash of an entry is the SHA-256 of these fields, each after its length
 * as eight big-endian bytes, numbers as eight bytes too:
 *
 *	"minica audit 1", hash of the entry before (32 zeros for the first),
 *	number, at, actor, action, object, detail
 *
 * Lengths keep text from moving between fields, the number and the hash
 * before keep entries from moving in the log.  Nothing here is secret: who can
 * write the file can compute a whole new chain, and who cuts off its end
 * leaves a shorter one that fits.  Only a hash kept elsewhere shows that.
 */
#include "minica/audit.h"

#include "minica/digest.h"
#include "store.h"

#include <assert.h>
#include <string.h>

#define DOMAIN "minica audit 1"

/* An entry as bytes: what was put into a text may hold a NUL. */
struct field {
	const uint8_t *bytes;
	size_t length;
};

enum { ACTOR, ACTION, OBJECT, DETAIL, FIELDS };
static const char *const columns[FIELDS] = {
	[ACTOR] = "actor",
	[ACTION] = "action",
	[OBJECT] = "object",
	[DETAIL] = "detail",
};

static void
add_field(mca_text *out, const void *bytes, size_t length)
{
	uint8_t size[8];

	for (size_t i = 0; i < sizeof(size); i++)
		size[i] = (uint8_t)((uint64_t)length >> (56 - 8 * i));
	mca_text_add(out, (const char *)size, sizeof(size));
	if (length != 0)
		mca_text_add(out, bytes, length);
}

static void
add_number(mca_text *out, int64_t number)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
	add_field(out, bytes, sizeof(bytes));
}

static mca_code
hash_entry(uint8_t hash[MCA_SHA256_SIZE], const uint8_t before[MCA_SHA256_SIZE],
    int64_t number, mca_time at, const struct field fields[FIELDS],
    struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	add_field(&text, DOMAIN, sizeof(DOMAIN) - 1);
	add_field(&text, before, MCA_SHA256_SIZE);
	add_number(&text, number);
	add_number(&text, at);
	for (int i = 0; i < FIELDS; i++)
		add_field(&text, fields[i].bytes, fields[i].length);
	if (text.failed)
		return mca_fail_memory(err);
	return mca_sha256(hash, text.bytes, text.length, err);
}

/* last_entry leaves number and hash 0 when the log is empty. */
static mca_code
last_entry(mca_store *store, int64_t *number, uint8_t hash[MCA_SHA256_SIZE],
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	const uint8_t *bytes;
	size_t length;
	bool row;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "audit_last", err);
	if (code != MCA_OK)
		return code;
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK || !row)
		return code;
	*number = mca_query_int(query, "number");
	bytes = mca_query_blob(query, "hash", &length);
	if (length == MCA_SHA256_SIZE)
		memcpy(hash, bytes, length);
	return mca_query_check(query, err);
}

static mca_code
insert(mca_store *store, const struct mca_audit_entry *entry, int64_t number,
    const uint8_t hash[MCA_SHA256_SIZE], struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "audit_add", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":number", number);
	mca_query_bind_int(query, ":at", entry->at);
	mca_query_bind_text(query, ":actor", entry->actor);
	mca_query_bind_text(query, ":action", entry->action);
	mca_query_bind_text(query, ":object", entry->object);
	mca_query_bind_text(query, ":detail", entry->detail);
	mca_query_bind_blob(query, ":hash", hash, MCA_SHA256_SIZE);
	return mca_query_run(query, err);
}

static struct field
text_field(const char *text)
{
	return (struct field){ (const uint8_t *)text, strlen(text) };
}

mca_code
mca_audit_add(mca_store *store, const struct mca_audit_entry *entry,
    struct mca_error *err)
{
	uint8_t before[MCA_SHA256_SIZE] = { 0 }, hash[MCA_SHA256_SIZE];
	const struct field fields[FIELDS] = {
		[ACTOR] = text_field(entry->actor),
		[ACTION] = text_field(entry->action),
		[OBJECT] = text_field(entry->object),
		[DETAIL] = text_field(entry->detail),
	};
	int64_t last = 0;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	code = last_entry(store, &last, before, err);
	if (code != MCA_OK)
		return code;
	code = hash_entry(hash, before, last + 1, entry->at, fields, err);
	if (code != MCA_OK)
		return code;
	return insert(store, entry, last + 1, hash, err);
}

static void
read_entry(struct mca_audit_entry *entry, mca_query *query)
{
	*entry = (struct mca_audit_entry){
		.number = mca_query_int(query, "number"),
		.at = mca_query_int(query, "at"),
		.actor = mca_query_text(query, "actor"),
		.action = mca_query_text(query, "action"),
		.object = mca_query_text(query, "object"),
		.detail = mca_query_text(query, "detail"),
		.hash = mca_query_text(query, "hash"),
	};
}

mca_code
mca_audit_list(mca_store *store, mca_audit_each *each, void *context,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "audit_all", err);
	while (code == MCA_OK) {
		struct mca_audit_entry entry;
		bool row;

		code = mca_query_step(query, &row, err);
		if (code != MCA_OK || !row)
			return code;
		read_entry(&entry, query);
		code = mca_query_check(query, err);
		if (code == MCA_OK)
			code = each(context, &entry, err);
	}
	return code;
}

/* fits compares one row with what must follow `before`, which it replaces. */
static mca_code
fits(bool *out, mca_query *query, int64_t number,
    uint8_t before[MCA_SHA256_SIZE], struct mca_error *err)
{
	struct field fields[FIELDS];
	uint8_t hash[MCA_SHA256_SIZE], stored[MCA_SHA256_SIZE];
	mca_code code;

	for (int i = 0; i < FIELDS; i++)
		fields[i].bytes =
		    mca_query_blob(query, columns[i], &fields[i].length);
	code = mca_query_check(query, err);
	if (code != MCA_OK)
		return code;
	code = hash_entry(hash, before, number, mca_query_int(query, "at"),
	    fields, err);
	if (code != MCA_OK)
		return code;
	*out = mca_query_int(query, "number") == number &&
	    mca_text_unhex(stored, sizeof(stored),
		mca_query_text(query, "hash")) &&
	    memcmp(stored, hash, sizeof(hash)) == 0;
	memcpy(before, hash, sizeof(hash));
	return mca_query_check(query, err);
}

mca_code
mca_audit_verify(mca_store *store, int64_t *broken, int64_t *count,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	uint8_t before[MCA_SHA256_SIZE] = { 0 };
	mca_code code;

	*broken = 0;
	*count = 0;
	code = mca_sql_query(&query, store->sql, "audit_all", err);
	while (code == MCA_OK) {
		bool row, good;

		code = mca_query_step(query, &row, err);
		if (code != MCA_OK || !row)
			return code;
		++*count;
		code = fits(&good, query, *count, before, err);
		if (code == MCA_OK && !good && *broken == 0)
			*broken = *count;
	}
	return code;
}
