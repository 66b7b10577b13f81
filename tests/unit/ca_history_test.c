/* ca_history_test.c - two keys of one batch that share a prime. */
#include "world.h"

#include "minica/owned.h"
#include "minica/pem.h"
#include "ossl.h"

#include <openssl/param_build.h>
#include <openssl/rsa.h>

/* The key of two primes, as a private key that can sign. */
static mca_key *
key_of(const BIGNUM *p, const BIGNUM *q)
{
	static const char *const names[] = { "n", "d", "rsa-factor1",
		"rsa-factor2", "rsa-exponent1", "rsa-exponent2",
		"rsa-coefficient1" };
	BN_CTX *bn = BN_CTX_new();
	BIGNUM *p1 = BN_dup(p), *q1 = BN_dup(q), *e = BN_new(), *phi = BN_new();
	BIGNUM *numbers[7];
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	scoped(mca_blob) pem = { 0 };
	OSSL_PARAM *params;
	EVP_PKEY *pkey = NULL;
	unsigned char *der = NULL;
	mca_key *key = NULL;
	int length;

	for (size_t i = 0; i < 7; i++)
		numbers[i] = BN_new();
	assert_true(BN_set_word(e, 65537) == 1 && BN_sub_word(p1, 1) == 1 &&
	    BN_sub_word(q1, 1) == 1 && BN_mul(phi, p1, q1, bn) == 1 &&
	    BN_mul(numbers[0], p, q, bn) == 1 &&
	    BN_mod_inverse(numbers[1], e, phi, bn) != NULL &&
	    BN_copy(numbers[2], p) != NULL && BN_copy(numbers[3], q) != NULL &&
	    BN_mod(numbers[4], numbers[1], p1, bn) == 1 &&
	    BN_mod(numbers[5], numbers[1], q1, bn) == 1 &&
	    BN_mod_inverse(numbers[6], q, p, bn) != NULL);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(build, "e", e), 1);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(OSSL_PARAM_BLD_push_BN(build, names[i],
				     numbers[i]),
		    1);
	params = OSSL_PARAM_BLD_to_param(build);
	assert_true(EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) == 1);
	length = i2d_PrivateKey(pkey, &der);
	assert_int_equal(mca_pem_encode(&pem, "RSA PRIVATE KEY", der,
			     (size_t)length, &err),
	    MCA_OK);
	CHECK(mca_key_parse(&key, &pem, NULL, &err) == MCA_OK, "%s", err.text);
	OPENSSL_free(der);
	EVP_PKEY_free(pkey);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	for (size_t i = 0; i < 7; i++)
		BN_free(numbers[i]);
	BN_free(p1);
	BN_free(q1);
	BN_free(e);
	BN_free(phi);
	BN_CTX_free(bn);
	return key;
}

static mca_csr *
request_of(const mca_key *key, const char *name)
{
	owned(mca_name) *nobody = NULL;
	owned(mca_san) *san = NULL;
	mca_csr *csr = NULL;

	assert_int_equal(mca_name_new(&nobody, NULL, 0, &err), MCA_OK);
	assert_int_equal(mca_san_new(&san, &name, 1, &err), MCA_OK);
	CHECK(mca_csr_new(&csr, key, nobody, san, &err) == MCA_OK, "%s",
	    err.text);
	return csr;
}

static void
a_shared_prime_is_seen_within_a_batch_and_after(void **state)
{
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { 0 };
	BIGNUM *primes[3];
	mca_key *keys[2];
	mca_csr *csrs[2];
	struct mca_job jobs[2] = { 0 };
	struct mca_job later = { 0 };
	mca_cert *root = NULL;
	struct world world;

	(void)state;
	begin(&world);
	CHECK(mca_ca_init_root(world.ca, &root, NULL, &what, &err) == MCA_OK,
	    "%s", err.text);
	mca_cert_free(root);
	for (size_t i = 0; i < 3; i++) {
		primes[i] = BN_new();
		do
			assert_int_equal(BN_generate_prime_ex(primes[i], 1024,
					     0, NULL, NULL, NULL),
			    1);
		while (BN_mod_word(primes[i], 65537) == 1);
	}
	keys[0] = key_of(primes[0], primes[1]);
	keys[1] = key_of(primes[0], primes[2]);
	jobs[0].csr = csrs[0] = request_of(keys[0], "a.example.org");
	jobs[1].csr = csrs[1] = request_of(keys[1], "b.example.org");
	CHECK(mca_ca_sign(world.ca, &how, jobs, 2, &err) == MCA_OK, "%s",
	    err.text);
	assert_int_equal(jobs[0].code, MCA_OK);
	assert_non_null(jobs[0].cert);
	assert_int_equal(jobs[1].code, MCA_EPOLICY);
	assert_null(jobs[1].cert);
	assert_int_equal(jobs[1].output.length, 0);
	assert_true(
	    mca_findings_has(&jobs[1].review.findings, "MC-K-RSA-SHARED"));

	/* Alone, it is refused before anything is signed. */
	later.csr = csrs[1];
	assert_int_equal(mca_ca_rehearse(world.ca, &how, &later, &err), MCA_OK);
	assert_int_equal(later.code, MCA_EPOLICY);
	assert_true(
	    mca_findings_has(&later.review.findings, "MC-K-RSA-SHARED"));
	assert_null(later.cert);

	mca_job_clear(&later);
	for (size_t i = 0; i < 2; i++) {
		mca_job_clear(&jobs[i]);
		mca_csr_free(csrs[i]);
		mca_key_free(keys[i]);
	}
	for (size_t i = 0; i < 3; i++)
		BN_free(primes[i]);
	end(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_shared_prime_is_seen_within_a_batch_and_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
