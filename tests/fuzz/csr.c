/*
 * csr.c - a request: read, examined under every policy there is, and linted.
 */
#include "fuzz.h"

#include "minica/lint.h"
#include "minica/policy.h"
#include "resign.h"

#define POLICIES 16

static mca_policy *policies[POLICIES];
static size_t policy_count;

void
fuzz_begin(void)
{
	const struct mca_builtin_policy *row = mca_policy_builtins();
	struct mca_error err;

	resign_begin();
	for (; row->name != NULL; row++) {
		fuzz_require(policy_count < POLICIES);
		fuzz_require(mca_policy_parse(&policies[policy_count++],
				 row->name, (const uint8_t *)row->text,
				 row->length, &err) == MCA_OK);
	}
}

/* Whatever is written was asked for well, and can be shown. */
static void
review(const mca_policy *policy, const mca_csr *csr)
{
	const struct mca_review_context context = { .now = FUZZ_NOW,
		.issuer_end = FUZZ_NOW + 3650 * MCA_DAY,
		.suffixes = "/dev/null" };
	scoped(mca_review) review = { 0 };
	struct mca_error err = { 0 };

	if (mca_policy_review(&review, policy, csr, &context, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	show_findings(&review.findings);
	for (size_t i = 0; i < review.count; i++) {
		show_text(review.rows[i].field);
		show_text(review.rows[i].asked);
		show_text(review.rows[i].written);
		show_text(review.rows[i].because);
	}
	if (mca_findings_worst(&review.findings) == MCA_ERROR)
		return;
	fuzz_require(mca_csr_is_proven(csr));
	show_name(review.subject);
	show_names(review.san);
	for (size_t i = 0; i < mca_san_count(review.san); i++)
		fuzz_require(mca_san_at(review.san, i)->flaw == NULL);
	fuzz_require(review.not_before < review.not_after);
}

static void
examine(const uint8_t *bytes, size_t length)
{
	scoped(mca_findings) findings = { 0 };
	owned(mca_csr) *csr = NULL;
	struct mca_error err = { 0 };

	if (mca_csr_parse(&csr, bytes, length, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	show_csr(csr);
	mca_lint_request(&findings, csr);
	show_findings(&findings);
	for (size_t i = 0; i < policy_count; i++)
		review(policies[i], csr);
}

/* The same as a file, among others. */
static void
read_file(const uint8_t *bytes, size_t length)
{
	const char *path = fuzz_file(bytes, length);
	struct mca_csr_file files[] = { { .path = path },
		{ .path = "/dev/null" } };

	mca_csr_read(files, 2);
	if (files[0].code != MCA_OK)
		show_error(&files[0].err);
	fuzz_require(files[1].code != MCA_OK);
	mca_csr_free(files[0].csr);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	scoped(mca_text) again = { 0 };

	read_file(bytes, length);
	examine(bytes, length);
	if (resign_csr(&again, bytes, length))
		examine((const uint8_t *)mca_text_get(&again), again.length);
}
