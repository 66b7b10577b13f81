/*
 * stored.h - a store for a test, and SQLite itself to look behind it.
 */
#ifndef TESTS_STORED_H
#define TESTS_STORED_H

#include "rows.h"

#include "embedded.h"
#include "minica/audit.h"
#include "place.h"
#include "store.h"

#include <sqlite3.h>

#define NOW INT64_C(1800000000)

static struct mca_error err;

static inline mca_code
open_quick(mca_store **out, const char *home, enum mca_store_mode mode,
    const struct mca_embedded *schema)
{
	const struct mca_store_options options = {
		.home = home,
		.mode = mode,
		.now = NOW,
		.wait_ms = 20,
		.schema = schema,
	};

	return mca_store_open_with(out, &options, &err);
}

static inline void
make_store(const struct place *place)
{
	mca_store *store;

	CHECK(mca_store_open(&store, place->path, MCA_STORE_CREATE, NOW,
		  &err) == MCA_OK,
	    "%s", err.text);
	mca_store_close(store);
}

static inline sqlite3 *
raw_open(struct place *place)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place_file(place, "minica.db"), &db),
	    SQLITE_OK);
	return db;
}

static inline void
raw(struct place *place, const char *sql)
{
	sqlite3 *db = raw_open(place);
	char *why = NULL;

	CHECK(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s",
	    sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline int64_t
raw_number(struct place *place, const char *sql)
{
	sqlite3 *db = raw_open(place);
	sqlite3_stmt *stmt;
	int64_t number;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	number = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return number;
}

static inline mode_t
mode_of(struct place *place, const char *name)
{
	struct stat st;

	return lstat(place_file(place, name), &st) == 0 ? st.st_mode & 0777 : 0;
}

static inline mca_code
note(mca_store *store, const char *action)
{
	const struct mca_audit_entry entry = {
		.at = NOW,
		.actor = "uid 0",
		.action = action,
		.object = "",
		.detail = "",
	};

	return mca_audit_add(store, &entry, &err);
}

#endif
