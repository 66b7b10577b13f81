/*
 * session.h - one question to a verifier, while it is being answered: the
 * certificates that may be on a path, what is known of them by now, and what
 * is left of the budget.
 */
#ifndef MCA_SESSION_H
#define MCA_SESSION_H

#include "crlfacts.h"
#include "memory.h"
#include "rules.h"
#include "trials.h"

#include "minica/limits.h"
#include "minica/verify.h"

/* What a verifier was built from; immutable from then on, but for a memory. */
struct mca_verifier {
	struct mca_verify_options options; /* its pointers are not used */
	mca_certs anchors, intermediates;  /* by subject */
	struct mca_known *known; /* of the anchors, then the intermediates */
	mca_links *links;
	struct mca_crl_facts *crls;
	size_t crl_count;
	bool revocation;	/* CRLs were given, or are required */
	mca_suffixes *suffixes; /* NULL: no rule asks for them */
	ASN1_OBJECT **policies;
	size_t policy_count;
};

/* A certificate that may be on a path. */
struct mca_node {
	const mca_cert *cert;
	enum mca_role role;
	struct mca_known *known; /* of the verifier's own; else NULL */

	/* NULL until asked for; the next two are its own, if not `known`. */
	const struct mca_facts *facts;
	struct mca_facts *own_facts;
	mca_findings own_rules;
	const mca_findings *rules;
};

/* Limits that were met, as bits. */
enum mca_limit {
	MCA_HIT_CANDIDATES = 1,
	MCA_HIT_SIGNATURES = 2,
	MCA_HIT_CONSTRAINTS = 4,
	MCA_HIT_POLICIES = 8,
	MCA_HIT_MEMORY = 16,
	/* Those that end the search, and those that leave a path unjudged. */
	MCA_HIT_SEARCHING =
	    MCA_HIT_CANDIDATES | MCA_HIT_SIGNATURES | MCA_HIT_MEMORY,
	MCA_HIT_JUDGING =
	    MCA_HIT_CONSTRAINTS | MCA_HIT_POLICIES | MCA_HIT_MEMORY,
};

/* What is left; shared with the questions that are asked on the way. */
struct mca_budget {
	size_t candidates, signatures, constraints, policies;
	unsigned hit; /* of enum mca_limit */
};

/* Whether `issuer` signed `subject`, a certificate or CRL of libcrypto's. */
struct mca_signature {
	const void *subject;
	const mca_cert *issuer;
	enum mca_link link;
};

/* As many as the budget allows, and some more to explain a refusal by. */
#define MCA_SIGNATURES_KEPT (MCA_LIMIT_SIGNATURES + 50)

struct mca_session {
	const struct mca_verifier *verifier;
	struct mca_verify_options options;
	const struct mca_session *parent; /* who asks for a CRL's signer */
	const mca_blob *stapled; /* OCSP response about the target; or NULL */

	struct mca_node *nodes; /* anchors, intermediates, candidates, target */
	mca_certs candidates;	/* by subject */
	struct mca_node *target;

	struct mca_trials trials;

	struct mca_budget *budget;
	struct mca_signature signatures[MCA_SIGNATURES_KEPT];
	size_t signature_count;
};

/* mca_certs_sort orders a list by subject, so that issuers can be found. */
void mca_certs_sort(mca_certs *list);

/*
 * mca_session_open begins a question about `target`; `candidates` may be
 * NULL.  mca_session_close frees what it holds.
 */
mca_code mca_session_open(struct mca_session *session,
    const struct mca_verifier *verifier, const mca_cert *target,
    const mca_certs *candidates, struct mca_budget *budget,
    struct mca_error *err);
void mca_session_close(struct mca_session *session);

/* mca_node_facts returns what is known of a node, NULL if memory ran out. */
const struct mca_facts *mca_node_facts(struct mca_session *session,
    struct mca_node *node);

/* mca_node_rules returns the findings of rules.h, all at depth 0. */
const mca_findings *mca_node_rules(struct mca_session *session,
    struct mca_node *node);

/*
 * mca_session_named calls `each` for every anchor and then for every other
 * certificate with the subject `name`, until it returns false.
 */
void mca_session_named(struct mca_session *session, const X509_NAME *name,
    bool (*each)(void *context, struct mca_node *node), void *context);

/*
 * mca_session_link says whether the key of `issuer` made the signature of
 * `subject`; mca_session_crl_link is the same for a CRL.  UNKNOWN when the
 * key may not be used, or the budget has run out.
 */
enum mca_link mca_session_link(struct mca_session *session,
    struct mca_node *subject, struct mca_node *issuer);
enum mca_link mca_session_crl_link(struct mca_session *session, X509_CRL *crl,
    struct mca_node *issuer);

/*
 * mca_session_report_limits adds a finding for each limit of `which` that was
 * met.
 */
void mca_session_report_limits(const struct mca_session *session,
    unsigned which, mca_findings *out);

/* mca_same_cert says whether two certificates are equal byte for byte. */
bool mca_same_cert(const mca_cert *a, const mca_cert *b);

/* A path, target first; the anchor is the last if there is one. */
struct mca_path {
	struct mca_node *nodes[MCA_LIMIT_PATH_DEPTH + 1];
	size_t length;
	bool anchored;
};

#endif
