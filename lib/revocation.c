/*
 * revocation.c - see revocation.h.
 *
 * The letters are the steps of RFC 5280, 6.3.3.  What is known without a CRL
 * is asked of standing.c.  One thing is stricter: an
 * entry counts however old the list is that holds it, for a list that went
 * stale does not take a revocation back.
 */
#include "revocation.h"
#include "crlscope.h"
#include "object.h"
#include "standing.h"

#include "minica/text.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum status { UNKNOWN, GOOD, REVOKED };

/* The question, and what is known so far. */
struct inquiry {
	struct mca_session *session;
	const struct mca_path *path;
	size_t at;
	const struct mca_facts *facts; /* of the certificate in question */
	unsigned covered;	       /* reasons that usable lists speak of */
	enum status status;
	char why[200];		/* a list was there, but could not be used */
	const char *why_source; /* NULL: no list was there */
	char date[MCA_TIME_TEXT];
	const char *reason;
};

/* Who signed a list. */

struct signer_search {
	struct inquiry *inquiry;
	const struct mca_crl_facts *list;
	bool found;
	const char *why; /* the best signer so far was no good */
};

static bool
key_id_differs(const struct mca_crl_facts *list, const struct mca_facts *facts)
{
	const ASN1_OCTET_STRING *ski = facts->value[MCA_EXT_SKI];

	return list->aki != NULL && list->aki->keyid != NULL && ski != NULL &&
	    ASN1_OCTET_STRING_cmp(list->aki->keyid, ski) != 0;
}

/* (f): on the path itself, above what it speaks of, or with its own path. */
static bool
signer_fits(const struct inquiry *inquiry, struct mca_node *node)
{
	const struct mca_path *path = inquiry->path;

	for (size_t i = inquiry->at + 1; i < path->length; i++)
		if (mca_same_cert(path->nodes[i]->cert, node->cert))
			return true;
	return path->anchored &&
	    mca_signer_trusted(inquiry->session, node,
		path->nodes[path->length - 1]);
}

/* (f) and (g). */
static bool
try_signer(void *context, struct mca_node *node)
{
	struct signer_search *search = context;
	struct mca_session *session = search->inquiry->session;
	const struct mca_facts *facts = mca_node_facts(session, node);

	if (facts == NULL || key_id_differs(search->list, facts) ||
	    mca_session_crl_link(session, search->list->x509, node) !=
		MCA_LINK_GOOD)
		return true;
	if (!mca_facts_usage(facts, MCA_USAGE_CRL_SIGN))
		search->why = "its signer's keyUsage is without cRLSign";
	else if (!signer_fits(search->inquiry, node))
		search->why = "its signer is not trusted for it";
	else
		search->found = true;
	return !search->found;
}

static bool
signed_well(struct inquiry *inquiry, const struct mca_crl_facts *list,
    const char **why)
{
	struct signer_search search = {
		.inquiry = inquiry,
		.list = list,
		.why = "nobody is known who signed it",
	};

	mca_session_named(inquiry->session, list->issuer, try_signer, &search);
	*why = search.why;
	return search.found;
}

/* Notes why a list that was meant for this certificate was of no use. */
static void
cannot_use(struct inquiry *inquiry, const struct mca_crl_facts *list,
    const char *why, const char *source)
{
	if (inquiry->why_source != NULL)
		return;
	(void)snprintf(inquiry->why, sizeof(inquiry->why),
	    "the CRL of %.120s: %s", mca_name_text(mca_crl_issuer(list->crl)),
	    why);
	inquiry->why_source = source;
}

/* Looking the certificate up. */

static enum status
look_up(struct inquiry *inquiry, const struct mca_crl_facts *list)
{
	X509_REVOKED *entry = NULL;
	struct tm when;
	int found =
	    X509_CRL_get0_by_cert(list->x509, &entry, inquiry->facts->x509);

	ERR_clear_error();
	if (found == 2)
		return GOOD; /* removeFromCRL */
	if (found != 1)
		return UNKNOWN;
	inquiry->reason = mca_revoked_reason(entry);
	if (ASN1_TIME_to_tm(X509_REVOKED_get0_revocationDate(entry), &when) ==
	    1)
		(void)strftime(inquiry->date, sizeof(inquiry->date),
		    "%Y-%m-%dT%H:%M:%SZ", &when);
	return REVOKED;
}

static bool
fresh(const struct inquiry *inquiry, const struct mca_crl_facts *list)
{
	mca_time at = inquiry->session->options.at;

	return mca_crl_this_update(list->crl) <= at &&
	    at <= mca_crl_next_update(list->crl);
}

/* (c): a delta list goes with a complete one of the same scope. */
static bool
same_scope(const struct mca_crl_facts *a, const struct mca_crl_facts *b)
{
	unsigned char *a_der = NULL, *b_der = NULL;
	int a_length, b_length;
	bool same;

	if (a->scope == NULL || b->scope == NULL)
		return a->scope == b->scope;
	a_length = i2d_ISSUING_DIST_POINT(a->scope, &a_der);
	b_length = i2d_ISSUING_DIST_POINT(b->scope, &b_der);
	same = a_length > 0 && a_length == b_length &&
	    memcmp(a_der, b_der, (size_t)a_length) == 0;
	OPENSSL_free(a_der);
	OPENSSL_free(b_der);
	return same;
}

static bool
delta_fits(const struct mca_crl_facts *delta,
    const struct mca_crl_facts *complete)
{
	const ASN1_OCTET_STRING *a =
	    delta->aki == NULL ? NULL : delta->aki->keyid;
	const ASN1_OCTET_STRING *b =
	    complete->aki == NULL ? NULL : complete->aki->keyid;

	if (delta->base == NULL || delta->number == NULL ||
	    complete->number == NULL || delta->flaw != NULL ||
	    X509_NAME_cmp(delta->issuer, complete->issuer) != 0 ||
	    !same_scope(delta, complete))
		return false;
	if (a != NULL && b != NULL && ASN1_OCTET_STRING_cmp(a, b) != 0)
		return false;
	return ASN1_INTEGER_cmp(delta->base, complete->number) <= 0 &&
	    ASN1_INTEGER_cmp(delta->number, complete->number) >= 0;
}

static const struct mca_crl_facts *
find_delta(struct inquiry *inquiry, const struct mca_crl_facts *complete)
{
	const struct mca_verifier *verifier = inquiry->session->verifier;
	const struct mca_crl_facts *delta, *best = NULL;
	const char *why;

	for (size_t i = 0; i < verifier->crl_count; i++) {
		delta = &verifier->crls[i];
		if (!delta_fits(delta, complete) || !fresh(inquiry, delta) ||
		    (best != NULL &&
			ASN1_INTEGER_cmp(delta->number, best->number) <= 0) ||
		    !signed_well(inquiry, delta, &why))
			continue;
		best = delta;
	}
	return best;
}

/* (i) to (l), for one list that is meant for this certificate. */
static void
consult(struct inquiry *inquiry, const struct mca_crl_facts *list,
    unsigned reasons)
{
	const struct mca_crl_facts *delta;
	enum status status = UNKNOWN;
	const char *why;

	if (!signed_well(inquiry, list, &why)) {
		cannot_use(inquiry, list, why, "RFC 5280, 6.3.3 (f)");
		return;
	}
	delta = find_delta(inquiry, list);
	if (delta != NULL)
		status = look_up(inquiry, delta);
	if (status == UNKNOWN)
		status = look_up(inquiry, list);
	if (status == REVOKED)
		inquiry->status = REVOKED;
	else if (list->flaw != NULL)
		cannot_use(inquiry, list, list->flaw, list->flaw_source);
	else if (!fresh(inquiry, list) && delta == NULL)
		cannot_use(inquiry, list,
		    inquiry->session->options.at <
			    mca_crl_this_update(list->crl)
			? "it is from a later time"
			: "it is stale: its nextUpdate has passed",
		    "RFC 5280, 6.3.3 (a)");
	else
		inquiry->covered |= reasons;
}

/* Every list that is meant for one distribution point, or for none. */
static void
ask_point(struct inquiry *inquiry, const DIST_POINT *point)
{
	const struct mca_verifier *verifier = inquiry->session->verifier;
	const struct mca_crl_facts *list;
	unsigned reasons;

	for (size_t i = 0; i < verifier->crl_count; i++) {
		list = &verifier->crls[i];
		if (list->base != NULL || inquiry->status == REVOKED)
			continue;
		reasons = mca_crl_scope(inquiry->facts, point, list);
		if ((reasons & ~inquiry->covered) != 0) /* (e) */
			consult(inquiry, list, reasons);
	}
}

static void
ask_all(struct inquiry *inquiry)
{
	const CRL_DIST_POINTS *points =
	    inquiry->facts->value[MCA_EXT_CRL_POINTS];

	for (int i = 0; i < sk_DIST_POINT_num(points); i++)
		ask_point(inquiry, sk_DIST_POINT_value(points, i));
	if (inquiry->covered != MCA_ALL_REASONS)
		ask_point(inquiry, NULL);
}

static void
report_revoked(const struct inquiry *inquiry, mca_findings *out)
{
	mca_findings_addf(out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = (int)inquiry->at,
		.rule = "MC-V-REVOKED",
		.source = "RFC 5280, 6.1.3 (a)(3)",
		.field = "serialNumber",
		.found = mca_cert_serial(inquiry->facts->cert),
		.wanted = "not on a CRL",
		.hint = "a revoked certificate never comes back: have a new "
			"one issued" },
	    "was revoked on %s%s%s", inquiry->date,
	    inquiry->reason == NULL ? "" : ": ",
	    inquiry->reason == NULL ? "" : inquiry->reason);
}

/*
 * That nobody speaks of a certificate is told to who asked for CRLs, and is
 * never "not revoked"; where warnings count it is not "revoked" either.
 */
static void
report_uncovered(const struct inquiry *inquiry, const char *published,
    mca_findings *out)
{
	const struct mca_verify_options *options = &inquiry->session->options;
	const char *why =
	    inquiry->why_source != NULL ? inquiry->why : published;

	mca_findings_addf(out,
	    &(struct mca_finding){ .severity =
				       options->require_crl || options->strict
		    ? MCA_UNDECIDED
		    : MCA_WARNING,
		.depth = (int)inquiry->at,
		.rule = why != NULL ? "MC-V-CRL-UNUSABLE" : "MC-V-CRL-MISSING",
		.source = inquiry->why_source != NULL ? inquiry->why_source
						      : "RFC 5280, 6.3.3",
		.field = "serialNumber",
		.wanted = "a fresh CRL of its issuer, for every reason",
		.hint = "get the present CRL of its issuer and give it with "
			"--crl" },
	    "may have been revoked: %s",
	    why != NULL ? why : "no CRL covers it, or not for every reason");
}

void
mca_revocation_check(struct mca_session *session, const struct mca_path *path,
    size_t at, mca_findings *out)
{
	struct mca_told told = { 0 };
	struct inquiry inquiry = {
		.session = session,
		.path = path,
		.at = at,
		.facts = mca_node_facts(session, path->nodes[at]),
	};

	if (inquiry.facts == NULL)
		return;
	mca_standing_record(&told, session, path, at, out);
	if (told.settled)
		return;
	if (session->verifier->crl_count > 0)
		ask_all(&inquiry);
	if (inquiry.status == REVOKED) {
		report_revoked(&inquiry, out);
		return;
	}
	told.covered = told.covered || inquiry.covered == MCA_ALL_REASONS;
	mca_standing_ocsp(&told, session, path, at, out);
	if (session->verifier->revocation && !told.settled && !told.covered)
		report_uncovered(&inquiry, told.why, out);
}
