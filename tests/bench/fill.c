/*
 * fill.c - a store with many certificates, for tests/bench/growth.
 *
 *	fill DATABASE COUNT REVOKED SOON
 *
 * Copies the newest certificate of the store COUNT times, under serial numbers,
 * fingerprints and names (hN.example.org) of their own; the first REVOKED are
 * revoked, and SOON of the others end within a week.  Rows only: the bytes are
 * those of the one certificate, and the audit log does not know of them.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static sqlite3 *db;

static void
die(const char *what)
{
	fprintf(stderr, "fill: %s: %s\n", what,
	    db == NULL ? "" : sqlite3_errmsg(db));
	exit(1);
}

static void
run(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql);
}

/* One statement over the numbers from 1 to COUNT, bound as ?1 to ?3. */
static void
run_with(const char *sql, long count, long revoked, long soon)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		die(sql);
	sqlite3_bind_int64(statement, 1, count);
	sqlite3_bind_int64(statement, 2, revoked);
	sqlite3_bind_int64(statement, 3, soon);
	if (sqlite3_step(statement) != SQLITE_DONE)
		die(sql);
	sqlite3_finalize(statement);
}

#define NUMBERS                                                                \
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "      \
	"WHERE i < ?1) "

int
main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: fill DATABASE COUNT REVOKED SOON\n");
		return 2;
	}
	if (sqlite3_open(argv[1], &db) != SQLITE_OK)
		die(argv[1]);
	run("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN;"
	    "CREATE TEMP TABLE one AS SELECT * FROM certificate "
	    "ORDER BY id DESC LIMIT 1");
	long count = atol(argv[2]), revoked = atol(argv[3]);
	long soon = atol(argv[4]);

	run_with(NUMBERS
	    "INSERT INTO certificate (id, serial, issuer, authority, origin, "
	    "is_ca, not_before, not_after, recorded, policy, subject, "
	    "key_algorithm, key_sha256, sha256) "
	    "SELECT one.id + i, randomblob(16), issuer, authority, origin, 0, "
	    "not_before, CASE WHEN i > ?2 AND i <= ?2 + ?3 "
	    "THEN unixepoch() + 86400 ELSE not_after + 86400 * (i % 90) END, "
	    "recorded, policy, 'CN=h' || i || '.example.org', key_algorithm, "
	    "randomblob(32), randomblob(32) FROM n, one",
	    count, revoked, soon);
	run_with(NUMBERS
	    "INSERT INTO certificate_der SELECT one.id + i, "
	    "(SELECT der FROM certificate_der WHERE certificate = one.id) "
	    "FROM n, one",
	    count, revoked, soon);
	run_with(NUMBERS
	    "INSERT INTO name SELECT one.id + i, 0, 'dNSName', "
	    "'h' || i || '.example.org', 'gro.elpmaxe.' || i || 'h' "
	    "FROM n, one",
	    count, revoked, soon);
	run_with(
	    "INSERT INTO revocation SELECT c.issuer, c.serial, "
	    "unixepoch() - 60, 'keyCompromise', NULL FROM certificate AS c, "
	    "one WHERE c.id > one.id AND c.id <= one.id + ?2 AND ?1 + ?3 > 0 "
	    "ORDER BY c.serial",
	    count, revoked, soon);
	run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_close(db);
	return 0;
}
