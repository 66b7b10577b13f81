/*
 * parallel.h - the same piece of work for many things, on all cores.
 */
#ifndef MCA_PARALLEL_H
#define MCA_PARALLEL_H

#include <stddef.h>

/* Does piece `index`; two never run for one index, many run at once. */
typedef void mca_piece(void *context, size_t index);

/*
 * mca_parallel does pieces 0 to count - 1 and returns when all are done.  A
 * machine that gives no threads does them one after the other.
 */
void mca_parallel(size_t count, mca_piece *piece, void *context);

#endif
