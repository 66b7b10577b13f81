/*
 * apply_hooks.h - the check, reload and probe of an output.
 */
#ifndef MCA_APPLY_HOOKS_H
#define MCA_APPLY_HOOKS_H

#include "plan.h"

/* Whom a hook runs for. */
struct mca_hooking {
	const mca_plan *plan;
	const struct mca_output *output; /* whose hooks they are */
	const struct mca_entry *only;	 /* NULL: they are of several */
	size_t count;			 /* of certificates */
	bool way_back;			 /* no signal stops them now */
};

/*
 * mca_apply_hook runs the command that is called `step` ("check", "reload");
 * none is MCA_OK.  The message tells how it ended and what it said last.
 */
mca_code mca_apply_hook(const struct mca_hooking *hooking, const char *step,
    struct mca_error *err);

/*
 * mca_apply_probe connects until the server shows the certificate of `entry`
 * or the time limit is over.  MCA_EUNTRUSTED when another one is served,
 * MCA_EUNDECIDED when nothing can be reached.
 */
mca_code mca_apply_probe(const struct mca_entry *entry,
    const struct mca_output *output, struct mca_error *err);

#endif
