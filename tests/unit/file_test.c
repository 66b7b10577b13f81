/* file_test.c - files are read within a cap and written whole or not at all. */
#include "rows.h"

#include "minica/file.h"
#include "minica/owned.h"
#include "place.h"

#include <fcntl.h>

static struct mca_error err;

static void
write_plain(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(bytes, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
a_written_file_reads_back(void **state)
{
	struct place place;
	scoped(mca_blob) blob = { 0 };
	struct stat st;
	mode_t before = umask(0);

	(void)state;
	place_make(&place);
	const char *path = place_file(&place, "a.pem");
	assert_int_equal(mca_file_save(path, "hello", 5, 0600, MCA_FILE_NEW,
			     &err),
	    MCA_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(mca_file_read(&blob, path, 5, &err), MCA_OK);
	assert_int_equal(blob.length, 5);
	assert_memory_equal(blob.bytes, "hello", 5);
	assert_int_equal(place_count(&place), 1);
	(void)umask(077);
	assert_int_equal(mca_file_save(path, "more", 4, 0644, MCA_FILE_REPLACE,
			     &err),
	    MCA_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(place_count(&place), 1);
	(void)umask(before);
	place_remove(&place);
}

static void
what_is_there_stays(void **state)
{
	struct place place;
	char path[600], link[600];
	scoped(mca_blob) blob = { 0 };

	(void)state;
	place_make(&place);
	(void)snprintf(path, sizeof(path), "%s",
	    place_file(&place, "precious"));
	(void)snprintf(link, sizeof(link), "%s", place_file(&place, "link"));
	write_plain(path, "precious");
	assert_int_equal(symlink("precious", link), 0);

	assert_int_equal(mca_file_save(path, "x", 1, 0600, MCA_FILE_NEW, &err),
	    MCA_EEXISTS);
	assert_int_equal(mca_file_save(link, "x", 1, 0600, MCA_FILE_REPLACE,
			     &err),
	    MCA_EUSAGE);
	assert_non_null(strstr(err.text, "symbolic link"));
	assert_int_equal(mca_file_save(place.path, "x", 1, 0600,
			     MCA_FILE_REPLACE, &err),
	    MCA_EUSAGE);
	assert_int_equal(mca_file_save("/dev/null", "x", 1, 0600,
			     MCA_FILE_REPLACE, &err),
	    MCA_EUSAGE);
	assert_int_equal(mca_file_save(place_file(&place, "no/such"), "x", 1,
			     0600, MCA_FILE_NEW, &err),
	    MCA_ENOTFOUND);
	assert_int_equal(mca_file_read(&blob, path, 100, &err), MCA_OK);
	assert_memory_equal(blob.bytes, "precious", 8);
	assert_int_equal(place_count(&place), 2);
	place_remove(&place);
}

static void
a_name_taken_meanwhile_is_not_replaced(void **state)
{
	struct place place;
	owned(mca_file) *file = NULL;
	scoped(mca_blob) blob = { 0 };

	(void)state;
	place_make(&place);
	const char *path = place_file(&place, "a");
	assert_int_equal(mca_file_open(&file, path, 0600, MCA_FILE_NEW, &err),
	    MCA_OK);
	assert_int_equal(mca_file_write(file, "ours", 4, &err), MCA_OK);
	write_plain(path, "theirs");
	assert_int_equal(mca_file_commit(file, &err), MCA_EEXISTS);
	assert_int_equal(mca_file_read(&blob, path, 100, &err), MCA_OK);
	assert_memory_equal(blob.bytes, "theirs", 6);
	place_remove(&place);
}

/* Few are committed one by one, many together; both are whole or nothing. */
static void
many_files_are_committed_each_for_itself(void **state)
{
	enum { MOST = 12 };
	static const size_t counts[] = { 1, 3, MOST };

	(void)state;
	for (size_t n = 0; n < ROWS(counts); n++) {
		struct place place;
		mca_file *files[MOST];
		mca_code codes[MOST];
		struct mca_error errs[MOST];
		char name[32];
		size_t count = counts[n];
		struct stat st;

		place_make(&place);
		for (size_t i = 0; i < count; i++) {
			(void)snprintf(name, sizeof(name), "%zu.pem", i);
			assert_int_equal(mca_file_open(&files[i],
					     place_file(&place, name), 0640,
					     MCA_FILE_NEW, &err),
			    MCA_OK);
			assert_int_equal(mca_file_write(files[i], name,
					     strlen(name), &err),
			    MCA_OK);
		}
		assert_int_equal(place_count(&place), 0);
		write_plain(place_file(&place, "0.pem"), "precious");
		CHECK(mca_files_commit(files, count, codes, errs, &err) ==
			MCA_EEXISTS,
		    "%zu: a name that was taken meanwhile", count);
		assert_int_equal(codes[0], MCA_EEXISTS);
		for (size_t i = 1; i < count; i++) {
			(void)snprintf(name, sizeof(name), "%zu.pem", i);
			CHECK(codes[i] == MCA_OK &&
				stat(place_file(&place, name), &st) == 0 &&
				(st.st_mode & 0777) == 0640 &&
				st.st_size == (off_t)strlen(name),
			    "%zu: %s", count, name);
		}
		for (size_t i = 0; i < count; i++)
			mca_file_free(files[i]);
		assert_int_equal(place_count(&place), (int)count);
		place_remove(&place);
	}
}

static int
count_open(void)
{
	int count = 0;

	for (int fd = 0; fd < 200; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* Each is a descriptor, and so is each directory, whoever is freed first. */
static void
files_beside_each_other_share_their_directory(void **state)
{
	static const struct {
		const char *name;
		int more; /* descriptors */
	} rows[] = { { "a.pem", 2 }, { "b.pem", 1 }, { "sub/a.pem", 2 },
		{ "sub/b.pem", 1 }, { "c.pem", 2 } };
	mca_file *files[ROWS(rows)] = { NULL };
	int before = count_open();
	struct place place;

	(void)state;
	place_make(&place);
	assert_int_equal(mkdir(place_file(&place, "sub"), 0700), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		int open = count_open();

		assert_int_equal(mca_file_open_beside(&files[i],
				     i == 0 ? NULL : files[i - 1],
				     place_file(&place, rows[i].name), 0600,
				     MCA_FILE_NEW, &err),
		    MCA_OK);
		CHECK(count_open() == open + rows[i].more, "%s: %d",
		    rows[i].name, count_open() - open);
	}
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_int_equal(mca_file_write(files[i], "x", 1, &err),
		    MCA_OK);
		CHECK(mca_file_commit(files[i], &err) == MCA_OK, "%s: %s",
		    rows[i].name, err.text);
		mca_file_free(files[i]);
		CHECK(access(place_file(&place, rows[i].name), F_OK) == 0,
		    "%s is there", rows[i].name);
	}
	assert_int_equal(count_open(), before);
	assert_int_equal(unlink(place_file(&place, "sub/a.pem")), 0);
	assert_int_equal(unlink(place_file(&place, "sub/b.pem")), 0);
	assert_int_equal(rmdir(place_file(&place, "sub")), 0);
	place_remove(&place);
}

static void
an_abandoned_file_leaves_nothing(void **state)
{
	struct place place;
	mca_file *file = NULL;

	(void)state;
	place_make(&place);
	assert_int_equal(mca_file_open(&file, place_file(&place, "a"), 0600,
			     MCA_FILE_NEW, &err),
	    MCA_OK);
	assert_int_equal(mca_file_write(file, "half", 4, &err), MCA_OK);
	mca_file_free(file);
	assert_int_equal(place_count(&place), 0);
	place_remove(&place);
}

static void
reading_says_what_is_wrong(void **state)
{
	struct place place;
	scoped(mca_blob) blob = { 0 };

	(void)state;
	place_make(&place);
	assert_int_equal(mca_file_read(&blob, place_file(&place, "none"), 10,
			     &err),
	    MCA_ENOTFOUND);
	assert_int_equal(mca_file_read(&blob, place.path, 10, &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "directory"));
	write_plain(place_file(&place, "big"), "12345678901");
	assert_int_equal(mca_file_read(&blob, place_file(&place, "big"), 10,
			     &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "limit of 10 bytes"));
	assert_int_equal(mca_file_read(&blob, "/dev/zero", 100000, &err),
	    MCA_EFORMAT);
	assert_null(blob.bytes);
	place_remove(&place);
}

static void
directories_are_made_with_their_parents(void **state)
{
	struct place place;
	struct stat st;

	(void)state;
	place_make(&place);
	const char *path = place_file(&place, "a/b/c");
	assert_int_equal(mca_file_make_directory(path, 0700, &err), MCA_OK);
	assert_int_equal(mca_file_make_directory(path, 0700, &err), MCA_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	write_plain(place_file(&place, "f"), "");
	assert_int_equal(mca_file_make_directory(place_file(&place, "f/x"),
			     0700, &err),
	    MCA_EUSAGE);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_written_file_reads_back),
		cmocka_unit_test(what_is_there_stays),
		cmocka_unit_test(a_name_taken_meanwhile_is_not_replaced),
		cmocka_unit_test(many_files_are_committed_each_for_itself),
		cmocka_unit_test(files_beside_each_other_share_their_directory),
		cmocka_unit_test(an_abandoned_file_leaves_nothing),
		cmocka_unit_test(reading_says_what_is_wrong),
		cmocka_unit_test(directories_are_made_with_their_parents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
