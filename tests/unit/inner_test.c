/* inner_test.c - remainders of products in half the multiplications. */
#include "inner.h"

#include "made.h"
#include "rows.h"

#include <openssl/rand.h>

static struct mca_error err;

/* The remainder as libcrypto divides. */
static BIGNUM *
divided(const mca_blob *product, const BIGNUM *n)
{
	BIGNUM *rest = BN_bin2bn(product->bytes, (int)product->length, NULL);
	BN_CTX *ctx = BN_CTX_new();

	made_require(BN_nnmod(rest, rest, n, ctx) == 1);
	BN_CTX_free(ctx);
	return rest;
}

static bool
agrees(mca_inner *inner, const BIGNUM *n, const mca_blob *bytes)
{
	struct mca_product product = { .bytes = *bytes };
	BIGNUM *wanted = divided(bytes, n), *rest;
	bool equal;

	made_require(mca_inner_pairs(&product.pairs, bytes, &err) == MCA_OK);
	made_require(mca_inner_reach(inner, bytes->length));
	rest = mca_inner_rest(inner, &product);
	equal = rest != NULL && BN_cmp(rest, wanted) == 0;
	mca_blob_clear(&product.pairs);
	BN_free(rest);
	BN_free(wanted);
	return equal;
}

/* Octets of ones make every column as large as it can be. */
static const struct {
	const char *what;
	int fill; /* -1: random */
} fills[] = {
	{ "random", -1 },
	{ "all ones", 0xff },
	{ "zeros below", 0 },
};

static mca_blob
filled(size_t length, int fill)
{
	mca_blob out = { malloc(length), length };

	made_require(out.bytes != NULL);
	if (fill < 0)
		made_require(RAND_bytes(out.bytes, (int)length) == 1);
	else
		memset(out.bytes, fill, length);
	out.bytes[0] |= 0x80;
	return out;
}

static BIGNUM *
modulus(int bits, bool ones)
{
	BIGNUM *n = BN_new();

	if (!ones) {
		made_require(
		    BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) == 1);
		return n;
	}
	made_require(BN_set_bit(n, bits) == 1 && BN_sub_word(n, 1) == 1);
	return n;
}

static const int sizes[] = { 17, 512, 1024, 2047, 2048, 2049, 2052, 2053, 3072,
	4096 };

/* Lengths in octets: parts of a digit, odd and even counts, past each fold. */
static const size_t lengths[] = { 1, 8, 255, 256, 257, 512, 513, 768, 4096,
	4097, 8191, 40000, 131072, 131071, 196608 };

static void
remainders_are_those_of_a_division(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(sizes); i++) {
		for (int ones = 0; ones < 2; ones++) {
			BIGNUM *n = modulus(sizes[i], ones == 1);
			owned(mca_inner) *inner = NULL;

			assert_int_equal(mca_inner_new(&inner, n, &err),
			    MCA_OK);
			for (size_t k = 0;
			     inner != NULL && k < ROWS(lengths) * ROWS(fills);
			     k++) {
				size_t length = lengths[k / ROWS(fills)];
				size_t fill = k % ROWS(fills);
				mca_blob bytes =
				    filled(length, fills[fill].fill);

				CHECK(agrees(inner, n, &bytes),
				    "%d bits%s, %zu octets, %s", sizes[i],
				    ones ? " of ones" : "", length,
				    fills[fill].what);
				free(bytes.bytes);
			}
#ifdef __SIZEOF_INT128__
			assert_non_null(inner);
#endif
			BN_free(n);
		}
	}
}

static void
what_it_is_not_for_is_left_to_others(void **state)
{
	BIGNUM *long_one = modulus(4105, false), *even = modulus(2048, true);
	mca_inner *inner;

	(void)state;
	made_require(BN_sub_word(even, 1) == 1);
	assert_int_equal(mca_inner_new(&inner, long_one, &err), MCA_OK);
	assert_null(inner);
	assert_int_equal(mca_inner_new(&inner, even, &err), MCA_OK);
	assert_null(inner);
	assert_int_equal(mca_inner_new(&inner, BN_value_one(), &err), MCA_OK);
	assert_null(inner);
	BN_free(long_one);
	BN_free(even);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remainders_are_those_of_a_division),
		cmocka_unit_test(what_it_is_not_for_is_left_to_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
