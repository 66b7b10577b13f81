/*
 * rollover.h - what the stages share.
 */
#ifndef MCA_ROLLOVER_PRIVATE_H
#define MCA_ROLLOVER_PRIVATE_H

#include "ca_parts.h"
#include "minica/rollover.h"
#include "store.h"

/* mca_rollover_row reads the newest one; zeros when there is none. */
mca_code mca_rollover_row(mca_ca *ca, struct mca_rollover_row *out,
    struct mca_error *err);

/*
 * mca_rollover_begin begins a stage: its transaction, the authorities as they
 * are in it, the newest rollover.  mca_rollover_settle rolls back unless `code`
 * is MCA_OK, and returns it.
 */
mca_code mca_rollover_begin(mca_ca *ca, struct mca_rollover_row *row,
    struct mca_error *err);
mca_code mca_rollover_settle(mca_ca *ca, mca_code code);

/* mca_rollover_record records a certificate that a stage made. */
mca_code mca_rollover_record(mca_ca *ca, int64_t *id, const mca_cert *cert,
    const char *authority, const char *policy, struct mca_error *err);

/* mca_rollover_key loads the key of a root, which has to be here. */
mca_code mca_rollover_key(mca_ca *ca, mca_key **out, struct mca_issuer *issuer,
    struct mca_error *err);

/*
 * mca_rollover_commit ends a stage: its row, its entry, the commit.
 * mca_rollover_describe puts in `*out` what has come of it, and
 * mca_rollover_end is both.
 */
mca_code mca_rollover_commit(mca_ca *ca, struct mca_rollover_row *row,
    const char *action, struct mca_error *err);
mca_code mca_rollover_describe(mca_ca *ca, mca_rollover *out,
    const struct mca_rollover_row *row, struct mca_error *err);
mca_code mca_rollover_end(mca_ca *ca, mca_rollover *out,
    struct mca_rollover_row *row, const char *action, struct mca_error *err);

/* A certificate that is there already, to be signed by another issuer. */
struct mca_reissue {
	const mca_cert *like, *issuer;
	mca_key *key; /* of the issuer */
	mca_time not_after;
};

/*
 * mca_rollover_reissue signs it, after lint has seen it signed by a throwaway
 * key.
 */
mca_code mca_rollover_reissue(mca_ca *ca, mca_cert **out,
    const struct mca_reissue *what, struct mca_error *err);

/*
 * mca_rollover_reachable refuses unless clients with either root alone find a
 * path to each of `targets` through `helpers`.
 */
mca_code mca_rollover_reachable(mca_ca *ca, const mca_cert *old_root,
    const mca_cert *new_root, const mca_certs *targets,
    const mca_certs *helpers, struct mca_error *err);

#endif
