/*
 * pledge_test.c - what the fence of OpenBSD asks of its kernel, which is
 * played here: all else is hidden before the promise is made.
 */
#include "rows.h"

#include "../../cmd/fence.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char asked[1000];
static int answer;

static int
note(const char *call, const char *first, const char *second)
{
	size_t used = strlen(asked);

	(void)snprintf(asked + used, sizeof(asked) - used, "%s(%s, %s)\n", call,
	    first == NULL ? "NULL" : first, second == NULL ? "NULL" : second);
	return answer;
}

int
pledge(const char *promises, const char *execpromises)
{
	return note("pledge", promises, execpromises);
}

int
unveil(const char *path, const char *permissions)
{
	return note("unveil", path, permissions);
}

static void
what_is_allowed_is_unveiled_and_the_rest_hidden(void **state)
{
	struct fence fence;

	(void)state;
	asked[0] = '\0';
	answer = 0;
	assert_true(fence_is_there());
	assert_true(fence_begin(&fence, false));
	fence_allow(&fence, "/usr/lib", FENCE_READ);
	fence_allow(&fence, "/home/ca", FENCE_WRITE);
	assert_string_equal(asked,
	    "unveil(/usr/lib, r)\n"
	    "unveil(/home/ca, rwc)\n");
	assert_true(fence_enforce(&fence));
	assert_non_null(strstr(asked,
	    "unveil(NULL, NULL)\n"
	    "pledge(stdio rpath wpath cpath fattr chown flock tty error, "
	    "NULL)\n"));
}

static void
only_who_has_a_network_may_connect_and_nobody_may_run(void **state)
{
	struct fence fence;

	(void)state;
	asked[0] = '\0';
	answer = 0;
	assert_true(fence_begin(&fence, true));
	assert_true(fence_enforce(&fence));
	assert_non_null(strstr(asked, " inet dns "));
	assert_null(strstr(asked, "exec"));
	assert_null(strstr(asked, "proc"));
}

static void
what_the_kernel_refuses_is_not_in_force(void **state)
{
	struct fence fence;

	(void)state;
	asked[0] = '\0';
	answer = -1;
	assert_true(fence_begin(&fence, false));
	fence_allow(&fence, "/nowhere/at/all", FENCE_READ);
	assert_false(fence_enforce(&fence));
	assert_null(strstr(asked, "pledge"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_is_allowed_is_unveiled_and_the_rest_hidden),
		cmocka_unit_test(
		    only_who_has_a_network_may_connect_and_nobody_may_run),
		cmocka_unit_test(what_the_kernel_refuses_is_not_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
