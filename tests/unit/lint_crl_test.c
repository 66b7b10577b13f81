/* lint_crl_test.c - a good list, and each rule broken once. */
#include "rows.h"

#include "minica/lint.h"
#include "minica/owned.h"
#include "ossl.h"

#define NOW INT64_C(1800000000)

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

static void
extend(X509_CRL *crl, const char *name, const char *value)
{
	owned(X509_EXTENSION) *extension =
	    X509V3_EXT_nconf(NULL, NULL, name, value);

	CHECK(extension != NULL, "cannot make %s = %s", name, value);
	assert_int_equal(X509_CRL_add_ext(crl, extension, -1), 1);
}

static X509_REVOKED *
revoke(X509_CRL *crl, long serial)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	owned(ASN1_INTEGER) *number = ASN1_INTEGER_new();
	owned(ASN1_TIME) *when = ASN1_TIME_set(NULL, NOW - 1000);

	assert_int_equal(ASN1_INTEGER_set(number, serial), 1);
	assert_int_equal(X509_REVOKED_set_serialNumber(entry, number), 1);
	assert_int_equal(X509_REVOKED_set_revocationDate(entry, when), 1);
	assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
	return entry;
}

static void
give_reason(X509_REVOKED *entry, long value, int critical)
{
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();

	assert_int_equal(ASN1_ENUMERATED_set(reason, value), 1);
	assert_int_equal(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason,
			     reason, critical, 0),
	    1);
	ASN1_ENUMERATED_free(reason);
}

static void
drop(X509_CRL *crl, int nid)
{
	X509_EXTENSION_free(
	    X509_CRL_delete_ext(crl, X509_CRL_get_ext_by_NID(crl, nid, -1)));
}

static void
nothing(X509_CRL *crl)
{
	(void)crl;
}

static void
version_1(X509_CRL *crl)
{
	assert_int_equal(X509_CRL_set_version(crl, 0), 1);
}

/* libcrypto cannot take a nextUpdate away again, so fill() leaves it out. */
static void
no_next(X509_CRL *crl)
{
	assert_null(X509_CRL_get0_nextUpdate(crl));
}

static void
backwards(X509_CRL *crl)
{
	owned(ASN1_TIME) *next = ASN1_TIME_set(NULL, NOW - 1);

	assert_int_equal(X509_CRL_set1_nextUpdate(crl, next), 1);
}

static void
generalized(X509_CRL *crl)
{
	owned(ASN1_TIME) *next = ASN1_TIME_new();

	assert_int_equal(ASN1_TIME_set_string(next, "20270401000000Z"), 1);
	assert_int_equal(X509_CRL_set1_nextUpdate(crl, next), 1);
}

static void
no_number(X509_CRL *crl)
{
	drop(crl, NID_crl_number);
}

static void
negative_number(X509_CRL *crl)
{
	drop(crl, NID_crl_number);
	extend(crl, "2.5.29.20", "DER:0201ff");
}

static void
critical_number(X509_CRL *crl)
{
	drop(crl, NID_crl_number);
	extend(crl, "2.5.29.20", "critical,DER:020101");
}

static void
no_authority(X509_CRL *crl)
{
	drop(crl, NID_authority_key_identifier);
}

static void
scope_not_critical(X509_CRL *crl)
{
	/* { onlyContainsUserCerts TRUE } */
	extend(crl, "2.5.29.28", "DER:30038101ff");
}

static void
scope(X509_CRL *crl)
{
	extend(crl, "2.5.29.28", "critical,DER:30038101ff");
}

static void
unknown(X509_CRL *crl)
{
	extend(crl, "1.2.3", "critical,DER:0500");
}

static void
entry_twice(X509_CRL *crl)
{
	(void)revoke(crl, 1);
	(void)revoke(crl, 2);
	(void)revoke(crl, 1);
}

static void
entries(X509_CRL *crl)
{
	(void)revoke(crl, 1);
	give_reason(revoke(crl, 2), 1, 0);
}

static void
reason_7(X509_CRL *crl)
{
	give_reason(revoke(crl, 1), 7, 0);
}

static void
reason_0(X509_CRL *crl)
{
	give_reason(revoke(crl, 1), 0, 0);
}

static void
reason_critical(X509_CRL *crl)
{
	give_reason(revoke(crl, 1), 1, 1);
}

static const struct change {
	const char *rule; /* NULL for none */
	void (*edit)(X509_CRL *crl);

	/* After it is signed: the last place of some octets is overwritten. */
	const char *from, *to;
	size_t length;
} rows[] = {
	{ NULL, nothing, NULL, NULL, 0 },
	{ NULL, entries, NULL, NULL, 0 },
	{ NULL, scope, NULL, NULL, 0 },
	{ "MC-L-CRL-VERSION", version_1, NULL, NULL, 0 },
	/* ecdsa-with-SHA256 becomes -SHA384, outside alone. */
	{ "MC-L-CRL-SIGNATURE-SAME", nothing,
	    "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",
	    "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03", 10 },
	{ "MC-L-CRL-NEXT-MISSING", no_next, NULL, NULL, 0 },
	{ "MC-L-CRL-ORDER", backwards, NULL, NULL, 0 },
	{ "MC-L-CRL-TIME-FORM", generalized, NULL, NULL, 0 },
	{ "MC-L-CRL-NUMBER-MISSING", no_number, NULL, NULL, 0 },
	{ "MC-L-CRL-NUMBER-FORM", negative_number, NULL, NULL, 0 },
	{ "MC-L-CRL-NUMBER-FORM", critical_number, NULL, NULL, 0 },
	{ "MC-L-CRL-AKI", no_authority, NULL, NULL, 0 },
	{ "MC-L-CRL-SCOPE-CRITICAL", scope_not_critical, NULL, NULL, 0 },
	{ "MC-L-EXT-UNKNOWN", unknown, NULL, NULL, 0 },
	{ "MC-L-CRL-ENTRY-TWICE", entry_twice, NULL, NULL, 0 },
	{ "MC-L-CRL-REASON", reason_7, NULL, NULL, 0 },
	{ "MC-L-CRL-UNSPECIFIED", reason_0, NULL, NULL, 0 },
	{ "MC-L-CRL-ENTRY-CRITICAL", reason_critical, NULL, NULL, 0 },
};

static void
fill(X509_CRL *crl, const struct change *change)
{
	owned(X509_NAME) *issuer = X509_NAME_new();
	owned(ASN1_TIME) *from = ASN1_TIME_set(NULL, NOW);
	owned(ASN1_TIME) *until = ASN1_TIME_set(NULL, NOW + 30 * MCA_DAY);

	assert_int_equal(X509_NAME_add_entry_by_txt(issuer, "CN", MBSTRING_UTF8,
			     (const unsigned char *)"A CA", -1, -1, 0),
	    1);
	assert_int_equal(X509_CRL_set_version(crl, 1), 1);
	assert_int_equal(X509_CRL_set_issuer_name(crl, issuer), 1);
	assert_int_equal(X509_CRL_set1_lastUpdate(crl, from), 1);
	if (change->edit != no_next)
		assert_int_equal(X509_CRL_set1_nextUpdate(crl, until), 1);
	extend(crl, "2.5.29.20", "DER:020101");
	extend(crl, "2.5.29.35", "DER:3006800401020304");
}

static void
patch(uint8_t *der, size_t length, const struct change *change)
{
	uint8_t *at = NULL, *next = der;

	if (change->from == NULL)
		return;
	while ((next = memmem(next, length - (size_t)(next - der), change->from,
		    change->length)) != NULL)
		at = next++;
	if (at == NULL)
		fail_msg("the octets are not there");
	else
		memcpy(at, change->to, change->length);
}

static mca_crl *
make(const struct change *change)
{
	owned(X509_CRL) *list = X509_CRL_new();
	owned(ossl_bytes) *der = NULL;
	struct mca_error err = { 0 };
	mca_crl *crl = NULL;
	int length;

	fill(list, change);
	change->edit(list);
	assert_true(X509_CRL_sign(list, key, EVP_sha256()) > 0);
	length = i2d_X509_CRL(list, &der);
	assert_true(length > 0);
	patch(der, (size_t)length, change);
	CHECK(mca_crl_parse(&crl, der, (size_t)length, &err) == MCA_OK, "%s",
	    err.text);
	return crl;
}

static void
each_rule_is_told_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_crl) *crl = make(&rows[i]);
		scoped(mca_findings) findings = { 0 };
		size_t wanted = rows[i].rule == NULL ? 0 : 1;

		mca_lint_crl(&findings, crl);
		CHECK(findings.count == wanted &&
			(wanted == 0 ||
			    mca_findings_has(&findings, rows[i].rule)),
		    "row %zu: %zu findings, the first %s", i, findings.count,
		    findings.count == 0 ? "none" : findings.rows[0].rule);
	}
}

/* An empty SEQUENCE OF entries is put in by hand before [0]. */
static void
an_empty_list_of_entries_is_told(void **state)
{
	owned(mca_crl) *good = make(&rows[0]);
	owned(mca_crl) *crl = NULL;
	scoped(mca_findings) findings = { 0 };
	struct mca_error err = { 0 };
	uint8_t der[1024];
	size_t length, head;
	const uint8_t *from = mca_crl_der(good, &length), *at;

	(void)state;
	at = memmem(from, length, "\xa0", 1);
	assert_non_null(at);
	head = (size_t)(at - from);
	memcpy(der, from, head);
	memcpy(der + head, "\x30\x00", 2);
	memcpy(der + head + 2, at, length - head);
	assert_int_equal(der[1], 0x81);
	assert_true(der[4] < 0x7e);
	der[2] += 2;
	der[4] += 2;
	CHECK(mca_crl_parse(&crl, der, length + 2, &err) == MCA_OK, "%s",
	    err.text);
	mca_lint_crl(&findings, crl);
	assert_int_equal(findings.count, 1);
	assert_string_equal(findings.rows[0].rule, "MC-L-CRL-NO-ENTRIES");
}

static void
every_rule_has_a_test(void **state)
{
	const struct mca_lint_rule *rule = mca_lint_rules();

	(void)state;
	for (; rule->rule != NULL; rule++) {
		bool found = strcmp(rule->rule, "MC-L-CRL-NO-ENTRIES") == 0;

		if (rule->kinds != MCA_LINT_CRL)
			continue;
		for (size_t i = 0; i < ROWS(rows); i++)
			found = found ||
			    (rows[i].rule != NULL &&
				strcmp(rows[i].rule, rule->rule) == 0);
		CHECK(found, "%s", rule->rule);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_is_told_alone),
		cmocka_unit_test(an_empty_list_of_entries_is_told),
		cmocka_unit_test(every_rule_has_a_test),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
