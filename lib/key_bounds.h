/*
 * key_bounds.h - can a private key be decoded within bounds?
 */
#ifndef MCA_KEY_BOUNDS_H
#define MCA_KEY_BOUNDS_H

#include "error.h"
#include "minica/blob.h"

/*
 * mca_key_check_bounds looks at the bytes of a key file, PEM or DER, before
 * libcrypto decodes any key in it: MCA_EFORMAT for one that is longer than
 * MCA_LIMIT_PRIVATE_KEY, and for those of DSA and DH.
 */
mca_code mca_key_check_bounds(const mca_blob *bytes, struct mca_error *err);

#endif
