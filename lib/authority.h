/*
 * authority.h - the authorities of a home: their certificates, keys, chains.
 */
#ifndef MCA_AUTHORITY_H
#define MCA_AUTHORITY_H

#include "error.h"
#include "minica/ca.h"
#include "minica/owned.h"
#include "minica/text.h"

/*
 * What certificates are rehearsed with: a key that means nothing, and its
 * signature, which stands under all of them, for lint looks at no more of it
 * than its form.
 */
struct mca_rehearsal {
	mca_key *throwaway;	       /* of the kind of the real one */
	mca_text algorithm, signature; /* empty before the first */
};
void mca_rehearsal_clear(struct mca_rehearsal *rehearsal);
typedef struct mca_rehearsal mca_rehearsal;
MCA_SCOPED(mca_rehearsal, mca_rehearsal_clear)

/* One authority; all of it belongs to the list it is in. */
struct mca_issuer {
	char *label, *kind, *parent, *where; /* `where` its key is, or "" */
	mca_cert *cert;			     /* NULL while it is awaited */
	bool revoked;			     /* by its own issuer */
	char *held; /* why a rollover lets it sign nothing now, or NULL */

	/* Its name and key, signed by the other root of a rollover; or NULL. */
	mca_cert *cross;
	mca_key *key; /* NULL until it is needed */
	mca_rehearsal rehearsal;
	struct mca_issuer *above; /* its issuer, if that is here too */
};

/* Zeros are an empty list. */
typedef struct mca_issuers {
	struct mca_issuer **rows; /* oldest first */
	size_t count;
} mca_issuers;

void mca_issuers_clear(mca_issuers *list);
MCA_SCOPED(mca_issuers, mca_issuers_clear)

/* mca_issuers_load replaces `list` by what the store holds. */
mca_code mca_issuers_load(mca_issuers *list, mca_store *store,
    struct mca_error *err);

/* mca_issuers_find returns the one of `label`, or NULL. */
struct mca_issuer *mca_issuers_find(const mca_issuers *list, const char *label);

/*
 * mca_issuers_choose finds who is to sign under a policy for `kind`: the one
 * of `label`, or, without a label, the newest intermediate that may, else the
 * newest root.  MCA_ENOTFOUND when there is none, MCA_EPOLICY when the one
 * that was named may not sign now.
 */
mca_code mca_issuers_choose(struct mca_issuer **out, const mca_issuers *list,
    const char *label, enum mca_policy_kind kind, mca_time now,
    struct mca_error *err);

/*
 * mca_issuers_choose_by is mca_issuers_choose under `policy`, which may name
 * the authority when `label` does not.
 */
mca_code mca_issuers_choose_by(struct mca_issuer **out, const mca_issuers *list,
    const char *label, const mca_policy *policy, mca_time now,
    struct mca_error *err);

/*
 * mca_issuers_choose_crl finds who is to sign a CRL: the one of `label`, or,
 * without a label, who signs leaves.  A CA whose time is over, or that is
 * revoked itself, still tells what it has revoked.
 */
mca_code mca_issuers_choose_crl(struct mca_issuer **out,
    const mca_issuers *list, const char *label, mca_time now,
    struct mca_error *err);

/* mca_issuer_end returns when the first certificate of its chain ends. */
mca_time mca_issuer_end(const struct mca_issuer *issuer);

/* mca_issuer_key_path puts where the key is, for mca_key_load, in `*out`. */
mca_code mca_issuer_key_path(char **out, const struct mca_issuer *issuer,
    const char *home, struct mca_error *err);

/*
 * mca_issuer_key loads the private key, once, and checks that it is the one
 * of the certificate.
 */
mca_code mca_issuer_key(mca_key **out, struct mca_issuer *issuer,
    const char *home, const struct mca_passphrase *passphrase,
    struct mca_error *err);

#endif
