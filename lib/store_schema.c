/*
 * store_schema.c - is there anything in the file that minica did not make?
 *
 * A view may stand where a table was, a trigger run whatever it likes, and a
 * column be computed, all of it for ever.  So what the file says of itself must
 * be what the migrations say, word for word.  What all of them make is known by
 * its digest; where that differs (an older store, a backup, statistics) they
 * are run again in memory, and what is not theirs is named.  What is missing is
 * told by the statement that needs it, or by the doctor.
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

/* A backup has one table more, and may be put in place as it is. */
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
	if (code == MCA_OK)
		code = mca_sql_run(sql, "backup_begin", err);
	if (code != MCA_OK)
		return code;
	*out = give(&sql);
	return MCA_OK;
}

static mca_code
compare(mca_query *query, mca_sql *ours, const char *path,
    struct mca_error *err)
{
	owned(mca_query) *has = NULL;
	mca_code code = mca_sql_query(&has, ours, "schema_has", err);
	bool row;

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(has, ":type", mca_query_text(query, "type"));
	mca_query_bind_text(has, ":name", mca_query_text(query, "name"));
	mca_query_bind_text(has, ":table", mca_query_text(query, "tbl_name"));
	mca_query_bind_text(has, ":sql", mca_query_text(query, "sql"));
	code = mca_query_step(has, &row, err);
	if (code != MCA_OK || mca_query_int(has, "found") == 1)
		return code;
	return mca_fail(err, MCA_ESYSTEM,
	    "%s: the %s \"%s\" is none that minica made, or was changed, so "
	    "nothing in the store can be relied upon: put back a backup "
	    "(minica restore)",
	    path, MCA_SHOW_TEXT(mca_query_text(query, "type")),
	    MCA_SHOW_TEXT(mca_query_text(query, "name")));
}

mca_code
mca_store_check_schema(mca_store *store, const struct mca_embedded *schema,
    int64_t version, struct mca_error *err)
{
	owned(mca_sql) *ours = NULL;
	owned(mca_query) *query = NULL;
	scoped(mca_text) found = { 0 };
	bool row = true, knows;
	mca_code code = mca_store_knows_schema(store, &knows, &found, err);

	if (code != MCA_OK || knows)
		return code;
	code = make_again(&ours, schema, version, err);
	if (code == MCA_OK)
		code = mca_sql_query(&query, store->sql, "schema", err);
	while (code == MCA_OK) {
		code = mca_query_step(query, &row, err);
		if (code != MCA_OK || !row)
			break;
		code = compare(query, ours, mca_sql_path(store->sql), err);
	}
	return code;
}
