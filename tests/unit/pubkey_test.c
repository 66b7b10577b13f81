/* pubkey_test.c - keys read as octets, decoded and encoded again. */
#include "pubkey.h"

#include "rows.h"

#include "bare.h"
#include "made.h"
#include "minica/x509.h"
#include "object.h"

#include <openssl/err.h>

/* What libcrypto's own encoder makes of a key is the reference. */
static void
keys_come_back_as_they_went(void **state)
{
	static const struct {
		const char *type, *group;
	} rows[] = {
		{ "EC", "P-256" },
		{ "EC", "P-384" },
		{ "EC", "P-521" },
		{ "EC", "secp256k1" },
		{ "RSA", NULL },
		{ "ED25519", NULL },
		{ "ED448", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(EVP_PKEY) *key = made_key(rows[i].type, rows[i].group);
		owned(ossl_bytes) *der = NULL;
		owned(ossl_bytes) *own = NULL;
		int length = i2d_PUBKEY(key, &der);
		const uint8_t *at = der;
		owned(X509_PUBKEY) *spki = mca_bare_spki(&at, (size_t)length);
		owned(X509_PUBKEY) *encoded = mca_pubkey_encode(key);
		owned(X509_PUBKEY) *copy = X509_PUBKEY_new();
		owned(EVP_PKEY) *decoded = NULL;

		assert_non_null(spki);
		assert_null(X509_PUBKEY_get0(spki));
		decoded = mca_pubkey_decode(spki);
		CHECK(decoded != NULL && EVP_PKEY_eq(key, decoded) == 1,
		    "%s %s is decoded", rows[i].type, rows[i].group);
		CHECK(i2d_X509_PUBKEY(encoded, &own) == length &&
			memcmp(own, der, (size_t)length) == 0,
		    "%s %s is encoded", rows[i].type, rows[i].group);
		OPENSSL_free(give(&own));
		assert_true(mca_pubkey_copy(copy, spki));
		CHECK(i2d_X509_PUBKEY(copy, &own) == length &&
			memcmp(own, der, (size_t)length) == 0,
		    "%s %s is copied", rows[i].type, rows[i].group);
	}
}

/* A SubjectPublicKeyInfo in hex; its second octet, the length, is set here. */
static X509_PUBKEY *
spelt(const char *hex)
{
	char digits[512];
	size_t n = 0;
	long length;
	const uint8_t *at;
	X509_PUBKEY *spki;

	for (const char *c = hex; *c != '\0'; c++)
		if (*c != ' ')
			digits[n++] = *c;
	digits[n] = '\0';

	owned(ossl_bytes) *der = OPENSSL_hexstr2buf(digits, &length);

	assert_non_null(der);
	der[1] = (uint8_t)(length - 2);
	at = der;
	spki = mca_bare_spki(&at, (size_t)length);
	CHECK(spki != NULL, "%s is no SubjectPublicKeyInfo", hex);
	return spki;
}

#define EC_P256 "3013 0607 2A8648CE3D0201 0608 2A8648CE3D030107"
#define RSA "300D 0609 2A864886F70D010101 0500"
#define ED25519 "3005 0603 2B6570"
#define X32 "11111111111111111111111111111111"

static void
what_is_no_key_is_not_decoded(void **state)
{
	static const struct {
		const char *why, *hex;
	} rows[] = {
		{ "a point that is on no curve",
		    "3059" EC_P256 "0342 00 04" X32 X32 X32 X32 },
		{ "the point at infinity", "3019" EC_P256 "0302 00 00" },
		{ "no point at all", "3018" EC_P256 "0301 00" },
		{ "a curve nobody knows",
		    "301A 300F 0607 2A8648CE3D0201 0604 2A030405"
		    "0307 00 040102030405" },
		{ "an RSA key that is no sequence", "3013" RSA "0302 00 02" },
		{ "an RSA key of one number",
		    "3018" RSA "0307 00 3004 0202 "
		    "7F01" },
		{ "an RSA key of three",
		    "301D" RSA "030C 00 3009 020103 020103 020103" },
		{ "bytes after an RSA key",
		    "301B" RSA "030A 00 3006 020103 020103 00" },
		{ "a negative modulus",
		    "301A" RSA "0309 00 3006 0201FF 020103" },
		{ "an Ed25519 key that is too short",
		    "3019" ED25519 "0311 00" X32 },
		{ "Ed25519 with parameters",
		    "302C 3007 0603 2B6570 0500 0321 00" X32 X32 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(X509_PUBKEY) *spki = spelt(rows[i].hex);
		owned(EVP_PKEY) *key = mca_pubkey_decode(spki);

		CHECK(key == NULL, "%s was decoded", rows[i].why);
		ERR_clear_error();
	}
}

/* Who takes libcrypto's certificate from us finds it whole. */
static void
a_certificate_is_bare_inside_and_whole_outside(void **state)
{
	static const struct made what = {
		.serial = "01",
		.common_name = "a",
		.not_before = 1000000000,
		.not_after = 2000000000,
	};
	owned(mca_cert) *cert = made_cert(&what);
	X509 *x509 = mca_cert_get0_x509(cert);

	(void)state;
	assert_null(X509_get0_pubkey(mca_cert_get0_bare(cert)));
	ERR_clear_error();
	assert_non_null(X509_get0_pubkey(x509));
	assert_ptr_equal(x509, mca_cert_get0_x509(cert));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_come_back_as_they_went),
		cmocka_unit_test(what_is_no_key_is_not_decoded),
		cmocka_unit_test(
		    a_certificate_is_bare_inside_and_whole_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
