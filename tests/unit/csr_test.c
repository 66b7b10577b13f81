/* csr_test.c - a request that exists is one whole request by its key. */
#include "rows.h"

#include "minica/csr.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/pem.h"
#include "minica/x509.h"

#include <openssl/x509v3.h>

static struct mca_error err;

static mca_csr *
make(const char *const *names, size_t count)
{
	owned(mca_key) *key = NULL;
	owned(mca_name) *subject = NULL;
	owned(mca_san) *san = NULL;
	mca_csr *csr = NULL;
	const struct mca_attribute rows[] = { { "CN", "example.org" } };

	assert_int_equal(mca_key_generate(&key, "ec-p256", &err), MCA_OK);
	assert_int_equal(mca_name_new(&subject, rows, 1, &err), MCA_OK);
	assert_int_equal(mca_san_new(&san, names, count, &err), MCA_OK);
	assert_int_equal(mca_csr_new(&csr, key, subject, san, &err), MCA_OK);
	return csr;
}

static void
what_was_asked_is_read_back(void **state)
{
	static const char *const names[] = { "example.org", "10.0.0.1",
		"a@example.org", "https://example.org/x" };
	owned(mca_csr) *csr = make(names, 4);
	const mca_san *san = mca_csr_san(csr);
	const struct mca_csr_extension *extension;

	(void)state;
	assert_string_equal(mca_name_text(mca_csr_subject(csr)),
	    "CN=example.org");
	assert_int_equal(mca_san_count(san), 4);
	for (size_t i = 0; i < 4; i++)
		assert_null(mca_san_at(san, i)->flaw);
	assert_int_equal(mca_csr_extension_count(csr), 1);
	extension = mca_csr_extension_at(csr, 0);
	assert_string_equal(extension->name, "subjectAltName");
	assert_int_equal(extension->times, 1);
	assert_string_equal(mca_csr_signature_algorithm(csr),
	    "ecdsa-with-SHA256");
}

static void
every_single_byte_counts(void **state)
{
	static const char *const names[] = { "example.org" };
	owned(mca_csr) *csr = make(names, 1);
	scoped(mca_blob) copy = { 0 };
	size_t length;
	const uint8_t *der = mca_csr_der(csr, &length);

	(void)state;
	for (size_t i = 0; i < length; i++) {
		owned(mca_csr) *broken = NULL;

		assert_int_equal(mca_blob_copy(&copy, der, length, &err),
		    MCA_OK);
		copy.bytes[i] ^= 0x01;
		CHECK(mca_csr_parse(&broken, copy.bytes, length, &err) ==
			    MCA_EFORMAT ||
			!mca_csr_is_proven(broken),
		    "byte %zu changed, and still a request", i);
	}
	for (size_t i = 0; i < length; i++) {
		owned(mca_csr) *cut = NULL;

		CHECK(mca_csr_parse(&cut, der, i, &err) == MCA_EFORMAT,
		    "cut to %zu bytes, and still a request", i);
	}
}

static void
a_file_holds_exactly_one_request(void **state)
{
	static const char *const names[] = { "example.org" };
	owned(mca_csr) *csr = make(names, 1);
	scoped(mca_blob) one = { 0 };
	size_t length;
	const uint8_t *der = mca_csr_der(csr, &length);
	static const struct {
		const char *why, *before, *after;
		bool twice, good;
	} rows[] = {
		{ "one request", "", "", false, true },
		{ "text before it", "Certificate Request:\n", "", false, true },
		{ "blank lines after it", "", "\n \n", false, true },
		{ "something after it", "", "garbage\n", false, false },
		{ "two requests", "", "", true, false },
	};

	(void)state;
	assert_int_equal(mca_pem_encode(&one, "CERTIFICATE REQUEST", der,
			     length, &err),
	    MCA_OK);
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_csr) *back = NULL;
		char text[4096];

		(void)snprintf(text, sizeof(text), "%s%s%s%s", rows[i].before,
		    (char *)one.bytes, rows[i].twice ? (char *)one.bytes : "",
		    rows[i].after);
		CHECK((mca_csr_parse(&back, (uint8_t *)text, strlen(text),
			   &err) == MCA_OK) == rows[i].good,
		    "%s: %s", rows[i].why, err.text);
	}
}

static void
der_with_bytes_after_it_is_refused(void **state)
{
	static const char *const names[] = { "example.org" };
	owned(mca_csr) *csr = make(names, 1);
	owned(mca_csr) *back = NULL;
	uint8_t longer[2048] = { 0 };
	size_t length;
	const uint8_t *der = mca_csr_der(csr, &length);

	(void)state;
	memcpy(longer, der, length);
	assert_int_equal(mca_csr_parse(&back, longer, length, &err), MCA_OK);
	mca_csr_free(give(&back));
	assert_int_equal(mca_csr_parse(&back, longer, length + 1, &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "1 bytes follow"));
}

/* Adds an extensionRequest with `values` values of the same extensions. */
static void
ask(X509_REQ *req, int nid, const STACK_OF(X509_EXTENSION) *stack, int values)
{
	unsigned char *der = NULL;
	int length = i2d_X509_EXTENSIONS(stack, &der);
	X509_ATTRIBUTE *attribute = X509_ATTRIBUTE_create_by_NID(NULL, nid,
	    V_ASN1_SEQUENCE, der, length);

	assert_non_null(attribute);
	for (int i = 1; i < values; i++)
		assert_int_equal(X509_ATTRIBUTE_set1_data(attribute,
				     V_ASN1_SEQUENCE, der, length),
		    1);
	assert_int_equal(X509_REQ_add1_attr(req, attribute), 1);
	X509_ATTRIBUTE_free(attribute);
	OPENSSL_free(der);
}

/* Where a second subjectAltName can hide. */
struct hiding {
	const char *why;
	int in_list, in_values, in_microsoft;
};

static mca_csr *
make_hiding(const struct hiding *how)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_REQ *req = X509_REQ_new();
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	STACK_OF(X509_EXTENSION) *stack = NULL;
	unsigned char *der = NULL;
	mca_csr *csr = NULL;
	int length;

	assert_int_equal(ASN1_STRING_set(text, "hidden.example", -1), 1);
	GENERAL_NAME_set0_value(name, GEN_DNS, text);
	assert_true(sk_GENERAL_NAME_push(names, name) > 0);
	for (int i = 0; i < how->in_list; i++)
		assert_int_equal(X509V3_add1_i2d(&stack, NID_subject_alt_name,
				     names, 0, X509V3_ADD_APPEND),
		    1);
	ask(req, NID_ext_req, stack, how->in_values);
	if (how->in_microsoft > 0)
		ask(req, NID_ms_ext_req, stack, how->in_microsoft);
	assert_int_equal(X509_REQ_set_pubkey(req, key), 1);
	assert_true(X509_REQ_sign(req, key, EVP_sha256()) > 0);
	length = i2d_X509_REQ(req, &der);
	assert_int_equal(mca_csr_parse(&csr, der, (size_t)length, &err),
	    MCA_OK);
	OPENSSL_free(der);
	sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
	GENERAL_NAMES_free(names);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
	return csr;
}

static void
repeated_extensions_are_counted_wherever_they_hide(void **state)
{
	static const struct hiding rows[] = {
		{ "twice in one list", 2, 1, 0 },
		{ "in a second value of the attribute", 1, 2, 0 },
		{ "in a list by Microsoft's OID", 1, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_csr) *csr = make_hiding(&rows[i]);

		CHECK(mca_csr_extension_at(csr, 0)->times == 2, "%s: %zu",
		    rows[i].why, mca_csr_extension_at(csr, 0)->times);
		CHECK(mca_san_count(mca_csr_san(csr)) == 2, "%s", rows[i].why);
	}
}

static void
a_large_request_meets_its_limit(void **state)
{
	static uint8_t large[MCA_LIMIT_REQUEST + 1];
	owned(mca_csr) *csr = NULL;

	(void)state;
	assert_int_equal(mca_csr_parse(&csr, large, sizeof(large), &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "limit"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_asked_is_read_back),
		cmocka_unit_test(every_single_byte_counts),
		cmocka_unit_test(a_file_holds_exactly_one_request),
		cmocka_unit_test(der_with_bytes_after_it_is_refused),
		cmocka_unit_test(
		    repeated_extensions_are_counted_wherever_they_hide),
		cmocka_unit_test(a_large_request_meets_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
