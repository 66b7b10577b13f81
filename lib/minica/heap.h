/*
 * minica/heap.h - was libcrypto ever refused memory?
 *
 * libcrypto has no one way to tell of it: a certificate cannot be decoded, a
 * key does not match, an extension is not there.  What was found out then is no
 * answer.  A program that watches is told: from the first refusal on, every
 * failure of this library is MCA_ESYSTEM, "out of memory", and no store is
 * changed.
 *
 * This is of the process, as libcrypto's allocator is, and the one thing here
 * that is global.
 */
#ifndef MINICA_HEAP_H
#define MINICA_HEAP_H

#include "minica/api.h"

#include <stdbool.h>

/*
 * mca_heap_watch begins to watch; it comes before everything else that uses
 * libcrypto, whose allocator is replaced by one that calls malloc.  It returns
 * false if it came too late; nothing is watched then.
 */
MCA_API bool mca_heap_watch(void);

/*
 * mca_heap_leave has libcrypto leave its memory to the system when the program
 * ends, where it would free thousands of blocks one by one; once a key behind a
 * URI was asked for, it cleans up all the same, for a module may have to close
 * a session with a device.  It comes before everything else that uses
 * libcrypto but mca_heap_watch; too late, it does nothing.
 */
MCA_API void mca_heap_leave(void);

/* mca_heap_failed tells whether libcrypto was refused memory while watched. */
MCA_API bool mca_heap_failed(void);

#endif
