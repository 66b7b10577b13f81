/*
 * pubkey.h - from a SubjectPublicKeyInfo to a key that verifies, and back.
 */
#ifndef MCA_PUBKEY_H
#define MCA_PUBKEY_H

#include "ossl.h"

/*
 * mca_pubkey_decode returns a new key, or NULL when libcrypto cannot decode it
 * (or memory ran out).
 */
EVP_PKEY *mca_pubkey_decode(const X509_PUBKEY *spki);

/* mca_pubkey_encode returns a new one of the public half of `key`, or NULL. */
X509_PUBKEY *mca_pubkey_encode(EVP_PKEY *key);

/*
 * mca_pubkey_copy makes `to` the same as `from`, octet for octet; false when
 * memory runs out, and `to` is then untouched.
 */
bool mca_pubkey_copy(X509_PUBKEY *to, const X509_PUBKEY *from);

#endif
