/*
 * store_schema.c - is there anything in the file that minica did not make?
 *
 * A view may stand where a table was, a trigger run whatever it likes, and a
 * column be computed, all of it for ever.  So what the file says of itself must
 * be what the migrations say, word for word.  What all of them make is known by
 * its digest; where that differs (an older store, a backup, statistics) they
 * are run again in memory, and what is not theirs is named.  What is missing is
 * told by the statement that needs it, and all of it to the doctor.
 */
#include "store.h"

#include "embedded.h"
#include "minica/digest.h"
#include "minica/text.h"

#include <string.h>

/* Of schema/ as it is; the unit test tells what it has become. */
static const char known[] =
    "254073b10e6c97ef28941aea5b10821f46b2e7534587df09d0f97079fba90844";

/* Every column with the NUL at its end, row by row. */
static mca_code
digest(mca_text *out, mca_sql *sql, struct mca_error *err)
{
	static const char *const columns[] = { "type", "name", "tbl_name",
		"sql" };
	scoped(mca_text) all = { 0 };
	owned(mca_query) *query = NULL;
	uint8_t sha256[MCA_SHA256_SIZE];
	mca_code code = mca_sql_query(&query, sql, "schema", err);
	bool row = true;

	while (code == MCA_OK) {
		code = mca_query_step(query, &row, err);
		if (code != MCA_OK || !row)
			break;
		for (size_t i = 0; i < 4; i++) {
			const char *text = mca_query_text(query, columns[i]);

			mca_text_add(&all, text, strlen(text) + 1);
		}
	}
	if (code == MCA_OK && all.failed)
		code = mca_fail_memory(err);
	if (code == MCA_OK)
		code = mca_sha256(sha256, mca_text_get(&all), all.length, err);
	if (code == MCA_OK)
		mca_text_hex(out, sha256, sizeof(sha256));
	return code;
}

mca_code
mca_store_knows_schema(mca_store *store, bool *knows, mca_text *found,
    struct mca_error *err)
{
	mca_code code = digest(found, store->sql, err);

	*knows = code == MCA_OK && strcmp(mca_text_get(found), known) == 0;
	return code;
}

static mca_code
make_again(mca_sql **out, const struct mca_embedded *schema, int64_t version,
    struct mca_error *err)
{
	owned(mca_sql) *sql = NULL;
	mca_code code = mca_sql_open_empty(&sql, err);

	if (code == MCA_OK)
		code = mca_sql_script(sql, "BEGIN", err);
	for (; code == MCA_OK && schema->name != NULL; schema++) {
		int64_t own = strtol(schema->name, NULL, 10);

		if (own > 0 && own <= version)
			code = mca_sql_script(sql, schema->text, err);
	}
	if (code != MCA_OK)
		return code;
	*out = give(&sql);
	return MCA_OK;
}

/* Whether the row that `query` is at is one of `other` as well. */
static mca_code
is_in(bool *found, mca_query *query, mca_sql *other, struct mca_error *err)
{
	owned(mca_query) *has = NULL;
	mca_code code = mca_sql_query(&has, other, "schema_has", err);
	bool row;

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(has, ":type", mca_query_text(query, "type"));
	mca_query_bind_text(has, ":name", mca_query_text(query, "name"));
	mca_query_bind_text(has, ":table", mca_query_text(query, "tbl_name"));
	mca_query_bind_text(has, ":sql", mca_query_text(query, "sql"));
	code = mca_query_step(has, &row, err);
	*found = code == MCA_OK && mca_query_int(has, "found") == 1;
	return code;
}

/* Calls `each` for what is in one schema, and not the same in the other. */
static mca_code
each_lacking(mca_sql *from, mca_sql *in, mca_store_each_object *each,
    void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true, found;
	mca_code code = mca_sql_query(&query, from, "schema", err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		code = is_in(&found, query, in, err);
		if (code == MCA_OK && !found)
			code = each(context, mca_query_text(query, "type"),
			    mca_query_text(query, "name"), err);
	}
	return code;
}

static mca_code
refuse_foreign(void *context, const char *type, const char *name,
    struct mca_error *err)
{
	return mca_fail(err, MCA_ESYSTEM,
	    "%s: the %s \"%s\" is none that minica made, or was changed, so "
	    "nothing in the store can be relied upon: put back a backup "
	    "(minica restore)",
	    mca_sql_path(context), MCA_SHOW_TEXT(type), MCA_SHOW_TEXT(name));
}

/* Leaves `*ours` NULL where the store has the schema of all migrations. */
static mca_code
make_if_unlike(mca_sql **ours, mca_store *store,
    const struct mca_embedded *schema, int64_t version, struct mca_error *err)
{
	scoped(mca_text) found = { 0 };
	bool knows;
	mca_code code = mca_store_knows_schema(store, &knows, &found, err);

	return code != MCA_OK || knows ? code
				       : make_again(ours, schema, version, err);
}

mca_code
mca_store_check_schema(mca_store *store, const struct mca_embedded *schema,
    int64_t version, struct mca_error *err)
{
	owned(mca_sql) *ours = NULL;
	mca_code code = make_if_unlike(&ours, store, schema, version, err);

	if (code != MCA_OK || ours == NULL)
		return code;
	/* A backup has one table more, and may be put in place as it is. */
	code = mca_sql_run(ours, "backup_begin", err);
	return code == MCA_OK
	    ? each_lacking(store->sql, ours, refuse_foreign, store->sql, err)
	    : code;
}

mca_code
mca_store_each_missing(mca_store *store, mca_store_each_object *each,
    void *context, struct mca_error *err)
{
	owned(mca_sql) *ours = NULL;
	mca_code code = make_if_unlike(&ours, store, mca_embedded_schema,
	    mca_store_newest(mca_embedded_schema), err);

	return code != MCA_OK || ours == NULL
	    ? code
	    : each_lacking(ours, store->sql, each, context, err);
}

void
mca_store_missing_say(mca_text *out, const char *type, const char *name)
{
	mca_text_addf(out,
	    "the %s \"%s\" is not there: it was removed by something else "
	    "than minica",
	    type, name);
}
