/* review_key_test.c - keys, and the signatures that prove them. */
#include "asked.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

static EVP_PKEY *
rsa_key(unsigned bits, unsigned long exponent)
{
	owned(EVP_PKEY_CTX) *ctx =
	    EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	owned(BIGNUM) *e = BN_new();
	EVP_PKEY *key = NULL;

	assert_int_equal(BN_set_word(e, exponent), 1);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_true(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) > 0);
	assert_true(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) > 0);
	assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
	return key;
}

static void
keys_and_signatures_must_be_fit(void **state)
{
	static const struct {
		const char *why;
		unsigned bits;
		unsigned long exponent;
		bool sha1;
		const char *rule;
	} rows[] = {
		{ "RSA of 2048 bits", 2048, 65537, false, NULL },
		{ "RSA of 1024 bits", 1024, 65537, false, "MC-P-KEY" },
		{ "RSA of 2052 bits", 2052, 65537, false, "MC-P-KEY" },
		{ "an exponent of 3", 2048, 3, false,
		    "MC-K-RSA-EXPONENT-SMALL" },
		{ "SHA-1", 2048, 65537, true, "MC-R-SIGNATURE" },
	};
	const struct request request = { NULL, NULL, SAN("DNS:a.b") };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(EVP_PKEY) *key = rsa_key(rows[i].bits, rows[i].exponent);
		owned(mca_csr) *csr = make_with(&request, key,
		    rows[i].sha1 ? EVP_sha1() : EVP_sha256());
		scoped(mca_review) r = { 0 };

		review_as(&r, "server", csr, 0, INT64_MAX);
		CHECK(refused(&r) == (rows[i].rule != NULL), "%s", rows[i].why);
		if (rows[i].rule != NULL)
			CHECK(mca_findings_has(&r.findings, rows[i].rule),
			    "%s: no %s", rows[i].why, rows[i].rule);
		else
			assert_string_equal(find_row(&r, "keyUsage", "")
						->written,
			    "digitalSignature, keyEncipherment");
	}
}

static void
ed25519_needs_no_digest(void **state)
{
	const struct request request = { NULL, NULL, SAN("DNS:a.b") };
	owned(EVP_PKEY) *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	owned(mca_csr) *csr = make_with(&request, key, NULL);
	scoped(mca_review) r = { 0 };

	(void)state;
	review_as(&r, "server", csr, 0, INT64_MAX);
	assert_false(refused(&r));
}

static void
a_curve_has_a_name(void **state)
{
	const struct request request = { NULL, NULL, SAN("DNS:a.b") };
	owned(EVP_PKEY) *key = EVP_EC_gen("P-256");
	owned(mca_csr) *csr = NULL;
	scoped(mca_review) r = { 0 };

	(void)state;
	assert_int_equal(EVP_PKEY_set_utf8_string_param(key,
			     OSSL_PKEY_PARAM_EC_ENCODING, "explicit"),
	    1);
	csr = make_with(&request, key, EVP_sha256());
	review_as(&r, "server", csr, 0, INT64_MAX);
	assert_true(mca_findings_has(&r.findings, "MC-K-CURVE"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_signatures_must_be_fit),
		cmocka_unit_test(ed25519_needs_no_digest),
		cmocka_unit_test(a_curve_has_a_name),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
