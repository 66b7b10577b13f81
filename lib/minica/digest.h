/*
 * minica/digest.h - SHA-256, of one buffer or of many in turn.
 */
#ifndef MINICA_DIGEST_H
#define MINICA_DIGEST_H

#include "minica/error.h"

#define MCA_SHA256_SIZE 32

/* mca_sha256 hashes `bytes`; it fails only when libcrypto cannot at all. */
MCA_API mca_code mca_sha256(uint8_t out[MCA_SHA256_SIZE], const void *bytes,
    size_t length, struct mca_error *err);

#endif
