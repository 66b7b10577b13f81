/*
 * sign.h - a TBSCertificate and a key make a certificate.
 */
#ifndef MCA_SIGN_H
#define MCA_SIGN_H

#include "error.h"
#include "minica/cert.h"
#include "minica/key.h"
#include "ossl.h"

/*
 * mca_sign signs `tbs` with `key` and puts the certificate in `*out`; `tbs`
 * may be signed again by another key.
 */
mca_code mca_sign(mca_cert **out, X509 *tbs, const mca_key *key,
    struct mca_error *err);

/*
 * mca_sign_throwaway makes a key of the same kind as `like`, whose signatures
 * are encoded alike: what it signed can be examined as if the real key had.
 */
mca_code mca_sign_throwaway(mca_key **out, const mca_spki *like,
    struct mca_error *err);

#endif
