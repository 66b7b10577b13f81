/*
 * fail.h - refusals of the program's own, and what each means to the shell.
 *
 * A code that is returned with an empty message has been told already: the
 * findings, or a file's own error, are out.
 */
#ifndef CMD_FAIL_H
#define CMD_FAIL_H

#include <minica.h>

/* fail records `code` and a message, and returns the code. */
mca_code fail(struct mca_error *err, mca_code code, const char *fmt, ...)
    MCA_PRINTF(3, 4);

/* fail_errno is fail followed by ": " and the words for errno. */
mca_code fail_errno(struct mca_error *err, mca_code code, const char *fmt, ...)
    MCA_PRINTF(3, 4);

/* within puts context and ": " before the message and returns its code. */
mca_code within(struct mca_error *err, const char *fmt, ...) MCA_PRINTF(2, 3);

/* fail_memory ends the program: without memory there is nothing to say. */
_Noreturn void fail_memory(void);

/* What --detailed-exit tells when something was, or would be, changed. */
#define EXIT_CHANGED 4

/* exit_status returns what the shell is told for `code`. */
int exit_status(mca_code code);

/* worse returns whichever code has the higher exit status. */
mca_code worse(mca_code a, mca_code b);

#endif
