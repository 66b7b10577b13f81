/*
 * modulus.c - see modulus.h.
 */
#include "modulus.h"

#include "ossl.h"
#include "rawkey.h"

struct mca_sharing {
	BIGNUM *n;
	BIGNUM *gathered; /* the remainders so far, multiplied */
	BN_MONT_CTX *mont;
	BN_CTX *ctx;

	mca_inner *inner; /* for products whose pairs are known, or NULL */

	/*
	 * Other products are a number of digits of the modulus's length; what
	 * each digit is worth modulo n is the same for every product.
	 */
	size_t digit_size; /* octets */
	BIGNUM **worth;
	size_t worth_count;
};

void
mca_sharing_free(mca_sharing *sharing)
{
	if (sharing == NULL)
		return;
	BN_free(sharing->n);
	BN_free(sharing->gathered);
	for (size_t i = 0; i < sharing->worth_count; i++)
		BN_free(sharing->worth[i]);
	free(sharing->worth);
	mca_inner_free(sharing->inner);
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
	s->mont = BN_MONT_CTX_new();
	s->ctx = BN_CTX_new();
	return s->gathered != NULL && s->mont != NULL && s->ctx != NULL &&
	    BN_one(s->gathered) == 1 &&
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
	code = mca_inner_new(&made->inner, made->n, err);
	if (code != MCA_OK)
		return code;
	*out = give(&made);
	return MCA_OK;
}

/* Montgomery's R has the length of a digit: to go there is to multiply by it.
 */
static bool
add_worth(mca_sharing *s)
{
	BIGNUM *next = BN_new();

	if (next == NULL)
		return false;
	s->worth[s->worth_count++] = next;
	if (s->worth_count == 1)
		return BN_one(next) == 1;
	return BN_to_montgomery(next, s->worth[s->worth_count - 2], s->mont,
		   s->ctx) == 1;
}

static bool
find_worth(mca_sharing *s, size_t digits)
{
	BIGNUM **more = reallocarray(s->worth,
	    digits > s->worth_count ? digits : s->worth_count, sizeof(*more));

	if (more == NULL)
		return false;
	s->worth = more;
	while (s->worth_count < digits)
		if (!add_worth(s))
			return false;
	return true;
}

/* Products on their way to their remainders, many at once. */
struct division {
	const mca_sharing *sharing;
	const struct mca_product *products;
	BIGNUM **rests; /* NULL where memory ran out */
	mca_piece *beside;
	void *context;
};

static bool
has_pairs(const mca_sharing *s, const struct mca_product *product)
{
	return s->inner != NULL && product->pairs.length > 0;
}

static BIGNUM *
divide(const mca_sharing *s, const mca_blob *product)
{
	owned(BN_CTX) *ctx = BN_CTX_new();
	owned(BIGNUM) *sum = BN_new();
	owned(BIGNUM) *digit = BN_new();
	owned(BIGNUM) *value = BN_new();
	size_t left = product->length;

	if (ctx == NULL || sum == NULL || digit == NULL || value == NULL)
		return NULL;
	for (size_t i = 0; left > 0; i++) {
		size_t size = left < s->digit_size ? left : s->digit_size;

		left -= size;
		if (BN_bin2bn(product->bytes + left, (int)size, digit) ==
			NULL ||
		    BN_mul(value, digit, s->worth[i], ctx) != 1 ||
		    BN_add(sum, sum, value) != 1)
			return NULL;
	}
	if (BN_nnmod(value, sum, s->n, ctx) != 1)
		return NULL;
	return give(&value);
}

/* Piece 0 is what is done beside, where there is such a thing. */
static void
divide_one(void *context, size_t index)
{
	struct division *d = context;
	const struct mca_product *product;

	if (d->beside != NULL && index-- == 0) {
		d->beside(d->context, 0);
		return;
	}
	product = &d->products[index];
	d->rests[index] = has_pairs(d->sharing, product)
	    ? mca_inner_rest(d->sharing->inner, product)
	    : divide(d->sharing, &product->bytes);
}

/* Ready for the longest of either kind. */
static bool
reach(mca_sharing *s, const struct mca_product *products, size_t count)
{
	size_t plain = 0, paired = 0;

	for (size_t i = 0; i < count; i++) {
		bool pairs = has_pairs(s, &products[i]);
		size_t *longest = pairs ? &paired : &plain;

		if (products[i].bytes.length > *longest)
			*longest = products[i].bytes.length;
	}
	return find_worth(s, plain / s->digit_size + 1) &&
	    (paired == 0 || mca_inner_reach(s->inner, paired));
}

static bool
gather(mca_sharing *s, BIGNUM **rests, size_t count)
{
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		good = good && rests[i] != NULL &&
		    BN_mod_mul(s->gathered, s->gathered, rests[i], s->n,
			s->ctx) == 1;
		BN_free(rests[i]);
	}
	return good;
}

mca_code
mca_sharing_add(mca_sharing *sharing, const struct mca_product *products,
    size_t count, mca_piece *beside, void *context, struct mca_error *err)
{
	struct division d = { .sharing = sharing,
		.products = products,
		.beside = beside,
		.context = context };
	bool good;

	d.rests = calloc(count + 1, sizeof(*d.rests));
	if (d.rests == NULL)
		return mca_fail_memory(err);
	good = reach(sharing, products, count);
	if (good) {
		mca_parallel(count + (beside != NULL), MCA_CREW_CORES,
		    divide_one, &d);
		good = gather(sharing, d.rests, count);
	}
	free(d.rests);
	return good ? MCA_OK : mca_fail_memory(err);
}

mca_code
mca_sharing_found(mca_sharing *sharing, bool *found, struct mca_error *err)
{
	/*
	 * Jacobi's symbol is zero exactly where there is a common divisor, and
	 * is found in a quarter of the time that libcrypto takes for that: its
	 * BN_gcd hides its numbers, and these are public.
	 */
	int symbol = BN_kronecker(sharing->gathered, sharing->n, sharing->ctx);

	if (symbol < -1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot compare RSA moduli");
	*found = symbol == 0;
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
