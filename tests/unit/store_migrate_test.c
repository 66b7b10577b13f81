/*
 * store_migrate_test.c - an old store becomes new whole or not at all, and a
 * copy of the old one stays.
 */
#include "stored.h"

#include <sys/wait.h>

/* Version 1 and what tests put on top of it. */
static struct mca_embedded versions[4];

static const struct mca_embedded *
with_migration(const char *name, const char *text)
{
	versions[0] = mca_embedded_schema[0];
	versions[1] = (struct mca_embedded){ name, text, strlen(text) };
	versions[2] = (struct mca_embedded){ "queries", "", 0 };
	versions[3] = (struct mca_embedded){ 0 };
	return versions;
}

static void
an_old_store_is_migrated_after_a_backup(void **state)
{
	const struct mca_embedded *schema = with_migration("0002-more",
	    "CREATE TABLE more (a) ; "
	    "INSERT INTO more VALUES (5);");
	struct place place, backup;
	mca_store *store;
	mode_t before = umask(0);

	(void)state;
	place_make(&place);
	place_make(&backup);
	make_store(&place);
	raw(&place, "INSERT INTO issuer (name) VALUES ('kept')");
	CHECK(open_quick(&store, place.path, MCA_STORE_READ, schema) == MCA_OK,
	    "%s", err.text);
	mca_store_close(store);
	(void)umask(before);

	assert_int_equal(raw_number(&place, "PRAGMA user_version"), 2);
	assert_int_equal(raw_number(&place, "SELECT a FROM more"), 5);
	assert_int_equal(raw_number(&place, "SELECT count(*) FROM migration"),
	    2);
	assert_int_equal(raw_number(&place, "SELECT count(*) FROM issuer"), 1);
	assert_int_equal(mode_of(&place, "minica.db.backup-v1"), 0600);
	assert_int_equal(place_count(&place), 2);

	char from[512];
	(void)snprintf(from, sizeof(from), "%s",
	    place_file(&place, "minica.db.backup-v1"));
	assert_int_equal(rename(from, place_file(&backup, "minica.db")), 0);
	assert_int_equal(mca_store_open(&store, backup.path, MCA_STORE_WRITE,
			     NOW, &err),
	    MCA_OK);
	mca_store_close(store);
	assert_int_equal(raw_number(&backup, "PRAGMA user_version"), 1);
	assert_int_equal(raw_number(&backup, "SELECT count(*) FROM issuer"), 1);
	place_remove(&place);
	place_remove(&backup);
}

static void
a_migration_that_fails_changes_nothing(void **state)
{
	const struct mca_embedded *schema = with_migration("0002-bad",
	    "CREATE TABLE more (a); INSERT INTO nowhere VALUES (1);");
	struct place place;
	mca_store *store;

	(void)state;
	place_make(&place);
	make_store(&place);
	assert_int_equal(open_quick(&store, place.path, MCA_STORE_WRITE,
			     schema),
	    MCA_ESYSTEM);
	assert_non_null(strstr(err.text, "not migrated to version 2"));
	assert_int_equal(raw_number(&place, "PRAGMA user_version"), 1);
	assert_int_equal(raw_number(&place,
			     "SELECT count(*) FROM sqlite_schema "
			     "WHERE name = 'more'"),
	    0);
	make_store(&place);
	place_remove(&place);
}

static void
a_backup_that_fails_stops_the_migration(void **state)
{
	const struct mca_embedded *schema =
	    with_migration("0002-more", "CREATE TABLE more (a)");
	struct place place;
	mca_store *store;

	(void)state;
	place_make(&place);
	make_store(&place);
	assert_int_equal(mkdir(place_file(&place, "minica.db.backup-v1"), 0700),
	    0);
	assert_int_equal(open_quick(&store, place.path, MCA_STORE_WRITE,
			     schema),
	    MCA_ESYSTEM);
	assert_non_null(strstr(err.text, "minica.db.backup-v1"));
	assert_int_equal(raw_number(&place, "PRAGMA user_version"), 1);
	assert_int_equal(place_count(&place), 2);
	place_remove(&place);
}

static void
many_may_migrate_at_once(void **state)
{
	enum { MIGRATORS = 6 };
	const struct mca_embedded *schema =
	    with_migration("0002-more", "CREATE TABLE more (a)");
	struct place place;
	pid_t children[MIGRATORS];

	(void)state;
	place_make(&place);
	make_store(&place);
	for (int i = 0; i < MIGRATORS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			struct mca_store_options options = { place.path,
				MCA_STORE_WRITE, NOW, 30000, schema };
			mca_store *store;
			mca_code code =
			    mca_store_open_with(&store, &options, &err);

			if (code != MCA_OK) {
				(void)fprintf(stderr, "%s\n", err.text);
				_exit(1);
			}
			mca_store_close(store);
			_exit(0);
		}
	}
	for (int i = 0; i < MIGRATORS; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		CHECK(status == 0, "migrator %d failed", i);
	}
	assert_int_equal(raw_number(&place, "PRAGMA user_version"), 2);
	assert_int_equal(place_count(&place), 2);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_store_is_migrated_after_a_backup),
		cmocka_unit_test(a_migration_that_fails_changes_nothing),
		cmocka_unit_test(a_backup_that_fails_stops_the_migration),
		cmocka_unit_test(many_may_migrate_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
