/*
 * child.c - see child.h.
 */
#include "child.h"

#include "fail.h"
#include "guard.h"

#include <minica/owned.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEPT = 4096, CANNOT_RUN = 127 };

static bool
is_program(const char *root, const char *path)
{
	owned(char) *real = NULL;

	if (asprintf(&real, "%s%s", root, path) < 0)
		fail_memory();
	return access(real, X_OK) == 0;
}

char *
child_find(const char *root, const char *name)
{
	static const char usual[] =
	    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	const char *path = *root == '\0' ? getenv("PATH") : NULL;
	owned(char) *places = NULL;
	char *at = NULL;

	if (asprintf(&places, "%s%s%s", path == NULL ? "" : path,
		path == NULL ? "" : ":", usual) < 0)
		fail_memory();
	for (char *one = strtok_r(places, ":", &at); one != NULL;
	     one = strtok_r(NULL, ":", &at)) {
		char *found = NULL;

		if (*one != '/')
			continue;
		if (asprintf(&found, "%s/%s", one, name) < 0)
			fail_memory();
		if (is_program(root, found))
			return found;
		free(found);
	}
	return NULL;
}

_Noreturn static void
become(const char *root, const char *const *argv, int out)
{
	int nothing = open("/dev/null", O_RDONLY);
	char **words = NULL;
	size_t count = 0;

	while (argv[count] != NULL)
		count++;
	words = calloc(count + 1, sizeof(*words));
	for (size_t i = 0; words != NULL && i < count; i++)
		words[i] = strdup(argv[i]);
	if (words == NULL || words[0] == NULL || nothing < 0 ||
	    dup2(nothing, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(out, STDERR_FILENO) < 0)
		_exit(CANNOT_RUN);
	(void)signal(SIGPIPE, SIG_DFL);
	guard_leave();
	if (*root != '\0' && (chroot(root) != 0 || chdir("/") != 0)) {
		(void)dprintf(STDERR_FILENO, "cannot run inside %s: %s", root,
		    strerror(errno));
		_exit(CANNOT_RUN);
	}
	(void)execv(words[0], words);
	(void)dprintf(STDERR_FILENO, "%s", strerror(errno));
	_exit(CANNOT_RUN);
}

/* Reads to the end, so that it can end, and keeps the beginning. */
static void
drain(mca_text *said, int from)
{
	char bytes[1024];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0 ||
	    (n < 0 && errno == EINTR))
		if (n > 0 && said != NULL && said->length < KEPT)
			mca_text_add(said, bytes, (size_t)n);
}

mca_code
child_run(int *status, mca_text *said, const char *root,
    const char *const *argv, struct mca_error *err)
{
	int ends[2], raw = 0;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail_errno(err, MCA_ESYSTEM, "pipe");
	child = fork();
	if (child == 0)
		become(root, argv, ends[1]);
	(void)close(ends[1]);
	if (child > 0)
		drain(said, ends[0]);
	(void)close(ends[0]);
	if (child < 0 || waitpid(child, &raw, 0) != child)
		return fail_errno(err, MCA_ESYSTEM, "%s", argv[0]);
	*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
	return MCA_OK;
}

mca_code
child_must(const char *root, const char *const *argv, struct mca_error *err)
{
	scoped(mca_text) said = { 0 };
	const char *text;
	size_t length;
	int status = -1;

	if (child_run(&status, &said, root, argv, err) != MCA_OK)
		return err->code;
	if (status == 0)
		return MCA_OK;
	text = mca_text_get(&said);
	length = strcspn(text, "\n");
	return fail(err, MCA_ESYSTEM, "%s: exit status %d%s%s", argv[0], status,
	    length == 0 ? "" : ": ", MCA_SHOW(text, length));
}
