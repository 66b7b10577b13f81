/*
 * ca_draft.c - from a request to a certificate that only lacks its signature.
 */
#include "ca_parts.h"

#include "constraints.h"
#include "minica/limits.h"
#include "minica/lint.h"
#include "review.h"
#include "sign.h"

#include <string.h>

void
mca_draft_clear(mca_draft *draft)
{
	mca_review_clear(&draft->review);
	mca_findings_clear(&draft->lint);
	mca_tbs_clear(&draft->tbs);
	mca_cert_free(draft->rehearsed);
	mca_subtree_free(draft->constraints);
	memset(draft, 0, sizeof(*draft));
}

/* Puts the first error of `list` into words. */
static mca_code
fail_by(const mca_findings *list, mca_code code, const char *who,
    struct mca_error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct mca_finding *row = &list->rows[i];

		if (row->severity != MCA_ERROR)
			continue;
		return mca_fail(err, code, "%s: %s%s%s (%s) [%s]", who,
		    row->field, *row->field == '\0' ? "" : ": ", row->detail,
		    row->source, row->rule);
	}
	return mca_fail_memory(err);
}

/* What the store has against a request is told with what the policy has. */
static mca_code
ask_history(mca_ca *ca, mca_draft *draft, struct mca_error *err)
{
	mca_review *review = &draft->review;
	size_t before = review->findings.count;
	mca_code code = mca_ca_ask_history(ca, &review->findings,
	    &(struct mca_key_question){ .policy = draft->policy,
		.spki = mca_csr_spki(draft->csr),
		.san = review->san,
		.subject = review->subject,
		.renews = draft->renews },
	    err);

	if (code == MCA_OK && review->findings.count > before)
		mca_review_refuse(review, "publicKey");
	return code;
}

mca_code
mca_draft_review(const mca_ca *ca, mca_draft *draft, struct mca_error *err)
{
	const struct mca_review_context context = {
		.now = ca->options.now,
		.life = draft->life,
		.issuer_end = draft->issuer == NULL
		    ? INT64_MAX
		    : mca_issuer_end(draft->issuer),
		.listed = ca->listed,
	};

	return mca_policy_review(&draft->review, draft->policy, draft->csr,
	    &context, err);
}

mca_code
mca_draft_ask(mca_ca *ca, mca_draft *draft, struct mca_error *err)
{
	mca_code code = ask_history(ca, draft, err);

	if (code != MCA_OK)
		return code;
	if (mca_findings_worst(&draft->review.findings) >= MCA_UNDECIDED ||
	    draft->review.lost)
		return fail_by(&draft->review.findings, MCA_EPOLICY,
		    mca_policy_name(draft->policy), err);
	return MCA_OK;
}

/* A key that means nothing, so that what it signs can be examined. */
static mca_code
prepare(mca_rehearsal *with, const mca_draft *draft, struct mca_error *err)
{
	const mca_spki *like = draft->issuer == NULL
	    ? mca_csr_spki(draft->csr)
	    : mca_cert_spki(draft->issuer->cert);
	mca_code code = MCA_OK;

	if (like == NULL && draft->issuer == NULL)
		return mca_fail(err, MCA_EFORMAT,
		    "the public key of the request cannot be decoded");
	if (like == NULL)
		return mca_fail(err, MCA_EFORMAT,
		    "authority \"%s\": the public key of its certificate "
		    "cannot be decoded",
		    draft->issuer->label);
	if (with->throwaway == NULL)
		code = mca_sign_throwaway(&with->throwaway, like, err);
	if (code == MCA_OK && with->algorithm.length == 0)
		code = mca_sign_algorithm_of(&with->algorithm, with->throwaway,
		    err);
	return code;
}

static mca_code
build(mca_draft *draft, const mca_text *algorithm, struct mca_error *err)
{
	const struct mca_tbs what = {
		.profile = mca_policy_profile(draft->policy),
		.issuer = draft->issuer == NULL ? NULL : draft->issuer->cert,
		.spki = mca_csr_spki(draft->csr),
		.subject = draft->review.subject,
		.san = draft->review.san,
		.not_before = draft->review.not_before,
		.not_after = draft->review.not_after,
		.constraints = draft->constraints,
	};

	mca_text_add(&draft->tbs.algorithm, mca_text_get(algorithm),
	    algorithm->length);
	return draft->tbs.algorithm.failed
	    ? mca_fail_memory(err)
	    : mca_tbs_build(&draft->tbs, &what, err);
}

static mca_code
rehearse_with(mca_rehearsal *with, mca_draft *draft, struct mca_error *err)
{
	mca_code code;

	if ((code = prepare(with, draft, err)) != MCA_OK ||
	    (code = build(draft, &with->algorithm, err)) != MCA_OK)
		return code;
	if (with->signature.length == 0)
		code = mca_sign_bytes(&with->signature, &draft->tbs,
		    with->throwaway, err);
	return code == MCA_OK ? mca_sign_certificate(&draft->rehearsed,
				    &draft->tbs, &with->signature, err)
			      : code;
}

static mca_code
rehearse(mca_draft *draft, struct mca_error *err)
{
	scoped(mca_rehearsal) own = { 0 };

	return rehearse_with(draft->issuer == NULL ? &own
						   : &draft->issuer->rehearsal,
	    draft, err);
}

bool
mca_draft_is_prepared(const mca_draft *draft)
{
	return draft->issuer != NULL &&
	    draft->issuer->rehearsal.signature.length > 0;
}

static mca_code
lint(mca_draft *draft, struct mca_error *err)
{
	mca_lint(&draft->lint, draft->rehearsed);
	if (mca_findings_worst(&draft->lint) >= MCA_UNDECIDED)
		return fail_by(&draft->lint, MCA_EFORMAT,
		    "lint stopped the certificate before it was signed", err);
	return MCA_OK;
}

static void
say_unfit(mca_draft *draft, const struct mca_issuer *issuer,
    const struct mca_unfit *unfit)
{
	const struct mca_finding finding = {
		.severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-P-CONSTRAINT",
		.source = "RFC 5280, 4.2.1.10",
		.field = unfit->form,
		.found = unfit->name,
		.wanted = unfit->subtree,
		.hint = "ask for names within the constraints, or sign with "
			"an authority that may certify these (--issuer)",
	};

	mca_findings_addf(&draft->review.findings, &finding,
	    "\"%s\" is %s by the name constraints of authority \"%s\"%s%s",
	    unfit->name, *unfit->subtree == '\0' ? "not permitted" : "excluded",
	    issuer->label, *unfit->subtree == '\0' ? "" : ": ", unfit->subtree);
}

/* Name constraints hold here already, not first at the clients. */
static mca_code
check_constraints(mca_draft *draft, struct mca_error *err)
{
	struct mca_facts *facts = mca_facts_new(draft->rehearsed);
	size_t budget = MCA_LIMIT_CONSTRAINTS;
	enum mca_fit fit = MCA_FIT;
	const struct mca_issuer *at;

	if (facts == NULL)
		return mca_fail_memory(err);
	for (at = draft->issuer; at != NULL && fit == MCA_FIT; at = at->above) {
		struct mca_unfit unfit = { 0 };

		fit =
		    mca_constraints_check_by(&unfit, at->cert, facts, &budget);
		if (fit != MCA_FIT)
			say_unfit(draft, at, &unfit);
	}
	mca_facts_free(facts);
	if (fit != MCA_FIT)
		return fail_by(&draft->review.findings, MCA_EPOLICY,
		    mca_policy_name(draft->policy), err);
	return MCA_OK;
}

mca_code
mca_draft_rehearse(mca_draft *draft, struct mca_error *err)
{
	mca_code code;

	if ((code = rehearse(draft, err)) != MCA_OK ||
	    (code = check_constraints(draft, err)) != MCA_OK)
		return code;
	return lint(draft, err);
}

mca_code
mca_ca_draft(mca_ca *ca, mca_draft *draft, struct mca_error *err)
{
	const mca_weaklist *listed;
	mca_code code;

	if ((code = mca_ca_listed(ca, &listed, err)) != MCA_OK ||
	    (code = mca_draft_review(ca, draft, err)) != MCA_OK ||
	    (code = mca_draft_ask(ca, draft, err)) != MCA_OK)
		return code;
	return mca_draft_rehearse(draft, err);
}
