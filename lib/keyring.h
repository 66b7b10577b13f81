/*
 * keyring.h - new private keys between their making and their files.
 *
 * A key is safe in the home before its certificate is recorded, and stays
 * there until all of its files are in place.  All of a manifest are in one
 * file, HOME/pending/MANIFEST.pem, mode 0600.
 */
#ifndef MCA_KEYRING_H
#define MCA_KEYRING_H

#include "error.h"
#include "minica/blob.h"
#include "minica/key.h"
#include "minica/owned.h"

/* Zeros are an empty ring. */
typedef struct mca_keyring {
	mca_key **rows;
	size_t count, capacity;
} mca_keyring;

void mca_keyring_clear(mca_keyring *ring);
MCA_SCOPED(mca_keyring, mca_keyring_clear)

/* mca_keyring_add adds a key, which it takes over when it succeeds. */
mca_code mca_keyring_add(mca_keyring *ring, mca_key *key,
    struct mca_error *err);

/*
 * mca_keyring_take removes the key whose public half has this SHA-256 and
 * returns it, now the caller's; NULL when there is none.
 */
mca_key *mca_keyring_take(mca_keyring *ring, const uint8_t *sha256);

/* mca_keyring_load reads the file of a manifest; none is an empty ring. */
mca_code mca_keyring_load(mca_keyring *ring, const char *home,
    const char *manifest, struct mca_error *err);

/*
 * mca_keyring_save makes these keys, as mca_key_encode writes them, durable as
 * the whole of the file; none of them removes it.
 */
mca_code mca_keyring_save(const char *home, const char *manifest,
    const mca_blob *keys, size_t count, struct mca_error *err);

#endif
