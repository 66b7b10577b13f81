/*
 * image.c - preloaded: what a process has in its memory when it ends.
 *
 * Everything that it could have written (heap, stack, data) goes into the file
 * that SECRETS_IMAGE names, as late as can be: after all handlers of exit.
 * It is written from within, so that no debugger has to be let in.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096

/* The sanitizer's record of what is valid: huge, and of no bytes of ours. */
#define SHADOW_BEGIN UINT64_C(0x7fff7000)
#define SHADOW_END UINT64_C(0x10007fff8000)
#define MOST (UINT64_C(1) << 30)

static char maps[1 << 20];
static int out = -1;

static uint64_t page[PAGE / sizeof(uint64_t)];

static bool
is_zero(void)
{
	for (size_t i = 0; i < PAGE / sizeof(*page); i++)
		if (page[i] != 0)
			return false;
	return true;
}

/*
 * The system itself: a sanitizer would object to what is read, and a page that
 * guards a thread's stack may be in the list of what could be written.
 */
static bool
take_page(uint64_t at)
{
	const struct iovec here = { page, PAGE };
	const struct iovec there = { (void *)(uintptr_t)at, PAGE };

	return syscall(SYS_process_vm_readv, getpid(), &here, 1, &there, 1,
		   0) == PAGE;
}

static void
copy(uint64_t begin, uint64_t end)
{
	/* What was cleansed, or never touched, has nothing to tell. */
	for (; begin < end; begin += PAGE)
		if (take_page(begin) && !is_zero())
			(void)syscall(SYS_write, out, page, PAGE);
}

/* While it may still open files, and where no other file will be. */
__attribute__((constructor)) static void
open_image(void)
{
	const char *path = getenv("SECRETS_IMAGE");
	int fd;

	if (path == NULL)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	out = fcntl(fd, F_DUPFD_CLOEXEC, 200);
	(void)close(fd);
}

__attribute__((destructor)) static void
write_image(void)
{
	size_t length = 0;
	ssize_t n;
	int in;

	if (out < 0)
		return;
	in = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	if (in < 0)
		abort();
	while ((n = read(in, maps + length, sizeof(maps) - 1 - length)) > 0)
		length += (size_t)n;
	maps[length] = '\0';
	for (char *line = maps; *line != '\0';) {
		char *next = strchr(line, '\n');
		unsigned long begin, end;
		char mode[5];

		if (next == NULL)
			break;
		*next = '\0';
		if (sscanf(line, "%lx-%lx %4s", &begin, &end, mode) == 3 &&
		    mode[0] == 'r' && mode[1] == 'w' && end - begin < MOST &&
		    (begin < SHADOW_BEGIN || begin >= SHADOW_END) &&
		    strstr(line, "[v") == NULL)
			copy(begin, end);
		line = next + 1;
	}
	(void)close(in);
	(void)close(out);
}
