/* ca_draft_test.c - certificates that were drafted before they are signed. */
#include "world.h"

#include "ca_parts.h"
#include "store.h"

#include <string.h>

/* A home with a root, and a draft of a certificate by it. */
struct drafted {
	struct world world;
	mca_policy *policy;
	mca_csr *csr;
	mca_draft draft;
	int64_t newest;
};

static struct mca_issuer *
newest_issuer(struct drafted *d)
{
	struct mca_issuer *issuer = NULL;

	CHECK(mca_ca_load(d->world.ca, &err) == MCA_OK &&
		mca_issuers_choose_by(&issuer, &d->world.ca->issuers, NULL,
		    d->policy, NOW, &err) == MCA_OK,
	    "%s", err.text);
	return issuer;
}

static void
begin_drafted(struct drafted *d, const char *name)
{
	*d = (struct drafted){ 0 };
	begin(&d->world);
	mca_cert_free(
	    make_root(&d->world, (struct mca_new_authority){ .label = "one" }));
	d->csr = make_csr(&name, 1, "ec-p256");
	CHECK(mca_ca_find_policy(&d->policy, d->world.ca, "server", &err) ==
		MCA_OK,
	    "%s", err.text);
	CHECK(mca_store_newest_row(mca_ca_store(d->world.ca), &d->newest,
		  &err) == MCA_OK,
	    "%s", err.text);
}

static void
make_draft(struct drafted *d)
{
	d->draft = (mca_draft){ .policy = d->policy,
		.issuer = newest_issuer(d),
		.csr = d->csr };
	CHECK(mca_ca_draft(d->world.ca, &d->draft, &err) == MCA_OK, "%s",
	    err.text);
}

static void
end_drafted(struct drafted *d)
{
	mca_draft_clear(&d->draft);
	mca_policy_free(d->policy);
	mca_csr_free(d->csr);
	end(&d->world);
}

static void
sign_draft(struct drafted *d, struct mca_job *job, const char *issuer)
{
	const struct mca_signing how = { .issuer = issuer };
	mca_draft *rows[] = { &d->draft };
	const struct mca_drafts drafts = { .rows = rows, .newest = d->newest };

	*job = (struct mca_job){ .csr = d->csr };
	CHECK(mca_ca_sign_drafts(d->world.ca, &how, &drafts, job, 1, &err) ==
		MCA_OK,
	    "%s", err.text);
	assert_int_equal(d->draft.tbs.der.length, 0);
}

static void
what_was_rehearsed_is_signed_as_it_is(void **state)
{
	struct drafted d;
	struct mca_job job;
	char serial[64];

	(void)state;
	begin_drafted(&d, "www.example.org");
	make_draft(&d);
	(void)snprintf(serial, sizeof(serial), "%s",
	    mca_cert_serial(d.draft.rehearsed));
	sign_draft(&d, &job, NULL);
	assert_int_equal(job.code, MCA_OK);
	assert_string_equal(mca_cert_serial(job.cert), serial);
	mca_job_clear(&job);
	end_drafted(&d);
}

static void
a_draft_that_is_empty_is_made(void **state)
{
	struct drafted d;
	struct mca_job job;

	(void)state;
	begin_drafted(&d, "www.example.org");
	sign_draft(&d, &job, NULL);
	assert_int_equal(job.code, MCA_OK);
	assert_non_null(job.cert);
	mca_job_clear(&job);
	end_drafted(&d);
}

static void
a_draft_for_another_issuer_is_made_anew(void **state)
{
	struct drafted d;
	struct mca_job job;

	(void)state;
	begin_drafted(&d, "www.example.org");
	mca_cert_free(
	    make_root(&d.world, (struct mca_new_authority){ .label = "two" }));
	make_draft(&d);
	assert_string_equal(d.draft.issuer->label, "two");
	sign_draft(&d, &job, "one");
	assert_int_equal(job.code, MCA_OK);
	assert_true(mca_name_equal(mca_cert_issuer(job.cert),
	    mca_cert_subject(
		mca_issuers_find(&d.world.ca->issuers, "one")->cert)));
	mca_job_clear(&job);
	end_drafted(&d);
}

/* By another process. */
static void
tell_compromise(const struct world *world, const char *serial)
{
	const struct mca_revoking what = { .authority = "one",
		.serial = serial,
		.reason = "keyCompromise" };
	mca_ca *other = NULL;
	bool changed;

	CHECK(mca_ca_open(&other, &world->options, MCA_STORE_WRITE, &err) ==
		    MCA_OK &&
		mca_ca_revoke(other, &changed, &what, &err) == MCA_OK,
	    "%s", err.text);
	mca_ca_close(other);
}

static void
what_the_store_learns_meanwhile_still_counts(void **state)
{
	const struct mca_signing how = { 0 };
	struct drafted d;
	struct mca_job first, job;
	char serial[64];

	(void)state;
	begin_drafted(&d, "www.example.org");
	first = (struct mca_job){ .csr = d.csr };
	CHECK(mca_ca_sign(d.world.ca, &how, &first, 1, &err) == MCA_OK, "%s",
	    err.text);
	(void)snprintf(serial, sizeof(serial), "%s",
	    mca_cert_serial(first.cert));
	mca_job_clear(&first);
	make_draft(&d);
	tell_compromise(&d.world, serial);
	sign_draft(&d, &job, NULL);
	assert_int_equal(job.code, MCA_EPOLICY);
	assert_null(job.cert);
	mca_job_clear(&job);
	end_drafted(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_rehearsed_is_signed_as_it_is),
		cmocka_unit_test(a_draft_that_is_empty_is_made),
		cmocka_unit_test(a_draft_for_another_issuer_is_made_anew),
		cmocka_unit_test(what_the_store_learns_meanwhile_still_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
