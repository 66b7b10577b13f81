/*
 * command.c - see command.h.
 */
#include "command.h"

#include "interrupt.h"

#include "minica/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How often a child without output is looked at, and how long it may die. */
#define TICK_MS 10
#define GRACE_MS 2000

struct child {
	pid_t pid;
	int output; /* what it says */
	int failed; /* errno of an exec that failed comes through here */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- in the child: only what is safe after fork ---- */

static _Noreturn void
become(const struct mca_command *command, pid_t parent, int output, int failed)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;
	int why;

	(void)setsid();
	/* Else it would go on beside the next run, which starts it again. */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0 ||
	    dup3(failed, STDERR_FILENO + 1, O_CLOEXEC) < 0)
		_exit(127);
	failed = STDERR_FILENO + 1;
	if (close_range((unsigned)failed + 1, ~0U, 0) != 0)
		for (int fd = failed + 1; fd < 1024; fd++)
			(void)close(fd);
	if (command->leave != NULL)
		command->leave();
	if (chdir(command->directory) == 0)
		(void)execvpe(command->words[0], command->words,
		    command->environment);
	why = errno;
	if (write(failed, &why, sizeof(why)) < 0)
		_exit(126);
	_exit(127);
}

/* ---- in the parent ---- */

/* High enough not to be among those that the child puts in order. */
static bool
make_pipe(int ends[2])
{
	int low[2], why;

	if (pipe2(low, O_CLOEXEC) != 0)
		return false;
	ends[0] = fcntl(low[0], F_DUPFD_CLOEXEC, 10);
	ends[1] = fcntl(low[1], F_DUPFD_CLOEXEC, 10);
	/* A limit below 10 is EINVAL, and no less a lack of descriptors. */
	why = errno == EINVAL ? EMFILE : errno;
	(void)close(low[0]);
	(void)close(low[1]);
	if (ends[0] >= 0 && ends[1] >= 0)
		return true;
	(void)close(ends[0]);
	(void)close(ends[1]);
	errno = why;
	return false;
}

static mca_code
start(struct child *child, const struct mca_command *command,
    struct mca_error *err)
{
	pid_t parent = getpid();
	int output[2], failed[2];

	if (!make_pipe(output))
		return mca_fail_errno(err, MCA_ESYSTEM, "cannot make a pipe");
	if (!make_pipe(failed)) {
		(void)close(output[0]);
		(void)close(output[1]);
		return mca_fail_errno(err, MCA_ESYSTEM, "cannot make a pipe");
	}
	child->pid = fork();
	if (child->pid == 0)
		become(command, parent, output[1], failed[1]);
	(void)close(output[1]);
	(void)close(failed[1]);
	child->output = output[0];
	child->failed = failed[0];
	if (child->pid > 0)
		return MCA_OK;
	(void)close(output[0]);
	(void)close(failed[0]);
	return mca_fail_errno(err, MCA_ESYSTEM, "cannot start a process");
}

/* Takes what is there to read; what is over the cap is read and dropped. */
static void
listen(const struct child *child, mca_text *said, int wait_ms)
{
	struct pollfd waiting = { .fd = child->output, .events = POLLIN };
	char space[4096];
	ssize_t n;

	if (poll(&waiting, 1, wait_ms) <= 0)
		return;
	n = read(child->output, space, sizeof(space));
	if (n > 0 && said->length < MCA_LIMIT_HOOK_OUTPUT)
		mca_text_add(said, space, (size_t)n);
	if (n <= 0 && wait_ms > 0)
		(void)poll(NULL, 0, wait_ms);
}

enum fate { ENDED, LATE, STOPPED, LOST };

/* Waits until it ends or `deadline` comes; what it starts may live on. */
static enum fate
wait_for(const struct child *child, int *status, mca_text *said,
    int64_t deadline, bool stoppable)
{
	pid_t found;

	while ((found = waitpid(child->pid, status, WNOHANG)) == 0) {
		if (now_ms() >= deadline)
			return LATE;
		if (stoppable && mca_interrupt_came())
			return STOPPED;
		listen(child, said, TICK_MS);
	}
	for (int i = 0; i < 16; i++)
		listen(child, said, 0);
	return found == child->pid ? ENDED : LOST;
}

/* Ends a child that hangs, and the session that it leads. */
static void
end(const struct child *child, int *status, mca_text *said)
{
	(void)kill(-child->pid, SIGTERM);
	(void)kill(child->pid, SIGTERM);
	if (wait_for(child, status, said, now_ms() + GRACE_MS, false) == LATE) {
		(void)kill(child->pid, SIGKILL);
		(void)waitpid(child->pid, status, 0);
	}
	(void)kill(-child->pid, SIGKILL);
}

/* Whether an exec failed for want of something, whatever was to be run. */
static bool
is_shortage(int why)
{
	return why == ENOMEM || why == EAGAIN || why == EMFILE ||
	    why == ENFILE || why == EIO;
}

static mca_code
judge(const struct mca_command *command, const struct child *child, int status,
    struct mca_error *err)
{
	const char *name = MCA_SHOW_TEXT(command->words[0]);
	int why;

	if (read(child->failed, &why, sizeof(why)) == sizeof(why)) {
		errno = why;
		return mca_fail_errno(err,
		    is_shortage(why) ? MCA_ESYSTEM : MCA_ENOTFOUND,
		    "%s cannot be started", name);
	}
	if (WIFSIGNALED(status))
		return mca_fail(err, MCA_EUNDECIDED,
		    "%s was killed by signal "
		    "%d",
		    name, WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return mca_fail(err, MCA_EPOLICY, "%s ended with status %d",
		    name, WEXITSTATUS(status));
	return MCA_OK;
}

mca_code
mca_command_run(mca_text *said, const struct mca_command *command,
    struct mca_error *err)
{
	int64_t deadline = now_ms() + command->seconds * 1000;
	const char *name = MCA_SHOW_TEXT(command->words[0]);
	struct child child;
	int status = 0;
	mca_code code = start(&child, command, err);

	if (code != MCA_OK)
		return code;
	switch (wait_for(&child, &status, said, deadline, command->stoppable)) {
	case ENDED:
		code = judge(command, &child, status, err);
		break;
	case LATE:
		end(&child, &status, said);
		code = mca_fail(err, MCA_EUNDECIDED,
		    "%s was ended: it took longer than %lld seconds", name,
		    (long long)command->seconds);
		break;
	case STOPPED:
		end(&child, &status, said);
		code = mca_fail(err, MCA_EUNDECIDED,
		    "%s was ended: a signal asked for it", name);
		break;
	case LOST:
		/* Where SIGCHLD is ignored, statuses are thrown away. */
		code = mca_fail(err, MCA_EUNDECIDED,
		    "%s ended, and how is not known: this process ignores "
		    "SIGCHLD",
		    name);
		break;
	}
	(void)close(child.output);
	(void)close(child.failed);
	return code;
}
