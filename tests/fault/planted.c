/*
 * planted.c - preloaded before the shim: makes minica a worse program.
 *
 *	PLANT=NAME	what it does wrong, a row of plants[]
 *
 * planted.sh shows with it that the harnesses find what they look for.
 */
#include <openssl/crypto.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
planted(const char *name)
{
	const char *plant = getenv("PLANT");

	return plant != NULL && strcmp(plant, name) == 0;
}

/* The function that we hide: the shim's, or libc's. */
#define NEXT(name)                                                             \
	__extension__({                                                        \
		typeof(name) *found_;                                          \
		*(void **)&found_ = dlsym(RTLD_NEXT, #name);                   \
		found_;                                                        \
	})

/* "no-sync" never syncs; "ignore-sync" does, and does not look at the result.
 */
#define SYNC(name)                                                             \
	int name(int fd)                                                       \
	{                                                                      \
		int rc = planted("no-sync") ? 0 : NEXT(name)(fd);              \
		return planted("ignore-sync") ? 0 : rc;                        \
	}

SYNC(fsync)
SYNC(fdatasync)
SYNC(syncfs)

/* "ignore-write" does not look whether all was written. */
ssize_t
write(int fd, const void *bytes, size_t size)
{
	ssize_t n = NEXT(write)(fd, bytes, size);

	return planted("ignore-write") ? (ssize_t)size : n;
}

/* "no-retry" gives up when a signal comes. */
ssize_t
read(int fd, void *bytes, size_t size)
{
	ssize_t n = NEXT(read)(fd, bytes, size);

	if (n < 0 && errno == EINTR && planted("no-retry"))
		errno = EIO;
	return n;
}

/* "no-null" takes memory for granted; "patience" waits until there is some. */
void *
malloc(size_t size)
{
	void *got = NEXT(malloc)(size);

	if (got == NULL && size > 0 && planted("no-null"))
		(void)raise(SIGSEGV);
	while (got == NULL && size > 0 && planted("patience"))
		(void)pause();
	return got;
}

/*
 * "lent-null": the allocator that libcrypto is lent takes memory for granted.
 * It falls below a call into libcrypto, which called it back, and yet is no
 * fault of libcrypto's.
 */
static CRYPTO_malloc_fn lent;

static void *
write_and_lend(size_t size, const char *file, int line)
{
	unsigned char *got = lent(size, file, line);

	if (size > 0)
		*(volatile unsigned char *)got = 0;
	return got;
}

int
CRYPTO_set_mem_functions(CRYPTO_malloc_fn get, CRYPTO_realloc_fn change,
    CRYPTO_free_fn put)
{
	lent = get;
	if (planted("lent-null"))
		get = write_and_lend;
	return NEXT(CRYPTO_set_mem_functions)(get, change, put);
}

/* "no-unlink" removes nothing. */
int
unlinkat(int at, const char *path, int flags)
{
	return planted("no-unlink") ? 0 : NEXT(unlinkat)(at, path, flags);
}

/* Writes `to` in place, in two halves. */
static int
write_in_place(int from, int at, const char *to)
{
	static char bytes[1 << 16];
	ssize_t length = NEXT(pread)(from, bytes, sizeof(bytes), 0);
	int fd = NEXT(openat)(at, to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t half = length / 2;

	if (length < 0 || fd < 0 || NEXT(write)(fd, bytes, (size_t)half) < 0 ||
	    NEXT(write)(fd, bytes + half, (size_t)(length - half)) < 0)
		return -1;
	(void)NEXT(fsync)(fd);
	return close(fd);
}

/* "in-place": what would get its name whole is written under it. */
int
linkat(int from, const char *old, int to, const char *new, int flags)
{
	int fd, rc;

	if (!planted("in-place"))
		return NEXT(linkat)(from, old, to, new, flags);
	fd = NEXT(openat)(from, old, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 ? -1 : write_in_place(fd, to, new);
	(void)close(fd);
	return rc;
}
