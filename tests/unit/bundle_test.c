/* bundle_test.c - every layout holds what it says, under what protects it. */
#include "rows.h"

#include "made.h"
#include "minica/bundle.h"
#include "minica/x509.h"

#include <openssl/pkcs12.h>

static struct mca_error err;

/* A server's certificate with its key, an intermediate and a root. */
static struct {
	mca_key *key, *other;
	mca_cert *cert;
	mca_certs chain, anchors;
} made;

static int
say(void *context, char *out, size_t size, struct mca_error *ignored)
{
	const char *words = context;

	(void)ignored;
	assert_true(strlen(words) <= size);
	memcpy(out, words, strlen(words));
	return (int)strlen(words);
}

static char right[] = "correct horse";
static const struct mca_passphrase good = { say, right };

static void
add(mca_certs *list, const char *serial, const char *name)
{
	const struct made what = {
		.serial = serial,
		.common_name = name,
		.not_after = 4000000000,
		.is_ca = true,
	};
	owned(mca_cert) *cert = made_cert(&what);

	assert_int_equal(mca_certs_add(list, cert, &err), MCA_OK);
}

static int
set_up(void **state)
{
	const struct made what = {
		.serial = "0A",
		.common_name = "www.example.org",
		.san = "DNS:www.example.org",
		.not_after = 4000000000,
	};

	(void)state;
	assert_int_equal(mca_key_generate(&made.key, "ec-p256", &err), MCA_OK);
	assert_int_equal(mca_key_generate(&made.other, "ec-p256", &err),
	    MCA_OK);
	made.cert = made_cert_of(&what, mca_key_get0_pkey(made.key));
	add(&made.chain, "0B", "Intermediate");
	add(&made.anchors, "0C", "Root");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	mca_key_free(made.key);
	mca_key_free(made.other);
	mca_cert_free(made.cert);
	mca_certs_clear(&made.chain);
	mca_certs_clear(&made.anchors);
	return 0;
}

static struct mca_bundle
everything(void)
{
	return (struct mca_bundle){
		.cert = made.cert,
		.chain = &made.chain,
		.anchors = &made.anchors,
		.key = made.key,
		.name = "www.example.org",
		.passphrase = &good,
	};
}

static size_t
times(const mca_blob *text, const char *word)
{
	size_t n = 0;

	for (const char *at = (const char *)text->bytes;
	     (at = strstr(at, word)) != NULL; at++)
		n++;
	return n;
}

static void
text_layouts_hold_what_they_say(void **state)
{
	static const struct {
		const char *layout;
		size_t certificates, keys;
	} rows[] = {
		{ "pem", 1, 0 },
		{ "fullchain", 2, 0 },
		{ "haproxy", 2, 1 },
		{ "kubernetes", 0, 0 },
	};
	const struct mca_bundle what = everything();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_blob) out = { 0 };

		CHECK(mca_bundle_encode(&out, rows[i].layout, &what, &err) ==
			MCA_OK,
		    "%s: %s", rows[i].layout, err.text);
		CHECK(times(&out, "BEGIN CERTIFICATE") == rows[i].certificates,
		    "%s", rows[i].layout);
		CHECK(times(&out, "BEGIN PRIVATE KEY") == rows[i].keys, "%s",
		    rows[i].layout);
	}
}

static void
der_is_the_certificate(void **state)
{
	const struct mca_bundle what = everything();
	scoped(mca_blob) out = { 0 };
	size_t length;
	const uint8_t *der = mca_cert_der(made.cert, &length);

	(void)state;
	assert_int_equal(mca_bundle_encode(&out, "der", &what, &err), MCA_OK);
	assert_int_equal(out.length, length);
	assert_memory_equal(out.bytes, der, length);
}

static PKCS12 *
reread(const mca_blob *bytes)
{
	const unsigned char *at = bytes->bytes;
	PKCS12 *p12 = d2i_PKCS12(NULL, &at, (long)bytes->length);

	assert_non_null(p12);
	assert_ptr_equal(at, bytes->bytes + bytes->length);
	return p12;
}

static void
a_key_store_opens_with_its_passphrase_alone(void **state)
{
	static const char *const layouts[] = { "pkcs12", "pkcs12-legacy" };
	const struct mca_bundle what = everything();

	(void)state;
	for (size_t i = 0; i < ROWS(layouts); i++) {
		scoped(mca_blob) out = { 0 };
		EVP_PKEY *key = NULL;
		X509 *cert = NULL;
		STACK_OF(X509) *rest = NULL;
		PKCS12 *p12;

		assert_int_equal(mca_bundle_encode(&out, layouts[i], &what,
				     &err),
		    MCA_OK);
		p12 = reread(&out);
		assert_int_equal(PKCS12_verify_mac(p12, "wrong", -1), 0);
		assert_int_equal(PKCS12_parse(p12, right, &key, &cert, &rest),
		    1);
		assert_int_equal(EVP_PKEY_eq(key, mca_key_get0_pkey(made.key)),
		    1);
		assert_int_equal(X509_cmp(cert, mca_cert_get0_x509(made.cert)),
		    0);
		assert_int_equal(sk_X509_num(rest), 1);
		sk_X509_pop_free(rest, X509_free);
		X509_free(cert);
		EVP_PKEY_free(key);
		PKCS12_free(p12);
	}
}

static void
a_trust_store_holds_no_key_and_needs_no_passphrase(void **state)
{
	struct mca_bundle what = everything();
	scoped(mca_blob) closed = { 0 };
	scoped(mca_blob) out = { 0 };
	PKCS12 *p12;

	(void)state;
	what.key = NULL;
	assert_int_equal(mca_bundle_encode(&closed, "java-truststore", &what,
			     &err),
	    MCA_OK);
	p12 = reread(&closed);
	assert_int_equal(PKCS12_verify_mac(p12, right, -1), 1);
	PKCS12_free(p12);

	what.passphrase = NULL;
	assert_int_equal(mca_bundle_encode(&out, "java-truststore", &what,
			     &err),
	    MCA_OK);
	p12 = reread(&out);
	assert_int_equal(PKCS12_mac_present(p12), 0);
	PKCS12_free(p12);
}

static void
what_cannot_be_is_refused(void **state)
{
	static char none[] = "", umlaut[] = "gr\xC3\xBC\xC3\x9F",
		    line[] = "a\n";
	static const struct mca_passphrase empty = { say, none };
	static const struct mca_passphrase accented = { say, umlaut };
	static const struct mca_passphrase control = { say, line };
	static const struct {
		const char *why, *layout;
		bool no_key, other_key, no_anchor;
		const struct mca_passphrase *passphrase;
		const char *name, *name_space;
		mca_code code;
		const char *said;
	} rows[] = {
		{ "no layout", "pkcs13", false, false, false, &good, "a", NULL,
		    MCA_EUSAGE, "did you mean pkcs12" },
		{ "no key", "haproxy", true, false, false, &good, "a", NULL,
		    MCA_EUSAGE, "private key" },
		{ "a key of another", "haproxy", false, true, false, &good, "a",
		    NULL, MCA_EKEY, "does not belong" },
		{ "no passphrase", "pkcs12", false, false, false, NULL, "a",
		    NULL, MCA_EUSAGE, "passphrase" },
		{ "an empty one", "pkcs12", false, false, false, &empty, "a",
		    NULL, MCA_EKEY, "empty" },
		{ "one beyond ASCII", "pkcs12", false, false, false, &accented,
		    "a", NULL, MCA_EKEY, "ASCII" },
		{ "a control character", "java-truststore", true, false, false,
		    &control, "a", NULL, MCA_EKEY, "ASCII" },
		{ "no root", "java-truststore", true, false, true, NULL, "a",
		    NULL, MCA_ENOTFOUND, "no root" },
		{ "capitals", "kubernetes", false, false, false, NULL, "Web",
		    NULL, MCA_EUSAGE, "Secret" },
		{ "YAML in a name", "kubernetes", false, false, false, NULL,
		    "a\"\nb: c", NULL, MCA_EUSAGE, "Secret" },
		{ "an empty label", "kubernetes", false, false, false, NULL,
		    "a..b", NULL, MCA_EUSAGE, "Secret" },
		{ "no name", "kubernetes", false, false, false, NULL, NULL,
		    NULL, MCA_EUSAGE, "Secret" },
		{ "a hyphen first", "kubernetes", false, false, false, NULL,
		    "-a", NULL, MCA_EUSAGE, "Secret" },
		{ "dots in a namespace", "kubernetes", false, false, false,
		    NULL, "a", "b.c", MCA_EUSAGE, "namespace" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mca_bundle what = everything();
		scoped(mca_blob) out = { 0 };
		mca_code code;

		what.key = rows[i].no_key ? NULL
		    : rows[i].other_key	  ? made.other
					  : made.key;
		what.anchors = rows[i].no_anchor ? NULL : &made.anchors;
		what.passphrase = rows[i].passphrase;
		what.name = rows[i].name;
		what.name_space = rows[i].name_space;
		code = mca_bundle_encode(&out, rows[i].layout, &what, &err);
		CHECK(code == rows[i].code, "%s: %s", rows[i].why,
		    mca_code_name(code));
		CHECK(strstr(err.text, rows[i].said) != NULL, "%s: %s",
		    rows[i].why, err.text);
		CHECK(out.length == 0, "%s", rows[i].why);
	}
}

/* The key beside them is under a passphrase of its own. */
static void
certificates_are_reached_without_the_key(void **state)
{
	unsigned char id[] = "key 1";
	char other[] = "battery staple";
	STACK_OF(PKCS12_SAFEBAG) *keys = NULL, *certs = NULL;
	STACK_OF(PKCS7) *parts = NULL;
	scoped(mca_certs) list = { 0 };
	unsigned char *der = NULL;
	PKCS12_SAFEBAG *bag;
	PKCS12 *p12;
	int length;

	(void)state;
	bag = PKCS12_add_key(&keys, mca_key_get0_pkey(made.key), 0, 1,
	    NID_aes_256_cbc, other);
	assert_non_null(bag);
	assert_int_equal(PKCS12_add_localkeyid(bag, id, sizeof(id)), 1);
	assert_non_null(
	    PKCS12_add_cert(&certs, mca_cert_get0_x509(made.chain.rows[0])));
	bag = PKCS12_add_cert(&certs, mca_cert_get0_x509(made.cert));
	assert_int_equal(PKCS12_add_localkeyid(bag, id, sizeof(id)), 1);
	assert_int_equal(PKCS12_add_safe(&parts, keys, -1, 0, NULL), 1);
	assert_int_equal(PKCS12_add_safe(&parts, certs, NID_aes_256_cbc, 1,
			     right),
	    1);
	p12 = PKCS12_add_safes(parts, 0);
	assert_int_equal(PKCS12_set_mac(p12, right, -1, NULL, 0, 1,
			     EVP_sha256()),
	    1);
	length = i2d_PKCS12(p12, &der);

	CHECK(mca_certs_unlock(&list, der, (size_t)length, &good, &err) ==
		MCA_OK,
	    "%s", err.text);
	assert_int_equal(list.count, 2);
	assert_string_equal(mca_cert_serial(list.rows[0]),
	    mca_cert_serial(made.cert));

	OPENSSL_free(der);
	PKCS12_free(p12);
	sk_PKCS7_pop_free(parts, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(keys, PKCS12_SAFEBAG_free);
	sk_PKCS12_SAFEBAG_pop_free(certs, PKCS12_SAFEBAG_free);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_layouts_hold_what_they_say),
		cmocka_unit_test(der_is_the_certificate),
		cmocka_unit_test(a_key_store_opens_with_its_passphrase_alone),
		cmocka_unit_test(
		    a_trust_store_holds_no_key_and_needs_no_passphrase),
		cmocka_unit_test(certificates_are_reached_without_the_key),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
