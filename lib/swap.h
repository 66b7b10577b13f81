/*
 * swap.h - files that are put in place, and back if it comes to nothing.
 *
 * A new file lies beside the old one as .NAME.minica-new until it takes its
 * name; the old one is kept as .NAME.minica-old until the new one has proven
 * itself.  Both names are fixed, so that whoever comes after a run that was
 * killed finds what it left: no file is ever forgotten, no old one lost.
 */
#ifndef MCA_SWAP_H
#define MCA_SWAP_H

#include "error.h"
#include "minica/blob.h"

#include <sys/types.h>

enum mca_swap_state {
	MCA_SWAP_NOTHING, /* under its own name is what was there */
	MCA_SWAP_STAGED,  /* the new file is durable beside it */
	MCA_SWAP_NEW,	  /* in place, where there was none */
	MCA_SWAP_KEPT,	  /* in place, and the old one is beside it */
	MCA_SWAP_SAME,	  /* in place; what was there had the same bytes */
};

struct mca_swap {
	const char *path; /* absolute, its directory without symbolic links */
	const mca_blob *parts; /* its bytes, one after the other */
	size_t part_count;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool keep_old; /* it may have to go back */
	bool same;     /* what is there has these bytes already */
	enum mca_swap_state state;
	enum mca_swap_state way_back; /* once kept: its state when in place */
};

/* mca_swap_stage writes the new file and makes its bytes durable. */
mca_code mca_swap_stage(struct mca_swap *swap, struct mca_error *err);

/*
 * mca_swap_keep gives the old file its second name.  Only when that is durable
 * (mca_swap_sync) no loss of power can take the old file, whatever comes.
 */
mca_code mca_swap_keep(struct mca_swap *swap, struct mca_error *err);

/*
 * mca_swap_in gives a staged file its name, and first keeps the old one if that
 * is wanted and was not done.
 */
mca_code mca_swap_in(struct mca_swap *swap, struct mca_error *err);

/*
 * mca_swap_back undoes it, as far as it came; when it fails it may be called
 * again.
 */
mca_code mca_swap_back(struct mca_swap *swap, struct mca_error *err);

/* mca_swap_done lets go of the old file; it too may be called again. */
mca_code mca_swap_done(struct mca_swap *swap, struct mca_error *err);

/*
 * mca_swap_in_all gives staged files that belong together their names: all of
 * them, or each is as it was.  Their directories are opened before the first
 * is renamed, and no old file is left beside; whether one is kept meanwhile,
 * mca_swap_in_all decides.
 */
mca_code mca_swap_in_all(struct mca_swap *const *swaps, size_t count,
    struct mca_error *err);

/* mca_swap_sync makes the names in the directory of `path` durable. */
mca_code mca_swap_sync(const char *path, struct mca_error *err);

/* mca_swap_sweep removes, durably, what a killed run left beside `path`. */
mca_code mca_swap_sweep(const char *path, struct mca_error *err);

/*
 * mca_swap_remove removes a file and what may lie beside it; one that is not
 * there is no error.  What is not made `durable` may be there again after the
 * power went.
 */
mca_code mca_swap_remove(const char *path, bool durable, struct mca_error *err);

#endif
