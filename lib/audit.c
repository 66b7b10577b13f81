/*
 * audit.c - see minica/audit.h.
 *
 * The hash of an entry is the SHA-256 of these fields, each after its length
 * as eight big-endian bytes, numbers as eight bytes too:
 *
 *	"minica audit 1", hash of the entry before (32 zeros for the first),
 *	number, at, actor, action, object, detail, rows
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

enum { ACTOR, ACTION, OBJECT, DETAIL, ROWS, FIELDS };
static const char *const columns[FIELDS] = {
	[ACTOR] = "actor",
	[ACTION] = "action",
	[OBJECT] = "object",
	[DETAIL] = "detail",
	[ROWS] = "rows",
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
    const struct field *rows, const uint8_t hash[MCA_SHA256_SIZE],
    struct mca_error *err)
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
	mca_query_bind_blob(query, ":rows", rows->bytes, rows->length);
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
		/* Bytes of no length, but not NULL: the column has no NULL. */
		[ROWS] = { (const uint8_t *)mca_text_get(&store->sealed),
		    store->sealed.length },
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
	code = insert(store, entry, last + 1, &fields[ROWS], hash, err);
	if (code == MCA_OK)
		mca_text_clear(&store->sealed);
	return code;
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
mca_audit_list(mca_store *store, const struct mca_audit_filter *filter,
    mca_audit_each *each, void *context, struct mca_error *err)
{
	static const struct mca_audit_filter all = { 0 };
	const struct mca_audit_filter *f = filter == NULL ? &all : filter;
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql,
	    f->last == 0 ? "audit_entries"
			 : "audit_recent+audit_entries+audit_latest",
	    err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":action", f->action);
	mca_query_bind_text(query, ":object", f->object);
	mca_query_bind_int(query, ":since",
	    f->since == 0 ? INT64_MIN : f->since);
	mca_query_bind_int(query, ":until",
	    f->until == 0 ? INT64_MAX : f->until);
	if (f->last != 0)
		mca_query_bind_int(query, ":last", f->last);
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

/* ---- the end of the log ---- */

mca_code
mca_audit_head(mca_store *store, struct mca_audit_head *out,
    struct mca_error *err)
{
	uint8_t hash[MCA_SHA256_SIZE] = { 0 };
	scoped(mca_text) hex = { 0 };
	mca_code code;

	out->number = 0;
	code = last_entry(store, &out->number, hash, err);
	if (code != MCA_OK)
		return code;
	mca_text_hex(&hex, hash, sizeof(hash));
	if (hex.failed)
		return mca_fail_memory(err);
	memcpy(out->hash, mca_text_get(&hex), sizeof(out->hash));
	return MCA_OK;
}

mca_code
mca_audit_has(mca_store *store, bool *out, const struct mca_audit_head *head,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "audit_at", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":number", head->number);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	*out = row ? strcmp(mca_query_text(query, "hash"), head->hash) == 0
		   : head->number == 0 && strspn(head->hash, "0") == 64;
	return mca_query_check(query, err);
}

/* ---- the chain ---- */

/*
 * The walk from entry to entry.  The hash before is known twice: as it is
 * stored, and as it was computed.  An entry that fits either was not touched,
 * so that one change is told as one.
 */
struct chain {
	int64_t number; /* of the entry before; 0 at the beginning */
	uint8_t stored[MCA_SHA256_SIZE], computed[MCA_SHA256_SIZE];
	bool known; /* false after a gap: the hash before is lost */
	mca_audit_each_misfit *each;
	void *context;
};

static mca_code
report(const struct chain *chain, mca_query *query, int64_t number,
    struct mca_error *err)
{
	const struct mca_audit_misfit misfit = {
		.first = number,
		.last = number,
		.action = mca_query_text(query, "action"),
		.object = mca_query_text(query, "object"),
	};
	mca_code code = mca_query_check(query, err);

	return code == MCA_OK ? chain->each(chain->context, &misfit, err)
			      : code;
}

static mca_code
report_missing(struct chain *chain, int64_t until, struct mca_error *err)
{
	const struct mca_audit_misfit misfit = {
		.first = chain->number + 1,
		.last = until,
		.missing = true,
		.action = "",
		.object = "",
	};

	chain->known = false;
	return chain->each(chain->context, &misfit, err);
}

/* fits compares the row with what must follow, and goes on to it. */
static mca_code
fits(bool *out, struct chain *chain, mca_query *query, int64_t number,
    struct mca_error *err)
{
	struct field fields[FIELDS];
	uint8_t stored[MCA_SHA256_SIZE] = { 0 }, hash[2][MCA_SHA256_SIZE];
	mca_time at = mca_query_int(query, "at");
	mca_code code;

	for (int i = 0; i < FIELDS; i++)
		fields[i].bytes =
		    mca_query_blob(query, columns[i], &fields[i].length);
	if ((code = mca_query_check(query, err)) != MCA_OK ||
	    (code = hash_entry(hash[0], chain->stored, number, at, fields,
		 err)) != MCA_OK ||
	    (code = hash_entry(hash[1], chain->computed, number, at, fields,
		 err)) != MCA_OK)
		return code;
	if (!mca_text_unhex(stored, sizeof(stored),
		mca_query_text(query, "hash")))
		memset(stored, 0, sizeof(stored));
	*out = !chain->known || memcmp(stored, hash[0], sizeof(stored)) == 0 ||
	    memcmp(stored, hash[1], sizeof(stored)) == 0;
	memcpy(chain->computed, chain->known ? hash[0] : stored,
	    sizeof(stored));
	memcpy(chain->stored, stored, sizeof(stored));
	chain->known = true;
	chain->number = number;
	return mca_query_check(query, err);
}

static mca_code
follow(struct chain *chain, mca_query *query, struct mca_error *err)
{
	int64_t number = mca_query_int(query, "number");
	bool good;
	mca_code code = MCA_OK;

	if (number < 1)
		return report(chain, query, number, err);
	if (number > chain->number + 1)
		code = report_missing(chain, number - 1, err);
	if (code == MCA_OK)
		code = fits(&good, chain, query, number, err);
	if (code == MCA_OK && !good)
		code = report(chain, query, number, err);
	return code;
}

mca_code
mca_audit_examine(mca_store *store, int64_t *count, mca_audit_each_misfit *each,
    void *context, struct mca_error *err)
{
	struct chain chain = { .known = true,
		.each = each,
		.context = context };
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, "audit_all", err);

	*count = 0;
	if (code != MCA_OK)
		return code;
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		++*count;
		code = follow(&chain, query, err);
		if (code != MCA_OK)
			return code;
	}
	return code;
}

static mca_code
keep_first(void *context, const struct mca_audit_misfit *misfit,
    struct mca_error *err)
{
	int64_t *broken = context;

	(void)err;
	if (*broken == 0)
		*broken = misfit->first < 1 ? 1 : misfit->first;
	return MCA_OK;
}

mca_code
mca_audit_verify(mca_store *store, int64_t *broken, int64_t *count,
    struct mca_error *err)
{
	*broken = 0;
	return mca_audit_examine(store, count, keep_first, broken, err);
}
