/*
 * modulus.h - products of RSA moduli, and primes that two of them share.
 *
 * Two moduli that share a prime give each other away: their greatest common
 * divisor is that prime (Heninger and others, 2012).  A new modulus is asked
 * against the product of many at the price of one long division, or half of it
 * where the product's pairs are kept (inner.h).
 */
#ifndef MCA_MODULUS_H
#define MCA_MODULUS_H

#include "error.h"
#include "inner.h"
#include "minica/spki.h"
#include "parallel.h"

/* One modulus on its way past products of others. */
typedef struct mca_sharing mca_sharing;

/* mca_sharing_new puts NULL in `*out` for a key that is not RSA. */
mca_code mca_sharing_new(mca_sharing **out, const mca_spki *spki,
    struct mca_error *err);
void mca_sharing_free(mca_sharing *sharing);
MCA_OWNED(mca_sharing, mca_sharing_free)

/*
 * mca_sharing_add takes more products into account, on all cores; `beside` (or
 * NULL) is done once beside that.
 */
mca_code mca_sharing_add(mca_sharing *sharing,
    const struct mca_product *products, size_t count, mca_piece *beside,
    void *context, struct mca_error *err);

/*
 * mca_sharing_found says whether a prime of the modulus is in any product so
 * far, and begins anew.
 */
mca_code mca_sharing_found(mca_sharing *sharing, bool *found,
    struct mca_error *err);

/* mca_modulus_bytes copies the modulus, big-endian; none for other keys. */
mca_code mca_modulus_bytes(mca_blob *out, const mca_spki *spki,
    struct mca_error *err);

/* mca_modulus_multiply multiplies `more` into `product`, which may be empty. */
mca_code mca_modulus_multiply(mca_blob *product, const uint8_t *more,
    size_t length, struct mca_error *err);

#endif
