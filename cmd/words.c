/*
 * words.c - see words.h.
 */
#include "words.h"

#include "fail.h"

#include <stdlib.h>

void
words_add(struct words *list, const char *word)
{
	const char **rows;

	rows = reallocarray(list->rows, list->count + 1, sizeof(*rows));
	if (rows == NULL)
		fail_memory();
	rows[list->count] = word;
	list->rows = rows;
	list->count++;
}

void
words_clear(struct words *list)
{
	free(list->rows);
	*list = (struct words){ 0 };
}
