/*
 * pkcs12_test.c - certificates out of PKCS #12: the key's own first, and no key
 * decoded on the way.
 */
#include "rows.h"

#include "forge.h"
#include "minica/limits.h"
#include "pkcs12.h"

static const struct forge own = { .subject = "own", .key = "ed25519-own" };
static const struct forge others[] = { { .subject = "one", .ca = true },
	{ .subject = "two", .ca = true } };

static X509 *
parsed(const struct forge *what)
{
	mca_cert *cert = forge_cert(what);
	const uint8_t *der;
	size_t length;
	X509 *x509;

	der = mca_cert_der(cert, &length);
	x509 = d2i_X509(NULL, &der, (long)length);
	forge_require(x509 != NULL);
	mca_cert_free(cert);
	return x509;
}

/* Own certificate at `place` among the others, and a key of so many bytes. */
static PKCS12 *
made(size_t place, int key_bytes)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *parts = NULL;
	PKCS8_PRIV_KEY_INFO *info = PKCS8_PRIV_KEY_INFO_new();
	unsigned char *junk = OPENSSL_zalloc((size_t)key_bytes);
	PKCS12 *p12;

	for (size_t i = 0; i <= ROWS(others); i++) {
		X509 *x509 =
		    parsed(i == place ? &own : &others[i - (i > place)]);

		if (i == place)
			forge_require(
			    X509_keyid_set1(x509, (unsigned char *)"id", 2));
		forge_require(PKCS12_add_cert(&bags, x509) != NULL);
		X509_free(x509);
	}
	/* No key of any kind: whoever decodes it fails. */
	forge_require(PKCS8_pkey_set0(info, OBJ_nid2obj(NID_dsa), 0,
			  V_ASN1_UNDEF, NULL, junk, key_bytes) == 1);
	sk_PKCS12_SAFEBAG_push(bags, PKCS12_SAFEBAG_create0_p8inf(info));
	forge_require(PKCS12_add_safe(&parts, bags, -1, 0, NULL) == 1);
	p12 = PKCS12_add_safes(parts, 0);
	forge_require(p12 != NULL &&
	    PKCS12_set_mac(p12, "", 0, NULL, 0, 1, EVP_sha256()) == 1);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	sk_PKCS7_pop_free(parts, PKCS7_free);
	return p12;
}

static void
the_keys_own_certificate_is_first(void **state)
{
	(void)state;
	for (size_t place = 0; place <= ROWS(others); place++) {
		owned(PKCS12) *p12 = made(place, 10);
		owned(mca_x509_stack) *stack = NULL;
		X509 *wanted = parsed(&own);
		struct mca_error err = { 0 };

		CHECK(mca_pkcs12_certs(&stack, p12, NULL, &err) == MCA_OK,
		    "at %zu: %s", place, err.text);
		assert_int_equal(sk_X509_num(stack), 1 + (int)ROWS(others));
		CHECK(X509_NAME_cmp(X509_get_subject_name(
					sk_X509_value(stack, 0)),
			  X509_get_subject_name(wanted)) == 0,
		    "at %zu: another one is first", place);
		X509_free(wanted);
	}
}

static void
a_key_of_any_length_is_no_work(void **state)
{
	owned(PKCS12) *p12 = made(0, MCA_LIMIT_PRIVATE_KEY + 1);
	owned(mca_x509_stack) *stack = NULL;
	struct mca_error err = { 0 };

	(void)state;
	assert_int_equal(mca_pkcs12_certs(&stack, p12, NULL, &err),
	    MCA_EFORMAT);
	CHECK(strstr(err.text, "6000 bytes") != NULL, "%s", err.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_keys_own_certificate_is_first),
		cmocka_unit_test(a_key_of_any_length_is_no_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
