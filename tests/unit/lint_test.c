/* lint_test.c - a good certificate, and each rule broken once. */
#include "changed.h"

static void
serial_zero(X509 *x509)
{
	set_serial(x509, "0");
}

static void
serial_negative(X509 *x509)
{
	set_serial(x509, "-1234567890ABCDEF1234567890ABCDEF");
}

static void
serial_21(X509 *x509)
{
	set_serial(x509, "8234567890ABCDEF1234567890ABCDEF12345678");
}

static void
serial_short(X509 *x509)
{
	set_serial(x509, "1234");
}

static void
sign_sha1(X509 *x509)
{
	assert_true(X509_sign(x509, issuer_key, EVP_sha1()) > 0);
}

/* RSA's own parameters, on a signature that is EC's. */
static void
sign_with_parameters(X509 *x509)
{
	assert_true(X509_sign(x509, issuer_key, EVP_sha256()) > 0);
	for (int i = 0; i < 2; i++) {
		const X509_ALGOR *algorithm;
		X509_ALGOR *mine;

		X509_get0_signature(NULL, &algorithm, x509);
		if (i == 1)
			algorithm = X509_get0_tbs_sigalg(x509);
		memcpy(&mine, &algorithm, sizeof(mine));
		X509_ALGOR_set0(mine, OBJ_nid2obj(NID_ecdsa_with_SHA256),
		    V_ASN1_NULL, NULL);
	}
	assert_true(i2d_re_X509_tbs(x509, NULL) > 0);
}

static void
no_issuer(X509 *x509)
{
	X509_NAME_ENTRY_free(
	    X509_NAME_delete_entry(X509_get_issuer_name(x509), 0));
}

static void
no_subject(X509 *x509)
{
	X509_NAME_ENTRY_free(
	    X509_NAME_delete_entry(X509_get_subject_name(x509), 0));
}

static void
backwards(X509 *x509)
{
	ASN1_TIME_set(X509_getm_notAfter(x509), NOW - 1);
}

static void
days_399(X509 *x509)
{
	ASN1_TIME_set(X509_getm_notAfter(x509), NOW + 399 * MCA_DAY);
}

static void
days_398(X509 *x509)
{
	ASN1_TIME_set(X509_getm_notAfter(x509), NOW + 398 * MCA_DAY - 1);
}

static void
days_900(X509 *x509)
{
	ASN1_TIME_set(X509_getm_notAfter(x509), NOW + 900 * MCA_DAY);
}

static void
generalized(X509 *x509)
{
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(x509),
			     "20270401000000Z"),
	    1);
}

static void
add_raw(X509 *x509, const char *type, int string, const void *bytes, int length)
{
	assert_int_equal(X509_NAME_add_entry_by_NID(X509_get_subject_name(x509),
			     OBJ_sn2nid(type), string, bytes, length, -1, 0),
	    1);
}

static void
t61(X509 *x509)
{
	add_raw(x509, "O", V_ASN1_T61STRING, "Old", 3);
}

static void
long_name(X509 *x509)
{
	char text[65];

	memset(text, 'x', sizeof(text));
	add_raw(x509, "O", V_ASN1_UTF8STRING, text, sizeof(text));
}

static void
control(X509 *x509)
{
	add_raw(x509, "O", V_ASN1_UTF8STRING, "a\nb", 3);
}

static void
at_sign(X509 *x509)
{
	add_raw(x509, "O", V_ASN1_PRINTABLESTRING, "a@b", 3);
}

static void
small_country(X509 *x509)
{
	add_raw(x509, "C", V_ASN1_PRINTABLESTRING, "de", 2);
}

static void
spaces(X509 *x509)
{
	add_raw(x509, "O", V_ASN1_UTF8STRING, " x", 2);
}

static void
key_parameters(X509 *x509)
{
	X509_ALGOR *algorithm;

	X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm,
	    X509_get_X509_PUBKEY(x509));
	X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_rsaEncryption), V_ASN1_UNDEF,
	    NULL);
}

static void
other_name(X509 *x509)
{
	set_text(X509_get_subject_name(x509), "CN", "other.example.org");
}

static void
twice(X509 *x509)
{
	extend(x509, NULL, "subjectKeyIdentifier", "hash");
}

static const char *
told(const mca_findings *findings)
{
	return findings->count == 0 ? "nothing" : findings->rows[0].rule;
}

static void
good_certificates_break_no_rule(void **state)
{
	static const struct {
		const char *why;
		struct change change;
	} rows[] = {
		{ "a leaf", { .kind = LEAF } },
		{ "a leaf with RSA",
		    { .key = RSA_KEY,
			.set = { { "keyUsage",
			    "critical,digitalSignature,"
			    "keyEncipherment" } } } },
		{ "a leaf of 398 days", { .edit = days_398 } },
		{ "a CA", { .kind = CA } },
		{ "a CA with limits",
		    { .kind = CA,
			.set = { { "basicConstraints",
				     "critical,CA:TRUE,pathlen:0" },
			    { "nameConstraints",
				"critical,permitted;DNS:example.org,"
				"excluded;IP:0.0.0.0/0.0.0.0" } } } },
		{ "a root", { .kind = ROOT } },
		{ "a root without AKI",
		    { .kind = ROOT,
			.set = { { "authorityKeyIdentifier", NULL } } } },
		{ "a leaf without a subject",
		    { .edit = no_subject,
			.set = { { "subjectAltName",
			    "critical,DNS:www.example.org" } } } },
		{ "URLs",
		    { .set = { { "crlDistributionPoints",
				   "URI:http://pki.example.org/ca.crl" },
			  { "authorityInfoAccess",
			      "OCSP;URI:http://ocsp.example.org/" } } } },
		{ "policies",
		    { .set = { { "certificatePolicies",
			  "DER:3006300406022803" } } } },
		{ "an unknown extension",
		    { .set = { { "1.2.3", "DER:0500" } } } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_cert) *cert = make(&rows[i].change);
		scoped(mca_findings) findings = { 0 };

		mca_lint(&findings, cert);
		CHECK(findings.count == 0, "%s: %s: %s", rows[i].why,
		    told(&findings), findings.rows[0].detail);
	}
}

#define NC "critical,permitted;DNS:example.org"

static const struct {
	const char *rule;
	const char *also; /* another rule that cannot but break too, or NULL */
	struct change change;
} broken[] = {
	{ "MC-L-DER", "MC-L-DEFAULT",
	    { .from = "\x01\x01\xff", .to = "\x01\x01\x01", .length = 3 } },
	{ "MC-L-DEFAULT", NULL,
	    { .set = { { "basicConstraints", "critical,DER:3003010100" } } } },
	{ "MC-L-DEFAULT", "MC-L-VERSION",
	    { .from = "\xa0\x03\x02\x01\x02",
		.to = "\xa0\x03\x02\x01\x00",
		.length = 5 } },
	/* keyUsage, critical TRUE */
	{ "MC-L-DEFAULT", "MC-L-USAGE-CRITICAL",
	    { .from = "\x55\x1d\x0f\x01\x01\xff",
		.to = "\x55\x1d\x0f\x01\x01\x00",
		.length = 6 } },
	/* Who signs with libcrypto from 3.4 on writes version 3 again. */
	{ "MC-L-VERSION", NULL,
	    { .from = "\xa0\x03\x02\x01\x02",
		.to = "\xa0\x03\x02\x01\x01",
		.length = 5 } },
	{ "MC-L-SERIAL-POSITIVE", "MC-L-SERIAL-SHORT",
	    { .edit = serial_zero } },
	{ "MC-L-SERIAL-POSITIVE", NULL, { .edit = serial_negative } },
	{ "MC-L-SERIAL-LENGTH", NULL, { .edit = serial_21 } },
	{ "MC-L-SERIAL-SHORT", NULL, { .edit = serial_short } },
	/* ecdsa-with-SHA256 becomes -SHA384, inside alone. */
	{ "MC-L-SIGNATURE-SAME", NULL,
	    { .from = "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",
		.to = "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03",
		.length = 10 } },
	{ "MC-L-SIGNATURE-WEAK", NULL, { .edit = sign_sha1 } },
	{ "MC-L-SIGNATURE-PARAMETERS", NULL, { .edit = sign_with_parameters } },
	{ "MC-L-ISSUER-EMPTY", NULL, { .edit = no_issuer } },
	{ "MC-L-SUBJECT-EMPTY", NULL, { .kind = CA, .edit = no_subject } },
	{ "MC-L-VALIDITY-ORDER", NULL, { .edit = backwards } },
	{ "MC-L-VALIDITY-FORM", NULL, { .edit = generalized } },
	{ "MC-L-DN-TYPE", NULL, { .edit = t61 } },
	{ "MC-L-DN-LENGTH", NULL, { .edit = long_name } },
	{ "MC-L-DN-TEXT", NULL, { .edit = control } },
	{ "MC-L-DN-TEXT", NULL, { .edit = at_sign } },
	{ "MC-L-DN-COUNTRY", NULL, { .edit = small_country } },
	{ "MC-L-DN-SPACES", NULL, { .edit = spaces } },
	{ "MC-L-KEY-UNREADABLE", NULL,
	    { .from = "\x03\x42\x00\x04",
		.to = "\x03\x42\x00\x05",
		.length = 4 } },
	{ "MC-L-KEY-SMALL", NULL, { .key = RSA_SMALL } },
	{ "MC-L-KEY-BROKEN", NULL, { .key = EC_ONE } },
	{ "MC-L-KEY-SIZE", NULL, { .key = RSA_ODD } },
	{ "MC-L-KEY-EXPONENT", NULL, { .key = RSA_E3 } },
	{ "MC-L-KEY-CURVE", NULL, { .key = EC_K1 } },
	{ "MC-L-KEY-PARAMETERS", NULL,
	    { .key = RSA_KEY, .edit = key_parameters } },
	{ "MC-L-EXT-TWICE", NULL, { .edit = twice } },
	{ "MC-L-EXT-MALFORMED", NULL,
	    { .set = { { "certificatePolicies", "DER:0500" } } } },
	{ "MC-L-EXT-UNKNOWN", NULL,
	    { .set = { { "1.2.3", "critical,DER:0500" } } } },
	{ "MC-L-SKI-MISSING", NULL,
	    { .kind = CA, .set = { { "subjectKeyIdentifier", NULL } } } },
	{ "MC-L-SKI-CRITICAL", NULL,
	    { .set = { { "subjectKeyIdentifier", "critical,hash" } } } },
	{ "MC-L-AKI-MISSING", NULL,
	    { .set = { { "authorityKeyIdentifier", NULL } } } },
	{ "MC-L-AKI-FORM", NULL,
	    { .set = { { "authorityKeyIdentifier", "DER:3000" } } } },
	{ "MC-L-AKI-SERIAL", NULL,
	    { .set = { { "authorityKeyIdentifier",
		  "keyid,issuer:always" } } } },
	{ "MC-L-AKI-CRITICAL", NULL,
	    { .set = { { "authorityKeyIdentifier", "critical,keyid" } } } },
	{ "MC-L-AKI-OWN", NULL,
	    { .kind = ROOT,
		.set = { { "authorityKeyIdentifier",
		    "DER:3006800401020304" } } } },
	{ "MC-L-CA-CRITICAL", NULL,
	    { .kind = CA, .set = { { "basicConstraints", "CA:TRUE" } } } },
	{ "MC-L-PATH-LEN", NULL,
	    { .set = { { "basicConstraints", "critical,pathlen:0" } } } },
	{ "MC-L-PATH-LEN", "MC-L-USAGE-CA",
	    { .kind = CA,
		.set = { { "basicConstraints", "critical,CA:TRUE,pathlen:0" },
		    { "keyUsage", "critical,cRLSign" } } } },
	{ "MC-L-CONSTRAINTS-CRITICAL", NULL,
	    { .kind = CA,
		.set = { { "nameConstraints",
		    "permitted;DNS:example.org" } } } },
	{ "MC-L-CONSTRAINTS-LEAF", NULL,
	    { .set = { { "nameConstraints", NC } } } },
	/* { permitted { base dNSName "a", minimum 1 } } */
	{ "MC-L-CONSTRAINTS-DISTANCE", "MC-L-CONSTRAINTS-FORM",
	    { .kind = CA,
		.set = { { "nameConstraints",
		    "critical,DER:300aa008300682016180010"
		    "1" } } } },
	{ "MC-L-CONSTRAINTS-FORM", NULL,
	    { .kind = CA,
		.set = { { "nameConstraints", "critical,DER:3000" } } } },
	{ "MC-L-POLICY-TWICE", NULL,
	    { .set = { { "certificatePolicies",
		  "DER:300c3004060228033004060228"
		  "03" } } } },
	{ "MC-L-URL-CRITICAL", NULL,
	    { .set = { { "crlDistributionPoints",
		  "critical,URI:http://a.example/" } } } },
	{ "MC-L-URL-FORM", NULL,
	    { .set = { { "authorityInfoAccess",
		  "OCSP;URI:ftp://a.example/" } } } },
	{ "MC-L-URL-HTTPS", NULL,
	    { .set = { { "crlDistributionPoints",
		  "URI:https://a.example/" } } } },
	{ "MC-L-USAGE-MISSING", NULL,
	    { .kind = CA, .set = { { "keyUsage", NULL } } } },
	{ "MC-L-USAGE-MISSING-LEAF", NULL,
	    { .set = { { "keyUsage", NULL } } } },
	{ "MC-L-USAGE-CRITICAL", NULL,
	    { .set = { { "keyUsage", "digitalSignature" } } } },
	{ "MC-L-USAGE-EMPTY", NULL,
	    { .set = { { "keyUsage", "critical,DER:030100" } } } },
	{ "MC-L-USAGE-TRAILING", NULL,
	    { .set = { { "keyUsage", "critical,DER:03020080" } } } },
	{ "MC-L-USAGE-CERT-SIGN", NULL,
	    { .set = { { "keyUsage",
		  "critical,digitalSignature,keyCertSign" } } } },
	{ "MC-L-USAGE-CA", NULL,
	    { .kind = CA, .set = { { "keyUsage", "critical,cRLSign" } } } },
	{ "MC-L-USAGE-ENCIPHER", NULL,
	    { .set = { { "keyUsage",
		  "critical,digitalSignature,keyEncipherment" } } } },
	{ "MC-L-USAGE-AGREEMENT", NULL,
	    { .key = RSA_KEY,
		.set = { { "keyUsage", "critical,keyAgreement" } } } },
	{ "MC-L-USAGE-ONLY", NULL,
	    { .set = { { "keyUsage",
		  "critical,digitalSignature,encipherOnly" } } } },
	{ "MC-L-PURPOSE-ANY", NULL,
	    { .set = { { "extendedKeyUsage",
		  "serverAuth,anyExtendedKeyUsage" } } } },
	{ "MC-L-PURPOSE-CRITICAL", NULL,
	    { .set = { { "extendedKeyUsage", "critical,serverAuth" } } } },
	{ "MC-L-PURPOSE-EMPTY", NULL,
	    { .set = { { "extendedKeyUsage", "DER:3000" } } } },
	{ "MC-L-PURPOSE-TWICE", NULL,
	    { .set = { { "extendedKeyUsage", "serverAuth,serverAuth" } } } },
	{ "MC-L-PURPOSE-MISSING", NULL,
	    { .set = { { "extendedKeyUsage", NULL } } } },
	{ "MC-L-SAN-MISSING", "MC-L-CN",
	    { .set = { { "subjectAltName", NULL } } } },
	{ "MC-L-SAN-EMPTY", "MC-L-CN",
	    { .set = { { "subjectAltName", "DER:3000" } } } },
	{ "MC-L-SAN-CRITICAL", NULL, { .edit = no_subject } },
	{ "MC-L-SAN-NOT-CRITICAL", NULL,
	    { .set = { { "subjectAltName",
		  "critical,DNS:www.example.org" } } } },
	{ "MC-L-SAN-NAME", NULL,
	    { .set = { { "subjectAltName",
		  "DNS:www.example.org,DNS:a_b.example.org" } } } },
	/* { iPAddress of three octets, dNSName } */
	{ "MC-L-SAN-NAME", NULL,
	    { .set = { { "subjectAltName",
		  "DER:"
		  "301687030a0000820f7777772e6578616d706c652e6f7267" } } } },
	{ "MC-L-SAN-TWICE", NULL,
	    { .set = { { "subjectAltName",
		  "DNS:www.example.org,DNS:WWW.example.org" } } } },
	{ "MC-L-SAN-REGISTRY", NULL,
	    { .set = { { "subjectAltName",
		  "DNS:www.example.org,DNS:*.org" } } } },
	{ "MC-L-CN", NULL, { .edit = other_name } },
	{ "MC-L-CA-NAMES", NULL,
	    { .kind = CA,
		.set = { { "subjectAltName", "DNS:www.example.org" } } } },
	{ "MC-L-LIFE-398", NULL, { .edit = days_399 } },
	{ "MC-L-LIFE-825", NULL, { .edit = days_900 } },
	{ "MC-L-BROWSER-KEY", NULL, { .key = ED } },
	{ "MC-L-BROWSER-KEY", NULL, { .key = EC_521 } },
};

static void
each_rule_is_told_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(broken); i++) {
		owned(mca_cert) *cert = make(&broken[i].change);
		scoped(mca_findings) findings = { 0 };

		mca_lint(&findings, cert);
		CHECK(mca_findings_has(&findings, broken[i].rule),
		    "row %zu: %s is not told, but %s", i, broken[i].rule,
		    told(&findings));
		for (size_t k = 0; k < findings.count; k++) {
			const struct mca_finding *f = &findings.rows[k];

			CHECK(strcmp(f->rule, broken[i].rule) == 0 ||
				(broken[i].also != NULL &&
				    strcmp(f->rule, broken[i].also) == 0),
			    "row %zu, %s: also %s: %s", i, broken[i].rule,
			    f->rule, f->detail);
			CHECK(f->detail[0] && f->wanted[0] && f->hint[0],
			    "%s does not teach", f->rule);
		}
	}
}

/* Adds `more` to a length that is written as 82 xx xx. */
static void
lengthen(uint8_t *length, size_t more)
{
	size_t sum = (size_t)(length[1] << 8 | length[2]) + more;

	assert_int_equal(length[0], 0x82);
	length[1] = (uint8_t)(sum >> 8);
	length[2] = (uint8_t)sum;
}

/* libcrypto writes no unique identifiers, so one is put in by hand. */
static void
unique_identifiers_are_told(void **state)
{
	static const uint8_t unique[] = { 0x81, 0x02, 0x00, 0x01 };
	const struct change change = { .kind = LEAF };
	owned(mca_cert) *good = make(&change);
	owned(mca_cert) *cert = NULL;
	scoped(mca_findings) findings = { 0 };
	struct mca_error err = { 0 };
	uint8_t der[4096];
	size_t length, head;
	const uint8_t *from = mca_cert_der(good, &length), *at;

	(void)state;
	at = memmem(from, length, "\xa3\x81", 2);
	assert_non_null(at);
	head = (size_t)(at - from);
	memcpy(der, from, head);
	memcpy(der + head, unique, sizeof(unique));
	memcpy(der + head + sizeof(unique), at, length - head);
	lengthen(der + 1, sizeof(unique));
	lengthen(der + 5, sizeof(unique));
	CHECK(mca_cert_parse(&cert, der, length + sizeof(unique), &err) ==
		MCA_OK,
	    "%s", err.text);
	mca_lint(&findings, cert);
	assert_int_equal(findings.count, 1);
	assert_string_equal(findings.rows[0].rule, "MC-L-UNIQUE-ID");
}

static void
every_rule_has_a_test(void **state)
{
	const struct mca_lint_rule *rule = mca_lint_rules();

	(void)state;
	for (; rule->rule != NULL; rule++) {
		bool found = strcmp(rule->rule, "MC-L-UNIQUE-ID") == 0 ||
		    (rule->kinds & MCA_LINT_CERT) == 0;

		for (size_t i = 0; i < ROWS(broken); i++)
			found =
			    found || strcmp(broken[i].rule, rule->rule) == 0;
		CHECK(found, "%s", rule->rule);
		for (const struct mca_lint_rule *other = mca_lint_rules();
		     other != rule; other++)
			CHECK(strcmp(other->rule, rule->rule) != 0,
			    "%s is there twice", rule->rule);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_certificates_break_no_rule),
		cmocka_unit_test(each_rule_is_told_alone),
		cmocka_unit_test(unique_identifiers_are_told),
		cmocka_unit_test(every_rule_has_a_test),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
