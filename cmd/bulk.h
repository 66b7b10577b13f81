/*
 * bulk.h - many targets at once: judged on all processors, told in order.
 */
#ifndef CMD_BULK_H
#define CMD_BULK_H

#include "judge.h"

/*
 * bulk_verify judges the first certificate of each file, the others being
 * candidates for its path; of a directory, those files are taken whose names
 * end like a certificate's.  What cannot be read is told where its verdict
 * would be.  It returns the worst of all, and sets `err` when there was
 * nothing to judge.
 */
mca_code bulk_verify(struct session *s, struct judge *judge,
    const struct words *paths, bool whole, struct mca_error *err);

#endif
