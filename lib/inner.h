/*
 * inner.h - remainders of long products, in half the multiplications.
 *
 * Modulo n a product of moduli is the sum of its digits, each times what a
 * digit in its place is worth.  Such a sum takes one multiplication for two
 * digits once the digits themselves have been multiplied two by two (Winograd,
 * 1968):
 *
 *	d0 w0 + d1 w1 = (d0 + w1)(d1 + w0) - d0 d1 - w0 w1
 *
 * The sum of d0 d1 is kept beside the product, that of w0 w1 is the same for
 * all products.
 */
#ifndef MCA_INNER_H
#define MCA_INNER_H

#include "error.h"
#include "minica/blob.h"
#include "ossl.h"

/* A product of moduli, big-endian, and its pairs; empty if they are unknown. */
struct mca_product {
	mca_blob bytes, pairs;
};

/* What digits are worth modulo one number. */
typedef struct mca_inner mca_inner;

/*
 * mca_inner_new puts NULL in `*out` where this is not the way: for an `n` that
 * is not odd or has more than 4104 bits, or a machine whose compiler knows no
 * integers of 128 bits.
 */
mca_code mca_inner_new(mca_inner **out, const BIGNUM *n, struct mca_error *err);
void mca_inner_free(mca_inner *inner);
MCA_OWNED(mca_inner, mca_inner_free)

/* mca_inner_reach makes `inner` ready for products of `length` octets. */
bool mca_inner_reach(mca_inner *inner, size_t length);

/*
 * mca_inner_rest returns the remainder of a product whose pairs are known, for
 * which `inner` is ready; NULL when memory runs out.  It may be called from
 * many threads.
 */
BIGNUM *mca_inner_rest(const mca_inner *inner,
    const struct mca_product *product);

/* mca_inner_pairs finds the pairs of a product. */
mca_code mca_inner_pairs(mca_blob *out, const mca_blob *product,
    struct mca_error *err);

#endif
