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

/* A place whose file "a", at `path`, holds `text`. */
static void
lay(struct place *place, char path[600], const char *text)
{
	place_make(place);
	(void)snprintf(path, 600, "%s", place_file(place, "a"));
	put(path, text, 0600);
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
	lay(&place, path, "old");
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
	lay(&place, path, "old");
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

/* Kept and not yet replaced; the second time by a run that was killed. */
static void
what_is_kept_comes_back_before_it_was_replaced(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600];

	(void)state;
	lay(&place, path, "old");
	swap = swap_of(path, true);
	assert_int_equal(mca_swap_stage(&swap, &err), MCA_OK);
	assert_int_equal(mca_swap_keep(&swap, &err), MCA_OK);
	assert_int_equal(place_count(&place), 3);
	holds(path, "old", 0600);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	holds(path, "old", 0600);
	assert_int_equal(place_count(&place), 1);

	swap = swap_of(path, true);
	in(&swap);
	swap = swap_of(path, true);
	swap.same = true;
	assert_int_equal(mca_swap_stage(&swap, &err), MCA_OK);
	assert_int_equal(mca_swap_keep(&swap, &err), MCA_OK);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	holds(path, "old", 0600);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

static void
a_way_back_that_was_barred_can_be_taken_again(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600], old[600], aside[600];

	(void)state;
	lay(&place, path, "old");
	(void)snprintf(old, sizeof(old), "%s",
	    place_file(&place, ".a.minica-old"));
	(void)snprintf(aside, sizeof(aside), "%s", place_file(&place, "b"));
	swap = swap_of(path, true);
	in(&swap);
	assert_int_equal(rename(old, aside), 0);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_ESYSTEM);
	holds(path, "new", 0640);
	assert_int_equal(rename(aside, old), 0);
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	holds(path, "old", 0600);
	/* And once more than needed. */
	assert_int_equal(mca_swap_back(&swap, &err), MCA_OK);
	holds(path, "old", 0600);
	assert_int_equal(place_count(&place), 1);
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
	lay(&place, path, "old");
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

/* Files "a" and "d/b" of a place, each of which "old" is in, staged. */
struct pair {
	struct place place;
	char first[600], directory[600], second[700];
	struct mca_swap swaps[2];
	struct mca_swap *both[2];
};

static void
pair_make(struct pair *pair)
{
	place_make(&pair->place);
	(void)snprintf(pair->first, sizeof(pair->first), "%s",
	    place_file(&pair->place, "a"));
	(void)snprintf(pair->directory, sizeof(pair->directory), "%s",
	    place_file(&pair->place, "d"));
	(void)snprintf(pair->second, sizeof(pair->second), "%s/b",
	    pair->directory);
	assert_int_equal(mkdir(pair->directory, 0700), 0);
	put(pair->first, "old", 0600);
	put(pair->second, "old", 0600);
	pair->swaps[0] = swap_of(pair->first, false);
	pair->swaps[1] = swap_of(pair->second, false);
	for (size_t i = 0; i < 2; i++) {
		pair->both[i] = &pair->swaps[i];
		assert_int_equal(mca_swap_stage(pair->both[i], &err), MCA_OK);
	}
}

static void
pair_remove(struct pair *pair)
{
	assert_int_equal(unlink(pair->second), 0);
	assert_int_equal(rmdir(pair->directory), 0);
	place_remove(&pair->place);
}

static void
files_that_belong_together_are_all_new(void **state)
{
	struct pair pair;

	(void)state;
	pair_make(&pair);
	/* A killed run's, older than what is there. */
	put(place_file(&pair.place, ".a.minica-old"), "older", 0600);
	assert_int_equal(mca_swap_in_all(pair.both, 2, &err), MCA_OK);
	holds(pair.first, "new", 0640);
	holds(pair.second, "new", 0640);
	assert_int_equal(place_count(&pair.place), 2);
	pair_remove(&pair);
}

static void
or_all_old_when_a_directory_cannot_be_opened(void **state)
{
	struct pair pair;
	char away[600];

	(void)state;
	pair_make(&pair);
	(void)snprintf(away, sizeof(away), "%s", place_file(&pair.place, "e"));
	assert_int_equal(rename(pair.directory, away), 0);
	assert_int_equal(mca_swap_in_all(pair.both, 2, &err), MCA_ESYSTEM);
	assert_int_equal(rename(away, pair.directory), 0);
	holds(pair.first, "old", 0600);
	holds(pair.second, "old", 0600);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(mca_swap_back(pair.both[i], &err), MCA_OK);
	assert_int_equal(place_count(&pair.place), 2);
	pair_remove(&pair);
}

/* Nothing takes the place of a directory; what is in the way is `there`. */
static void
the_first_comes_back(bool there)
{
	struct pair pair;

	pair_make(&pair);
	if (!there)
		assert_int_equal(unlink(pair.first), 0);
	assert_int_equal(unlink(pair.second), 0);
	assert_int_equal(mkdir(pair.second, 0700), 0);
	put(place_file(&pair.place, ".a.minica-old"), "older", 0600);
	assert_int_equal(mca_swap_in_all(pair.both, 2, &err), MCA_ESYSTEM);
	if (there)
		holds(pair.first, "old", 0600);
	assert_int_equal(pair.swaps[1].state, MCA_SWAP_STAGED);
	assert_int_equal(mca_swap_back(pair.both[1], &err), MCA_OK);
	assert_int_equal(place_count(&pair.place), there ? 2 : 1);
	assert_int_equal(rmdir(pair.second), 0);
	put(pair.second, "old", 0600);
	pair_remove(&pair);
}

static void
or_all_old_when_one_cannot_be_replaced(void **state)
{
	(void)state;
	the_first_comes_back(true);
	the_first_comes_back(false);
}

/* Its new file was taken away between the two steps. */
static void
what_cannot_be_replaced_is_not_beside_itself(void **state)
{
	struct place place;
	struct mca_swap swap;
	char path[600];

	(void)state;
	lay(&place, path, "old");
	swap = swap_of(path, true);
	assert_int_equal(mca_swap_stage(&swap, &err), MCA_OK);
	assert_int_equal(unlink(place_file(&place, ".a.minica-new")), 0);
	assert_int_equal(mca_swap_in(&swap, &err), MCA_ESYSTEM);
	holds(path, "old", 0600);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

static void
what_a_killed_run_left_is_swept_away(void **state)
{
	struct place place;
	char path[600];

	(void)state;
	lay(&place, path, "new");
	assert_int_equal(mca_swap_sweep(path, &err), MCA_OK);
	put(place_file(&place, ".a.minica-old"), "old", 0600);
	put(place_file(&place, ".a.minica-new"), "half", 0600);
	assert_int_equal(mca_swap_sweep(path, &err), MCA_OK);
	holds(path, "new", 0600);
	assert_int_equal(place_count(&place), 1);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_file_comes_back_as_it_was),
		cmocka_unit_test(a_new_file_stays_and_nothing_lies_beside_it),
		cmocka_unit_test(where_nothing_was_nothing_is_again),
		cmocka_unit_test(
		    what_is_kept_comes_back_before_it_was_replaced),
		cmocka_unit_test(a_way_back_that_was_barred_can_be_taken_again),
		cmocka_unit_test(what_a_killed_run_kept_is_what_comes_back),
		cmocka_unit_test(the_same_bytes_stay_where_they_are),
		cmocka_unit_test(a_symbolic_link_is_replaced_not_followed),
		cmocka_unit_test(a_name_too_long_is_refused),
		cmocka_unit_test(files_that_belong_together_are_all_new),
		cmocka_unit_test(or_all_old_when_a_directory_cannot_be_opened),
		cmocka_unit_test(or_all_old_when_one_cannot_be_replaced),
		cmocka_unit_test(what_cannot_be_replaced_is_not_beside_itself),
		cmocka_unit_test(what_a_killed_run_left_is_swept_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
