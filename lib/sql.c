/*
 * sql.c - connections: see sql.h.
 */
#include "sql_parts.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Others hold the lock for one commit; polling slower than this starves. */
#define LONGEST_NAP_MS 10

/* lock_nap sleeps a little longer each time; false when patience is over. */
static bool
lock_nap(mca_sql *sql)
{
	struct timespec nap = { 0 };
	int ms = 1 + sql->waited_ms / 4;

	if (sql->waited_ms >= sql->wait_ms)
		return false;
	if (ms > LONGEST_NAP_MS)
		ms = LONGEST_NAP_MS;
	nap.tv_nsec = ms * 1000000L;
	nanosleep(&nap, NULL);
	sql->waited_ms += ms;
	return true;
}

static int
when_busy(void *sql, int count)
{
	(void)count;
	return lock_nap(sql);
}

const char *
mca_sql_path(const mca_sql *sql)
{
	return sql->path;
}

bool
mca_sql_is_read_only(const mca_sql *sql)
{
	return sqlite3_db_readonly(sql->db, "main") == 1;
}

bool
mca_sql_in_transaction(const mca_sql *sql)
{
	return sqlite3_get_autocommit(sql->db) == 0;
}

int64_t
mca_sql_inserted(const mca_sql *sql)
{
	return sqlite3_last_insert_rowid(sql->db);
}

int64_t
mca_sql_changed(const mca_sql *sql)
{
	return sqlite3_changes(sql->db);
}

/* As a URI, for the one parameter that has no flag. */
static void
immutable_uri(mca_text *uri, const char *path)
{
	mca_text_addf(uri, "file:");
	for (const char *p = path; *p != '\0'; p++) {
		if (strchr("%?#", *p) != NULL)
			mca_text_addf(uri, "%%%02x", (unsigned char)*p);
		else
			mca_text_add(uri, p, 1);
	}
	mca_text_addf(uri, "?immutable=1");
}

bool
mca_sql_lean(void)
{
	return sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) ==
	    SQLITE_OK &&
	    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
}

mca_code
mca_sql_temporary(const char *directory, struct mca_error *err)
{
	char *copy = sqlite3_mprintf("%s", directory), *none = NULL;

	if (copy == NULL)
		return mca_fail_memory(err);
	if (!__atomic_compare_exchange_n(&sqlite3_temp_directory, &none, copy,
		false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		sqlite3_free(copy);
	return MCA_OK;
}

static mca_code
connect_file(mca_sql *sql, const char *path, enum mca_sql_access access,
    struct mca_error *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	scoped(mca_text) uri = { 0 };
	int rc;

	if (access == MCA_SQL_IMMUTABLE) {
		immutable_uri(&uri, path);
		path = mca_text_get(&uri);
		flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
	} else {
		flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW;
	}
	if (uri.failed)
		return mca_fail_memory(err);
	rc = sqlite3_open_v2(path, &sql->db, flags, NULL);
	if (sql->db == NULL)
		return mca_fail_memory(err);
	return rc == SQLITE_OK ? MCA_OK : mca_sql_fail(sql, rc, err);
}

/*
 * The file may have been written by an enemy: its schema may call nothing
 * unsafe, and what looks damaged is not followed.
 */
static void
distrust_file(mca_sql *sql)
{
	sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sql->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

static mca_code
show_path(mca_sql *sql, const char *path, struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	mca_text_escape(&text, path, strlen(path));
	return mca_text_take(&sql->path, &text, err);
}

/* An empty file is an empty database, and SQLite would take these for one. */
static bool
is_shorter_than_a_page(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0 && st.st_size < 512;
}

/* SQLite opens anything; only reading tells what it is. */
static mca_code
read_header(mca_sql *sql, const char *path, struct mca_error *err)
{
	int rc;

	sql->waited_ms = 0;
	rc = sqlite3_exec(sql->db, "PRAGMA schema_version", NULL, NULL, NULL);
	if (rc == SQLITE_NOTADB || is_shorter_than_a_page(path))
		return mca_fail(err, MCA_EFORMAT,
		    "%s is not an SQLite database, so it is no store of "
		    "minica: move it away, or put back a backup",
		    sql->path);
	return rc == SQLITE_OK ? MCA_OK : mca_sql_fail(sql, rc, err);
}

mca_code
mca_sql_open(mca_sql **out, const char *path, enum mca_sql_access access,
    int wait_ms, struct mca_error *err)
{
	owned(mca_sql) *sql = calloc(1, sizeof(*sql));
	mca_code code;

	if (sql == NULL)
		return mca_fail_memory(err);
	sql->wait_ms = wait_ms;
	code = show_path(sql, path, err);
	if (code != MCA_OK)
		return code;
	code = connect_file(sql, path, access, err);
	if (code != MCA_OK)
		return code;

	distrust_file(sql);
	sqlite3_busy_handler(sql->db, when_busy, sql);
	code = read_header(sql, path, err);
	if (code != MCA_OK)
		return code;
	code = mca_sql_run(sql, "settings", err);
	if (code != MCA_OK)
		return code;
	*out = give(&sql);
	return MCA_OK;
}

mca_code
mca_sql_open_empty(mca_sql **out, struct mca_error *err)
{
	owned(mca_sql) *sql = calloc(1, sizeof(*sql));
	mca_code code;
	int rc;

	if (sql == NULL)
		return mca_fail_memory(err);
	code = show_path(sql, ":memory:", err);
	if (code != MCA_OK)
		return code;
	rc = sqlite3_open_v2(":memory:", &sql->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (sql->db == NULL)
		return mca_fail_memory(err);
	if (rc != SQLITE_OK)
		return mca_sql_fail(sql, rc, err);
	*out = give(&sql);
	return MCA_OK;
}

void
mca_sql_close(mca_sql *sql)
{
	int rc;

	if (sql == NULL)
		return;
	mca_sql_drop_idle(sql);
	rc = sqlite3_close(sql->db);
	assert(rc == SQLITE_OK); /* else a query is still in use */
	(void)rc;
	free(sql->path);
	free(sql);
}

mca_code
mca_sql_use_wal(mca_sql *sql, struct mca_error *err)
{
	sqlite3_stmt *stmt = NULL;
	bool on = false;
	int rc, end;

	/*
	 * Two that switch at once may be told "busy" without having waited,
	 * since each holds what the other wants.
	 */
	sql->waited_ms = 0;
	do {
		rc = sqlite3_prepare_v2(sql->db, "PRAGMA journal_mode = WAL",
		    -1, &stmt, NULL);
		if (rc == SQLITE_OK)
			rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			on = strcmp((const char *)sqlite3_column_text(stmt, 0),
				 "wal") == 0;
		/* The row comes first: what it tells is written here. */
		end = sqlite3_finalize(stmt);
		if (rc == SQLITE_ROW && end != SQLITE_OK)
			rc = end;
	} while ((rc & 0xff) == SQLITE_BUSY && lock_nap(sql));

	if (rc != SQLITE_ROW)
		return mca_sql_fail(sql, rc, err);
	if (!on)
		return mca_fail(err, MCA_ESYSTEM,
		    "%s: this file system cannot keep a write-ahead log: move "
		    "the home to a local disk",
		    sql->path);
	return MCA_OK;
}

mca_code
mca_sql_replace(mca_sql *to, mca_sql *from, struct mca_error *err)
{
	sqlite3_backup *backup =
	    sqlite3_backup_init(to->db, "main", from->db, "main");
	int rc;

	if (backup == NULL)
		return mca_sql_fail(to, sqlite3_errcode(to->db), err);
	to->waited_ms = 0;
	do
		rc = sqlite3_backup_step(backup, -1);
	while (((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED) &&
	    lock_nap(to));
	(void)sqlite3_backup_finish(backup);
	return rc == SQLITE_DONE ? MCA_OK : mca_sql_fail(to, rc, err);
}
