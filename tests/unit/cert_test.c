/* cert_test.c - certificates and the files they come in. */
#include "rows.h"

#include "made.h"
#include "minica/owned.h"
#include "minica/pem.h"

static struct mca_error err;

static const struct made plain = {
	.serial = "0123456789ABCDEF",
	.common_name = "leaf",
	.san = "DNS:Example.org,IP:10.0.0.1",
	.not_before = 1000000000,
	.not_after = 2000000000,
};

static void
its_fields_are_read(void **state)
{
	owned(mca_cert) *cert = made_cert(&plain);
	const mca_san *san = mca_cert_san(cert);

	(void)state;
	assert_string_equal(mca_cert_serial(cert), "0123456789abcdef");
	assert_int_equal(mca_cert_version(cert), 3);
	assert_int_equal(mca_cert_not_before(cert), 1000000000);
	assert_int_equal(mca_cert_not_after(cert), 2000000000);
	assert_string_equal(mca_name_text(mca_cert_subject(cert)), "CN=leaf");
	assert_true(mca_san_has(san, MCA_SAN_DNS, "example.org"));
	assert_true(mca_san_has(san, MCA_SAN_IP, "10.0.0.1"));
	assert_false(mca_cert_is_ca(cert));
	assert_int_equal(mca_cert_path_len(cert), -1);
	assert_false(mca_cert_is_self_issued(cert));
	assert_null(mca_cert_key_usage(cert));
	assert_string_equal(mca_spki_algorithm(mca_cert_spki(cert)), "ed25519");
	assert_int_equal(mca_cert_extension_count(cert), 1);
}

static void
extensions_are_put_in_words(void **state)
{
	owned(mca_cert) *cert = made_cert(&plain);
	scoped(mca_text) text = { 0 };
	struct mca_cert_extension extension;

	(void)state;
	mca_cert_extension_at(&extension, cert, 0);
	assert_string_equal(extension.oid, "2.5.29.17");
	assert_string_equal(extension.name, "subjectAltName");
	mca_cert_extension_text(&text, cert, 0);
	assert_string_equal(mca_text_get(&text),
	    "dNSName:example.org, iPAddress:10.0.0.1");
}

static void
a_dot_at_the_end_is_a_flaw_of_a_certificate(void **state)
{
	struct made dotted = plain;
	owned(mca_cert) *cert = NULL;

	(void)state;
	dotted.san = "DNS:example.org.";
	cert = made_cert(&dotted);
	assert_non_null(mca_san_at(mca_cert_san(cert), 0)->flaw);
}

static void
bytes_after_it_are_refused(void **state)
{
	owned(mca_cert) *cert = made_cert(&plain);
	owned(mca_cert) *back = NULL;
	uint8_t longer[2048] = { 0 };
	size_t length;
	const uint8_t *der = mca_cert_der(cert, &length);

	(void)state;
	memcpy(longer, der, length);
	assert_int_equal(mca_cert_parse(&back, longer, length + 2, &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "2 bytes follow"));
	for (size_t i = 0; i < length; i++)
		CHECK(mca_cert_parse(&back, der, i, &err) == MCA_EFORMAT,
		    "cut to %zu bytes, and still a certificate", i);
}

static void
every_certificate_of_a_file_is_read(void **state)
{
	static const struct {
		const char *why, *before, *between, *after;
		size_t count; /* 0: refused */
	} rows[] = {
		{ "two blocks", "", "", "", 2 },
		{ "comments around", "# a\n", "# b\n", "# c\n", 2 },
		{ "another kind of block between", "",
		    "-----BEGIN X-----\nAAAA\n-----END X-----\n", "", 2 },
		{ "a broken certificate between", "",
		    "-----BEGIN CERTIFICATE-----\nAAAA\n"
		    "-----END CERTIFICATE-----\n",
		    "", 0 },
		{ "bytes that are no text at the end", "", "", "\x01\x02", 0 },
	};
	owned(mca_cert) *cert = made_cert(&plain);
	scoped(mca_blob) pem = { 0 };

	(void)state;
	assert_int_equal(mca_cert_pem(&pem, cert, &err), MCA_OK);
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_certs) list = { 0 };
		char text[8192];
		mca_code code;

		(void)snprintf(text, sizeof(text), "%s%s%s%s%s", rows[i].before,
		    (char *)pem.bytes, rows[i].between, (char *)pem.bytes,
		    rows[i].after);
		code =
		    mca_certs_parse(&list, (uint8_t *)text, strlen(text), &err);
		CHECK((code == MCA_OK) == (rows[i].count > 0), "%s: %s",
		    rows[i].why, err.text);
		CHECK(code == MCA_EFORMAT || list.count == rows[i].count, "%s",
		    rows[i].why);
	}
}

static void
what_holds_no_certificate_is_refused(void **state)
{
	static const struct {
		const char *why, *text, *says;
	} rows[] = {
		{ "nothing", "", "empty" },
		{ "text", "hello", "not a certificate" },
		{ "another block", "-----BEGIN X-----\nAAAA\n-----END X-----\n",
		    "no CERTIFICATE" },
		{ "a NUL", "-----BEGIN X-----\nAAAA\n-----END X-----\n\x01",
		    "line 4" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_certs) list = { 0 };

		CHECK(mca_certs_parse(&list, (const uint8_t *)rows[i].text,
			  strlen(rows[i].text), &err) == MCA_EFORMAT,
		    "%s", rows[i].why);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].why, err.text);
	}
}

static void
pkcs_7_is_read_too(void **state)
{
	owned(mca_cert) *cert = made_cert(&plain);
	scoped(mca_certs) list = { 0 };
	size_t length;
	const uint8_t *der = mca_cert_der(cert, &length);
	X509 *x509 = d2i_X509(NULL, &der, (long)length);
	PKCS7 *p7 = PKCS7_new();
	unsigned char *out = NULL;
	int size;

	(void)state;
	assert_int_equal(PKCS7_set_type(p7, NID_pkcs7_signed), 1);
	assert_int_equal(PKCS7_content_new(p7, NID_pkcs7_data), 1);
	assert_int_equal(PKCS7_add_certificate(p7, x509), 1);
	size = i2d_PKCS7(p7, &out);
	assert_int_equal(mca_certs_parse(&list, out, (size_t)size, &err),
	    MCA_OK);
	assert_int_equal(list.count, 1);
	OPENSSL_free(out);
	PKCS7_free(p7);
	X509_free(x509);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_fields_are_read),
		cmocka_unit_test(extensions_are_put_in_words),
		cmocka_unit_test(a_dot_at_the_end_is_a_flaw_of_a_certificate),
		cmocka_unit_test(bytes_after_it_are_refused),
		cmocka_unit_test(every_certificate_of_a_file_is_read),
		cmocka_unit_test(what_holds_no_certificate_is_refused),
		cmocka_unit_test(pkcs_7_is_read_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
