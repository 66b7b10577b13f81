/* key_test.c - keys are made by name, kept in PKCS #8, and come back. */
#include "rows.h"

#include "minica/file.h"
#include "minica/key.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/pem.h"
#include "minica/text.h"
#include "minica/x509.h"
#include "object.h"
#include "place.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static struct mca_error err;

static int
say(void *context, char *out, size_t size, struct mca_error *ignored)
{
	const char *words = context;

	(void)ignored;
	assert_true(strlen(words) <= size);
	memcpy(out, words, strlen(words));
	return (int)strlen(words);
}

static void
every_algorithm_comes_back_from_its_file(void **state)
{
	static const char *const algorithms[] = { "ec-p256", "ec-p384",
		"ec-p521", "ed25519", "rsa-2048" };
	struct place place;

	(void)state;
	place_make(&place);
	for (size_t i = 0; i < ROWS(algorithms); i++) {
		owned(mca_key) *key = NULL;
		owned(mca_key) *back = NULL;
		scoped(mca_blob) pem = { 0 };
		const char *path = place_file(&place, algorithms[i]);

		CHECK(mca_key_generate(&key, algorithms[i], &err) == MCA_OK,
		    "%s: %s", algorithms[i], err.text);
		assert_string_equal(mca_spki_algorithm(mca_key_spki(key)),
		    algorithms[i]);
		assert_int_equal(mca_key_encode(&pem, key, NULL, &err), MCA_OK);
		assert_non_null(
		    strstr((char *)pem.bytes, "-----BEGIN PRIVATE KEY-----"));
		assert_int_equal(mca_file_save(path, pem.bytes, pem.length,
				     0600, MCA_FILE_NEW, &err),
		    MCA_OK);
		CHECK(mca_key_load(&back, path, NULL, &err) == MCA_OK, "%s",
		    err.text);
		assert_true(
		    mca_spki_equal(mca_key_spki(key), mca_key_spki(back)));
	}
	place_remove(&place);
}

static void
a_stand_in_is_of_the_same_kind_and_has_more_primes(void **state)
{
	static const struct {
		const char *algorithm;
		const char *last; /* of its primes; NULL: it has none */
		const char *none;
	} rows[] = {
		{ "ec-p256", NULL, OSSL_PKEY_PARAM_RSA_FACTOR1 },
		{ "ed25519", NULL, OSSL_PKEY_PARAM_RSA_FACTOR1 },
		{ "rsa-2048", OSSL_PKEY_PARAM_RSA_FACTOR3,
		    OSSL_PKEY_PARAM_RSA_FACTOR4 },
		{ "rsa-3072", OSSL_PKEY_PARAM_RSA_FACTOR3,
		    OSSL_PKEY_PARAM_RSA_FACTOR4 },
		{ "rsa-4096", OSSL_PKEY_PARAM_RSA_FACTOR4,
		    OSSL_PKEY_PARAM_RSA_FACTOR5 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_key) *key = NULL;
		EVP_PKEY *pkey;
		BIGNUM *prime = NULL;

		CHECK(mca_key_stand_in(&key, rows[i].algorithm, &err) == MCA_OK,
		    "%s: %s", rows[i].algorithm, err.text);
		assert_string_equal(mca_spki_algorithm(mca_key_spki(key)),
		    rows[i].algorithm);
		pkey = mca_key_get0_pkey(key);
		CHECK(EVP_PKEY_get_bn_param(pkey, rows[i].none, &prime) != 1,
		    "%s: has %s", rows[i].algorithm, rows[i].none);
		if (rows[i].last == NULL)
			continue;
		CHECK(EVP_PKEY_get_bn_param(pkey, rows[i].last, &prime) == 1,
		    "%s: has no %s", rows[i].algorithm, rows[i].last);
		BN_clear_free(prime);
	}
}

static void
a_stand_in_is_made_once(void **state)
{
	static const char *const rows[] = { "rsa-2048", "rsa-3072", "rsa-4096",
		"ec-p256", "ed25519", "rsa-pss", "ed448" };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_key) *first = NULL;
		owned(mca_key) *second = NULL;

		CHECK(mca_key_stand_in(&first, rows[i], &err) == MCA_OK &&
			mca_key_stand_in(&second, rows[i], &err) == MCA_OK,
		    "%s: %s", rows[i], err.text);
		CHECK(mca_spki_equal(mca_key_spki(first), mca_key_spki(second)),
		    "%s: the second is another key", rows[i]);
	}
}

static void
no_stand_in_is_made_of_what_there_is_not(void **state)
{
	owned(mca_key) *key = NULL;

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(mca_key_stand_in(&key, "ec-p255", &err),
		    MCA_EUSAGE);
	assert_non_null(strstr(err.text, "ec-p256"));
}

static void
a_passphrase_opens_what_it_closed(void **state)
{
	char right[] = "correct horse", wrong[] = "battery staple", none[] = "";
	const struct mca_passphrase good = { say, right };
	const struct mca_passphrase bad = { say, wrong };
	const struct mca_passphrase empty = { say, none };
	owned(mca_key) *key = NULL;
	owned(mca_key) *back = NULL;
	scoped(mca_blob) pem = { 0 };
	struct place place;

	(void)state;
	place_make(&place);
	assert_int_equal(mca_key_generate(&key, "ec-p256", &err), MCA_OK);
	assert_int_equal(mca_key_encode(&pem, key, &empty, &err), MCA_EKEY);
	assert_int_equal(mca_key_encode(&pem, key, &good, &err), MCA_OK);
	assert_non_null(
	    strstr((char *)pem.bytes, "BEGIN ENCRYPTED PRIVATE KEY"));
	const char *path = place_file(&place, "key");
	assert_int_equal(mca_file_save(path, pem.bytes, pem.length, 0600,
			     MCA_FILE_NEW, &err),
	    MCA_OK);
	assert_int_equal(mca_key_load(&back, path, NULL, &err), MCA_EKEY);
	assert_non_null(strstr(err.text, "no passphrase was given"));
	assert_int_equal(mca_key_load(&back, path, &bad, &err), MCA_EKEY);
	assert_non_null(strstr(err.text, "does not open"));
	assert_int_equal(mca_key_load(&back, path, &good, &err), MCA_OK);
	assert_true(mca_spki_equal(mca_key_spki(key), mca_key_spki(back)));
	place_remove(&place);
}

/* What asks for this much, and holds nothing; PEM. */
static void
seal(mca_blob *out, X509_ALGOR *algorithm)
{
	X509_SIG *sig = X509_SIG_new();
	X509_ALGOR *of;
	ASN1_OCTET_STRING *bytes;
	unsigned char *der = NULL;
	int length;

	assert_non_null(algorithm);
	X509_SIG_getm(sig, &of, &bytes);
	assert_int_equal(X509_ALGOR_copy(of, algorithm), 1);
	assert_int_equal(ASN1_OCTET_STRING_set(bytes,
			     (const unsigned char *)"0123456789abcdef", 16),
	    1);
	length = i2d_X509_SIG(sig, &der);
	assert_true(length > 0);
	assert_int_equal(mca_pem_encode(out, "ENCRYPTED PRIVATE KEY", der,
			     (size_t)length, &err),
	    MCA_OK);
	OPENSSL_free(der);
	X509_SIG_free(sig);
	X509_ALGOR_free(algorithm);
}

static X509_ALGOR *
pbkdf2(int rounds)
{
	return PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), rounds, NULL, 16, NULL,
	    NID_hmacWithSHA256);
}

static void
work_is_bounded_before_a_passphrase_is_used(void **state)
{
	unsigned char salt[16] = { 0 };
	char words[] = "correct horse";
	const struct mca_passphrase passphrase = { say, words };
	struct {
		const char *why;
		X509_ALGOR *algorithm;
		mca_code code;
		const char *says;
	} rows[] = {
		{ "an hour of PBKDF2", pbkdf2(INT32_MAX), MCA_EFORMAT,
		    "more than 10000000" },
		{ "one round too many", pbkdf2(MCA_LIMIT_KEY_ITERATIONS + 1),
		    MCA_EFORMAT, "key_iterations" },
		{ "a minute of scrypt",
		    PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, sizeof(salt),
			NULL, 8192, 8, 8192),
		    MCA_EFORMAT, "key_iterations" },
		{ "a form of PKCS #12",
		    PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
			INT32_MAX, salt, 8),
		    MCA_EFORMAT, "key_iterations" },
		{ "what is usual is tried", pbkdf2(1000), MCA_EKEY,
		    "does not open" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_blob) pem = { 0 };
		owned(mca_key) *key = NULL;
		mca_code code;

		seal(&pem, rows[i].algorithm);
		code = mca_key_parse(&key, &pem, &passphrase, &err);
		CHECK(code == rows[i].code, "%s: %d: %s", rows[i].why, code,
		    err.text);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].why, err.text);
	}
}

/*
 * libcrypto reads a long line in pieces, and finds a BEGIN where no line
 * begins: what was not examined gets no passphrase.
 */
static void
what_is_hidden_gets_no_passphrase(void **state)
{
	char words[] = "correct horse", junk[255];
	const struct mca_passphrase passphrase = { say, words };
	scoped(mca_blob) pem = { 0 };
	scoped(mca_text) hidden = { 0 };
	owned(mca_key) *key = NULL;
	mca_blob bytes;

	(void)state;
	seal(&pem, pbkdf2(INT32_MAX));
	memset(junk, 'x', 254);
	junk[254] = '\0';
	mca_text_addf(&hidden, "%s%s", junk, (const char *)pem.bytes);
	bytes = (mca_blob){ (uint8_t *)hidden.bytes, hidden.length };
	err = (struct mca_error){ 0 };
	assert_int_equal(mca_key_parse(&key, &bytes, &passphrase, &err),
	    MCA_EFORMAT);
}

static void
unknown_algorithms_are_refused_with_a_suggestion(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{ "ec-p265", "ec-p256" },
		{ "rsa-1024", "rsa-2048" },
		{ "x25519", "not a key algorithm" },
		{ "dsa", "not a key algorithm" },
		{ "", "not a key algorithm" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_key) *key = NULL;

		CHECK(mca_key_generate(&key, rows[i].name, &err) == MCA_EUSAGE,
		    "%s", rows[i].name);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].name, err.text);
	}
}

static void
what_is_no_key_is_named(void **state)
{
	static const struct {
		const char *why, *bytes, *says;
	} rows[] = {
		{ "nothing", "", "nothing" },
		{ "text", "hello\n", "something else" },
		{ "another block",
		    "-----BEGIN CERTIFICATE-----\nAAAA\n"
		    "-----END CERTIFICATE-----\n",
		    "CERTIFICATE" },
	};
	struct place place;

	(void)state;
	place_make(&place);
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_key) *key = NULL;
		const char *path = place_file(&place, "key");

		assert_int_equal(mca_file_save(path, rows[i].bytes,
				     strlen(rows[i].bytes), 0600,
				     i == 0 ? MCA_FILE_NEW : MCA_FILE_REPLACE,
				     &err),
		    MCA_OK);
		CHECK(mca_key_load(&key, path, NULL, &err) == MCA_EFORMAT, "%s",
		    rows[i].why);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].why, err.text);
	}
	place_remove(&place);
}

static void
a_uri_is_no_file_name(void **state)
{
	owned(mca_key) *key = NULL;

	(void)state;
	assert_true(mca_key_is_uri("pkcs11:token=x"));
	assert_false(mca_key_is_uri("keys/root.key"));
	assert_false(mca_key_is_uri("-"));
	assert_int_equal(mca_key_load(&key, "nosuch:thing", NULL, &err),
	    MCA_ENOTFOUND);
	assert_int_equal(mca_key_load(&key, "no/such/file", NULL, &err),
	    MCA_ENOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_algorithm_comes_back_from_its_file),
		cmocka_unit_test(
		    a_stand_in_is_of_the_same_kind_and_has_more_primes),
		cmocka_unit_test(a_stand_in_is_made_once),
		cmocka_unit_test(no_stand_in_is_made_of_what_there_is_not),
		cmocka_unit_test(a_passphrase_opens_what_it_closed),
		cmocka_unit_test(work_is_bounded_before_a_passphrase_is_used),
		cmocka_unit_test(what_is_hidden_gets_no_passphrase),
		cmocka_unit_test(
		    unknown_algorithms_are_refused_with_a_suggestion),
		cmocka_unit_test(what_is_no_key_is_named),
		cmocka_unit_test(a_uri_is_no_file_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
