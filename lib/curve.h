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

#endif
