/* review_test.c - requests, good and bad, and what becomes of each field. */
#include "asked.h"

#include "idna.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
a_good_request_is_kept(void **state)
{
	const struct request request = { "www.example.org", NULL,
		SAN("DNS:www.example.org,DNS:*.example.org,IP:10.0.0.1") };
	scoped(mca_review) r = { 0 };

	(void)state;
	review(&r, "server", &request);
	assert_int_equal(r.findings.count, 0);
	assert_string_equal(mca_name_text(r.subject), "CN=www.example.org");
	assert_int_equal(mca_san_count(r.san), 3);
	assert_int_equal(r.not_before, NOW - 5 * MCA_MINUTE);
	assert_int_equal(r.not_after, NOW + 90 * MCA_DAY);
	assert_int_equal(find_row(&r, "dNSName", "*.example.org")->decision,
	    MCA_KEPT);
	assert_string_equal(find_row(&r, "publicKey", "ec-p256")->written,
	    "ec-p256");
	assert_int_equal(find_row(&r, "keyUsage", "")->decision, MCA_ADDED);
	assert_string_equal(find_row(&r, "keyUsage", "")->written,
	    "digitalSignature");
	assert_non_null(strstr(find_row(&r, "iPAddress", "10.0.0.1")->because,
	    "policy server, line "));
	assert_non_null(strstr(find_row(&r, "iPAddress", "10.0.0.1")->because,
	    "(allow.ip)"));
}

#define NARROW                                                                 \
	"policy: narrow\n"                                                     \
	"allow:\n"                                                             \
	"  dns: [example.org, \"*.example.org\", .int.example.org]\n"          \
	"  ip: [10.0.0.0/8]\n"                                                 \
	"  email: [\"@example.org\"]\n"                                        \
	"  uri: [\"spiffe://td/ns/\"]\n"                                       \
	"  names: 3\n"                                                         \
	"deny:\n"                                                              \
	"  dns: [secret.example.org]\n"                                        \
	"  ip: [10.9.0.0/16]\n"
#define NARROW_WILD                                                            \
	"policy: wild\n"                                                       \
	"allow:\n"                                                             \
	"  dns: [\"*.example.org\", \"*.example.com\"]\n"                      \
	"  wildcards: true\n"                                                  \
	"deny: { dns: [secret.example.org] }\n"

/* Each request has one fault, and is refused for that alone. */
static void
every_fault_has_its_rule(void **state)
{
	static const struct {
		const char *why, *policy;
		struct request request;
		const char *rule, *says;
	} rows[] = {
		{ "no names", "server", { "www.example.org", NULL, { { 0 } } },
		    "MC-P-NO-NAMES", "names nobody" },
		{ "a registry", "server", { NULL, NULL, SAN("DNS:*.org") },
		    "MC-P-REGISTRY",
		    "\"*.org\": wildcard covers a whole registry" },
		{ "an underscore", "server",
		    { NULL, NULL, SAN("DNS:a_b.example.org") }, "MC-R-NAME",
		    "underscore" },
		{ "a space", "server", { NULL, NULL, SAN("DNS:exa mple") },
		    "MC-R-NAME", "space" },
		{ "an address as a dNSName", "server",
		    { NULL, NULL, SAN("DNS:10.0.0.1") }, "MC-R-NAME",
		    "iPAddress" },
		{ "mail to a server", "server",
		    { NULL, NULL, SAN("DNS:a.b,email:a@b.org") }, "MC-P-NAME",
		    "no rfc822Name at all" },
		{ "a mapped address", "server",
		    { NULL, NULL, SAN("IP:::ffff:10.0.0.1") },
		    "MC-R-NAME-ADDRESS", "dressed as IPv6" },
		{ "an otherName", "server",
		    { NULL, NULL, SAN("DNS:a.b,otherName:1.2.3;UTF8:x") },
		    "MC-P-NAME-FORM", "no policy can allow" },
		{ "a directoryless URI with dots", "client",
		    { NULL, NULL, SAN("URI:https://a.b/c/../d") },
		    "MC-R-NAME-URI", "segments" },
		{ "a name outside", NARROW,
		    { NULL, NULL, SAN("DNS:example.com") }, "MC-P-NAME",
		    "allows example.org, *.example.org, .int.example.org" },
		{ "a name too deep", NARROW,
		    { NULL, NULL, SAN("DNS:a.b.example.org") }, "MC-P-NAME",
		    "a.b.example.org" },
		{ "a denied name", NARROW,
		    { NULL, NULL, SAN("DNS:secret.example.org") },
		    "MC-P-NAME-DENIED", "denies secret.example.org" },
		{ "a denied address", NARROW,
		    { NULL, NULL, SAN("IP:10.9.1.1") }, "MC-P-NAME-DENIED",
		    "denies 10.9.0.0/16" },
		{ "a wildcard where none is allowed", NARROW,
		    { NULL, NULL, SAN("DNS:*.int2.int.example.org") },
		    "MC-P-WILDCARD", "no wildcards" },
		{ "a wildcard over a denied name", NARROW_WILD,
		    { NULL, NULL, SAN("DNS:*.example.org") },
		    "MC-P-NAME-DENIED",
		    "secret.example.org, which the wildcard covers" },
		{ "too many names", NARROW,
		    { NULL, NULL,
			SAN("DNS:a.example.org,DNS:b.example.org,"
			    "DNS:c.example.org,DNS:d.example.org") },
		    "MC-P-NAMES", "4 names; the policy allows 3" },
		{ "CA:TRUE", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "basicConstraints", "critical,CA:TRUE" } } },
		    "MC-P-CA", "powers of a CA" },
		{ "keyCertSign", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "keyUsage", "digitalSignature,keyCertSign" } } },
		    "MC-P-CA", "powers of a CA" },
		{ "an unknown critical extension", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "1.2.3.4", "critical,DER:0500" } } },
		    "MC-P-EXT-CRITICAL", "asked for as critical" },
		{ "critical name constraints", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "nameConstraints",
				"critical,permitted;DNS:a.b" } } },
		    "MC-P-CA", "powers of a CA" },
		{ "a usage that is a power", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "extendedKeyUsage",
				"serverAuth,clientAuth,OCSPSigning" } } },
		    "MC-P-EXT-USAGE", "asks for OCSPSigning" },
		{ "any usage at all", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "extendedKeyUsage", "anyExtendedKeyUsage" } } },
		    "MC-P-EXT-USAGE", "asks for 2.5.29.37.0" },
		{ "a usage that names none", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "2.5.29.37", "DER:3000" } } },
		    "MC-R-EXT", "names no usage" },
		{ "bytes after an extension's value", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "2.5.29.19", "DER:30000500" } } },
		    "MC-R-EXT", "cannot be decoded" },
		{ "a multicast address", "server",
		    { NULL, NULL, SAN("IP:ff02::1") }, "MC-R-NAME-ADDRESS",
		    "multicast" },
		{ "the address that means none", "server",
		    { NULL, NULL, SAN("IP:0.0.0.0") }, "MC-R-NAME-ADDRESS",
		    "means none" },
		{ "an address in hexadecimal", "server",
		    { NULL, NULL, SAN("DNS:0xc0.0.2.0x1") }, "MC-R-NAME",
		    "ends in a number" },
		{ "an unreadable basicConstraints", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "basicConstraints", "DER:0500" } } },
		    "MC-R-EXT", "cannot be decoded" },
		{ "two SANs", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "subjectAltName", "DNS:c.d" } } },
		    "MC-R-SAN-TWICE", "2 times" },
		{ "an extension twice", "server",
		    { NULL, NULL,
			{ { "subjectAltName", "DNS:a.b" },
			    { "keyUsage", "digitalSignature" },
			    { "keyUsage", "keyAgreement" } } },
		    "MC-R-EXT-TWICE", "2 times" },
		{ "a CA without a name", "intermediate",
		    { NULL, NULL, { { 0 } } }, "MC-P-SUBJECT-REQUIRED",
		    "requires CN" },
		{ "a required attribute",
		    "policy: p\nallow: { dns: [\"*\"] }\n"
		    "profile: { subject: { require: [O] } }\n",
		    { NULL, NULL, SAN("DNS:a.b") }, "MC-P-SUBJECT-REQUIRED",
		    "requires O" },
		{ "a kept value that cannot be written",
		    "policy: p\nallow: { dns: [\"*\"] }\n"
		    "profile: { subject: { keep: [O] } }\n",
		    { NULL,
			"a\x01"
			"b",
			SAN("DNS:a.b") },
		    "MC-R-SUBJECT", "control character" },
		{ "a mark that turns the direction, though it is dropped",
		    "server", { NULL, "\xe2\x80\xae", SAN("DNS:a.b") },
		    "MC-R-SUBJECT", "not seen" },
		{ "a usage that the key has not",
		    "policy: p\nallow: { dns: [\"*\"] }\n"
		    "profile: { key_usage: [keyEncipherment] }\n",
		    { NULL, NULL, SAN("DNS:a.b") }, "MC-P-KEY-USAGE",
		    "for RSA keys alone" },
		{ "a key that is not allowed",
		    "policy: p\nallow: { dns: [\"*\"], keys: [rsa-3072] }\n",
		    { NULL, NULL, SAN("DNS:a.b") }, "MC-P-KEY",
		    "allows no ec-p256 key" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_review) r = { 0 };
		const struct mca_finding *f;
		size_t errors = 0, refusals = 0;

		review(&r, rows[i].policy, &rows[i].request);
		CHECK(mca_findings_has(&r.findings, rows[i].rule), "%s: no %s",
		    rows[i].why, rows[i].rule);
		for (size_t k = 0; k < r.findings.count; k++) {
			f = &r.findings.rows[k];
			if (f->severity != MCA_ERROR)
				continue;
			errors++;
			CHECK(strcmp(f->rule, rows[i].rule) == 0 ||
				strcmp(f->rule, "MC-P-SUBJECT-EMPTY") == 0,
			    "%s: also %s: %s", rows[i].why, f->rule, f->detail);
			CHECK(errors > 1 ||
				strstr(f->detail, rows[i].says) != NULL,
			    "%s: says \"%s\"", rows[i].why, f->detail);
			CHECK(f->source[0] && f->hint[0] && f->wanted[0],
			    "%s: %s does not teach", rows[i].why, f->rule);
		}
		for (size_t k = 0; k < r.count; k++)
			refusals += r.rows[k].decision == MCA_REFUSED;
		CHECK(errors > 0, "%s: not refused", rows[i].why);
		CHECK(refusals == errors, "%s: %zu rows, %zu errors",
		    rows[i].why, refusals, errors);
		CHECK(r.san == NULL, "%s: names all the same", rows[i].why);
	}
}

static void
every_fault_is_told_at_once(void **state)
{
	const struct request request = { "x", "Evil",
		{ { "subjectAltName", "DNS:*.org,DNS:a_b.c,email:a@b.c" },
		    { "basicConstraints", "CA:TRUE" },
		    { "1.2.3.4", "critical,DER:0500" } } };
	static const char *const rules[] = { "MC-P-REGISTRY", "MC-R-NAME",
		"MC-P-NAME", "MC-P-CA", "MC-P-EXT-CRITICAL",
		"MC-P-SUBJECT-DROPPED", "MC-P-LIFE-CAP" };
	owned(mca_csr) *csr = make(&request);
	scoped(mca_review) r = { 0 };

	(void)state;
	review_as(&r, "server", csr, 9999 * MCA_DAY, INT64_MAX);
	for (size_t i = 0; i < ROWS(rules); i++)
		CHECK(mca_findings_has(&r.findings, rules[i]), "no %s",
		    rules[i]);
}

#define WIDE                                                                   \
	"policy: wide\n"                                                       \
	"allow:\n"                                                             \
	"  dns: [\"*\", \"*.github.example\", \"*.b\u00fccher.example\"]\n"    \
	"  wildcards: true\n"                                                  \
	"  lookalikes: warn\n"

static void
names_outside_ascii_are_shown_both_ways(void **state)
{
	const struct request request = { NULL, NULL,
		SAN("DNS:www.xn--bcher-kva.example,DNS:xn--pypal-4ve.example,"
		    "DNS:ab--cd.example") };
	scoped(mca_review) strict = { 0 };
	scoped(mca_review) r = { 0 };

	(void)state;
	if (!mca_idna_known())
		skip();
	review(&strict, "server", &request);
	assert_true(refused(&strict));
	assert_true(mca_findings_has(&strict.findings, "MC-P-LOOKALIKE"));
	review(&r, WIDE, &request);
	assert_int_equal(mca_findings_worst(&r.findings), MCA_WARNING);
	assert_true(mca_findings_has(&r.findings, "MC-P-LOOKALIKE"));
	assert_true(mca_findings_has(&r.findings, "MC-R-NAME-RESERVED"));
	assert_string_equal(find_row(&r, "dNSName", "www.xn--bcher-kva.example")
				->unicode,
	    "www.b\u00fccher.example");
	assert_non_null(
	    strstr(find_row(&r, "dNSName", "www.xn--bcher-kva.example")
		       ->because,
		"allow.dns"));
}

static void
a_wildcard_over_a_suffix_must_be_named(void **state)
{
	static const struct {
		const char *name;
		bool refused;
	} rows[] = {
		{ "*.co.example", true },	  /* on the list */
		{ "*.any.isle.example", true },	  /* by *.isle.example */
		{ "*.city.isle.example", false }, /* an exception */
		{ "*.www.co.example", false },	  /* below one */
		{ "*.github.example", false },	  /* the policy names it */
		{ "*.example", true },		  /* a single label */
	};
	static const char list[] = "// a list\nexample\nco.example\n"
				   "*.isle.example\n!city.isle.example\n"
				   "github.example\n";
	char path[] = "suffixes-XXXXXX";
	int fd = mkstemp(path);
	struct mca_review_context context = { .now = NOW,
		.issuer_end = INT64_MAX,
		.suffixes = path };
	owned(mca_policy) *policy = NULL;
	struct mca_error err = { 0 };

	(void)state;
	assert_int_equal(write(fd, list, sizeof(list) - 1), sizeof(list) - 1);
	assert_int_equal(close(fd), 0);
	assert_int_equal(mca_policy_parse(&policy, "p", (const uint8_t *)WIDE,
			     strlen(WIDE), &err),
	    MCA_OK);
	for (size_t i = 0; i < ROWS(rows); i++) {
		char san[64];
		struct request request = { NULL, NULL, SAN(san) };
		scoped(mca_review) r = { 0 };
		owned(mca_csr) *csr = NULL;

		(void)snprintf(san, sizeof(san), "DNS:%s", rows[i].name);
		csr = make(&request);
		CHECK(mca_policy_review(&r, policy, csr, &context, &err) ==
			MCA_OK,
		    "%s: %s", rows[i].name, err.text);
		CHECK(refused(&r) == rows[i].refused, "%s", rows[i].name);
		CHECK(!rows[i].refused ||
			mca_findings_has(&r.findings, "MC-P-REGISTRY"),
		    "%s: another rule", rows[i].name);
	}
	(void)unlink(path);
	context.suffixes = "no-such-list";
	{
		const struct request request = { NULL, NULL,
			SAN("DNS:*.www.example") };
		owned(mca_csr) *csr = make(&request);
		scoped(mca_review) r = { 0 };

		assert_int_equal(mca_policy_review(&r, policy, csr, &context,
				     &err),
		    MCA_ENOTFOUND);
	}
}

static void
a_wildcard_may_break_two_rules(void **state)
{
	const struct request request = { NULL, NULL, SAN("DNS:*.org") };
	scoped(mca_review) r = { 0 };

	(void)state;
	review(&r, "client", &request);
	assert_true(mca_findings_has(&r.findings, "MC-P-REGISTRY"));
	assert_true(mca_findings_has(&r.findings, "MC-P-WILDCARD"));
	assert_non_null(
	    strstr(find_row(&r, "dNSName", "*.org")->because, "RFC 9525"));
}

static void
the_subject_says_no_more_than_the_names(void **state)
{
	static const struct {
		const char *why, *policy;
		struct request request;
		const char *subject;
		enum mca_decision decision;
	} rows[] = {
		{ "a CN that is a name", "server",
		    { "b.example.org", "Evil",
			SAN("DNS:a.example.org,DNS:b.example.org") },
		    "CN=b.example.org", MCA_KEPT },
		{ "a CN in capitals", "server",
		    { "A.example.org", NULL, SAN("DNS:a.example.org") },
		    "CN=a.example.org", MCA_CHANGED },
		{ "a CN that is no name", "server",
		    { "admin", "Evil", SAN("DNS:a.example.org") },
		    "CN=a.example.org", MCA_CHANGED },
		{ "an address", "server", { "x", NULL, SAN("IP:10.0.0.1") },
		    "CN=10.0.0.1", MCA_CHANGED },
		{ "a name too long for a CN", "server",
		    { "x", NULL,
			SAN("DNS:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
			    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.example.org") },
		    "", MCA_DROPPED },
		{ "the first that fits", "server",
		    { "x", NULL,
			SAN("DNS:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
			    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.example.org,"
			    "DNS:c.example.org") },
		    "CN=c.example.org", MCA_CHANGED },
		{ "a workload has no CN", "client",
		    { "x", NULL, SAN("URI:spiffe://td/ns/a") }, "",
		    MCA_DROPPED },
		{ "kept and fixed",
		    "policy: p\nallow: { dns: [\"*\"] }\nprofile:\n"
		    "  subject: { keep: [CN], fixed: { O: Ours, C: NO } }\n",
		    { "whatever", "Evil", SAN("DNS:a.b") },
		    "CN=whatever,O=Ours,C=NO", MCA_KEPT },
		{ "letters outside ASCII",
		    "policy: p\nallow: { dns: [\"*\"] }\nprofile:\n"
		    "  subject: { keep: [CN] }\n",
		    { "Z\xc3\xbcrich", NULL, SAN("DNS:a.b") },
		    "CN=Z\\C3\\BCrich", MCA_KEPT },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_review) r = { 0 };
		const struct mca_review_row *row = NULL;

		review(&r, rows[i].policy, &rows[i].request);
		CHECK(!refused(&r), "%s: refused: %s", rows[i].why,
		    r.findings.rows[0].detail);
		CHECK(strcmp(mca_name_text(r.subject), rows[i].subject) == 0,
		    "%s: %s", rows[i].why, mca_name_text(r.subject));
		for (size_t k = 0; k < r.count; k++)
			if (strcmp(r.rows[k].field, "CN") == 0)
				row = &r.rows[k];
		CHECK(row != NULL && row->decision == rows[i].decision,
		    "%s: decision", rows[i].why);
	}
}

static void
a_common_name_becomes_a_name_only_by_policy(void **state)
{
	static const char policy[] =
	    "policy: p\nallow: { dns: [.example.org], cn: true }\n";
	static const struct {
		const char *why;
		struct request request;
		const char *rule; /* NULL: issued */
		size_t names;
	} rows[] = {
		{ "it is allowed", { "a.example.org", NULL, { { 0 } } }, NULL,
		    1 },
		{ "beside others",
		    { "a.example.org", NULL, SAN("DNS:b.example.org") }, NULL,
		    2 },
		{ "it is there already",
		    { "B.example.org", NULL, SAN("DNS:b.example.org") }, NULL,
		    1 },
		{ "it is not allowed", { "a.example.com", NULL, { { 0 } } },
		    "MC-P-NAME", 0 },
		{ "it is no name", { "My Server", NULL, { { 0 } } },
		    "MC-P-NO-NAMES", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_review) r = { 0 };

		review(&r, policy, &rows[i].request);
		CHECK(refused(&r) == (rows[i].rule != NULL), "%s", rows[i].why);
		if (rows[i].rule != NULL)
			CHECK(mca_findings_has(&r.findings, rows[i].rule),
			    "%s: no %s", rows[i].why, rows[i].rule);
		else
			CHECK(mca_san_count(r.san) == rows[i].names,
			    "%s: %zu names", rows[i].why, mca_san_count(r.san));
	}
}

static void
harmless_extensions_are_dropped_and_said(void **state)
{
	const struct request request = { NULL, NULL,
		{ { "subjectAltName", "DNS:a.b" },
		    { "basicConstraints", "critical,CA:FALSE" },
		    { "keyUsage", "critical,digitalSignature,nonRepudiation" },
		    { "nsComment", "hello" } } };
	scoped(mca_review) r = { 0 };
	const struct mca_review_row *row;

	(void)state;
	review(&r, "server", &request);
	assert_false(refused(&r));
	assert_int_equal(r.findings.count, 3);
	row = find_row(&r, "basicConstraints", "CA:FALSE");
	assert_int_equal(row->decision, MCA_DROPPED);
	row = find_row(&r, "keyUsage", "digitalSignature, contentCommitment");
	assert_int_equal(row->decision, MCA_DROPPED);
	assert_non_null(strstr(row->because, "(profile.key_usage)"));
}

static void
a_repeated_name_is_written_once(void **state)
{
	const struct request request = { NULL, NULL,
		SAN("DNS:a.b,DNS:A.b,DNS:c.d,DNS:a.b.") };
	scoped(mca_review) r = { 0 };

	(void)state;
	review(&r, "server", &request);
	assert_false(refused(&r));
	assert_int_equal(mca_san_count(r.san), 2);
	assert_true(mca_findings_has(&r.findings, "MC-R-NAME-TWICE"));
}

static void
a_ca_keeps_its_subject_and_loses_names(void **state)
{
	const struct request request = { "Sub CA", "Example",
		{ { "subjectAltName", "DNS:a.b" },
		    { "basicConstraints", "critical,CA:TRUE" } } };
	scoped(mca_review) r = { 0 };

	(void)state;
	review(&r, "intermediate", &request);
	assert_false(refused(&r));
	assert_string_equal(mca_name_text(r.subject), "CN=Sub CA,O=Example");
	assert_int_equal(mca_san_count(r.san), 0);
	assert_int_equal(find_row(&r, "dNSName", "a.b")->decision, MCA_DROPPED);
	assert_string_equal(find_row(&r, "basicConstraints", "")->written,
	    "CA:TRUE, pathLenConstraint:0");
}

static void
a_ca_without_a_subject_is_refused(void **state)
{
	const struct request request = { NULL, NULL, { { 0 } } };
	scoped(mca_review) r = { 0 };

	(void)state;
	review(&r,
	    "policy: p\nfor: intermediate\n"
	    "profile: { subject: { keep: [CN] } }\n",
	    &request);
	assert_true(mca_findings_has(&r.findings, "MC-P-SUBJECT-EMPTY"));
}

static void
ten_thousand_names_are_answered_in_a_second(void **state)
{
	owned(char) *names = malloc(64 * 1024);
	struct request request = { NULL, NULL, SAN(names) };
	size_t used = 0, count = 0;
	scoped(mca_review) r = { 0 };
	clock_t begin;

	(void)state;
	for (; used < 60000; count++)
		used += (size_t)snprintf(names + used, 64 * 1024 - used,
		    "%sDNS:n%zu.b", count == 0 ? "" : ",", count);
	request.asked[0][1] = names;
	begin = clock();
	review(&r, "server", &request);
	assert_true(mca_findings_has(&r.findings, "MC-P-NAMES"));
	assert_true(r.count > count);
	assert_true(clock() - begin < CLOCKS_PER_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_request_is_kept),
		cmocka_unit_test(every_fault_has_its_rule),
		cmocka_unit_test(every_fault_is_told_at_once),
		cmocka_unit_test(names_outside_ascii_are_shown_both_ways),
		cmocka_unit_test(a_wildcard_over_a_suffix_must_be_named),
		cmocka_unit_test(a_wildcard_may_break_two_rules),
		cmocka_unit_test(the_subject_says_no_more_than_the_names),
		cmocka_unit_test(a_common_name_becomes_a_name_only_by_policy),
		cmocka_unit_test(harmless_extensions_are_dropped_and_said),
		cmocka_unit_test(a_repeated_name_is_written_once),
		cmocka_unit_test(a_ca_keeps_its_subject_and_loses_names),
		cmocka_unit_test(a_ca_without_a_subject_is_refused),
		cmocka_unit_test(ten_thousand_names_are_answered_in_a_second),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
