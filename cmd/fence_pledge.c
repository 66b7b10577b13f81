/*
 * fence_pledge.c - fence.h by pledge(2) and unveil(2), which OpenBSD has.
 *
 * Nobody has run it there yet: a test calls it with functions that stand for
 * the kernel's, which shows what is asked of them and no more.
 */
#include "fence.h"

#include <unistd.h>

/* SQLite locks and changes modes, apply gives files to their owners. */
#define FILES "stdio rpath wpath cpath fattr chown flock tty"

const char *
fence_name(void)
{
	return "pledge and unveil";
}

bool
fence_is_there(void)
{
	return true;
}

int
fence_landlock(void)
{
	return 0;
}

bool
fence_begin(struct fence *out, bool network)
{
	*out = (struct fence){ .network = network, .fd = -1 };
	return true;
}

/* The first call hides all else, so that one that fails hides too much. */
void
fence_allow(const struct fence *fence, const char *path,
    enum fence_rights rights)
{
	(void)fence;
	(void)unveil(path, rights == FENCE_WRITE ? "rwc" : "r");
}

/* What is not promised fails ("error"), as it does elsewhere. */
bool
fence_enforce(struct fence *fence)
{
	return unveil(NULL, NULL) == 0 &&
	    pledge(fence->network ? FILES " inet dns error" : FILES " error",
		NULL) == 0;
}
