/*
 * minica/ca.h - a certificate authority: its home, its keys, its record.
 *
 * Issuing is always the same short list: examine the request against the
 * policy, build the TBSCertificate, lint it signed by a throwaway key, sign,
 * and record certificate, names and audit entry in one transaction.  Only
 * then does the certificate reach the caller.
 *
 * A ca belongs to one thread at a time.
 */
#ifndef MINICA_CA_H
#define MINICA_CA_H

#include "minica/cert.h"
#include "minica/csr.h"
#include "minica/ocsp.h"
#include "minica/policy.h"
#include "minica/store.h"
#include "minica/verify.h"

typedef struct mca_ca mca_ca;

struct mca_ca_options {
	const char *home;
	mca_time now;
	const char *actor; /* for the audit log: "uid 1000" */

	/* Opens and protects the authorities' keys; NULL: there is none. */
	const struct mca_passphrase *passphrase;
};

/*
 * mca_ca_open opens the store of `options->home` as `mode` says.  The options
 * and what they point to must outlive the ca.
 */
MCA_API mca_code mca_ca_open(mca_ca **out, const struct mca_ca_options *options,
    enum mca_store_mode mode, struct mca_error *err);
MCA_API void mca_ca_close(mca_ca *ca);
MCA_OWNED(mca_ca, mca_ca_close)

/* mca_ca_store returns the ca's store, to ask it. */
MCA_API mca_store *mca_ca_store(mca_ca *ca);

/* mca_ca_find_policy is mca_policy_find with the home's own policies first. */
MCA_API mca_code mca_ca_find_policy(mca_policy **out, const mca_ca *ca,
    const char *name, struct mca_error *err);

/*
 * mca_ca_trust adds to `out` the store's trust anchors, and mca_ca_helpers
 * the certificates of its intermediates.
 */
MCA_API mca_code mca_ca_trust(mca_ca *ca, mca_certs *out,
    struct mca_error *err);
MCA_API mca_code mca_ca_helpers(mca_ca *ca, mca_certs *out,
    struct mca_error *err);

/*
 * mca_ca_chain adds to `out` what a server sends after a certificate that the
 * authority `label` issued: the intermediates from that one up, no root, but
 * during a rollover what leads from the one root to the other.
 */
MCA_API mca_code mca_ca_chain(mca_ca *ca, mca_certs *out, const char *label,
    struct mca_error *err);

/*
 * mca_ca_root adds to `out` the root that the authority `label` stands under,
 * or nothing when that root is not an authority of this home.
 */
MCA_API mca_code mca_ca_root(mca_ca *ca, mca_certs *out, const char *label,
    struct mca_error *err);

/* A new authority; NULL and 0 mean the default. */
struct mca_new_authority {
	const char *label;	   /* "root", "intermediate" */
	const char *common_name;   /* made from the label and the year */
	const char *organization;  /* none */
	const char *key_algorithm; /* "ec-p384" */
	int64_t life;		   /* seconds; the policy's */
	const char *issuer;	   /* of an intermediate: its issuer's label */

	/* Name constraints: DNS names, "@host" for mail, addresses, CIDRs. */
	const char *const *permit, *const *exclude;
	size_t permit_count, exclude_count;
};

/*
 * mca_ca_init_root makes a root: key, certificate, record, trust anchor.
 * `*label` (may be NULL) is what it is now called, valid until the next call.
 * MCA_EEXISTS when there is an authority of that label.
 */
MCA_API mca_code mca_ca_init_root(mca_ca *ca, mca_cert **out,
    const char **label, const struct mca_new_authority *what,
    struct mca_error *err);

/*
 * mca_ca_import_root takes in a root made elsewhere: `cert` and its key, which
 * is copied into the home if it is a file.
 */
MCA_API mca_code mca_ca_import_root(mca_ca *ca, const char **label,
    const struct mca_new_authority *what, const mca_cert *cert, const char *key,
    struct mca_error *err);

/* mca_ca_init_intermediate makes one under an issuer whose key is here. */
MCA_API mca_code mca_ca_init_intermediate(mca_ca *ca, mca_cert **out,
    const char **label, const struct mca_new_authority *what,
    mca_findings *notes, struct mca_error *err);

/*
 * mca_ca_request_intermediate makes the key and the request of an intermediate
 * whose issuer is elsewhere; mca_ca_install_intermediate takes in what came
 * back: the first certificate of `certs` is the intermediate's, the others may
 * be its issuers.
 */
MCA_API mca_code mca_ca_request_intermediate(mca_ca *ca, mca_csr **out,
    const char **label, const struct mca_new_authority *what,
    struct mca_error *err);
MCA_API mca_code mca_ca_install_intermediate(mca_ca *ca, const char **label,
    const mca_certs *certs, struct mca_error *err);

struct mca_job;

/*
 * Is told of each certificate, which is `row` of the store, inside the
 * transaction that records it; a code other than MCA_OK undoes that whole.
 */
typedef mca_code mca_recorded(void *context, const struct mca_job *job,
    int64_t row, struct mca_error *err);

/* How requests are to be signed; NULL and 0 mean the default. */
struct mca_signing {
	const char *policy; /* "server" */
	const char *issuer; /* label; the newest that may issue this */
	int64_t life;	    /* seconds; the policy's */
	bool fullchain;	    /* `output` holds the intermediates too */
	bool open_key;	    /* a rehearsal opens the issuer's key as well */
	const char *const *labels;
	size_t label_count; /* at most MCA_LIMIT_LABELS, without flaws */
	mca_recorded *recorded;
	void *context; /* for `recorded` */
};

/* A file that a certificate will be written to. */
struct mca_copy {
	const char *path; /* absolute */
	bool fullchain;	  /* with the intermediates */
	mca_blob output;  /* filled: what is to be written */
};

/* One request, and what became of it. */
struct mca_job {
	const mca_csr *csr;
	const char *path; /* absolute path the output will have, or NULL */
	int64_t renews;	  /* row of the certificate it replaces, or 0 */

	/* Further files; the caller's, but mca_job_clear empties them. */
	struct mca_copy *copies;
	size_t copy_count;

	/*
	 * Filled: MCA_OK when issued, MCA_EPOLICY when the review refused it,
	 * MCA_EFORMAT when lint stopped it; `review.findings` say why.
	 */
	mca_code code;
	mca_review review;
	mca_findings lint;
	mca_cert *cert;	 /* NULL unless issued (or built, in a rehearsal) */
	mca_blob output; /* PEM to be written */
};

MCA_API void mca_job_clear(struct mca_job *job);

/*
 * mca_ca_sign issues a certificate for every job, recorded in groups.  It
 * returns MCA_OK when each job has been decided (look at their codes); on any
 * other code the jobs whose `cert` is set are recorded, and no others.
 */
MCA_API mca_code mca_ca_sign(mca_ca *ca, const struct mca_signing *how,
    struct mca_job *jobs, size_t count, struct mca_error *err);

/*
 * mca_ca_rehearse does all that mca_ca_sign does but touch the issuer's key
 * and the record: `cert` is what would be issued, signed by a throwaway key.
 * With `how->open_key` a job that is not refused has the issuer's key opened
 * too, so that a passphrase that fails is known before anything is made.
 */
MCA_API mca_code mca_ca_rehearse(mca_ca *ca, const struct mca_signing *how,
    struct mca_job *job, struct mca_error *err);

/*
 * mca_ca_renew issues a certificate in place of the one of row `job->renews`,
 * which an authority of this home issued: for the same subject, names, labels
 * and, if `job->csr` is NULL, the same key.  No request is needed for that: it
 * proved that its sender holds the key, and the record of the issuance proves
 * the request.  What `how` leaves out is as it was: the policy, the authority
 * (if it still may sign; else as for any request), the life that was asked for,
 * unless the issuer's end had cut it.  The policy of today decides: what it
 * would no longer allow is refused, as mca_ca_sign does.
 *
 * With `rehearse` it is mca_ca_rehearse of the same.  MCA_EPOLICY for one that
 * is revoked or was not issued by an authority of this home, MCA_EUSAGE for a
 * CA.
 */
MCA_API mca_code mca_ca_renew(mca_ca *ca, const struct mca_signing *how,
    struct mca_job *job, bool rehearse, struct mca_error *err);

/*
 * mca_ca_copy fills the output of `copy` with the certificate `cert`, which
 * the authority `label` issued.
 */
MCA_API mca_code mca_ca_copy(mca_ca *ca, struct mca_copy *copy,
    const mca_cert *cert, const char *label, struct mca_error *err);

/* A certificate of an authority of this home, to be revoked or released. */
struct mca_revoking {
	const char *authority;	   /* label of its issuer */
	const char *serial;	   /* hex */
	const char *reason;	   /* by its name; NULL: unspecified */
	mca_time invalid_since;	   /* invalidityDate; 0: none */
	const char *superseded_by; /* serial of what replaces it, or NULL */
};

/*
 * mca_ca_revoke records a revocation and its audit entry; the next CRL tells
 * it.  What is on hold can be revoked for good; `*changed` is false when it was
 * revoked for that reason already.  MCA_EUSAGE for an unknown reason or an
 * invalidityDate to come, MCA_EEXISTS when it is revoked for another reason.
 */
MCA_API mca_code mca_ca_revoke(mca_ca *ca, bool *changed,
    const struct mca_revoking *what, struct mca_error *err);

/*
 * mca_ca_release ends a certificateHold.  MCA_ENOTFOUND when it is not
 * revoked, MCA_EPOLICY when it is revoked for good.
 */
MCA_API mca_code mca_ca_release(mca_ca *ca, const struct mca_revoking *what,
    struct mca_error *err);

/* Which CRL is wanted. */
struct mca_crl_request {
	const char *authority; /* label; NULL: as for a leaf to be signed */
	mca_time this_update, next_update;
	bool pem; /* else DER */
};

/*
 * mca_ca_crl makes the next CRL of an authority, records it with a number
 * that was never given before, and only then hands it to `write`.  `*label`
 * lives until the next call.
 */
MCA_API mca_code mca_ca_crl(mca_ca *ca, struct mca_crl_record *out,
    const char **label, const struct mca_crl_request *what, mca_write *write,
    void *context, struct mca_error *err);

/*
 * mca_ca_owns_crl says whether the file `path` begins like a CRL, PEM or DER,
 * of an authority (as in mca_crl_request); its end is not looked at, since a
 * list may be large.
 */
MCA_API mca_code mca_ca_owns_crl(mca_ca *ca, bool *ours, const char *path,
    const char *authority, struct mca_error *err);

/*
 * mca_ca_crl_state tells of the newest CRL of an authority (NULL: as in
 * mca_crl_request), and how many revocations were recorded or released since.
 */
MCA_API mca_code mca_ca_crl_state(mca_ca *ca, const char **label,
    struct mca_crl_record *last, int64_t *missing, const char *authority,
    struct mca_error *err);

/*
 * mca_ca_standing fills `out`, all zeros, with what the record knows at the
 * time `at` of `cert`, which `issuer` issued: fit for the `ask` of a verifier.
 */
MCA_API mca_code mca_ca_standing(mca_ca *ca, struct mca_standing *out,
    const mca_cert *cert, const mca_cert *issuer, mca_time at,
    struct mca_error *err);

/* How OCSP responses are to be made. */
struct mca_ocsp_how {
	int64_t life;	/* seconds from thisUpdate (now) to nextUpdate */
	bool by_issuer; /* signed by the authority, not by a responder */
};

/* Called for each question; `revocation` counts if it is revoked. */
typedef void mca_ocsp_each(void *context, const char *serial,
    enum mca_ocsp_answer answer, const struct mca_revocation *revocation);

/*
 * mca_ca_ocsp answers one request (DER) about certificates of one authority
 * of this home: good, revoked, or unknown when it never issued that serial
 * number.  A nonce is echoed.  The authority's responder, a certificate by
 * the policy "ocsp", is made when there is none that lasts long enough.
 * MCA_EFORMAT for what is no request, MCA_ENOTFOUND for another's issuer.
 */
MCA_API mca_code mca_ca_ocsp(mca_ca *ca, mca_blob *out, const mca_blob *request,
    const struct mca_ocsp_how *how, mca_ocsp_each *each, void *context,
    struct mca_error *err);

/* A response that was made before anybody asked. */
struct mca_ocsp_response {
	const char *serial;
	enum mca_ocsp_answer answer;
	const mca_blob *request, *response; /* DER; the usual request for it */
};
typedef mca_code mca_ocsp_each_response(void *context,
    const struct mca_ocsp_response *response, struct mca_error *err);

/*
 * mca_ca_ocsp_all makes one response for each certificate of an authority
 * (NULL: as in mca_crl_request) that has not expired, responders left out.
 * `*label` lives until the next call.
 */
MCA_API mca_code mca_ca_ocsp_all(mca_ca *ca, const char **label,
    const char *authority, const struct mca_ocsp_how *how,
    mca_ocsp_each_response *each, void *context, struct mca_error *err);

/*
 * mca_ca_add_anchor and mca_ca_remove_anchor change the trust anchors, with
 * their audit entries, in one transaction.
 */
MCA_API mca_code mca_ca_add_anchor(mca_ca *ca, bool *added,
    const mca_cert *cert, const char *origin, struct mca_error *err);
MCA_API mca_code mca_ca_remove_anchor(mca_ca *ca, bool *removed,
    const char *sha256, struct mca_error *err);

#endif
