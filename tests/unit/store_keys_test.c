/* store_keys_test.c - keys, names and primes that were there before. */
#include "made.h"

#include "stored.h"

#include "minica/owned.h"

#include <openssl/param_build.h>

/* More than 64: products of one, of eight and of sixty-four. */
enum { MODULI = 75 };

static EVP_PKEY *
rsa_of(const BIGNUM *n)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;

	made_require(OSSL_PARAM_BLD_push_BN(build, "n", n) == 1);
	made_require(OSSL_PARAM_BLD_push_uint(build, "e", 65537) == 1);
	params = OSSL_PARAM_BLD_to_param(build);
	made_require(EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) == 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* A certificate for a key of which only the public half is there. */
static mca_cert *
cert_of(EVP_PKEY *key, unsigned serial)
{
	char hex[16];
	const struct made what = { .serial = hex,
		.common_name = "a.example.org",
		.san = "DNS:a.example.org",
		.not_before = NOW - 100,
		.not_after = NOW + 100 };
	EVP_PKEY *signer = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	mca_cert *cert;

	(void)snprintf(hex, sizeof(hex), "%08x", 0x10000000 + serial);
	cert = made_cert_by(&what, key, signer);
	EVP_PKEY_free(signer);
	return cert;
}

static void
add(mca_store *store, const BIGNUM *n, unsigned serial)
{
	EVP_PKEY *key = rsa_of(n);
	owned(mca_cert) *cert = cert_of(key, serial);
	int64_t row;

	CHECK(mca_store_add(store, &row, cert, MCA_ORIGIN_IMPORTED, NULL, NULL,
		  NOW, &err) == MCA_OK,
	    "%s", err.text);
	EVP_PKEY_free(key);
}

static void
record(mca_store *store, const BIGNUM *n, unsigned serial)
{
	assert_int_equal(mca_store_begin(store, &err), MCA_OK);
	add(store, n, serial);
	assert_int_equal(mca_store_commit(store, &err), MCA_OK);
}

static mca_code
keep_serial(void *context, const struct mca_record *row,
    struct mca_error *error)
{
	(void)error;
	(void)snprintf(context, 80, "%s", row->serial);
	return MCA_OK;
}

/* The serial of a certificate that shares a prime with `n`, or "". */
static void
ask(mca_store *store, const BIGNUM *n, int64_t since, char serial[80])
{
	EVP_PKEY *key = rsa_of(n);
	owned(mca_cert) *cert = cert_of(key, 0xfff);

	serial[0] = '\0';
	CHECK(mca_store_sharing(store, mca_cert_spki(cert), since, keep_serial,
		  serial, &err) == MCA_OK,
	    "%s", err.text);
	EVP_PKEY_free(key);
}

static BIGNUM *
prime(void)
{
	BIGNUM *p = BN_new();

	made_require(BN_generate_prime_ex(p, 512, 0, NULL, NULL, NULL) == 1);
	return p;
}

static BIGNUM *
product(const BIGNUM *a, const BIGNUM *b)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *n = BN_new();

	made_require(BN_mul(n, a, b, ctx) == 1);
	BN_CTX_free(ctx);
	return n;
}

/* Primes stand for moduli here: the sums are the same, and they share none. */
static void
a_shared_prime_is_found_wherever_it_is(void **state)
{
	struct place place;
	mca_store *store;
	BIGNUM *moduli[MODULI], *q = prime(), *other = prime();
	BIGNUM *alone = product(q, other);
	char serial[80], wanted[80];

	(void)state;
	place_make(&place);
	assert_int_equal(mca_store_open(&store, place.path, MCA_STORE_CREATE,
			     NOW, &err),
	    MCA_OK);
	for (unsigned i = 0; i < MODULI; i++) {
		moduli[i] = prime();
		record(store, moduli[i], i);
	}
	record(store, moduli[3], MODULI); /* the same key once more */
	assert_int_equal(raw_number(&place, "SELECT count(*) FROM rsa_product"),
	    1 + 1 + 3);
	assert_int_equal(raw_number(&place,
			     "SELECT max(level) FROM rsa_product"),
	    2);
	ask(store, alone, 0, serial);
	assert_string_equal(serial, "");
	for (unsigned i = 0; i < MODULI; i += 7) {
		BIGNUM *n = product(moduli[i], q);

		ask(store, n, 0, serial);
		(void)snprintf(wanted, sizeof(wanted), "%08x", 0x10000000 + i);
		assert_string_equal(serial, wanted);
		BN_free(n);
	}
	/* Both primes are there, in two keys. */
	BN_free(alone);
	alone = product(moduli[10], moduli[70]);
	ask(store, alone, 0, serial);
	assert_string_not_equal(serial, "");
	/* What is older than `since` and in a product of its own is passed. */
	BN_free(alone);
	alone = product(moduli[10], q);
	ask(store, alone, 72, serial);
	assert_string_equal(serial, "");
	BN_free(alone);
	alone = product(moduli[74], q);
	ask(store, alone, 72, serial);
	assert_string_equal(serial, "1000004a");

	BN_free(alone);
	BN_free(q);
	BN_free(other);
	for (unsigned i = 0; i < MODULI; i++)
		BN_free(moduli[i]);
	mca_store_close(store);
	place_remove(&place);
}

/* Products of 2052 bits and more, so that digits and moduli do not line up. */
static void
sizes_need_not_agree(void **state)
{
	struct place place;
	mca_store *store;
	BIGNUM *p = prime(), *a = BN_new(), *b = BN_new(), *n, *m;
	char serial[80];

	(void)state;
	made_require(BN_generate_prime_ex(a, 700, 0, NULL, NULL, NULL) == 1 &&
	    BN_generate_prime_ex(b, 131, 0, NULL, NULL, NULL) == 1);
	place_make(&place);
	assert_int_equal(mca_store_open(&store, place.path, MCA_STORE_CREATE,
			     NOW, &err),
	    MCA_OK);
	n = product(p, a);
	m = product(p, b);
	record(store, n, 1);
	ask(store, m, 0, serial);
	assert_string_equal(serial, "10000001");
	record(store, m, 2);
	ask(store, a, 0, serial);
	assert_string_equal(serial, "10000001");
	BN_free(p);
	BN_free(a);
	BN_free(b);
	BN_free(n);
	BN_free(m);
	mca_store_close(store);
	place_remove(&place);
}

/* More than 512, so that there is a product with pairs; odd numbers will do. */
enum { MANY = 600 };

static void
the_largest_products_are_asked_either_way(void **state)
{
	struct place place;
	mca_store *store;
	BIGNUM *p = prime(), *q = prime(), *other = prime(), *n;
	BIGNUM *alone = product(p, q), *many = BN_new();
	char serial[80];

	(void)state;
	place_make(&place);
	assert_int_equal(mca_store_open(&store, place.path, MCA_STORE_CREATE,
			     NOW, &err),
	    MCA_OK);
	assert_int_equal(mca_store_begin(store, &err), MCA_OK);
	made_require(BN_set_bit(many, 1200) == 1 && BN_add_word(many, 1) == 1);
	for (unsigned i = 0; i < MANY; i++) {
		n = i == 500 ? product(p, other) : BN_dup(many);
		add(store, n, i);
		made_require(BN_add_word(many, 2) == 1);
		BN_free(n);
	}
	assert_int_equal(mca_store_commit(store, &err), MCA_OK);
	assert_int_equal(raw_number(&place,
			     "SELECT count(*) FROM rsa_product WHERE level = 3 "
			     "AND length(pairs) > 500"),
	    1);
	for (int without = 0; without < 2; without++) {
		ask(store, alone, 0, serial);
		assert_string_equal(serial, "100001f4");
		ask(store, q, 0, serial);
		assert_string_equal(serial, "");
		raw(&place, "UPDATE rsa_product SET pairs = NULL");
	}
	BN_free(p);
	BN_free(q);
	BN_free(other);
	BN_free(alone);
	BN_free(many);
	mca_store_close(store);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shared_prime_is_found_wherever_it_is),
		cmocka_unit_test(sizes_need_not_agree),
		cmocka_unit_test(the_largest_products_are_asked_either_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
