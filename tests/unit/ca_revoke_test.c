/* ca_revoke_test.c - what is revoked is told, and stays revoked. */
#include "world.h"

#include "minica/crl.h"
#include "minica/file.h"
#include "minica/verify.h"

static mca_code
collect(void *context, const void *bytes, size_t length,
    struct mca_error *ignored)
{
	mca_text *text = context;

	(void)ignored;
	mca_text_add(text, bytes, length);
	return MCA_OK;
}

/* The next CRL of the only authority, read back. */
static void
publish(struct world *world, mca_crls *out, struct mca_crl_record *record)
{
	const struct mca_crl_request what = { .this_update = world->options.now,
		.next_update = world->options.now + 7 * MCA_DAY,
		.pem = true };
	scoped(mca_text) pem = { 0 };
	const char *label;
	const char *path = place_file(&world->place, "list.crl");

	CHECK(mca_ca_crl(world->ca, record, &label, &what, collect, &pem,
		  &err) == MCA_OK,
	    "%s", err.text);
	assert_int_equal(mca_file_save(path, pem.bytes, pem.length, 0644,
			     MCA_FILE_REPLACE, &err),
	    MCA_OK);
	mca_crls_clear(out);
	assert_int_equal(mca_crls_read(out, path, &err), MCA_OK);
}

static enum mca_answer
judge(struct world *world, const mca_cert *cert, const mca_crls *crls)
{
	scoped(mca_certs) trust = { 0 };
	scoped(mca_verdict) verdict = { 0 };
	owned(mca_verifier) *verifier = NULL;
	struct mca_verify_options options;

	mca_verify_defaults(&options, world->options.now);
	options.require_crl = true;
	assert_int_equal(mca_ca_trust(world->ca, &trust, &err), MCA_OK);
	assert_int_equal(mca_verifier_new(&verifier, &trust, NULL, crls,
			     &options, &err),
	    MCA_OK);
	assert_int_equal(mca_verify(&verdict, verifier, cert, NULL, NULL, &err),
	    MCA_OK);
	return verdict.answer;
}

static mca_code
revoke_cert(struct world *world, bool *changed, const mca_cert *cert,
    const char *reason)
{
	const struct mca_revoking what = { .authority = "root",
		.serial = mca_cert_serial(cert),
		.reason = reason };

	return mca_ca_revoke(world->ca, changed, &what, &err);
}

static void
a_revoked_certificate_is_refused_by_the_next_crl(void **state)
{
	struct world world;
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { 0 };
	struct mca_job job = { 0 };
	struct mca_crl_record record;
	scoped(mca_crls) crls = { 0 };
	bool changed;

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	assert_int_equal(sign_one(&world, &job, &how, "example.org"), MCA_OK);
	publish(&world, &crls, &record);
	assert_int_equal(record.number, 1);
	assert_int_equal(record.entries, 0);
	assert_int_equal(judge(&world, job.cert, &crls), MCA_YES);

	assert_int_equal(revoke_cert(&world, &changed, job.cert,
			     "keyCompromise"),
	    MCA_OK);
	assert_true(changed);
	publish(&world, &crls, &record);
	assert_int_equal(record.number, 2);
	assert_int_equal(record.entries, 1);
	assert_int_equal(judge(&world, job.cert, &crls), MCA_NO);

	assert_int_equal(revoke_cert(&world, &changed, job.cert,
			     "keycompromise"),
	    MCA_OK);
	assert_false(changed);
	assert_int_equal(revoke_cert(&world, &changed, job.cert, "superseded"),
	    MCA_EEXISTS);
	mca_job_clear(&job);
	end(&world);
}

static void
only_a_hold_can_be_released(void **state)
{
	struct world world;
	const struct mca_new_authority root = { 0 };
	const struct mca_signing how = { 0 };
	struct mca_job job = { 0 };
	struct mca_revoking what = { .authority = "root" };
	bool changed;

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, root));
	assert_int_equal(sign_one(&world, &job, &how, "example.org"), MCA_OK);
	what.serial = mca_cert_serial(job.cert);
	assert_int_equal(mca_ca_release(world.ca, &what, &err), MCA_ENOTFOUND);
	assert_int_equal(revoke_cert(&world, &changed, job.cert,
			     "certificateHold"),
	    MCA_OK);
	assert_int_equal(mca_ca_release(world.ca, &what, &err), MCA_OK);
	assert_int_equal(revoke_cert(&world, &changed, job.cert,
			     "certificateHold"),
	    MCA_OK);
	assert_int_equal(revoke_cert(&world, &changed, job.cert, "superseded"),
	    MCA_OK);
	assert_true(changed);
	assert_int_equal(mca_ca_release(world.ca, &what, &err), MCA_EPOLICY);
	mca_job_clear(&job);
	end(&world);
}

static void
reasons_and_dates_are_those_of_the_standard(void **state)
{
	static const struct {
		const char *reason, *says;
		mca_time invalid_since;
	} rows[] = {
		{ "keycompromised", "keyCompromise", 0 },
		{ "removeFromCRL", "there are", 0 },
		{ "", "there are", 0 },
		{ "keyCompromise", "still to come", NOW + 1 },
	};
	struct world world;
	const struct mca_new_authority root = { 0 };

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, root));
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mca_revoking what = { .authority = "root",
			.serial = "01",
			.reason = rows[i].reason,
			.invalid_since = rows[i].invalid_since };
		bool changed;

		CHECK(mca_ca_revoke(world.ca, &changed, &what, &err) ==
			MCA_EUSAGE,
		    "%s", rows[i].reason);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].reason, err.text);
	}
	end(&world);
}

static void
a_revoked_authority_signs_nothing_more(void **state)
{
	struct world world;
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { .issuer = "intermediate" };
	owned(mca_cert) *cert = NULL;
	scoped(mca_findings) notes = { 0 };
	struct mca_job job = { 0 };
	const char *label;
	bool changed;

	(void)state;
	begin(&world);
	mca_cert_free(make_root(&world, what));
	assert_int_equal(mca_ca_init_intermediate(world.ca, &cert, &label,
			     &what, &notes, &err),
	    MCA_OK);
	assert_int_equal(revoke_cert(&world, &changed, cert, "cACompromise"),
	    MCA_OK);
	assert_int_equal(sign_one(&world, &job, &how, "example.org"),
	    MCA_EPOLICY);
	assert_non_null(strstr(err.text, "revoked"));
	mca_job_clear(&job);
	end(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_revoked_certificate_is_refused_by_the_next_crl),
		cmocka_unit_test(only_a_hold_can_be_released),
		cmocka_unit_test(reasons_and_dates_are_those_of_the_standard),
		cmocka_unit_test(a_revoked_authority_signs_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
