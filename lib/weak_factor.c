/*
 * weak_factor.c - RSA moduli whose primes can be found, or are none.
 *
 * Each attack is tried within a fixed budget, on moduli that
 * mca_weak_computable lets through.  Moduli are public: nothing here needs to
 * take the same time for all.
 */
#include "weak_parts.h"

#include <openssl/bn.h>

#include <pthread.h>

/* ---- small factors ---- */

enum { SIEVE = 1 << 16 };

/* The odd primes below 2^16, and all of them multiplied, big-endian. */
static bool composite[SIEVE];
static uint8_t product[SIEVE / 4];
static size_t product_length; /* 0: memory ran out */
static pthread_once_t primes_once = PTHREAD_ONCE_INIT;

static bool
multiply(BIGNUM *all)
{
	BN_ULONG word = 1;
	bool good = BN_one(all) == 1;

	for (uint32_t p = 3; p < SIEVE && good; p += 2) {
		if (composite[p])
			continue;
		if (word > (BN_ULONG)-1 / p) {
			good = BN_mul_word(all, word) == 1;
			word = 1;
		}
		word *= p;
	}
	return good && BN_mul_word(all, word) == 1;
}

static void
find_primes(void)
{
	owned(BIGNUM) *all = BN_new();

	for (uint32_t p = 3; p * p < SIEVE; p += 2)
		for (uint32_t q = p * p; !composite[p] && q < SIEVE; q += 2 * p)
			composite[q] = true;
	if (all != NULL && multiply(all) &&
	    BN_num_bytes(all) <= (int)sizeof(product))
		product_length = (size_t)BN_bn2bin(all, product);
}

static unsigned
small_factor(const BIGNUM *n)
{
	for (uint32_t p = 3; p < SIEVE; p += 2)
		if (!composite[p] && BN_mod_word(n, p) == 0)
			return p;
	return 0;
}

MCA_OWNED(BN_MONT_CTX, BN_MONT_CTX_free)

/*
 * Puts the product of those primes in `rest`, modulo `n` and divided by a power
 * of two, which is no divisor of either: a digit as long as `n` is added and
 * Montgomery's division made, from the lowest on.
 */
static bool
reduce(BIGNUM *rest, const BIGNUM *n, BN_CTX *ctx)
{
	size_t left = product_length;
	size_t words = ((size_t)BN_num_bits(n) + BN_BITS2 - 1) / BN_BITS2;
	owned(BN_MONT_CTX) *mont = BN_MONT_CTX_new();
	owned(BIGNUM) *digit = BN_new();

	BN_zero(rest);
	if (mont == NULL || digit == NULL || BN_MONT_CTX_set(mont, n, ctx) != 1)
		return false;
	while (left > 0) {
		size_t size = words * BN_BYTES;

		size = size < left ? size : left;
		left -= size;
		if (BN_bin2bn(product + left, (int)size, digit) == NULL ||
		    BN_add(rest, rest, digit) != 1 ||
		    BN_from_montgomery(rest, rest, mont, ctx) != 1)
			return false;
	}
	return true;
}

/*
 * Jacobi's symbol of those primes multiplied is zero where one of them divides
 * `n`; -2 when memory runs out.  BN_gcd would do, but hides its numbers, and
 * takes four times as long.
 */
static int
small_symbol(const BIGNUM *n)
{
	owned(BN_CTX) *ctx = BN_CTX_new();
	owned(BIGNUM) *rest = BN_new();

	if (pthread_once(&primes_once, find_primes) != 0 ||
	    product_length == 0 || ctx == NULL || rest == NULL ||
	    !reduce(rest, n, ctx))
		return -2;
	return BN_kronecker(rest, n, ctx);
}

bool
mca_weak_rsa_factor(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	int symbol = mca_weak_computable(raw) ? small_symbol(raw->n) : 1;

	if (symbol < -1)
		return mca_weak_say(detail, "could not be tested");
	return symbol == 0 &&
	    mca_weak_say(detail, "%u divides the modulus",
		small_factor(raw->n));
}

/* ---- one prime ---- */

/*
 * Fermat's test with base 2.  That two primes which were drawn at random pass
 * it together does not happen, so what passes is refused, and BN_check_prime is
 * not asked: its 128 rounds take 13 seconds for a hostile modulus of 8192 bits.
 */
bool
mca_weak_rsa_prime(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	owned(BN_CTX) *ctx = BN_CTX_new();
	owned(BIGNUM) *power = BN_new();
	owned(BIGNUM) *below = BN_new();

	if (!mca_weak_computable(raw))
		return false;
	if (ctx == NULL || power == NULL || below == NULL ||
	    BN_sub(below, raw->n, BN_value_one()) != 1 ||
	    BN_mod_exp_mont_word(power, 2, below, raw->n, ctx, NULL) != 1)
		return mca_weak_say(detail, "could not be tested");
	return BN_is_one(power) &&
	    mca_weak_say(detail,
		"the modulus passes for a prime, whose private exponent is "
		"known");
}

/* ---- squares ---- */

/*
 * Squares leave few remainders: most numbers are told apart by those that they
 * leave modulo 64 and some primes.  Two products of them fit into 32 bits each.
 */
static const unsigned char first_primes[] = { 3, 5, 7, 11, 13, 17, 19, 0 };
static const unsigned char more_primes[] = { 23, 29, 31, 37, 41, 43, 0 };
static const BN_ULONG first_product = 64 * 4849845, more_product = 1348781387;

static bool
is_residue(BN_ULONG rest, const unsigned char *primes)
{
	for (; *primes != 0; primes++) {
		unsigned wanted = (unsigned)(rest % *primes);
		unsigned r = 0;

		while (r <= *primes / 2 && r * r % *primes != wanted)
			r++;
		if (r > *primes / 2)
			return false;
	}
	return true;
}

/* May what leaves `rest` modulo `first_product` be a square? */
static bool
leaves_square(BN_ULONG rest)
{
	return (UINT64_C(0x0202021202030213) >> rest % 64 & 1) != 0 &&
	    is_residue(rest, first_primes);
}

static bool
may_be_square(const BIGNUM *x)
{
	return leaves_square(BN_mod_word(x, first_product)) &&
	    is_residue(BN_mod_word(x, more_product), more_primes);
}

/* The floor of the square root, by Newton's method from above. */
static bool
root(BIGNUM *out, const BIGNUM *x, BN_CTX *ctx)
{
	owned(BIGNUM) *better = BN_new();
	int rounds = BN_num_bits(x) + 2;

	BN_zero(out);
	if (better == NULL || BN_is_zero(x))
		return better != NULL;
	if (BN_set_bit(out, (BN_num_bits(x) + 1) / 2) != 1)
		return false;
	for (int i = 0; i < rounds; i++) {
		if (BN_div(better, NULL, x, out, ctx) != 1 ||
		    BN_add(better, better, out) != 1 ||
		    BN_rshift1(better, better) != 1)
			return false;
		if (BN_cmp(better, out) >= 0)
			return true;
		if (BN_copy(out, better) == NULL)
			return false;
	}
	return false;
}

/* Puts the root of `x` in `out` if it has one. */
static bool
square_root(BIGNUM *out, const BIGNUM *x, BN_CTX *ctx)
{
	owned(BIGNUM) *square = BN_new();

	return square != NULL && !BN_is_negative(x) && may_be_square(x) &&
	    root(out, x, ctx) && BN_sqr(square, out, ctx) == 1 &&
	    BN_cmp(square, x) == 0;
}

/* ---- primes that are close ---- */

/* CABF BR, 6.1.1.3 asks for 100; some who look count from 0, others from 1. */
enum { ROUNDS = 110 };

/* Puts b in `out` if (a + round)^2 - n is its square; false if not. */
static bool
is_round(BIGNUM *out, const BIGNUM *n, const BIGNUM *a, BN_ULONG round,
    bool *failed, BN_CTX *ctx)
{
	owned(BIGNUM) *rest = BN_dup(a);

	*failed = rest == NULL || BN_add_word(rest, round) != 1 ||
	    BN_sqr(rest, rest, ctx) != 1 || BN_sub(rest, rest, n) != 1;
	return !*failed && square_root(out, rest, ctx);
}

/*
 * The first round from `a` that may find the primes, or -1 when it fails: all
 * but few are settled by what their numbers leave modulo a word.
 */
static int
find_round(BIGNUM *b, const BIGNUM *n, const BIGNUM *a, BN_CTX *ctx)
{
	const uint64_t word = first_product;
	uint64_t root = BN_mod_word(a, first_product);
	uint64_t rest = root * root + word - BN_mod_word(n, first_product);
	bool failed = false;

	for (int i = 0; i < ROUNDS; i++) {
		rest %= word;
		if (leaves_square((BN_ULONG)rest) &&
		    is_round(b, n, a, (BN_ULONG)i, &failed, ctx))
			return i + 1;
		if (failed)
			return -1;
		/* (a + 1)^2 = a^2 + 2a + 1 */
		rest += 2 * root + 1;
		root++;
	}
	return 0;
}

/*
 * Fermat: n = a^2 - b^2 with a near the root of n.  From the floor of the root,
 * so that a square, which is its own a with b = 0, is seen.
 */
bool
mca_weak_rsa_fermat(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	owned(BN_CTX) *ctx = BN_CTX_new();
	owned(BIGNUM) *a = BN_new();
	owned(BIGNUM) *b = BN_new();
	int round;

	if (!mca_weak_computable(raw))
		return false;
	if (ctx == NULL || a == NULL || b == NULL || !root(a, raw->n, ctx))
		return mca_weak_say(detail, "could not be tested");
	round = find_round(b, raw->n, a, ctx);
	if (round < 0)
		return mca_weak_say(detail, "could not be tested");
	return round > 0 &&
	    mca_weak_say(detail,
		"its primes are %s: round %d of Fermat's method finds them",
		BN_is_zero(b) ? "the same" : "close together", round);
}

/* ---- small private exponents ---- */

/* The last two convergents of e/n, and what is left to divide. */
struct fraction {
	BIGNUM *k[2], *d[2], *above, *below, *quotient, *rest;
};

/* One step of Euclid: the next convergent is in k[0] / d[0]. */
static bool
advance(struct fraction *f, BN_CTX *ctx)
{
	BIGNUM *spare;

	if (BN_div(f->quotient, f->rest, f->above, f->below, ctx) != 1)
		return false;
	spare = f->above;
	f->above = f->below;
	f->below = f->rest;
	f->rest = spare;
	for (BIGNUM **pair = f->k; pair != NULL;
	     pair = pair == f->k ? f->d : NULL) {
		if (BN_mul(f->rest, f->quotient, pair[0], ctx) != 1 ||
		    BN_add(pair[1], pair[1], f->rest) != 1)
			return false;
		spare = pair[0];
		pair[0] = pair[1];
		pair[1] = spare;
	}
	return true;
}

/*
 * If k/d is the right convergent, then (p-1)(q-1) is the floor of e d / k, and
 * p and q are the roots of a quadratic.
 */
static bool
splits(const struct fraction *f, const mca_rawkey *raw, BN_CTX *ctx)
{
	owned(BIGNUM) *sum = BN_new();
	owned(BIGNUM) *square = BN_new();
	owned(BIGNUM) *difference = BN_new();

	return sum != NULL && square != NULL && difference != NULL &&
	    !BN_is_zero(f->k[0]) && BN_mul(square, raw->e, f->d[0], ctx) == 1 &&
	    BN_div(square, NULL, square, f->k[0], ctx) == 1 &&
	    BN_sub(sum, raw->n, square) == 1 && BN_add_word(sum, 1) == 1 &&
	    BN_sqr(square, sum, ctx) == 1 &&
	    BN_lshift(difference, raw->n, 2) == 1 &&
	    BN_sub(square, square, difference) == 1 &&
	    square_root(difference, square, ctx);
}

static bool
attack(struct fraction *f, const mca_rawkey *raw, BN_CTX *ctx)
{
	int most = BN_num_bits(raw->n) / 4 + 8;

	if (BN_copy(f->above, raw->e) == NULL ||
	    BN_copy(f->below, raw->n) == NULL || BN_one(f->k[0]) != 1 ||
	    BN_one(f->d[1]) != 1)
		return false;
	BN_zero(f->k[1]);
	BN_zero(f->d[0]);
	while (!BN_is_zero(f->below) && BN_num_bits(f->d[0]) <= most) {
		if (!advance(f, ctx))
			return false;
		if (splits(f, raw, ctx))
			return true;
	}
	return false;
}

/*
 * Wiener: a private exponent below the fourth root of the modulus is the
 * denominator of a convergent of e/n.  Then e is about as long as n; with the
 * usual short ones there is nothing to look for.
 */
bool
mca_weak_rsa_wiener(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	owned(BN_CTX) *ctx = BN_CTX_new();
	BIGNUM *n[8] = { NULL };
	bool broken = false, made = ctx != NULL;
	struct fraction f;

	if (!mca_weak_computable(raw) || BN_is_negative(raw->e) ||
	    BN_num_bits(raw->e) < BN_num_bits(raw->n) / 2 ||
	    BN_num_bits(raw->e) > BN_num_bits(raw->n))
		return false;
	for (size_t i = 0; i < 8; i++)
		made = (n[i] = BN_new()) != NULL && made;
	f = (struct fraction){ { n[0], n[1] }, { n[2], n[3] }, n[4], n[5], n[6],
		n[7] };
	if (made)
		broken = attack(&f, raw, ctx);
	for (size_t i = 0; i < 8; i++)
		BN_free(n[i]);
	return broken &&
	    mca_weak_say(detail,
		"its private exponent is so small that the public one tells "
		"it");
}

/* ---- ROCA ---- */

/* Is `rest` a power of 65537 modulo `p`? */
static bool
is_power(BN_ULONG rest, unsigned p)
{
	BN_ULONG power = 1;

	for (unsigned i = 0; i < p; i++) {
		if (power == rest)
			return true;
		power = power * 65537 % p;
	}
	return false;
}

/*
 * Infineon's library made primes that are powers of 65537 modulo many small
 * primes, and so are their products.  That a modulus of random primes looks so
 * modulo all of the 38 that were used for every size has a chance of 2^-154.
 */
bool
mca_weak_rsa_roca(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	static const unsigned char primes[] = { 3, 5, 7, 11, 13, 17, 19, 23, 29,
		31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
		103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163,
		167 };

	if (!mca_weak_computable(raw))
		return false;
	for (size_t i = 0; i < sizeof(primes); i++)
		if (!is_power(BN_mod_word(raw->n, primes[i]), primes[i]))
			return false;
	return mca_weak_say(detail,
	    "its primes come from a library of Infineon's, and can be found "
	    "(ROCA)");
}
