/*
 * words.c - see words.h.
 */
#include "words.h"

#include "fail.h"

#include <stdlib.h>

void
words_add(struct words *list, const char *word)
{
	size_t size = (list->count + 1) * sizeof(*list->rows);

	/* The old list is lost on failure, and the program with it. */
	list->rows = realloc(list->rows, size);
	if (list->rows == NULL)
		fail_memory();
	list->rows[list->count++] = word;
}

void
words_clear(struct words *list)
{
	free(list->rows);
	*list = (struct words){ 0 };
}
