/*
 * digest.c - see minica/digest.h.
 */
#include "minica/digest.h"

#include "error.h"

#include <openssl/evp.h>

mca_code
mca_sha256(uint8_t out[MCA_SHA256_SIZE], const void *bytes, size_t length,
    struct mca_error *err)
{
	if (EVP_Digest(bytes, length, out, NULL, EVP_sha256(), NULL) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "SHA-256 failed");
	return MCA_OK;
}
