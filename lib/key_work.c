/*
 * key_work.c - what a key file wants done with a passphrase (key_parts.h).
 */
#include "error.h"
#include "key_parts.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "pkcs12.h"
#include "work.h"

#include <openssl/err.h>

/* One object that a passphrase may open, whatever its label says. */
static mca_code
examine_der(bool *sealed, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	const uint8_t *end = der;
	int64_t left = MCA_LIMIT_KEY_ITERATIONS;
	owned(X509_SIG) *sig = d2i_X509_SIG(NULL, &end, (long)length);
	owned(PKCS12) *p12 = NULL;
	const X509_ALGOR *algorithm;
	bool bounded = true;

	end = der;
	if (sig == NULL)
		p12 = d2i_PKCS12(NULL, &end, (long)length);
	ERR_clear_error();
	*sealed |= sig != NULL || p12 != NULL;
	if (sig != NULL) {
		X509_SIG_get0(sig, &algorithm, NULL);
		bounded = mca_work_algorithm(&left, algorithm);
	} else if (p12 != NULL) {
		bounded = mca_pkcs12_is_bounded(p12, MCA_LIMIT_KEY_ITERATIONS);
	}
	if (bounded)
		return MCA_OK;
	return mca_fail(err, MCA_EFORMAT,
	    "it derives a key from the passphrase more than %d times (rounds, "
	    "or scrypt's N*r*p), or holds a private key of more than %d bytes: "
	    "the limits key_iterations and private_key",
	    MCA_LIMIT_KEY_ITERATIONS, MCA_LIMIT_PRIVATE_KEY);
}

/*
 * What the sender wants to be done with the passphrase is known before
 * libcrypto gets it: 2^31 rounds take an hour.
 */
mca_code
mca_key_examine(bool *sealed, const mca_blob *blob, struct mca_error *err)
{
	scoped(mca_pem) pem = { 0 };
	mca_code code = mca_pem_parse(&pem, blob->bytes, blob->length, err);

	if (code == MCA_OK && pem.count == 0)
		return examine_der(sealed, blob->bytes, blob->length, err);
	for (size_t i = 0; i < pem.count && code == MCA_OK; i++) {
		const struct mca_pem_block *block = &pem.blocks[i];

		/* With headers: one round of MD5 (RFC 1421's form). */
		if (block->has_headers)
			*sealed = true;
		else
			code = examine_der(sealed, block->der.bytes,
			    block->der.length, err);
	}
	return code;
}
