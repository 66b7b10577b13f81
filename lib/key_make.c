/*
 * key_make.c - new keys (minica/key.h, object.h).
 */
#include "algorithm.h"
#include "cleanse.h"
#include "curve.h"
#include "error.h"
#include "key_parts.h"
#include "minica/text.h"
#include "object.h"

#include <openssl/err.h>

const char *const *
mca_key_algorithms(void)
{
	return mca_algorithm_names();
}

static mca_code
unknown_algorithm(const char *name, struct mca_error *err)
{
	const char *nearest = mca_text_nearest(name, mca_algorithm_names());
	scoped(mca_text) absent = { 0 };

	mca_algorithm_absent(&absent, name);
	if (absent.length > 0)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is not a key algorithm here: %s", name,
		    mca_text_get(&absent));
	return mca_fail(err, MCA_EUSAGE,
	    "\"%s\" is not a key algorithm; %s%s%s", MCA_SHOW_TEXT(name),
	    nearest == NULL ? "there are " : "did you mean ",
	    nearest == NULL ? "rsa-2048, rsa-3072, rsa-4096, ec-p256, "
			      "ec-p384, ec-p521, ed25519"
			    : nearest,
	    nearest == NULL ? "" : "?");
}

/* Whatever libcrypto can generate under this name, without parameters. */
static EVP_PKEY *
generate_other(const char *name)
{
	owned(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, name, NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_generate(ctx, &key) != 1)
		return NULL;
	if (EVP_PKEY_can_sign(key) != 1) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

static EVP_PKEY *
generate(const struct mca_algorithm *row)
{
	if (row->group != NULL)
		return mca_curve_generate(EC_curve_nist2nid(row->group));
	if (row->bits != 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, row->type, row->bits);
	return EVP_PKEY_Q_keygen(NULL, NULL, row->type);
}

mca_code
mca_key_generate(mca_key **out, const char *algorithm, struct mca_error *err)
{
	const struct mca_algorithm *row = mca_algorithm_find(algorithm);
	EVP_PKEY *key;

	mca_cleanse_begin();
	key = row != NULL ? generate(row) : generate_other(algorithm);
	mca_cleanse_traces();
	if (key == NULL && row == NULL) {
		ERR_clear_error();
		return unknown_algorithm(algorithm, err);
	}
	if (key == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "no %s key could be generated", algorithm);
	return mca_key_own(out, key, err);
}

mca_code
mca_key_generate_short(mca_key **out, struct mca_error *err)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);

	if (key != NULL)
		return mca_key_own(out, key, err);
	ERR_clear_error();
	return mca_key_generate(out, "rsa-2048", err);
}
