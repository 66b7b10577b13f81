/*
 * parallel.c - see parallel.h.
 */
#include "parallel.h"

#include "minica/cores.h"

#include <stdatomic.h>

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
work_in_crew(void *context)
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
	size_t wanted = count < 2 ? count : mca_cores();
	size_t started = 0;

	if (size == MCA_CREW_DISK && wanted < DISK)
		wanted = DISK;
	if (wanted > MOST)
		wanted = MOST;
	if (wanted > count)
		wanted = count;
	/* Whoever calls is one of the crew. */
	while (started + 1 < wanted &&
	    pthread_create(&threads[started], NULL, work_in_crew, &crew) == 0)
		started++;
	(void)work_in_crew(&crew);
	for (size_t i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
}

static void *
work_aside(void *context)
{
	const mca_aside *aside = context;

	aside->work(aside->context);
	return NULL;
}

void
mca_aside_begin(mca_aside *aside, void (*work)(void *context), void *context)
{
	*aside = (mca_aside){ .work = work, .context = context };
	aside->started =
	    pthread_create(&aside->thread, NULL, work_aside, aside) == 0;
	if (!aside->started)
		work(context);
}

void
mca_aside_end(mca_aside *aside)
{
	if (aside->started)
		(void)pthread_join(aside->thread, NULL);
	aside->started = false;
}
