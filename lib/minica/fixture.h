/*
 * minica/fixture.h - chains, good and broken, with what a strict client says.
 *
 * They are for other people's tests of other people's clients.  Keys and
 * signatures come from a seed, so that the same seed and time give the same
 * bytes with the same libcrypto; whoever knows the seed has the keys, and no
 * root of theirs may be trusted by anything but a test.
 */
#ifndef MINICA_FIXTURE_H
#define MINICA_FIXTURE_H

#include "minica/verify.h"

struct mca_fixture {
	const char *name;     /* "expired": fit for a directory */
	const char *sentence; /* what is special about it */
	const char *host;     /* whom the client means to reach */
	enum mca_purpose purpose;
	enum mca_rules rules; /* those that the verdict is by */
	bool require_crl;     /* the client asks about revocation */
	enum mca_answer answer;
	const char *rule; /* code of the finding; "" for an accepted one */
	const char *also; /* of one that comes with it, or NULL */

	/* Clients known to accept what is refused here, or NULL. */
	const char *lenient;
};

/* mca_fixture_at returns the `i`-th one, NULL after the last. */
MCA_API const struct mca_fixture *mca_fixture_at(size_t i);

/* What a server and its client need; `crls` may be empty.  All PEM. */
typedef struct mca_fixture_files {
	mca_blob chain; /* what the server sends, its certificate first */
	mca_blob key;	/* of that certificate */
	mca_blob roots; /* what the client trusts */
	mca_blob crls;	/* what the client has fetched */
} mca_fixture_files;

MCA_API void mca_fixture_files_clear(mca_fixture_files *files);
MCA_SCOPED(mca_fixture_files, mca_fixture_files_clear)

typedef struct mca_fixtures mca_fixtures;

/*
 * mca_fixtures_new makes ready to make them, valid around `now`, from a seed
 * of any length.  MCA_ESYSTEM where libcrypto lacks what a seed needs.
 */
MCA_API mca_code mca_fixtures_new(mca_fixtures **out, const void *seed,
    size_t length, mca_time now, struct mca_error *err);
MCA_API void mca_fixtures_free(mca_fixtures *fixtures);
MCA_OWNED(mca_fixtures, mca_fixtures_free)

/* mca_fixtures_make fills `out`, which is empty, with the `i`-th one. */
MCA_API mca_code mca_fixtures_make(mca_fixture_files *out,
    mca_fixtures *fixtures, size_t i, struct mca_error *err);

#endif
