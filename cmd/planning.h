/*
 * planning.h - what plan and apply have in common: a manifest, read and
 * compared, and what is told of it.
 */
#ifndef CMD_PLANNING_H
#define CMD_PLANNING_H

#include "session.h"

/* A manifest and its plan. */
typedef struct planning {
	mca_manifest *manifest;
	mca_plan *plan;
} planning;

void planning_clear(planning *p);
MCA_SCOPED(planning, planning_clear)

struct planning_options {
	bool prune, force, for_apply;
};

/* planning_read reads the manifest at `path`; of several errors all are told.
 */
mca_code planning_read(planning *out, struct session *s, const char *path,
    struct mca_error *err);

/*
 * planning_need tells what an apply of the manifest needs, in an open home
 * (need.h).
 */
mca_code planning_need(struct session *s, const planning *p, bool prune,
    struct mca_error *err);

/* planning_compare makes the plan, with the session's ca if it is open. */
mca_code planning_compare(planning *p, const struct session *s,
    const struct planning_options *options, struct mca_error *err);

/*
 * planning_tell prints a line for each row (those that stay as they are only
 * with `all`), and why the others cannot be had; the code is the worst of
 * these.
 */
mca_code planning_tell(struct session *s, const planning *p, bool all);

/* planning_tell_changed makes the exit status 4. */
void planning_tell_changed(struct session *s);

#endif
