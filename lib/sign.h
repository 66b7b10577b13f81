/*
 * sign.h - a TBSCertificate and a key make a certificate.
 */
#ifndef MCA_SIGN_H
#define MCA_SIGN_H

#include "error.h"
#include "minica/cert.h"
#include "minica/key.h"
#include "minica/text.h"
#include "ossl.h"
#include "tbs.h"

/*
 * mca_sign_algorithm adds the AlgorithmIdentifier (DER) of the signatures that
 * `ctx`, made ready by EVP_DigestSignInit, will make.
 */
mca_code mca_sign_algorithm(mca_text *out, EVP_MD_CTX *ctx,
    struct mca_error *err);

/* mca_sign_algorithm_of is the same of the signatures of `key`. */
mca_code mca_sign_algorithm_of(mca_text *out, const mca_key *key,
    struct mca_error *err);

/*
 * mca_sign_bytes adds the signature of `tbs` by `key` to `out`.  MCA_EKEY when
 * the key's signatures are by another algorithm than stands in it.
 */
mca_code mca_sign_bytes(mca_text *out, const mca_tbs_der *tbs,
    const mca_key *key, struct mca_error *err);

/* mca_sign_certificate puts a certificate together from its two parts. */
mca_code mca_sign_certificate(mca_cert **out, const mca_tbs_der *tbs,
    const mca_text *signature, struct mca_error *err);

/* mca_sign is both: it signs `tbs` with `key`. */
mca_code mca_sign(mca_cert **out, const mca_tbs_der *tbs, const mca_key *key,
    struct mca_error *err);

/*
 * mca_sign_throwaway makes a key of the same kind as `like`, whose signatures
 * are encoded alike: what it signed can be examined as if the real key had.
 */
mca_code mca_sign_throwaway(mca_key **out, const mca_spki *like,
    struct mca_error *err);

#endif
