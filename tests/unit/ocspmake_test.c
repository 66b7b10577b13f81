/* ocspmake_test.c - OCSP requests: what is read, and what is none. */
#include "ocspmake.h"

#include "forge.h"
#include "minica/limits.h"
#include "minica/x509.h"
#include "rows.h"

#include <openssl/ocsp.h>

static struct mca_error err;

/* A request about `count` certificates, with extras. */
struct asked {
	const char *why;
	int count;
	int nonce; /* octets; -1: none */
	bool raw;  /* the nonce without its OCTET STRING */
	size_t cut, more;
	const char *said; /* NULL: it is one */
};

static const struct asked rows[] = {
	{ "about one certificate", 1, -1, false, 0, 0, NULL },
	{ "about three certificates", 3, -1, false, 0, 0, NULL },
	{ "with a nonce of one octet", 1, 1, false, 0, 0, NULL },
	{ "with a nonce of 32 octets", 1, 32, false, 0, 0, NULL },
	{ "with a nonce of 128 octets", 1, 128, false, 0, 0, NULL },
	{ "with a nonce as it is", 1, 32, true, 0, 0, NULL },
	{ "with a nonce of 129 octets", 1, 129, false, 0, 0, "nonce" },
	{ "with a nonce of 129 octets as they are", 1, 129, true, 0, 0,
	    "nonce" },
	{ "with an empty nonce", 1, 0, false, 0, 0, "nonce" },
	{ "about nothing", 0, -1, false, 0, 0, "asks about no certificate" },
	{ "cut short", 1, -1, false, 1, 0, "not one OCSP request" },
	{ "followed by something", 1, -1, false, 0, 1, "not one OCSP request" },
	{ "longer than the limit", 1, -1, false, 0, MCA_LIMIT_OCSP,
	    "not one OCSP request" },
};

static void
add_nonce(OCSP_REQUEST *req, const struct asked *row)
{
	unsigned char octets[160] = { 0x30 };
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;
	unsigned char *der = NULL;
	int length;

	forge_require(ASN1_OCTET_STRING_set(value, octets, row->nonce) == 1);
	length = i2d_ASN1_OCTET_STRING(value, &der);
	if (!row->raw)
		forge_require(ASN1_OCTET_STRING_set(value, der, length) == 1);
	extension = X509_EXTENSION_create_by_NID(NULL, NID_id_pkix_OCSP_Nonce,
	    0, value);
	forge_require(
	    extension != NULL && OCSP_REQUEST_add_ext(req, extension, -1) == 1);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	OPENSSL_free(der);
}

static mca_blob
encoded(const struct asked *row, const mca_cert *cert, const mca_cert *issuer)
{
	OCSP_REQUEST *req = OCSP_REQUEST_new();
	unsigned char *der = NULL;
	mca_blob out = { 0 };
	int length;

	for (int i = 0; i < row->count; i++)
		forge_require(
		    OCSP_request_add0_id(req,
			OCSP_cert_to_id(EVP_sha256(), mca_cert_get0_x509(cert),
			    mca_cert_get0_x509(issuer))) != NULL);
	if (row->nonce >= 0)
		add_nonce(req, row);
	length = i2d_OCSP_REQUEST(req, &der);
	forge_require(length > 0);
	out.bytes = calloc(1, (size_t)length + row->more);
	forge_require(out.bytes != NULL);
	memcpy(out.bytes, der, (size_t)length);
	out.length = (size_t)length + row->more - row->cut;
	OPENSSL_free(der);
	OCSP_REQUEST_free(req);
	return out;
}

static void
a_request_is_read_or_said_to_be_none(void **state)
{
	mca_cert *issuer =
	    forge_cert(&(struct forge){ .subject = "ca", .ca = true });
	mca_cert *cert = forge_cert(&(struct forge){ .issuer = "ca" });

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mca_blob der = encoded(&rows[i], cert, issuer);
		owned(mca_ocsp_request) *request = NULL;
		mca_code code = mca_ocsp_request_parse(&request, der.bytes,
		    der.length, &err);

		CHECK(code == (rows[i].said == NULL ? MCA_OK : MCA_EFORMAT),
		    "%s: %s", rows[i].why, code == MCA_OK ? "ok" : err.text);
		if (code == MCA_OK)
			CHECK(mca_ocsp_request_count(request) ==
				(size_t)rows[i].count,
			    "%s: counted wrong", rows[i].why);
		else if (rows[i].said != NULL)
			CHECK(strstr(err.text, rows[i].said) != NULL,
			    "%s: told: %s", rows[i].why, err.text);
		free(der.bytes);
	}
	mca_cert_free(issuer);
	mca_cert_free(cert);
}

static const struct {
	const char *serial, *told;
} serials[] = {
	{ "1234", "1234" },
	{ "80", "80" },
	{ "-1234", "-1234" },
	{ "00ff", "ff" },
};

static void
questions_tell_issuer_and_serial(void **state)
{
	mca_cert *issuer =
	    forge_cert(&(struct forge){ .subject = "ca", .ca = true });
	mca_cert *namesake = forge_cert(
	    &(struct forge){ .subject = "ca", .key = "another", .ca = true });

	(void)state;
	for (size_t i = 0; i < ROWS(serials); i++) {
		mca_cert *cert = forge_cert(&(struct forge){ .issuer = "ca",
		    .serial = serials[i].serial });
		owned(mca_ocsp_request) *made = NULL;
		owned(mca_ocsp_request) *read = NULL;
		scoped(mca_blob) der = { 0 };
		scoped(mca_text) told = { 0 };

		CHECK(mca_ocsp_request_about(&made, cert, issuer, &err) ==
			    MCA_OK &&
			mca_ocsp_request_der(&der, made, &err) == MCA_OK &&
			mca_ocsp_request_parse(&read, der.bytes, der.length,
			    &err) == MCA_OK,
		    "%s: %s", serials[i].serial, err.text);
		mca_ocsp_request_serial(&told, read, 0);
		assert_string_equal(mca_text_get(&told), serials[i].told);
		assert_true(mca_ocsp_request_of(read, 0, issuer));
		assert_false(mca_ocsp_request_of(read, 0, namesake));
		assert_false(mca_ocsp_request_of(read, 0, cert));
		mca_cert_free(cert);
	}
	mca_cert_free(issuer);
	mca_cert_free(namesake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read_or_said_to_be_none),
		cmocka_unit_test(questions_tell_issuer_and_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
