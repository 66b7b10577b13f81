/* verify_test.c - one path, judged rule by rule. */
#include "question.h"

#include <openssl/param_build.h>
#include <sys/resource.h>
#include <unistd.h>

/* Ways to spoil a certificate before it is signed. */

static void
add_octets(X509 *x509, const char *oid, bool critical, const char *octets)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	X509_EXTENSION *extension;

	forge_require(
	    ASN1_OCTET_STRING_set(value, (const unsigned char *)octets,
		(int)strlen(octets)) == 1);
	extension = X509_EXTENSION_create_by_OBJ(NULL, object, critical, value);
	forge_require(
	    extension != NULL && X509_add_ext(x509, extension, -1) == 1);
	X509_EXTENSION_free(extension);
	ASN1_OBJECT_free(object);
	ASN1_OCTET_STRING_free(value);
}

static void
unknown_critical(X509 *x509)
{
	add_octets(x509, "1.2.3.4.5", true, "x");
}

static void
unknown(X509 *x509)
{
	add_octets(x509, "1.2.3.4.5", false, "x");
}

static void
unknown_twice(X509 *x509)
{
	unknown(x509);
	unknown(x509);
}

static void
repeated_san(X509 *x509)
{
	forge_extension(x509, NID_subject_alt_name, "DNS:leaf.test");
}

static void
malformed_points(X509 *x509)
{
	add_octets(x509, "2.5.29.31", false, "garbage");
}

static void
trailing_bytes(X509 *x509)
{
	/* An inhibitAnyPolicy of 0, and one byte more. */
	add_octets(x509, "2.5.29.54", true, "\x02\x01\x01\x01");
}

static void
fraction_of_a_second(X509 *x509)
{
	forge_require(ASN1_STRING_set(X509_getm_notAfter(x509),
			  "20300101000000.5Z", -1) == 1);
	X509_getm_notAfter(x509)->type = V_ASN1_GENERALIZEDTIME;
}

static void
early_generalized_time(X509 *x509)
{
	forge_require(ASN1_STRING_set(X509_getm_notAfter(x509),
			  "20300101000000Z", -1) == 1);
	X509_getm_notAfter(x509)->type = V_ASN1_GENERALIZEDTIME;
}

/* keyIdentifier, issuer and serial number, or some of them. */
static void
add_aki(X509 *x509, const char *word, bool serial, bool issuer)
{
	AUTHORITY_KEYID *aki =
	    word == NULL ? AUTHORITY_KEYID_new() : forge_aki(forge_key(word));
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (serial)
		aki->serial = s2i_ASN1_INTEGER(NULL, "1");
	if (issuer) {
		GENERAL_NAME_set0_value(name, GEN_DIRNAME,
		    X509_NAME_dup(X509_get_issuer_name(x509)));
		aki->issuer = sk_GENERAL_NAME_new_null();
		forge_require(sk_GENERAL_NAME_push(aki->issuer, name) > 0);
	} else {
		GENERAL_NAME_free(name);
	}
	forge_require(X509_add1_ext_i2d(x509, NID_authority_key_identifier, aki,
			  0, X509V3_ADD_APPEND) == 1);
	AUTHORITY_KEYID_free(aki);
}

static void
aki_in_full(X509 *x509)
{
	char word[8] = "";

	(void)X509_NAME_get_text_by_NID(X509_get_issuer_name(x509),
	    NID_commonName, word, sizeof(word));
	add_aki(x509, word, true, true);
}

static void
aki_by_half(X509 *x509)
{
	add_aki(x509, NULL, true, false);
}

static void
aki_of_another(X509 *x509)
{
	add_aki(x509, "other", false, false);
}

/* The key of an attacker who wants to keep us computing. */
static void
huge_key(X509 *x509)
{
	BIGNUM *modulus = BN_new(), *exponent = BN_new();
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM *fields;

	forge_require(BN_set_bit(modulus, 16383) == 1 &&
	    BN_add_word(modulus, 1) == 1 && BN_set_word(exponent, 65537) == 1);
	forge_require(OSSL_PARAM_BLD_push_BN(build, "n", modulus) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, "e", exponent) == 1);
	fields = OSSL_PARAM_BLD_to_param(build);
	forge_require(EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, fields) ==
		1 &&
	    X509_set_pubkey(x509, key) == 1);
	EVP_PKEY_free(key);
	OSSL_PARAM_free(fields);
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_BLD_free(build);
	BN_free(modulus);
	BN_free(exponent);
}

#define MORE(nid, value) .more = { { nid, value } }

static const struct row rows[] = {
	{ "a good chain", ROOT(), CA(), LEAF(), NULL, MCA_YES, MCA_YES },
	{ "the first second", ROOT(), CA(), LEAF(.from = FORGE_NOW), NULL,
	    MCA_YES, MCA_YES },
	{ "the last second", ROOT(), CA(), LEAF(.until = FORGE_NOW), NULL,
	    MCA_YES, MCA_YES },
	{ "a second early", ROOT(), CA(), LEAF(.from = FORGE_NOW + 1),
	    "MC-V-NOT-YET-VALID", MCA_NO, MCA_NO },
	{ "a second late", ROOT(), CA(), LEAF(.until = FORGE_NOW - 1),
	    "MC-V-EXPIRED", MCA_NO, MCA_NO },
	{ "an expired CA", ROOT(), CA(.until = FORGE_NOW - 1), LEAF(),
	    "MC-V-EXPIRED", MCA_NO, MCA_NO },
	{ "an expired root", ROOT(.until = FORGE_NOW - 1), CA(), LEAF(),
	    "MC-V-EXPIRED", MCA_NO, MCA_NO },
	{ "a fraction of a second", ROOT(), CA(),
	    LEAF(.spoil = fraction_of_a_second), "MC-V-VALIDITY-FORM", MCA_NO,
	    MCA_NO },
	{ "GeneralizedTime before its time", ROOT(), CA(),
	    LEAF(.spoil = early_generalized_time), "MC-V-VALIDITY-TYPE",
	    MCA_YES, MCA_NO },
	{ "a broken signature", ROOT(), CA(), LEAF(.tamper = true),
	    "MC-V-SIGNATURE", MCA_NO, MCA_NO },
	{ "another's signature", ROOT(), CA(), LEAF(.signer = "other"),
	    "MC-V-SIGNATURE", MCA_NO, MCA_NO },
	{ "a root of another key", ROOT(.key = "new"), CA(), LEAF(),
	    "MC-V-SIGNATURE", MCA_NO, MCA_NO },
	{ "an unknown issuer", ROOT(), CA(), { .issuer = "nobody" },
	    "MC-V-NO-ANCHOR", MCA_NO, MCA_NO },
	{ "SHA-1", ROOT(), CA(), LEAF(.digest = "SHA1"), "MC-V-SIGNATURE-WEAK",
	    MCA_NO, MCA_NO },
	{ "MD5", ROOT(.key = "rsa2048"),
	    CA(.signer = "rsa2048", .digest = "MD5"), LEAF(),
	    "MC-V-SIGNATURE-WEAK", MCA_NO, MCA_NO },
	{ "SHA-1 in the root is nobody's matter", ROOT(.digest = "SHA1"), CA(),
	    LEAF(), NULL, MCA_YES, MCA_YES },
	{ "RSA of 1024 bits", ROOT(), CA(), LEAF(.key = "rsa1024"),
	    "MC-V-KEY-WEAK", MCA_NO, MCA_NO },
	{ "a CA with RSA of 1024 bits", ROOT(), CA(.key = "rsa1024"),
	    LEAF(.signer = "rsa1024"), "MC-V-KEY-WEAK", MCA_NO, MCA_NO },
	{ "a key that was published", ROOT(), CA(), LEAF(.key = "one"),
	    "MC-V-KEY-WEAK", MCA_NO, MCA_NO },
	{ "P-224", ROOT(), CA(), LEAF(.key = "P-224"), "MC-V-KEY-TYPE", MCA_YES,
	    MCA_NO },
	{ "Ed25519", ROOT(), CA(.key = "ed25519"), LEAF(.signer = "ed25519"),
	    "MC-V-SIGNATURE-TYPE", MCA_YES, MCA_NO },
	{ "a CA with RSA of 16,384 bits", ROOT(), CA(.spoil = huge_key), LEAF(),
	    "MC-V-KEY-LIMIT", MCA_COULD_NOT_TELL, MCA_COULD_NOT_TELL },
	{ "a CA that is none", ROOT(), { .subject = "ca", .issuer = "root" },
	    LEAF(), "MC-V-NOT-CA", MCA_NO, MCA_NO },
	{ "a root that is no CA", { .subject = "root" }, CA(), LEAF(),
	    "MC-V-NOT-CA", MCA_NO, MCA_NO },
	{ "a CA that may not sign", ROOT(), CA(.key_usage = "cRLSign"), LEAF(),
	    "MC-V-NO-CERT-SIGN", MCA_NO, MCA_NO },
	{ "a CA without keyUsage", ROOT(), CA(.no_usage = true), LEAF(),
	    "MC-V-CA-USAGE-MISSING", MCA_YES, MCA_NO },
	{ "a leaf that may sign", ROOT(), CA(),
	    LEAF(.key_usage = "digitalSignature,keyCertSign"),
	    "MC-V-LEAF-CERT-SIGN", MCA_NO, MCA_NO },
	{ "a leaf that may only sign CRLs", ROOT(), CA(),
	    LEAF(.key_usage = "cRLSign"), "MC-V-USAGE", MCA_NO, MCA_NO },
	{ "a leaf without keyUsage", ROOT(), CA(), LEAF(.no_usage = true), NULL,
	    MCA_YES, MCA_YES },
	{ "a leaf that is a CA", ROOT(), CA(),
	    LEAF(.ca = true, .san = "DNS:leaf.test", .purposes = "serverAuth"),
	    "MC-V-LEAF-CA", MCA_YES, MCA_NO },
	{ "a path length met", ROOT(.path_len = ",pathlen:1"),
	    CA(.path_len = ",pathlen:0"), LEAF(), NULL, MCA_YES, MCA_YES },
	{ "a path length exceeded", ROOT(.path_len = ",pathlen:0"), CA(),
	    LEAF(), "MC-V-PATHLEN", MCA_NO, MCA_NO },
	{ "another purpose", ROOT(), CA(), LEAF(.purposes = "clientAuth"),
	    "MC-V-PURPOSE", MCA_NO, MCA_NO },
	{ "a CA for another purpose", ROOT(), CA(.purposes = "clientAuth"),
	    LEAF(), "MC-V-PURPOSE", MCA_NO, MCA_NO },
	{ "no purposes", ROOT(), CA(), LEAF(.no_purposes = true),
	    "MC-V-PURPOSE-MISSING", MCA_YES, MCA_NO },
	{ "any purpose", ROOT(), CA(),
	    LEAF(.purposes = "serverAuth,anyExtendedKeyUsage"),
	    "MC-V-PURPOSE-ANY", MCA_YES, MCA_NO },
	{ "critical purposes", ROOT(), CA(),
	    LEAF(.purposes = "critical,serverAuth"), "MC-V-PURPOSE-CRITICAL",
	    MCA_YES, MCA_NO },
	{ "a root for a purpose", ROOT(.purposes = "serverAuth"), CA(), LEAF(),
	    "MC-V-ROOT-PURPOSE", MCA_YES, MCA_NO },
	{ "no AKI", ROOT(), CA(), LEAF(.no_aki = true), "MC-V-AKI-MISSING",
	    MCA_NO, MCA_NO },
	{ "no AKI in a root", ROOT(.no_aki = true), CA(), LEAF(), NULL, MCA_YES,
	    MCA_YES },
	{ "an AKI that names the issuer as well", ROOT(), CA(),
	    LEAF(.no_aki = true, .spoil = aki_in_full), "MC-V-AKI-FORM",
	    MCA_YES, MCA_NO },
	{ "a root's AKI that names it as well",
	    ROOT(.no_aki = true, .spoil = aki_in_full), CA(), LEAF(),
	    "MC-V-AKI-FORM", MCA_YES, MCA_NO },
	{ "an AKI with a serial number alone", ROOT(), CA(),
	    LEAF(.no_aki = true, .spoil = aki_by_half), "MC-V-AKI-HALF", MCA_NO,
	    MCA_NO },
	{ "a root's AKI of another key",
	    ROOT(.no_aki = true, .spoil = aki_of_another), CA(), LEAF(),
	    "MC-V-ROOT-AKI", MCA_YES, MCA_NO },
	{ "an AKI of another key", ROOT(), CA(),
	    LEAF(.no_aki = true, .spoil = aki_of_another), "MC-V-AKI-OTHER",
	    MCA_YES, MCA_YES },
	{ "a critical SKI", ROOT(), CA(),
	    LEAF(.no_ski = true,
		.more = { { NID_subject_key_identifier, "critical,hash" } }),
	    "MC-V-SKI-CRITICAL", MCA_NO, MCA_NO },
	{ "no SKI in a CA", ROOT(), CA(.no_ski = true), LEAF(),
	    "MC-V-SKI-MISSING", MCA_NO, MCA_NO },
	{ "no SKI in a leaf", ROOT(), CA(), LEAF(.no_ski = true), NULL, MCA_YES,
	    MCA_YES },
	{ "no SAN", ROOT(), CA(), LEAF(.no_san = true), "MC-V-HOST", MCA_NO,
	    MCA_NO },
	{ "another name", ROOT(), CA(), LEAF(.san = "DNS:other.test"),
	    "MC-V-HOST", MCA_NO, MCA_NO },
	{ "no subject, and a SAN that is not critical", ROOT(), CA(),
	    LEAF(.subject = "", .key = "leaf"), "MC-V-SAN-CRITICAL", MCA_NO,
	    MCA_NO },
	{ "no subject, and a critical SAN", ROOT(), CA(),
	    LEAF(.subject = "", .key = "leaf", .san = "critical,DNS:leaf.test"),
	    NULL, MCA_YES, MCA_YES },
	{ "a critical SAN beside a subject", ROOT(), CA(),
	    LEAF(.san = "critical,DNS:leaf.test"), "MC-V-SAN-NOT-CRITICAL",
	    MCA_YES, MCA_NO },
	{ "a malformed name", ROOT(), CA(),
	    LEAF(.san = "DNS:leaf.test,DNS:a_b.test"), "MC-V-SAN-MALFORMED",
	    MCA_NO, MCA_NO },
	{ "a wildcard within a label", ROOT(), CA(),
	    LEAF(.san = "DNS:leaf.test,DNS:l*f.test"), "MC-V-SAN-MALFORMED",
	    MCA_NO, MCA_NO },
	{ "a wildcard within an A-label", ROOT(), CA(),
	    LEAF(.san = "DNS:leaf.test,DNS:xn--*-1b3c148a.test"),
	    "MC-V-SAN-MALFORMED", MCA_NO, MCA_NO },
	{ "a wildcard further on", ROOT(), CA(),
	    LEAF(.san = "DNS:leaf.test,DNS:a.*.leaf.test"),
	    "MC-V-SAN-MALFORMED", MCA_NO, MCA_NO },
	{ "a name that is not ASCII", ROOT(), CA(),
	    LEAF(.san = "DNS:leaf.test,DNS:\xf0\x9f\x98\x9c.test"),
	    "MC-V-SAN-MALFORMED", MCA_NO, MCA_NO },
	{ "a mailbox for a server", ROOT(), CA(),
	    LEAF(.san = "DNS:leaf.test,email:jo@leaf.test"), "MC-V-SAN-FORM",
	    MCA_YES, MCA_NO },
	{ "a wildcard over a registry", ROOT(), CA(),
	    LEAF(.san = "DNS:leaf.test,DNS:*.test"), "MC-V-WILDCARD-SUFFIX",
	    MCA_YES, MCA_NO },
	{ "a common name that is no name", ROOT(), CA(),
	    LEAF(.subject = "Our server"), "MC-V-CN", MCA_YES, MCA_NO },
	{ "a common name in capitals", ROOT(), CA(),
	    LEAF(.subject = "LEAF.test"), "MC-V-CN", MCA_YES, MCA_NO },
	{ "a common name under a wildcard", ROOT(), CA(),
	    LEAF(.subject = "site.test",
		.san = "DNS:leaf.test,DNS:*.site.test"),
	    NULL, MCA_YES, MCA_YES },
	{ "an address as its number", ROOT(), CA(),
	    LEAF(.subject = "0xC0000201", .san = "DNS:leaf.test,IP:192.0.2.1"),
	    "MC-V-CN", MCA_YES, MCA_NO },
	{ "an address as it is written", ROOT(), CA(),
	    LEAF(.subject = "192.0.2.1", .san = "DNS:leaf.test,IP:192.0.2.1"),
	    NULL, MCA_YES, MCA_YES },
	{ "zero for a serial number", ROOT(), CA(), LEAF(.serial = "0"),
	    "MC-V-SERIAL-POSITIVE", MCA_NO, MCA_NO },
	{ "less than zero", ROOT(), CA(), LEAF(.serial = "-1"),
	    "MC-V-SERIAL-POSITIVE", MCA_NO, MCA_NO },
	{ "20 octets", ROOT(), CA(),
	    LEAF(.serial = "7fffffffffffffffffffffffffffffffffffffff"), NULL,
	    MCA_YES, MCA_YES },
	{ "20 octets and a sign", ROOT(), CA(),
	    LEAF(.serial = "ffffffffffffffffffffffffffffffffffffffff"),
	    "MC-V-SERIAL-LENGTH", MCA_NO, MCA_NO },
	{ "an unknown extension", ROOT(), CA(), LEAF(.spoil = unknown), NULL,
	    MCA_YES, MCA_YES },
	{ "an unknown critical one", ROOT(), CA(),
	    LEAF(.spoil = unknown_critical), "MC-V-EXT-UNKNOWN", MCA_NO,
	    MCA_NO },
	{ "an unknown critical one in the root",
	    ROOT(.spoil = unknown_critical), CA(), LEAF(), "MC-V-EXT-UNKNOWN",
	    MCA_NO, MCA_NO },
	{ "a repeated one", ROOT(), CA(), LEAF(.spoil = repeated_san),
	    "MC-V-EXT-REPEATED", MCA_NO, MCA_NO },
	{ "a repeated unknown one", ROOT(), CA(), LEAF(.spoil = unknown_twice),
	    "MC-V-EXT-REPEATED", MCA_NO, MCA_NO },
	{ "a malformed one", ROOT(), CA(), LEAF(.spoil = malformed_points),
	    "MC-V-EXT-MALFORMED", MCA_NO, MCA_NO },
	{ "bytes behind one", ROOT(), CA(), LEAF(.spoil = trailing_bytes),
	    "MC-V-EXT-MALFORMED", MCA_NO, MCA_NO },
	{ "critical AIA", ROOT(), CA(),
	    LEAF(MORE(NID_info_access, "critical,OCSP;URI:http://ocsp.test/")),
	    "MC-V-AIA-CRITICAL", MCA_NO, MCA_NO },
	{ "constraints that are not critical", ROOT(),
	    CA(.constraints = "permitted;DNS:leaf.test"), LEAF(),
	    "MC-V-NC-CRITICAL", MCA_NO, MCA_YES },
	{ "constraints in a leaf", ROOT(), CA(),
	    LEAF(.constraints = "critical,permitted;DNS:leaf.test"),
	    "MC-V-NC-NOT-CA", MCA_NO, MCA_NO },
	{ "malformed constraints", ROOT(),
	    CA(.constraints = "critical,permitted;DNS:.test"), LEAF(),
	    "MC-V-NC-MALFORMED", MCA_NO, MCA_NO },
	{ "a name that is not permitted",
	    ROOT(.constraints = "critical,permitted;DNS:other.test"), CA(),
	    LEAF(), "MC-V-NC", MCA_NO, MCA_NO },
	{ "policy constraints that are not critical", ROOT(),
	    CA(MORE(NID_policy_constraints, "inhibitPolicyMapping:0")), LEAF(),
	    "MC-V-POLICY-CONSTRAINTS-CRITICAL", MCA_YES, MCA_YES },
	{ "a policy that is required and missing", ROOT(),
	    CA(MORE(NID_policy_constraints,
		"critical,requireExplicitPolicy:0")),
	    LEAF(), "MC-V-POLICY", MCA_NO, MCA_NO },
	{ "version 1", ROOT(), CA(), LEAF(.version = 1), "MC-V-VERSION", MCA_NO,
	    MCA_NO },
};

static void
rules_are_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *why = rows[i].why;
		struct question question;

		open_question(&question, &rows[i]);
		ask(&question, why);
		CHECK(question.verdict.answer == rows[i].answer, "%s", why);
		CHECK(rows[i].rule == NULL
			? question.verdict.findings.count == 0
			: mca_findings_has(&question.verdict.findings,
			      rows[i].rule),
		    "%s: what is told", why);

		question.options.strict = true;
		ask(&question, why);
		CHECK(question.verdict.answer ==
			(rows[i].rule == NULL		    ? MCA_YES
				: rows[i].answer == MCA_YES ? MCA_NO
							    : rows[i].answer),
		    "%s, strictly", why);

		question.options.strict = false;
		question.options.rules = MCA_RULES_WEBPKI;
		ask(&question, why);
		CHECK(question.verdict.answer == rows[i].web, "%s, on the web",
		    why);
		question_clear(&question);
	}
}

/* Options and limits. */

static void
depth_counts_what_is_not_self_issued(void **state)
{
	const struct row row = { "one intermediate", ROOT(), CA(), LEAF(), NULL,
		MCA_YES, MCA_YES };
	struct question question;

	(void)state;
	open_question(&question, &row);
	question.options.max_depth = 0;
	ask(&question, row.why);
	assert_int_equal(question.verdict.answer, MCA_NO);
	assert_true(
	    mca_findings_has(&question.verdict.findings, "MC-V-PATHLEN"));
	question.options.max_depth = 1;
	ask(&question, row.why);
	assert_int_equal(question.verdict.answer, MCA_YES);
	question_clear(&question);
}

/* `count` names or subtrees behind `first`, joined with commas. */
static char *
many(const char *first, const char *format, unsigned count)
{
	size_t size = ((size_t)count + 1) * 48;
	char *text = malloc(size);
	size_t used;

	forge_require(text != NULL);
	used = (size_t)snprintf(text, size, "%s", first);
	for (unsigned i = 0; i < count; i++) {
		used += (size_t)snprintf(text + used, size - used, ",");
		used += (size_t)snprintf(text + used, size - used, format, i);
	}
	return text;
}

static void
names_times_constraints_end_at_a_limit(void **state)
{
	owned(char) *names = many("DNS:leaf.test", "DNS:n%u.test", 2000);
	owned(char) *trees = many("critical", "excluded;DNS:t%u.test", 2000);
	struct row row = { "2000 by 2000", ROOT(), CA(), LEAF(), NULL, MCA_YES,
		MCA_YES };
	struct question question;

	(void)state;
	row.leaf.san = names;
	row.ca.constraints = trees;
	open_question(&question, &row);
	question.reference = NULL;
	question.options.purpose = MCA_PURPOSE_ANY;
	ask(&question, row.why);
	assert_int_equal(question.verdict.answer, MCA_COULD_NOT_TELL);
	assert_true(
	    mca_findings_has(&question.verdict.findings, "MC-V-BUDGET"));
	question_clear(&question);
}

/* Whether the machine has a list, so that reading it can fail. */
static bool
list_is_there(void)
{
	return access("/usr/share/publicsuffix/public_suffix_list.dat", F_OK) ==
	    0 ||
	    access("/usr/share/publicsuffix/effective_tld_names.dat", F_OK) ==
	    0;
}

/* With not one file to be opened, reading the list is what fails. */
static mca_code
ask_without_files(struct question *question, struct mca_error *err)
{
	owned(mca_verifier) *verifier = NULL;
	struct rlimit usual, none;
	mca_code code;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
	none = (struct rlimit){ 0, usual.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	code = mca_verifier_new(&verifier, &question->anchors,
	    &question->others, NULL, &question->options, err);
	if (code == MCA_OK)
		code = mca_verify(&question->verdict, verifier,
		    question->target, NULL, NULL, err);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	return code;
}

static void
the_list_of_suffixes_is_read_for_wildcards_alone(void **state)
{
	static const struct {
		const char *why, *san;
		enum mca_purpose purpose;
		bool reads;
	} asking[] = {
		{ "a plain name", "DNS:leaf.test", MCA_PURPOSE_SERVER, false },
		{ "a wildcard", "DNS:leaf.test,DNS:*.leaf.test",
		    MCA_PURPOSE_SERVER, true },
		{ "a wildcard for anything", "DNS:*.leaf.test", MCA_PURPOSE_ANY,
		    false },
		{ "a mailbox with a star", "email:*.a@leaf.test",
		    MCA_PURPOSE_SERVER, false },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(asking); i++) {
		struct row row = { asking[i].why, ROOT(), CA(), LEAF(), NULL,
			MCA_YES, MCA_YES };
		bool fails = asking[i].reads && list_is_there();
		struct question question;
		mca_code code;

		row.leaf.san = asking[i].san;
		open_question(&question, &row);
		question.options.purpose = asking[i].purpose;
		code = ask_without_files(&question, &err);
		CHECK((code != MCA_OK) == fails, "%s: %s", asking[i].why,
		    code == MCA_OK ? "answered" : err.text);
		CHECK(!fails || strstr(err.text, "public suffix list") != NULL,
		    "%s: %s", asking[i].why, err.text);
		question_clear(&question);
	}
}

static void
a_list_of_suffixes_that_is_given_must_be_there(void **state)
{
	static const struct row row = { "no list", ROOT(), CA(), LEAF(), NULL,
		MCA_YES, MCA_YES };
	owned(mca_verifier) *verifier = NULL;
	struct question question;
	struct mca_error err;

	(void)state;
	open_question(&question, &row);
	question.options.suffixes = "no-such-list";
	assert_int_equal(mca_verifier_new(&verifier, &question.anchors, NULL,
			     NULL, &question.options, &err),
	    MCA_ENOTFOUND);
	question_clear(&question);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_kept),
		cmocka_unit_test(depth_counts_what_is_not_self_issued),
		cmocka_unit_test(names_times_constraints_end_at_a_limit),
		cmocka_unit_test(
		    the_list_of_suffixes_is_read_for_wildcards_alone),
		cmocka_unit_test(
		    a_list_of_suffixes_that_is_given_must_be_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
