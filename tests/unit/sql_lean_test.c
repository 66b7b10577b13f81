/* sql_lean_test.c - SQLite takes no more memory than it is asked to use. */
#include "rows.h"

#include "place.h"
#include "sql.h"

#include <fcntl.h>
#include <sqlite3.h>

static struct mca_error err;
static bool lean; /* what mca_sql_lean said at the beginning */

/* What SQLite asks for at once, at most. */
static sqlite3_mem_methods usual;
static int largest;

static void *
get(int size)
{
	if (size > largest)
		largest = size;
	return usual.xMalloc(size);
}

static void
watch(void)
{
	sqlite3_mem_methods own;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) != SQLITE_OK)
		abort();
	own = usual;
	own.xMalloc = get;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &own) != SQLITE_OK)
		abort();
}

static void
memory_is_for_pages_that_are_read(void **state)
{
	struct place place;
	owned(mca_sql) *sql = NULL;
	const char *path;
	int fd;

	(void)state;
	assert_true(lean);
	place_make(&place);
	path = place_file(&place, "test.db");
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	CHECK(mca_sql_open(&sql, path, MCA_SQL_WRITE, 20, &err) == MCA_OK &&
		mca_sql_script(sql, "CREATE TABLE one (a); SELECT * FROM one",
		    &err) == MCA_OK,
	    "%s", err.text);
	assert_true(largest > 0);
	/* A connection's own pool may take half as much as these 20 pages. */
	CHECK(largest < 20 * 4096, "%d bytes were asked for at once", largest);
	assert_int_equal(sqlite3_memory_used(), 0);
	place_remove(&place);
}

static void
what_is_in_use_stays_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_initialize(), SQLITE_OK);
	assert_false(mca_sql_lean());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_for_pages_that_are_read),
		cmocka_unit_test(what_is_in_use_stays_as_it_is),
	};

	/* As a program does, before SQLite is asked for anything. */
	watch();
	lean = mca_sql_lean();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
