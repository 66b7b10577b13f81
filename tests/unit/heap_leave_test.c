/* heap_leave_test.c - what libcrypto does when a program ends. */
#include "rows.h"

#include "minica/digest.h"
#include "minica/heap.h"
#include "minica/key.h"
#include "minica/owned.h"

#include <openssl/crypto.h>

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int told; /* the end of a pipe that the parent reads */

static void
tell(void)
{
	(void)!write(told, "x", 1);
}

/* A program, from its first lines to its end. */
static void
live(bool leaves, const char *key)
{
	uint8_t digest[MCA_SHA256_SIZE];
	owned(mca_key) *found = NULL;
	struct mca_error err;

	if (leaves)
		mca_heap_leave();
	if (mca_sha256(digest, "", 0, &err) != MCA_OK ||
	    OPENSSL_atexit(tell) != 1)
		_exit(1);
	if (key != NULL && mca_key_load(&found, key, NULL, &err) == MCA_OK)
		_exit(1);
}

static bool
cleans_up(bool leaves, const char *key)
{
	int ends[2], status;
	char byte;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(ends[0]);
		told = ends[1];
		live(leaves, key);
		exit(0);
	}
	(void)close(ends[1]);
	got = read(ends[0], &byte, 1);
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	return got == 1;
}

static void
memory_is_left_unless_something_else_must_be_closed(void **state)
{
	static const struct {
		const char *why, *key;
		bool leaves, cleans_up;
	} rows[] = {
		{ "as libcrypto does it", NULL, false, true },
		{ "left to the system", NULL, true, false },
		{ "a key that is no file", "no-such-file", true, false },
		{ "a module may have a session with a device",
		    "no-such-scheme:key", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK(cleans_up(rows[i].leaves, rows[i].key) ==
			rows[i].cleans_up,
		    "%s", rows[i].why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    memory_is_left_unless_something_else_must_be_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
