/*
 * timing.c - what whole processes cost, side by side.
 *
 *	timing RUNS COMMAND [ARG...] [-- COMMAND [ARG...]]...
 *
 * Runs the commands in turn, RUNS times each after one that is not counted,
 * so that whatever else the machine does falls on all of them.  "{}" in an
 * argument becomes the number of the run.  Standard output is thrown away.
 * Prints one line for each command: median CPU time (user and system) and
 * median wall time in microseconds, and the largest resident size in KB.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_COMMANDS = 8, MOST_RUNS = 1000, MOST_ARGS = 64 };

struct command {
	char **argv; /* up to "--" or the end */
	int argc;
	long cpu[MOST_RUNS], wall[MOST_RUNS];
	long resident;
};

struct cost {
	long cpu, wall, resident;
};

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "timing: %s: %s\n", what, name);
	exit(1);
}

static long
microseconds(struct timeval t)
{
	return (long)t.tv_sec * 1000000 + (long)t.tv_usec;
}

static long
wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* numbered returns `arg` with its first "{}" replaced, to be freed. */
static char *
numbered(const char *arg, int run)
{
	const char *mark = strstr(arg, "{}");
	size_t room = strlen(arg) + 16;
	char *out = malloc(room);

	if (out == NULL)
		die("out of memory", arg);
	if (mark == NULL)
		snprintf(out, room, "%s", arg);
	else
		snprintf(out, room, "%.*s%d%s", (int)(mark - arg), arg, run,
		    mark + 2);
	return out;
}

static void
become(char *const *argv)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0)
		_exit(126);
	execvp(argv[0], argv);
	_exit(127);
}

static struct cost
run_once(const struct command *command, int run)
{
	char *argv[MOST_ARGS + 1] = { NULL };
	struct rusage used;
	struct cost cost;
	long began;
	int status;
	pid_t child;

	for (int i = 0; i < command->argc; i++)
		argv[i] = numbered(command->argv[i], run);

	began = wall_clock();
	child = fork();
	if (child < 0)
		die("cannot fork", strerror(errno));
	if (child == 0)
		become(argv);
	while (wait4(child, &status, 0, &used) < 0)
		if (errno != EINTR)
			die("cannot wait", strerror(errno));
	cost.wall = wall_clock() - began;

	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		die("this command failed", argv[0]);
	cost.cpu = microseconds(used.ru_utime) + microseconds(used.ru_stime);
	cost.resident = used.ru_maxrss;
	for (int i = 0; i < command->argc; i++)
		free(argv[i]);
	return cost;
}

static int
ascending(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static long
median(long *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), ascending);
	return values[count / 2];
}

/* split cuts the arguments at each "--" and returns how many commands. */
static int
split(struct command *commands, char **argv, int argc)
{
	int count = 0;

	for (int at = 0; at < argc; at++) {
		struct command *command = &commands[count];

		if (count == MOST_COMMANDS)
			die("too many commands", argv[at]);
		command->argv = &argv[at];
		while (at < argc && strcmp(argv[at], "--") != 0) {
			command->argc++;
			at++;
		}
		if (command->argc == 0 || command->argc > MOST_ARGS)
			die("no command, or too long a one", "--");
		count++;
	}
	return count;
}

int
main(int argc, char **argv)
{
	static struct command commands[MOST_COMMANDS];
	int runs = argc > 2 ? atoi(argv[1]) : 0;
	int count;

	if (runs < 1 || runs > MOST_RUNS) {
		fprintf(stderr,
		    "usage: timing RUNS COMMAND [ARG...] "
		    "[-- COMMAND [ARG...]]...\n");
		return 2;
	}
	count = split(commands, argv + 2, argc - 2);

	for (int run = 0; run <= runs; run++) {
		for (int i = 0; i < count; i++) {
			struct cost cost = run_once(&commands[i], run);

			if (run == 0)
				continue;
			commands[i].cpu[run - 1] = cost.cpu;
			commands[i].wall[run - 1] = cost.wall;
			if (cost.resident > commands[i].resident)
				commands[i].resident = cost.resident;
		}
	}
	for (int i = 0; i < count; i++)
		printf("%ld %ld %ld\n", median(commands[i].cpu, runs),
		    median(commands[i].wall, runs), commands[i].resident);
	return 0;
}
