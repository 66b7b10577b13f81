/*
 * world.h - a home of its own for a test, at a time of its own.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "rows.h"

#include "minica/ca.h"
#include "minica/owned.h"
#include "place.h"

#define NOW INT64_C(1790000000)

static struct mca_error err;

/* A home in a place of its own, at a time of its own. */
struct world {
	struct place place;
	char home[512];
	struct mca_ca_options options;
	mca_ca *ca;
};

static inline void
reopen(struct world *world, mca_time now)
{
	mca_ca_close(world->ca);
	world->ca = NULL;
	world->options.now = now;
	CHECK(mca_ca_open(&world->ca, &world->options, MCA_STORE_CREATE,
		  &err) == MCA_OK,
	    "%s", err.text);
}

static inline void
begin(struct world *world)
{
	memset(world, 0, sizeof(*world));
	place_make(&world->place);
	(void)snprintf(world->home, sizeof(world->home), "%s",
	    place_file(&world->place, "home"));
	world->options.home = world->home;
	world->options.actor = "test";
	reopen(world, NOW);
}

static inline void
end(struct world *world)
{
	mca_ca_close(world->ca);
	place_remove(&world->place);
}

static inline mca_cert *
make_root(struct world *world, struct mca_new_authority what)
{
	mca_cert *cert = NULL;

	CHECK(mca_ca_init_root(world->ca, &cert, NULL, &what, &err) == MCA_OK,
	    "%s", err.text);
	return cert;
}

static inline mca_csr *
make_csr(const char *const *names, size_t count, const char *algorithm)
{
	owned(mca_key) *key = NULL;
	owned(mca_name) *subject = NULL;
	owned(mca_san) *san = NULL;
	mca_csr *csr = NULL;

	assert_int_equal(mca_key_generate(&key, algorithm, &err), MCA_OK);
	assert_int_equal(mca_name_new(&subject, NULL, 0, &err), MCA_OK);
	assert_int_equal(mca_san_new(&san, names, count, &err), MCA_OK);
	assert_int_equal(mca_csr_new(&csr, key, subject, san, &err), MCA_OK);
	return csr;
}

/* Signs one request for one name; the code is the job's, or the call's. */
static inline mca_code
sign_one(struct world *world, struct mca_job *job,
    const struct mca_signing *how, const char *name)
{
	owned(mca_csr) *csr = make_csr(&name, 1, "ec-p256");
	mca_code code;

	job->csr = csr;
	code = mca_ca_sign(world->ca, how, job, 1, &err);
	job->csr = NULL;
	return code == MCA_OK ? job->code : code;
}

#endif
