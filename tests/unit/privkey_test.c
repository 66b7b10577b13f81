/* privkey_test.c - private keys read in the form in which we write them. */
#include "privkey.h"

#include "rows.h"

#include "made.h"
#include "minica/pem.h"
#include "minica/x509.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

static struct mca_error err;

/* As libcrypto writes it. */
static void
encode(mca_blob *der, EVP_PKEY *key)
{
	owned(PKCS8_PRIV_KEY_INFO) *info = EVP_PKEY2PKCS8(key);
	owned(ossl_bytes) *bytes = NULL;
	int length = i2d_PKCS8_PRIV_KEY_INFO(info, &bytes);

	assert_true(length > 0);
	assert_int_equal(mca_blob_copy(der, bytes, (size_t)length, &err),
	    MCA_OK);
}

static EVP_PKEY *
read_back(const mca_blob *der, const char *label)
{
	scoped(mca_blob) pem = { 0 };

	assert_int_equal(mca_pem_encode(&pem, label, der->bytes, der->length,
			     &err),
	    MCA_OK);
	return mca_privkey_plain(&pem);
}

/* The same signature, for those that sign without chance, or the same number.
 */
static bool
same_secret(EVP_PKEY *a, EVP_PKEY *b)
{
	owned(PKCS8_PRIV_KEY_INFO) *first = EVP_PKEY2PKCS8(a);
	owned(PKCS8_PRIV_KEY_INFO) *second = EVP_PKEY2PKCS8(b);
	owned(ossl_bytes) *first_der = NULL;
	owned(ossl_bytes) *second_der = NULL;
	int length = i2d_PKCS8_PRIV_KEY_INFO(first, &first_der);

	return length == i2d_PKCS8_PRIV_KEY_INFO(second, &second_der) &&
	    memcmp(first_der, second_der, (size_t)length) == 0;
}

static void
keys_are_written_as_libcrypto_writes_them(void **state)
{
	static const char *const types[][2] = { { "EC", "P-256" },
		{ "EC", "P-384" }, { "EC", "P-521" }, { "EC", "secp256k1" },
		{ "ED25519", NULL }, { "RSA", NULL } };

	(void)state;
	for (size_t i = 0; i < ROWS(types); i++) {
		owned(EVP_PKEY) *key = made_key(types[i][0], types[i][1]);
		owned(PKCS8_PRIV_KEY_INFO) *info = mca_privkey_encode(key);
		owned(ossl_bytes) *bytes = NULL;
		scoped(mca_blob) wanted = { 0 };
		int length = i2d_PKCS8_PRIV_KEY_INFO(info, &bytes);

		encode(&wanted, key);
		CHECK(length > 0 && (size_t)length == wanted.length &&
			memcmp(bytes, wanted.bytes, wanted.length) == 0,
		    "%s %s", types[i][0], types[i][1]);
	}
}

/* What has no private half has no PKCS #8. */
static void
a_public_key_is_not_written(void **state)
{
	owned(EVP_PKEY) *key = made_key("EC", "P-256");
	owned(ossl_bytes) *der = NULL;
	int length = i2d_PUBKEY(key, &der);
	const uint8_t *at = der;
	owned(EVP_PKEY) *public = d2i_PUBKEY(NULL, &at, length);
	owned(PKCS8_PRIV_KEY_INFO) *info = NULL;

	(void)state;
	assert_non_null(public);
	info = mca_privkey_encode(public);
	assert_null(info);
}

static void
keys_that_we_write_come_back_whole(void **state)
{
	static const struct {
		const char *type, *group;
		bool plain;
	} rows[] = {
		{ "EC", "P-256", true },
		{ "EC", "P-384", true },
		{ "EC", "P-521", true },
		{ "ED25519", NULL, true },
		{ "EC", "secp256k1", false },
		{ "RSA", NULL, false },
		{ "ED448", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(EVP_PKEY) *key = made_key(rows[i].type, rows[i].group);
		scoped(mca_blob) der = { 0 };
		owned(EVP_PKEY) *back = NULL;
		owned(EVP_PKEY) *other = NULL;

		encode(&der, key);
		back = read_back(&der, "PRIVATE KEY");
		CHECK((back != NULL) == rows[i].plain, "%s %s", rows[i].type,
		    rows[i].group);
		CHECK(back == NULL || same_secret(key, back),
		    "%s %s is another", rows[i].type, rows[i].group);
		other = read_back(&der, "ANY PRIVATE KEY");
		assert_null(other);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

/* Its public half would have to be worked out, which others do. */
static void
a_key_without_its_public_half_is_left_to_others(void **state)
{
	owned(EVP_PKEY) *key = made_key("EC", "P-256");
	scoped(mca_blob) der = { 0 };
	owned(EVP_PKEY) *back = NULL;

	(void)state;
	assert_int_equal(EVP_PKEY_set_int_param(key,
			     OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0),
	    1);
	encode(&der, key);
	back = read_back(&der, "PRIVATE KEY");
	assert_null(back);
}

/* Where the version of PKCS #8 is, which libcrypto does not look at. */
static size_t
version_at(const mca_blob *der)
{
	return der->bytes[1] < 0x80 ? 4 : 5;
}

/* Whatever one octet is: another key, or none, and nothing worse. */
static void
a_damaged_key_is_no_key_or_another(void **state)
{
	static const char *const types[][2] = { { "EC", "P-256" },
		{ "EC", "P-521" }, { "ED25519", NULL } };
	size_t refused = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(types); i++) {
		owned(EVP_PKEY) *key = made_key(types[i][0], types[i][1]);
		scoped(mca_blob) der = { 0 };

		encode(&der, key);
		for (size_t at = 0; at < der.length; at++) {
			owned(EVP_PKEY) *back = NULL;

			if (at == version_at(&der))
				continue;
			der.bytes[at] ^= 0x15;
			back = read_back(&der, "PRIVATE KEY");
			refused += back == NULL;
			CHECK(back == NULL || !same_secret(key, back),
			    "%s %s: octet %zu is not read", types[i][0],
			    types[i][1], at);
			der.bytes[at] ^= 0x15;
		}
		for (size_t length = 1; length < der.length; length++) {
			const mca_blob part = { der.bytes, length };
			owned(EVP_PKEY) *back = read_back(&part, "PRIVATE KEY");

			CHECK(back == NULL, "%s %s: %zu octets are a key",
			    types[i][0], types[i][1], length);
		}
	}
	assert_true(refused > 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_written_as_libcrypto_writes_them),
		cmocka_unit_test(a_public_key_is_not_written),
		cmocka_unit_test(keys_that_we_write_come_back_whole),
		cmocka_unit_test(
		    a_key_without_its_public_half_is_left_to_others),
		cmocka_unit_test(a_damaged_key_is_no_key_or_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
