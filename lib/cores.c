/*
 * cores.c - see minica/cores.h.
 */
#include "minica/cores.h"

#include <sched.h>
#include <unistd.h>

/* 0 where the system has no such call, or more processors than fit. */
static size_t
allowed_cores(void)
{
#ifdef CPU_COUNT
	cpu_set_t cores;

	if (sched_getaffinity(0, sizeof(cores), &cores) == 0)
		return (size_t)CPU_COUNT(&cores);
#endif
	return 0;
}

size_t
mca_cores(void)
{
	size_t allowed = allowed_cores();
	long online = allowed > 0 ? 0 : sysconf(_SC_NPROCESSORS_ONLN);

	if (allowed > 0)
		return allowed;
	return online < 1 ? 1 : (size_t)online;
}
