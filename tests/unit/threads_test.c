/* threads_test.c - one verifier, asked by many threads at once. */
#include "question.h"

#include <pthread.h>

enum { THREADS = 8, ROUNDS = 40 };

/* Chains good and bad, over what the verifier holds and what comes along. */
static const struct {
	const char *why;
	struct forge ca, leaf; /* a CA without a subject is the verifier's */
	enum mca_answer answer;
} rows[] = {
	{ "a good one", { 0 }, LEAF(), MCA_YES },
	{ "revoked", { 0 }, LEAF(.serial = "77"), MCA_NO },
	{ "expired", { 0 }, LEAF(.until = FORGE_NOW - 1), MCA_NO },
	{ "tampered with", { 0 }, LEAF(.tamper = true), MCA_NO },
	{ "another name", { 0 }, LEAF(.san = "DNS:other.test"), MCA_NO },
	{ "with a CA of its own",
	    { .subject = "ca2", .issuer = "root", .ca = true },
	    { .issuer = "ca2" }, MCA_YES },
	{ "with a CA that is none", { .subject = "ca3", .issuer = "root" },
	    { .issuer = "ca3" }, MCA_NO },
	{ "from nowhere", { 0 }, { .issuer = "nobody" }, MCA_NO },
	{ "not permitted",
	    { .subject = "ca4",
		.issuer = "root",
		.ca = true,
		.constraints = "critical,permitted;DNS:other.test" },
	    { .issuer = "ca4" }, MCA_NO },
	{ "a wildcard", { 0 }, LEAF(.san = "DNS:leaf.test,DNS:*.leaf.test"),
	    MCA_YES },
	{ "a purpose of its own", { 0 }, LEAF(.purposes = "clientAuth"),
	    MCA_NO },
};

struct shared {
	struct question question; /* whose lists the verifier is made from */
	mca_verifier *verifier;
	mca_cert *leaves[ROWS(rows)];
	mca_certs cas[ROWS(rows)];
};

struct thread {
	const struct shared *shared;
	unsigned seed;
	size_t wrong;
	const char *why;
};

static void
make(struct shared *shared)
{
	static const struct row row = { "", ROOT(), CA(), LEAF(), NULL, MCA_YES,
		MCA_YES };
	struct question *question = &shared->question;
	struct mca_error err;

	memset(shared, 0, sizeof(*shared));
	open_question(question, &row);
	forge_crl_into(&question->crls,
	    &(struct forge_crl){ .issuer = "ca", .revoked = { "77" } });
	for (size_t i = 0; i < ROWS(rows); i++) {
		shared->leaves[i] = forge_cert(&rows[i].leaf);
		if (rows[i].ca.subject != NULL)
			forge_into(&shared->cas[i], &rows[i].ca);
	}
	CHECK(mca_verifier_new(&shared->verifier, &question->anchors,
		  &question->others, &question->crls, &question->options,
		  &err) == MCA_OK,
	    "%s", err.text);
}

static bool
answers_well(const struct shared *shared, size_t i)
{
	scoped(mca_verdict) verdict = { 0 };
	struct mca_error err;

	return mca_verify(&verdict, shared->verifier, shared->leaves[i],
		   &shared->cas[i], shared->question.reference,
		   &err) == MCA_OK &&
	    verdict.answer == rows[i].answer;
}

static void *
ask_all_day(void *context)
{
	struct thread *thread = context;

	for (size_t i = 0; i < ROUNDS * ROWS(rows); i++) {
		size_t at = (size_t)rand_r(&thread->seed) % ROWS(rows);

		if (answers_well(thread->shared, at))
			continue;
		thread->wrong++;
		thread->why = rows[at].why;
	}
	return NULL;
}

/* Nothing has been asked before, so that all are first at something. */
static void
every_thread_gets_the_same_answers(void **state)
{
	struct shared shared;
	struct thread threads[THREADS];
	pthread_t ids[THREADS];

	(void)state;
	make(&shared);
	for (unsigned i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ &shared, i + 1, 0, NULL };
		assert_int_equal(pthread_create(&ids[i], NULL, ask_all_day,
				     &threads[i]),
		    0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(ids[i], NULL), 0);
		CHECK(threads[i].wrong == 0, "%zu wrong answers, one to: %s",
		    threads[i].wrong, threads[i].why);
	}
	for (size_t i = 0; i < ROWS(rows); i++) {
		CHECK(answers_well(&shared, i), "%s", rows[i].why);
		mca_cert_free(shared.leaves[i]);
		mca_certs_clear(&shared.cas[i]);
	}
	mca_verifier_free(shared.verifier);
	question_clear(&shared.question);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_thread_gets_the_same_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
