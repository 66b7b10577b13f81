/*
 * interrupt.c - see interrupt.h.
 */
#include "interrupt.h"

#include <stddef.h>

static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };

void
mca_interrupt_hold(mca_interrupt *held)
{
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < COUNT; i++)
		(void)sigaddset(&set, numbers[i]);
	(void)pthread_sigmask(SIG_BLOCK, &set, &held->before);
}

void
mca_interrupt_release(const mca_interrupt *held)
{
	(void)pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}

/* Held, a signal waits even where it is ignored (nohup). */
static bool
is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 &&
	    action.sa_handler == SIG_IGN;
}

bool
mca_interrupt_came(void)
{
	sigset_t waiting;

	if (sigpending(&waiting) != 0)
		return false;
	for (size_t i = 0; i < COUNT; i++)
		if (sigismember(&waiting, numbers[i]) == 1 &&
		    !is_ignored(numbers[i]))
			return true;
	return false;
}
