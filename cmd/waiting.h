/*
 * waiting.h - running a command in our place, and being it as far as can be
 * seen from outside.
 */
#ifndef CMD_WAITING_H
#define CMD_WAITING_H

#include "session.h"

/*
 * waiting_run runs the command and waits for its end.  It passes signals on,
 * stops and goes on with it, and makes the command's exit status that of the
 * session: 128 and the number of the signal that ended it.  MCA_ENOTFOUND
 * (status 127) when there is no such command, MCA_EUSAGE (126) when it cannot
 * be run.  From when it runs, standard output is its own.
 */
mca_code waiting_run(struct session *s, const char *const *words, size_t count,
    struct mca_error *err);

#endif
