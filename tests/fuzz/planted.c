/*
 * planted.c - a harness for what is not there: faults that a fuzzer must find
 * and a replay must see, or neither counts.
 */
#include "fuzz.h"

#include <time.h>

/* Kept where no compiler sees through them. */
static char *volatile kept;
static volatile unsigned spun;

/* What ends by a fault does not remove this: whoever runs it has to. */
void
fuzz_begin(void)
{
	(void)fuzz_directory();
}

static bool
begins(const uint8_t *bytes, size_t length, const char *word)
{
	return length >= strlen(word) && memcmp(bytes, word, strlen(word)) == 0;
}

static void
spin(void)
{
	while ((double)clock() / CLOCKS_PER_SEC < 3600)
		if (++spun % 1024 == 0 && clock() > 2 * CLOCKS_PER_SEC)
			return;
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	if (begins(bytes, length, "crash")) {
		kept = malloc(length);
		fuzz_require(kept != NULL);
		kept[length] = 'x';
		free(kept);
	} else if (begins(bytes, length, "leak")) {
		kept = malloc(100);
		kept = NULL;
	} else if (begins(bytes, length, "undefined")) {
		spun = (unsigned)((int)length << (bytes[length - 1] + 32));
	} else if (begins(bytes, length, "shown")) {
		show_text("\x1b[31m");
	} else if (begins(bytes, length, "slow")) {
		spin();
	}
}
