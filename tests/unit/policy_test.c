/* policy_test.c - policies as people write them, right and wrong. */
#include "rows.h"

#include "minica/owned.h"
#include "place.h"
#include "policy.h"

static mca_code
parse(mca_policy **out, const char *text, struct mca_error *err)
{
	return mca_policy_parse(out, "p.yaml", (const uint8_t *)text,
	    strlen(text), err);
}

static void
every_builtin_policy_is_well_made(void **state)
{
	const struct mca_builtin_policy *row = mca_policy_builtins();
	size_t count = 0;

	(void)state;
	for (; row->name != NULL; row++, count++) {
		owned(mca_policy) *policy = NULL;
		struct mca_error err = { 0 };
		mca_code code = mca_policy_find(&policy, row->name, NULL, &err);

		CHECK(code == MCA_OK, "%s: %s", row->name, err.text);
		CHECK(strcmp(mca_policy_name(policy), row->name) == 0,
		    "%s is called %s", row->name, mca_policy_name(policy));
		CHECK(mca_policy_summary(policy)[0] != '\0',
		    "%s has no summary", row->name);
		CHECK(strcmp(mca_policy_file(policy), "(built in)") == 0,
		    "%s is from %s", row->name, mca_policy_file(policy));
		CHECK(strlen(row->text) == row->length, "%s: length",
		    row->name);
	}
	assert_int_equal(count, 7);
}

static void
builtin_policies_say_what_they_should(void **state)
{
	static const struct {
		const char *name;
		enum mca_policy_kind kind;
		int64_t days, cap;
		bool ca, wildcards;
		long path_len;
		size_t usages;
	} rows[] = {
		{ "server", MCA_FOR_LEAF, 90, 397, false, true, -1, 1 },
		{ "client", MCA_FOR_LEAF, 90, 397, false, false, -1, 1 },
		{ "peer", MCA_FOR_LEAF, 90, 397, false, true, -1, 2 },
		{ "ci", MCA_FOR_LEAF, 1, 7, false, true, -1, 2 },
		{ "intermediate", MCA_FOR_INTERMEDIATE, 1825, 3650, true, false,
		    0, 0 },
		{ "root", MCA_FOR_ROOT, 3650, 9125, true, false, -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_policy) *policy = NULL;
		const struct mca_profile *profile;
		struct mca_error err = { 0 };

		assert_int_equal(mca_policy_find(&policy, rows[i].name, NULL,
				     &err),
		    MCA_OK);
		profile = mca_policy_profile(policy);
		CHECK(mca_policy_for(policy) == rows[i].kind, "%s: kind",
		    rows[i].name);
		CHECK(policy->life == rows[i].days * MCA_DAY, "%s: days",
		    rows[i].name);
		CHECK(policy->max_life == rows[i].cap * MCA_DAY, "%s: cap",
		    rows[i].name);
		CHECK(profile->ca == rows[i].ca, "%s: ca", rows[i].name);
		CHECK(profile->path_len == rows[i].path_len, "%s: path_len",
		    rows[i].name);
		CHECK(policy->wildcards == rows[i].wildcards, "%s: wildcards",
		    rows[i].name);
		CHECK(profile->ext_key_usage.count == rows[i].usages,
		    "%s: usages", rows[i].name);
		CHECK(profile->backdate == 5 * MCA_MINUTE, "%s: backdate",
		    rows[i].name);
		CHECK(policy->keys.count == 7, "%s: keys", rows[i].name);
	}
}

static const char full[] =
    "policy: full\n"
    "summary: every key there is\n"
    "for: leaf\n"
    "issuer: web-ca\n"
    "allow:\n"
    "  keys: [ec-p256, rsa-3072, rsa-2056, ed448]\n"
    "  dns: [example.org, \"*.example.org\", .int.example.org]\n"
    "  ip: [10.0.0.0/8, \"2001:db8::/32\", 192.0.2.1]\n"
    "  email: [a@example.org, \"@example.org\", .example.org]\n"
    "  uri: [\"https://*.example.org\", \"spiffe://td/ns/\", \"urn:*\"]\n"
    "  wildcards: true\n"
    "  names: 7\n"
    "  cn: true\n"
    "  key_reuse: refuse\n"
    "  held_names: refuse\n"
    "  lookalikes: warn\n"
    "deny:\n"
    "  dns: [secret.example.org]\n"
    "  ip: [10.9.0.0/16]\n"
    "  email: [root@example.org]\n"
    "  uri: [\"https://admin.example.org\"]\n"
    "profile:\n"
    "  days: 12h\n"
    "  min_days: 1h\n"
    "  max_days: 30\n"
    "  beyond: clamp\n"
    "  backdate: 1m\n"
    "  ca: false\n"
    "  path_len: none\n"
    "  key_usage: [digitalSignature, keyAgreement]\n"
    "  extended_key_usage: [serverAuth, 1.3.6.1.4.1.311.20.2.2]\n"
    "  subject:\n"
    "    common_name: none\n"
    "    fixed: { O: Example, C: NO }\n"
    "    keep: [CN]\n"
    "    require: [OU]\n"
    "  crl_urls: [\"http://pki.example.org/ca.crl\"]\n"
    "  issuer_urls: [\"http://pki.example.org/ca.der\"]\n"
    "  ocsp_urls: [\"http://ocsp.example.org\"]\n"
    "  certificate_policies: [1.3.6.1.4.1.99999.1]\n"
    "  extensions:\n"
    "    - { oid: 1.3.6.1.4.1.99999.2, utf8: hello }\n"
    "    - { oid: 1.3.6.1.5.5.7.1.24, critical: true, der: 3003020105 }\n"
    "tests: [{ names: [a.example.org], expect: accept }]\n";

static void
every_key_is_read(void **state)
{
	owned(mca_policy) *p = NULL;
	struct mca_error err = { 0 };
	const struct mca_profile *profile;

	(void)state;
	CHECK(parse(&p, full, &err) == MCA_OK, "%s", err.text);
	profile = mca_policy_profile(p);
	for (int key = 0; key < MCA_PK_COUNT; key++)
		CHECK(key == MCA_PK_EXTENDS || p->places[key].line > 0,
		    "%s was not read",
		    mca_policy_key_path((enum mca_policy_key)key));
	assert_string_equal(mca_policy_issuer(p), "web-ca");
	assert_int_equal(p->keys.count, 4);
	assert_int_equal(p->allow[MCA_SAN_DNS].count, 3);
	assert_int_equal(p->allow[MCA_SAN_IP].rows[1].prefix, 32);
	assert_int_equal(p->deny[MCA_SAN_EMAIL].count, 1);
	assert_int_equal(p->names_max, 7);
	assert_true(p->cn_is_name);
	assert_int_equal(p->lookalikes, MCA_LOOKALIKES_WARN);
	assert_int_equal(p->life, 12 * MCA_HOUR);
	assert_int_equal(p->min_life, MCA_HOUR);
	assert_int_equal(p->max_life, 30 * MCA_DAY);
	assert_int_equal(p->beyond, MCA_BEYOND_CLAMP);
	assert_int_equal(profile->backdate, 60);
	assert_int_equal(profile->key_usage,
	    MCA_KU_DIGITAL_SIGNATURE | MCA_KU_KEY_AGREEMENT);
	assert_string_equal(profile->ext_key_usage.words[0],
	    "1.3.6.1.5.5.7.3.1");
	assert_string_equal(p->fixed.rows[1].value, "NO");
	assert_int_equal(profile->extra_count, 2);
	assert_memory_equal(profile->extra[0].der, "\x0c\x05hello", 7);
	assert_int_equal(profile->extra[1].length, 5);
	assert_true(profile->extra[1].critical);
}

/* Each row is a policy that lacks or has one thing. */
static void
what_is_wrong_is_told_with_its_place(void **state)
{
#define P "policy: p\n"
#define A "allow: { dns: [example.org] }\n"
	static const struct {
		const char *why, *text, *says;
	} rows[] = {
		{ "no mapping", "- a\n", "not a policy" },
		{ "no name", A, "wanted policy: NAME" },
		{ "a name in capitals", "policy: Web\n" A,
		    "p.yaml:1:9: policy: \"Web\"" },
		{ "a name with a slash", "policy: ../web\n" A, "policy:" },
		{ "an unknown key", P "alow: { dns: [a.b] }\n",
		    "p.yaml:2:1: unknown key \"alow\"; did you mean "
		    "\"allow\"?" },
		{ "an unknown key below", P "allow: { dsn: [a.b] }\n",
		    "p.yaml:2:10: unknown key \"dsn\"; did you mean "
		    "\"dns\"?" },
		{ "a key in the wrong place", P A "days: 90\n",
		    "write profile.days" },
		{ "a key far from any", P A "xyzzyxyzzy: 90\n",
		    "known here: policy, summary, for, extends, issuer" },
		{ "a key of many characters",
		    P "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: "
		      "1\n",
		    "unknown key" },
		{ "an empty section", P "allow:\n", "allow: wanted keys" },
		{ "a repeated key", P A "policy: q\n",
		    ":3:1: \"policy\" is here a second time" },
		{ "an alias", P "allow: { dns: *x }\n", "aliases" },
		{ "a dotted key", P "allow.dns: [a.b]\n", "unknown key" },
		{ "a scalar for a list", P "allow: { dns: a.b }\n",
		    "allow.dns: wanted a list" },
		{ "a list of lists", P "allow: { dns: [[a.b]] }\n",
		    "found a list" },
		{ "nothing for a list", P "allow: { dns: }\n",
		    "found nothing" },
		{ "a word for a kind", P A "for: leave\n",
		    "did you mean \"leaf\"?" },
		{ "yes is no boolean", P "allow: { dns: [a.b], cn: yes }\n",
		    "allow.cn: \"yes\": wanted true or false" },
		{ "quoted true is a text",
		    P "allow: { dns: [a.b], cn: \"true\" }\n",
		    "\"true\", which quotes make a text: wanted true or "
		    "false" },
		{ "a quoted number is a text",
		    P A "profile: { days: \"90\" }\n",
		    "\"90\", which quotes make a text: wanted" },
		{ "an unknown key algorithm",
		    P "allow: { dns: [a.b], keys: [ec-p265] }\n",
		    "did you mean \"ec-p256\"?" },
		{ "weak RSA", P "allow: { dns: [a.b], keys: [rsa-1024] }\n",
		    "allow.keys: \"rsa-1024\"" },
		{ "odd RSA", P "allow: { dns: [a.b], keys: [rsa-2049] }\n",
		    "allow.keys: \"rsa-2049\"" },
		{ "a key twice",
		    P "allow: { dns: [a.b], keys: [ec-p256, ec-p256] }\n",
		    "is there twice" },
		{ "a bad DNS pattern", P "allow: { dns: [\"w*.a.b\"] }\n",
		    "allow.dns: \"w*.a.b\"" },
		{ "an address as a DNS pattern",
		    P "allow: { dns: [10.0.0.1] }\n", "iPAddress" },
		{ "a bad address", P "allow: { ip: [10.0.0.256] }\n",
		    "is not an address" },
		{ "a prefix too long", P "allow: { ip: [10.0.0.0/33] }\n",
		    "from 0 to 32" },
		{ "a prefix that is none", P "allow: { ip: [10.0.0.0/-1] }\n",
		    "from 0 to 32" },
		{ "host bits", P "allow: { ip: [10.0.0.1/8] }\n",
		    "bits set beyond /8" },
		{ "a bare host for mail", P "allow: { email: [a.b] }\n",
		    "@example.org" },
		{ "a bare host for a URI", P "allow: { uri: [a.b] }\n",
		    "scheme://host" },
		{ "a port in a URI", P "allow: { uri: [\"https://a.b:80\"] }\n",
		    "allow.uri" },
		{ "a star in a path", P "allow: { uri: [\"https://a.b/*\"] }\n",
		    "ends in /" },
		{ "zero names", P "allow: { dns: [a.b], names: 0 }\n",
		    "allows no name at all" },
		{ "too many names", P "allow: { dns: [a.b], names: 10001 }\n",
		    "out of range" },
		{ "an octal number", P "allow: { dns: [a.b], names: 010 }\n",
		    "wanted a number" },
		{ "a negative number", P "allow: { dns: [a.b], names: -1 }\n",
		    "wanted a number" },
		{ "zero days", P A "profile: { days: 0 }\n", "out of range" },
		{ "days past a century", P A "profile: { days: 36501 }\n",
		    "out of range" },
		{ "days past everything",
		    P A "profile: { days: 99999999999999999 }\n",
		    "out of range" },
		{ "no span", P A "profile: { days: 3 fortnights }\n",
		    "profile.days" },
		{ "days over the cap",
		    P A "profile: { days: 20, max_days: 10 }\n",
		    "over profile.max_days" },
		{ "days over the default cap", P A "profile: { days: 398 }\n",
		    "over profile.max_days" },
		{ "days under the floor",
		    P A "profile: { days: 1, min_days: 2 }\n",
		    "under profile.min_days" },
		{ "a backdate without unit", P A "profile: { backdate: 5 }\n",
		    "profile.backdate" },
		{ "a backdate of a month", P A "profile: { backdate: 30d }\n",
		    "out of range" },
		{ "an unknown usage",
		    P A "profile: { key_usage: [digitalSignatur] }\n",
		    "did you mean \"digitalSignature\"?" },
		{ "no usage at all", P A "profile: { key_usage: [] }\n",
		    "at least one usage" },
		{ "a leaf that signs certificates",
		    P A "profile: { key_usage: [keyCertSign] }\n",
		    "for CAs alone" },
		{ "encipherOnly alone",
		    P A "profile: { key_usage: [encipherOnly] }\n",
		    "without keyAgreement" },
		{ "an unknown extended usage",
		    P A "profile: { extended_key_usage: [serverauth] }\n",
		    "did you mean \"serverAuth\"?" },
		{ "any extended usage",
		    P A "profile: { extended_key_usage: [2.5.29.37.0] }\n",
		    "extended_key_usage" },
		{ "no OID", P A "profile: { certificate_policies: [1.3.x] }\n",
		    "certificate_policies" },
		{ "an OID that cannot be",
		    P A "profile: { certificate_policies: [9.9.9] }\n",
		    "certificate_policies" },
		{ "a leaf that is a CA", P A "profile: { ca: true }\n",
		    "write for: intermediate" },
		{ "a leaf with a path length", P A "profile: { path_len: 0 }\n",
		    "only a CA" },
		{ "a CA that is none",
		    P "for: intermediate\nprofile: { ca: false }\n",
		    "wanted true" },
		{ "a CA with names", P A "for: root\n",
		    "no names to allow or deny" },
		{ "a CA without keyCertSign",
		    P "for: root\nprofile: { key_usage: [cRLSign] }\n",
		    "a CA needs keyCertSign" },
		{ "no names allowed", P, "allows no name at all" },
		{ "wildcards of nothing",
		    P "allow: { ip: [\"*\"], wildcards: true }\n",
		    "without allow.dns" },
		{ "an unknown attribute",
		    P A "profile: { subject: { keep: [cn] } }\n",
		    "did you mean \"CN\"?" },
		{ "a country of three letters",
		    P A "profile: { subject: { fixed: { C: NOR } } }\n",
		    "profile.subject.fixed" },
		{ "fixed and kept",
		    P A "profile: { subject: { fixed: { O: x }, keep: [O] } "
			"}\n",
		    "say one" },
		{ "a CN of two minds",
		    P A "profile: { subject: { common_name: names, keep: "
			"[CN] } }\n",
		    "write common_name: none" },
		{ "no URL", P A "profile: { crl_urls: [pki.example.org] }\n",
		    "crl_urls" },
		{ "a URL with a space",
		    P A "profile: { crl_urls: [\"http://a b/\"] }\n",
		    "crl_urls" },
		{ "an extension that we write",
		    P A "profile: { extensions: [{ oid: 2.5.29.19, der: "
			"3000 }] }\n",
		    "basicConstraints is profile.ca" },
		{ "an extension without a value",
		    P A "profile: { extensions: [{ oid: 1.2.3 }] }\n",
		    "one of der and utf8" },
		{ "an extension of two values",
		    P A "profile: { extensions: [{ oid: 1.2.3, der: 0500, "
			"utf8: a }] }\n",
		    "one of der and utf8" },
		{ "DER that is none",
		    P A "profile: { extensions: [{ oid: 1.2.3, der: 3005 }] "
			"}\n",
		    "not exactly one DER element" },
		{ "DER and more",
		    P A "profile: { extensions: [{ oid: 1.2.3, der: 050005 "
			"}] }\n",
		    "not exactly one DER element" },
		{ "an odd digit",
		    P A "profile: { extensions: [{ oid: 1.2.3, der: 05000 }] "
			"}\n",
		    "hexadecimal" },
		{ "an extension twice",
		    P A "profile: { extensions: [{ oid: 1.2.3, utf8: a }, { "
			"oid: 1.2.3, utf8: b }] }\n",
		    "given twice" },
		{ "a misspelt key of an extension",
		    P A "profile: { extensions: [{ iod: 1.2.3, utf8: a }] "
			"}\n",
		    "did you mean \"oid\"?" },
		{ "a base that is not there", P "extends: servr\n",
		    "extends: no policy \"servr\"; did you mean \"server\"?" },
		{ "a base that is a list", P "extends: [server]\n",
		    "extends: wanted" },
		{ "a summary of two lines", P A "summary: \"a\\nb\"\n",
		    "summary: wanted one line" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_policy) *policy = NULL;
		struct mca_error err = { 0 };
		mca_code code = parse(&policy, rows[i].text, &err);

		CHECK(code == MCA_EFORMAT, "%s: code %s", rows[i].why,
		    mca_code_name(code));
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: says \"%s\"",
		    rows[i].why, err.text);
		CHECK(strncmp(err.text, "p.yaml:", 7) == 0, "%s: says \"%s\"",
		    rows[i].why, err.text);
	}
}

static void
a_policy_extends_another_key_by_key(void **state)
{
	owned(mca_policy) *policy = NULL;
	struct mca_error err = { 0 };

	(void)state;
	CHECK(parse(&policy,
		  "policy: web\nextends: server\n"
		  "allow: { dns: [.example.org], ip: [] }\n",
		  &err) == MCA_OK,
	    "%s", err.text);
	assert_int_equal(policy->allow[MCA_SAN_DNS].count, 1);
	assert_int_equal(policy->allow[MCA_SAN_IP].count, 0);
	assert_true(policy->wildcards);
	assert_int_equal(policy->max_life, 397 * MCA_DAY);
	assert_string_equal(MCA_BECAUSE(policy, MCA_PK_ALLOW_DNS, 0),
	    "policy web, line 3 (allow.dns)");
	assert_non_null(strstr(MCA_BECAUSE(policy, MCA_PK_MAX_DAYS, 0),
	    "built-in policy server, line "));
	assert_string_equal(MCA_BECAUSE(policy, MCA_PK_DENY_DNS, 0),
	    "policy web (default of deny.dns)");
}

static void
save(struct place *place, const char *name, const char *text)
{
	FILE *file = fopen(place_file(place, name), "w");

	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
}

static void
a_home_comes_before_the_library(void **state)
{
	struct place place;
	struct mca_error err = { 0 };
	owned(mca_policy) *mine = NULL;
	owned(mca_policy) *builtin = NULL;
	owned(mca_policy) *by_path = NULL;
	owned(mca_policy) *none = NULL;

	(void)state;
	place_make(&place);
	save(&place, "server.yaml",
	    "policy: server\nextends: server\nsummary: mine\n");
	save(&place, "other.yaml", "policy: misnamed\nextends: server\n");
	save(&place, "client.yaml", "policy: client\nsummary: [broken\n");
	assert_int_equal(mca_policy_find(&mine, "server", place.path, &err),
	    MCA_OK);
	assert_string_equal(mca_policy_summary(mine), "mine");
	assert_int_equal(mca_policy_find(&builtin, "peer", place.path, &err),
	    MCA_OK);
	assert_int_equal(mca_policy_find(&by_path,
			     place_file(&place, "other.yaml"), NULL, &err),
	    MCA_OK);
	assert_string_equal(mca_policy_name(by_path), "misnamed");

	assert_int_equal(mca_policy_find(&none, "other", place.path, &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "wanted \"other\""));
	assert_int_equal(mca_policy_find(&none, "client", place.path, &err),
	    MCA_EFORMAT);
	assert_int_equal(mca_policy_find(&none, "othr", place.path, &err),
	    MCA_ENOTFOUND);
	assert_non_null(strstr(err.text, "did you mean \"other\"?"));
	assert_int_equal(mca_policy_find(&none, "", place.path, &err),
	    MCA_ENOTFOUND);
	assert_int_equal(mca_policy_find(&none, "./absent.yaml", NULL, &err),
	    MCA_ENOTFOUND);
	assert_null(none);
	place_remove(&place);
}

/* A policy of one's own that is in the way must not give way unread. */
static void
an_unreadable_policy_is_not_passed_over(void **state)
{
	struct place place;
	struct mca_error err = { 0 };
	owned(mca_policy) *policy = NULL;

	(void)state;
	place_make(&place);
	assert_int_equal(symlink("nowhere", place_file(&place, "server.yaml")),
	    0);
	assert_int_not_equal(mca_policy_find(&policy, "server", place.path,
				 &err),
	    MCA_OK);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_builtin_policy_is_well_made),
		cmocka_unit_test(builtin_policies_say_what_they_should),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(a_policy_extends_another_key_by_key),
		cmocka_unit_test(a_home_comes_before_the_library),
		cmocka_unit_test(an_unreadable_policy_is_not_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
