/*
 * openbsd.h - what <unistd.h> of OpenBSD has beside that of this system.
 */
#ifndef TESTS_OPENBSD_H
#define TESTS_OPENBSD_H

int pledge(const char *promises, const char *execpromises);
int unveil(const char *path, const char *permissions);

#endif
