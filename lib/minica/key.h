/*
 * minica/key.h - private keys: made, loaded, encoded, never shown.
 *
 * A key may live in a file or behind a URI that an OSSL_STORE loader or
 * provider understands ("pkcs11:...").  Key bytes are kept in memory that is
 * cleansed when freed.  A key is immutable; it may be shared between threads
 * for signing.
 */
#ifndef MINICA_KEY_H
#define MINICA_KEY_H

#include "minica/blob.h"
#include "minica/spki.h"

typedef struct mca_key mca_key;

/*
 * mca_key_generate makes a key pair of an algorithm by name: rsa-2048,
 * rsa-3072, rsa-4096, ec-p256, ec-p384, ec-p521, ed25519, or any other that
 * libcrypto can generate by that name.  An unknown name is MCA_EUSAGE with
 * the nearest right one.
 */
MCA_API mca_code mca_key_generate(mca_key **out, const char *algorithm,
    struct mca_error *err);

/* mca_key_algorithms returns the names documented above, ended by NULL. */
MCA_API const char *const *mca_key_algorithms(void);

/*
 * mca_key_load reads the one private key at `where`, a path, "-" or a URI.
 * MCA_ENOTFOUND if there is nothing, MCA_EFORMAT if what is there is not a
 * private key (the message says what it is), MCA_EKEY if it is encrypted and
 * `passphrase` is NULL or wrong.
 */
MCA_API mca_code mca_key_load(mca_key **out, const char *where,
    const struct mca_passphrase *passphrase, struct mca_error *err);

/*
 * mca_key_is_uri says whether mca_key_load takes `where` for a URI: it has a
 * scheme, and no file is called so.
 */
MCA_API bool mca_key_is_uri(const char *where);

/* mca_key_parse is mca_key_load of bytes that were read already. */
MCA_API mca_code mca_key_parse(mca_key **out, const mca_blob *bytes,
    const struct mca_passphrase *passphrase, struct mca_error *err);
MCA_API void mca_key_free(mca_key *key);
MCA_OWNED(mca_key, mca_key_free)

/*
 * mca_key_encode writes the key as PEM, PKCS #8: encrypted with scrypt and
 * AES-256 under `passphrase`, or in the clear when that is NULL.
 */
MCA_API mca_code mca_key_encode(mca_blob *out, const mca_key *key,
    const struct mca_passphrase *passphrase, struct mca_error *err);

/* mca_key_spki returns the public half; it lives as long as `key`. */
MCA_API const mca_spki *mca_key_spki(const mca_key *key);

#endif
