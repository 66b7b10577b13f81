/*
 * within.c - runs a command and tells what it cost.
 *
 *	within COMMAND [ARGUMENT...]
 *
 * The command keeps its input and outputs; "STATUS MILLISECONDS KILOBYTES" goes
 * to descriptor 3: how it exited (128 and more for a signal), the processor
 * time it took, and the most memory it held.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long
milliseconds(const struct timeval *time)
{
	return (long)time->tv_sec * 1000 + (long)time->tv_usec / 1000;
}

int
main(int argc, char **argv)
{
	struct rusage usage = { 0 };
	int status = 0;
	pid_t pid;

	if (argc < 2)
		return 2;
	pid = fork();
	if (pid == 0) {
		(void)close(3);
		(void)execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 1;
	return dprintf(3, "%d %ld %ld\n",
		   WIFEXITED(status) ? WEXITSTATUS(status)
				     : 128 + WTERMSIG(status),
		   milliseconds(&usage.ru_utime) +
		       milliseconds(&usage.ru_stime),
		   usage.ru_maxrss) < 0;
}
