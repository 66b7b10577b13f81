/*
 * verifier.c - verifiers and their verdicts; see minica/verify.h.
 *
 * Paths are looked for twice at most.  First among certificates without a
 * fault of their own, which finds a good path fast if there is one.  If that
 * gave no path at all, once more with all of them, to have something to
 * explain the refusal by.
 */
#include "client.h"
#include "error.h"
#include "explain.h"
#include "judge.h"
#include "minica/verify.h"
#include "policies.h"
#include "revocation.h"

#include "minica/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Hearing one path after the other, and keeping the best. */

struct hearing {
	struct mca_session *session;
	const mca_findings *about_target; /* its name; or NULL */
	const struct mca_node *only;	  /* the anchor it must be, or NULL */
	bool first_only;

	bool heard;
	struct mca_path path;
	mca_findings findings; /* about `path` */
};

static size_t
errors_of(const mca_findings *findings)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		count += findings->rows[i].severity >= MCA_UNDECIDED;
	return count;
}

static bool
better(const mca_findings *a, const mca_findings *b)
{
	enum mca_severity left = mca_findings_worst(a);
	enum mca_severity right = mca_findings_worst(b);

	if (left != right)
		return left < right;
	return errors_of(a) < errors_of(b);
}

static bool
hear(void *context, const struct mca_path *path)
{
	struct hearing *hearing = context;
	struct mca_node *anchor = path->nodes[path->length - 1];
	scoped(mca_findings) findings = { 0 };
	mca_findings worse;

	if (mca_node_facts(hearing->session, anchor) == NULL ||
	    (hearing->only != NULL &&
		!mca_same_cert(hearing->only->cert, anchor->cert)))
		return false;
	if (hearing->about_target != NULL)
		mca_findings_append(&findings, hearing->about_target);
	mca_judge_path(hearing->session, path, &findings);
	if (mca_findings_worst(&findings) >= MCA_UNDECIDED)
		mca_trials_finding(&hearing->session->trials, anchor->cert,
		    &findings);
	if (!hearing->heard || better(&findings, &hearing->findings)) {
		worse = hearing->findings;
		hearing->findings = findings;
		findings = worse;
		hearing->path = *path;
		hearing->heard = true;
	}
	return hearing->first_only ||
	    mca_findings_worst(&hearing->findings) < MCA_UNDECIDED;
}

bool
mca_signer_trusted(struct mca_session *asking, struct mca_node *signer,
    const struct mca_node *anchor)
{
	struct mca_session session = { .parent = asking };
	struct hearing hearing = { .session = &session, .only = anchor };
	struct mca_path_builder builder = { .session = &session,
		.judge = hear,
		.context = &hearing };
	struct mca_error ignored;
	bool trusted = false;
	int depth = 0;

	assert(asking != NULL);

	/* A signer must not be needed to find out about itself. */
	for (const struct mca_session *above = asking; above != NULL;
	     above = above->parent)
		if (++depth > 3 ||
		    mca_same_cert(above->target->cert, signer->cert))
			return false;
	if (mca_session_open(&session, asking->verifier, signer->cert,
		&asking->candidates, asking->budget, &ignored) == MCA_OK) {
		session.options.purpose = MCA_PURPOSE_ANY;
		mca_path_build(&builder);
		trusted = hearing.heard &&
		    mca_findings_worst(&hearing.findings) < MCA_UNDECIDED;
	}
	mca_findings_clear(&hearing.findings);
	mca_session_close(&session);
	return trusted;
}

/* Answering. */

/* Tells what is wrong with the longest path there is. */
static void
report_unanchored(struct hearing *hearing,
    const struct mca_path_builder *builder)
{
	const struct mca_path *path = &builder->longest;
	mca_findings *out = &hearing->findings;

	hearing->path = *path;
	if (hearing->about_target != NULL)
		mca_findings_append(out, hearing->about_target);
	for (size_t i = 0; i < path->length; i++)
		mca_judge_alone(hearing->session, path->nodes[i], (int)i, out);
	mca_explain_no_anchor(builder, out);
}

/*
 * What older clients do where the certificate names no host: the common name
 * stands for one (GnuTLS: where it names no address either).
 */
static bool
common_name_matches(const mca_cert *target,
    const struct mca_reference *reference, unsigned clients)
{
	const mca_name *subject = mca_cert_subject(target);
	const mca_san *san = mca_cert_san(target);

	if ((clients & MCA_READS_COMMON_NAME) == 0)
		return false;
	for (size_t i = 0; i < mca_san_count(san); i++)
		if (mca_san_at(san, i)->form == MCA_SAN_DNS ||
		    (mca_san_at(san, i)->form == MCA_SAN_IP &&
			clients == MCA_GNUTLS))
			return false;
	for (size_t i = 0; i < mca_name_count(subject); i++) {
		struct mca_attribute row = mca_name_at(subject, i);
		const struct mca_san_name name = { .form = MCA_SAN_DNS,
			.text = row.value };

		if (strcmp(row.type, "CN") == 0 &&
		    mca_reference_matches(reference, &name))
			return true;
	}
	return false;
}

static void
check_reference(const mca_cert *target, const struct mca_reference *reference,
    unsigned clients, mca_findings *out)
{
	const mca_san *san = mca_cert_san(target);

	if (reference == NULL)
		return;
	for (size_t i = 0; i < mca_san_count(san); i++)
		if (mca_reference_matches(reference, mca_san_at(san, i)))
			return;
	if (!common_name_matches(target, reference, clients))
		mca_explain_name(target, reference, out);
}

static const struct mca_budget full_budget = {
	.candidates = MCA_LIMIT_PATH_CANDIDATES,
	.signatures = MCA_LIMIT_SIGNATURES,
	.constraints = MCA_LIMIT_CONSTRAINTS,
	.policies = MCA_LIMIT_CONSTRAINTS,
};

/* What it may cost to explain a refusal, on top. */
static const struct mca_budget small_budget = {
	.candidates = 2000,
	.signatures = MCA_SIGNATURES_KEPT - MCA_LIMIT_SIGNATURES,
	.constraints = MCA_LIMIT_CONSTRAINTS / 10,
	.policies = MCA_LIMIT_CONSTRAINTS / 10,
};

static bool
target_is_fit(struct hearing *hearing)
{
	struct mca_session *session = hearing->session;

	return mca_findings_worst(hearing->about_target) < MCA_UNDECIDED &&
	    mca_findings_worst(mca_node_rules(session, session->target)) <
	    MCA_UNDECIDED;
}

/*
 * Looks for a path in earnest, unless the target is refused whatever the
 * path; returns the limits that were met.
 */
static unsigned
search(struct hearing *hearing)
{
	struct mca_path_builder builder = { .session = hearing->session,
		.judge = hear,
		.context = hearing };

	if (target_is_fit(hearing))
		mca_path_build(&builder);
	return hearing->session->budget->hit;
}

static void
explain(struct hearing *hearing)
{
	struct mca_path_builder builder = { .session = hearing->session,
		.unfit_too = true,
		.judge = hear,
		.context = hearing };

	*hearing->session->budget = small_budget;
	hearing->first_only = true;
	mca_path_build(&builder);
	if (!hearing->heard)
		report_unanchored(hearing, &builder);
}

/* Limits matter only if what lies behind them could have been a yes. */
static enum mca_answer
answer_of(struct hearing *hearing, unsigned hit)
{
	struct mca_session *session = hearing->session;
	enum mca_severity worst = mca_findings_worst(&hearing->findings);

	if (worst < MCA_UNDECIDED)
		return hearing->heard ? MCA_YES : MCA_COULD_NOT_TELL;
	if (hit != 0 && target_is_fit(hearing)) {
		session->budget->hit = hit;
		mca_session_report_limits(session,
		    hit & ~(unsigned)MCA_HIT_JUDGING, &hearing->findings);
		return MCA_COULD_NOT_TELL;
	}
	return worst == MCA_ERROR ? MCA_NO : MCA_COULD_NOT_TELL;
}

static mca_code
fill_verdict(mca_verdict *out, struct hearing *hearing, unsigned hit,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	memset(out, 0, sizeof(*out));
	out->answer = answer_of(hearing, hit);
	out->anchored = hearing->heard;
	for (size_t i = 0; i < hearing->path.length && code == MCA_OK; i++)
		code = mca_certs_add(&out->path, hearing->path.nodes[i]->cert,
		    err);
	if (code != MCA_OK) {
		mca_verdict_clear(out);
		return code;
	}
	out->findings = hearing->findings;
	memset(&hearing->findings, 0, sizeof(hearing->findings));
	out->trials = hearing->session->trials;
	memset(&hearing->session->trials, 0, sizeof(out->trials));
	return MCA_OK;
}

mca_code
mca_verify(mca_verdict *out, const mca_verifier *verifier,
    const mca_cert *target, const mca_certs *candidates,
    const struct mca_reference *reference, struct mca_error *err)
{
	return mca_verify_stapled(out, verifier, target, candidates, NULL,
	    reference, err);
}

mca_code
mca_verify_stapled(mca_verdict *out, const mca_verifier *verifier,
    const mca_cert *target, const mca_certs *candidates,
    const mca_blob *stapled, const struct mca_reference *reference,
    struct mca_error *err)
{
	scoped(mca_findings) about_target = { 0 };
	struct mca_budget budget = full_budget;
	struct mca_session session = { .stapled = stapled };
	struct hearing hearing = { .session = &session,
		.about_target = &about_target };
	unsigned hit;
	mca_code code;

	code = mca_session_open(&session, verifier, target, candidates, &budget,
	    err);
	if (code == MCA_OK) {
		check_reference(target, reference, verifier->options.clients,
		    &about_target);
		hit = search(&hearing);
		if (!hearing.heard)
			explain(&hearing);
		code = fill_verdict(out, &hearing, hit, err);
	}
	mca_findings_clear(&hearing.findings);
	mca_session_close(&session);
	return code;
}

void
mca_verdict_clear(mca_verdict *verdict)
{
	mca_certs_clear(&verdict->path);
	mca_findings_clear(&verdict->findings);
	mca_trials_clear(&verdict->trials);
	memset(verdict, 0, sizeof(*verdict));
}

/* Verifiers. */

void
mca_verify_defaults(struct mca_verify_options *out, mca_time at)
{
	*out = (struct mca_verify_options){ .at = at,
		.purpose = MCA_PURPOSE_ANY,
		.rules = MCA_RULES_RFC5280,
		.max_depth = -1,
		.suffixes = "system" };
}

static mca_code
copy_certs(mca_certs *out, const mca_certs *from, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; from != NULL && i < from->count && code == MCA_OK;
	     i++)
		code = mca_certs_add(out, from->rows[i], err);
	mca_certs_sort(out);
	return code;
}

/*
 * Of two lists that cover the same the newer one decides: it holds what was
 * revoked since, and not what was on hold.
 */
static int
newest_first(const void *a, const void *b)
{
	const struct mca_crl_facts *left = a, *right = b;
	mca_time left_from = mca_crl_this_update(left->crl);
	mca_time right_from = mca_crl_this_update(right->crl);

	if (left->number != NULL && right->number != NULL)
		return -ASN1_INTEGER_cmp(left->number, right->number);
	if (left->number != right->number)
		return left->number != NULL ? -1 : 1;
	return (left_from < right_from) - (left_from > right_from);
}

static mca_code
read_crls(mca_verifier *verifier, const mca_crls *crls, struct mca_error *err)
{
	size_t count = crls == NULL ? 0 : crls->count;

	verifier->revocation = crls != NULL || verifier->options.require_crl;
	verifier->crls = calloc(count + 1, sizeof(*verifier->crls));
	if (verifier->crls == NULL)
		return mca_fail_memory(err);
	for (; verifier->crl_count < count; verifier->crl_count++)
		mca_crl_facts_read(&verifier->crls[verifier->crl_count],
		    crls->rows[verifier->crl_count]);
	qsort(verifier->crls, count, sizeof(*verifier->crls), newest_first);
	return MCA_OK;
}

static mca_code
make_memory(mca_verifier *verifier, struct mca_error *err)
{
	verifier->known =
	    calloc(verifier->anchors.count + verifier->intermediates.count + 1,
		sizeof(*verifier->known));
	verifier->links = mca_links_new();
	if (verifier->known == NULL || verifier->links == NULL)
		return mca_fail_memory(err);
	return MCA_OK;
}

/* Only rules for TLS servers ask for public suffixes. */
static mca_code
open_suffixes(mca_verifier *verifier, struct mca_error *err)
{
	const struct mca_verify_options *options = &verifier->options;

	if (options->suffixes == NULL ||
	    (options->rules != MCA_RULES_WEBPKI &&
		options->purpose != MCA_PURPOSE_SERVER))
		return MCA_OK;
	return mca_suffixes_open(&verifier->suffixes, options->suffixes, err);
}

static mca_code
read_policies(mca_verifier *verifier, struct mca_error *err)
{
	const struct mca_verify_options *options = &verifier->options;

	verifier->policy_count = options->policy_oid_count;
	return mca_policies_parse(&verifier->policies, options->policy_oids,
	    options->policy_oid_count, err);
}

mca_code
mca_verifier_new(mca_verifier **out, const mca_certs *anchors,
    const mca_certs *intermediates, const mca_crls *crls,
    const struct mca_verify_options *options, struct mca_error *err)
{
	owned(mca_verifier) *verifier = calloc(1, sizeof(*verifier));
	mca_code code;

	if (verifier == NULL)
		return mca_fail_memory(err);
	verifier->options = *options;
	code = copy_certs(&verifier->anchors, anchors, err);
	if (code == MCA_OK)
		code = copy_certs(&verifier->intermediates, intermediates, err);
	if (code == MCA_OK)
		code = make_memory(verifier, err);
	if (code == MCA_OK)
		code = read_crls(verifier, crls, err);
	if (code == MCA_OK)
		code = read_policies(verifier, err);
	if (code == MCA_OK)
		code = open_suffixes(verifier, err);
	if (code != MCA_OK)
		return code;
	verifier->options.policy_oids = NULL;
	verifier->options.suffixes = NULL;
	*out = give(&verifier);
	return MCA_OK;
}

void
mca_verifier_free(mca_verifier *verifier)
{
	if (verifier == NULL)
		return;
	for (size_t i = 0; verifier->known != NULL &&
	     i < verifier->anchors.count + verifier->intermediates.count;
	     i++)
		mca_known_clear(&verifier->known[i]);
	free(verifier->known);
	mca_links_free(verifier->links);
	mca_certs_clear(&verifier->anchors);
	mca_certs_clear(&verifier->intermediates);
	for (size_t i = 0; i < verifier->crl_count; i++)
		mca_crl_facts_clear(&verifier->crls[i]);
	free(verifier->crls);
	mca_suffixes_free(verifier->suffixes);
	mca_policies_free(verifier->policies, verifier->policy_count);
	free(verifier);
}
