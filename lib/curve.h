/*
 * curve.h - named curves, the usual ones made once.
 */
#ifndef MCA_CURVE_H
#define MCA_CURVE_H

#include "ossl.h"

#include <openssl/ec.h>

MCA_OWNED(EC_GROUP, EC_GROUP_free)

/*
 * mca_curve returns the curve of a NID, or NULL if libcrypto has none (or
 * memory ran out).  P-256, P-384 and P-521 are the same for everyone; another
 * is new, and left in `*own` for the caller to free.
 */
const EC_GROUP *mca_curve(EC_GROUP **own, int nid);

/*
 * mca_curve_key returns a new key, which the caller frees: the point that
 * `bits` encode (SEC 1, 2.3.3) on P-256, P-384 or P-521, seen to lie there.
 * NULL for another curve, and for bits that are no point of it.
 */
EVP_PKEY *mca_curve_key(int nid, const uint8_t *bits, size_t length);

/* mca_curve_generate returns a new key pair on one of the three, or NULL. */
EVP_PKEY *mca_curve_generate(int nid);

/* mca_curve_is_usual says whether mca_curve_key knows the curve. */
bool mca_curve_is_usual(int nid);

#endif
