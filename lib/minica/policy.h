/*
 * minica/policy.h - what a requester may ask for, and what is then written.
 *
 * A policy is one YAML document (minica-policy(5)): `allow` says what may be
 * asked, `profile` what will be written.  Reviewing a request against it
 * never stops at the first fault: every field of the request gets a row that
 * says what becomes of it and which line of the policy decided.
 *
 * A policy is immutable and may be shared between threads.
 */
#ifndef MINICA_POLICY_H
#define MINICA_POLICY_H

#include "minica/csr.h"
#include "minica/finding.h"
#include "minica/profile.h"
#include "minica/time.h"
#include "minica/weak.h"

typedef struct mca_policy mca_policy;

/* What kind of certificate a policy is for. */
enum mca_policy_kind { MCA_FOR_LEAF, MCA_FOR_INTERMEDIATE, MCA_FOR_ROOT };

/*
 * mca_policy_parse reads one policy; `file` names it in messages.  Whatever
 * is not understood is MCA_EFORMAT with file, line, column and the nearest
 * right word.
 */
MCA_API mca_code mca_policy_parse(mca_policy **out, const char *file,
    const uint8_t *text, size_t length, struct mca_error *err);

/*
 * mca_policy_find finds a policy by `name`: a path if it holds a slash or
 * ends in ".yaml", else `directory`/NAME.yaml if that exists (`directory` may
 * be NULL), else the built-in one.  MCA_ENOTFOUND names the nearest.
 */
MCA_API mca_code mca_policy_find(mca_policy **out, const char *name,
    const char *directory, struct mca_error *err);
MCA_API void mca_policy_free(mca_policy *policy);
MCA_OWNED(mca_policy, mca_policy_free)

/* A policy that is part of the library: its name and its whole text. */
struct mca_builtin_policy {
	const char *name;
	const char *text; /* NUL-terminated */
	size_t length;
};

/* mca_policy_builtins returns the built-in policies, ended by a NULL name. */
MCA_API const struct mca_builtin_policy *mca_policy_builtins(void);

/*
 * What the policy says of itself; it lives as long as `policy`.  The summary is
 * UTF-8 on one line, which may turn the direction of text: see mca_show.
 */
MCA_API const char *mca_policy_name(const mca_policy *policy);
MCA_API const char *mca_policy_summary(const mca_policy *policy);
/* mca_policy_issuer returns the label of who signs under it, or NULL. */
MCA_API const char *mca_policy_issuer(const mca_policy *policy);
/* mca_policy_file returns where it was read, "(built in)" if nowhere. */
MCA_API const char *mca_policy_file(const mca_policy *policy);
MCA_API enum mca_policy_kind mca_policy_for(const mca_policy *policy);
MCA_API const struct mca_profile *mca_policy_profile(const mca_policy *policy);

/* What became of one field of a request. */
enum mca_decision {
	MCA_KEPT,    /* written as asked */
	MCA_CHANGED, /* written, but not as asked */
	MCA_ADDED,   /* not asked for, written because the policy says so */
	MCA_DROPPED, /* not written, and no harm in that */
	MCA_REFUSED, /* the request is refused for it */
};

struct mca_review_row {
	enum mca_decision decision;
	const char *field;   /* "dNSName", "publicKey", "basicConstraints" */
	const char *asked;   /* escaped; "" for MCA_ADDED */
	const char *written; /* "" unless kept, changed or added */
	const char *because; /* "policy server, line 7 (allow.dns)" */
	const char *unicode; /* of a name with A-labels, its U-labels; or "" */
};

/*
 * The outcome of an examination.  If `findings` holds no MCA_ERROR, then
 * subject, san, not_before and not_after are what will be written.
 */
typedef struct mca_review {
	struct mca_review_row *rows;
	size_t count, capacity;
	mca_findings findings;
	mca_name *subject;
	mca_san *san;
	mca_time not_before, not_after;
	bool lost; /* memory ran out: the review does not count */
} mca_review;

MCA_API void mca_review_clear(mca_review *review);
MCA_SCOPED(mca_review, mca_review_clear)

/* What the reviewer knows besides the request. */
struct mca_review_context {
	mca_time now;
	int64_t life; /* seconds asked for; 0: the policy's default */

	/*
	 * The end of the issuer's own validity (of its whole path); the life
	 * is clamped to it.  INT64_MAX for a root.
	 */
	mca_time issuer_end;

	/* Keys that are refused besides those that minica knows; or NULL. */
	const mca_weaklist *listed;

	/*
	 * Where the list of public suffixes is; NULL: where the machine has
	 * it, if it does.
	 */
	const char *suffixes;
};

/*
 * mca_policy_review examines `csr` and fills `out`.  It returns MCA_OK when
 * the request could be examined, whatever the answer: the findings tell.
 */
MCA_API mca_code mca_policy_review(mca_review *out, const mca_policy *policy,
    const mca_csr *csr, const struct mca_review_context *context,
    struct mca_error *err);

/* mca_decision_name returns "kept", "changed", "added", "dropped", "refused" */
MCA_API const char *mca_decision_name(enum mca_decision decision);

/* What came of one test that a policy carries (`tests`). */
struct mca_policy_verdict {
	size_t line;	/* of the policy's file */
	char *asked;	/* "www.example.org, 10.0.0.1", "web.csr" */
	char *expected; /* "accept", "refuse by MC-P-NAME" */
	char *found;	/* the same, or every rule that refused */
	bool passed;
	mca_review review;
};

MCA_API void mca_policy_verdict_clear(struct mca_policy_verdict *verdict);

/*
 * mca_policy_test runs the test `i` of mca_policy_test_count: it makes the
 * request, or reads it, and reviews it.  Whatever the verdict it returns
 * MCA_OK; an error means that there was no request to review.
 */
MCA_API size_t mca_policy_test_count(const mca_policy *policy);
MCA_API mca_code mca_policy_test(struct mca_policy_verdict *out,
    const mca_policy *policy, size_t i, mca_time now, struct mca_error *err);

#endif
