/*
 * parallel.h - the same piece of work for many things, on all cores.
 */
#ifndef MCA_PARALLEL_H
#define MCA_PARALLEL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Does piece `index`; two never run for one index, many run at once. */
typedef void mca_piece(void *context, size_t index);

/* What a piece spends its time with: computing, or waiting for a disk. */
enum mca_crew { MCA_CREW_CORES, MCA_CREW_DISK };

/*
 * mca_parallel does pieces 0 to count - 1 and returns when all are done.  A
 * machine that gives no threads does them one after the other.
 */
void mca_parallel(size_t count, enum mca_crew size, mca_piece *piece,
    void *context);

/* Work that is done beside other work, and waited for. */
typedef struct mca_aside {
	void (*work)(void *context);
	void *context;
	pthread_t thread;
	bool started;
} mca_aside;

/*
 * mca_aside_begin starts it, or does it at once where there is no thread;
 * mca_aside_end returns when it is done.  `aside` stays where it is between.
 */
void mca_aside_begin(mca_aside *aside, void (*work)(void *context),
    void *context);
void mca_aside_end(mca_aside *aside);

#endif
