/* fixture_test.c - every fixture is what it says, and comes back the same. */
#include "rows.h"

#include "minica/file.h"
#include "minica/fixture.h"
#include "minica/owned.h"
#include "place.h"

#define NOW INT64_C(1767225600)

static struct mca_error err;
static struct place place;

/* All of them, made once, in their order. */
static mca_fixture_files all[128];
static size_t count;

static mca_fixtures *
fresh(const char *seed, mca_time now)
{
	mca_fixtures *fixtures = NULL;

	CHECK(mca_fixtures_new(&fixtures, seed, strlen(seed), now, &err) ==
		MCA_OK,
	    "%s", err.text);
	return fixtures;
}

static int
set_up(void **state)
{
	owned(mca_fixtures) *fixtures = fresh("seed", NOW);

	(void)state;
	place_make(&place);
	for (; mca_fixture_at(count) != NULL; count++) {
		assert_true(count < ROWS(all));
		CHECK(mca_fixtures_make(&all[count], fixtures, count, &err) ==
			MCA_OK,
		    "%s", err.text);
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	place_remove(&place);
	for (size_t i = 0; i < count; i++)
		mca_fixture_files_clear(&all[i]);
	return 0;
}

static void
read_crls(mca_crls *out, const mca_blob *bytes)
{
	const char *path = place_file(&place, "crls.pem");

	assert_int_equal(mca_file_save(path, bytes->bytes, bytes->length, 0600,
			     MCA_FILE_REPLACE, &err),
	    MCA_OK);
	assert_int_equal(mca_crls_read(out, path, &err), MCA_OK);
}

static void
read_certs(mca_certs *out, const mca_blob *bytes, const char *name)
{
	CHECK(mca_certs_parse(out, bytes->bytes, bytes->length, &err) == MCA_OK,
	    "%s: %s", name, err.text);
}

static void
judge(mca_verdict *out, const struct mca_fixture *what,
    const mca_fixture_files *files)
{
	scoped(mca_certs) chain = { 0 };
	scoped(mca_certs) roots = { 0 };
	scoped(mca_crls) crls = { 0 };
	owned(mca_verifier) *verifier = NULL;
	struct mca_verify_options options;
	struct mca_reference host;

	read_certs(&chain, &files->chain, what->name);
	read_certs(&roots, &files->roots, what->name);
	if (what->require_crl)
		read_crls(&crls, &files->crls);
	if (mca_reference_parse(&host, MCA_SAN_IP, what->host, &err) != MCA_OK)
		assert_int_equal(mca_reference_parse(&host, MCA_SAN_DNS,
				     what->host, &err),
		    MCA_OK);
	mca_verify_defaults(&options, NOW);
	options.purpose = what->purpose;
	options.rules = what->rules;
	options.require_crl = what->require_crl;
	assert_int_equal(mca_verifier_new(&verifier, &roots, NULL,
			     what->require_crl ? &crls : NULL, &options, &err),
	    MCA_OK);
	assert_int_equal(mca_verify(out, verifier, chain.rows[0], &chain, &host,
			     &err),
	    MCA_OK);
}

/* What is found besides that is not said. */
static const char *
stray(const mca_findings *findings, const struct mca_fixture *what)
{
	const char *also = what->also == NULL ? "" : what->also;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->rows[i].severity >= MCA_UNDECIDED &&
		    strcmp(findings->rows[i].rule, what->rule) != 0 &&
		    strcmp(findings->rows[i].rule, also) != 0)
			return findings->rows[i].rule;
	return NULL;
}

static void
each_is_judged_as_it_says_and_for_one_reason(void **state)
{
	size_t good = 0, bad = 0;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct mca_fixture *what = mca_fixture_at(i);
		scoped(mca_verdict) verdict = { 0 };
		const char *other;

		judge(&verdict, what, &all[i]);
		other = stray(&verdict.findings, what);
		CHECK(verdict.answer == what->answer, "%s: %d, %s", what->name,
		    (int)verdict.answer, other == NULL ? "" : other);
		CHECK(other == NULL, "%s: %s as well", what->name, other);
		CHECK(*what->rule == '\0' ||
			mca_findings_has(&verdict.findings, what->rule),
		    "%s: not %s", what->name, what->rule);
		CHECK(what->also == NULL ||
			mca_findings_has(&verdict.findings, what->also),
		    "%s: not %s", what->name, what->also);
		what->answer == MCA_YES ? good++ : bad++;
	}
	assert_true(good >= 20);
	assert_true(bad >= 40);
}

static bool
same(const mca_blob *a, const mca_blob *b)
{
	return a->length == b->length && a->length > 0 &&
	    memcmp(a->bytes, b->bytes, a->length) == 0;
}

static size_t
find(const char *name)
{
	size_t i = 0;

	while (strcmp(mca_fixture_at(i)->name, name) != 0)
		i++;
	return i;
}

static void
seed_and_time_decide_every_byte(void **state)
{
	static const struct {
		const char *why, *seed;
		mca_time now;
		bool same_key, same_chain;
	} rows[] = {
		{ "the same again, made alone", "seed", NOW, true, true },
		{ "another seed", "seeds", NOW, false, false },
		{ "an empty seed", "", NOW, false, false },
		{ "another time", "seed", NOW + 1, true, false },
	};
	static const char *const names[] = { "good", "weak-key", "good-ed25519",
		"revoked" };

	(void)state;
	for (size_t n = 0; n < ROWS(names); n++) {
		size_t which = find(names[n]);
		const mca_fixture_files *one = &all[which];

		for (size_t i = 0; i < ROWS(rows); i++) {
			owned(mca_fixtures) *again =
			    fresh(rows[i].seed, rows[i].now);
			scoped(mca_fixture_files) two = { 0 };

			assert_int_equal(mca_fixtures_make(&two, again, which,
					     &err),
			    MCA_OK);
			CHECK(same(&one->key, &two.key) == rows[i].same_key,
			    "%s, %s: key", names[n], rows[i].why);
			CHECK(same(&one->chain, &two.chain) ==
				rows[i].same_chain,
			    "%s, %s: chain", names[n], rows[i].why);
			CHECK(one->crls.length == 0 ||
				same(&one->crls, &two.crls) ==
				    rows[i].same_chain,
			    "%s, %s: CRLs", names[n], rows[i].why);
		}
	}
}

/* Clients look certificates up by issuer and serial number. */
static void
one_issuer_gives_no_serial_number_twice(void **state)
{
	scoped(mca_certs) certs = { 0 };

	(void)state;
	for (size_t i = 0; i < count; i++)
		read_certs(&certs, &all[i].chain, mca_fixture_at(i)->name);
	for (size_t i = 0; i < certs.count; i++)
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(mca_cert_serial(certs.rows[i]),
				  mca_cert_serial(certs.rows[j])) != 0 ||
				memcmp(mca_cert_sha256(certs.rows[i]),
				    mca_cert_sha256(certs.rows[j]), 32) == 0,
			    "serial number %s", mca_cert_serial(certs.rows[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_judged_as_it_says_and_for_one_reason),
		cmocka_unit_test(seed_and_time_decide_every_byte),
		cmocka_unit_test(one_issuer_gives_no_serial_number_twice),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
