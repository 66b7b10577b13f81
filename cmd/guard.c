/*
 * guard.c - see guard.h.
 *
 * The limit alone does not keep a core from a collector that the kernel pipes
 * it to (core(5)); that the process is not dumpable does, and it keeps other
 * processes of the same user from ptrace, /proc/PID/mem and the like.  Only
 * the soft limit is lowered, so that a child can have it back.
 */
#include "guard.h"

#include <sys/prctl.h>
#include <sys/resource.h>

/* As it was before us; what a child gets back. */
static struct rlimit cores;
static bool lowered;

void
guard_memory(void)
{
	struct rlimit none;

	(void)prctl(PR_SET_DUMPABLE, 0);
	if (lowered || getrlimit(RLIMIT_CORE, &cores) != 0)
		return;
	none = (struct rlimit){ 0, cores.rlim_max };
	lowered = setrlimit(RLIMIT_CORE, &none) == 0;
}

void
guard_leave(void)
{
	if (lowered)
		(void)setrlimit(RLIMIT_CORE, &cores);
}

bool
guard_holds(void)
{
	struct rlimit now;

	return prctl(PR_GET_DUMPABLE) == 0 &&
	    getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_cur == 0;
}
