/*
 * sql_error.c - what SQLite's results mean to a person.
 */
#include "sql_parts.h"

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
fail_damaged(const mca_sql *sql, struct mca_error *err)
{
	return mca_fail(err, MCA_ESYSTEM,
	    "%s is damaged (%s): copy its directory before all else, then put "
	    "back a backup, or save what can be read with "
	    "`sqlite3 minica.db .recover`",
	    sql->path, MCA_SHOW_TEXT(sqlite3_errmsg(sql->db)));
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
fail_constraint(const mca_sql *sql, int rc, struct mca_error *err)
{
	const char *what = MCA_SHOW_TEXT(sqlite3_errmsg(sql->db));

	if (rc == SQLITE_CONSTRAINT_UNIQUE ||
	    rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
		return mca_fail(err, MCA_EEXISTS, "%s: there already: %s",
		    sql->path, what);
	return mca_fail(err, MCA_ESYSTEM, "%s refuses: %s", sql->path, what);
}

#undef mca_sql_fail

mca_code
mca_sql_fail(const mca_sql *sql, int rc, struct mca_error *err)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail_busy(sql, err);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fail_damaged(sql, err);
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
