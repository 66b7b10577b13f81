/*
 * store.c - opening the record, and its transactions.
 */
#include "store.h"

#include "embedded.h"
#include "minica/heap.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <assert.h>
#include <string.h>

/* "mnca" as four bytes of the file's header; schema/0001-init.sql sets it. */
#define APPLICATION_ID 0x6d6e6361

static mca_code
fail_foreign(mca_store *store, int64_t application, struct mca_error *err)
{
	return mca_fail(err, MCA_EFORMAT,
	    "%s is the database of another program (application_id 0x%08x), "
	    "not a store of minica: nothing was changed; name another home "
	    "with --home",
	    mca_sql_path(store->sql), (unsigned)application);
}

static mca_code
fail_newer(mca_store *store, int64_t version, int64_t newest,
    struct mca_error *err)
{
	return mca_fail(err, MCA_EFORMAT,
	    "%s was written by a newer minica (version %d of the store, this "
	    "program knows %d): use that program",
	    mca_sql_path(store->sql), (int)version, (int)newest);
}

/* identify puts the version in `*version`: 0 when the file is empty. */
static mca_code
identify(mca_store *store, int64_t *version, const struct mca_embedded *schema,
    struct mca_error *err)
{
	int64_t newest = mca_store_newest(schema);
	owned(mca_query) *query = NULL;
	int64_t application, tables;
	bool row;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "identity", err);
	if (code != MCA_OK)
		return code;
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	application = mca_query_int(query, "application");
	*version = mca_query_int(query, "version");
	tables = mca_query_int(query, "tables");

	if (application == 0 && *version == 0 && tables == 0)
		return MCA_OK;
	if (application != APPLICATION_ID)
		return fail_foreign(store, application, err);
	if (*version > newest)
		return fail_newer(store, *version, newest, err);
	return mca_store_check_schema(store, schema, *version, err);
}

mca_code
mca_store_is_ours(mca_store *store, struct mca_error *err)
{
	int64_t version;
	mca_code code = identify(store, &version, mca_embedded_schema, err);

	if (code != MCA_OK || version > 0)
		return code;
	return mca_fail(err, MCA_EFORMAT, "%s is empty, so it is no store",
	    mca_sql_path(store->sql));
}

/*
 * SQLite makes minica.db-wal, syncs its directory, and does not look whether
 * that failed: the log would go with its name, and every commit in it.
 */
static mca_code
use_log(mca_store *store, const char *path,
    const struct mca_store_options *options, struct mca_error *err)
{
	owned(char) *home = NULL;
	mca_code code = mca_sql_use_wal(store->sql, err);

	if (code != MCA_OK || options->mode == MCA_STORE_READ)
		return code;
	home = strndup(path, (size_t)(strrchr(path, '/') - path) + 1);
	if (home == NULL)
		return mca_fail_memory(err);
	if (mca_store_sync(home, err) != MCA_OK)
		return mca_within(err, "%s", MCA_SHOW_TEXT(home));
	return MCA_OK;
}

static mca_code
bring_up_to_date(mca_store *store, const char *path,
    const struct mca_store_options *options, struct mca_error *err)
{
	int64_t newest = mca_store_newest(options->schema);
	int64_t version;
	mca_code code;

	code = identify(store, &version, options->schema, err);
	if (code != MCA_OK)
		return code;
	if (version == 0 && options->mode == MCA_STORE_READ)
		return mca_fail(err, MCA_ENOTFOUND,
		    "%s is empty: begin with `minica init-root`",
		    mca_sql_path(store->sql));
	if (mca_sql_is_read_only(store->sql) && version < newest)
		return mca_fail(err, MCA_ESYSTEM,
		    "%s is of version %d, this program needs %d, and it "
		    "cannot be written: run minica once where it can",
		    mca_sql_path(store->sql), (int)version, (int)newest);
	if (mca_sql_is_read_only(store->sql))
		return MCA_OK;

	code = use_log(store, path, options, err);
	if (code != MCA_OK || version == newest)
		return code;
	code = mca_store_migrate(store, path, options, err);
	if (code != MCA_OK)
		return code;

	/* A newer program may have been quicker, and gone further. */
	return identify(store, &version, options->schema, err);
}

mca_code
mca_store_open_with(mca_store **out, const struct mca_store_options *options,
    struct mca_error *err)
{
	owned(mca_store) *store = calloc(1, sizeof(*store));
	owned(char) *path = NULL;
	enum mca_sql_access access;
	mca_code code;

	if (store == NULL)
		return mca_fail_memory(err);
	store->home = strdup(options->home);
	if (store->home == NULL)
		return mca_fail_memory(err);

	code = mca_store_locate(&path, options, err);
	if (code != MCA_OK)
		return code;
	code = mca_store_access(&access, path, options->mode, err);
	if (code != MCA_OK)
		return code;
	code = mca_sql_open(&store->sql, path, access, options->wait_ms, err);
	if (code != MCA_OK)
		return code;
	code = bring_up_to_date(store, path, options, err);
	if (code != MCA_OK)
		return code;
	store->path = give(&path);
	if (options->mode == MCA_STORE_READ)
		code = mca_sql_run(store->sql, "only_read", err);
	if (code != MCA_OK)
		return code;
	*out = give(&store);
	return MCA_OK;
}

mca_code
mca_store_open(mca_store **out, const char *home, enum mca_store_mode mode,
    mca_time now, struct mca_error *err)
{
	struct mca_store_options options = {
		.home = home,
		.mode = mode,
		.now = now,
		.wait_ms = MCA_LIMIT_BUSY_SECONDS * 1000,
		.schema = mca_embedded_schema,
	};

	return mca_store_open_with(out, &options, err);
}

void
mca_store_close(mca_store *store)
{
	if (store == NULL)
		return;
	mca_sql_close(store->sql);
	mca_text_clear(&store->sealed);
	free(store->home);
	free(store->path);
	free(store);
}

const char *
mca_store_home(const mca_store *store)
{
	return store->home;
}

static mca_code
run(mca_store *store, const char *name, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, name, err);
	if (code != MCA_OK)
		return code;
	return mca_query_run(query, err);
}

mca_code
mca_store_begin(mca_store *store, struct mca_error *err)
{
	assert(!mca_sql_in_transaction(store->sql));
	mca_text_clear(&store->sealed);
	return run(store, "begin", err);
}

mca_code
mca_store_commit(mca_store *store, struct mca_error *err)
{
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	/* What was decided without memory is not to last (minica/heap.h). */
	code = mca_heap_failed() ? mca_fail_memory(err)
				 : run(store, "commit", err);
	if (code != MCA_OK)
		mca_store_rollback(store);
	return code;
}

/* That a rollback fails changes nothing: what was not committed is not. */
void
mca_store_rollback(mca_store *store)
{
	struct mca_error ignored;

	if (mca_sql_in_transaction(store->sql) &&
	    run(store, "rollback", &ignored) != MCA_OK)
		return;
}

void
mca_query_bind_id(mca_query *query, const char *name, int64_t id)
{
	if (id == 0)
		mca_query_bind_blob(query, name, NULL, 0);
	else
		mca_query_bind_int(query, name, id);
}
