/*
 * child.h - other people's programs, run for what they do.
 */
#ifndef CMD_CHILD_H
#define CMD_CHILD_H

#include <minica.h>

/*
 * child_find finds a program in PATH or where system programs are, below
 * `root` ("" for this system); NULL when it is not there.  The path, as seen
 * from within `root`, is the caller's.
 */
char *child_find(const char *root, const char *name);

/*
 * child_run runs argv[0], a path, without a shell, without input, and inside
 * `root` unless that is "".  `*status` is its exit status.  What it says is
 * kept: `said` (or NULL) gets the first few kilobytes.  MCA_ESYSTEM when it
 * could not be run.
 */
mca_code child_run(int *status, mca_text *said, const char *root,
    const char *const *argv, struct mca_error *err);

/* child_must is child_run of what has to succeed; its words tell why not. */
mca_code child_must(const char *root, const char *const *argv,
    struct mca_error *err);

#endif
