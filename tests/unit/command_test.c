/* command_test.c - other people's programs are run closed in. */
#include "rows.h"

#include "command.h"
#include "minica/limits.h"
#include "minica/owned.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static struct mca_error err;

static mca_code
run(mca_text *said, const char *script, int64_t seconds)
{
	char sh[] = "/bin/sh", c[] = "-c", copy[400];
	char *words[] = { sh, c, copy, NULL };
	char path[] = "PATH=/usr/bin:/bin", only[] = "ONLY=this";
	char *environment[] = { path, only, NULL };
	const struct mca_command command = { .words = words,
		.environment = environment,
		.directory = "/",
		.seconds = seconds };

	(void)snprintf(copy, sizeof(copy), "%s", script);
	err = (struct mca_error){ 0 };
	return mca_command_run(said, &command, &err);
}

static void
each_end_has_its_code(void **state)
{
	static const struct {
		const char *why, *script;
		mca_code code;
		const char *says;
	} cases[] = {
		{ "status 0 is a yes", "exit 0", MCA_OK, "" },
		{ "another is a no", "exit 3", MCA_EPOLICY, "status 3" },
		{ "killed could not tell", "kill -9 $$", MCA_EUNDECIDED,
		    "killed by signal 9" },
		{ "hanging could not tell", "sleep 30", MCA_EUNDECIDED,
		    "longer than 1 seconds" },
		{ "one that will not end is made to",
		    "trap '' TERM; while :; do sleep 1; done", MCA_EUNDECIDED,
		    "longer than 1 seconds" },
		{ "its input is empty", "cat; read x || exit 0; exit 1", MCA_OK,
		    "" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		scoped(mca_text) said = { 0 };
		mca_code code = run(&said, cases[i].script, 1);

		CHECK(code == cases[i].code, "%s: %d, %s", cases[i].why, code,
		    err.text);
		CHECK(strstr(err.text, cases[i].says) != NULL, "%s: %s",
		    cases[i].why, err.text);
	}
}

/* As in a program that lets the system take its children away. */
static void
a_status_that_nobody_kept_is_no_yes(void **state)
{
	scoped(mca_text) said = { 0 };
	void (*before)(int) = signal(SIGCHLD, SIG_IGN);
	mca_code code = run(&said, "echo said; exit 3", 5);

	(void)state;
	(void)signal(SIGCHLD, before);
	CHECK(code == MCA_EUNDECIDED, "%d, %s", code, err.text);
	assert_non_null(strstr(err.text, "how is not known"));
	assert_string_equal(mca_text_get(&said), "said\n");
}

static void
what_it_says_is_kept_up_to_a_cap(void **state)
{
	scoped(mca_text) said = { 0 };
	scoped(mca_text) much = { 0 };

	(void)state;
	assert_int_equal(run(&said, "echo one; echo two >&2", 5), MCA_OK);
	assert_string_equal(mca_text_get(&said), "one\ntwo\n");
	assert_int_equal(run(&much, "yes | head -c 300000", 5), MCA_OK);
	assert_true(
	    much.length > 0 && much.length <= MCA_LIMIT_HOOK_OUTPUT + 4096);
}

static void
whisper(void)
{
	(void)!write(STDERR_FILENO, "leaving\n", 8);
}

static void
a_child_is_told_before_it_becomes_another(void **state)
{
	scoped(mca_text) said = { 0 };
	char true_[] = "true", path[] = "PATH=/usr/bin:/bin";
	char *words[] = { true_, NULL }, *environment[] = { path, NULL };
	const struct mca_command command = { .words = words,
		.environment = environment,
		.directory = "/",
		.seconds = 5,
		.leave = whisper };

	(void)state;
	assert_int_equal(mca_command_run(&said, &command, &err), MCA_OK);
	assert_string_equal(mca_text_get(&said), "leaving\n");
}

static void
it_finds_nothing_but_what_it_is_given(void **state)
{
	scoped(mca_text) said = { 0 };

	(void)state;
	assert_int_equal(setenv("SECRET", "x", 1), 0);
	assert_int_equal(run(&said, "echo $ONLY$SECRET; pwd", 5), MCA_OK);
	assert_string_equal(mca_text_get(&said), "this\n/\n");
}

/* A server that a reload starts keeps what it was given to write to. */
static void
what_it_starts_may_live_on(void **state)
{
	scoped(mca_text) said = { 0 };
	time_t from = time(NULL);

	(void)state;
	assert_int_equal(run(&said, "sleep 3 & echo up", 10), MCA_OK);
	assert_string_equal(mca_text_get(&said), "up\n");
	assert_true(time(NULL) - from < 3);
}

static void
one_that_is_not_there_is_told_so(void **state)
{
	char name[] = "no-such-program";
	char *words[] = { name, NULL };
	char *environment[] = { NULL };
	struct mca_command command = { .words = words,
		.environment = environment,
		.directory = "/",
		.seconds = 5 };
	scoped(mca_text) said = { 0 };

	(void)state;
	assert_int_equal(mca_command_run(&said, &command, &err), MCA_ENOTFOUND);
	assert_non_null(strstr(err.text, "no-such-program cannot be started"));
	command.directory = "/no/such/directory";
	assert_int_equal(mca_command_run(&said, &command, &err), MCA_ENOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_end_has_its_code),
		cmocka_unit_test(a_status_that_nobody_kept_is_no_yes),
		cmocka_unit_test(what_it_says_is_kept_up_to_a_cap),
		cmocka_unit_test(a_child_is_told_before_it_becomes_another),
		cmocka_unit_test(it_finds_nothing_but_what_it_is_given),
		cmocka_unit_test(what_it_starts_may_live_on),
		cmocka_unit_test(one_that_is_not_there_is_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
