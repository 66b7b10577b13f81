/*
 * ca_parts.h - what the files of the ca share.
 */
#ifndef MCA_CA_PARTS_H
#define MCA_CA_PARTS_H

#include "authority.h"
#include "minica/ca.h"
#include "subtree.h"
#include "tbs.h"

struct mca_ca {
	struct mca_ca_options options;
	mca_store *store;
	mca_issuers issuers;
	bool loaded;	      /* `issuers` holds what the store does */
	mca_weaklist *listed; /* HOME/weak-keys; NULL before it is read */
};

/*
 * mca_ca_listed reads HOME/weak-keys when it is first asked for.
 *
 * mca_ca_check_key refuses (MCA_EPOLICY) a key that must not be an
 * authority's, with the first reason.
 */
mca_code mca_ca_listed(mca_ca *ca, const mca_weaklist **out,
    struct mca_error *err);
mca_code mca_ca_check_key(mca_ca *ca, const mca_spki *spki,
    struct mca_error *err);

/* mca_ca_load makes sure that the issuers are loaded. */
mca_code mca_ca_load(mca_ca *ca, struct mca_error *err);

/* mca_ca_audit appends an entry of now, by whoever runs this. */
mca_code mca_ca_audit(mca_ca *ca, const char *action, const char *object,
    const char *detail, struct mca_error *err);

/*
 * mca_ca_ask_history adds an error for all that the store has against
 * certifying a key for names: the key was compromised, is an authority's, has
 * a certificate that the policy does not let it have, shares a prime; or
 * another key holds a name, which the policy does not let go.
 */
struct mca_key_question {
	const mca_policy *policy;
	const mca_spki *spki;
	const mca_san *san; /* NULL: not known, the names were refused */
	const mca_name *subject;
	int64_t renews; /* the certificate this one replaces; 0: none */
	int64_t since;	/* primes of certificates up to this row were asked */
};
mca_code mca_ca_ask_history(mca_ca *ca, mca_findings *out,
    const struct mca_key_question *question, struct mca_error *err);

/*
 * A certificate on its way: examined, built, linted under a throwaway key, and
 * not signed yet.
 */
typedef struct mca_draft {
	/* Given. */
	const mca_policy *policy;
	struct mca_issuer *issuer; /* NULL: self-signed */
	const mca_csr *csr;
	int64_t life;	/* 0: the policy's */
	int64_t renews; /* the certificate it replaces; 0: none */
	NAME_CONSTRAINTS *constraints; /* of a CA; NULL for none */

	/* Filled. */
	mca_review review;
	mca_findings lint;
	mca_tbs_der tbs;
	mca_cert *rehearsed; /* what the throwaway key signed */
} mca_draft;

void mca_draft_clear(mca_draft *draft);
MCA_SCOPED(mca_draft, mca_draft_clear)

/*
 * mca_ca_draft fills a draft.  MCA_EPOLICY when the review refused the
 * request, MCA_EFORMAT when lint found an error: the findings tell all, `err`
 * the first.
 */
mca_code mca_ca_draft(mca_ca *ca, mca_draft *draft, struct mca_error *err);

/*
 * Its three steps.  mca_draft_review asks the policy, and may run for many
 * drafts at once after mca_ca_listed.  mca_draft_ask asks the store, and says
 * what came of both.  mca_draft_rehearse builds and lints, for many drafts at
 * once if mca_draft_is_prepared: the first of an issuer makes what they share.
 */
mca_code mca_draft_review(const mca_ca *ca, mca_draft *draft,
    struct mca_error *err);
mca_code mca_draft_ask(mca_ca *ca, mca_draft *draft, struct mca_error *err);
mca_code mca_draft_rehearse(mca_draft *draft, struct mca_error *err);
bool mca_draft_is_prepared(const mca_draft *draft);

/*
 * Drafts that were made before, one for each job, when the newest certificate
 * in the store was `newest`: what they found out is not asked again.  One that
 * is empty, or of another issuer, is made anew.  `sealed` (NULL for none) is
 * called on all cores for each certificate that was signed and not recorded
 * yet, and makes what is written of it in place of the job's `output`; `ready`
 * (NULL for none) then, before anything is recorded.
 */
struct mca_drafts {
	mca_draft **rows;
	int64_t newest;
	mca_code (*sealed)(void *context, const struct mca_job *job,
	    struct mca_error *err);
	mca_code (*ready)(void *context, struct mca_error *err);
	void *context;
};

/* mca_ca_sign_drafts is mca_ca_sign; it empties the drafts. */
mca_code mca_ca_sign_drafts(mca_ca *ca, const struct mca_signing *how,
    const struct mca_drafts *drafts, struct mca_job *jobs, size_t count,
    struct mca_error *err);

/*
 * A new private key of an authority, in a file of the home that goes away
 * again unless `kept` is set: nothing refers to a key before its record does.
 */
typedef struct mca_new_key {
	mca_key *key;
	char *path;  /* of the file; NULL before it is there */
	char *where; /* as the record names it: "keys/root-0123abcd.key" */
	bool kept;
} mca_new_key;

void mca_new_key_clear(mca_new_key *made);
MCA_SCOPED(mca_new_key, mca_new_key_clear)

/*
 * mca_ca_save_key writes `made->key`, protected by the ca's passphrase if it
 * has one, to a new file of the home.
 */
mca_code mca_ca_save_key(mca_ca *ca, mca_new_key *made, const char *label,
    struct mca_error *err);

/*
 * mca_ca_request makes the request of a new authority: its subject, signed by
 * its own key.
 */
mca_code mca_ca_request(mca_csr **out, const struct mca_new_authority *what,
    const char *label, const mca_key *key, struct mca_error *err);

/*
 * mca_ca_is_responder_key says whether `path`, below the home, is named like
 * the key of an OCSP responder of an authority that is loaded.
 */
bool mca_ca_is_responder_key(mca_ca *ca, const char *path);

/* mca_ca_label checks a new label: its letters, and that it is free. */
mca_code mca_ca_label(mca_ca *ca, const char *label, struct mca_error *err);

/*
 * mca_ca_draw_root makes key and certificate of a new root; nothing of it is
 * recorded yet.
 */
mca_code mca_ca_draw_root(mca_ca *ca, mca_cert **out, mca_new_key *made,
    const struct mca_new_authority *what, const char *label,
    struct mca_error *err);

/* What is recorded of a new authority, in one transaction. */
struct mca_birth {
	const char *action; /* for the audit log */
	const char *label, *kind, *parent, *where, *policy;
	enum mca_origin origin;
	bool anchor; /* it becomes a trust anchor too */
};
mca_code mca_ca_record(mca_ca *ca, const mca_cert *cert,
    const struct mca_birth *birth, struct mca_error *err);

/* mca_ca_write is mca_ca_record in a transaction that is open already. */
mca_code mca_ca_write(mca_ca *ca, const mca_cert *cert,
    const struct mca_birth *birth, struct mca_error *err);

/* mca_ca_issuer_of returns the authority that signed `cert`, or NULL. */
struct mca_issuer *mca_ca_issuer_of(const mca_ca *ca, const mca_cert *cert);

#endif
