/*
 * pkcs12.h - the certificates of a PKCS #12 file (RFC 7292).
 */
#ifndef MCA_PKCS12_H
#define MCA_PKCS12_H

#include "ossl.h"

#include "minica/blob.h"

#include <openssl/pkcs12.h>

MCA_OWNED(PKCS12, PKCS12_free)

typedef STACK_OF(X509) mca_x509_stack;
void mca_x509_stack_free(mca_x509_stack *stack);
MCA_OWNED(mca_x509_stack, mca_x509_stack_free)

/* mca_pkcs12_read returns what is exactly one such file, or NULL. */
PKCS12 *mca_pkcs12_read(const uint8_t *der, size_t length);

/*
 * mca_pkcs12_is_bounded says whether opening all of it takes no more than so
 * many rounds of derivation, and no key in it is longer than
 * MCA_LIMIT_PRIVATE_KEY.
 */
bool mca_pkcs12_is_bounded(PKCS12 *p12, int64_t rounds);

/*
 * mca_pkcs12_certs puts the certificates in `*out`, that of the key (by
 * its localKeyID) first; no private key is decrypted.
 * MCA_EKEY if the passphrase is missing (NULL stands for an empty one) or
 * wrong, MCA_EFORMAT if it asks for more work than MCA_LIMIT_ITERATIONS or
 * for an algorithm that libcrypto lacks.
 */
mca_code mca_pkcs12_certs(mca_x509_stack **out, PKCS12 *p12,
    const struct mca_passphrase *passphrase, struct mca_error *err);

#endif
