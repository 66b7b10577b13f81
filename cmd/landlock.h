/*
 * landlock.h - what the kernel lets this process open from now on
 * (landlock(7)).
 */
#ifndef CMD_LANDLOCK_H
#define CMD_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Rights below a directory, or to a file. */
enum landlock_rights { LANDLOCK_READ, LANDLOCK_WRITE };

struct landlock {
	int fd;
	uint64_t files; /* what is forbidden but where a rule allows it */
};

/* landlock_version is what the kernel knows of it; 0 when it has none. */
int landlock_version(void);

/*
 * landlock_begin forbids to open, change or run any file, to make TCP
 * connections unless there is a `network`, and, where the kernel can, to reach
 * processes outside; false when it cannot be had.
 */
bool landlock_begin(struct landlock *out, bool network);

/* landlock_allow allows it below `path`; what is not there needs no rule. */
void landlock_allow(const struct landlock *landlock, const char *path,
    enum landlock_rights rights);

/* landlock_enforce makes it so, for ever, and frees what begin made. */
bool landlock_enforce(struct landlock *landlock);

#endif
