/* client_test.c - who refuses what, asked one by one and by lint. */
#include "rows.h"

#include "forge.h"
#include "minica/lint.h"
#include "minica/owned.h"
#include "minica/verify.h"

#define EVERYONE MCA_EVERYONE

static void
negative(X509 *x509)
{
	BIGNUM *number = NULL;

	forge_require(BN_hex2bn(&number, "-1234567890ABCDEF") > 0 &&
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL);
	BN_free(number);
}

static void
key_id_critical(X509 *x509)
{
	int at = X509_get_ext_by_NID(x509, NID_subject_key_identifier, -1);

	forge_require(
	    X509_EXTENSION_set_critical(X509_get_ext(x509, at), 1) == 1);
}

static void
no_subject(X509 *x509)
{
	X509_NAME_ENTRY_free(
	    X509_NAME_delete_entry(X509_get_subject_name(x509), 0));
}

/* Lives for ninety days, unless the row says otherwise. */
static void
live_shortly(struct forge *leaf)
{
	if (leaf->from == 0)
		leaf->from = FORGE_NOW - 86400;
	if (leaf->until == 0)
		leaf->until = FORGE_NOW + 89 * 86400L;
}

/* A leaf below a root, each but for what the row says a good one. */
static const struct {
	const char *why;
	unsigned refused; /* by these */
	struct forge root, leaf;
} rows[] = {
	{ "what is good for all", 0, { 0 }, { 0 } },
	{ "no name at all is found where there is no SAN and another CN",
	    EVERYONE, { 0 }, { .subject = "other.test", .no_san = true } },
	{ "a common name stands for a host with older clients",
	    MCA_APPLE | MCA_CHROME | MCA_FIREFOX | MCA_GO | MCA_WEBPKI, { 0 },
	    { .no_san = true } },
	{ "over 825 days", MCA_APPLE | MCA_WEBPKI, { 0 },
	    { .from = FORGE_NOW - 86400, .until = FORGE_NOW + 826 * 86400 } },
	{ "over 398 days", MCA_WEBPKI, { 0 },
	    { .from = FORGE_NOW - 86400, .until = FORGE_NOW + 399 * 86400 } },
	{ "no serverAuth", EVERYONE, { 0 }, { .purposes = "clientAuth" } },
	{ "no extKeyUsage", MCA_APPLE | MCA_WEBPKI, { 0 },
	    { .no_purposes = true } },
	{ "anyExtendedKeyUsage is not serverAuth to all",
	    MCA_FIREFOX | MCA_PYTHON | MCA_OPENSSL | MCA_WEBPKI, { 0 },
	    { .purposes = "anyExtendedKeyUsage" } },
	{ "no authorityKeyIdentifier", MCA_PYTHON | MCA_WEBPKI, { 0 },
	    { .no_aki = true } },
	{ "no subjectKeyIdentifier in a CA", MCA_PYTHON | MCA_WEBPKI,
	    { .no_ski = true }, { 0 } },
	{ "no keyUsage in a CA", MCA_PYTHON | MCA_WEBPKI, { .no_usage = true },
	    { 0 } },
	{ "a key that cannot sign", MCA_CHROME | MCA_FIREFOX | MCA_JAVA, { 0 },
	    { .key_usage = "critical,keyAgreement" } },
	{ "Ed25519", MCA_APPLE | MCA_CHROME | MCA_FIREFOX | MCA_WEBPKI, { 0 },
	    { .key = "ed25519 leaf" } },
	{ "RSA of 1024 bits", MCA_APPLE | MCA_PYTHON | MCA_OPENSSL | MCA_WEBPKI,
	    { 0 }, { .key = "rsa1024 leaf" } },
	{ "a CA for a leaf", MCA_FIREFOX | MCA_WEBPKI, { 0 },
	    { .ca = true, .san = "DNS:leaf.test", .purposes = "serverAuth" } },
	{ "a negative serial number", MCA_GO | MCA_WEBPKI, { 0 },
	    { .spoil = negative } },
	{ "a critical subjectKeyIdentifier",
	    MCA_GO | MCA_JAVA | MCA_PYTHON | MCA_OPENSSL | MCA_WEBPKI, { 0 },
	    { .spoil = key_id_critical } },
	{ "no subject, and a SAN that is not critical",
	    MCA_JAVA | MCA_PYTHON | MCA_WEBPKI, { 0 },
	    { .spoil = no_subject } },
	{ "SHA-1", EVERYONE & ~MCA_JAVA, { 0 }, { .digest = "SHA1" } },
	{ "an expired root", EVERYONE & ~MCA_JAVA, { .until = FORGE_NOW - 1 },
	    { 0 } },
	{ "name constraints of the root", EVERYONE & ~MCA_JAVA,
	    { .constraints = "critical,permitted;DNS:example.org" }, { 0 } },
};

static bool
refuses(unsigned client, const mca_certs *roots, const mca_cert *leaf)
{
	struct mca_verify_options options;
	owned(mca_verifier) *verifier = NULL;
	scoped(mca_verdict) verdict = { 0 };
	struct mca_reference host;
	struct mca_error err = { 0 };

	mca_verify_defaults(&options, FORGE_NOW);
	options.purpose = MCA_PURPOSE_SERVER;
	options.clients = client;
	options.suffixes = NULL;
	CHECK(mca_reference_parse(&host, MCA_SAN_DNS, "leaf.test", &err) ==
		    MCA_OK &&
		mca_verifier_new(&verifier, roots, NULL, NULL, &options,
		    &err) == MCA_OK &&
		mca_verify(&verdict, verifier, leaf, NULL, &host, &err) ==
		    MCA_OK,
	    "%s", err.text);
	return verdict.answer != MCA_YES;
}

static void
each_client_goes_by_its_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct forge root = rows[i].root, leaf = rows[i].leaf;
		owned(mca_cert) *cert = NULL;
		scoped(mca_certs) roots = { 0 };
		unsigned refused = 0;

		root.subject = "root.test";
		root.ca = true;
		leaf.issuer = "root.test";
		live_shortly(&leaf);
		forge_into(&roots, &root);
		cert = forge_cert(&leaf);
		for (size_t k = 0; k < MCA_CLIENTS; k++)
			if (refuses(mca_clients()[k].client, &roots, cert))
				refused |= mca_clients()[k].client;
		CHECK(refused == rows[i].refused,
		    "%s: refused by 0x%x, not 0x%x", rows[i].why, refused,
		    rows[i].refused);
	}
}

static const struct {
	const char *why;
	unsigned clients; /* of whom lint is asked */
	const char *rule; /* told, or NULL */
	enum mca_severity severity;
	const char *refusing;
	struct forge leaf;
} linted[] = {
	{ "who is not asked is not heard", MCA_GO, NULL, MCA_NOTE, "", { 0 } },
	{ "what a client refuses is an error for it", MCA_PYTHON,
	    "MC-L-AKI-MISSING", MCA_ERROR, "python313", { .no_aki = true } },
	{ "what the standard forbids is an error for all", MCA_GO,
	    "MC-L-AKI-MISSING", MCA_ERROR, "", { .no_aki = true } },
	{ "lint's warning becomes an error", MCA_APPLE, "MC-L-LIFE-825",
	    MCA_ERROR, "apple", { .until = FORGE_NOW + 900 * 86400L } },
	{ "or stays one", MCA_GO, "MC-L-LIFE-825", MCA_WARNING, "",
	    { .until = FORGE_NOW + 900 * 86400L } },
	{ "unasked, everyone is named", 0, "MC-L-LIFE-825", MCA_WARNING,
	    "apple, webpki", { .until = FORGE_NOW + 900 * 86400L } },
	{ "a fault is told once", EVERYONE, "MC-L-SAN-CRITICAL", MCA_ERROR,
	    "java, python313, webpki", { .spoil = no_subject } },
	{ "a life that ends before it begins is told by lint", MCA_GO,
	    "MC-L-VALIDITY-ORDER", MCA_ERROR, "go",
	    { .from = FORGE_NOW, .until = FORGE_NOW - 1 } },
	{ "an underscore is Java's matter", MCA_JAVA, "MC-L-SAN-NAME",
	    MCA_ERROR, "java", { .san = "DNS:leaf.test,DNS:a_b.test" } },
	{ "a rule that lint has not is told by its own code", MCA_JAVA,
	    "MC-V-USAGE-SIGNATURE", MCA_ERROR, "java",
	    { .key_usage = "critical,keyAgreement" } },
};

static const struct mca_finding *
find(const mca_findings *list, const char *rule)
{
	const struct mca_finding *found = NULL;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].rule, rule) == 0) {
			CHECK(found == NULL, "%s is told twice", rule);
			found = &list->rows[i];
		}
	return found;
}

static void
lint_is_asked_for_clients(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(linted); i++) {
		struct forge leaf = linted[i].leaf;
		owned(mca_cert) *cert = NULL;
		scoped(mca_findings) findings = { 0 };
		const struct mca_finding *told;

		leaf.issuer = "root.test";
		live_shortly(&leaf);
		if (leaf.serial == NULL)
			leaf.serial = "1234567890ABCDEF1234567890ABCDEF";
		cert = forge_cert(&leaf);
		mca_lint_for(&findings, cert, linted[i].clients);
		if (linted[i].rule == NULL)
			continue;
		told = find(&findings, linted[i].rule);
		if (told == NULL) {
			fail_msg("%s: %s is not told", linted[i].why,
			    linted[i].rule);
			continue;
		}
		CHECK(told->severity == linted[i].severity &&
			strcmp(told->clients, linted[i].refusing) == 0,
		    "%s: %s, refused by \"%s\"", linted[i].why,
		    mca_severity_name(told->severity), told->clients);
	}
}

static void
lists_of_clients_are_read_strictly(void **state)
{
	static const struct {
		const char *list;
		unsigned clients;
		bool good;
	} lists[] = {
		{ "go", MCA_GO, true },
		{ "java,apple", MCA_JAVA | MCA_APPLE, true },
		{ "all", EVERYONE, true },
		{ "", 0, false },
		{ "go,", 0, false },
		{ "Go", 0, false },
		{ "go, java", 0, false },
		{ "python", 0, false },
		{ "python313python313python313python313", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(lists); i++) {
		struct mca_error err;
		unsigned clients;
		mca_code code =
		    mca_clients_parse(&clients, lists[i].list, &err);

		CHECK(code == (lists[i].good ? MCA_OK : MCA_EUSAGE), "\"%s\"",
		    lists[i].list);
		CHECK(!lists[i].good || clients == lists[i].clients, "\"%s\"",
		    lists[i].list);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_client_goes_by_its_rules),
		cmocka_unit_test(lint_is_asked_for_clients),
		cmocka_unit_test(lists_of_clients_are_read_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
