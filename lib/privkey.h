/*
 * privkey.h - from PKCS #8 to a key that signs, and back.
 */
#ifndef MCA_PRIVKEY_H
#define MCA_PRIVKEY_H

#include "minica/blob.h"
#include "ossl.h"

/*
 * mca_privkey_plain reads a file that is one PEM block "PRIVATE KEY" (PKCS #8,
 * RFC 5958) with a key on P-256, P-384 or P-521 that has its public half
 * beside it, or of Ed25519, and returns a new key.  NULL for every other file:
 * OSSL_STORE may know it, or says what is wrong.
 */
EVP_PKEY *mca_privkey_plain(const mca_blob *file);

/*
 * mca_privkey_encode is EVP_PKEY2PKCS8: a new one of the same octets, or NULL
 * when the key does not leave where it is kept (or memory ran out).
 */
PKCS8_PRIV_KEY_INFO *mca_privkey_encode(EVP_PKEY *key);

#endif
