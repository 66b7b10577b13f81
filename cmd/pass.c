/*
 * pass.c - see pass.h.
 */
#include "pass.h"

#include "fail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* What Ctrl-C sends while the terminal makes no signals of it. */
#define INTERRUPT '\003'

static const struct pass_names own_names = {
	"--pass-file",
	"--pass-fd",
	"--pass-env",
	"--ask-pass",
};
const struct pass_names pass_names_out = {
	"--out-pass-file",
	"--out-pass-fd",
	"--out-pass-env",
	"--ask-out-pass",
};

static const struct pass_names *
names(const struct pass *pass)
{
	return pass->names == NULL ? &own_names : pass->names;
}

/*
 * Reads up to a newline or the end, byte by byte: what follows the line on a
 * descriptor belongs to someone else.  `stop` is a byte that cancels.
 */
static mca_code
read_line(struct pass *pass, int fd, char stop, const char *what,
    struct mca_error *err)
{
	ssize_t n;
	char c = 0;

	pass->length = 0;
	while (((n = read(fd, &c, 1)) == 1 && c != '\n' && c != stop) ||
	    (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if (pass->length == sizeof(pass->bytes))
			return fail(err, MCA_EKEY,
			    "%s: a passphrase is at most %zu bytes long", what,
			    sizeof(pass->bytes));
		pass->bytes[pass->length++] = c;
	}
	if (n < 0)
		return fail_errno(err, MCA_ENOTFOUND, "%s", what);
	if (n == 1 && c == stop && stop != '\n')
		return fail(err, MCA_EKEY, "%s: interrupted", what);
	if (pass->length == 0)
		return fail(err, MCA_EKEY, "%s: its first line is empty", what);
	return MCA_OK;
}

/* A terminal would show what is typed, and is read for --ask-pass alone. */
static mca_code
from_stdin(struct pass *pass, struct mca_error *err)
{
	if (isatty(STDIN_FILENO))
		return fail(err, MCA_EUSAGE,
		    "%s -: standard input is a terminal: use %s",
		    names(pass)->file, names(pass)->ask);
	return read_line(pass, STDIN_FILENO, '\n', names(pass)->file, err);
}

static mca_code
from_file(struct pass *pass, struct mca_error *err)
{
	mca_code code;
	int fd;

	if (strcmp(pass->file, "-") == 0)
		return from_stdin(pass, err);
	fd = open(pass->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return fail_errno(err, MCA_ENOTFOUND, "%s %s",
		    names(pass)->file, MCA_SHOW_TEXT(pass->file));
	code = read_line(pass, fd, '\n', names(pass)->file, err);
	(void)close(fd);
	return code;
}

static mca_code
from_descriptor(struct pass *pass, struct mca_error *err)
{
	if (pass->fd.value > INT32_MAX)
		return fail(err, MCA_EUSAGE, "%s: no such descriptor",
		    names(pass)->fd);
	return read_line(pass, (int)pass->fd.value, '\n', names(pass)->fd, err);
}

/* Values of variables that were read: of PASS_OPTS and of OUT_PASS_OPTS. */
static char *seen[2];

void
pass_forget(void)
{
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		if (seen[i] != NULL)
			explicit_bzero(seen[i], strlen(seen[i]));
}

static mca_code
from_variable(struct pass *pass, struct mca_error *err)
{
	char *value = getenv(pass->env);

	if (value == NULL || *value == '\0')
		return fail(err, MCA_EUSAGE, "%s: %s is not set",
		    names(pass)->env, MCA_SHOW_TEXT(pass->env));
	pass->length = strlen(value);
	if (pass->length > sizeof(pass->bytes))
		return fail(err, MCA_EKEY,
		    "%s: a passphrase is at most %zu bytes long",
		    names(pass)->env, sizeof(pass->bytes));
	memcpy(pass->bytes, value, pass->length);
	seen[seen[0] != NULL && seen[0] != value] = value;
	return MCA_OK;
}

/*
 * One line without echo.  Signals from the keyboard are off meanwhile, so
 * that Ctrl-C comes as a byte and the echo is always put back.
 */
static mca_code
ask_once(struct pass *pass, int tty, const char *question,
    struct mca_error *err)
{
	struct termios old, silent;
	mca_code code;

	if (tcgetattr(tty, &old) != 0)
		return fail_errno(err, MCA_EUSAGE, "%s", names(pass)->ask);
	silent = old;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	silent.c_cc[VEOL] = INTERRUPT;
	if (write(tty, question, strlen(question)) < 0 ||
	    tcsetattr(tty, TCSAFLUSH, &silent) != 0)
		return fail_errno(err, MCA_EUSAGE, "%s", names(pass)->ask);
	code = read_line(pass, tty, INTERRUPT, names(pass)->ask, err);
	(void)tcsetattr(tty, TCSAFLUSH, &old);
	if (write(tty, "\n", 1) < 0 && code == MCA_OK)
		return fail_errno(err, MCA_EUSAGE, "%s", names(pass)->ask);
	return code;
}

static mca_code
ask_again(struct pass *pass, int tty, struct mca_error *err)
{
	char first[sizeof(pass->bytes)];
	size_t length = pass->length;
	mca_code code;
	bool same;

	memcpy(first, pass->bytes, length);
	code = ask_once(pass, tty, "The same passphrase again: ", err);
	same = code == MCA_OK && pass->length == length &&
	    memcmp(first, pass->bytes, length) == 0;
	explicit_bzero(first, sizeof(first));
	if (code != MCA_OK || same)
		return code;
	return fail(err, MCA_EKEY, "%s: the two are not the same",
	    names(pass)->ask);
}

static mca_code
from_terminal(struct pass *pass, struct mca_error *err)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	mca_code code;

	if (tty < 0)
		return fail(err, MCA_EUSAGE,
		    "%s: there is no terminal: use %s, %s or %s",
		    names(pass)->ask, names(pass)->file, names(pass)->fd,
		    names(pass)->env);
	code = ask_once(pass, tty, "Passphrase: ", err);
	if (code == MCA_OK && pass->making)
		code = ask_again(pass, tty, err);
	(void)close(tty);
	return code;
}

static mca_code
find_out(struct pass *pass, struct mca_error *err)
{
	if (pass->file != NULL)
		return from_file(pass, err);
	if (pass->fd.given)
		return from_descriptor(pass, err);
	if (pass->env != NULL)
		return from_variable(pass, err);
	return from_terminal(pass, err);
}

static int
get(void *context, char *out, size_t size, struct mca_error *err)
{
	struct pass *pass = context;

	if (!pass->known && find_out(pass, err) != MCA_OK)
		return -1;
	pass->known = true;
	if (pass->length > size) {
		(void)fail(err, MCA_EKEY, "passphrase too long");
		return -1;
	}
	memcpy(out, pass->bytes, pass->length);
	return (int)pass->length;
}

static int
sources(const struct pass *pass)
{
	return (pass->file != NULL) + pass->fd.given + (pass->env != NULL) +
	    pass->ask;
}

bool
pass_given(const struct pass *pass)
{
	return sources(pass) > 0;
}

mca_code
pass_source(const struct mca_passphrase **out, struct pass *pass, bool making,
    struct mca_error *err)
{
	if (sources(pass) > 1)
		return fail(err, MCA_EUSAGE, "one of %s, %s, %s and %s",
		    names(pass)->file, names(pass)->fd, names(pass)->env,
		    names(pass)->ask);
	pass->making = making;
	pass->source = (struct mca_passphrase){ get, pass };
	*out = pass_given(pass) ? &pass->source : NULL;
	return MCA_OK;
}
