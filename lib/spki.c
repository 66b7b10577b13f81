/*
 * spki.c - see minica/spki.h.
 */
#include "minica/spki.h"

#include "algorithm.h"
#include "bare.h"
#include "error.h"
#include "minica/blob.h"
#include "minica/limits.h"
#include "minica/x509.h"
#include "object.h"
#include "pubkey.h"

#include <string.h>

struct mca_spki {
	EVP_PKEY *key;
	mca_blob der;
	char algorithm[MCA_ALGORITHM_TEXT];
	uint8_t sha256[MCA_SHA256_SIZE];
	uint8_t key_id[MCA_SHA256_SIZE]; /* the first MCA_KEY_ID_SIZE count */
};

void
mca_spki_free(mca_spki *spki)
{
	if (spki == NULL)
		return;
	EVP_PKEY_free(spki->key);
	mca_blob_clear(&spki->der);
	free(spki);
}

/* A signature check costs with the square of the modulus and more. */
static mca_code
check_size(const EVP_PKEY *key, struct mca_error *err)
{
	owned(BIGNUM) *e = NULL;

	if (!EVP_PKEY_is_a(key, "RSA"))
		return MCA_OK;
	if (EVP_PKEY_get_bits(key) > MCA_LIMIT_RSA_BITS)
		return mca_fail(err, MCA_EFORMAT,
		    "the RSA modulus has %d bits, more than the limit of %d",
		    EVP_PKEY_get_bits(key), MCA_LIMIT_RSA_BITS);
	if (EVP_PKEY_get_bn_param(key, "e", &e) != 1 ||
	    BN_num_bits(e) > MCA_LIMIT_RSA_EXPONENT_BITS)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "the RSA public exponent has more bits than the limit of "
		    "%d",
		    MCA_LIMIT_RSA_EXPONENT_BITS);
	return MCA_OK;
}

static mca_code
fill_digests(mca_spki *spki, X509_PUBKEY *key, struct mca_error *err)
{
	const unsigned char *bits;
	int length;
	mca_code code;

	if (X509_PUBKEY_get0_param(NULL, &bits, &length, NULL, key) != 1)
		return mca_fail_ssl(err, MCA_EFORMAT, "not a public key");
	code = mca_sha256(spki->key_id, bits, (size_t)length, err);
	if (code != MCA_OK)
		return code;
	return mca_sha256(spki->sha256, spki->der.bytes, spki->der.length, err);
}

mca_code
mca_spki_from(mca_spki **out, X509_PUBKEY *key, struct mca_error *err)
{
	owned(mca_spki) *spki = calloc(1, sizeof(*spki));
	owned(ossl_bytes) *der = NULL;
	int length;
	mca_code code;

	if (spki == NULL)
		return mca_fail_memory(err);
	spki->key = mca_pubkey_decode(key);
	if (spki->key == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "the public key cannot be decoded");
	code = check_size(spki->key, err);
	if (code != MCA_OK)
		return code;
	length = i2d_X509_PUBKEY(key, &der);
	if (length <= 0)
		return mca_fail_ssl(err, MCA_EFORMAT, "not a public key");
	code = mca_blob_copy(&spki->der, der, (size_t)length, err);
	if (code != MCA_OK)
		return code;
	code = fill_digests(spki, key, err);
	if (code != MCA_OK)
		return code;
	(void)mca_algorithm_of(spki->algorithm, spki->key);
	*out = give(&spki);
	return MCA_OK;
}

mca_code
mca_spki_parse(mca_spki **out, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	const uint8_t *end = der;
	owned(X509_PUBKEY) *key = mca_bare_spki(&end, length);

	if (key == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT, "not a public key");
	if (end != der + length)
		return mca_fail(err, MCA_EFORMAT,
		    "bytes follow the public key");
	return mca_spki_from(out, key, err);
}

bool
mca_spki_copy(X509_PUBKEY *to, const mca_spki *spki)
{
	const uint8_t *at = spki->der.bytes;
	owned(X509_PUBKEY) *from = mca_bare_spki(&at, spki->der.length);

	return from != NULL && mca_pubkey_copy(to, from);
}

const uint8_t *
mca_spki_der(const mca_spki *spki, size_t *length)
{
	*length = spki->der.length;
	return spki->der.bytes;
}

const char *
mca_spki_algorithm(const mca_spki *spki)
{
	return spki->algorithm;
}

int
mca_spki_bits(const mca_spki *spki)
{
	return EVP_PKEY_get_bits(spki->key);
}

const uint8_t *
mca_spki_sha256(const mca_spki *spki)
{
	return spki->sha256;
}

const uint8_t *
mca_spki_key_id(const mca_spki *spki)
{
	return spki->key_id;
}

bool
mca_spki_equal(const mca_spki *a, const mca_spki *b)
{
	return a->der.length == b->der.length &&
	    memcmp(a->der.bytes, b->der.bytes, a->der.length) == 0;
}

EVP_PKEY *
mca_spki_get0_pkey(const mca_spki *spki)
{
	return spki->key;
}
