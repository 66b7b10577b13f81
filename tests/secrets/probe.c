/*
 * probe.c - preloaded: what a process could still do as it ends.
 *
 * Whoever took it over would try the same, but for the last.  One line to the
 * descriptor that was standard error, "probe: read write run connect spill",
 * each with what came of it.  PROBE_FILE is a file outside, PROBE_PORT a port
 * that listens.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int told = -1;

/* As a kernel that knows no Landlock would answer. */
long
syscall(long number, ...)
{
	static long (*real)(long, ...);
	va_list args;
	long a[6];

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number >= 444 && number <= 446 && getenv("PROBE_OLD") != NULL) {
		errno = ENOSYS;
		return -1;
	}
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static const char *
outcome(int result)
{
	return result >= 0 ? "done" : strerrorname_np(errno);
}

static int
run(void)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		/* Without us, or it would try the same. */
		char *const none[] = { NULL };

		(void)execle("/bin/true", "true", (char *)NULL, none);
		_exit(errno == EACCES ? 1 : 2);
	}
	(void)waitpid(child, &status, 0);
	errno = EACCES;
	return WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int
reach(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	const char *port = getenv("PROBE_PORT");
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_port = htons((uint16_t)atoi(port == NULL ? "1" : port));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect(fd, (struct sockaddr *)&to, sizeof(to));
}

/* What SQLite needs for a transaction that does not fit into memory. */
static int
spill(void)
{
	int (*open_it)(const char *, void **);
	int (*exec)(void *, const char *, void *, void *, void *);
	void *db = NULL;

	*(void **)&open_it = dlsym(RTLD_DEFAULT, "sqlite3_open");
	*(void **)&exec = dlsym(RTLD_DEFAULT, "sqlite3_exec");
	errno = EIO;
	return open_it != NULL && exec != NULL && open_it(":memory:", &db) == 0
	    ? -exec(db,
		  "CREATE TEMP TABLE t (b); WITH RECURSIVE n (i) AS (SELECT 1 "
		  "UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
		  "INSERT INTO t SELECT randomblob(100000) FROM n",
		  NULL, NULL, NULL)
	    : -1;
}

__attribute__((constructor)) static void
keep(void)
{
	if (getenv("PROBE_FILE") != NULL)
		told = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 200);
}

__attribute__((destructor)) static void
probe(void)
{
	const char *file = getenv("PROBE_FILE");

	if (told < 0)
		return;
	(void)dprintf(told, "probe: read %s, ",
	    outcome(open(file, O_RDONLY | O_CLOEXEC)));
	(void)dprintf(told, "write %s, ",
	    outcome(open(file, O_WRONLY | O_CLOEXEC)));
	(void)dprintf(told, "run %s, ", outcome(run()));
	(void)dprintf(told, "connect %s, ", outcome(reach()));
	(void)dprintf(told, "spill %s\n", outcome(spill()));
}
