/*
 * modes.c - preloaded: with which mode each file and directory is made.
 *
 * One line for each to the file that MODES_LOG names: the mode that was asked
 * for, less the umask, and the name.  What is made for all and narrowed later
 * can be opened in between.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int log_fd = -1;

__attribute__((constructor)) static void
open_log(void)
{
	const char *path = getenv("MODES_LOG");
	int fd = path == NULL
	    ? -1
	    : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	log_fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 200);
}

/* What is there keeps its mode, whatever is asked for. */
static void
note(int at, mode_t mode, const char *path)
{
	struct stat there;
	mode_t mask;

	if (log_fd < 0 ||
	    (fstatat(at, path, &there, 0) == 0 && !S_ISDIR(there.st_mode)))
		return;
	mask = umask(0);
	(void)umask(mask);
	(void)dprintf(log_fd, "%04o %s\n", (unsigned)(mode & ~mask), path);
}

/* The mode is there with these flags alone. */
#define TAKE_MODE                                                              \
	mode_t mode = 0;                                                       \
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {      \
		va_list args;                                                  \
                                                                               \
		va_start(args, flags);                                         \
		mode = (mode_t)va_arg(args, int);                              \
		va_end(args);                                                  \
		note(at, mode, path);                                          \
	}

#define OPEN(name)                                                             \
	int name(const char *path, int flags, ...)                             \
	{                                                                      \
		const int at = AT_FDCWD;                                       \
		int (*real)(const char *, int, ...);                           \
		TAKE_MODE                                                      \
		*(void **)&real = dlsym(RTLD_NEXT, #name);                     \
		return real(path, flags, mode);                                \
	}
#define OPENAT(name)                                                           \
	int name(int at, const char *path, int flags, ...)                     \
	{                                                                      \
		int (*real)(int, const char *, int, ...);                      \
		TAKE_MODE                                                      \
		*(void **)&real = dlsym(RTLD_NEXT, #name);                     \
		return real(at, path, flags, mode);                            \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int
mkdir(const char *path, mode_t mode)
{
	int (*real)(const char *, mode_t);

	note(AT_FDCWD, mode, path);
	*(void **)&real = dlsym(RTLD_NEXT, "mkdir");
	return real(path, mode);
}
