/*
 * question.h - one forged chain, and what a verifier says of it.
 */
#ifndef TESTS_QUESTION_H
#define TESTS_QUESTION_H

#include "forge.h"
#include "rows.h"

#include "minica/host.h"
#include "minica/verify.h"

/* Words for the rows below, braced as they stand in a table. */
#define ROOT(...)                                                              \
	{                                                                      \
		.subject = "root", .ca = true, __VA_ARGS__                     \
	}
#define CA(...)                                                                \
	{                                                                      \
		.subject = "ca", .issuer = "root", .ca = true, __VA_ARGS__     \
	}
#define LEAF(...)                                                              \
	{                                                                      \
		.issuer = "ca", __VA_ARGS__                                    \
	}

struct row {
	const char *why;
	struct forge root, ca, leaf;
	const char *rule;	/* that must be told; NULL: nothing */
	enum mca_answer answer; /* by RFC 5280 */
	enum mca_answer web;	/* and by the web's rules */
};

/* What is asked, and what came of it. */
struct question {
	mca_certs anchors, others;
	mca_crls crls;
	mca_cert *target;
	const struct mca_reference *reference;
	struct mca_verify_options options;
	mca_verdict verdict;
};

static inline void
ask(struct question *question, const char *why)
{
	owned(mca_verifier) *verifier = NULL;
	struct mca_error err;

	CHECK(mca_verifier_new(&verifier, &question->anchors, &question->others,
		  question->crls.count > 0 ? &question->crls : NULL,
		  &question->options, &err) == MCA_OK,
	    "%s: %s", why, err.text);
	mca_verdict_clear(&question->verdict);
	CHECK(mca_verify(&question->verdict, verifier, question->target, NULL,
		  question->reference, &err) == MCA_OK,
	    "%s: %s", why, err.text);
	CHECK(question->verdict.answer == MCA_YES ||
		mca_findings_worst(&question->verdict.findings) >=
		    MCA_UNDECIDED,
	    "%s: a refusal says why", why);
}

static inline void
question_clear(struct question *question)
{
	mca_certs_clear(&question->anchors);
	mca_certs_clear(&question->others);
	mca_crls_clear(&question->crls);
	mca_cert_free(question->target);
	mca_verdict_clear(&question->verdict);
}

static inline void
open_question(struct question *question, const struct row *row)
{
	static struct mca_reference host;
	struct mca_error err;

	memset(question, 0, sizeof(*question));
	mca_verify_defaults(&question->options, FORGE_NOW);
	question->options.purpose = MCA_PURPOSE_SERVER;
	assert_int_equal(mca_reference_parse(&host, MCA_SAN_DNS, "leaf.test",
			     &err),
	    MCA_OK);
	question->reference = &host;
	forge_into(&question->anchors, &row->root);
	forge_into(&question->others, &row->ca);
	question->target = forge_cert(&row->leaf);
}

#endif
