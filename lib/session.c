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

/* `known` is NULL for what came with the question. */
static struct mca_node *
place(struct mca_node *nodes, const mca_certs *list, enum mca_role role,
    struct mca_known *known)
{
	for (size_t i = 0; i < list->count; i++) {
		nodes[i].cert = list->rows[i];
		nodes[i].role = role;
		nodes[i].known = known == NULL ? NULL : &known[i];
	}
	return nodes + list->count;
}

/* Rules cannot fail, so the list is there before they ask. */
static mca_code
need_suffixes(const struct mca_session *session, struct mca_error *err)
{
	const mca_san *san = mca_cert_san(session->target->cert);
	mca_suffixes *suffixes = session->verifier->suffixes;
	bool asked = false;

	for (size_t i = 0; i < mca_san_count(san) && !asked; i++)
		asked = mca_suffixes_concern(mca_san_at(san, i));
	return suffixes == NULL || !asked ? MCA_OK
					  : mca_suffixes_need(suffixes, err);
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
	next = place(session->nodes, &verifier->anchors, MCA_ANCHOR,
	    verifier->known);
	next = place(next, &verifier->intermediates, MCA_INTERMEDIATE,
	    verifier->known + verifier->anchors.count);
	next = place(next, &session->candidates, MCA_INTERMEDIATE, NULL);
	next->cert = target;
	next->role = MCA_TARGET;
	session->target = next;
	return need_suffixes(session, err);
}

void
mca_session_close(struct mca_session *session)
{
	for (struct mca_node *node = session->nodes;
	     node != NULL && node <= session->target; node++) {
		mca_facts_free(node->own_facts);
		mca_findings_clear(&node->own_rules);
	}
	free(session->nodes);
	mca_trials_clear(&session->trials);
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
	if (node->facts != NULL)
		return node->facts;
	if (node->known != NULL)
		node->facts = mca_known_facts(node->known, node->cert);
	else
		node->facts = node->own_facts = mca_facts_new(node->cert);
	if (node->facts == NULL)
		session->budget->hit |= MCA_HIT_MEMORY;
	return node->facts;
}

static void
apply_rules(mca_findings *out, const struct mca_session *session,
    const struct mca_node *node)
{
	mca_rules_apply(out, 0,
	    &(struct mca_rule_input){ .facts = node->facts,
		.options = &session->options,
		.suffixes = session->verifier->suffixes,
		.role = node->role });
}

/* What is remembered holds for the verifier's own options. */
static const mca_findings *
remembered_rules(const struct mca_session *session, struct mca_node *node)
{
	const mca_findings *rules;
	mca_findings *learnt;

	if (node->known == NULL ||
	    session->options.purpose != session->verifier->options.purpose)
		return NULL;
	rules = mca_known_rules(node->known);
	if (rules != NULL)
		return rules;
	learnt = calloc(1, sizeof(*learnt));
	if (learnt == NULL)
		return NULL;
	apply_rules(learnt, session, node);
	return mca_known_learn(node->known, learnt);
}

const mca_findings *
mca_node_rules(struct mca_session *session, struct mca_node *node)
{
	if (node->rules != NULL || mca_node_facts(session, node) == NULL)
		return node->rules != NULL ? node->rules : &node->own_rules;
	node->rules = remembered_rules(session, node);
	if (node->rules == NULL) {
		apply_rules(&node->own_rules, session, node);
		node->rules = &node->own_rules;
	}
	return node->rules;
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

/* Signatures below the target's: those of issuers come again and again. */
static void
key_of(struct mca_link_key *key, const mca_cert *subject,
    const mca_cert *issuer)
{
	memcpy(key->subject, mca_cert_sha256(subject), sizeof(key->subject));
	memcpy(key->issuer, mca_cert_sha256(issuer), sizeof(key->issuer));
}

/* A CRL is one of the verifier's own, and known by its place. */
static void
key_of_crl(struct mca_link_key *key, const X509_CRL *crl,
    const mca_cert *issuer)
{
	memset(key->subject, 0, sizeof(key->subject));
	memcpy(key->subject, &crl, sizeof(crl));
	memcpy(key->issuer, mca_cert_sha256(issuer), sizeof(key->issuer));
}

enum mca_link
mca_session_link(struct mca_session *session, struct mca_node *subject,
    struct mca_node *issuer)
{
	size_t before = session->signature_count;
	struct mca_link_key key;
	struct mca_signature *row;
	enum mca_link link;
	EVP_PKEY *pkey;

	key_of(&key, subject->cert, issuer->cert);
	link = mca_links_find(session->verifier->links, &key);
	if (link != MCA_LINK_UNKNOWN)
		return link;
	row = signature_of(session, subject->cert, issuer->cert);
	if (row == NULL)
		return MCA_LINK_UNKNOWN;
	if (session->signature_count == before)
		return row->link;
	pkey = usable_key(session, issuer);
	if (pkey == NULL)
		return row->link;
	row->link =
	    link_of(X509_verify(mca_cert_get0_bare(subject->cert), pkey));
	if (subject->role != MCA_TARGET)
		mca_links_add(session->verifier->links, &key, row->link);
	return row->link;
}

enum mca_link
mca_session_crl_link(struct mca_session *session, X509_CRL *crl,
    struct mca_node *issuer)
{
	size_t before = session->signature_count;
	struct mca_link_key key;
	struct mca_signature *row;
	enum mca_link link;
	EVP_PKEY *pkey;

	key_of_crl(&key, crl, issuer->cert);
	link = mca_links_find(session->verifier->links, &key);
	if (link != MCA_LINK_UNKNOWN)
		return link;
	row = signature_of(session, crl, issuer->cert);
	if (row == NULL)
		return MCA_LINK_UNKNOWN;
	if (session->signature_count == before)
		return row->link;
	pkey = usable_key(session, issuer);
	if (pkey == NULL || mca_key_flaw(pkey) != NULL)
		return row->link;
	row->link = link_of(X509_CRL_verify(crl, pkey));
	mca_links_add(session->verifier->links, &key, row->link);
	return row->link;
}
