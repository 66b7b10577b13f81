/*
 * key_stand_in.c - keys for what is examined and never issued (object.h).
 *
 * An RSA key takes a quarter of a second, and a policy or a manifest may ask
 * for many; of an algorithm they are all the same here, so one is made and
 * kept.
 */
#include "algorithm.h"
#include "error.h"
#include "key_parts.h"
#include "minica/x509.h"
#include "object.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* More than libcrypto has, some by several names. */
enum { MOST = 32 };

struct kept {
	char algorithm[32];
	EVP_PKEY *key;
};

static struct kept kept[MOST];
static size_t kept_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/*
 * Most of the time goes into looking for primes, and twice as long a prime
 * takes sixteen times as long; so as many as libcrypto takes (RFC 8017, 3.1).
 */
static EVP_PKEY *
make_rsa(size_t bits)
{
	owned(EVP_PKEY_CTX) *ctx =
	    EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, bits < 4096 ? 3 : 4) != 1 ||
	    EVP_PKEY_generate(ctx, &key) != 1)
		return NULL;
	return key;
}

static mca_code
make(EVP_PKEY **out, const char *algorithm, struct mca_error *err)
{
	const struct mca_algorithm *row = mca_algorithm_find(algorithm);
	owned(mca_key) *key = NULL;
	mca_code code;

	if (row != NULL && row->bits != 0 &&
	    (*out = make_rsa(row->bits)) != NULL)
		return MCA_OK;
	ERR_clear_error();
	code = mca_key_generate(&key, algorithm, err);
	if (code != MCA_OK)
		return code;
	*out = mca_key_get0_pkey(key);
	return EVP_PKEY_up_ref(*out) == 1 ? MCA_OK : mca_fail_memory(err);
}

static EVP_PKEY *
find(const char *algorithm)
{
	for (size_t i = 0; i < kept_count; i++)
		if (strcmp(kept[i].algorithm, algorithm) == 0)
			return kept[i].key;
	return NULL;
}

static void
keep(const char *algorithm, EVP_PKEY *key)
{
	struct kept *row = &kept[kept_count];

	if (kept_count == MOST || strlen(algorithm) >= sizeof(row->algorithm) ||
	    EVP_PKEY_up_ref(key) != 1)
		return;
	(void)snprintf(row->algorithm, sizeof(row->algorithm), "%s", algorithm);
	row->key = key;
	kept_count++;
}

/* Whoever asks while it is being made waits for it. */
static mca_code
find_or_make(EVP_PKEY **out, const char *algorithm, struct mca_error *err)
{
	mca_code code = MCA_OK;

	(void)pthread_mutex_lock(&lock);
	*out = find(algorithm);
	if (*out == NULL) {
		code = make(out, algorithm, err);
		if (code == MCA_OK)
			keep(algorithm, *out);
	} else if (EVP_PKEY_up_ref(*out) != 1) {
		code = mca_fail_memory(err);
	}
	(void)pthread_mutex_unlock(&lock);
	return code;
}

mca_code
mca_key_stand_in(mca_key **out, const char *algorithm, struct mca_error *err)
{
	EVP_PKEY *key;
	mca_code code = find_or_make(&key, algorithm, err);

	return code == MCA_OK ? mca_key_own(out, key, err) : code;
}
