/*
 * session.c - see session.h.
 */
#include "session.h"
#include "error.h"
#include "object.h"
#include "sigalg.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

static X509_NAME *
subject_of(const mca_cert *cert)
{
	return X509_get_subject_name(mca_cert_get0_bare(cert));
}

static int
by_subject(const void *a, const void *b)
{
	return X509_NAME_cmp(subject_of(*(mca_cert *const *)a),
	    subject_of(*(mca_cert *const *)b));
}

void
mca_certs_sort(mca_certs *list)
{
	if (list->count > 1)
		qsort(list->rows, list->count, sizeof(*list->rows), by_subject);
}

/* Returns the first row whose subject is not before `name`. */
static size_t
first_named(const mca_certs *list, const X509_NAME *name)
{
	size_t low = 0, high = list->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (X509_NAME_cmp(subject_of(list->rows[middle]), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* False when `each` wants no more. */
static bool
walk_named(const mca_certs *list, struct mca_node *nodes, const X509_NAME *name,
    bool (*each)(void *context, struct mca_node *node), void *context)
{
	for (size_t i = first_named(list, name); i < list->count; i++) {
		if (X509_NAME_cmp(subject_of(list->rows[i]), name) != 0)
			break;
		if (!each(context, &nodes[i]))
			return false;
	}
	return true;
}

void
mca_session_named(struct mca_session *session, const X509_NAME *name,
    bool (*each)(void *context, struct mca_node *node), void *context)
{
	const struct mca_verifier *verifier = session->verifier;
	struct mca_node *nodes = session->nodes;

	if (!walk_named(&verifier->anchors, nodes, name, each, context))
		return;
	nodes += verifier->anchors.count;
	if (!walk_named(&verifier->intermediates, nodes, name, each, context))
		return;
	nodes += verifier->intermediates.count;
	(void)walk_named(&session->candidates, nodes, name, each, context);
}

static struct mca_node *
place(struct mca_node *nodes, const mca_certs *list, enum mca_role role)
{
	for (size_t i = 0; i < list->count; i++) {
		nodes[i].cert = list->rows[i];
		nodes[i].role = role;
	}
	return nodes + list->count;
}

mca_code
mca_session_open(struct mca_session *session,
    const struct mca_verifier *verifier, const mca_cert *target,
    const mca_certs *candidates, struct mca_budget *budget,
    struct mca_error *err)
{
	size_t count = candidates == NULL ? 0 : candidates->count;
	struct mca_node *next;
	mca_code code;

	session->verifier = verifier;
	session->options = verifier->options;
	session->budget = budget;
	for (size_t i = 0; i < count; i++) {
		code = mca_certs_add(&session->candidates, candidates->rows[i],
		    err);
		if (code != MCA_OK)
			return code;
	}
	mca_certs_sort(&session->candidates);
	session->nodes = calloc(verifier->anchors.count +
		verifier->intermediates.count + count + 1,
	    sizeof(*session->nodes));
	if (session->nodes == NULL)
		return mca_fail_memory(err);
	next = place(session->nodes, &verifier->anchors, MCA_ANCHOR);
	next = place(next, &verifier->intermediates, MCA_INTERMEDIATE);
	next = place(next, &session->candidates, MCA_INTERMEDIATE);
	next->cert = target;
	next->role = MCA_TARGET;
	session->target = next;
	return MCA_OK;
}

void
mca_session_close(struct mca_session *session)
{
	for (struct mca_node *node = session->nodes;
	     node != NULL && node <= session->target; node++) {
		mca_facts_free(node->facts);
		mca_findings_clear(&node->findings);
	}
	free(session->nodes);
	mca_certs_clear(&session->candidates);
	memset(session, 0, sizeof(*session));
}

static const struct {
	enum mca_limit limit;
	const char *detail, *hint;
	long value;
} limits[] = {
	{ MCA_HIT_CANDIDATES, "certificates were tried as issuers",
	    "give fewer intermediates", MCA_LIMIT_PATH_CANDIDATES },
	{ MCA_HIT_SIGNATURES, "signatures were checked",
	    "give fewer intermediates", MCA_LIMIT_SIGNATURES },
	{ MCA_HIT_CONSTRAINTS, "names were compared with constraints",
	    "no honest certificate needs as many", MCA_LIMIT_CONSTRAINTS },
	{ MCA_HIT_POLICIES, "policies were compared",
	    "no honest certificate needs as many", MCA_LIMIT_CONSTRAINTS },
};

void
mca_session_report_limits(const struct mca_session *session, unsigned which,
    mca_findings *out)
{
	unsigned hit = session->budget->hit & which;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if ((hit & limits[i].limit) != 0)
			mca_findings_addf(out,
			    &(struct mca_finding){ .severity = MCA_UNDECIDED,
				.depth = MCA_NO_DEPTH,
				.rule = "MC-V-BUDGET",
				.source = "minica, limits",
				.hint = limits[i].hint },
			    "was given up: %ld %s", limits[i].value,
			    limits[i].detail);
	if ((hit & MCA_HIT_MEMORY) != 0)
		mca_findings_add(out,
		    &(struct mca_finding){ .severity = MCA_UNDECIDED,
			.depth = MCA_NO_DEPTH,
			.rule = "MC-V-MEMORY",
			.source = "minica",
			.detail = "was given up: memory ran out" });
}

const struct mca_facts *
mca_node_facts(struct mca_session *session, struct mca_node *node)
{
	if (node->facts == NULL)
		node->facts = mca_facts_new(node->cert);
	if (node->facts == NULL)
		session->budget->hit |= MCA_HIT_MEMORY;
	return node->facts;
}

const mca_findings *
mca_node_rules(struct mca_session *session, struct mca_node *node)
{
	const struct mca_facts *facts = mca_node_facts(session, node);

	if (node->ruled || facts == NULL)
		return &node->findings;
	mca_rules_apply(&node->findings, 0,
	    &(struct mca_rule_input){ .facts = facts,
		.options = &session->options,
		.suffixes = session->verifier->suffixes,
		.role = node->role });
	node->ruled = true;
	return &node->findings;
}

bool
mca_same_cert(const mca_cert *a, const mca_cert *b)
{
	size_t a_length, b_length;
	const uint8_t *a_der = mca_cert_der(a, &a_length);
	const uint8_t *b_der = mca_cert_der(b, &b_length);

	return a == b ||
	    (a_length == b_length && memcmp(a_der, b_der, a_length) == 0);
}

/* Returns what is known of a signature, or a new row for it, or NULL. */
static struct mca_signature *
signature_of(struct mca_session *session, const void *subject,
    const mca_cert *issuer)
{
	struct mca_signature *row = session->signatures;

	for (size_t i = 0; i < session->signature_count; i++, row++)
		if (row->subject == subject && row->issuer == issuer)
			return row;
	if (session->budget->signatures == 0 ||
	    session->signature_count == MCA_SIGNATURES_KEPT) {
		session->budget->hit |= MCA_HIT_SIGNATURES;
		return NULL;
	}
	session->budget->signatures--;
	session->signature_count++;
	*row = (struct mca_signature){ subject, issuer, MCA_LINK_UNKNOWN };
	return row;
}

/* A key that may be used at all, or NULL. */
static EVP_PKEY *
usable_key(struct mca_session *session, struct mca_node *issuer)
{
	const struct mca_facts *facts = mca_node_facts(session, issuer);

	if (facts == NULL || facts->key == NULL ||
	    mca_key_too_large(facts->key))
		return NULL;
	return facts->key;
}

static enum mca_link
link_of(int verified)
{
	ERR_clear_error();
	return verified == 1 ? MCA_LINK_GOOD : MCA_LINK_BAD;
}

enum mca_link
mca_session_link(struct mca_session *session, struct mca_node *subject,
    struct mca_node *issuer)
{
	size_t before = session->signature_count;
	struct mca_signature *row =
	    signature_of(session, subject->cert, issuer->cert);
	EVP_PKEY *key;

	if (row == NULL)
		return MCA_LINK_UNKNOWN;
	if (session->signature_count == before)
		return row->link;
	key = usable_key(session, issuer);
	if (key != NULL)
		row->link = link_of(
		    X509_verify(mca_cert_get0_bare(subject->cert), key));
	return row->link;
}

enum mca_link
mca_session_crl_link(struct mca_session *session, X509_CRL *crl,
    struct mca_node *issuer)
{
	size_t before = session->signature_count;
	struct mca_signature *row = signature_of(session, crl, issuer->cert);
	EVP_PKEY *key;

	if (row == NULL)
		return MCA_LINK_UNKNOWN;
	if (session->signature_count == before)
		return row->link;
	key = usable_key(session, issuer);
	if (key != NULL && mca_key_flaw(key) == NULL)
		row->link = link_of(X509_CRL_verify(crl, key));
	return row->link;
}
