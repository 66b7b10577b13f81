/*
 * hook.c - see hook.h.
 */
#include "hook.h"

#include "fail.h"
#include "guard.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How often the end is looked for, and how long an end may take. */
#define PAUSE_MS 20
#define GRACE_MS 5000

/* What the child says by its exit status when nothing could be run. */
#define NOT_FOUND 127

/* All that a program finds in its environment, if we have it (minica(1)). */
static const char *const kept[] = { "PATH", "HOME", "USER", "LOGNAME", "SHELL",
	"LANG", "LC_", "TZ", "TERM", "TMPDIR", "XDG_RUNTIME_DIR",
	"DBUS_SESSION_BUS_ADDRESS", "MINICA_HOME" };

/* "LC_" stands for all that begin with it. */
static bool
is_kept(const char *row, const char *secret)
{
	size_t length = strcspn(row, "=");

	if (secret != NULL && strlen(secret) == length &&
	    memcmp(row, secret, length) == 0)
		return false;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		size_t n = strlen(kept[i]);

		if (strncmp(row, kept[i], n) == 0 &&
		    (n == length || kept[i][n - 1] == '_'))
			return true;
	}
	return false;
}

/* Its rows stay where they are; the caller frees the list. */
static char **
clean_environment(const char *secret)
{
	size_t count = 0, all = 0;
	char **clean;

	while (environ[all] != NULL)
		all++;
	clean = calloc(all + 1, sizeof(*clean));
	if (clean == NULL)
		fail_memory();
	for (size_t i = 0; i < all; i++)
		if (is_kept(environ[i], secret))
			clean[count++] = environ[i];
	return clean;
}

static void
close_others(void)
{
	long most = sysconf(_SC_OPEN_MAX);

#ifdef SYS_close_range
	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0) == 0)
		return;
#endif
	for (int fd = STDERR_FILENO + 1; fd < (most < 0 ? 1024 : most); fd++)
		(void)close(fd);
}

static _Noreturn void
become(char *const *argv, char *const *environment)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)setpgid(0, 0);
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		_exit(NOT_FOUND);
	close_others();
	(void)signal(SIGPIPE, SIG_DFL);
	guard_leave();
	(void)execvpe(argv[0], argv, environment);
	_exit(NOT_FOUND);
}

/* Waits until it ended or `ms` have passed; says whether it ended. */
static bool
ended(pid_t child, int *status, int64_t ms)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };

	for (;;) {
		pid_t found = waitpid(child, status, WNOHANG);

		if (found == child || (found < 0 && errno != EINTR))
			return true;
		if (ms <= 0)
			return false;
		(void)nanosleep(&pause, NULL);
		ms -= PAUSE_MS;
	}
}

static mca_code
judge(const char *name, int status, struct mca_error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return MCA_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return fail(err, MCA_ENOTFOUND,
		    "--exec: %s cannot be run (exit status %d); all that was "
		    "to be written is",
		    name, NOT_FOUND);
	if (WIFEXITED(status))
		return fail(err, MCA_ESYSTEM,
		    "--exec: %s failed with exit status %d; all that was to be "
		    "written is",
		    name, WEXITSTATUS(status));
	return fail(err, MCA_ESYSTEM,
	    "--exec: %s was ended by signal %d; all that was to be written is",
	    name, WTERMSIG(status));
}

static mca_code
wait_for(pid_t child, const char *name, struct mca_error *err)
{
	int status = 0;

	if (ended(child, &status, MCA_LIMIT_HOOK_SECONDS * INT64_C(1000)))
		return judge(name, status, err);
	(void)kill(-child, SIGTERM);
	if (!ended(child, &status, GRACE_MS)) {
		(void)kill(-child, SIGKILL);
		(void)waitpid(child, &status, 0);
	}
	return fail(err, MCA_ESYSTEM,
	    "--exec: %s took longer than %d seconds and was ended; all that "
	    "was to be written is",
	    name, MCA_LIMIT_HOOK_SECONDS);
}

mca_code
hook_run(const struct session *s, const char *const *words, size_t count,
    const char *secret, struct mca_error *err)
{
	char **argv = calloc(count + 1, sizeof(*argv));
	char **environment = clean_environment(secret);
	const char *name;
	pid_t child;

	assert(count > 0);
	name = MCA_SHOW_TEXT(words[0]);
	if (argv == NULL)
		fail_memory();
	for (size_t i = 0; i < count; i++)
		memcpy(&argv[i], &words[i], sizeof(argv[i]));
	detail(s, "running %s", name);
	(void)fflush(NULL);
	child = fork();
	if (child == 0)
		become(argv, environment);
	free(argv);
	free(environment);
	if (child < 0)
		return fail_errno(err, MCA_ESYSTEM, "--exec: %s", name);
	return wait_for(child, name, err);
}
