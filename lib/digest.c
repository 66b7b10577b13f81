/*
 * digest.c - see minica/digest.h.
 */
#include "minica/digest.h"

#include "error.h"

#include <openssl/evp.h>

#include <pthread.h>

/*
 * To look the algorithm up costs more than to hash a certificate with it, so
 * it is fetched once; as all that libcrypto fetches, it never changes.
 */
static const EVP_MD *sha256;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	if (sha256 == NULL)
		sha256 = EVP_sha256();
}

mca_code
mca_sha256(uint8_t out[MCA_SHA256_SIZE], const void *bytes, size_t length,
    struct mca_error *err)
{
	(void)pthread_once(&once, fetch);
	if (EVP_Digest(bytes, length, out, NULL, sha256, NULL) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "SHA-256 failed");
	return MCA_OK;
}
