/*
 * apply_pieces.h - files on their way to their places, and their rehearsal.
 */
#ifndef MCA_APPLY_PIECES_H
#define MCA_APPLY_PIECES_H

#include "apply.h"
#include "apply_hooks.h"
#include "swap.h"

/* One file that is written. */
struct mca_placed {
	struct mca_entry *entry;
	struct mca_plan_file *file;
	struct mca_swap swap;
	mca_code code;
	struct mca_error error;
};

/* mca_pieces_sync makes durable what is in the directories of `rows`. */
mca_code mca_pieces_sync(const struct mca_placed *rows, size_t count,
    struct mca_error *err);

/*
 * mca_pieces_rehearse puts the staged files of one unit in place and runs its
 * check, reload and probe; when one fails the old files are put back, the
 * problem is noted with every entry, and `*worst` is its code if none was
 * worse. SIGHUP, SIGINT and SIGTERM are such failures, and come through at the
 * end.
 */
mca_code mca_pieces_rehearse(struct mca_placed *rows, size_t count,
    const struct mca_hooking *h, mca_code *worst, struct mca_error *err);

#endif
