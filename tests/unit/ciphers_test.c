/* ciphers_test.c - few ciphers are listed, and every key is read as before. */
#include "rows.h"

#include "minica/ciphers.h"
#include "minica/key.h"
#include "minica/owned.h"
#include "minica/x509.h"
#include "pkcs12.h"

#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include <string.h>

static struct mca_error err;
static char words[] = "correct horse";
static bool few; /* what mca_ciphers_few said at the beginning */

static int
say(void *context, char *out, size_t size, struct mca_error *ignored)
{
	(void)context;
	(void)ignored;
	assert_true(strlen(words) <= size);
	memcpy(out, words, strlen(words));
	return (int)strlen(words);
}

static void
check_comes_back(const char *how, EVP_PKEY *key, BIO *file)
{
	const struct mca_passphrase passphrase = { say, NULL };
	owned(mca_key) *back = NULL;
	mca_blob bytes = { 0 };
	char *text;

	bytes.length = (size_t)BIO_get_mem_data(file, &text);
	bytes.bytes = (uint8_t *)text;
	CHECK(mca_key_parse(&back, &bytes, &passphrase, &err) == MCA_OK,
	    "%s: %s", how, err.text);
	CHECK(EVP_PKEY_eq(mca_key_get0_pkey(back), key) == 1, "%s: another key",
	    how);
}

static void
ciphers_are_not_listed_but_those_of_old_key_files(void **state)
{
	static const char *const unlisted[] = { "AES-128-CTR", "AES-256-GCM",
		"CAMELLIA-128-OFB", "SM4-CBC" };
	static const char *const digests[] = { "MD5", "SHA1", "SHA256",
		"SHA512-256", "SHA3-384" };

	(void)state;
	assert_true(few);
	for (size_t i = 0; i < ROWS(unlisted); i++)
		CHECK(OBJ_NAME_get(unlisted[i], OBJ_NAME_TYPE_CIPHER_METH) ==
			NULL,
		    "%s is listed", unlisted[i]);
	for (size_t i = 0; i < ROWS(digests); i++)
		CHECK(EVP_get_digestbyname(digests[i]) != NULL,
		    "%s is not listed", digests[i]);
}

static void
keys_under_the_pem_encryption_of_old_are_read(void **state)
{
	static const EVP_CIPHER *(*const rows[])(void) = { EVP_aes_128_cbc,
		EVP_aes_192_cbc, EVP_aes_256_cbc, EVP_aria_128_cbc,
		EVP_aria_192_cbc, EVP_aria_256_cbc, EVP_camellia_128_cbc,
		EVP_camellia_192_cbc, EVP_camellia_256_cbc, EVP_des_ede_cbc,
		EVP_des_ede3_cbc };
	owned(EVP_PKEY) *key = EVP_EC_gen("P-256");

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(BIO) *file = BIO_new(BIO_s_mem());

		assert_int_equal(PEM_write_bio_PrivateKey_traditional(file, key,
				     rows[i](), (unsigned char *)words,
				     (int)strlen(words), NULL, NULL),
		    1);
		check_comes_back(EVP_CIPHER_get0_name(rows[i]()), key, file);
	}
}

static void
keys_in_pkcs8_are_read_whatever_encrypts_them(void **state)
{
	static const struct {
		const char *name;
		int pbe; /* -1: PBES2 */
		const EVP_CIPHER *(*cipher)(void);
	} rows[] = {
		{ "PBES2, AES-128", -1, EVP_aes_128_cbc },
		{ "PBES2, AES-192", -1, EVP_aes_192_cbc },
		{ "PBES2, AES-256", -1, EVP_aes_256_cbc },
		{ "PBES2, ARIA-256", -1, EVP_aria_256_cbc },
		{ "PBES2, Camellia-256", -1, EVP_camellia_256_cbc },
		{ "PBES2, Triple DES", -1, EVP_des_ede3_cbc },
		{ "PKCS #12, Triple DES",
		    NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NULL },
		{ "PKCS #12, Triple DES of two keys",
		    NID_pbe_WithSHA1And2_Key_TripleDES_CBC, NULL },
	};
	owned(EVP_PKEY) *key = EVP_EC_gen("P-256");

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(BIO) *file = BIO_new(BIO_s_mem());
		int written = rows[i].pbe == -1
		    ? PEM_write_bio_PKCS8PrivateKey(file, key, rows[i].cipher(),
			  words, (int)strlen(words), NULL, NULL)
		    : PEM_write_bio_PKCS8PrivateKey_nid(file, key, rows[i].pbe,
			  words, (int)strlen(words), NULL, NULL);

		CHECK(written == 1, "%s: not written", rows[i].name);
		check_comes_back(rows[i].name, key, file);
	}
}

static void
keys_in_pkcs12_are_read_whatever_encrypts_them(void **state)
{
	static const struct {
		const char *name;
		int pbe;
	} rows[] = {
		{ "AES-128", NID_aes_128_cbc },
		{ "AES-256", NID_aes_256_cbc },
		{ "Triple DES", NID_pbe_WithSHA1And3_Key_TripleDES_CBC },
	};
	owned(EVP_PKEY) *key = EVP_EC_gen("P-256");

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(BIO) *file = BIO_new(BIO_s_mem());
		owned(PKCS12) *p12 = PKCS12_create(words, "name", key, NULL,
		    NULL, rows[i].pbe, rows[i].pbe, 2048, 2048, 0);

		CHECK(p12 != NULL && i2d_PKCS12_bio(file, p12) == 1,
		    "%s: not written", rows[i].name);
		check_comes_back(rows[i].name, key, file);
	}
}

static void
what_is_listed_already_stays(void **state)
{
	(void)state;
	assert_true(mca_ciphers_few());
	assert_int_equal(EVP_add_cipher(EVP_aes_128_ctr()), 1);
	assert_false(mca_ciphers_few());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    ciphers_are_not_listed_but_those_of_old_key_files),
		cmocka_unit_test(keys_under_the_pem_encryption_of_old_are_read),
		cmocka_unit_test(keys_in_pkcs8_are_read_whatever_encrypts_them),
		cmocka_unit_test(
		    keys_in_pkcs12_are_read_whatever_encrypts_them),
		cmocka_unit_test(what_is_listed_already_stays),
	};

	/* As a program does, before libcrypto is asked for anything. */
	few = mca_ciphers_few();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
