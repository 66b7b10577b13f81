/* ca_renew_test.c - what a renewal keeps, and what is not renewed. */
#include "world.h"

#include "store.h"

#include <string.h>

/* A home with a root, and a leaf of so many seconds; its row is `*id`. */
static mca_cert *
settle(struct world *world, int64_t *id, int64_t root_life, int64_t life)
{
	static const char *const labels[] = { "team=web", "env=prod" };
	const struct mca_signing how = { .life = life,
		.labels = labels,
		.label_count = ROWS(labels) };
	struct mca_job job = { 0 };
	mca_cert *cert;

	begin(world);
	mca_cert_free(
	    make_root(world, (struct mca_new_authority){ .life = root_life }));
	CHECK(sign_one(world, &job, &how, "www.example.org") == MCA_OK, "%s",
	    err.text);
	cert = mca_cert_ref(job.cert);
	mca_job_clear(&job);
	assert_int_equal(mca_store_newest_row(mca_ca_store(world->ca), id,
			     &err),
	    MCA_OK);
	return cert;
}

static mca_code
renew(struct world *world, mca_cert **out, const struct mca_signing *how,
    int64_t id, bool rehearse)
{
	struct mca_job job = { .renews = id };
	mca_code code = mca_ca_renew(world->ca, how, &job, rehearse, &err);

	if (code == MCA_OK)
		code = job.code;
	*out = code == MCA_OK ? mca_cert_ref(job.cert) : NULL;
	mca_job_clear(&job);
	return code;
}

static mca_code
see_labels(void *context, const struct mca_record *record,
    struct mca_error *ignored)
{
	(void)ignored;
	(void)snprintf(context, 100, "%s %s %lld", record->labels,
	    record->policy, (long long)record->renews);
	return MCA_OK;
}

static void
what_was_chosen_stays(void **state)
{
	const struct mca_signing as_before = { 0 };
	struct world world;
	mca_cert *old, *new;
	char seen[100], wanted[100];
	int64_t id, row;

	(void)state;
	old = settle(&world, &id, 0, 10 * MCA_DAY);
	reopen(&world, NOW + 8 * MCA_DAY);
	CHECK(renew(&world, &new, &as_before, id, false) == MCA_OK, "%s",
	    err.text);
	assert_true(mca_spki_equal(mca_cert_spki(old), mca_cert_spki(new)));
	assert_string_not_equal(mca_cert_serial(old), mca_cert_serial(new));
	assert_string_equal(mca_san_at(mca_cert_san(new), 0)->text,
	    "www.example.org");
	assert_int_equal(mca_cert_not_after(new), NOW + 18 * MCA_DAY);
	assert_int_equal(mca_store_newest_row(mca_ca_store(world.ca), &row,
			     &err),
	    MCA_OK);
	assert_int_equal(mca_store_get(mca_ca_store(world.ca), row, see_labels,
			     seen, &err),
	    MCA_OK);
	(void)snprintf(wanted, sizeof(wanted), "env=prod team=web server %lld",
	    (long long)id);
	assert_string_equal(seen, wanted);
	mca_cert_free(old);
	mca_cert_free(new);
	end(&world);
}

/* What its issuer's end had cut is not what was asked for. */
static void
a_life_that_was_cut_is_the_policys_again(void **state)
{
	const struct mca_signing by_new = { .issuer = "later" };
	struct world world;
	mca_cert *old, *new;
	int64_t id;

	(void)state;
	old = settle(&world, &id, 60 * MCA_DAY, 0);
	assert_int_equal(mca_cert_not_after(old), NOW + 60 * MCA_DAY);
	mca_cert_free(
	    make_root(&world, (struct mca_new_authority){ .label = "later" }));
	CHECK(renew(&world, &new, &by_new, id, false) == MCA_OK, "%s",
	    err.text);
	assert_int_equal(mca_cert_not_after(new), NOW + 90 * MCA_DAY);
	mca_cert_free(old);
	mca_cert_free(new);
	end(&world);
}

static void
a_rehearsal_records_nothing(void **state)
{
	const struct mca_signing as_before = { 0 };
	struct world world;
	mca_cert *old, *new;
	int64_t id, row;

	(void)state;
	old = settle(&world, &id, 0, 0);
	CHECK(renew(&world, &new, &as_before, id, true) == MCA_OK, "%s",
	    err.text);
	assert_non_null(new);
	assert_int_equal(mca_store_newest_row(mca_ca_store(world.ca), &row,
			     &err),
	    MCA_OK);
	assert_int_equal(row, id);
	mca_cert_free(old);
	mca_cert_free(new);
	end(&world);
}

/* Puts the leaf's certificate into another home, in another light. */
static int64_t
record_in(struct world *world, const mca_cert *cert, const char *authority,
    const char *policy)
{
	mca_store *store = mca_ca_store(world->ca);
	int64_t id;

	assert_int_equal(mca_store_begin(store, &err), MCA_OK);
	CHECK(mca_store_add(store, &id, cert,
		  authority == NULL ? MCA_ORIGIN_IMPORTED : MCA_ORIGIN_ISSUED,
		  authority, policy, NOW, &err) == MCA_OK,
	    "%s", err.text);
	assert_int_equal(mca_store_commit(store, &err), MCA_OK);
	return id;
}

static void
refused(struct world *world, int64_t id, const struct mca_signing *how,
    mca_code wanted, const char *said)
{
	mca_cert *new;
	mca_code code = renew(world, &new, how, id, false);

	CHECK(code == wanted, "%s: %d, %s", said, (int)code, err.text);
	CHECK(strstr(err.text, said) != NULL, "told: %s", err.text);
	assert_null(new);
}

static void
what_cannot_be_renewed_is_said(void **state)
{
	const struct mca_signing as_before = { 0 };
	const struct mca_signing under_server = { .policy = "server" };
	const struct mca_revoking revoking = { .authority = "root" };
	struct world world, other;
	struct mca_revoking what = revoking;
	mca_cert *cert, *strange, *new;
	int64_t id, strange_id;
	bool changed;

	(void)state;
	cert = settle(&world, &id, 0, 0);
	strange = settle(&other, &strange_id, 0, 0);
	refused(&world, 1, &as_before, MCA_EUSAGE,
	    "see `minica help rollover`");
	refused(&world, 9999, &as_before, MCA_ENOTFOUND, "9999");
	refused(&world, record_in(&world, strange, NULL, NULL), &as_before,
	    MCA_EPOLICY, "was not issued by an authority of this home");
	end(&other);
	mca_cert_free(strange);

	/* One from before policies were recorded needs to be told its own. */
	strange = settle(&other, &strange_id, 0, 0);
	strange_id = record_in(&world, strange, "root", NULL);
	refused(&world, strange_id, &as_before, MCA_EUSAGE,
	    "no policy on record");
	CHECK(renew(&world, &new, &under_server, strange_id, false) == MCA_OK,
	    "%s", err.text);
	mca_cert_free(new);
	end(&other);

	what.serial = mca_cert_serial(cert);
	assert_int_equal(mca_ca_revoke(world.ca, &changed, &what, &err),
	    MCA_OK);
	refused(&world, id, &as_before, MCA_EPOLICY, "is revoked");
	mca_cert_free(strange);
	mca_cert_free(cert);
	end(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_chosen_stays),
		cmocka_unit_test(a_life_that_was_cut_is_the_policys_again),
		cmocka_unit_test(a_rehearsal_records_nothing),
		cmocka_unit_test(what_cannot_be_renewed_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
