/* revocation_test.c - which CRLs are believed, and what they say. */
#include "question.h"

#define CRL(...)                                                               \
	{                                                                      \
		.issuer = "ca", __VA_ARGS__                                    \
	}
#define ROOT_CRL                                                               \
	{                                                                      \
		.issuer = "root"                                               \
	}

static void
lists_are_believed_only_if_they_should(void **state)
{
	static const struct {
		const char *why;
		struct forge_crl lists[4];
		const char *points; /* the leaf's cRLDistributionPoints */
		enum mca_answer required, looked_at;
		const char *rule; /* that is told when they are required */
	} cases[] = {
		{ "fresh and empty", { CRL(), ROOT_CRL }, NULL, MCA_YES,
		    MCA_YES, NULL },
		{ "revoked", { CRL(.revoked = { "1234" }), ROOT_CRL }, NULL,
		    MCA_NO, MCA_NO, "MC-V-REVOKED" },
		{ "another is revoked",
		    { CRL(.revoked = { "1235", "12" }), ROOT_CRL }, NULL,
		    MCA_YES, MCA_YES, NULL },
		{ "the CA is revoked",
		    { CRL(), { .issuer = "root", .revoked = { "1234" } } },
		    NULL, MCA_NO, MCA_NO, "MC-V-REVOKED" },
		{ "none for the CA", { CRL() }, NULL, MCA_COULD_NOT_TELL,
		    MCA_YES, "MC-V-CRL-MISSING" },
		{ "none for the leaf", { ROOT_CRL }, NULL, MCA_COULD_NOT_TELL,
		    MCA_YES, "MC-V-CRL-MISSING" },
		{ "stale", { CRL(.until = FORGE_NOW - 1), ROOT_CRL }, NULL,
		    MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-UNUSABLE" },
		{ "stale, yet it revokes",
		    { CRL(.until = FORGE_NOW - 1, .revoked = { "1234" }),
			ROOT_CRL },
		    NULL, MCA_NO, MCA_NO, "MC-V-REVOKED" },
		{ "of tomorrow", { CRL(.from = FORGE_NOW + 1), ROOT_CRL }, NULL,
		    MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-UNUSABLE" },
		{ "a newer list revokes",
		    { CRL(), CRL(.number = "2", .revoked = { "1234" }),
			ROOT_CRL },
		    NULL, MCA_NO, MCA_NO, "MC-V-REVOKED" },
		{ "a newer list has let go",
		    { CRL(.revoked = { "1234" }, .reason = 6),
			CRL(.number = "2"), ROOT_CRL },
		    NULL, MCA_YES, MCA_YES, NULL },
		{ "a newer list of somebody else has let go",
		    { CRL(.revoked = { "1234" }),
			CRL(.number = "2", .signer = "other"), ROOT_CRL },
		    NULL, MCA_NO, MCA_NO, "MC-V-REVOKED" },
		{ "signed by another",
		    { CRL(.signer = "other", .revoked = { "1234" }), ROOT_CRL },
		    NULL, MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-UNUSABLE" },
		{ "without a number", { CRL(.number = ""), ROOT_CRL }, NULL,
		    MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-UNUSABLE" },
		{ "with a critical number",
		    { CRL(.number_critical = 1), ROOT_CRL }, NULL,
		    MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-UNUSABLE" },
		{ "with an unknown critical extension",
		    { CRL(.more = { { NID_inhibit_any_policy, "critical,1" } }),
			ROOT_CRL },
		    NULL, MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-UNUSABLE" },
		{ "for CAs alone",
		    { CRL(.more = { { NID_issuing_distribution_point,
			      "critical,onlyCA:TRUE" } }),
			ROOT_CRL },
		    NULL, MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-MISSING" },
		{ "for users alone",
		    { CRL(.more = { { NID_issuing_distribution_point,
			      "critical,onlyuser:TRUE" } }),
			ROOT_CRL },
		    NULL, MCA_YES, MCA_YES, NULL },
		{ "of another part",
		    { CRL(.more = { { NID_issuing_distribution_point,
			      "critical,fullname:URI:http://b.test/" } }),
			ROOT_CRL },
		    "URI:http://a.test/", MCA_COULD_NOT_TELL, MCA_YES,
		    "MC-V-CRL-MISSING" },
		{ "of its part",
		    { CRL(.more = { { NID_issuing_distribution_point,
			      "critical,fullname:URI:http://a.test/" } }),
			ROOT_CRL },
		    "URI:http://a.test/", MCA_YES, MCA_YES, NULL },
		{ "for some reasons",
		    { CRL(.more = { { NID_issuing_distribution_point,
			      "critical,onlysomereasons:keyCompromise" } }),
			ROOT_CRL },
		    NULL, MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-MISSING" },
		{ "a delta alone",
		    { CRL(.number = "2", .base = "1"), ROOT_CRL }, NULL,
		    MCA_COULD_NOT_TELL, MCA_YES, "MC-V-CRL-MISSING" },
		{ "a delta revokes",
		    { CRL(),
			CRL(.number = "2", .revoked = { "1234" }, .base = "1"),
			ROOT_CRL },
		    NULL, MCA_NO, MCA_NO, "MC-V-REVOKED" },
		{ "a delta takes back",
		    { CRL(.revoked = { "1234" }, .reason = 6),
			CRL(.number = "2", .revoked = { "1234" }, .reason = 8,
			    .base = "1"),
			ROOT_CRL },
		    NULL, MCA_YES, MCA_YES, NULL },
		{ "a delta to a later list",
		    { CRL(.revoked = { "1234" }, .reason = 6),
			CRL(.number = "3", .revoked = { "1234" }, .reason = 8,
			    .base = "2"),
			ROOT_CRL },
		    NULL, MCA_NO, MCA_NO, "MC-V-REVOKED" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct row row = { cases[i].why, ROOT(), CA(), LEAF(), NULL,
			MCA_YES, MCA_YES };
		struct question question;

		row.leaf.more[0].nid = NID_crl_distribution_points;
		row.leaf.more[0].value = cases[i].points;
		open_question(&question, &row);
		for (size_t j = 0; j < 4 && cases[i].lists[j].issuer != NULL;
		     j++)
			forge_crl_into(&question.crls, &cases[i].lists[j]);
		ask(&question, row.why);
		CHECK(question.verdict.answer == cases[i].looked_at,
		    "%s, when looked at", row.why);
		question.options.require_crl = true;
		ask(&question, row.why);
		CHECK(question.verdict.answer == cases[i].required,
		    "%s, when required", row.why);
		CHECK(cases[i].rule == NULL ||
			mca_findings_has(&question.verdict.findings,
			    cases[i].rule),
		    "%s: what is told", row.why);
		question_clear(&question);
	}
}

static void
required_lists_that_nobody_gave_are_missing(void **state)
{
	const struct row row = { "none at all", ROOT(), CA(), LEAF(), NULL,
		MCA_YES, MCA_YES };
	struct question question;

	(void)state;
	open_question(&question, &row);
	question.options.require_crl = true;
	ask(&question, row.why);
	assert_int_equal(question.verdict.answer, MCA_COULD_NOT_TELL);
	question_clear(&question);
}

static void
a_signer_needs_crl_sign(void **state)
{
	const struct row row = { "a CA without cRLSign", ROOT(),
		CA(.key_usage = "keyCertSign"), LEAF(), NULL, MCA_YES,
		MCA_YES };
	struct question question;

	(void)state;
	open_question(&question, &row);
	question.options.require_crl = true;
	forge_crl_into(&question.crls, &(struct forge_crl)CRL());
	forge_crl_into(&question.crls, &(struct forge_crl)ROOT_CRL);
	ask(&question, row.why);
	assert_int_equal(question.verdict.answer, MCA_COULD_NOT_TELL);
	question_clear(&question);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_believed_only_if_they_should),
		cmocka_unit_test(required_lists_that_nobody_gave_are_missing),
		cmocka_unit_test(a_signer_needs_crl_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
