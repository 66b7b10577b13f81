/*
 * policy_test.c - minica policy test: does a policy answer as its author said?
 */
#include "fail.h"
#include "findings.h"
#include "json.h"
#include "policies.h"

struct args {
	struct words names;
};

static const struct opt opts[] = {
	{ OPT_ARGS_MAYBE, 0, "FILE|NAME", NULL, FIELD(names),
	    "policy to test (all there are)" },
	{ 0 },
};

static void
put_verdict(json_t *row, const struct mca_policy_verdict *verdict)
{
	json_t *test = json_row(row, "tests");

	if (test == NULL)
		return;
	json_put(test, "line", json_integer((json_int_t)verdict->line));
	json_put(test, "asked", json_text(verdict->asked));
	json_put(test, "expected", json_text(verdict->expected));
	json_put(test, "found", json_text(verdict->found));
	json_put(test, "passed", json_boolean(verdict->passed));
	json_put(test, "review", json_review(&verdict->review));
}

static void
tell_failure(const struct session *s, const mca_policy *policy,
    const struct mca_policy_verdict *verdict)
{
	scoped(mca_text) place = { 0 };

	mca_text_addf(&place,
	    "%s:%zu: ", MCA_SHOW_TEXT(mca_policy_file(policy)), verdict->line);
	print(s, "%s%s: wanted %s; found %s\n", mca_text_get(&place),
	    verdict->asked, verdict->expected, verdict->found);
	findings_print(s, mca_text_get(&place), &verdict->review.findings,
	    MCA_ERROR);
}

/* A test that cannot be made is a worse end than one that fails. */
static mca_code
test(struct session *s, json_t *row, const mca_policy *policy)
{
	size_t count = mca_policy_test_count(policy), failed = 0;
	mca_code worst = MCA_OK;

	for (size_t i = 0; i < count; i++) {
		struct mca_policy_verdict verdict = { 0 };
		struct mca_error bad = { 0 };

		if (mca_policy_test(&verdict, policy, i, s->now, &bad) !=
		    MCA_OK) {
			worst = worse(worst, complain(s, row, &bad));
		} else {
			put_verdict(row, &verdict);
			if (!verdict.passed)
				tell_failure(s, policy, &verdict);
		}
		failed += !verdict.passed;
		mca_policy_verdict_clear(&verdict);
	}
	json_put(row, "passed", json_boolean(failed == 0));
	print(s, "%s: %zu passed, %zu failed%s\n",
	    MCA_SHOW_TEXT(mca_policy_name(policy)), count - failed, failed,
	    count == 0 ? ": it carries no tests" : "");
	return failed == 0 ? worst : worse(worst, MCA_EPOLICY);
}

static mca_code
test_one(struct session *s, const char *name, const char *directory)
{
	json_t *row = json_row(s->doc, "results");
	owned(mca_policy) *policy = NULL;
	struct mca_error bad = { 0 };

	json_put(row, "policy", json_text(name));
	if (mca_policy_find(&policy, name, directory, &bad) != MCA_OK)
		return complain(s, row, &bad);
	return test(s, row, policy);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	owned(char) *directory = policies_directory(s);
	mca_code worst = MCA_OK;

	if (args->names.count == 0)
		return policies_each(s, directory, test_one, err);
	for (size_t i = 0; i < args->names.count; i++)
		worst =
		    worse(worst, test_one(s, args->names.rows[i], directory));
	return worst;
}

const struct command policy_test_command = {
	"policy test",
	"Run the tests that policies carry",
	opts,
	sizeof(struct args),
	run,
	"A test is a request and the answer that the policy must give it\n"
	"(minica-policy(5), tests).  Exit status 1 when one is answered\n"
	"otherwise.\n"
	"\n"
	"  minica policy test web.yaml\n",
};
