/*
 * sign.c - see sign.h.
 */
#include "sign.h"

#include "algorithm.h"
#include "minica/x509.h"

#include <string.h>

mca_code
mca_sign(mca_cert **out, X509 *tbs, const mca_key *key, struct mca_error *err)
{
	EVP_PKEY *pkey = mca_key_get0_pkey(key);
	owned(ossl_bytes) *der = NULL;
	int length;

	if (X509_sign(tbs, pkey, mca_algorithm_digest(pkey)) <= 0)
		return mca_fail_ssl(err, MCA_EKEY, "the key cannot sign");
	length = i2d_X509(tbs, &der);
	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode a certificate");
	return mca_cert_parse(out, der, (size_t)length, err);
}

mca_code
mca_sign_throwaway(mca_key **out, const mca_spki *like, struct mca_error *err)
{
	const char *algorithm = mca_spki_algorithm(like);

	/* RSA of any size signs alike, and large keys are slow to make. */
	if (strncmp(algorithm, "rsa-", 4) == 0)
		algorithm = "rsa-2048";
	return mca_key_generate(out, algorithm, err);
}
