/*
 * inner.c - see inner.h.
 *
 * Numbers are limbs of 57 bits, so that sums need no carries for a while, in
 * four quarters: two steps of Karatsuba's multiplication are taken before the
 * adding up and undone once after it, which leaves nine quarters to multiply
 * instead of sixteen.
 */
#include "inner.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

/* A digit: 2048 bits, which is most moduli, and 36 limbs. */
enum { DIGIT = 256, WORDS = DIGIT / 8 };

/*
 * Digit `at` of a product, big-endian: in its place if it is whole, else in
 * `buffer`, with zeros before what there is of it.
 */
static const uint8_t *
digit_of(uint8_t buffer[DIGIT], const mca_blob *product, size_t at)
{
	size_t end =
	    product->length < at * DIGIT ? 0 : product->length - at * DIGIT;

	if (end >= DIGIT)
		return product->bytes + end - DIGIT;
	memset(buffer, 0, DIGIT);
	if (end > 0)
		memcpy(buffer + DIGIT - end, product->bytes, end);
	return buffer;
}

static size_t
count_pairs(size_t length)
{
	return (length + 2 * DIGIT - 1) / (2 * DIGIT);
}

static bool
add_pair(BIGNUM *sum, const mca_blob *product, size_t pair, BIGNUM *a,
    BIGNUM *b, BN_CTX *ctx)
{
	uint8_t buffer[DIGIT];

	return BN_bin2bn(digit_of(buffer, product, 2 * pair), DIGIT, a) !=
	    NULL &&
	    BN_bin2bn(digit_of(buffer, product, 2 * pair + 1), DIGIT, b) !=
	    NULL &&
	    BN_mul(a, a, b, ctx) == 1 && BN_add(sum, sum, a) == 1;
}

mca_code
mca_inner_pairs(mca_blob *out, const mca_blob *product, struct mca_error *err)
{
	owned(BN_CTX) *ctx = BN_CTX_new();
	owned(BIGNUM) *sum = BN_new();
	owned(BIGNUM) *a = BN_new();
	owned(BIGNUM) *b = BN_new();
	size_t length;

	if (ctx == NULL || sum == NULL || a == NULL || b == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < count_pairs(product->length); i++)
		if (!add_pair(sum, product, i, a, b, ctx))
			return mca_fail_memory(err);
	length = (size_t)BN_num_bytes(sum);
	mca_blob_clear(out);
	out->bytes = malloc(length + 1);
	if (out->bytes == NULL)
		return mca_fail_memory(err);
	out->length = (size_t)BN_bn2bin(sum, out->bytes);
	return MCA_OK;
}

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

/* Quarters of 2048 bits, and of the most; all that four limbs make is enough.
 */
enum { LIMB = 57, LEAST = 9, MOST = 18, PARTS = 9 };
#define MASK ((UINT64_C(1) << LIMB) - 1)

/*
 * Limbs of sums have 58 bits, those of four of them 60, so a column of a
 * product has 120 bits and MOST of these less than 125: eight fit into 128.
 */
enum { FOLD = 8 };

struct mca_inner {
	BIGNUM *n;
	size_t quarter; /* limbs */

	/* What digits are worth, in limbs, and the sums of their pairs. */
	uint64_t *worth;
	BIGNUM **sums; /* of no pair, of one, of two, ... */
	size_t pairs;

	BIGNUM *next, *step; /* the next digit's; of one digit, for mont */
	BN_MONT_CTX *mont;
	BN_CTX *ctx;
};

void
mca_inner_free(mca_inner *inner)
{
	if (inner == NULL)
		return;
	for (size_t i = 0; inner->sums != NULL && i <= inner->pairs; i++)
		BN_free(inner->sums[i]);
	free(inner->sums);
	free(inner->worth);
	BN_free(inner->n);
	BN_free(inner->next);
	BN_free(inner->step);
	BN_MONT_CTX_free(inner->mont);
	BN_CTX_free(inner->ctx);
	free(inner);
}

static bool
prepare(mca_inner *inner, const BIGNUM *n)
{
	inner->n = BN_dup(n);
	inner->next = BN_new();
	inner->step = BN_new();
	inner->mont = BN_MONT_CTX_new();
	inner->ctx = BN_CTX_new();
	inner->sums = calloc(1, sizeof(BIGNUM *));
	if (inner->n == NULL || inner->next == NULL || inner->step == NULL ||
	    inner->mont == NULL || inner->ctx == NULL || inner->sums == NULL)
		return false;
	inner->sums[0] = BN_new();
	return inner->sums[0] != NULL && BN_one(inner->next) == 1 &&
	    BN_set_bit(inner->step, 8 * DIGIT) == 1 &&
	    BN_nnmod(inner->step, inner->step, n, inner->ctx) == 1 &&
	    BN_MONT_CTX_set(inner->mont, n, inner->ctx) == 1 &&
	    BN_to_montgomery(inner->step, inner->step, inner->mont,
		inner->ctx) == 1;
}

mca_code
mca_inner_new(mca_inner **out, const BIGNUM *n, struct mca_error *err)
{
	size_t quarter = ((size_t)BN_num_bits(n) + 4 * LIMB - 1) / (4 * LIMB);
	owned(mca_inner) *made = NULL;

	*out = NULL;
	if (!BN_is_odd(n) || BN_is_one(n) || quarter > MOST)
		return MCA_OK;
	made = calloc(1, sizeof(*made));
	if (made == NULL || !prepare(made, n))
		return mca_fail_memory(err);
	made->quarter = quarter < LEAST ? LEAST : quarter;
	*out = give(&made);
	return MCA_OK;
}

/* ---- from octets to limbs, and back ---- */

/*
 * `words` are little-endian, and one of zeros follows them.  With constant
 * counts the loop is unrolled.
 */
static inline __attribute__((always_inline)) void
split(uint64_t *limbs, size_t count, const uint64_t *words, size_t word_count)
{
#pragma GCC unroll 36
	for (size_t i = 0; i < count; i++) {
		size_t word = i * LIMB / 64;
		unsigned shift = i * LIMB % 64;
		uint64_t value = word < word_count ? words[word] >> shift : 0;

		if (shift > 64 - LIMB && word < word_count)
			value |= words[word + 1] << (64 - shift);
		limbs[i] = value & MASK;
	}
}

/* The limbs of a digit, each with that of `more` added to it. */
static void
add_digit(uint64_t *limbs, size_t count, const mca_blob *product, size_t at,
    const uint64_t *more)
{
	uint64_t words[WORDS + 1];
	uint8_t buffer[DIGIT];
	const uint8_t *digit = digit_of(buffer, product, at);

	for (size_t i = 0; i < WORDS; i++) {
		uint64_t word;

		memcpy(&word, digit + DIGIT - 8 * (i + 1), 8);
		words[i] = be64toh(word);
	}
	words[WORDS] = 0;
	split(limbs, 4 * LEAST, words, WORDS);
	for (size_t i = 4 * LEAST; i < count; i++)
		limbs[i] = 0;
	for (size_t i = 0; i < count; i++)
		limbs[i] += more[i];
}

static bool
read_number(uint64_t *limbs, size_t count, const BIGNUM *number)
{
	enum { MOST_WORDS = (4 * MOST * LIMB + 63) / 64 };
	uint64_t words[MOST_WORDS + 1] = { 0 };

	if (BN_bn2lebinpad(number, (unsigned char *)words, 8 * MOST_WORDS) < 0)
		return false;
	for (size_t i = 0; i < MOST_WORDS; i++)
		words[i] = le64toh(words[i]);
	split(limbs, count, words, MOST_WORDS);
	return true;
}

/* Sums of products of quarters, by columns; the last ones are for carries. */
enum { COLUMNS = 2 * MOST + 1 };
struct part {
	wide columns[COLUMNS];
};

static void
fold(struct part *part, size_t quarter)
{
	for (size_t i = 0; i < 2 * quarter; i++) {
		part->columns[i + 1] += part->columns[i] >> LIMB;
		part->columns[i] &= MASK;
	}
}

static BIGNUM *
join(struct part *part, size_t quarter)
{
	uint64_t words[(COLUMNS * LIMB + 63) / 64 + 1] = { 0 };

	fold(part, quarter);
	for (size_t i = 0; i <= 2 * quarter; i++) {
		wide value = part->columns[i] << (i * LIMB % 64);

		words[i * LIMB / 64] |= (uint64_t)value;
		words[i * LIMB / 64 + 1] |= (uint64_t)(value >> 64);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words[i] = htole64(words[i]);
	return BN_lebin2bn((const unsigned char *)words, sizeof(words), NULL);
}

/* ---- multiplying ---- */

/* With a constant `quarter` the loops are unrolled. */
static inline __attribute__((always_inline)) void
multiply(wide *columns, const uint64_t *a, const uint64_t *b, size_t quarter)
{
#pragma GCC unroll 17
	for (size_t k = 0; k < 2 * quarter - 1; k++) {
		size_t first = k < quarter ? 0 : k - quarter + 1;
		size_t last = k < quarter ? k : quarter - 1;
		wide sum = columns[k];

#pragma GCC unroll 9
		for (size_t i = first; i <= last; i++)
			sum += (wide)a[i] * b[k - i];
		columns[k] = sum;
	}
}

/* The quarters and sums of which Karatsuba multiplies each with its like. */
static inline __attribute__((always_inline)) void
spread(uint64_t out[PARTS][MOST], const uint64_t *limbs, size_t quarter)
{
	for (size_t i = 0; i < quarter; i++) {
		uint64_t a = limbs[i], b = limbs[i + quarter];
		uint64_t c = limbs[i + 2 * quarter];
		uint64_t d = limbs[i + 3 * quarter];

		out[0][i] = a;
		out[1][i] = b;
		out[2][i] = a + b;
		out[3][i] = c;
		out[4][i] = d;
		out[5][i] = c + d;
		out[6][i] = a + c;
		out[7][i] = b + d;
		out[8][i] = a + b + c + d;
	}
}

static inline __attribute__((always_inline)) void
add_product(struct part parts[PARTS], const uint64_t *x, const uint64_t *y,
    size_t quarter)
{
	uint64_t a[PARTS][MOST], b[PARTS][MOST];

	assert(quarter >= LEAST && quarter <= MOST);
	spread(a, x, quarter);
	spread(b, y, quarter);
	for (size_t i = 0; i < PARTS; i++)
		multiply(parts[i].columns, a[i], b[i], quarter);
}

/* The sum of (d0 + w1)(d1 + w0), in parts. */
static void
add_up(const mca_inner *inner, struct part parts[PARTS],
    const mca_blob *product)
{
	size_t limbs = 4 * inner->quarter;
	uint64_t x[4 * MOST], y[4 * MOST];

	for (size_t pair = 0; pair < count_pairs(product->length); pair++) {
		const uint64_t *w0 = inner->worth + 2 * pair * limbs;
		const uint64_t *w1 = w0 + limbs;

		add_digit(x, limbs, product, 2 * pair, w1);
		add_digit(y, limbs, product, 2 * pair + 1, w0);
		if (inner->quarter == LEAST)
			add_product(parts, x, y, LEAST);
		else
			add_product(parts, x, y, inner->quarter);
		for (size_t i = 0; pair % FOLD == FOLD - 1 && i < PARTS; i++)
			fold(&parts[i], inner->quarter);
	}
}

/* low + (both - low - high) X + high X^2, where X is 2^bits; into `low`. */
static bool
undo(BIGNUM *low, BIGNUM *high, BIGNUM *both, size_t bits)
{
	return BN_sub(both, both, low) == 1 && BN_sub(both, both, high) == 1 &&
	    BN_lshift(both, both, (int)bits) == 1 &&
	    BN_lshift(high, high, (int)(2 * bits)) == 1 &&
	    BN_add(low, low, both) == 1 && BN_add(low, low, high) == 1;
}

static BIGNUM *
join_all(struct part parts[PARTS], size_t quarter)
{
	BIGNUM *sums[PARTS] = { NULL };
	bool good = true;

	for (size_t i = 0; i < PARTS; i++) {
		sums[i] = join(&parts[i], quarter);
		good = good && sums[i] != NULL;
	}
	for (size_t i = 0; good && i < PARTS; i += 3)
		good = undo(sums[i], sums[i + 1], sums[i + 2], LIMB * quarter);
	good = good && undo(sums[0], sums[3], sums[6], 2 * LIMB * quarter);
	for (size_t i = 1; i < PARTS; i++)
		BN_free(sums[i]);
	if (good)
		return sums[0];
	BN_free(sums[0]);
	return NULL;
}

BIGNUM *
mca_inner_rest(const mca_inner *inner, const struct mca_product *product)
{
	struct part parts[PARTS] = { 0 };
	owned(BN_CTX) *ctx = BN_CTX_new();
	owned(BIGNUM) *known =
	    BN_bin2bn(product->pairs.bytes, (int)product->pairs.length, NULL);
	owned(BIGNUM) *sum = NULL;

	add_up(inner, parts, &product->bytes);
	sum = join_all(parts, inner->quarter);
	if (ctx == NULL || known == NULL || sum == NULL ||
	    BN_sub(sum, sum, known) != 1 ||
	    BN_sub(sum, sum, inner->sums[count_pairs(product->bytes.length)]) !=
		1 ||
	    BN_nnmod(sum, sum, inner->n, ctx) != 1)
		return NULL;
	return give(&sum);
}

/* ---- what digits are worth ---- */

/* Copies what the next digit is worth, and goes on to the one after it. */
static bool
take_worth(mca_inner *inner, BIGNUM *out, uint64_t *limbs)
{
	return BN_copy(out, inner->next) != NULL &&
	    read_number(limbs, 4 * inner->quarter, out) &&
	    BN_mod_mul_montgomery(inner->next, inner->next, inner->step,
		inner->mont, inner->ctx) == 1;
}

static bool
add_worth(mca_inner *inner, BIGNUM *a, BIGNUM *b)
{
	size_t limbs = 4 * inner->quarter;
	uint64_t *worth = inner->worth + 2 * inner->pairs * limbs;
	owned(BIGNUM) *sum = BN_new();

	if (sum == NULL || !take_worth(inner, a, worth) ||
	    !take_worth(inner, b, worth + limbs) ||
	    BN_mul(sum, a, b, inner->ctx) != 1 ||
	    BN_add(sum, sum, inner->sums[inner->pairs]) != 1)
		return false;
	inner->sums[++inner->pairs] = give(&sum);
	return true;
}

bool
mca_inner_reach(mca_inner *inner, size_t length)
{
	size_t wanted = count_pairs(length);
	size_t size = 2 * 4 * inner->quarter * sizeof(*inner->worth);
	owned(BIGNUM) *a = BN_new();
	owned(BIGNUM) *b = BN_new();
	uint64_t *worth;
	BIGNUM **sums;

	if (wanted <= inner->pairs)
		return true;
	worth = reallocarray(inner->worth, wanted, size);
	if (worth == NULL)
		return false;
	inner->worth = worth;
	sums = reallocarray(inner->sums, wanted + 1, sizeof(BIGNUM *));
	if (sums == NULL || a == NULL || b == NULL)
		return false;
	inner->sums = sums;
	while (inner->pairs < wanted)
		if (!add_worth(inner, a, b))
			return false;
	return true;
}

#else

/* Without wide integers the long way is no slower than this would be. */

struct mca_inner {
	char none;
};

void
mca_inner_free(mca_inner *inner)
{
	(void)inner;
}

mca_code
mca_inner_new(mca_inner **out, const BIGNUM *n, struct mca_error *err)
{
	(void)n;
	(void)err;
	*out = NULL;
	return MCA_OK;
}

bool
mca_inner_reach(mca_inner *inner, size_t length)
{
	(void)inner;
	(void)length;
	return false;
}

BIGNUM *
mca_inner_rest(const mca_inner *inner, const struct mca_product *product)
{
	(void)inner;
	(void)product;
	return NULL;
}

#endif
