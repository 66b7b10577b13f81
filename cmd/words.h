/*
 * words.h - a list of words that belong to somebody else, mostly to argv.
 */
#ifndef CMD_WORDS_H
#define CMD_WORDS_H

#include <stddef.h>

/* Zeros are an empty list; others are made by words_add alone. */
struct words {
	const char **rows;
	size_t count;
};

/* words_add adds a word, which must outlive the list. */
void words_add(struct words *list, const char *word);

/* words_clear frees the list and makes it empty. */
void words_clear(struct words *list);

#endif
