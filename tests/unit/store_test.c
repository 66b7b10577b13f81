/*
 * store_test.c - the store's file: made privately, opened by those who may,
 * refused when it is something else, migrated whole or not at all.
 */
#include "rows.h"

#include "embedded.h"
#include "minica/audit.h"
#include "place.h"
#include "store.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>

#include <sqlite3.h>

#define NOW INT64_C(1800000000)

static struct mca_error err;

static mca_code
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

static void
make_store(const struct place *place)
{
	mca_store *store;

	CHECK(mca_store_open(&store, place->path, MCA_STORE_CREATE, NOW,
		  &err) == MCA_OK,
	    "%s", err.text);
	mca_store_close(store);
}

static sqlite3 *
raw_open(struct place *place)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place_file(place, "minica.db"), &db),
	    SQLITE_OK);
	return db;
}

static void
raw(struct place *place, const char *sql)
{
	sqlite3 *db = raw_open(place);
	char *why = NULL;

	CHECK(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s",
	    sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t
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

static mode_t
mode_of(struct place *place, const char *name)
{
	struct stat st;

	return lstat(place_file(place, name), &st) == 0 ? st.st_mode & 0777 : 0;
}

static mca_code
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
put(struct place *place, const char *bytes, size_t length)
{
	FILE *file = fopen(place_file(place, "minica.db"), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void
put_text(struct place *place)
{
	char text[2000];

	memset(text, 'x', sizeof(text));
	put(place, text, sizeof(text));
}

static void
put_short(struct place *place)
{
	put(place, "x", 1);
}

static void
put_nothing(struct place *place)
{
	put(place, "", 0);
}

static void
put_foreign(struct place *place)
{
	raw(place, "PRAGMA application_id = 7; CREATE TABLE t (a)");
}

static void
put_unmarked(struct place *place)
{
	raw(place, "CREATE TABLE t (a)");
}

static void
put_versioned(struct place *place)
{
	raw(place, "PRAGMA user_version = 1");
}

static void
put_newer(struct place *place)
{
	make_store(place);
	raw(place, "PRAGMA user_version = 2");
}

static void
put_symlink(struct place *place)
{
	char target[300];

	make_store(place);
	(void)snprintf(target, sizeof(target), "%s/elsewhere.db", place->path);
	assert_int_equal(rename(place_file(place, "minica.db"), target), 0);
	assert_int_equal(symlink(target, place_file(place, "minica.db")), 0);
}

static void
put_dangling(struct place *place)
{
	assert_int_equal(symlink("none", place_file(place, "minica.db")), 0);
}

static void
put_directory(struct place *place)
{
	assert_int_equal(mkdir(place_file(place, "minica.db"), 0700), 0);
}

static void
put_pipe(struct place *place)
{
	assert_int_equal(mkfifo(place_file(place, "minica.db"), 0600), 0);
}

/* A store whose later pages are noise: the header alone looks well. */
static void
put_damaged(struct place *place)
{
	char noise[4096];
	int fd;

	make_store(place);
	memset(noise, 0x5a, sizeof(noise));
	fd = open(place_file(place, "minica.db"), O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (off_t at = 100; at < 100 + 4096; at += 4096)
		assert_int_equal(pwrite(fd, noise, 3900, at), 3900);
	assert_int_equal(close(fd), 0);
}

static void
put_truncated(struct place *place)
{
	make_store(place);
	assert_int_equal(truncate(place_file(place, "minica.db"), 5000), 0);
}

static void
what_is_no_store_of_ours_is_refused(void **state)
{
	static const struct {
		const char *why;
		void (*put)(struct place *place);
		enum mca_store_mode mode;
		mca_code code;
		const char *says;
	} cases[] = {
		{ "text", put_text, MCA_STORE_CREATE, MCA_EFORMAT,
		    "not an SQLite database" },
		{ "text, read", put_text, MCA_STORE_READ, MCA_EFORMAT,
		    "not an SQLite database" },
		{ "one byte", put_short, MCA_STORE_WRITE, MCA_EFORMAT,
		    "not an SQLite database" },
		{ "an empty file to read", put_nothing, MCA_STORE_READ,
		    MCA_ENOTFOUND, "init-root" },
		{ "another program's", put_foreign, MCA_STORE_CREATE,
		    MCA_EFORMAT, "0x00000007" },
		{ "tables without a mark", put_unmarked, MCA_STORE_WRITE,
		    MCA_EFORMAT, "another program" },
		{ "a version without a mark", put_versioned, MCA_STORE_WRITE,
		    MCA_EFORMAT, "another program" },
		{ "a newer store", put_newer, MCA_STORE_WRITE, MCA_EFORMAT,
		    "newer minica (version 2 of the store, this program "
		    "knows 1)" },
		{ "a newer store, read", put_newer, MCA_STORE_READ, MCA_EFORMAT,
		    "newer minica" },
		{ "a symbolic link", put_symlink, MCA_STORE_CREATE, MCA_EFORMAT,
		    "symbolic link" },
		{ "a symbolic link, read", put_symlink, MCA_STORE_READ,
		    MCA_EFORMAT, "symbolic link" },
		{ "a dangling link", put_dangling, MCA_STORE_CREATE,
		    MCA_EFORMAT, "symbolic link" },
		{ "a directory", put_directory, MCA_STORE_CREATE, MCA_EFORMAT,
		    "no regular file" },
		{ "a pipe", put_pipe, MCA_STORE_WRITE, MCA_EFORMAT,
		    "no regular file" },
		{ "a damaged store", put_damaged, MCA_STORE_READ, MCA_ESYSTEM,
		    "is damaged" },
		{ "a truncated store", put_truncated, MCA_STORE_WRITE,
		    MCA_ESYSTEM, "is damaged" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct place place;
		struct stat before, after;
		mca_store *store = NULL;
		size_t entries;

		place_make(&place);
		cases[i].put(&place);
		entries = place_count(&place);
		assert_int_equal(lstat(place_file(&place, "minica.db"),
				     &before),
		    0);
		CHECK(open_quick(&store, place.path, cases[i].mode,
			  mca_embedded_schema) == cases[i].code,
		    "%s: %s", cases[i].why, err.text);
		CHECK(strstr(err.text, cases[i].says) != NULL, "%s: %s",
		    cases[i].why, err.text);
		assert_null(store);
		assert_int_equal(lstat(place_file(&place, "minica.db"), &after),
		    0);
		CHECK(before.st_size == after.st_size &&
			before.st_ino == after.st_ino,
		    "%s: the file was changed", cases[i].why);
		CHECK(place_count(&place) == entries, "%s: files were left",
		    cases[i].why);
		place_remove(&place);
	}
}

static void
an_empty_file_becomes_a_store(void **state)
{
	struct place place;
	mca_store *store;

	(void)state;
	place_make(&place);
	put_nothing(&place);
	CHECK(mca_store_open(&store, place.path, MCA_STORE_WRITE, NOW, &err) ==
		MCA_OK,
	    "%s", err.text);
	mca_store_close(store);
	assert_int_equal(raw_number(&place, "PRAGMA user_version"), 1);
	place_remove(&place);
}

static void
a_home_may_be_reached_through_a_link(void **state)
{
	struct place place;
	char link[300];
	mca_store *store;

	(void)state;
	place_make(&place);
	make_store(&place);
	(void)snprintf(link, sizeof(link), "%s/link?#%%41", place.path);
	assert_int_equal(symlink(place.path, link), 0);
	CHECK(mca_store_open(&store, link, MCA_STORE_WRITE, NOW, &err) ==
		MCA_OK,
	    "%s", err.text);
	assert_string_equal(mca_store_home(store), link);
	mca_store_close(store);
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
a_store_being_made_is_waited_for_and_then_busy(void **state)
{
	struct place place;
	mca_store *store;
	sqlite3 *other;

	(void)state;
	place_make(&place);
	put_nothing(&place);
	other = raw_open(&place);
	assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL,
			     NULL),
	    SQLITE_OK);
	for (int mode = MCA_STORE_READ; mode <= MCA_STORE_CREATE; mode++)
		assert_int_equal(open_quick(&store, place.path,
				     (enum mca_store_mode)mode,
				     mca_embedded_schema),
		    MCA_EBUSY);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
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

/*
 * Root may write anything, so the tests of what may not be written become
 * somebody else, in a child whose exit status tells how far it came.
 */
static int
as_nobody(int (*act)(const char *home), struct place *place)
{
	pid_t child;
	int status;

	if (geteuid() == 0) {
		assert_int_equal(chown(place->path, 65534, 65534), 0);
		assert_int_equal(chown(place_file(place, "minica.db"), 65534,
				     65534),
		    0);
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (geteuid() == 0 &&
		    (setgroups(0, NULL) != 0 || setgid(65534) != 0 ||
			setuid(65534) != 0))
			_exit(99);
		_exit(act(place->path));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
read_it(const char *home)
{
	mca_store *store;
	int64_t broken, count;
	mca_code code;

	code = open_quick(&store, home, MCA_STORE_READ, mca_embedded_schema);
	if (code == MCA_OK)
		code = mca_audit_verify(store, &broken, &count, &err);
	if (code == MCA_OK && (broken != 0 || count != 1))
		return 98;
	if (code != MCA_OK && strstr(err.text, "holds changes") == NULL)
		(void)fprintf(stderr, "%s\n", err.text);
	return (int)code;
}

static int
write_it(const char *home)
{
	mca_store *store;
	mca_code code =
	    open_quick(&store, home, MCA_STORE_WRITE, mca_embedded_schema);

	if (strstr(err.text, "cannot be written") == NULL ||
	    strstr(err.text, home) == NULL)
		return 97;
	return (int)code;
}

static int
migrate_it(const char *home)
{
	mca_store *store;
	mca_code code = open_quick(&store, home, MCA_STORE_READ,
	    with_migration("0002-more", "CREATE TABLE more (a)"));

	if (strstr(err.text, "cannot be written") == NULL)
		return 97;
	return (int)code;
}

static int
write_log(const char *home)
{
	mca_store *store;

	if (open_quick(&store, home, MCA_STORE_WRITE, mca_embedded_schema) !=
		MCA_OK ||
	    mca_store_begin(store, &err) != MCA_OK ||
	    note(store, "here") != MCA_OK ||
	    mca_store_commit(store, &err) != MCA_OK)
		return 1;
	(void)raise(SIGKILL); /* with everything still in the log */
	return 1;
}

static void
a_store_that_cannot_be_written_can_be_read(void **state)
{
	static const struct {
		const char *why;
		mode_t home, file;
	} cases[] = {
		{ "the file", 0700, 0400 },
		{ "the home", 0500, 0600 },
		{ "both", 0500, 0400 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct place place;
		mca_store *store;

		place_make(&place);
		assert_int_equal(mca_store_open(&store, place.path,
				     MCA_STORE_CREATE, NOW, &err),
		    MCA_OK);
		assert_int_equal(mca_store_begin(store, &err), MCA_OK);
		assert_int_equal(note(store, "here"), MCA_OK);
		assert_int_equal(mca_store_commit(store, &err), MCA_OK);
		mca_store_close(store);
		assert_int_equal(chmod(place_file(&place, "minica.db"),
				     cases[i].file),
		    0);
		assert_int_equal(chmod(place.path, cases[i].home), 0);

		CHECK(as_nobody(read_it, &place) == MCA_OK,
		    "%s: it cannot be read", cases[i].why);
		CHECK(as_nobody(write_it, &place) == MCA_ESYSTEM,
		    "%s: writing ends otherwise", cases[i].why);
		CHECK(as_nobody(migrate_it, &place) == MCA_ESYSTEM,
		    "%s: migrating ends otherwise", cases[i].why);
		assert_int_equal(chmod(place.path, 0700), 0);
		place_remove(&place);
	}
}

static void
what_only_the_log_holds_is_not_passed_over(void **state)
{
	struct place place;
	pid_t child;
	int status;

	(void)state;
	place_make(&place);
	make_store(&place);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(write_log(place.path));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	if (geteuid() == 0)
		assert_int_equal(chown(place_file(&place, "minica.db-wal"),
				     65534, 65534),
		    0);
	assert_int_equal(unlink(place_file(&place, "minica.db-shm")), 0);
	assert_int_equal(chmod(place.path, 0500), 0);
	assert_int_equal(as_nobody(read_it, &place), MCA_ESYSTEM);
	assert_int_equal(chmod(place.path, 0700), 0);
	assert_int_equal(as_nobody(read_it, &place), MCA_OK);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_private_whatever_the_umask),
		cmocka_unit_test(a_store_opens_again_and_by_several),
		cmocka_unit_test(what_is_missing_is_not_made_unasked),
		cmocka_unit_test(what_is_no_store_of_ours_is_refused),
		cmocka_unit_test(an_empty_file_becomes_a_store),
		cmocka_unit_test(a_home_may_be_reached_through_a_link),
		cmocka_unit_test(what_is_not_committed_never_was),
		cmocka_unit_test(what_is_committed_stays_though_killed),
		cmocka_unit_test(a_locked_store_is_waited_for_and_then_busy),
		cmocka_unit_test(
		    a_store_being_made_is_waited_for_and_then_busy),
		cmocka_unit_test(many_may_make_the_store_at_once),
		cmocka_unit_test(an_old_store_is_migrated_after_a_backup),
		cmocka_unit_test(a_migration_that_fails_changes_nothing),
		cmocka_unit_test(a_backup_that_fails_stops_the_migration),
		cmocka_unit_test(many_may_migrate_at_once),
		cmocka_unit_test(a_reader_changes_nothing),
		cmocka_unit_test(a_store_that_cannot_be_written_can_be_read),
		cmocka_unit_test(what_only_the_log_holds_is_not_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
