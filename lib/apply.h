/*
 * apply.h - the steps of applying a plan.
 */
#ifndef MCA_APPLY_H
#define MCA_APPLY_H

#include "plan.h"

struct mca_applying {
	mca_plan *plan;
	mca_plan_progress *progress;
	void *context;
};

/* mca_apply_tell tells the caller of progress. */
void mca_apply_tell(const struct mca_applying *a, const char *step, size_t done,
    size_t total);

/*
 * mca_apply_issue makes the certificates that are to be issued, safe keys
 * first, recorded with the names that the manifest gives them.
 */
mca_code mca_apply_issue(const struct mca_applying *a, struct mca_error *err);

/* mca_apply_render makes the bytes of all files that are to be written. */
mca_code mca_apply_render(mca_plan *plan, struct mca_error *err);

/*
 * mca_apply_deploy records what the files will be and puts them in place; an
 * entry whose hooks failed has its `problem` set and its old files back.
 * `*worst` is the worst code of those.
 */
mca_code mca_apply_deploy(const struct mca_applying *a, mca_code *worst,
    struct mca_error *err);

/* mca_apply_prune revokes, removes and forgets what is listed no longer. */
mca_code mca_apply_prune(mca_plan *plan, struct mca_error *err);

/* mca_apply_settle keeps the new keys that are not in all their files yet. */
mca_code mca_apply_settle_keys(mca_plan *plan, struct mca_error *err);

#endif
