/* cores_test.c - processors are counted as far as they may be used. */
#include "rows.h"

#include "minica/cores.h"

#include <sched.h>
#include <unistd.h>

static void
only_processors_that_may_be_used_count(void **state)
{
	cpu_set_t usual, one;
	size_t last = CPU_SETSIZE - 1;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(usual), &usual), 0);
	assert_int_equal(mca_cores(), CPU_COUNT(&usual));
	while (!CPU_ISSET(last, &usual))
		last--;
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(mca_cores(), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(usual), &usual), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_processors_that_may_be_used_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
