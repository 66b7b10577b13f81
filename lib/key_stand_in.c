/*
 * key_stand_in.c - keys for what is examined and never issued (object.h).
 *
 * An RSA key takes a quarter of a second, and a policy or a manifest may ask
 * for many; of a size they are all the same here, so one is made and kept.
 */
#include "algorithm.h"
#include "key_parts.h"
#include "object.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <pthread.h>

struct kept {
	size_t bits;
	EVP_PKEY *key;
};

static struct kept kept[] = { { .bits = 2048 }, { .bits = 3072 },
	{ .bits = 4096 } };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/*
 * Most of the time goes into looking for primes, and twice as long a prime
 * takes sixteen times as long; so as many as libcrypto takes (RFC 8017, 3.1).
 */
static EVP_PKEY *
make(size_t bits)
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

/* Whoever asks while it is being made waits for it. */
static EVP_PKEY *
find(size_t bits)
{
	EVP_PKEY *key = NULL;

	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (kept[i].bits != bits)
			continue;
		if (kept[i].key == NULL)
			kept[i].key = make(bits);
		if (kept[i].key != NULL && EVP_PKEY_up_ref(kept[i].key) == 1)
			key = kept[i].key;
	}
	(void)pthread_mutex_unlock(&lock);
	return key;
}

mca_code
mca_key_stand_in(mca_key **out, const char *algorithm, struct mca_error *err)
{
	const struct mca_algorithm *row = mca_algorithm_find(algorithm);
	EVP_PKEY *key = NULL;

	if (row != NULL && row->bits != 0)
		key = find(row->bits);
	if (key != NULL)
		return mca_key_own(out, key, err);
	ERR_clear_error();
	return mca_key_generate(out, algorithm, err);
}
