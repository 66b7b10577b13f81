/* ca_test.c - a home makes roots, intermediates and certificates. */
#include "world.h"

#include "minica/audit.h"
#include "minica/verify.h"

#include <sqlite3.h>

static size_t
keys_in(const struct world *world)
{
	struct place keys;

	(void)snprintf(keys.path, sizeof(keys.path), "%.240s/keys",
	    world->home);
	return place_count(&keys);
}

static void
what_is_issued_verifies(void **state)
{
	static const char *const algorithms[] = { "ec-p256", "ec-p384",
		"ec-p521", "ed25519", "rsa-2048" };

	(void)state;
	for (size_t i = 0; i < ROWS(algorithms); i++) {
		struct world world;
		scoped(mca_certs) trust = { 0 };
		scoped(mca_certs) helpers = { 0 };
		scoped(mca_verdict) verdict = { 0 };
		scoped(mca_findings) notes = { 0 };
		owned(mca_verifier) *verifier = NULL;
		owned(mca_cert) *intermediate = NULL;
		struct mca_verify_options options;
		struct mca_reference host;
		struct mca_job job = { 0 };
		const struct mca_signing how = { .fullchain = true };
		const struct mca_new_authority what = { .key_algorithm =
							    algorithms[i] };
		const char *label;

		begin(&world);
		mca_cert_free(make_root(&world, what));
		CHECK(mca_ca_init_intermediate(world.ca, &intermediate, &label,
			  &what, &notes, &err) == MCA_OK,
		    "%s: %s", algorithms[i], err.text);
		CHECK(sign_one(&world, &job, &how, "www.example.org") == MCA_OK,
		    "%s: %s", algorithms[i], err.text);
		mca_verify_defaults(&options, NOW);
		options.purpose = MCA_PURPOSE_SERVER;
		options.strict = strcmp(algorithms[i], "ed25519") != 0;
		assert_int_equal(mca_ca_trust(world.ca, &trust, &err), MCA_OK);
		assert_int_equal(mca_ca_helpers(world.ca, &helpers, &err),
		    MCA_OK);
		assert_int_equal(mca_verifier_new(&verifier, &trust, &helpers,
				     NULL, &options, &err),
		    MCA_OK);
		assert_int_equal(mca_reference_parse(&host, MCA_SAN_DNS,
				     "www.example.org", &err),
		    MCA_OK);
		assert_int_equal(mca_verify(&verdict, verifier, job.cert, NULL,
				     &host, &err),
		    MCA_OK);
		CHECK(verdict.answer == MCA_YES, "%s: %s", algorithms[i],
		    verdict.findings.count > 0 ? verdict.findings.rows[0].detail
					       : "");
		assert_int_equal(verdict.path.count, 3);
		mca_job_clear(&job);
		end(&world);
	}
}

static void
a_second_root_of_one_label_changes_nothing(void **state)
{
	struct world world;
	owned(mca_cert) *cert = NULL;
	const struct mca_new_authority what = { 0 };
	const struct mca_new_authority other = { .label = "other" };

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	assert_int_equal(keys_in(&world), 1);
	assert_int_equal(mca_ca_init_root(world.ca, &cert, NULL, &what, &err),
	    MCA_EEXISTS);
	assert_non_null(strstr(err.text, "--id"));
	assert_int_equal(keys_in(&world), 1);
	mca_cert_free(make_root(&world, other));
	assert_int_equal(keys_in(&world), 2);
	end(&world);
}

/* From now on the store takes no authority. */
static void
spoil(const struct world *world)
{
	char path[600];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/minica.db", world->home);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "CREATE TRIGGER spoiled BEFORE INSERT ON authority"
			     " BEGIN SELECT RAISE(ABORT, 'spoiled'); END",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
a_key_without_its_record_goes_away(void **state)
{
	struct world world;
	owned(mca_cert) *cert = NULL;
	const struct mca_new_authority what = { 0 };

	(void)state;
	begin(&world);
	spoil(&world);
	assert_int_not_equal(mca_ca_init_root(world.ca, &cert, NULL, &what,
				 &err),
	    MCA_OK);
	assert_null(cert);
	assert_int_equal(keys_in(&world), 0);
	end(&world);
}

static void
labels_are_plain_words(void **state)
{
	static const char *const labels[] = { "", ".hidden", "../root", "a b",
		"a/b", "a\nb" };
	struct world world;

	(void)state;
	begin(&world);
	for (size_t i = 0; i < ROWS(labels); i++) {
		const struct mca_new_authority what = { .label = labels[i] };
		owned(mca_cert) *cert = NULL;

		CHECK(mca_ca_init_root(world.ca, &cert, NULL, &what, &err) ==
			MCA_EUSAGE,
		    "label \"%s\"", labels[i]);
	}
	end(&world);
}

static void
constraints_hold_before_anything_is_signed(void **state)
{
	static const struct {
		const char *name;
		bool allowed;
	} rows[] = {
		{ "example.org", true },
		{ "www.example.org", true },
		{ "*.www.example.org", true },
		{ "*.example.org", false }, /* reaches the excluded one */
		{ "example.net", false },
		{ "badexample.org", false },
		{ "secret.example.org", false },
		{ "10.0.0.1", false },
	};
	static const char *const permit[] = { "example.org" };
	static const char *const exclude[] = { "secret.example.org" };
	struct world world;
	const struct mca_new_authority what = { .permit = permit,
		.permit_count = 1,
		.exclude = exclude,
		.exclude_count = 1 };
	const struct mca_signing how = { 0 };

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mca_job job = { 0 };
		mca_code code = sign_one(&world, &job, &how, rows[i].name);

		CHECK((code == MCA_OK) == rows[i].allowed, "%s: %s",
		    rows[i].name, err.text);
		CHECK((job.cert != NULL) == rows[i].allowed, "%s",
		    rows[i].name);
		if (!rows[i].allowed)
			CHECK(mca_findings_has(&job.review.findings,
				  "MC-P-CONSTRAINT"),
			    "%s: the finding", rows[i].name);
		mca_job_clear(&job);
	}
	end(&world);
}

static void
the_end_is_clamped_to_the_issuers(void **state)
{
	struct world world;
	const struct mca_new_authority what = { .life = 100 * MCA_DAY };
	const struct mca_signing how = { 0 };
	struct mca_job job = { 0 };

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	reopen(&world, NOW + 50 * MCA_DAY);
	assert_int_equal(sign_one(&world, &job, &how, "example.org"), MCA_OK);
	assert_int_equal(mca_cert_not_after(job.cert), NOW + 100 * MCA_DAY);
	mca_job_clear(&job);
	end(&world);
}

static void
an_authority_out_of_its_time_signs_nothing(void **state)
{
	static const struct {
		const char *why;
		mca_time now;
		const char *says;
	} rows[] = {
		{ "expired", NOW + 101 * MCA_DAY, "ended at" },
		{ "not yet valid", NOW - MCA_DAY, "not valid before" },
	};
	struct world world;
	const struct mca_new_authority what = { .life = 100 * MCA_DAY };
	const struct mca_signing how = { 0 };

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mca_job job = { 0 };

		reopen(&world, rows[i].now);
		CHECK(sign_one(&world, &job, &how, "example.org") ==
			MCA_EPOLICY,
		    "%s", rows[i].why);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].why, err.text);
		assert_null(job.cert);
		mca_job_clear(&job);
	}
	end(&world);
}

static void
an_intermediate_makes_no_intermediate(void **state)
{
	struct world world;
	const struct mca_new_authority first = { 0 };
	const struct mca_new_authority below = { .label = "below",
		.issuer = "intermediate" };
	owned(mca_cert) *cert = NULL;
	scoped(mca_findings) notes = { 0 };
	const char *label;

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, first));
	assert_int_equal(mca_ca_init_intermediate(world.ca, &cert, &label,
			     &first, &notes, &err),
	    MCA_OK);
	mca_cert_free(give(&cert));
	assert_int_equal(mca_ca_init_intermediate(world.ca, &cert, &label,
			     &below, &notes, &err),
	    MCA_EPOLICY);
	assert_non_null(strstr(err.text, "pathLenConstraint"));
	end(&world);
}

static void
an_intermediate_takes_over_the_roots_constraints(void **state)
{
	static const char *const permit[] = { "example.org" };
	struct world world;
	const struct mca_new_authority root = { .permit = permit,
		.permit_count = 1 };
	const struct mca_new_authority below = { 0 };
	owned(mca_cert) *cert = NULL;
	scoped(mca_findings) notes = { 0 };
	const char *label;
	bool found = false;

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, root));
	CHECK(mca_ca_init_intermediate(world.ca, &cert, &label, &below, &notes,
		  &err) == MCA_OK,
	    "%s", err.text);
	for (size_t i = 0; i < mca_cert_extension_count(cert); i++) {
		struct mca_cert_extension extension;

		mca_cert_extension_at(&extension, cert, i);
		found = found || strcmp(extension.name, "nameConstraints") == 0;
	}
	assert_true(found);
	end(&world);
}

/* Signs the request of an intermediate in the home of its root. */
static mca_cert *
sign_intermediate(struct world *root, const mca_csr *csr)
{
	const struct mca_signing how = { .policy = "intermediate" };
	struct mca_job job = { .csr = csr };
	mca_cert *cert;

	CHECK(mca_ca_sign(root->ca, &how, &job, 1, &err) == MCA_OK, "%s",
	    err.text);
	CHECK(job.code == MCA_OK, "%s", err.text);
	cert = give(&job.cert);
	job.csr = NULL;
	mca_job_clear(&job);
	return cert;
}

static void
an_offline_root_signs_an_intermediate(void **state)
{
	struct world safe, online;
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { .fullchain = true };
	owned(mca_cert) *root = NULL;
	owned(mca_cert) *cert = NULL;
	owned(mca_csr) *csr = NULL;
	scoped(mca_certs) certs = { 0 };
	scoped(mca_certs) chain = { 0 };
	struct mca_job job = { 0 };
	const char *label;

	(void)state;
	begin(&safe);
	begin(&online);
	root = make_root(&safe, what);
	assert_int_equal(mca_ca_request_intermediate(online.ca, &csr, &label,
			     &what, &err),
	    MCA_OK);
	assert_int_equal(sign_one(&online, &job, &how, "a.example"),
	    MCA_EPOLICY);
	assert_non_null(strstr(err.text, "awaited"));
	mca_job_clear(&job);

	cert = sign_intermediate(&safe, csr);
	assert_int_equal(mca_certs_add(&certs, root, &err), MCA_OK);
	assert_int_equal(mca_ca_install_intermediate(online.ca, &label, &certs,
			     &err),
	    MCA_EKEY);
	mca_certs_clear(&certs);
	assert_int_equal(mca_certs_add(&certs, cert, &err), MCA_OK);
	assert_int_equal(mca_certs_add(&certs, root, &err), MCA_OK);
	CHECK(mca_ca_install_intermediate(online.ca, &label, &certs, &err) ==
		MCA_OK,
	    "%s", err.text);
	assert_string_equal(label, "intermediate");
	assert_int_equal(mca_ca_trust(online.ca, &chain, &err), MCA_OK);
	assert_int_equal(chain.count, 0);

	CHECK(sign_one(&online, &job, &how, "a.example") == MCA_OK, "%s",
	    err.text);
	assert_int_equal(mca_certs_parse(&chain, job.output.bytes,
			     job.output.length, &err),
	    MCA_OK);
	assert_int_equal(chain.count, 2);
	mca_job_clear(&job);
	end(&safe);
	end(&online);
}

static void
a_rehearsal_leaves_no_trace(void **state)
{
	static const char *const name = "example.org";
	struct world world;
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { 0 };
	owned(mca_csr) *csr = make_csr(&name, 1, "ec-p256");
	struct mca_job job = { .csr = csr };
	int64_t broken, before, after;

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	assert_int_equal(mca_audit_verify(mca_ca_store(world.ca), &broken,
			     &before, &err),
	    MCA_OK);
	assert_int_equal(mca_ca_rehearse(world.ca, &how, &job, &err), MCA_OK);
	assert_non_null(job.cert);
	assert_int_equal(job.output.length, 0);
	assert_int_equal(mca_audit_verify(mca_ca_store(world.ca), &broken,
			     &after, &err),
	    MCA_OK);
	assert_int_equal(before, after);
	mca_job_clear(&job);
	end(&world);
}

static mca_code
count_row(void *context, const struct mca_record *record,
    struct mca_error *ignored)
{
	(void)record;
	(void)ignored;
	(*(size_t *)context)++;
	return MCA_OK;
}

static void
one_refusal_does_not_stop_the_others(void **state)
{
	static const char *const names[] = { "a.example", "*.com",
		"b.example" };
	struct world world;
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { 0 };
	const struct mca_filter filter = { .policy = "server" };
	struct mca_job jobs[3] = { 0 };
	mca_csr *csrs[3];
	size_t rows = 0;

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	for (size_t i = 0; i < 3; i++)
		jobs[i].csr = csrs[i] = make_csr(&names[i], 1, "ec-p256");
	assert_int_equal(mca_ca_sign(world.ca, &how, jobs, 3, &err), MCA_OK);
	assert_int_equal(jobs[0].code, MCA_OK);
	assert_int_equal(jobs[1].code, MCA_EPOLICY);
	assert_null(jobs[1].cert);
	assert_int_equal(jobs[2].code, MCA_OK);
	assert_int_equal(mca_store_list(mca_ca_store(world.ca), &filter,
			     count_row, &rows, &err),
	    MCA_OK);
	assert_int_equal(rows, 2);
	for (size_t i = 0; i < 3; i++) {
		mca_job_clear(&jobs[i]);
		mca_csr_free(csrs[i]);
	}
	end(&world);
}

/* All cores work on a batch, of which the first, and some others, are refused.
 */
static void
each_of_many_gets_its_own_certificate(void **state)
{
	enum { MANY = 40 };
	struct world world;
	const struct mca_new_authority what = { .key_algorithm = "ec-p256" };
	const struct mca_signing how = { 0 };
	struct mca_job jobs[MANY] = { 0 };
	mca_csr *csrs[MANY];
	owned(mca_cert) *root = NULL;
	char name[32];

	(void)state;
	begin(&world);
	root = make_root(&world, what);
	for (int i = 0; i < MANY; i++) {
		const char *const names[] = { name };

		(void)snprintf(name, sizeof(name), "h%d.example", i);
		if (i % 7 == 0)
			(void)snprintf(name, sizeof(name), "*.com");
		jobs[i].csr = csrs[i] = make_csr(names, 1, "ec-p256");
	}
	CHECK(mca_ca_sign(world.ca, &how, jobs, MANY, &err) == MCA_OK, "%s",
	    err.text);
	for (int i = 0; i < MANY; i++) {
		const mca_cert *cert = jobs[i].cert;

		(void)snprintf(name, sizeof(name), "h%d.example", i);
		CHECK((jobs[i].code == MCA_EPOLICY) == (i % 7 == 0),
		    "%d: refused or not", i);
		CHECK((cert == NULL) == (i % 7 == 0), "%d: certificate", i);
		if (cert == NULL)
			continue;
		CHECK(mca_spki_equal(mca_cert_spki(cert),
			  mca_csr_spki(csrs[i])) &&
			mca_san_has(mca_cert_san(cert), MCA_SAN_DNS, name) &&
			mca_cert_is_signed_by(cert, mca_cert_spki(root)),
		    "%d: is for its own request", i);
		for (int j = 0; j < i; j++)
			CHECK(jobs[j].cert == NULL ||
				strcmp(mca_cert_serial(jobs[j].cert),
				    mca_cert_serial(cert)) != 0,
			    "%d and %d: serial numbers", j, i);
	}
	for (int i = 0; i < MANY; i++) {
		mca_job_clear(&jobs[i]);
		mca_csr_free(csrs[i]);
	}
	end(&world);
}

static void
the_root_policy_signs_no_request(void **state)
{
	struct world world;
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { .policy = "root" };
	struct mca_job job = { 0 };

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	assert_int_equal(sign_one(&world, &job, &how, "example.org"),
	    MCA_EUSAGE);
	mca_job_clear(&job);
	end(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_issued_verifies),
		cmocka_unit_test(a_second_root_of_one_label_changes_nothing),
		cmocka_unit_test(a_key_without_its_record_goes_away),
		cmocka_unit_test(labels_are_plain_words),
		cmocka_unit_test(constraints_hold_before_anything_is_signed),
		cmocka_unit_test(the_end_is_clamped_to_the_issuers),
		cmocka_unit_test(an_authority_out_of_its_time_signs_nothing),
		cmocka_unit_test(an_intermediate_makes_no_intermediate),
		cmocka_unit_test(
		    an_intermediate_takes_over_the_roots_constraints),
		cmocka_unit_test(an_offline_root_signs_an_intermediate),
		cmocka_unit_test(a_rehearsal_leaves_no_trace),
		cmocka_unit_test(one_refusal_does_not_stop_the_others),
		cmocka_unit_test(each_of_many_gets_its_own_certificate),
		cmocka_unit_test(the_root_policy_signs_no_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
