/*
 * key_parts.h - what the files of key.c share.
 */
#ifndef MCA_KEY_PARTS_H
#define MCA_KEY_PARTS_H

#include "minica/blob.h"
#include "minica/key.h"

#include <openssl/evp.h>

/* mca_key_own makes a key of `pkey`, which it takes over whatever happens. */
mca_code mca_key_own(mca_key **out, EVP_PKEY *pkey, struct mca_error *err);

/*
 * mca_key_examine looks at what may be a key before libcrypto does and sets
 * `*sealed` if a passphrase is needed for any of it.  MCA_EFORMAT when that
 * would cost more rounds than MCA_LIMIT_KEY_ITERATIONS.
 */
mca_code mca_key_examine(bool *sealed, const mca_blob *blob,
    struct mca_error *err);

#endif
