/*
 * sql_test.c - statements by name, values bound and read whole, and failures
 * that say what can be done.
 */
#include "rows.h"

#include "place.h"
#include "sql_parts.h"

#include <fcntl.h>

static struct mca_error err;

struct database {
	struct place place;
	mca_sql *sql;
};

static void
make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static int
set_up(void **state)
{
	struct database *database = calloc(1, sizeof(*database));
	const char *path;

	assert_non_null(database);
	place_make(&database->place);
	path = place_file(&database->place, "test.db");
	make_file(path);
	CHECK(mca_sql_open(&database->sql, path, MCA_SQL_WRITE, 20, &err) ==
		MCA_OK,
	    "%s", err.text);
	assert_int_equal(mca_sql_script(database->sql,
			     "CREATE TABLE audit (number INTEGER PRIMARY KEY,"
			     " at, actor TEXT UNIQUE, action, object, detail,"
			     " rows BLOB, hash BLOB)",
			     &err),
	    MCA_OK);
	*state = database;
	return 0;
}

static int
tear_down(void **state)
{
	struct database *database = *state;

	mca_sql_close(database->sql);
	place_remove(&database->place);
	free(database);
	return 0;
}

/* The statements of the audit log do for any other. */
static mca_code
insert(mca_sql *sql, int64_t number, const char *actor, const uint8_t *hash,
    size_t length)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, sql, "audit_add", &err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":number", number);
	mca_query_bind_text(query, ":actor", actor);
	mca_query_bind_blob(query, ":hash", hash, length);
	return mca_query_run(query, &err);
}

static void
values_come_back_as_they_went_in(void **state)
{
	static const uint8_t hash[] = { 0, 0xff, 0, 'x' };
	struct database *database = *state;
	owned(mca_query) *query = NULL;
	const uint8_t *bytes;
	size_t length;
	bool row;

	assert_int_equal(insert(database->sql, INT64_MIN, "a'b", hash,
			     sizeof(hash)),
	    MCA_OK);
	assert_int_equal(mca_sql_inserted(database->sql), INT64_MIN);
	assert_int_equal(mca_sql_changed(database->sql), 1);
	assert_int_equal(mca_sql_query(&query, database->sql, "audit_last",
			     &err),
	    MCA_OK);
	assert_int_equal(mca_query_step(query, &row, &err), MCA_OK);
	assert_true(row);

	/* In any order, and more than once. */
	bytes = mca_query_blob(query, "hash", &length);
	assert_int_equal(length, sizeof(hash));
	assert_memory_equal(bytes, hash, length);
	assert_int_equal(mca_query_int(query, "number"), INT64_MIN);
	assert_int_equal(mca_query_int(query, "number"), INT64_MIN);
	assert_int_equal(mca_query_check(query, &err), MCA_OK);
	assert_int_equal(mca_query_step(query, &row, &err), MCA_OK);
	assert_false(row);
}

static void
what_is_not_bound_is_null_even_the_second_time(void **state)
{
	struct database *database = *state;
	owned(mca_query) *query = NULL;
	const uint8_t *bytes;
	size_t length;
	bool row;

	assert_int_equal(insert(database->sql, 1, "a", (const uint8_t *)"x", 1),
	    MCA_OK);
	assert_int_equal(mca_sql_query(&query, database->sql, "audit_add",
			     &err),
	    MCA_OK);
	mca_query_bind_int(query, ":number", 2);
	assert_int_equal(mca_query_run(query, &err), MCA_OK);
	mca_query_free(give(&query));

	assert_int_equal(mca_sql_query(&query, database->sql, "audit_all",
			     &err),
	    MCA_OK);
	assert_int_equal(mca_query_step(query, &row, &err), MCA_OK);
	assert_string_equal(mca_query_text(query, "actor"), "a");
	assert_int_equal(mca_query_step(query, &row, &err), MCA_OK);
	assert_string_equal(mca_query_text(query, "actor"), "");
	assert_int_equal(mca_query_int(query, "at"), 0);
	bytes = mca_query_blob(query, "detail", &length);
	assert_null(bytes);
	assert_int_equal(length, 0);
	assert_int_equal(mca_query_check(query, &err), MCA_OK);
}

static void
a_statement_is_prepared_once_and_lent_to_one(void **state)
{
	struct database *database = *state;
	mca_query *first, *second, *again;

	assert_int_equal(mca_sql_query(&first, database->sql, "audit_all",
			     &err),
	    MCA_OK);
	assert_int_equal(mca_sql_query(&second, database->sql, "audit_all",
			     &err),
	    MCA_OK);
	assert_ptr_not_equal(first, second);
	mca_query_free(first);
	assert_int_equal(mca_sql_query(&again, database->sql, "audit_all",
			     &err),
	    MCA_OK);
	assert_ptr_equal(again, first);
	mca_query_free(again);
	mca_query_free(second);
	mca_query_free(NULL);
}

static void
names_find_their_text_alone(void **state)
{
	static const struct {
		const char *why, *name, *text;
	} cases[] = {
		{ "one piece", "begin", "BEGIN IMMEDIATE;\n\n" },
		{ "two pieces", "commit+rollback", "COMMIT;\n\nROLLBACK;\n\n" },
		{ "the last piece, and no prefix of a name", "audit_all",
		    "SELECT number, at, actor, action, object, detail, rows,\n"
		    "       lower(hex(hash)) AS hash\n"
		    "  FROM audit ORDER BY number;\n" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		scoped(mca_text) text = { 0 };

		mca_sql_text(&text, cases[i].name);
		CHECK(strcmp(mca_text_get(&text), cases[i].text) == 0, "%s: %s",
		    cases[i].why, mca_text_get(&text));
	}
}

static void
failures_say_what_they_mean(void **state)
{
	static const struct {
		const char *why, *before, *script;
		mca_code code;
		const char *says;
	} cases[] = {
		{ "a unique column", "INSERT INTO audit (actor) VALUES ('u')",
		    "INSERT INTO audit (actor) VALUES ('u')", MCA_EEXISTS,
		    "there already" },
		{ "a primary key", "INSERT INTO audit (number) VALUES (70)",
		    "INSERT INTO audit (number) VALUES (70)", MCA_EEXISTS,
		    "there already" },
		{ "a check", "CREATE TABLE c (a CHECK (a > 0))",
		    "INSERT INTO c VALUES (0)", MCA_ESYSTEM, "refuses" },
		{ "a foreign key",
		    "CREATE TABLE p (a INTEGER PRIMARY KEY);"
		    "CREATE TABLE f (a INTEGER REFERENCES p)",
		    "INSERT INTO f VALUES (5)", MCA_ESYSTEM, "FOREIGN KEY" },
		{ "a trigger",
		    "CREATE TRIGGER t BEFORE DELETE ON audit BEGIN "
		    "SELECT raise(ABORT, 'never \033'); END",
		    "DELETE FROM audit", MCA_ESYSTEM, "never \\x1B" },
		{ "no such table", "", "SELECT * FROM nowhere", MCA_ESYSTEM,
		    "nowhere" },
		{ "double quotes are no text", "", "SELECT \"text\"",
		    MCA_ESYSTEM, "text" },
		{ "a schema edited by hand", "",
		    "PRAGMA writable_schema = 1;"
		    "UPDATE sqlite_schema SET sql = ''",
		    MCA_ESYSTEM, "sqlite_master" },
		{ "a full disk", "",
		    "PRAGMA max_page_count = 10;"
		    "INSERT INTO audit (hash) VALUES (zeroblob(1000000))",
		    MCA_ESYSTEM, "no space left" },
		{ "a reader", "", "PRAGMA query_only = 1; DELETE FROM audit",
		    MCA_ESYSTEM, "may only be read" },
	};
	struct database *database = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		CHECK(mca_sql_script(database->sql, cases[i].before, &err) ==
			MCA_OK,
		    "%s: %s", cases[i].why, err.text);
		CHECK(mca_sql_script(database->sql, cases[i].script, &err) ==
			cases[i].code,
		    "%s: %s", cases[i].why, err.text);
		CHECK(strstr(err.text, cases[i].says) != NULL, "%s: %s",
		    cases[i].why, err.text);
		CHECK(strstr(err.text, "test.db") != NULL, "%s: %s",
		    cases[i].why, err.text);
	}
}

static int64_t
setting(mca_sql *sql, const char *pragma)
{
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(sql->db, pragma, -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return value;
}

static void
a_connection_is_durable_strict_and_suspicious(void **state)
{
	static const struct {
		const char *pragma;
		int64_t value;
	} cases[] = {
		{ "PRAGMA synchronous", 2 },
		{ "PRAGMA foreign_keys", 1 },
		{ "PRAGMA trusted_schema", 0 },
		{ "PRAGMA cell_size_check", 1 },
	};
	struct database *database = *state;

	for (size_t i = 0; i < ROWS(cases); i++)
		CHECK(setting(database->sql, cases[i].pragma) == cases[i].value,
		    "%s is not %d", cases[i].pragma, (int)cases[i].value);
	assert_int_equal(mca_sql_use_wal(database->sql, &err), MCA_OK);
	assert_int_equal(mca_sql_run(database->sql, "begin+rollback", &err),
	    MCA_OK);
	assert_int_equal(access(place_file(&database->place, "test.db-wal"),
			     F_OK),
	    0);
}

static void
a_lock_held_too_long_is_busy(void **state)
{
	struct database *database = *state;
	mca_sql *other;

	assert_int_equal(mca_sql_open(&other,
			     place_file(&database->place, "test.db"),
			     MCA_SQL_WRITE, 5, &err),
	    MCA_OK);
	assert_int_equal(mca_sql_run(database->sql, "begin", &err), MCA_OK);
	assert_true(mca_sql_in_transaction(database->sql));
	assert_int_equal(mca_sql_run(other, "begin", &err), MCA_EBUSY);
	assert_non_null(strstr(err.text, "test.db"));
	assert_false(mca_sql_in_transaction(other));
	assert_int_equal(mca_sql_use_wal(other, &err), MCA_EBUSY);
	assert_int_equal(mca_sql_run(database->sql, "rollback", &err), MCA_OK);
	assert_int_equal(mca_sql_use_wal(other, &err), MCA_OK);
	mca_sql_close(other);
}

static void
an_immutable_file_is_read_by_any_name(void **state)
{
	static const char *const names[] = { "a?b.db", "a#b.db", "a%20b.db",
		"a b.db", "a&mode=memory.db" };
	struct database *database = *state;

	for (size_t i = 0; i < ROWS(names); i++) {
		const char *path = place_file(&database->place, names[i]);
		mca_sql *sql;

		make_file(path);
		CHECK(mca_sql_open(&sql, path, MCA_SQL_WRITE, 5, &err) ==
			MCA_OK,
		    "%s", err.text);
		assert_int_equal(mca_sql_script(sql, "PRAGMA user_version = 5",
				     &err),
		    MCA_OK);
		mca_sql_close(sql);
		CHECK(mca_sql_open(&sql, path, MCA_SQL_IMMUTABLE, 5, &err) ==
			MCA_OK,
		    "%s", err.text);
		CHECK(setting(sql, "PRAGMA user_version") == 5, "%s", names[i]);
		assert_true(mca_sql_is_read_only(sql));
		mca_sql_close(sql);
	}
}

static void
a_path_is_shown_escaped(void **state)
{
	struct database *database = *state;
	const char *path = place_file(&database->place, "a\033b.db");
	mca_sql *sql;

	make_file(path);
	assert_int_equal(mca_sql_open(&sql, path, MCA_SQL_WRITE, 5, &err),
	    MCA_OK);
	assert_null(strchr(mca_sql_path(sql), '\033'));
	assert_non_null(strstr(mca_sql_path(sql), "\\x1B"));
	mca_sql_close(sql);
}

static void
a_link_is_not_followed(void **state)
{
	struct database *database = *state;
	char target[512];
	mca_sql *sql = NULL;

	(void)snprintf(target, sizeof(target), "%s",
	    place_file(&database->place, "test.db"));
	assert_int_equal(symlink(target,
			     place_file(&database->place, "link.db")),
	    0);
	assert_int_equal(mca_sql_open(&sql, database->place.file, MCA_SQL_WRITE,
			     5, &err),
	    MCA_ESYSTEM);
	assert_null(sql);
}

static void
a_page_that_could_not_be_read_is_no_damaged_one(void **state)
{
	static const struct {
		const char *line;
		bool unread;
	} rows[] = {
		{ "ok", false },
		{ "On tree page 5 cell 3: Rowid 7 out of order", false },
		{ "Page 9: unable to get the page. error code=266", true },
		{ "Page 9: unable to get the page. error code=8458", true },
		{ "Page 9: unable to get the page. error code=7", true },
		{ "Page 9: unable to get the page. error code=11", false },
		{ "On tree page 5 cell 0: failed to get page 12", true },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK(mca_sql_was_unread(rows[i].line) == rows[i].unread, "%s",
		    rows[i].line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    values_come_back_as_they_went_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_is_not_bound_is_null_even_the_second_time, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    a_statement_is_prepared_once_and_lent_to_one, set_up,
		    tear_down),
		cmocka_unit_test(names_find_their_text_alone),
		cmocka_unit_test_setup_teardown(failures_say_what_they_mean,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_connection_is_durable_strict_and_suspicious, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(a_lock_held_too_long_is_busy,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    an_immutable_file_is_read_by_any_name, set_up, tear_down),
		cmocka_unit_test(
		    a_page_that_could_not_be_read_is_no_damaged_one),
		cmocka_unit_test_setup_teardown(a_path_is_shown_escaped, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(a_link_is_not_followed, set_up,
		    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
