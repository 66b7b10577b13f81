/*
 * store_migrate.c - from the version a store has to the one we know.
 */
#include "store.h"

#include "embedded.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* version_of returns 7 for "0007-labels", 0 for what is no migration. */
static int64_t
version_of(const struct mca_embedded *file)
{
	return strtol(file->name, NULL, 10);
}

int64_t
mca_store_newest(const struct mca_embedded *schema)
{
	int64_t newest = 0;

	for (; schema->name != NULL; schema++) {
		if (version_of(schema) > newest)
			newest = version_of(schema);
	}
	return newest;
}

mca_code
mca_store_sync(const char *path, struct mca_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "open");
	rc = fsync(fd);
	close(fd);
	return rc == 0 ? MCA_OK : mca_fail_errno(err, MCA_ESYSTEM, "fsync");
}

static mca_code
fill_backup(const char *path, const char *temporary, const char *backup,
    int wait_ms, struct mca_error *err)
{
	mca_code code;

	code = mca_store_copy_file(path, temporary, wait_ms, err);
	if (code != MCA_OK)
		return code;
	code = mca_store_sync(temporary, err);
	if (code != MCA_OK)
		return code;
	if (rename(temporary, backup) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "rename");
	return MCA_OK;
}

/*
 * The backup is whole before it bears its name.  It is made while our
 * transaction keeps other writers out, so it is what will be migrated.
 */
static mca_code
back_up(const char *path, int64_t version, int wait_ms, struct mca_error *err)
{
	owned(char) *backup = NULL;
	owned(char) *temporary = NULL;
	owned(char) *directory = NULL;
	mca_code code;
	int fd;

	if (asprintf(&backup, "%s.backup-v%d", path, (int)version) < 0 ||
	    asprintf(&temporary, "%s.XXXXXX", backup) < 0)
		return mca_fail_memory(err);
	directory = strndup(path, (size_t)(strrchr(path, '/') - path) + 1);
	if (directory == NULL)
		return mca_fail_memory(err);

	fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s",
		    MCA_SHOW_TEXT(temporary));
	close(fd);
	code = fill_backup(path, temporary, backup, wait_ms, err);
	if (code != MCA_OK) {
		unlink(temporary);
		return mca_within(err, "backup %s", MCA_SHOW_TEXT(backup));
	}
	return mca_store_sync(directory, err);
}

static mca_code
set_version(mca_store *store, int64_t version, mca_time now,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	char pragma[64];
	mca_code code;

	code = mca_sql_query(&query, store->sql, "migration_add", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":version", version);
	mca_query_bind_int(query, ":now", now);
	code = mca_query_run(query, err);
	if (code != MCA_OK)
		return code;
	(void)snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d",
	    (int)version);
	return mca_sql_script(store->sql, pragma, err);
}

static mca_code
apply_all(mca_store *store, const char *path, int64_t version,
    const struct mca_store_options *options, struct mca_error *err)
{
	const struct mca_embedded *file = options->schema;
	mca_code code = MCA_OK;

	if (version > 0 && version < mca_store_newest(options->schema))
		code = back_up(path, version, options->wait_ms, err);
	for (; code == MCA_OK && file->name != NULL; file++) {
		if (version_of(file) <= version)
			continue;
		code = mca_sql_script(store->sql, file->text, err);
		if (code == MCA_OK)
			code = set_version(store, version_of(file),
			    options->now, err);
	}
	return code;
}

mca_code
mca_store_migrate(mca_store *store, const char *path,
    const struct mca_store_options *options, struct mca_error *err)
{
	int64_t version;
	mca_code code;

	code = mca_store_begin(store, err);
	if (code != MCA_OK)
		return code;

	/* Another process may have done it while we waited for our turn. */
	code = mca_sql_number(store->sql, &version, "user_version", err);
	if (code == MCA_OK)
		code = apply_all(store, path, version, options, err);
	if (code == MCA_OK)
		return mca_store_commit(store, err);
	mca_store_rollback(store);
	return mca_within(err, "store not migrated to version %d",
	    (int)mca_store_newest(options->schema));
}
