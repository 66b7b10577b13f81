/* swap_test.c - new files take the places of old ones, and give them back. */
#include "rows.h"

#include "minica/owned.h"
#include "place.h"
#include "swap.h"

#include <fcntl.h>

static struct mca_error err;

static void
put(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
holds(const char *path, const char *text, mode_t mode)
{
	char space[64] = "";
	FILE *file = fopen(path, "r");
	struct stat st;

	assert_non_null(file);
	(void)!fread(space, 1, sizeof(space) - 1, file);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(space, text);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

/* A swap that makes `path` hold "new". */
static struct mca_swap
swap_of(const char *path, bool keep_old)
{
	static uint8_t bytes[] = { 'n', 'e', 'w' };
	static const mca_blob blob = { bytes, sizeof(bytes) };

	return (struct mca_swap){ .path = path,
		.parts = &blob,
		.part_count = 1,
		.mode = 0640,
		.uid = geteuid(),
		.gid = getegid(),
		.keep_old = keep_old };
}

static void
in(struct mca_swap *swap)
{
	assert_int_equal(mca_swap_stage(swap, &err), MCA_OK);
	assert_int_equal(mca_swap_in(swap, &err), MCA_OK);
	assert_int_equal(mca_swap_sync(swap->path, &err), MCA_OK);
}

static void
an_old_file_comes_back_as_it_was(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600];

	(void)state;
	place_make(&place);
	(void)snprintf(path, sizeof(path), "%s", place_file(&place, "a"));
	put(path, "old", 0600);
	swap = swap_of(path, true);
	assert_int_equal(mca_swap_stage(&swap, &err), MCA_OK);
	holds(path, "old", 0600);
	assert_int_equal(mca_swap_in(&swap, &err), MCA_OK);
	holds(path, "new", 0640);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	holds(path, "old", 0600);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

static void
a_new_file_stays_and_nothing_lies_beside_it(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600];

	(void)state;
	place_make(&place);
	(void)snprintf(path, sizeof(path), "%s", place_file(&place, "a"));
	put(path, "old", 0600);
	swap = swap_of(path, true);
	in(&swap);
	assert_int_equal(place_count(&place), 2);
	assert_int_equal(mca_swap_done(&swap, &err), MCA_OK);
	holds(path, "new", 0640);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

static void
where_nothing_was_nothing_is_again(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600];

	(void)state;
	place_make(&place);
	(void)snprintf(path, sizeof(path), "%s", place_file(&place, "a"));
	swap = swap_of(path, true);
	in(&swap);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	assert_int_equal(place_count(&place), 0);
	swap = swap_of(path, false);
	assert_int_equal(mca_swap_stage(&swap, &err), MCA_OK);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	assert_int_equal(place_count(&place), 0);
	place_remove(&place);
}

/* A killed run has left the new file in place, and the old one beside it. */
static void
what_a_killed_run_kept_is_what_comes_back(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600];

	(void)state;
	place_make(&place);
	(void)snprintf(path, sizeof(path), "%s", place_file(&place, "a"));
	put(path, "old", 0600);
	swap = swap_of(path, true);
	in(&swap);
	swap = swap_of(path, true);
	swap.same = true;
	in(&swap);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	holds(path, "old", 0600);

	/* And one that was killed while it wrote is in nobody's way. */
	put(place_file(&place, ".a.minica-new"), "half", 0600);
	swap = swap_of(path, true);
	in(&swap);
	assert_int_equal(mca_swap_done(&swap, &err), MCA_OK);
	holds(path, "new", 0640);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

/* It had succeeded but for the record: there is no older one to go back to. */
static void
the_same_bytes_stay_where_they_are(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600];

	(void)state;
	place_make(&place);
	(void)snprintf(path, sizeof(path), "%s", place_file(&place, "a"));
	put(path, "new", 0640);
	swap = swap_of(path, true);
	swap.same = true;
	in(&swap);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	holds(path, "new", 0640);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

static void
a_symbolic_link_is_replaced_not_followed(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600], target[600], link[600];

	(void)state;
	place_make(&place);
	(void)snprintf(path, sizeof(path), "%s", place_file(&place, "a"));
	(void)snprintf(target, sizeof(target), "%s", place_file(&place, "b"));
	put(target, "theirs", 0600);
	(void)snprintf(link, sizeof(link), "%s",
	    place_file(&place, ".a.minica-new"));
	assert_int_equal(symlink(target, link), 0);
	swap = swap_of(path, false);
	in(&swap);
	holds(target, "theirs", 0600);
	holds(path, "new", 0640);
	assert_int_equal(mca_swap_remove(path, true, &err), MCA_OK);
	assert_int_equal(mca_swap_remove(path, true, &err), MCA_OK);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

static void
a_name_too_long_is_refused(void **state)
{
	struct place place;
	struct mca_swap swap;
	char name[260], path[900];

	(void)state;
	place_make(&place);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	(void)snprintf(path, sizeof(path), "%s/%s", place.path, name);
	swap = swap_of(path, true);
	assert_int_equal(mca_swap_stage(&swap, &err), MCA_EUSAGE);
	assert_int_equal(place_count(&place), 0);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_file_comes_back_as_it_was),
		cmocka_unit_test(a_new_file_stays_and_nothing_lies_beside_it),
		cmocka_unit_test(where_nothing_was_nothing_is_again),
		cmocka_unit_test(what_a_killed_run_kept_is_what_comes_back),
		cmocka_unit_test(the_same_bytes_stay_where_they_are),
		cmocka_unit_test(a_symbolic_link_is_replaced_not_followed),
		cmocka_unit_test(a_name_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
