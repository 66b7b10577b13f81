/*
 * parallel.c - see parallel.h.
 */
#include "parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define MOST 64

/* Disks take many requests at once, and sync them together. */
#define DISK 16

struct crew {
	atomic_size_t next;
	size_t count;
	mca_piece *piece;
	void *context;
};

static void *
work(void *context)
{
	struct crew *crew = context;
	size_t index;

	while ((index = atomic_fetch_add(&crew->next, 1)) < crew->count)
		crew->piece(crew->context, index);
	return NULL;
}

void
mca_parallel(size_t count, enum mca_crew size, mca_piece *piece, void *context)
{
	struct crew crew = { .count = count,
		.piece = piece,
		.context = context };
	pthread_t threads[MOST];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = cores < 1 ? 1 : (size_t)cores;
	size_t started = 0;

	if (size == MCA_CREW_DISK && wanted < DISK)
		wanted = DISK;
	if (wanted > MOST)
		wanted = MOST;
	if (wanted > count)
		wanted = count;
	/* Whoever calls is one of the crew. */
	while (started + 1 < wanted &&
	    pthread_create(&threads[started], NULL, work, &crew) == 0)
		started++;
	(void)work(&crew);
	for (size_t i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
}
