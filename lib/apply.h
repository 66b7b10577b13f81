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

/* What the certificates of one authority have in common. */
typedef struct mca_line {
	char *label;
	mca_certs chain, anchors;
} mca_line;

/*
 * mca_apply_line makes `line` that of an authority, if it is not already.
 */
mca_code mca_apply_line(mca_plan *plan, struct mca_line *line,
    const char *label, struct mca_error *err);
void mca_line_clear(struct mca_line *line);
MCA_SCOPED(mca_line, mca_line_clear)

/*
 * mca_apply_render makes the bytes of the files of an entry that are to be
 * written; mca_apply_is_slow says that this takes long (key stores do).
 */
mca_code mca_apply_render(struct mca_entry *entry, const struct mca_line *line,
    struct mca_error *err);
bool mca_apply_is_slow(const struct mca_entry *entry);

/*
 * mca_apply_record records, in the open transaction, what the files that were
 * rendered will be.  Those with hooks are settled later.
 */
mca_code mca_apply_record(mca_plan *plan, struct mca_entry *entry,
    struct mca_error *err);

/* mca_apply_has_hooks says whether an output has a check, reload or probe. */
bool mca_apply_has_hooks(const struct mca_output *output);

/*
 * mca_apply_deploy puts files in place, recording those that are not yet; an
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
