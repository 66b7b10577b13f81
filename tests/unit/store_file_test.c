/*
 * store_file_test.c - what is no store of ours is refused and left as it is;
 * what may only be read can be read.
 */
#include "stored.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>

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
	int64_t broken = 0, count = 0;
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
	const struct mca_embedded newer[] = {
		mca_embedded_schema[0],
		{ "0002-more", "CREATE TABLE more (a)", 21 },
		{ NULL, NULL, 0 },
	};
	mca_store *store;
	mca_code code = open_quick(&store, home, MCA_STORE_READ, newer);

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
		cmocka_unit_test(what_is_no_store_of_ours_is_refused),
		cmocka_unit_test(an_empty_file_becomes_a_store),
		cmocka_unit_test(a_home_may_be_reached_through_a_link),
		cmocka_unit_test(
		    a_store_being_made_is_waited_for_and_then_busy),
		cmocka_unit_test(a_store_that_cannot_be_written_can_be_read),
		cmocka_unit_test(what_only_the_log_holds_is_not_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
