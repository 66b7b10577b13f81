/*
 * fixture_key.c - keys, and random numbers that follow from a seed.
 *
 * libcrypto has a random number generator for its own tests that returns what
 * it was given.  In a library context of its own it makes everything repeat:
 * key generation, ECDSA, RSA's search for primes.  Nothing else sees it.
 */
#include "fixture_parts.h"
#include "minica/digest.h"

#include <openssl/core_names.h>
#include <openssl/rand.h>

#include <assert.h>
#include <string.h>

enum { STRENGTH = 256 };

/* Far more than is used: by a search for primes, by a signature. */
static const size_t sizes[] = {
	[MCA_FIXTURE_KEY] = 1 << 20,
	[MCA_FIXTURE_SIGN] = 1 << 14,
};

/* SHAKE256 stretches seed, purpose and bytes to as much as is wanted. */
static mca_code
stretch(uint8_t *out, size_t size, const mca_fixtures *fixtures,
    enum fixture_use use, const void *bytes, size_t length,
    struct mca_error *err)
{
	const uint8_t what = (uint8_t)use;
	owned(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();

	if (ctx == NULL || EVP_DigestInit_ex(ctx, EVP_shake256(), NULL) != 1 ||
	    EVP_DigestUpdate(ctx, fixtures->seed, sizeof(fixtures->seed)) !=
		1 ||
	    EVP_DigestUpdate(ctx, &what, sizeof(what)) != 1 ||
	    EVP_DigestUpdate(ctx, bytes, length) != 1 ||
	    EVP_DigestFinalXOF(ctx, out, size) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "SHAKE256 failed");
	return MCA_OK;
}

static bool
feed(EVP_RAND_CTX *random, uint8_t *bytes, size_t size)
{
	unsigned strength = STRENGTH;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, bytes,
		    size),
		OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
		OSSL_PARAM_END,
	};

	return random != NULL && EVP_RAND_uninstantiate(random) == 1 &&
	    EVP_RAND_CTX_set_params(random, params) == 1 &&
	    EVP_RAND_instantiate(random, STRENGTH, 0, NULL, 0, NULL) == 1;
}

mca_code
mca_fixture_reseed(mca_fixtures *fixtures, enum fixture_use use,
    const void *bytes, size_t length, struct mca_error *err)
{
	scoped(mca_blob) random = { malloc(sizes[use]), sizes[use] };

	if (random.bytes == NULL) {
		random.length = 0;
		return mca_fail_memory(err);
	}
	if (stretch(random.bytes, random.length, fixtures, use, bytes, length,
		err) != MCA_OK)
		return err->code;
	if (!feed(RAND_get0_private(fixtures->library), random.bytes,
		random.length) ||
	    !feed(RAND_get0_public(fixtures->library), random.bytes,
		random.length))
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "libcrypto takes no seed (TEST-RAND)");
	return MCA_OK;
}

/* ---- keys ---- */

static const struct kind {
	const char *beginning, *type, *group;
	unsigned bits;
} kinds[] = {
	{ "rsa-1024 ", "RSA", NULL, 1024 },
	{ "rsa-2048 ", "RSA", NULL, 2048 },
	{ "ec-p384 ", "EC", "P-384", 0 },
	{ "ed25519 ", "ED25519", NULL, 0 },
	{ "", "EC", "P-256", 0 },
};

static const struct kind *
kind_of(const char *word)
{
	size_t i = 0;

	while (
	    strncmp(word, kinds[i].beginning, strlen(kinds[i].beginning)) != 0)
		i++;
	return &kinds[i];
}

static EVP_PKEY *
generate(OSSL_LIB_CTX *library, const struct kind *kind)
{
	owned(EVP_PKEY_CTX) *ctx =
	    EVP_PKEY_CTX_new_from_name(library, kind->type, NULL);
	OSSL_PARAM params[2] = { OSSL_PARAM_END, OSSL_PARAM_END };
	unsigned bits = kind->bits;
	char group[16] = "";
	EVP_PKEY *key = NULL;

	if (kind->group != NULL) {
		(void)strncpy(group, kind->group, sizeof(group) - 1);
		params[0] =
		    OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
			group, 0);
	} else if (bits != 0) {
		params[0] =
		    OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_BITS, &bits);
	}
	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_params(ctx, params) != 1 ||
	    EVP_PKEY_generate(ctx, &key) != 1)
		return NULL;
	return key;
}

mca_code
mca_fixture_key(EVP_PKEY **out, mca_fixtures *fixtures, const char *word,
    struct mca_error *err)
{
	size_t i = 0;

	while (i < MCA_FIXTURE_KEYS && fixtures->keys[i].key != NULL &&
	    strcmp(fixtures->keys[i].word, word) != 0)
		i++;
	assert(i < MCA_FIXTURE_KEYS);
	if (fixtures->keys[i].key == NULL) {
		if (mca_fixture_reseed(fixtures, MCA_FIXTURE_KEY, word,
			strlen(word), err) != MCA_OK)
			return err->code;
		fixtures->keys[i].word = word;
		fixtures->keys[i].key =
		    generate(fixtures->library, kind_of(word));
	}
	*out = fixtures->keys[i].key;
	if (*out == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "no key could be generated for \"%s\"", word);
	return MCA_OK;
}

mca_code
mca_fixture_key_id(ASN1_OCTET_STRING **out, EVP_PKEY *key,
    struct mca_error *err)
{
	owned(ASN1_OCTET_STRING) *id = ASN1_OCTET_STRING_new();
	owned(X509_PUBKEY) *holder = NULL;
	uint8_t sha256[MCA_SHA256_SIZE];
	const unsigned char *bits;
	int length;

	if (id == NULL || X509_PUBKEY_set(&holder, key) != 1 ||
	    X509_PUBKEY_get0_param(NULL, &bits, &length, NULL, holder) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "a key has no bits");
	if (mca_sha256(sha256, bits, (size_t)length, err) != MCA_OK)
		return err->code;
	if (ASN1_OCTET_STRING_set(id, sha256, MCA_KEY_ID_SIZE) != 1)
		return mca_fail_memory(err);
	*out = give(&id);
	return MCA_OK;
}
