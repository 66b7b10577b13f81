/*
 * minica/verify.h - should a client believe this certificate?
 *
 * Path building (path.c) proposes paths from the target certificate to a
 * trust anchor, within a budget; judging (verify.c) takes one path through
 * RFC 5280, 6.1.  The first path that passes decides; when none does, the one
 * that came furthest is reported.
 *
 * A verifier is built once, is immutable, and may be used by many threads at
 * the same time.
 */
#ifndef MINICA_VERIFY_H
#define MINICA_VERIFY_H

#include "minica/blob.h"
#include "minica/cert.h"
#include "minica/client.h"
#include "minica/crl.h"
#include "minica/finding.h"
#include "minica/host.h"
#include "minica/time.h"

enum mca_purpose { MCA_PURPOSE_ANY, MCA_PURPOSE_SERVER, MCA_PURPOSE_CLIENT };

enum mca_rules { MCA_RULES_RFC5280, MCA_RULES_WEBPKI };

/*
 * What a record of one's own, such as a store, knows of a certificate.  A
 * revocation counts at once, whether or not a CRL has told of it.
 */
struct mca_standing {
	bool known;   /* the issuer is one of the record's */
	bool revoked; /* the next two say when and why */
	mca_time since;
	const char *reason; /* static: "keyCompromise" */

	/* The published list that holds, or the newest; number 0: none. */
	int64_t list_number;
	mca_time list_from, list_until;
};

/*
 * mca_record_ask fills `out`, which is all zeros, with what `record` knows of
 * `cert`, which `issuer` issued, at the time `at`.  It is called by whatever
 * thread verifies.  A code other than MCA_OK means that it could not be told.
 */
typedef mca_code mca_record_ask(void *record, struct mca_standing *out,
    const mca_cert *cert, const mca_cert *issuer, mca_time at,
    struct mca_error *err);

struct mca_verify_options {
	mca_time at;
	enum mca_purpose purpose;
	enum mca_rules rules;
	/* Every warning is a no; that revocation could not be told is not. */
	bool strict;

	/*
	 * Judge as these clients do (minica/client.h), one at a time but for
	 * lint; 0 goes by `rules`.
	 */
	unsigned clients;

	/* Intermediates that are not self-issued; -1: MCA_LIMIT_PATH_DEPTH. */
	int max_depth;

	/*
	 * Every certificate but the anchor must be covered by a fresh CRL, a
	 * fresh OCSP response, or a list that the record has published.
	 */
	bool require_crl;

	/* Asked about every certificate below an anchor; or NULL. */
	mca_record_ask *ask;
	void *record;

	/*
	 * OCSP responses, DER; each is used for the certificate that it is
	 * about.  They must outlive the verifier.
	 */
	const mca_blob *ocsp;
	size_t ocsp_count;

	/* user-initial-policy-set, dotted OIDs; none means any-policy. */
	const char *const *policy_oids;
	size_t policy_oid_count;
	bool require_explicit_policy;
	bool inhibit_policy_mapping;
	bool inhibit_any_policy;

	/*
	 * The Public Suffix List, below whose names no wildcard may stand: a
	 * path, "system" for where the machine keeps it (if it does; read when
	 * the first wildcard asks), or NULL.
	 */
	const char *suffixes;
};

/*
 * mca_verify_defaults fills `out`: purpose any, RFC 5280, judged at `at`, the
 * machine's list of public suffixes.
 */
MCA_API void mca_verify_defaults(struct mca_verify_options *out, mca_time at);

typedef struct mca_verifier mca_verifier;

/*
 * mca_verifier_new makes a verifier from trust anchors, intermediates that
 * may help (or NULL) and CRLs (or NULL: revocation is then not looked at).
 * It keeps references of its own to the certificates; `crls` must outlive it.
 * MCA_EUSAGE for a policy that is not a dotted OID, MCA_ENOTFOUND when the
 * list of public suffixes is not at the path given.
 */
MCA_API mca_code mca_verifier_new(mca_verifier **out, const mca_certs *anchors,
    const mca_certs *intermediates, const mca_crls *crls,
    const struct mca_verify_options *options, struct mca_error *err);
MCA_API void mca_verifier_free(mca_verifier *verifier);
MCA_OWNED(mca_verifier, mca_verifier_free)

/* A rule about one certificate that some client goes by. */
struct mca_client_rule {
	const char *rule, *source, *field;
	const char *whose; /* "target", "below the anchor", ... */
	unsigned clients;  /* those that refuse what breaks it */
};

/*
 * mca_client_rule_at tells rule `i` from 0 on, false when there are no more.  A
 * code may come several times, for different places in a path.
 */
MCA_API bool mca_client_rule_at(struct mca_client_rule *out, size_t i);

enum mca_answer { MCA_YES, MCA_NO, MCA_COULD_NOT_TELL };

/* A trust anchor that was looked at, and why no path ends there. */
struct mca_trial {
	mca_cert *anchor;
	char rule[40]; /* the code of the worst finding on the way */
	char why[400];
};

/* No more than MCA_TRIALS of them, in the order in which they were tried. */
#define MCA_TRIALS 20
struct mca_trials {
	struct mca_trial *rows;
	size_t count;
};

/* A verdict of zeros is empty; one that was filled must be cleared. */
typedef struct mca_verdict {
	enum mca_answer answer;
	mca_certs path;	       /* target first, anchor last if one was found */
	bool anchored;	       /* the last of `path` is a trust anchor */
	mca_findings findings; /* about `path` */
	struct mca_trials trials; /* of anchors that were no good */
} mca_verdict;

MCA_API void mca_verdict_clear(mca_verdict *verdict);
MCA_SCOPED(mca_verdict, mca_verdict_clear)

/*
 * mca_verify judges `target`.  `candidates` (or NULL) are certificates that
 * came with it; `reference` (or NULL) is the name it must carry.  MCA_OK means
 * that a verdict was reached, whatever it says; a verdict of MCA_NO or
 * MCA_COULD_NOT_TELL holds at least one finding that says why.  MCA_ENOTFOUND,
 * MCA_EFORMAT or MCA_ESYSTEM when it took the machine's list of public
 * suffixes, which is there and could not be read.
 */
MCA_API mca_code mca_verify(mca_verdict *out, const mca_verifier *verifier,
    const mca_cert *target, const mca_certs *candidates,
    const struct mca_reference *reference, struct mca_error *err);

#endif
