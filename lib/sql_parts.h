/*
 * sql_parts.h - what the files of sql share, and nobody else.
 */
#ifndef MCA_SQL_PARTS_H
#define MCA_SQL_PARTS_H

#include "sql.h"

#include <sqlite3.h>

struct mca_sql {
	sqlite3 *db;
	mca_query *idle; /* prepared, and in nobody's hands */
	int wait_ms, waited_ms;
	char *path; /* escaped */
	bool damaged;
};

/* mca_sql_fail records what the result `rc` of SQLite means. */
mca_code mca_sql_fail(mca_sql *sql, int rc, struct mca_error *err);
#define mca_sql_fail(...) MCA_NEVER_OK(mca_sql_fail(__VA_ARGS__))

/* mca_sql_drop_idle finalizes the statements that nobody holds. */
void mca_sql_drop_idle(mca_sql *sql);

#endif
