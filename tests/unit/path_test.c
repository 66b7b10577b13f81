/* path_test.c - the right path is found, whatever else is there. */
#include "forge.h"
#include "rows.h"

#include "minica/limits.h"
#include "minica/verify.h"

#include <time.h>

/* What is asked, and what came of it. */
struct question {
	mca_certs anchors, others;
	mca_cert *target;
	mca_verdict verdict;
};

static enum mca_answer
answer(struct question *question)
{
	struct mca_verify_options options;
	owned(mca_verifier) *verifier = NULL;
	struct mca_error err;

	mca_verify_defaults(&options, FORGE_NOW);
	assert_int_equal(mca_verifier_new(&verifier, &question->anchors,
			     &question->others, NULL, &options, &err),
	    MCA_OK);
	assert_int_equal(mca_verify(&question->verdict, verifier,
			     question->target, NULL, NULL, &err),
	    MCA_OK);
	return question->verdict.answer;
}

static void
question_clear(struct question *question)
{
	mca_certs_clear(&question->anchors);
	mca_certs_clear(&question->others);
	mca_cert_free(question->target);
	mca_verdict_clear(&question->verdict);
}

/* Braced, so that they may stand in tables. */
#define ROOT(...)                                                              \
	{                                                                      \
		.subject = "root", .ca = true, __VA_ARGS__                     \
	}
#define CA(...)                                                                \
	{                                                                      \
		__VA_ARGS__, .ca = true                                        \
	}
#define LEAF(...)                                                              \
	{                                                                      \
		.issuer = __VA_ARGS__                                          \
	}
#define FORGE(...) (&(struct forge)__VA_ARGS__)

static void
one_good_way_is_enough(void **state)
{
	static const struct {
		const char *why;
		struct forge anchors[2], others[5];
		struct forge target;
		enum mca_answer answer;
		size_t length; /* of the path */
	} rows[] = {
		{ "straight up", { ROOT() }, { CA("ca", "root") }, LEAF("ca"),
		    MCA_YES, 3 },
		{ "the root comes along", { ROOT() },
		    { ROOT(), CA("ca", "root") }, LEAF("ca"), MCA_YES, 3 },
		{ "past an expired cross-sign", { ROOT() },
		    { CA("ca", "root", .until = FORGE_NOW - 1),
			CA("ca", "root") },
		    LEAF("ca"), MCA_YES, 3 },
		{ "past one that is no CA", { ROOT() },
		    { { .subject = "ca", .issuer = "root" }, CA("ca", "root") },
		    LEAF("ca"), MCA_YES, 3 },
		{ "past one with another key", { ROOT() },
		    { CA("ca", "root", .key = "other"), CA("ca", "root") },
		    LEAF("ca"), MCA_YES, 3 },
		{ "past constraints that forbid it", { ROOT() },
		    { CA("ca", "root",
			  .constraints = "critical,permitted;DNS:other"),
			CA("ca", "root") },
		    LEAF("ca"), MCA_YES, 3 },
		{ "past a path length", { ROOT() },
		    { CA("top", "root", .path_len = ",pathlen:0"),
			CA("top", "root"), CA("ca", "top") },
		    LEAF("ca"), MCA_YES, 4 },
		{ "past a root that nobody trusts", { ROOT() },
		    { CA("ca", "stranger"), CA("stranger", "stranger"),
			CA("ca", "root") },
		    LEAF("ca"), MCA_YES, 3 },
		{ "round a circle", { ROOT() },
		    { CA("a", "b"), CA("b", "a"), CA("a", "root") }, LEAF("b"),
		    MCA_YES, 4 },
		{ "the anchor is an intermediate of others",
		    { CA("ca", "root") }, { ROOT() }, LEAF("ca"), MCA_YES, 2 },
		{ "the anchor is the target", { LEAF("ca") },
		    { CA("ca", "root") }, { 0 }, MCA_YES, 1 },
		{ "the second anchor of the name",
		    { ROOT(.key = "old"), ROOT() }, { CA("ca", "root") },
		    LEAF("ca"), MCA_YES, 3 },
		{ "a root's new key, by its old one", { ROOT(.key = "old") },
		    { ROOT(.signer = "old"), CA("ca", "root") }, LEAF("ca"),
		    MCA_YES, 4 },
		{ "no way at all", { ROOT() }, { CA("ca", "stranger") },
		    LEAF("ca"), MCA_NO, 2 },
		{ "every way is bad", { ROOT() },
		    { CA("ca", "root", .until = FORGE_NOW - 1),
			CA("ca", "root", .key_usage = "cRLSign") },
		    LEAF("ca"), MCA_NO, 3 },
		{ "no anchors", { { 0 } }, { ROOT(), CA("ca", "root") },
		    LEAF("ca"), MCA_NO, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct question question = { 0 };

		for (size_t j = 0; j < 2 &&
		     (rows[i].anchors[j].issuer || rows[i].anchors[j].subject);
		     j++)
			forge_into(&question.anchors, &rows[i].anchors[j]);
		for (size_t j = 0; j < 5 && rows[i].others[j].subject; j++)
			forge_into(&question.others, &rows[i].others[j]);
		question.target = rows[i].target.issuer == NULL
		    ? mca_cert_ref(question.anchors.rows[0])
		    : forge_cert(&rows[i].target);
		CHECK(answer(&question) == rows[i].answer, "%s", rows[i].why);
		CHECK(question.verdict.path.count == rows[i].length,
		    "%s: a path of %zu", rows[i].why,
		    question.verdict.path.count);
		question_clear(&question);
	}
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A hundred CAs of one name, each with its own key, none trusted. */
static void
a_crowd_of_one_name_ends_at_a_limit(void **state)
{
	struct question question = { 0 };
	char key[32], serial[32];
	double start;

	(void)state;
	forge_into(&question.anchors, FORGE(ROOT()));
	for (unsigned i = 0; i < 450; i++) {
		(void)snprintf(key, sizeof(key), "crowd%u", i % 30);
		(void)snprintf(serial, sizeof(serial), "%X", i + 1);
		forge_into(&question.others,
		    FORGE(CA("ca", "ca", .key = key, .signer = "crowd0",
			.serial = serial)));
	}
	question.target = forge_cert(FORGE(LEAF("ca", .signer = "crowd7")));
	start = seconds();
	assert_int_equal(answer(&question), MCA_COULD_NOT_TELL);
	assert_true(seconds() - start < 10);
	assert_true(
	    mca_findings_has(&question.verdict.findings, "MC-V-BUDGET"));
	question_clear(&question);
}

/* Every CA signs every other: more paths than anyone can walk. */
static void
a_mesh_ends_at_a_limit(void **state)
{
	enum { SIZE = 16 };
	struct question question = { 0 };
	char name[SIZE][8];

	(void)state;
	forge_into(&question.anchors, FORGE(ROOT()));
	for (unsigned i = 0; i < SIZE; i++)
		(void)snprintf(name[i], sizeof(name[i]), "mesh%u", i);
	for (unsigned i = 0; i < SIZE; i++)
		for (unsigned j = 0; j < SIZE; j++)
			if (i != j)
				forge_into(&question.others,
				    FORGE(CA(name[i], name[j])));
	question.target = forge_cert(FORGE(LEAF("mesh0")));
	assert_int_equal(answer(&question), MCA_COULD_NOT_TELL);
	assert_true(
	    mca_findings_has(&question.verdict.findings, "MC-V-BUDGET"));
	question_clear(&question);
}

static void
a_path_without_end_is_told(void **state)
{
	struct question question = { 0 };
	char name[40][12];

	(void)state;
	forge_into(&question.anchors, FORGE(ROOT()));
	for (unsigned i = 0; i < 40; i++)
		(void)snprintf(name[i], sizeof(name[i]), "deep%u", i % 30);
	for (unsigned i = 0; i < 29; i++)
		forge_into(&question.others, FORGE(CA(name[i], name[i + 1])));
	forge_into(&question.others, FORGE(CA(name[29], "root")));
	question.target = forge_cert(FORGE(LEAF("deep0")));
	assert_int_equal(answer(&question), MCA_COULD_NOT_TELL);
	assert_true(mca_findings_has(&question.verdict.findings, "MC-V-DEPTH"));
	question_clear(&question);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_good_way_is_enough),
		cmocka_unit_test(a_crowd_of_one_name_ends_at_a_limit),
		cmocka_unit_test(a_mesh_ends_at_a_limit),
		cmocka_unit_test(a_path_without_end_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
