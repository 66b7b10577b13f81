/*
 * fence.h - what the kernel lets this process do from now on.
 *
 * By Landlock on Linux (landlock(7), fence_landlock.c), by pledge(2) and
 * unveil(2) where they are (fence_pledge.c).
 */
#ifndef CMD_FENCE_H
#define CMD_FENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Rights below a directory, or to a file. */
enum fence_rights { FENCE_READ, FENCE_WRITE };

struct fence {
	bool network;
	int fd;		/* of Landlock */
	uint64_t files; /* what that forbids but where a rule allows it */
};

/* fence_name is what it is called here. */
const char *fence_name(void);

/* fence_is_there says whether the kernel has it. */
bool fence_is_there(void);

/* fence_landlock is what the kernel knows of Landlock; 0 when it has none. */
int fence_landlock(void);

/*
 * fence_begin forbids to open, change or run any file, to make connections
 * unless there is a `network`, and, where the kernel can, to reach processes
 * outside; false when it cannot be had.
 */
bool fence_begin(struct fence *out, bool network);

/* fence_allow allows it below `path`; what is not there needs no rule. */
void fence_allow(const struct fence *fence, const char *path,
    enum fence_rights rights);

/* fence_enforce makes it so, for ever, and frees what begin made. */
bool fence_enforce(struct fence *fence);

#endif
