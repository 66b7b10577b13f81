/*
 * sigalg.c - see sigalg.h.
 */
#include "sigalg.h"

#include "minica/limits.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

/* Collisions take half the digest's length. */
static int
digest_bits(int nid)
{
	const EVP_MD *digest = EVP_get_digestbynid(nid);

	return digest == NULL ? 0 : EVP_MD_get_size(digest) * 4;
}

/* RSASSA-PSS names its digest in its parameters; absent, it is SHA-1. */
static void
read_pss(struct mca_sigalg *out, const X509_ALGOR *algorithm)
{
	const void *value;
	const ASN1_OBJECT *oid;
	RSA_PSS_PARAMS *pss;
	int type;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	pss = type == V_ASN1_SEQUENCE
	    ? ASN1_item_unpack(value, ASN1_ITEM_rptr(RSA_PSS_PARAMS))
	    : NULL;
	ERR_clear_error();
	out->key = EVP_PKEY_RSA_PSS;
	out->parameters_fit = pss != NULL;
	out->digest = NID_sha1;
	if (pss != NULL && pss->hashAlgorithm != NULL) {
		X509_ALGOR_get0(&oid, NULL, NULL, pss->hashAlgorithm);
		out->digest = OBJ_obj2nid(oid);
	}
	RSA_PSS_PARAMS_free(pss);
	out->bits = digest_bits(out->digest);
}

/*
 * PKCS #1 v1.5 has NULL parameters, or none where they were forgotten (RFC
 * 4055, section 5); all others have none (RFC 5758, 3.2; RFC 8410, 3).
 */
static bool
fit(int key, int parameters)
{
	if (parameters == V_ASN1_UNDEF)
		return true;
	return key == NID_rsaEncryption && parameters == V_ASN1_NULL;
}

void
mca_sigalg_read(struct mca_sigalg *out, const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *oid;
	int type, nid;

	memset(out, 0, sizeof(*out));
	X509_ALGOR_get0(&oid, &type, NULL, algorithm);
	nid = OBJ_obj2nid(oid);
	if (OBJ_obj2txt(out->name, sizeof(out->name), oid, 0) <= 0)
		out->name[0] = '\0';
	if (nid == NID_rsassaPss) {
		read_pss(out, algorithm);
		return;
	}
	if (nid == NID_undef ||
	    OBJ_find_sigid_algs(nid, &out->digest, &out->key) != 1)
		return;
	out->parameters_fit = fit(out->key, type);
	out->bits = out->digest == NID_undef ? MCA_LEAST_BITS
					     : digest_bits(out->digest);
}

/* An exponent that is even or 1 is no RSA key; a huge one is an attack. */
static const char *
rsa_flaw(const EVP_PKEY *key)
{
	owned(BIGNUM) *exponent = NULL;

	if (EVP_PKEY_get_bits(key) < MCA_LEAST_RSA_BITS)
		return "its modulus is shorter than 2048 bits";
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
		return "its RSA exponent cannot be read";
	if (!BN_is_odd(exponent) || BN_is_one(exponent))
		return "its RSA exponent is even or 1";
	return NULL;
}

const char *
mca_key_flaw(const EVP_PKEY *key)
{
	bool rsa = EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");

	if (EVP_PKEY_get_security_bits(key) < MCA_LEAST_BITS)
		return "it is weaker than 112 bits (RSA-2048, P-224)";
	return rsa ? rsa_flaw(key) : NULL;
}

bool
mca_key_too_large(const EVP_PKEY *key)
{
	owned(BIGNUM) *exponent = NULL;

	if (EVP_PKEY_is_a(key, "DSA") || EVP_PKEY_is_a(key, "DH"))
		return EVP_PKEY_get_bits(key) > MCA_LIMIT_RSA_BITS;
	if (!EVP_PKEY_is_a(key, "RSA") && !EVP_PKEY_is_a(key, "RSA-PSS"))
		return false;
	if (EVP_PKEY_get_bits(key) > MCA_LIMIT_RSA_BITS)
		return true;
	return EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) ==
	    1 &&
	    BN_num_bits(exponent) > MCA_LIMIT_RSA_EXPONENT_BITS;
}
