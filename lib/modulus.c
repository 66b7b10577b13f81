/*
 * modulus.c - see modulus.h.
 */
#include "modulus.h"

#include "ossl.h"
#include "rawkey.h"

MCA_OWNED(BN_CTX, BN_CTX_free)

struct mca_sharing {
	BIGNUM *n;
	BIGNUM *gathered; /* the remainders so far, multiplied */
	BIGNUM *rest, *digit;
	BN_MONT_CTX *mont;
	BN_CTX *ctx;
	size_t digit_size; /* octets of Montgomery's R */
};

void
mca_sharing_free(mca_sharing *sharing)
{
	if (sharing == NULL)
		return;
	BN_free(sharing->n);
	BN_free(sharing->gathered);
	BN_free(sharing->rest);
	BN_free(sharing->digit);
	BN_MONT_CTX_free(sharing->mont);
	BN_CTX_free(sharing->ctx);
	free(sharing);
}

static mca_code
read_modulus(BIGNUM **out, const mca_spki *spki, struct mca_error *err)
{
	scoped(mca_rawkey) raw = { 0 };
	size_t length;
	const uint8_t *der = mca_spki_der(spki, &length);
	mca_code code = mca_rawkey_parse(&raw, der, length, err);

	*out = NULL;
	if (code != MCA_OK || raw.n == NULL || !BN_is_odd(raw.n) ||
	    BN_is_negative(raw.n))
		return code;
	*out = give(&raw.n);
	return MCA_OK;
}

static bool
prepare(mca_sharing *s)
{
	int words = (BN_num_bits(s->n) + BN_BITS2 - 1) / BN_BITS2;

	s->digit_size = (size_t)words * BN_BYTES;
	s->gathered = BN_new();
	s->rest = BN_new();
	s->digit = BN_new();
	s->mont = BN_MONT_CTX_new();
	s->ctx = BN_CTX_new();
	return s->gathered != NULL && s->rest != NULL && s->digit != NULL &&
	    s->mont != NULL && s->ctx != NULL && BN_one(s->gathered) == 1 &&
	    BN_MONT_CTX_set(s->mont, s->n, s->ctx) == 1;
}

mca_code
mca_sharing_new(mca_sharing **out, const mca_spki *spki, struct mca_error *err)
{
	owned(mca_sharing) *made = calloc(1, sizeof(*made));
	mca_code code;

	*out = NULL;
	if (made == NULL)
		return mca_fail_memory(err);
	code = read_modulus(&made->n, spki, err);
	if (code != MCA_OK || made->n == NULL)
		return code;
	if (!prepare(made))
		return mca_fail_memory(err);
	*out = give(&made);
	return MCA_OK;
}

/* The digits of the product, lowest first, each divided away by R. */
static bool
reduce(mca_sharing *s, const uint8_t *product, size_t length)
{
	BN_zero(s->rest);
	while (length > 0) {
		size_t size = length < s->digit_size ? length : s->digit_size;

		length -= size;
		if (BN_bin2bn(product + length, (int)size, s->digit) == NULL ||
		    BN_add(s->rest, s->rest, s->digit) != 1 ||
		    BN_from_montgomery(s->rest, s->rest, s->mont, s->ctx) != 1)
			return false;
	}
	return true;
}

mca_code
mca_sharing_add(mca_sharing *sharing, const uint8_t *product, size_t length,
    struct mca_error *err)
{
	if (!reduce(sharing, product, length) ||
	    BN_mod_mul(sharing->gathered, sharing->gathered, sharing->rest,
		sharing->n, sharing->ctx) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot compare RSA moduli");
	return MCA_OK;
}

mca_code
mca_sharing_found(mca_sharing *sharing, bool *found, struct mca_error *err)
{
	if (BN_gcd(sharing->rest, sharing->gathered, sharing->n,
		sharing->ctx) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot compare RSA moduli");
	*found = !BN_is_one(sharing->rest);
	return BN_one(sharing->gathered) == 1 ? MCA_OK : mca_fail_memory(err);
}

static mca_code
write_number(mca_blob *out, const BIGNUM *number, struct mca_error *err)
{
	size_t length = (size_t)BN_num_bytes(number);
	uint8_t *bytes = malloc(length + 1);

	if (bytes == NULL)
		return mca_fail_memory(err);
	BN_bn2bin(number, bytes);
	mca_blob_clear(out);
	*out = (mca_blob){ bytes, length };
	return MCA_OK;
}

mca_code
mca_modulus_bytes(mca_blob *out, const mca_spki *spki, struct mca_error *err)
{
	owned(BIGNUM) *n = NULL;
	mca_code code = read_modulus(&n, spki, err);

	if (code != MCA_OK || n == NULL)
		return code;
	return write_number(out, n, err);
}

mca_code
mca_modulus_multiply(mca_blob *product, const uint8_t *more, size_t length,
    struct mca_error *err)
{
	owned(BN_CTX) *ctx = BN_CTX_new();
	owned(BIGNUM) *a = NULL;
	owned(BIGNUM) *b = NULL;

	if (product->length == 0)
		return mca_blob_copy(product, more, length, err);
	a = BN_bin2bn(product->bytes, (int)product->length, NULL);
	b = BN_bin2bn(more, (int)length, NULL);
	if (ctx == NULL || a == NULL || b == NULL || BN_mul(a, a, b, ctx) != 1)
		return mca_fail_memory(err);
	return write_number(product, a, err);
}
