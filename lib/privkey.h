/*
 * privkey.h - from a file with a plain private key to a key that signs.
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

#endif
