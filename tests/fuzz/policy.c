/*
 * policy.c - a policy: read, and its own tests run.
 */
#include "fuzz.h"

#include "minica/policy.h"
#include "minica/text.h"

#include <stdio.h>

/* Requests that tests name are looked for beside it, where there are none. */
static char file[300];

void
fuzz_begin(void)
{
	(void)snprintf(file, sizeof(file), "%s/policy.yaml", fuzz_directory());
	fuzz_stand_ins();
}

static void
run_tests(const mca_policy *policy)
{
	/* Each signs a request of its own, so that many take long. */
	size_t count = mca_policy_test_count(policy);

	for (size_t i = 0; i < count && i < 8; i++) {
		struct mca_policy_verdict verdict = { 0 };
		struct mca_error err = { 0 };

		if (mca_policy_test(&verdict, policy, i, FUZZ_NOW, &err) !=
		    MCA_OK) {
			show_error(&err);
		} else {
			show_text(verdict.asked);
			show_text(verdict.expected);
			show_text(verdict.found);
			show_findings(&verdict.review.findings);
		}
		mca_policy_verdict_clear(&verdict);
	}
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	owned(mca_policy) *policy = NULL;
	struct mca_error err = { 0 };

	if (mca_policy_parse(&policy, file, bytes, length, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	show_text(mca_policy_name(policy));
	show_text(MCA_SHOW_TEXT(mca_policy_summary(policy)));
	run_tests(policy);
}
