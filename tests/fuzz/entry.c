/*
 * entry.c - where libFuzzer, or replay.c, comes in: each input is timed.
 *
 * Processor time, and not time on the wall: other programs are busy too.
 */
#include "fuzz.h"

#include <stdio.h>
#include <time.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_begin();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	double began = seconds(), took;

	fuzz_one(bytes, length);
	took = seconds() - began;
	if (took < 1)
		return 0;
	(void)fprintf(stderr, "one input took %.2f s of processor time\n",
	    took);
	abort();
}
