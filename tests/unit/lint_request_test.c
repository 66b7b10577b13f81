/* lint_request_test.c - a good request, and each rule broken once. */
#include "rows.h"

#include "minica/lint.h"
#include "minica/owned.h"
#include "ossl.h"

static EVP_PKEY *key;

static int
make_key(void **state)
{
	(void)state;
	key = EVP_EC_gen("P-256");
	return key == NULL;
}

static int
drop_key(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	return 0;
}

/* How a request differs from a good one; SAN NULL for none. */
struct change {
	const char *rule;
	const char *san;
	const char *extension, *value; /* one more to ask for */
	const char *organization;
	bool password, two_attributes;
};

static void
ask(STACK_OF(X509_EXTENSION) *asked, const char *name, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_nconf(NULL, NULL, name, value);

	CHECK(extension != NULL, "cannot make %s = %s", name, value);
	assert_true(sk_X509_EXTENSION_push(asked, extension) > 0);
}

/* For something else, in an attribute of its own. */
static void
ask_again(X509_REQ *req)
{
	STACK_OF(X509_EXTENSION) *asked = sk_X509_EXTENSION_new_null();

	ask(asked, "keyUsage", "digitalSignature");
	assert_int_equal(X509_REQ_add_extensions_nid(req, asked,
			     NID_ms_ext_req),
	    1);
	sk_X509_EXTENSION_pop_free(asked, X509_EXTENSION_free);
}

static void
fill(X509_REQ *req, const struct change *change)
{
	STACK_OF(X509_EXTENSION) *asked = sk_X509_EXTENSION_new_null();

	if (change->san != NULL)
		ask(asked, "subjectAltName", change->san);
	if (change->extension != NULL)
		ask(asked, change->extension, change->value);
	if (change->organization != NULL)
		assert_int_equal(
		    X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(req),
			NID_organizationName, V_ASN1_UTF8STRING,
			(const unsigned char *)change->organization, -1, -1, 0),
		    1);
	if (sk_X509_EXTENSION_num(asked) > 0)
		assert_int_equal(X509_REQ_add_extensions(req, asked), 1);
	if (change->two_attributes)
		ask_again(req);
	if (change->password)
		assert_int_equal(X509_REQ_add1_attr_by_NID(req,
				     NID_pkcs9_challengePassword, MBSTRING_ASC,
				     (const unsigned char *)"secret", 6),
		    1);
	sk_X509_EXTENSION_pop_free(asked, X509_EXTENSION_free);
}

static mca_csr *
make(const struct change *change)
{
	owned(X509_REQ) *req = X509_REQ_new();
	owned(ossl_bytes) *der = NULL;
	struct mca_error err = { 0 };
	mca_csr *csr = NULL;
	int length;

	assert_int_equal(X509_REQ_set_pubkey(req, key), 1);
	fill(req, change);
	assert_true(X509_REQ_sign(req, key, EVP_sha256()) > 0);
	length = i2d_X509_REQ(req, &der);
	assert_true(length > 0);
	CHECK(mca_csr_parse(&csr, der, (size_t)length, &err) == MCA_OK, "%s",
	    err.text);
	return csr;
}

static const struct change rows[] = {
	{ NULL, "DNS:www.example.org", NULL, NULL, NULL, false, false },
	{ NULL, "DNS:www.example.org", "keyUsage", "digitalSignature", "Org",
	    false, false },
	{ "MC-L-REQUEST-NAMES", NULL, NULL, NULL, NULL, false, false },
	{ "MC-L-REQUEST-PASSWORD", "DNS:www.example.org", NULL, NULL, NULL,
	    true, false },
	{ "MC-L-REQUEST-TWICE", "DNS:www.example.org", NULL, NULL, NULL, false,
	    true },
	{ "MC-L-DN-TEXT", "DNS:www.example.org", NULL, NULL, "a\nb", false,
	    false },
	{ "MC-L-SAN-NAME", "DNS:a_b.example.org", NULL, NULL, NULL, false,
	    false },
	{ "MC-L-USAGE-ENCIPHER", "DNS:www.example.org", "keyUsage",
	    "digitalSignature,keyEncipherment", NULL, false, false },
	{ "MC-L-PURPOSE-ANY", "DNS:www.example.org", "extendedKeyUsage",
	    "anyExtendedKeyUsage", NULL, false, false },
	{ "MC-L-EXT-TWICE", "DNS:www.example.org", "subjectAltName",
	    "DNS:other.example.org", NULL, false, false },
};

static void
each_rule_is_told_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_csr) *csr = make(&rows[i]);
		scoped(mca_findings) findings = { 0 };
		size_t wanted = rows[i].rule == NULL ? 0 : 1;

		mca_lint_request(&findings, csr);
		CHECK(findings.count == wanted &&
			(wanted == 0 ||
			    mca_findings_has(&findings, rows[i].rule)),
		    "row %zu: %zu findings, the first %s", i, findings.count,
		    findings.count == 0 ? "none" : findings.rows[0].rule);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_is_told_alone),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
