/*
 * plan_disk.h - a file that a manifest wants beside the one on the disk.
 */
#ifndef MCA_PLAN_DISK_H
#define MCA_PLAN_DISK_H

#include "plan.h"

/* mca_plan_look reads all listed files that are there, on all cores. */
mca_code mca_plan_look(mca_plan *plan, struct mca_error *err);

/*
 * mca_plan_disk compares one file that was looked at, sets `wrong` and settles
 * the mode and owner it is to have; reasons go to the entry's unless its
 * certificate is new anyway.
 */
mca_code mca_plan_disk(mca_plan *plan, struct mca_entry *entry,
    struct mca_plan_file *file, struct mca_error *err);

/* mca_plan_writable refuses an entry whose files could not be put in place. */
void mca_plan_writable(struct mca_entry *entry);

#endif
