/*
 * sql_error.c - what SQLite's results mean to a person.
 */
#include "sql_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static mca_code
fail_busy(const mca_sql *sql, struct mca_error *err)
{
	return mca_fail(err, MCA_EBUSY,
	    "%s stayed locked for %d s by another program: try again when it "
	    "is done (`fuser %s` names it)",
	    sql->path, sql->wait_ms / 1000, sql->path);
}

static mca_code
fail_damaged(mca_sql *sql, struct mca_error *err)
{
	sql->damaged = true;
	return mca_fail(err, MCA_ESYSTEM,
	    "%s is damaged (%s): copy its directory before all else, then put "
	    "back a backup, or save what can be read with "
	    "`sqlite3 minica.db .recover`",
	    sql->path, MCA_SHOW_TEXT(sqlite3_errmsg(sql->db)));
}

/*
 * SQLite takes a disk that cannot be read (SQLITE_IOERR_CORRUPTFS) for a file
 * that is damaged; the errno of such a failure is 0 where there was none.
 */
static int
disk_errno(const mca_sql *sql)
{
	static const int files[] = { SQLITE_FCNTL_FILE_POINTER,
		SQLITE_FCNTL_JOURNAL_POINTER };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		sqlite3_file *file = NULL;
		int reason = 0;

		if (sqlite3_file_control(sql->db, "main", files[i], &file) ==
			SQLITE_OK &&
		    file != NULL && file->pMethods != NULL &&
		    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO,
			&reason) == SQLITE_OK &&
		    (reason == EIO || reason == ENXIO || reason == ERANGE))
			return reason;
	}
	return 0;
}

static mca_code
fail_disk(const mca_sql *sql, int reason, struct mca_error *err)
{
	errno = reason;
	return mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be read",
	    sql->path);
}

/* SQLite says "disk I/O error"; the system knows which. */
static mca_code
fail_io(const mca_sql *sql, struct mca_error *err)
{
	char reason[128] = "";
	int system = sqlite3_system_errno(sql->db);

	if (system != 0 && strerror_r(system, reason, sizeof(reason)) == 0)
		return mca_fail(err, MCA_ESYSTEM, "%s: %s: %s", sql->path,
		    sqlite3_errmsg(sql->db), reason);
	return mca_fail(err, MCA_ESYSTEM, "%s: %s", sql->path,
	    sqlite3_errmsg(sql->db));
}

static mca_code
fail_constraint(mca_sql *sql, int rc, struct mca_error *err)
{
	const char *what = MCA_SHOW_TEXT(sqlite3_errmsg(sql->db));

	sql->damaged = true;
	if (rc == SQLITE_CONSTRAINT_UNIQUE ||
	    rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
		return mca_fail(err, MCA_EEXISTS, "%s: there already: %s",
		    sql->path, what);
	return mca_fail(err, MCA_ESYSTEM, "%s refuses: %s", sql->path, what);
}

bool
mca_sql_is_damaged(const mca_sql *sql)
{
	return sql->damaged;
}

bool
mca_sql_was_unread(const char *line)
{
	static const char word[] = "error code=";
	const char *code = strstr(line, word);
	long reason;

	/* Of a page that is free it says no more. */
	if (code == NULL)
		return strstr(line, "failed to get page") != NULL;
	reason = strtol(code + strlen(word), NULL, 10) & 0xff;
	return reason == SQLITE_IOERR || reason == SQLITE_NOMEM;
}

#undef mca_sql_fail

mca_code
mca_sql_fail(mca_sql *sql, int rc, struct mca_error *err)
{
	int reason;

	switch (rc & 0xff) {
	case SQLITE_ERROR: /* what it names is not there, or no such thing */
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		sql->damaged = true;
		return fail_io(sql, err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail_busy(sql, err);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		reason = disk_errno(sql);
		return reason == 0 ? fail_damaged(sql, err)
				   : fail_disk(sql, reason, err);
	case SQLITE_CONSTRAINT:
		return fail_constraint(sql, rc, err);
	case SQLITE_NOMEM:
		return mca_fail_memory(err);
	case SQLITE_FULL:
		return mca_fail(err, MCA_ESYSTEM,
		    "%s: no space left on its disk", sql->path);
	case SQLITE_READONLY:
		return mca_fail(err, MCA_ESYSTEM,
		    "%s may only be read: nothing was changed", sql->path);
	default:
		return fail_io(sql, err);
	}
}
