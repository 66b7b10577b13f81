/*
 * store_copy.c - whole copies of a store, while others work with it.
 */
#include "store.h"

#include "minica/limits.h"

#include <string.h>

#define WAIT_MS (MCA_LIMIT_BUSY_SECONDS * 1000)

/*
 * A connection of its own: VACUUM cannot run inside a transaction, nor where
 * reading alone was asked for.
 */
mca_code
mca_store_copy_file(const char *from, const char *to, int wait_ms,
    struct mca_error *err)
{
	owned(mca_sql) *sql = NULL;
	owned(mca_query) *query = NULL;
	enum mca_sql_access access;
	mca_code code;

	if ((code = mca_store_access(&access, from, MCA_STORE_READ, err)) !=
		MCA_OK ||
	    (code = mca_sql_open(&sql, from, access, wait_ms, err)) != MCA_OK ||
	    (code = mca_sql_query(&query, sql, "backup", err)) != MCA_OK)
		return code;
	mca_query_bind_text(query, ":path", to);
	return mca_query_run(query, err);
}

mca_code
mca_store_copy(mca_store *store, const char *to, struct mca_error *err)
{
	return mca_store_copy_file(store->path, to, WAIT_MS, err);
}

mca_code
mca_store_open_copy(mca_store **out, const char *path, struct mca_error *err)
{
	owned(mca_store) *store = calloc(1, sizeof(*store));
	enum mca_sql_access access;
	mca_code code;

	if (store == NULL)
		return mca_fail_memory(err);
	store->home = strdup("");
	store->path = strdup(path);
	if (store->home == NULL || store->path == NULL)
		return mca_fail_memory(err);
	if ((code = mca_store_access(&access, path, MCA_STORE_READ, err)) !=
		MCA_OK ||
	    (code = mca_sql_open(&store->sql, path, access, WAIT_MS, err)) !=
		MCA_OK ||
	    (code = mca_store_is_ours(store, err)) != MCA_OK)
		return code;
	*out = give(&store);
	return MCA_OK;
}

mca_code
mca_store_overwrite(const char *home, const char *from, struct mca_error *err)
{
	const struct mca_store_options options = { .home = home,
		.mode = MCA_STORE_CREATE };
	owned(char) *path = NULL;
	owned(mca_sql) *to = NULL;
	owned(mca_sql) *source = NULL;
	mca_code code;

	if ((code = mca_store_locate(&path, &options, err)) != MCA_OK ||
	    (code = mca_sql_open(&source, from, MCA_SQL_WRITE, WAIT_MS, err)) !=
		MCA_OK ||
	    (code = mca_sql_open(&to, path, MCA_SQL_WRITE, WAIT_MS, err)) !=
		MCA_OK)
		return code;
	return mca_sql_replace(to, source, err);
}
