/*
 * store_test.c - opened by many, waited for, and committed whole or not at all.
 */
#include "stored.h"

#include <sys/wait.h>

static void
a_store_is_private_whatever_the_umask(void **state)
{
	struct place place, home = { 0 };
	mode_t before = umask(0);
	struct stat st;
	mca_store *store;

	(void)state;
	place_make(&place);
	(void)snprintf(home.path, sizeof(home.path), "%.200s/a/b", place.path);
	assert_int_equal(mca_store_open(&store, home.path, MCA_STORE_CREATE,
			     NOW, &err),
	    MCA_OK);
	assert_int_equal(mca_store_begin(store, &err), MCA_OK);
	assert_int_equal(note(store, "test"), MCA_OK);
	assert_int_equal(mca_store_commit(store, &err), MCA_OK);

	assert_int_equal(stat(home.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(mode_of(&home, "minica.db"), 0600);
	assert_int_equal(mode_of(&home, "minica.db-wal"), 0600);
	assert_int_equal(mode_of(&home, "minica.db-shm"), 0600);
	assert_int_equal(place_count(&home), 3);
	assert_string_equal(mca_store_home(store), home.path);

	mca_store_close(store);
	assert_int_equal(place_count(&home), 1);
	(void)umask(before);
	place_remove(&place);
}

static void
a_store_opens_again_and_by_several(void **state)
{
	static const enum mca_store_mode modes[] = { MCA_STORE_READ,
		MCA_STORE_WRITE, MCA_STORE_CREATE };
	struct place place;
	mca_store *stores[ROWS(modes)];

	(void)state;
	place_make(&place);
	make_store(&place);
	for (size_t i = 0; i < ROWS(modes); i++)
		CHECK(mca_store_open(&stores[i], place.path, modes[i], NOW,
			  &err) == MCA_OK,
		    "mode %zu: %s", i, err.text);
	for (size_t i = 0; i < ROWS(modes); i++)
		mca_store_close(stores[i]);
	assert_int_equal(raw_number(&place, "PRAGMA user_version"), 1);
	assert_int_equal(raw_number(&place, "SELECT applied FROM migration"),
	    NOW);
	assert_int_equal(raw_number(&place, "PRAGMA application_id"),
	    0x6d6e6361);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

static void
what_is_missing_is_not_made_unasked(void **state)
{
	struct place place;
	char missing[300];
	mca_store *store;

	(void)state;
	place_make(&place);
	(void)snprintf(missing, sizeof(missing), "%s/none", place.path);
	for (int i = 0; i < 4; i++) {
		const char *home = i % 2 == 0 ? place.path : missing;

		assert_int_equal(mca_store_open(&store, home,
				     i < 2 ? MCA_STORE_READ : MCA_STORE_WRITE,
				     NOW, &err),
		    MCA_ENOTFOUND);
		assert_non_null(strstr(err.text, home));
		assert_non_null(strstr(err.text, "init-root"));
	}
	assert_int_equal(place_count(&place), 0);
	place_remove(&place);
}

static void
what_is_not_committed_never_was(void **state)
{
	static const char *const ends[] = { "rollback", "close", "kill" };
	struct place place;

	(void)state;
	place_make(&place);
	make_store(&place);
	for (size_t i = 0; i < ROWS(ends); i++) {
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0) {
			mca_store *store;

			if (mca_store_open(&store, place.path, MCA_STORE_WRITE,
				NOW, &err) != MCA_OK ||
			    mca_store_begin(store, &err) != MCA_OK ||
			    note(store, ends[i]) != MCA_OK)
				_exit(1);
			if (i == 0)
				mca_store_rollback(store);
			if (i == 2)
				(void)raise(SIGKILL);
			mca_store_close(store);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		CHECK(i == 2 ? WIFSIGNALED(status) : status == 0, "%s",
		    ends[i]);
		CHECK(raw_number(&place, "SELECT count(*) FROM audit") == 0,
		    "after %s there is an entry", ends[i]);
	}
	place_remove(&place);
}

static void
what_is_committed_stays_though_killed(void **state)
{
	struct place place;
	pid_t child;
	int status;

	(void)state;
	place_make(&place);
	make_store(&place);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		mca_store *store;

		if (mca_store_open(&store, place.path, MCA_STORE_WRITE, NOW,
			&err) != MCA_OK ||
		    mca_store_begin(store, &err) != MCA_OK ||
		    note(store, "kept") != MCA_OK ||
		    mca_store_commit(store, &err) != MCA_OK)
			_exit(1);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(raw_number(&place, "SELECT count(*) FROM audit"), 1);
	place_remove(&place);
}

static void
a_locked_store_is_waited_for_and_then_busy(void **state)
{
	static const char *const locks[] = { "BEGIN IMMEDIATE",
		"BEGIN EXCLUSIVE" };
	struct place place;

	(void)state;
	place_make(&place);
	make_store(&place);
	for (size_t i = 0; i < ROWS(locks); i++) {
		sqlite3 *other = raw_open(&place);
		mca_store *store;

		assert_int_equal(sqlite3_exec(other, locks[i], NULL, NULL,
				     NULL),
		    SQLITE_OK);
		assert_int_equal(open_quick(&store, place.path, MCA_STORE_WRITE,
				     mca_embedded_schema),
		    MCA_OK);
		assert_int_equal(mca_store_begin(store, &err), MCA_EBUSY);
		assert_non_null(strstr(err.text, "stayed locked"));
		assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL,
				     NULL),
		    SQLITE_OK);
		assert_int_equal(mca_store_begin(store, &err), MCA_OK);
		mca_store_rollback(store);
		mca_store_rollback(store);
		mca_store_close(store);
		assert_int_equal(sqlite3_close(other), SQLITE_OK);
	}
	place_remove(&place);
}

static void
many_may_make_the_store_at_once(void **state)
{
	enum { MAKERS = 8 };
	struct place place, inner;
	const char *home = inner.path;
	pid_t children[MAKERS];
	mca_store *store;
	int64_t broken, count;

	(void)state;
	place_make(&place);
	(void)snprintf(inner.path, sizeof(inner.path), "%.200s/home",
	    place.path);
	for (int i = 0; i < MAKERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			if (mca_store_open(&store, home, MCA_STORE_CREATE, NOW,
				&err) != MCA_OK ||
			    mca_store_begin(store, &err) != MCA_OK ||
			    note(store, "made") != MCA_OK ||
			    mca_store_commit(store, &err) != MCA_OK) {
				(void)fprintf(stderr, "%s\n", err.text);
				_exit(1);
			}
			mca_store_close(store);
			_exit(0);
		}
	}
	for (int i = 0; i < MAKERS; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		CHECK(status == 0, "maker %d failed", i);
	}
	assert_int_equal(mca_store_open(&store, home, MCA_STORE_READ, NOW,
			     &err),
	    MCA_OK);
	assert_int_equal(mca_audit_verify(store, &broken, &count, &err),
	    MCA_OK);
	assert_int_equal(broken, 0);
	assert_int_equal(count, MAKERS);
	mca_store_close(store);
	assert_int_equal(place_count(&inner), 1);
	place_remove(&place);
}

static void
a_reader_changes_nothing(void **state)
{
	struct place place;
	mca_store *store;

	(void)state;
	place_make(&place);
	make_store(&place);
	assert_int_equal(mca_store_open(&store, place.path, MCA_STORE_READ, NOW,
			     &err),
	    MCA_OK);
	assert_int_equal(mca_store_begin(store, &err), MCA_ESYSTEM);
	assert_non_null(strstr(err.text, "may only be read"));
	mca_store_rollback(store);
	mca_store_close(store);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_private_whatever_the_umask),
		cmocka_unit_test(a_store_opens_again_and_by_several),
		cmocka_unit_test(what_is_missing_is_not_made_unasked),
		cmocka_unit_test(what_is_not_committed_never_was),
		cmocka_unit_test(what_is_committed_stays_though_killed),
		cmocka_unit_test(a_locked_store_is_waited_for_and_then_busy),
		cmocka_unit_test(many_may_make_the_store_at_once),
		cmocka_unit_test(a_reader_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
