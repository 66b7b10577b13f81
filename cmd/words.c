/*
 * words.c - see words.h.
 */
#include "words.h"

#include "fail.h"

#include <stdlib.h>

/* There is room up to a power of two; a list that is full becomes twice it. */
static void
make_room(struct words *list)
{
	size_t count = list->count;

	if ((count & (count - 1)) != 0)
		return;
	/* The old list is lost on failure, and the program with it. */
	list->rows = reallocarray(list->rows, count == 0 ? 1 : 2 * count,
	    sizeof(*list->rows));
	if (list->rows == NULL)
		fail_memory();
}

void
words_add(struct words *list, const char *word)
{
	make_room(list);
	list->rows[list->count++] = word;
}

void
words_clear(struct words *list)
{
	free(list->rows);
	*list = (struct words){ 0 };
}
