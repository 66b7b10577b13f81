/*
 * sign.c - see sign.h.
 *
 *	Certificate  ::=  SEQUENCE  {
 *	     tbsCertificate       TBSCertificate,
 *	     signatureAlgorithm   AlgorithmIdentifier,
 *	     signatureValue       BIT STRING  }
 */
#include "sign.h"

#include "algorithm.h"
#include "der.h"
#include "minica/x509.h"
#include "object.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <string.h>

mca_code
mca_sign_algorithm(mca_text *out, EVP_MD_CTX *ctx, struct mca_error *err)
{
	unsigned char der[256];
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, der,
		    sizeof(der)),
		OSSL_PARAM_END,
	};

	if (EVP_PKEY_CTX_get_params(EVP_MD_CTX_get_pkey_ctx(ctx), params) != 1)
		return mca_fail_ssl(err, MCA_EKEY,
		    "the key's signature algorithm has no identifier");
	mca_text_add(out, (const char *)der, params[0].return_size);
	return mca_der_done(out, err);
}

static mca_code
begin(EVP_MD_CTX *ctx, const mca_key *key, struct mca_error *err)
{
	EVP_PKEY *pkey = mca_key_get0_pkey(key);

	if (ctx == NULL)
		return mca_fail_memory(err);
	if (EVP_DigestSignInit(ctx, NULL, mca_algorithm_digest(pkey), NULL,
		pkey) != 1)
		return mca_fail_ssl(err, MCA_EKEY, "the key cannot sign");
	return MCA_OK;
}

mca_code
mca_sign_algorithm_of(mca_text *out, const mca_key *key, struct mca_error *err)
{
	owned(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
	mca_code code = begin(ctx, key, err);

	return code == MCA_OK ? mca_sign_algorithm(out, ctx, err) : code;
}

static mca_code
check_algorithm(const mca_tbs_der *tbs, EVP_MD_CTX *ctx, struct mca_error *err)
{
	scoped(mca_text) own = { 0 };
	mca_code code = mca_sign_algorithm(&own, ctx, err);

	if (code != MCA_OK)
		return code;
	if (own.length != tbs->algorithm.length ||
	    memcmp(own.bytes, tbs->algorithm.bytes, own.length) != 0)
		return mca_fail(err, MCA_EKEY,
		    "the key does not sign by the algorithm that the "
		    "certificate names");
	return MCA_OK;
}

mca_code
mca_sign_bytes(mca_text *out, const mca_tbs_der *tbs, const mca_key *key,
    struct mca_error *err)
{
	owned(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
	const size_t room = (size_t)EVP_PKEY_get_size(mca_key_get0_pkey(key));
	owned(char) *signature = malloc(room);
	size_t size = room;
	mca_code code;

	if (signature == NULL)
		return mca_fail_memory(err);
	if ((code = begin(ctx, key, err)) != MCA_OK ||
	    (code = check_algorithm(tbs, ctx, err)) != MCA_OK)
		return code;
	if (EVP_DigestSign(ctx, (unsigned char *)signature, &size,
		(const unsigned char *)tbs->der.bytes, tbs->der.length) != 1)
		return mca_fail_ssl(err, MCA_EKEY, "the key cannot sign");
	/* Without memory ECDSA "succeeds", and is -1 bytes long (3.0). */
	if (size > room)
		return mca_fail_memory(err);
	mca_text_add(out, signature, size);
	return mca_der_done(out, err);
}

mca_code
mca_sign_certificate(mca_cert **out, const mca_tbs_der *tbs,
    const mca_text *signature, struct mca_error *err)
{
	scoped(mca_text) body = { 0 };
	scoped(mca_text) der = { 0 };
	mca_code code;

	mca_text_add(&body, mca_text_get(&tbs->der), tbs->der.length);
	mca_text_add(&body, mca_text_get(&tbs->algorithm),
	    tbs->algorithm.length);
	mca_der_bits(&body, (const uint8_t *)mca_text_get(signature),
	    signature->length);
	mca_der_wrap(&der, MCA_DER_SEQUENCE, &body);
	code = mca_der_done(&der, err);
	if (code != MCA_OK)
		return code;
	return mca_cert_parse_of(out, (const uint8_t *)mca_text_get(&der),
	    der.length, &tbs->known, err);
}

mca_code
mca_sign(mca_cert **out, const mca_tbs_der *tbs, const mca_key *key,
    struct mca_error *err)
{
	scoped(mca_text) signature = { 0 };
	mca_code code = mca_sign_bytes(&signature, tbs, key, err);

	if (code != MCA_OK)
		return code;
	return mca_sign_certificate(out, tbs, &signature, err);
}

mca_code
mca_sign_throwaway(mca_key **out, const mca_spki *like, struct mca_error *err)
{
	const char *algorithm = mca_spki_algorithm(like);

	/* RSA of any size signs alike, and large keys are slow to make. */
	if (strncmp(algorithm, "rsa-", 4) == 0)
		return mca_key_generate_short(out, err);
	return mca_key_generate(out, algorithm, err);
}
