/*
 * hook.h - a command of the user's, run once something has changed.
 */
#ifndef CMD_HOOK_H
#define CMD_HOOK_H

#include "session.h"

/*
 * hook_run runs the words as a program and its arguments, without a shell,
 * and waits for it.  Its standard input is empty, what it writes goes to
 * standard error, no other descriptor is open, and its environment has what
 * every program needs alone, never the variable `secret` (or NULL).
 * MCA_ENOTFOUND if it cannot be run, MCA_ESYSTEM if it fails or takes longer
 * than MCA_LIMIT_HOOK_SECONDS: then it is ended, with what it started.
 */
mca_code hook_run(const struct session *s, const char *const *words,
    size_t count, const char *secret, struct mca_error *err);

#endif
