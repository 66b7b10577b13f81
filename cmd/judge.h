/*
 * judge.h - by what certificates are judged: whom to trust, what may help,
 * what was revoked, whom the certificate must name.
 */
#ifndef CMD_JUDGE_H
#define CMD_JUDGE_H

#include "pass.h"
#include "session.h"

#include <pthread.h>

/* The options; who has them keeps them for as long as the judge. */
struct judge_args {
	struct words roots, intermediates, crls, ocsp, policy_oids;
	const char *host, *ip, *email, *purpose, *rules, *as;
	struct number at, max_depth;
	bool require_crl, strict;
	bool require_explicit_policy, inhibit_policy_mapping,
	    inhibit_any_policy;
	struct pass *pass; /* not an option: the passphrase of PKCS #12 */
};

/* What every target is judged by; zeros are none. */
struct judge {
	mca_certs anchors, helpers;
	mca_crls crls;
	mca_blob *ocsp; /* responses, as many as were given */
	size_t ocsp_count;
	struct mca_reference reference;
	bool named;			      /* there is a reference */
	mca_verifier *verifiers[MCA_CLIENTS]; /* one without --as */
	const char *as[MCA_CLIENTS];	      /* the client, or NULL */
	size_t count;

	/* One thread at a time asks the store, or for the passphrase. */
	pthread_mutex_t lock;
	mca_ca *record; /* the store whose anchors these are, or NULL */
	const struct mca_passphrase *asked; /* NULL: none was offered */
	struct mca_passphrase passphrase;   /* asks it, locked */
};

/*
 * judge_open reads all of it; `server` (or NULL) is the endpoint whose host
 * is meant when no name is given.  `*out` must stay where it is.
 */
mca_code judge_open(struct judge *out, struct session *s,
    const struct judge_args *args, const struct mca_endpoint *server,
    struct mca_error *err);
void judge_clear(struct judge *judge);

/*
 * judge_read reads the certificates of one file, or of all files of a
 * directory; any thread may.
 */
mca_code judge_read(mca_certs *out, const struct judge *judge, const char *path,
    struct mca_error *err);

/* judge_reference returns the name that is wanted, or NULL. */
const struct mca_reference *judge_reference(const struct judge *judge);

#endif
