/*
 * waiting.c - see waiting.h.
 *
 * All signals are blocked from before the fork, so that none is lost, and taken
 * one by one.  What the terminal sends (Ctrl-C, Ctrl-Z) the kernel sends to the
 * whole foreground group: the command has it already.
 */
#include "waiting.h"

#include "fail.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Shells' words for how a command did not even begin. */
enum { CANNOT_RUN = 126, NOT_FOUND = 127, SIGNALLED = 128 };

static void
set_status(struct session *s, int status)
{
	s->status_given = true;
	s->status = status;
}

/* In the child: the command, or errno through the pipe. */
_Noreturn static void
become(const char *name, char *const *argv, const sigset_t *mask, pid_t parent,
    int told)
{
	ssize_t n;
	int why;

	/* Nobody else would end it when we are killed, roots and all. */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(SIGNALLED + SIGTERM);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
	(void)execvp(name, argv);
	why = errno;
	n = write(told, &why, sizeof(why));
	_exit(n < 0 ? CANNOT_RUN : NOT_FOUND);
}

/* Stops when it stops; `*over` is true, and its status known, at its end. */
static void
look_after(struct session *s, pid_t child, bool *over)
{
	int status;

	while (
	    !*over && waitpid(child, &status, WNOHANG | WUNTRACED) == child) {
		if (WIFSTOPPED(status)) {
			(void)raise(SIGSTOP);
			continue;
		}
		*over = true;
		set_status(s,
		    WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status)
					: WEXITSTATUS(status));
	}
}

static void
wait_for(struct session *s, pid_t child, const sigset_t *all)
{
	bool over = false;

	while (!over) {
		siginfo_t info;
		int number = sigwaitinfo(all, &info);

		if (number == SIGCHLD)
			look_after(s, child, &over);
		else if (number > 0 && info.si_code <= 0)
			(void)kill(child, number);
	}
}

/* Nothing comes through the pipe once exec has closed it. */
static mca_code
check_begun(struct session *s, const char *name, pid_t child, int told,
    struct mca_error *err)
{
	int why;

	if (read(told, &why, sizeof(why)) != (ssize_t)sizeof(why))
		return MCA_OK;
	(void)waitpid(child, NULL, 0);
	set_status(s, why == ENOENT ? NOT_FOUND : CANNOT_RUN);
	errno = why;
	if (why == ENOENT)
		return fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(name));
	return fail_errno(err, MCA_EUSAGE, "%s cannot be run",
	    MCA_SHOW_TEXT(name));
}

static mca_code
fork_it(pid_t *child, const char *name, char *const *argv, const sigset_t *mask,
    int *told, struct mca_error *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail_errno(err, MCA_ESYSTEM, "pipe");
	*child = fork();
	if (*child == 0)
		become(name, argv, mask, parent, ends[1]);
	(void)close(ends[1]);
	*told = ends[0];
	if (*child < 0) {
		(void)close(ends[0]);
		return fail_errno(err, MCA_ESYSTEM, "fork");
	}
	return MCA_OK;
}

static mca_code
run_and_wait(struct session *s, const char *name, char *const *argv,
    struct mca_error *err)
{
	sigset_t all, before;
	pid_t child = -1;
	mca_code code;
	int told = -1;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	code = fork_it(&child, name, argv, &before, &told, err);
	if (code == MCA_OK) {
		code = check_begun(s, name, child, told, err);
		(void)close(told);
	}
	if (code == MCA_OK) {
		json_decref(give(&s->doc));
		wait_for(s, child, &all);
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}

mca_code
waiting_run(struct session *s, const char *const *words, size_t count,
    struct mca_error *err)
{
	char **argv = calloc(count + 1, sizeof(*argv));
	mca_code code;

	assert(count > 0);
	if (argv == NULL)
		fail_memory();
	for (size_t i = 0; i < count; i++)
		if ((argv[i] = strdup(words[i])) == NULL)
			fail_memory();
	code = run_and_wait(s, words[0], argv, err);
	for (size_t i = 0; i < count; i++)
		free(argv[i]);
	free(argv);
	return code;
}
