/*
 * shim.h - what the parts of the preloaded shim share.
 */
#ifndef FAULT_SHIM_H
#define FAULT_SHIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

enum fault_kind {
	FAULT_ALLOC,  /* malloc and its kin */
	FAULT_OPEN,   /* open, openat, fopen, mkostemp */
	FAULT_READ,   /* read, pread */
	FAULT_WRITE,  /* write, pwrite */
	FAULT_SYNC,   /* fsync, fdatasync, syncfs */
	FAULT_NAME,   /* rename, link, unlink, mkdir and their *at */
	FAULT_SIZE,   /* ftruncate, fallocate, fchmod, mmap of a file */
	FAULT_FLUSH,  /* fflush, fwrite */
	FAULT_RANDOM, /* getrandom, getentropy */
	FAULT_KINDS
};

enum fault { FAULT_NONE, FAULT_FAIL, FAULT_SHORT };

/*
 * fault_now counts a call, and tells how it must end; errno is set.  The
 * process may not survive it.
 */
enum fault fault_now(enum fault_kind kind, const char *call);

/*
 * The trace of what is done to a disk (trace.c): each of these is called after
 * the call it tells of has succeeded.
 */
void fault_trace_begin(void);
void trace_open(int fd, int flags, const char *path, bool was_there);
void trace_write(int fd, off_t at, const void *bytes, size_t length);
void trace_size(int fd, off_t size);
void trace_sync(int fd, const char *how);
void trace_name(const char *how, int from, const char *old, int to,
    const char *new);

/* Whether anything is traced: what it would cost is spared otherwise. */
bool tracing(void);

#endif
