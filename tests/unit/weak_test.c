/* weak_test.c - keys that must not be relied upon, made for the purpose. */
#include "octets.h"

#include "minica/key.h"

#include <openssl/ec.h>

#include <time.h>

static struct mca_error err;

static void
rsa_spki(bytes *out, const BIGNUM *n, const BIGNUM *e)
{
	scoped(bytes) key = { 0 };

	append_integer(&key, n);
	append_integer(&key, e);
	wrap(&key, 0x30);
	make_spki(out, RSA_OID NIL, sizeof(RSA_OID NIL) - 1, key.at,
	    key.length);
}

/* ---- what is said ---- */

/* Exactly these kinds of rules are broken, `rule` among them (NULL: none). */
static void
expect(const char *why, const bytes *der, const char *rule, bool decoded)
{
	scoped(mca_findings) found = { 0 };
	owned(mca_spki) *spki = NULL;

	CHECK(mca_spki_parse(&spki, der->at, der->length, &err) == MCA_OK,
	    "%s: %s", why, err.text);
	CHECK(mca_spki_is_decoded(spki) == decoded, "%s: decoded", why);
	mca_weak_check(&found, spki, MCA_WEAK_ANY);
	if (rule == NULL)
		CHECK(found.count == 0, "%s: %s", why, found.rows[0].detail);
	else
		CHECK(mca_findings_has(&found, rule), "%s: no %s", why, rule);
	for (size_t i = 0; i < found.count; i++)
		CHECK(found.rows[i].severity == MCA_ERROR &&
			*found.rows[i].source != '\0' &&
			*found.rows[i].wanted != '\0' &&
			*found.rows[i].hint != '\0' &&
			*found.rows[i].detail != '\0',
		    "%s: %s does not teach", why, found.rows[i].rule);
}

static void
expect_rsa(const char *why, const BIGNUM *n, const BIGNUM *e, const char *rule,
    bool decoded)
{
	scoped(bytes) der = { 0 };

	rsa_spki(&der, n, e);
	expect(why, &der, rule, decoded);
}

static BIGNUM *
number(unsigned long value)
{
	BIGNUM *n = BN_new();

	assert_int_equal(BN_set_word(n, value), 1);
	return n;
}

static BIGNUM *
prime(int bits)
{
	BIGNUM *p = BN_new();

	assert_int_equal(BN_generate_prime_ex(p, bits, 0, NULL, NULL, NULL), 1);
	assert_int_equal(BN_set_bit(p, bits - 1), 1);
	return p;
}

static BIGNUM *
product(const BIGNUM *a, const BIGNUM *b)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *n = BN_new();

	assert_int_equal(BN_mul(n, a, b, ctx), 1);
	BN_CTX_free(ctx);
	return n;
}

/* ---- tests ---- */

static void
good_keys_pass(void **state)
{
	(void)state;
	for (const char *const *name = mca_key_algorithms(); *name != NULL;
	     name++) {
		owned(mca_key) *key = NULL;
		scoped(mca_findings) found = { 0 };

		if (strcmp(*name, "rsa-4096") == 0)
			continue;
		assert_int_equal(mca_key_generate(&key, *name, &err), MCA_OK);
		mca_weak_check(&found, mca_key_spki(key), MCA_WEAK_ANY);
		CHECK(found.count == 0, "%s: %s", *name, found.rows[0].detail);
	}
}

static void
rsa_numbers_are_looked_at_first(void **state)
{
	owned(BIGNUM) *good = BN_new(), *large = BN_new(), *one = number(1);
	owned(BIGNUM) *zero = number(0), *e = number(65537), *two = number(2);
	owned(BIGNUM) *three = number(3), *even = BN_new(), *minus = number(5);
	owned(BIGNUM) *odd_size = BN_new(), *longer = BN_new();

	(void)state;
	assert_int_equal(BN_rand(good, 2048, 1, 1), 1);
	assert_int_equal(BN_rand(odd_size, 2052, 1, 1), 1);
	assert_int_equal(BN_rand(longer, 2100, 1, 1), 1);
	assert_non_null(BN_copy(even, good));
	assert_int_equal(BN_clear_bit(even, 0), 1);
	BN_set_negative(minus, 1);
	expect_rsa("modulus zero", zero, e, "MC-K-RSA-MODULUS", false);
	expect_rsa("modulus one", one, e, "MC-K-RSA-MODULUS", false);
	expect_rsa("a negative modulus", minus, e, "MC-K-RSA-MODULUS", false);
	expect_rsa("an even modulus", even, e, "MC-K-RSA-MODULUS", false);
	expect_rsa("e over n", good, longer, "MC-K-RSA-MODULUS", false);
	expect_rsa("e is n", good, good, "MC-K-RSA-MODULUS", false);
	expect_rsa("exponent 0", good, zero, "MC-K-RSA-EXPONENT", false);
	expect_rsa("exponent 1", good, one, "MC-K-RSA-EXPONENT", false);
	expect_rsa("exponent -5", good, minus, "MC-K-RSA-EXPONENT", false);
	expect_rsa("exponent 2", good, two, "MC-K-RSA-EXPONENT", false);
	expect_rsa("exponent 3", good, three, "MC-K-RSA-EXPONENT-SMALL", true);
	expect_rsa("2052 bits", odd_size, e, "MC-K-RSA-SIZE", true);
	assert_int_equal(BN_rand(large, 1024, 1, 1), 1);
	expect_rsa("1024 bits", large, e, "MC-K-RSA-SIZE", true);
}

/* None of it may cost more than reading it. */
static void
huge_keys_are_not_computed_with(void **state)
{
	owned(BIGNUM) *n = BN_new(), *e = number(65537);
	clock_t start = clock();

	(void)state;
	for (int bits = 16384; bits <= 262144; bits *= 4) {
		assert_int_equal(BN_rand(n, bits, 1, 1), 1);
		expect_rsa("a huge modulus", n, e, "MC-K-RSA-LIMIT", false);
		expect_rsa("a huge exponent", n, n, "MC-K-RSA-LIMIT", false);
	}
	assert_true(clock() - start < CLOCKS_PER_SEC);
}

static void
primes_that_can_be_found_are(void **state)
{
	owned(BIGNUM) *e = number(65537), *p = prime(1024), *q = BN_new();
	owned(BIGNUM) *small = number(65521), *rest = prime(2033);
	owned(BIGNUM) *square = product(p, p), *whole = prime(2048);
	owned(BIGNUM) *near = NULL, *factor = product(small, rest);
	BN_CTX *ctx = BN_CTX_new();

	(void)state;
	assert_non_null(BN_copy(q, p));
	do
		assert_int_equal(BN_add_word(q, 2), 1);
	while (BN_check_prime(q, ctx, NULL) != 1);
	BN_CTX_free(ctx);
	near = product(p, q);
	expect_rsa("a small factor", factor, e, "MC-K-RSA-FACTOR", true);
	expect_rsa("a prime", whole, e, "MC-K-RSA-PRIME", true);
	expect_rsa("a square", square, e, "MC-K-RSA-FERMAT", true);
	expect_rsa("neighbours", near, e, "MC-K-RSA-FERMAT", true);
}

/* What is known to be kept is not asked again, and nothing else is known. */
static void
a_key_is_asked_as_often_as_one_likes(void **state)
{
	static const struct {
		const char *why;
		unsigned kinds;
		bool found;
	} rows[] = {
		{ "no rule that is broken", MCA_WEAK_UNSAFE, false },
		{ "all but the costly ones", MCA_WEAK_BROKEN, false },
		{ "the costly ones", MCA_WEAK_BROKEN | MCA_WEAK_COSTLY, true },
		{ "the same again", MCA_WEAK_BROKEN | MCA_WEAK_COSTLY, true },
		{ "all", MCA_WEAK_ANY, true },
		{ "less again", MCA_WEAK_BROKEN, false },
	};
	owned(BIGNUM) *e = number(65537), *n = prime(2048);
	scoped(bytes) der = { 0 };
	owned(mca_spki) *spki = NULL;

	(void)state;
	rsa_spki(&der, n, e);
	assert_int_equal(mca_spki_parse(&spki, der.at, der.length, &err),
	    MCA_OK);
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_findings) found = { 0 };

		mca_weak_check(&found, spki, rows[i].kinds);
		CHECK(mca_findings_has(&found, "MC-K-RSA-PRIME") ==
			rows[i].found,
		    "%s", rows[i].why);
	}
}

/* `detail` is NULL where `factor` is none that is told. */
static void
expect_factor(unsigned long factor, const BIGNUM *rest, const char *detail)
{
	owned(BIGNUM) *e = number(65537), *small = number(factor);
	owned(BIGNUM) *n = product(small, rest);
	scoped(bytes) der = { 0 };
	scoped(mca_findings) found = { 0 };
	owned(mca_spki) *spki = NULL;
	const char *told = NULL;

	rsa_spki(&der, n, e);
	assert_int_equal(mca_spki_parse(&spki, der.at, der.length, &err),
	    MCA_OK);
	mca_weak_check(&found, spki, MCA_WEAK_ANY);
	for (size_t f = 0; f < found.count; f++)
		if (strcmp(found.rows[f].rule, "MC-K-RSA-FACTOR") == 0)
			told = found.rows[f].detail;
	CHECK(detail == NULL ? told == NULL
			     : told != NULL && strcmp(told, detail) == 0,
	    "%lu: %s", factor, told == NULL ? "no" : told);
}

static void
small_factors_are_named(void **state)
{
	static const struct {
		unsigned long factor;
		const char *detail; /* NULL: it is not small */
	} rows[] = {
		{ 3, "3 divides the modulus" },
		{ 5, "5 divides the modulus" },
		{ 257, "257 divides the modulus" },
		{ 32749, "32749 divides the modulus" },
		{ 65519, "65519 divides the modulus" },
		{ 65521, "65521 divides the modulus" },
		{ 65537, NULL },
	};
	owned(BIGNUM) *rest = prime(1024);

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_factor(rows[i].factor, rest, rows[i].detail);
}

/* Every 40th of the 6541, which libcrypto says are prime, by a short rest. */
static void
no_small_prime_is_left_out(void **state)
{
	owned(BIGNUM) *rest = prime(496);
	size_t count = 0;

	(void)state;
	for (unsigned long p = 3; p < 65536; p += 2) {
		owned(BIGNUM) *n = number(p);
		char detail[40];

		if (BN_check_prime(n, NULL, NULL) != 1 || count++ % 40 != 0)
			continue;
		(void)snprintf(detail, sizeof(detail),
		    "%lu divides the modulus", p);
		expect_factor(p, rest, detail);
	}
	assert_int_equal(count, 6541);
}

/* p + q = 2a, with a `rounds` above the root of n: the last round that counts.
 */
static void
fermat_is_tried_for_110_rounds(void **state)
{
	static const struct {
		const char *why;
		unsigned long rounds;
		bool found;
	} rows[] = {
		{ "round 2", 2, true },
		{ "round 31", 31, true },
		{ "round 64", 64, true },
		{ "round 100", 100, true },
		{ "round 110", 110, true },
		{ "round 112", 112, false },
	};
	BN_CTX *ctx = BN_CTX_new();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(BIGNUM) *a = BN_new(), *b = BN_new(), *n = BN_new();
		owned(BIGNUM) *square = BN_new();
		scoped(bytes) der = { 0 };
		scoped(mca_findings) found = { 0 };
		owned(mca_spki) *spki = NULL;
		owned(BIGNUM) *e = number(65537);
		BIGNUM *twice = BN_new();

		/* a - root(n) is b^2 / 2a: b is about root(2 a rounds). */
		assert_int_equal(BN_rand(a, 1024, 1, 0), 1);
		assert_int_equal(BN_lshift1(twice, a), 1);
		assert_int_equal(BN_mul_word(twice, rows[i].rounds - 1), 1);
		assert_int_equal(BN_set_bit(b, BN_num_bits(twice) / 2), 1);
		for (int k = 0; k < 600; k++) {
			assert_int_equal(BN_div(square, NULL, twice, b, ctx),
			    1);
			assert_int_equal(BN_add(b, b, square), 1);
			assert_int_equal(BN_rshift1(b, b), 1);
		}
		assert_int_equal(BN_sub_word(b, 1), 1);
		if (BN_is_odd(a) == BN_is_odd(b))
			assert_int_equal(BN_sub_word(b, 1), 1);
		assert_int_equal(BN_sqr(n, a, ctx), 1);
		assert_int_equal(BN_sqr(square, b, ctx), 1);
		assert_int_equal(BN_sub(n, n, square), 1);
		BN_free(twice);
		rsa_spki(&der, n, e);
		assert_int_equal(mca_spki_parse(&spki, der.at, der.length,
				     &err),
		    MCA_OK);
		mca_weak_check(&found, spki, MCA_WEAK_ANY);
		CHECK(mca_findings_has(&found, "MC-K-RSA-FERMAT") ==
			rows[i].found,
		    "%s", rows[i].why);
	}
	BN_CTX_free(ctx);
}

static void
a_small_private_exponent_is_found(void **state)
{
	owned(BIGNUM) *p = prime(1024), *q = prime(1024), *n = product(p, q);
	owned(BIGNUM) *phi = NULL, *e = BN_new(), *d = NULL;
	BN_CTX *ctx = BN_CTX_new();

	(void)state;
	assert_int_equal(BN_sub_word(p, 1), 1);
	assert_int_equal(BN_sub_word(q, 1), 1);
	phi = product(p, q);
	do {
		BN_free(d);
		d = prime(500);
	} while (BN_mod_inverse(e, d, phi, ctx) == NULL);
	BN_CTX_free(ctx);
	expect_rsa("500 bits of 2048", n, e, "MC-K-RSA-WIENER", false);
}

static void
patterns_are_seen(void **state)
{
	owned(BIGNUM) *n = BN_new(), *e = number(65537);

	(void)state;
	assert_int_equal(BN_set_bit(n, 2047), 1);
	assert_int_equal(BN_set_bit(n, 1000), 1);
	assert_int_equal(BN_set_bit(n, 0), 1);
	expect_rsa("three bits", n, e, "MC-K-RSA-PATTERN", true);
	assert_int_equal(BN_rand(n, 2048, 1, 1), 1);
	for (int bit = 256; bit < 256 + 272; bit++)
		assert_int_equal(BN_set_bit(n, bit), 1);
	expect_rsa("a run of ones", n, e, "MC-K-RSA-PATTERN", true);
}

/* n = 65537^c modulo the product of the primes to 167, and odd. */
static void
roca_is_recognized(void **state)
{
	owned(BIGNUM) *n = BN_new(), *m = number(1), *base = number(65537);
	owned(BIGNUM) *c = number(123456789), *k = BN_new();
	BN_CTX *ctx = BN_CTX_new();

	(void)state;
	for (unsigned p = 3; p <= 167; p += 2) {
		bool composite = false;

		for (unsigned q = 3; q * q <= p; q += 2)
			composite = composite || p % q == 0;
		if (!composite)
			assert_int_equal(BN_mul_word(m, p), 1);
	}
	assert_int_equal(BN_mod_exp(n, base, c, m, ctx), 1);
	assert_int_equal(BN_rand(k, 2048 - BN_num_bits(m), 1, 0), 1);
	assert_int_equal(BN_mul(k, k, m, ctx), 1);
	assert_int_equal(BN_add(n, n, k), 1);
	if (!BN_is_odd(n))
		assert_int_equal(BN_add(n, n, m), 1);
	BN_CTX_free(ctx);
	expect_rsa("ROCA", n, base, "MC-K-RSA-ROCA", true);
}

static void
frames_are_looked_at(void **state)
{
	static const struct {
		const char *why, *algorithm;
		size_t length;
		const char *bits;
		size_t bits_length;
		const char *rule;
		bool decoded;
	} rows[] = {
#define ALGORITHM(text) text, sizeof(text) - 1
#define BITS(text) text, sizeof(text) - 1
		{ "RSA without parameters", ALGORITHM(RSA_OID),
		    BITS("\x30\x06\x02\x01\x0f\x02\x01\x03"), "MC-K-PARAMETERS",
		    true },
		{ "RSA that is no sequence", ALGORITHM(RSA_OID NIL),
		    BITS("\x04\x01\x00"), "MC-K-FORM", false },
		{ "RSA of one number", ALGORITHM(RSA_OID NIL),
		    BITS("\x30\x03\x02\x01\x0f"), "MC-K-FORM", false },
		{ "RSA with three numbers", ALGORITHM(RSA_OID NIL),
		    BITS("\x30\x09\x02\x01\x0f\x02\x01\x03\x02\x01\x03"),
		    "MC-K-FORM", false },
		{ "RSA with something behind", ALGORITHM(RSA_OID NIL),
		    BITS("\x30\x06\x02\x01\x0f\x02\x01\x03\x00"), "MC-K-FORM",
		    false },
		{ "EC with a curve spelt out", ALGORITHM(EC_OID "\x30\x00"),
		    BITS("\x04\x01\x02"), "MC-K-CURVE", false },
		{ "EC without a curve", ALGORITHM(EC_OID), BITS("\x04\x01\x02"),
		    "MC-K-CURVE", false },
		{ "EC with the issuer's curve", ALGORITHM(EC_OID NIL),
		    BITS("\x04\x01\x02"), "MC-K-CURVE", false },
		{ "EC on a curve of nobody's", ALGORITHM(EC_OID NO_OID),
		    BITS("\x04\x01\x02"), "MC-K-CURVE-UNKNOWN", false },
		{ "infinity", ALGORITHM(EC_OID P256_OID), BITS("\x00"),
		    "MC-K-POINT", false },
		{ "infinity and more", ALGORITHM(EC_OID P256_OID),
		    BITS("\x00\x00"), "MC-K-POINT-FORM", false },
		{ "no point", ALGORITHM(EC_OID P256_OID), "", 0,
		    "MC-K-POINT-FORM", false },
		{ "a short point", ALGORITHM(EC_OID P256_OID),
		    BITS("\x04\x01\x02"), "MC-K-POINT-FORM", false },
		{ "Ed25519 with parameters", ALGORITHM(ED25519_OID NIL),
		    BITS("12345678901234567890123456789012"), "MC-K-PARAMETERS",
		    false },
		{ "a short Ed25519 key", ALGORITHM(ED25519_OID),
		    BITS("1234567890123456789012345678901"), "MC-K-POINT-ORDER",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(bytes) der = { 0 };
		owned(mca_spki) *spki = NULL;

		make_spki(&der, rows[i].algorithm, rows[i].length, rows[i].bits,
		    rows[i].bits_length);
		/* libcrypto may refuse what these rules would let it see. */
		if (strcmp(rows[i].rule, "MC-K-PARAMETERS") == 0 &&
		    mca_spki_parse(&spki, der.at, der.length, &err) != MCA_OK)
			continue;
		expect(rows[i].why, &der, rows[i].rule, rows[i].decoded);
	}
}

/* A good point of P-256, to be spoilt. */
static void
good_point(uint8_t out[65], point_conversion_form_t form, size_t length)
{
	owned(EVP_PKEY) *key = EVP_EC_gen("P-256");
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = EC_POINT_new(group);
	unsigned char octets[65];
	size_t got;

	assert_int_equal(EVP_PKEY_get_octet_string_param(key, "pub", octets,
			     sizeof(octets), &got),
	    1);
	assert_int_equal(EC_POINT_oct2point(group, point, octets, got, NULL),
	    1);
	assert_int_equal(EC_POINT_point2oct(group, point, form, out, length,
			     NULL),
	    length);
	EC_POINT_free(point);
	EC_GROUP_free(group);
}

static void
points_are_looked_at(void **state)
{
	static const struct {
		const char *why;
		point_conversion_form_t form;
		size_t length;
		bool spoil;
		const char *rule;
	} rows[] = {
		{ "a good point", POINT_CONVERSION_UNCOMPRESSED, 65, false,
		    NULL },
		{ "off the curve", POINT_CONVERSION_UNCOMPRESSED, 65, true,
		    "MC-K-POINT" },
		{ "compressed", POINT_CONVERSION_COMPRESSED, 33, false,
		    "MC-K-POINT-FORM" },
		{ "hybrid", POINT_CONVERSION_HYBRID, 65, false,
		    "MC-K-POINT-FORM" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(bytes) der = { 0 };
		uint8_t point[65];

		good_point(point, rows[i].form, rows[i].length);
		if (rows[i].spoil)
			point[64] ^= 1;
		make_spki(&der, EC_OID P256_OID, sizeof(EC_OID P256_OID) - 1,
		    point, rows[i].length);
		expect(rows[i].why, &der, rows[i].rule, rows[i].rule == NULL);
	}
}

static void
points_of_small_order_are_known(void **state)
{
	static const struct {
		const char *why;
		uint8_t first, rest, last;
	} rows[] = {
		{ "y = 0", 0, 0, 0 },
		{ "y = 0, the other sign", 0, 0, 0x80 },
		{ "y = 1", 1, 0, 0 },
		{ "y = -1", 0xec, 0xff, 0x7f },
		{ "y = p", 0xed, 0xff, 0x7f },
		{ "y = p + 1, the other sign", 0xee, 0xff, 0xff },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(bytes) der = { 0 };
		uint8_t y[32];

		memset(y, rows[i].rest, sizeof(y));
		y[0] = rows[i].first;
		y[31] = rows[i].last;
		make_spki(&der, ED25519_OID, sizeof(ED25519_OID) - 1, y,
		    sizeof(y));
		expect(rows[i].why, &der, "MC-K-POINT-ORDER", false);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_keys_pass),
		cmocka_unit_test(rsa_numbers_are_looked_at_first),
		cmocka_unit_test(huge_keys_are_not_computed_with),
		cmocka_unit_test(primes_that_can_be_found_are),
		cmocka_unit_test(a_key_is_asked_as_often_as_one_likes),
		cmocka_unit_test(small_factors_are_named),
		cmocka_unit_test(no_small_prime_is_left_out),
		cmocka_unit_test(fermat_is_tried_for_110_rounds),
		cmocka_unit_test(a_small_private_exponent_is_found),
		cmocka_unit_test(patterns_are_seen),
		cmocka_unit_test(roca_is_recognized),
		cmocka_unit_test(frames_are_looked_at),
		cmocka_unit_test(points_are_looked_at),
		cmocka_unit_test(points_of_small_order_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
