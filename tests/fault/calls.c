/*
 * calls.c - the calls of libc that the shim stands before.
 *
 * Each asks fault_now() first, then does what it is there for and adds it to
 * the trace.
 */
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The function of that name that we hide, looked up when it is first called:
 * other constructors run before ours.
 */
#define REAL(name)                                                             \
	__extension__({                                                        \
		static typeof(name) *real_;                                    \
		typeof(name) *found_ =                                         \
		    __atomic_load_n(&real_, __ATOMIC_RELAXED);                 \
		if (found_ == NULL) {                                          \
			*(void **)&found_ = dlsym(RTLD_NEXT, #name);           \
			__atomic_store_n(&real_, found_, __ATOMIC_RELAXED);    \
		}                                                              \
		found_;                                                        \
	})

/* ---- memory ---- */

void *
malloc(size_t size)
{
	return fault_now(FAULT_ALLOC, "malloc") ? NULL : REAL(malloc)(size);
}

void *
calloc(size_t count, size_t size)
{
	return fault_now(FAULT_ALLOC, "calloc") ? NULL
						: REAL(calloc)(count, size);
}

void *
realloc(void *old, size_t size)
{
	return fault_now(FAULT_ALLOC, "realloc") ? NULL
						 : REAL(realloc)(old, size);
}

/* ---- opening ---- */

static mode_t
mode_of(int flags, va_list args)
{
	bool creates =
	    (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;

	return creates ? va_arg(args, mode_t) : 0;
}

static bool
is_there(int at, const char *path)
{
	struct stat st;

	return fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * What confinement opens for the leak sanitizer alone, which then has no way to
 * look: no failure of minica's.
 */
static bool
is_for_sanitizers(const char *path)
{
	return strcmp(path, "/proc/self") == 0;
}

#define OPEN_AT(name, at, path, flags)                                         \
	do {                                                                   \
		bool there_ = tracing() && is_there(at, path);                 \
		va_list args_;                                                 \
		mode_t mode_;                                                  \
		int fd_;                                                       \
		va_start(args_, flags);                                        \
		mode_ = mode_of(flags, args_);                                 \
		va_end(args_);                                                 \
		if (!is_for_sanitizers(path) && fault_now(FAULT_OPEN, path))   \
			return -1;                                             \
		fd_ = REAL(openat)(at, path, flags, mode_);                    \
		if (fd_ >= 0)                                                  \
			trace_open(fd_, flags, path, there_);                  \
		return fd_;                                                    \
	} while (0)

int
open(const char *path, int flags, ...)
{
	OPEN_AT(open, AT_FDCWD, path, flags);
}

int
open64(const char *path, int flags, ...)
{
	OPEN_AT(open64, AT_FDCWD, path, flags);
}

int
openat(int at, const char *path, int flags, ...)
{
	OPEN_AT(openat, at, path, flags);
}

int
openat64(int at, const char *path, int flags, ...)
{
	OPEN_AT(openat64, at, path, flags);
}

FILE *
fopen(const char *path, const char *mode)
{
	return fault_now(FAULT_OPEN, path) ? NULL : REAL(fopen)(path, mode);
}

FILE *
fopen64(const char *path, const char *mode)
{
	return fault_now(FAULT_OPEN, path) ? NULL : REAL(fopen64)(path, mode);
}

int
mkostemp(char *path, int flags)
{
	int fd;

	if (fault_now(FAULT_OPEN, path))
		return -1;
	fd = REAL(mkostemp)(path, flags);
	if (fd >= 0)
		trace_open(fd, O_CREAT, path, false);
	return fd;
}

/* ---- reading and writing ---- */

static size_t
half(size_t size, enum fault fault)
{
	return fault == FAULT_SHORT && size > 1 ? size / 2 : size;
}

ssize_t
read(int fd, void *bytes, size_t size)
{
	enum fault fault = fault_now(FAULT_READ, "read");

	return fault == FAULT_FAIL ? -1
				   : REAL(read)(fd, bytes, half(size, fault));
}

ssize_t
pread(int fd, void *bytes, size_t size, off_t at)
{
	enum fault fault = fault_now(FAULT_READ, "pread");

	return fault == FAULT_FAIL
	    ? -1
	    : REAL(pread)(fd, bytes, half(size, fault), at);
}

ssize_t
pread64(int fd, void *bytes, size_t size, off64_t at)
{
	return pread(fd, bytes, size, (off_t)at);
}

ssize_t
write(int fd, const void *bytes, size_t size)
{
	enum fault fault = fault_now(FAULT_WRITE, "write");
	ssize_t n;

	if (fault == FAULT_FAIL)
		return -1;
	n = REAL(write)(fd, bytes, half(size, fault));
	if (n > 0)
		trace_write(fd, -1, bytes, (size_t)n);
	return n;
}

ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	enum fault fault = fault_now(FAULT_WRITE, "pwrite");
	ssize_t n;

	if (fault == FAULT_FAIL)
		return -1;
	n = REAL(pwrite)(fd, bytes, half(size, fault), at);
	if (n > 0)
		trace_write(fd, at, bytes, (size_t)n);
	return n;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	return pwrite(fd, bytes, size, (off_t)at);
}

/* ---- making durable ---- */

static bool
is_directory(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

#define SYNC(name)                                                             \
	int name(int fd)                                                       \
	{                                                                      \
		const char *call =                                             \
		    is_directory(fd) ? #name "-directory" : #name;             \
		int rc = fault_now(FAULT_SYNC, call) ? -1 : REAL(name)(fd);    \
		if (rc == 0)                                                   \
			trace_sync(fd, #name);                                 \
		return rc;                                                     \
	}

SYNC(fsync)
SYNC(fdatasync)
SYNC(syncfs)

/* ---- names ---- */

int
renameat(int from, const char *old, int to, const char *new)
{
	int rc = fault_now(FAULT_NAME, "rename")
	    ? -1
	    : REAL(renameat)(from, old, to, new);

	if (rc == 0)
		trace_name("rename", from, old, to, new);
	return rc;
}

int
rename(const char *old, const char *new)
{
	return renameat(AT_FDCWD, old, AT_FDCWD, new);
}

int
linkat(int from, const char *old, int to, const char *new, int flags)
{
	int rc = fault_now(FAULT_NAME, "link")
	    ? -1
	    : REAL(linkat)(from, old, to, new, flags);

	if (rc == 0)
		trace_name("link", from, old, to, new);
	return rc;
}

int
link(const char *old, const char *new)
{
	return linkat(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int
unlinkat(int at, const char *path, int flags)
{
	int rc = fault_now(FAULT_NAME, "unlink")
	    ? -1
	    : REAL(unlinkat)(at, path, flags);

	if (rc == 0)
		trace_name("unlink", at, path, at, path);
	return rc;
}

int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int
mkdir(const char *path, mode_t mode)
{
	int rc = fault_now(FAULT_NAME, "mkdir") ? -1 : REAL(mkdir)(path, mode);

	if (rc == 0)
		trace_name("mkdir", AT_FDCWD, path, AT_FDCWD, path);
	return rc;
}

/* ---- sizes, modes, maps ---- */

int
ftruncate(int fd, off_t size)
{
	int rc =
	    fault_now(FAULT_SIZE, "ftruncate") ? -1 : REAL(ftruncate)(fd, size);

	if (rc == 0)
		trace_size(fd, size);
	return rc;
}

int
ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, (off_t)size);
}

int
fchmod(int fd, mode_t mode)
{
	return fault_now(FAULT_SIZE, "fchmod") ? -1 : REAL(fchmod)(fd, mode);
}

void *
mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (fd >= 0 && fault_now(FAULT_SIZE, "mmap"))
		return MAP_FAILED;
	return REAL(mmap)(at, size, protection, flags, fd, offset);
}

void *
mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset)
{
	return mmap(at, size, protection, flags, fd, (off_t)offset);
}

/* ---- stdio ---- */

int
fflush(FILE *file)
{
	return fault_now(FAULT_FLUSH, "fflush") ? EOF : REAL(fflush)(file);
}

size_t
fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
	enum fault fault =
	    file == stderr ? FAULT_NONE : fault_now(FAULT_FLUSH, "fwrite");

	if (fault == FAULT_FAIL) {
		/* As a full buffer that cannot be written leaves it. */
		file->_flags |= 0x20; /* _IO_ERR_SEEN */
		return 0;
	}
	return REAL(fwrite)(bytes, size, half(count, fault), file);
}

/* ---- random numbers ---- */

ssize_t
getrandom(void *bytes, size_t size, unsigned flags)
{
	enum fault fault = fault_now(FAULT_RANDOM, "getrandom");

	return fault == FAULT_FAIL
	    ? -1
	    : REAL(getrandom)(bytes, half(size, fault), flags);
}

int
getentropy(void *bytes, size_t size)
{
	return fault_now(FAULT_RANDOM, "getentropy")
	    ? -1
	    : REAL(getentropy)(bytes, size);
}
