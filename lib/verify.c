/*
 * verify.c - may this one path be believed?  See judge.h.
 *
 * Judging follows RFC 5280, 6.1: basic_processing is 6.1.3, prepare_for_next
 * 6.1.4, wrap_up 6.1.5, with the letters of their steps.  What concerns one
 * certificate alone is a rule (rules.h) and has been looked at before.
 *
 * Where we deviate, we are stricter:
 * - the trust anchor is more than a name and a key: its validity, its path
 *   length and its name constraints count (RFC 5937, 3);
 * - a path goes on being judged after its first fault, so that all are told.
 */
#include "client.h"
#include "constraints.h"
#include "judge.h"
#include "policies.h"
#include "revocation.h"

/* Judging one path. */

struct judgement {
	struct mca_session *session;
	const struct mca_path *path;
	mca_findings *findings;

	struct mca_policies policies;
	bool policies_failed;
	long max_path_length;
	size_t limited_by; /* whose pathLenConstraint that is */
};

static const struct mca_facts *
facts_at(const struct judgement *judgement, size_t at)
{
	return judgement->path->nodes[at]->facts;
}

static const char *
subject_at(const struct judgement *judgement, size_t at)
{
	return mca_name_text(
	    mca_cert_subject(judgement->path->nodes[at]->cert));
}

void
mca_judge_alone(struct mca_session *session, struct mca_node *node, int depth,
    mca_findings *out)
{
	const mca_findings *rules = mca_node_rules(session, node);
	struct mca_finding row;

	for (size_t i = 0; i < rules->count; i++) {
		row = rules->rows[i];
		row.depth = depth;
		mca_findings_add(out, &row);
	}
	out->lost = out->lost || rules->lost;
}

/* 6.1.3 (a)(1); path building has done the work. */
static void
check_signature(struct judgement *judgement, size_t at)
{
	struct mca_node *const *nodes = judgement->path->nodes;

	if (mca_session_link(judgement->session, nodes[at], nodes[at + 1]) ==
	    MCA_LINK_GOOD)
		return;
	mca_findings_addf(judgement->findings,
	    &(struct mca_finding){ .severity = MCA_UNDECIDED,
		.depth = (int)at,
		.rule = "MC-V-SIGNATURE-UNCHECKED",
		.source = "RFC 5280, 6.1.3 (a)(1)",
		.field = "signatureValue" },
	    "could not be checked with the key of %s",
	    subject_at(judgement, at + 1));
}

static void
report_unfit(struct judgement *judgement, size_t at, size_t by,
    enum mca_fit fit, const struct mca_unfit *unfit)
{
	bool excluded = unfit->subtree[0] != '\0';
	struct mca_finding finding = { .severity = MCA_ERROR,
		.depth = (int)at,
		.rule = "MC-V-NC",
		.source =
		    excluded ? "RFC 5280, 6.1.3 (c)" : "RFC 5280, 6.1.3 (b)",
		.field = unfit->form,
		.found = unfit->name,
		.wanted = excluded ? "a name outside the excluded subtree"
				   : "a name in a permitted subtree",
		.hint = "that CA may not certify this name: have another "
			"issue it" };

	if (fit == MCA_UNFIT_FORM) {
		finding.rule = "MC-V-NC-FORM";
		finding.source = "RFC 5280, 4.2.1.10";
		mca_findings_addf(judgement->findings, &finding,
		    "%s is of a form that %s constrains and nobody here knows",
		    unfit->name, subject_at(judgement, by));
	} else if (excluded) {
		mca_findings_addf(judgement->findings, &finding,
		    "\"%s\" is excluded by the name constraints of %s (%s)",
		    unfit->name, subject_at(judgement, by), unfit->subtree);
	} else {
		mca_findings_addf(judgement->findings, &finding,
		    "\"%s\" is not permitted by the name constraints of %s",
		    unfit->name, subject_at(judgement, by));
	}
}

/* The first issuer whose limits do not count: none, or a bare anchor. */
static size_t
end_of_limits(const struct judgement *judgement)
{
	bool bare =
	    (judgement->session->options.clients & MCA_ANCHOR_IS_BARE) != 0;

	return judgement->path->length - (bare ? 1 : 0);
}

/* 6.1.3 (b), (c): every name, against every CA above. */
static void
check_names(struct judgement *judgement, size_t at)
{
	const struct mca_facts *facts = facts_at(judgement, at);
	struct mca_session *session = judgement->session;
	const NAME_CONSTRAINTS *constraints;
	struct mca_unfit unfit;
	enum mca_fit fit;

	if (facts->self_issued && at != 0)
		return;
	for (size_t by = at + 1; by < end_of_limits(judgement); by++) {
		constraints =
		    facts_at(judgement, by)->value[MCA_EXT_NAME_CONSTRAINTS];
		if (constraints == NULL)
			continue;
		fit = mca_constraints_check(&unfit, constraints, facts,
		    &session->budget->constraints);
		if (fit == MCA_FIT_UNKNOWN)
			session->budget->hit |= MCA_HIT_CONSTRAINTS;
		else if (fit != MCA_FIT)
			report_unfit(judgement, at, by, fit, &unfit);
	}
}

static void
report_policies(struct judgement *judgement, size_t at, const char *source)
{
	if ((judgement->session->options.clients & MCA_IGNORES_POLICIES) != 0)
		return;
	if (!judgement->policies_failed)
		mca_findings_addf(judgement->findings,
		    &(struct mca_finding){ .severity = MCA_ERROR,
			.depth = (int)at,
			.rule = "MC-V-POLICY",
			.source = source,
			.field = "certificatePolicies",
			.wanted = "a policy valid for the whole path",
			.hint = "--policy-oid and --require-explicit-policy "
				"say what is demanded" },
		    "no acceptable policy is valid down to here, and one is "
		    "required");
	judgement->policies_failed = true;
}

/*
 * RFC 5280, 4.2.1.1: the identifier helps to find the issuer, and section 6
 * does not look at it; some clients find no issuer where it is another's.
 */
static void
check_key_id(struct judgement *judgement, size_t at)
{
	const AUTHORITY_KEYID *aki =
	    facts_at(judgement, at)->value[MCA_EXT_AKI];
	const ASN1_OCTET_STRING *ski =
	    facts_at(judgement, at + 1)->value[MCA_EXT_SKI];
	const struct mca_verify_options *options = &judgement->session->options;
	unsigned asked =
	    options->clients == 0 ? MCA_EVERYONE : options->clients;
	scoped(mca_text) clients = { 0 };

	if (aki == NULL || aki->keyid == NULL || ski == NULL ||
	    ASN1_OCTET_STRING_cmp(aki->keyid, ski) == 0 ||
	    (asked & MCA_FOLLOWS_KEY_ID) == 0)
		return;
	mca_clients_text(&clients, asked & MCA_FOLLOWS_KEY_ID);
	mca_findings_addf(judgement->findings,
	    &(struct mca_finding){ .severity =
				       options->clients == 0 && !options->strict
		    ? MCA_WARNING
		    : MCA_ERROR,
		.depth = (int)at,
		.rule = "MC-V-AKI-OTHER",
		.source = "RFC 5280, 4.2.1.1",
		.field = "authorityKeyIdentifier",
		.clients = mca_text_get(&clients),
		.hint = "have it issued again by the CA as it is now" },
	    "is not the subjectKeyIdentifier of %s",
	    subject_at(judgement, at + 1));
}

static void
basic_processing(struct judgement *judgement, size_t at)
{
	const struct mca_facts *facts = facts_at(judgement, at);

	check_signature(judgement, at); /* (a)(1) */
	check_key_id(judgement, at);
	mca_revocation_check(judgement->session, judgement->path, at,
	    judgement->findings);   /* (a)(3) */
	check_names(judgement, at); /* (b), (c) */
	if (!mca_policies_process(&judgement->policies, facts, at == 0))
		report_policies(judgement, at, "RFC 5280, 6.1.3 (f)");
}

static void
report_path_length(struct judgement *judgement, size_t at)
{
	size_t by = judgement->limited_by;
	struct mca_finding finding = { .severity = MCA_ERROR,
		.depth = (int)at,
		.rule = "MC-V-PATHLEN",
		.source = "RFC 5280, 6.1.4 (l)",
		.field = "pathLenConstraint" };

	if (by == SIZE_MAX)
		mca_findings_addf(judgement->findings, &finding,
		    "is one intermediate more than --max-depth allows");
	else
		mca_findings_addf(judgement->findings, &finding,
		    "is one intermediate more than %s allows below itself",
		    subject_at(judgement, by));
}

/* 6.1.4 (l), (m) */
static void
count_path_length(struct judgement *judgement, size_t at)
{
	const struct mca_facts *facts = facts_at(judgement, at);

	if (!facts->self_issued) {
		if (judgement->max_path_length == 0)
			report_path_length(judgement, at);
		else
			judgement->max_path_length--;
	}
	if (facts->path_len >= 0 &&
	    facts->path_len < judgement->max_path_length) {
		judgement->max_path_length = facts->path_len;
		judgement->limited_by = at;
	}
}

static void
prepare_for_next(struct judgement *judgement, size_t at)
{
	if (!mca_policies_prepare(&judgement->policies,
		facts_at(judgement, at))) /* (a), (b), (h)-(j) */
		mca_findings_addf(judgement->findings,
		    &(struct mca_finding){ .severity = MCA_ERROR,
			.depth = (int)at,
			.rule = "MC-V-POLICY-MAPPING",
			.source = "RFC 5280, 6.1.4 (a)",
			.field = "policyMappings" },
		    "maps to or from anyPolicy");
	count_path_length(judgement, at); /* (l), (m) */
	/* (g) is check_names; (k), (n), (o) are rules. */
}

static void
wrap_up(struct judgement *judgement)
{
	if (!mca_policies_wrap_up(&judgement->policies,
		facts_at(judgement, 0))) /* (a), (b), (g) */
		report_policies(judgement, 0, "RFC 5280, 6.1.5 (g)");
	if (judgement->policies.spent)
		judgement->session->budget->hit |= MCA_HIT_POLICIES;
}

/* RFC 5280, 6.1.2, with the anchor's own limit (RFC 5937, 3.2). */
static void
initialize(struct judgement *judgement)
{
	struct mca_session *session = judgement->session;
	const struct mca_verifier *verifier = session->verifier;
	size_t last = judgement->path->length - 1;
	const struct mca_facts *anchor = facts_at(judgement, last);

	judgement->max_path_length = session->options.max_depth < 0
	    ? MCA_LIMIT_PATH_DEPTH
	    : session->options.max_depth;
	judgement->limited_by = SIZE_MAX;
	if (last > 0 && last < end_of_limits(judgement) &&
	    anchor->path_len >= 0 &&
	    anchor->path_len < judgement->max_path_length) {
		judgement->max_path_length = anchor->path_len;
		judgement->limited_by = last;
	}
	mca_policies_begin(&judgement->policies, &session->options,
	    verifier->policies, verifier->policy_count, (long)last,
	    &session->budget->policies);
}

void
mca_judge_path(struct mca_session *session, const struct mca_path *path,
    mca_findings *findings)
{
	struct judgement judgement = { .session = session,
		.path = path,
		.findings = findings };

	for (size_t i = 0; i < path->length; i++)
		mca_judge_alone(session, path->nodes[i], (int)i, findings);
	if (path->length == 1)
		return;
	initialize(&judgement);
	for (size_t at = path->length - 1; at-- > 0;) {
		basic_processing(&judgement, at);
		if (at > 0)
			prepare_for_next(&judgement, at);
	}
	wrap_up(&judgement);
	mca_policies_end(&judgement.policies);
	mca_session_report_limits(session, MCA_HIT_JUDGING, findings);
}
