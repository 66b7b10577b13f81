/* policies_test.c - policies along a path, by the letters of RFC 5280, 6.1. */
#include "forge.h"
#include "rows.h"

#include "policies.h"

#include "minica/limits.h"

#define A "1.2.3.1"
#define B "1.2.3.2"
#define C "1.2.3.3"
#define ANY "2.5.29.32.0"

/* One certificate of a path: what its extensions say. */
struct step {
	const char *policies; /* joined with commas; NULL for none */
	const char *mappings; /* "1.2.3.1:1.2.3.2" */
	const char *limits;   /* "requireExplicitPolicy:0" */
	const char *inhibit;
	bool self_issued;
};

static struct mca_facts *
facts_of(const struct step *step, mca_cert **cert)
{
	struct forge what = { .subject = step->self_issued ? "p" : "q",
		.issuer = "p",
		.ca = true };
	size_t more = 0;

	if (step->policies != NULL) {
		what.more[more].nid = NID_certificate_policies;
		what.more[more++].value = step->policies;
	}
	if (step->mappings != NULL) {
		what.more[more].nid = NID_policy_mappings;
		what.more[more++].value = step->mappings;
	}
	if (step->limits != NULL) {
		what.more[more].nid = NID_policy_constraints;
		what.more[more++].value = step->limits;
	}
	if (step->inhibit != NULL) {
		what.more[more].nid = NID_inhibit_any_policy;
		what.more[more++].value = step->inhibit;
	}
	*cert = forge_cert(&what);
	return mca_facts_new(*cert);
}

/* Takes the steps of a path, nearest to the anchor first. */
static bool
walk(struct mca_policies *state, const struct step *steps, size_t count)
{
	struct mca_facts *facts[20];
	mca_cert *certs[20];
	bool good = true;

	assert_true(count <= 20);
	for (size_t i = 0; i < count; i++)
		facts[i] = facts_of(&steps[i], &certs[i]);
	for (size_t i = 0; i < count && good; i++) {
		bool last = i == count - 1;

		good = mca_policies_process(state, facts[i], last);
		if (good)
			good = last ? mca_policies_wrap_up(state, facts[i])
				    : mca_policies_prepare(state, facts[i]);
	}
	for (size_t i = 0; i < count; i++) {
		mca_facts_free(facts[i]);
		mca_cert_free(certs[i]);
	}
	return good;
}

static void
paths_have_the_policies_they_need(void **state)
{
	static const struct {
		const char *why;
		struct step steps[4];
		const char *user; /* NULL: any policy */
		bool explicit_policy, no_mapping, no_any;
		bool good;
	} rows[] = {
		{ "one policy all the way",
		    { { .policies = A }, { .policies = A } }, .user = A,
		    .explicit_policy = true, .good = true },
		{ "none is needed unless it is said",
		    { { .policies = A }, { .policies = B } }, .good = true },
		{ "not the same policy",
		    { { .policies = A }, { .policies = B } },
		    .explicit_policy = true },
		{ "not the user's", { { .policies = A }, { .policies = A } },
		    .user = B, .explicit_policy = true },
		{ "anyPolicy lets the next in",
		    { { .policies = ANY }, { .policies = A } }, .user = A,
		    .explicit_policy = true, .good = true },
		{ "anyPolicy keeps what was",
		    { { .policies = A }, { .policies = ANY } }, .user = A,
		    .explicit_policy = true, .good = true },
		{ "anyPolicy to the end is every policy",
		    { { .policies = ANY }, { .policies = ANY } }, .user = B,
		    .explicit_policy = true, .good = true },
		{ "not when it is inhibited",
		    { { .policies = A }, { .policies = ANY } }, .user = A,
		    .explicit_policy = true, .no_any = true },
		{ "inhibited from the next but one on",
		    { { .policies = A, .inhibit = "1" }, { .policies = ANY },
			{ .policies = A } },
		    .user = A, .explicit_policy = true, .good = true },
		{ "and then no more",
		    { { .policies = A, .inhibit = "1" }, { .policies = ANY },
			{ .policies = ANY } },
		    .user = A, .explicit_policy = true },
		{ "a self-issued one does not count",
		    { { .policies = A, .inhibit = "0" },
			{ .policies = ANY, .self_issued = true },
			{ .policies = A } },
		    .user = A, .explicit_policy = true, .good = true },
		{ "no policies, none valid",
		    { { .policies = NULL }, { .policies = A } },
		    .explicit_policy = true },
		{ "mapped",
		    { { .policies = A, .mappings = A ":" B },
			{ .policies = B } },
		    .user = A, .explicit_policy = true, .good = true },
		{ "mapped away",
		    { { .policies = A, .mappings = A ":" B },
			{ .policies = A } },
		    .user = A, .explicit_policy = true },
		{ "the user's are those of the first domain",
		    { { .policies = A, .mappings = A ":" B },
			{ .policies = B } },
		    .user = B, .explicit_policy = true },
		{ "mapped twice",
		    { { .policies = A, .mappings = A ":" B },
			{ .policies = B, .mappings = B ":" C },
			{ .policies = C } },
		    .user = A, .explicit_policy = true, .good = true },
		{ "mapped to two",
		    { { .policies = A, .mappings = A ":" B "," A ":" C },
			{ .policies = C } },
		    .user = A, .explicit_policy = true, .good = true },
		{ "two mapped to one",
		    { { .policies = A "," B, .mappings = A ":" C "," B ":" C },
			{ .policies = C } },
		    .user = B, .explicit_policy = true, .good = true },
		{ "mapped out of anyPolicy",
		    { { .policies = ANY, .mappings = A ":" B },
			{ .policies = B } },
		    .user = A, .explicit_policy = true, .good = true },
		{ "mapping may be inhibited",
		    { { .policies = A, .mappings = A ":" B },
			{ .policies = B } },
		    .user = A, .explicit_policy = true, .no_mapping = true },
		{ "which deletes what was mapped",
		    { { .policies = A, .mappings = A ":" B },
			{ .policies = A } },
		    .user = A, .explicit_policy = true, .no_mapping = true },
		{ "anyPolicy is never mapped",
		    { { .policies = A, .mappings = A ":" ANY },
			{ .policies = A } },
		    .user = NULL },
		{ "nor mapped to",
		    { { .policies = A, .mappings = ANY ":" A },
			{ .policies = A } },
		    .user = NULL },
		{ "a CA requires it",
		    { { .policies = A, .limits = "requireExplicitPolicy:0" },
			{ .policies = B } },
		    .user = NULL },
		{ "a CA requires it later",
		    { { .policies = A, .limits = "requireExplicitPolicy:1" },
			{ .policies = B }, { .policies = B } },
		    .user = NULL },
		{ "a CA requires it too late",
		    { { .policies = A, .limits = "requireExplicitPolicy:2" },
			{ .policies = B } },
		    .good = true },
		{ "a self-issued one does not count towards it",
		    { { .policies = A, .limits = "requireExplicitPolicy:2" },
			{ .policies = B, .self_issued = true },
			{ .policies = B } },
		    .good = true },
		{ "the target requires it of itself",
		    { { .policies = A },
			{ .policies = B,
			    .limits = "requireExplicitPolicy:0" } },
		    .user = NULL },
		{ "a CA inhibits mapping",
		    { { .policies = A, .limits = "inhibitPolicyMapping:0" },
			{ .policies = A, .mappings = A ":" B },
			{ .policies = B } },
		    .user = A, .explicit_policy = true },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mca_verify_options options = {
			.require_explicit_policy = rows[i].explicit_policy,
			.inhibit_policy_mapping = rows[i].no_mapping,
			.inhibit_any_policy = rows[i].no_any,
		};
		size_t user_count = rows[i].user == NULL ? 0 : 1;
		size_t budget = MCA_LIMIT_CONSTRAINTS, count = 1;
		ASN1_OBJECT **user;
		struct mca_policies policies;
		struct mca_error err;

		while (count < 4 &&
		    (rows[i].steps[count].policies != NULL || count == 1))
			count++;
		assert_int_equal(mca_policies_parse(&user, &rows[i].user,
				     user_count, &err),
		    MCA_OK);
		mca_policies_begin(&policies, &options, user, user_count,
		    (long)count, &budget);
		CHECK(walk(&policies, rows[i].steps, count) == rows[i].good,
		    "%s", rows[i].why);
		CHECK(!policies.spent, "%s: within the budget", rows[i].why);
		mca_policies_end(&policies);
		mca_policies_free(user, user_count);
	}
}

/*
 * Each certificate maps two policies onto both of the next: the tree of the
 * RFC doubles at every step, 2 to the 18th at the end.
 */
static void
doubling_trees_stay_small(void **state)
{
	static const struct step step = {
		.policies = A "," B,
		.mappings = A ":" A "," A ":" B "," B ":" A "," B ":" B,
	};
	struct mca_verify_options options = {
		.require_explicit_policy = true,
	};
	size_t budget = MCA_LIMIT_CONSTRAINTS;
	struct mca_policies policies;
	struct step steps[18];

	(void)state;
	for (size_t i = 0; i < ROWS(steps); i++)
		steps[i] = step;
	mca_policies_begin(&policies, &options, NULL, 0, ROWS(steps), &budget);
	assert_true(walk(&policies, steps, ROWS(steps)));
	assert_int_equal(policies.count, 2);
	assert_true(budget > MCA_LIMIT_CONSTRAINTS - 2000);
	mca_policies_end(&policies);
}

static void
words_that_are_no_policies_are_refused(void **state)
{
	static const char *const words[] = { "", "any", "1.2.x", "serverAuth" };
	struct mca_error err;
	ASN1_OBJECT **user;

	(void)state;
	for (size_t i = 0; i < ROWS(words); i++)
		CHECK(mca_policies_parse(&user, &words[i], 1, &err) ==
			MCA_EUSAGE,
		    "\"%s\"", words[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_have_the_policies_they_need),
		cmocka_unit_test(doubling_trees_stay_small),
		cmocka_unit_test(words_that_are_no_policies_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
