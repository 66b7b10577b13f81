/*
 * trace.c - what was done to a disk, one line each, for powercut.py.
 *
 *	FAULT_TRACE=FILE	where the lines go
 *	FAULT_ROOT=DIR		of what lies below it
 *
 *	create INODE DIRECTORY NAME	a file came to be (NAME "-": it has
 *none) write INODE OFFSET HEX size INODE SIZE
 *	sync INODE			a file or a directory; "sync all"
 *	rename DIRECTORY OLD DIRECTORY NEW
 *	link INODE DIRECTORY NEW
 *	unlink DIRECTORY NAME
 *	mkdir DIRECTORY NAME INODE
 *	stdout SIZE			so much of standard output has left
 */
#include "shim.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int out = -1;
static dev_t device;
static off_t printed;

bool
tracing(void)
{
	return out >= 0;
}

static void
put(const char *text, size_t length)
{
	while (length > 0) {
		long n = syscall(SYS_write, out, text, length);

		if (n <= 0)
			_exit(99);
		text += n;
		length -= (size_t)n;
	}
}

/* Some commands write in many threads, and a line is put down in parts. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void
begin_line(const char *fmt, ...)
{
	char text[2 * PATH_MAX];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	(void)pthread_mutex_lock(&turn);
	put(text, (size_t)n);
}

static void
end_line(void)
{
	put("\n", 1);
	(void)pthread_mutex_unlock(&turn);
}

#define line(...) (begin_line(__VA_ARGS__), end_line())

void
fault_trace_begin(void)
{
	const char *path = getenv("FAULT_TRACE");
	const char *root = getenv("FAULT_ROOT");
	struct stat st;
	long fd;

	if (path == NULL || root == NULL || stat(root, &st) != 0)
		return;
	device = st.st_dev;
	fd = syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	/* Out of the way of the program, which closes low ones. */
	out = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
	(void)syscall(SYS_close, fd);
	(void)unsetenv("FAULT_TRACE");
	(void)unsetenv("LD_PRELOAD");
}

/* stdio writes within libc, where nobody sees it: only the size tells. */
static void
note_stdout(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size != printed) {
		printed = st.st_size;
		line("stdout %lld", (long long)printed);
	}
}

/* A regular file or directory of the device that is watched. */
static bool
watched(int fd, struct stat *st)
{
	if (out < 0)
		return false;
	note_stdout();
	return fd != STDOUT_FILENO && fd != STDERR_FILENO &&
	    fstat(fd, st) == 0 && st->st_dev == device &&
	    (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode));
}

/* The directory of a path, and the name in it. */
static bool
split(struct stat *directory, const char **name, int at, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];

	*name = slash == NULL ? path : slash + 1;
	if (slash == NULL)
		(void)snprintf(parent, sizeof(parent), ".");
	else
		(void)snprintf(parent, sizeof(parent), "%.*s",
		    (int)(slash - path) + 1, path);
	return fstatat(at, parent, directory, 0) == 0 &&
	    directory->st_dev == device;
}

void
trace_open(int fd, int flags, const char *path, bool was_there)
{
	struct stat st, directory;
	const char *name;

	if (!watched(fd, &st) || S_ISDIR(st.st_mode))
		return;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		line("create %lu 0 -", (unsigned long)st.st_ino);
	else if ((flags & O_CREAT) != 0 && !was_there) {
		char real[64], whole[PATH_MAX];
		ssize_t n;

		/* Whatever it was opened relative to. */
		(void)snprintf(real, sizeof(real), "/proc/self/fd/%d", fd);
		n = readlink(real, whole, sizeof(whole) - 1);
		if (n <= 0)
			return;
		whole[n] = '\0';
		if (split(&directory, &name, AT_FDCWD, whole))
			line("create %lu %lu %s", (unsigned long)st.st_ino,
			    (unsigned long)directory.st_ino, name);
	} else if ((flags & O_TRUNC) != 0) {
		line("size %lu 0", (unsigned long)st.st_ino);
	}
	(void)path;
}

void
trace_write(int fd, off_t at, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *from = bytes;
	char hex[2048];
	struct stat st;

	if (!watched(fd, &st) || !S_ISREG(st.st_mode))
		return;
	if (at < 0)
		at = lseek(fd, 0, SEEK_CUR) - (off_t)length;
	begin_line("write %lu %lld ", (unsigned long)st.st_ino, (long long)at);
	for (size_t i = 0; i < length;) {
		size_t used = 0;

		for (; i < length && used < sizeof(hex); i++) {
			hex[used++] = digits[from[i] >> 4];
			hex[used++] = digits[from[i] & 15];
		}
		put(hex, used);
	}
	end_line();
}

void
trace_size(int fd, off_t size)
{
	struct stat st;

	if (watched(fd, &st))
		line("size %lu %lld", (unsigned long)st.st_ino,
		    (long long)size);
}

void
trace_sync(int fd, const char *how)
{
	struct stat st;

	if (!watched(fd, &st))
		return;
	if (strcmp(how, "syncfs") == 0)
		line("sync all");
	else
		line("sync %lu", (unsigned long)st.st_ino);
}

void
trace_name(const char *how, int from, const char *old, int to, const char *new)
{
	struct stat st, before, after;
	const char *old_name, *new_name;

	if (out < 0)
		return;
	note_stdout();
	if (!split(&after, &new_name, to, new))
		return;
	if (strcmp(how, "rename") == 0) {
		if (split(&before, &old_name, from, old))
			line("rename %lu %s %lu %s",
			    (unsigned long)before.st_ino, old_name,
			    (unsigned long)after.st_ino, new_name);
	} else if (strcmp(how, "unlink") == 0) {
		line("unlink %lu %s", (unsigned long)after.st_ino, new_name);
	} else if (fstatat(to, new, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (strcmp(how, "link") == 0)
			line("link %lu %lu %s", (unsigned long)st.st_ino,
			    (unsigned long)after.st_ino, new_name);
		else
			line("mkdir %lu %s %lu", (unsigned long)after.st_ino,
			    new_name, (unsigned long)st.st_ino);
	}
}
