/*
 * curve.c - see curve.h.
 *
 * To make a curve takes longer than to see that a point is on it, and each
 * request asks several questions about its own; a key copied from one that
 * holds the curve takes a quarter of what EVP_PKEY_fromdata takes.  Both are
 * only read, which many threads may do at once.
 */
#include "curve.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include <pthread.h>

struct usual {
	int nid;
	EC_GROUP *group;
	EVP_PKEY *parameters; /* a key that lacks its point */
};

static struct usual usual[] = {
	{ .nid = NID_X9_62_prime256v1 },
	{ .nid = NID_secp384r1 },
	{ .nid = NID_secp521r1 },
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct usual *
find(int nid)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (usual[i].nid == nid)
			return &usual[i];
	return NULL;
}

bool
mca_curve_is_usual(int nid)
{
	return find(nid) != NULL;
}

static EC_GROUP *
make(int nid)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);

	if (group == NULL)
		ERR_clear_error();
	return group;
}

const EC_GROUP *
mca_curve(EC_GROUP **own, int nid)
{
	struct usual *row = find(nid);

	if (row == NULL) {
		*own = nid == NID_undef ? NULL : make(nid);
		return *own;
	}
	(void)pthread_mutex_lock(&lock);
	if (row->group == NULL)
		row->group = make(nid);
	(void)pthread_mutex_unlock(&lock);
	return row->group;
}

static EVP_PKEY *
make_parameters(int nid)
{
	owned(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    (char *)(uintptr_t)OBJ_nid2sn(nid), 0),
		OSSL_PARAM_construct_end(),
	};

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEY_PARAMETERS, params) != 1)
		return NULL;
	return key;
}

static EVP_PKEY *
parameters_of(struct usual *row)
{
	(void)pthread_mutex_lock(&lock);
	if (row->parameters == NULL)
		row->parameters = make_parameters(row->nid);
	(void)pthread_mutex_unlock(&lock);
	return row->parameters;
}

EVP_PKEY *
mca_curve_key(int nid, const uint8_t *bits, size_t length)
{
	struct usual *row = find(nid);
	EVP_PKEY *parameters = row == NULL ? NULL : parameters_of(row);
	owned(EVP_PKEY) *key = NULL;

	if (parameters == NULL)
		return NULL;
	key = EVP_PKEY_dup(parameters);
	if (key == NULL ||
	    EVP_PKEY_set1_encoded_public_key(key, bits, length) != 1)
		return NULL;
	return give(&key);
}

EVP_PKEY *
mca_curve_generate(int nid)
{
	struct usual *row = find(nid);
	EVP_PKEY *parameters = row == NULL ? NULL : parameters_of(row);
	owned(EVP_PKEY_CTX) *ctx = parameters == NULL
	    ? NULL
	    : EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_generate(ctx, &key) != 1)
		return NULL;
	return key;
}
