/*
 * wrapped.c - takes the place of a function deep in the library (the linker's
 * --wrap), and does harm: a harness whose inputs never come so far, or that
 * does not see it, counts for nothing.
 */
#include <stdio.h>
#include <stdlib.h>

#define NAME_OF(name) #name
#define NAME(name) NAME_OF(name)
#define WRAP_OF(name) __wrap_##name
#define WRAP(name) WRAP_OF(name)

_Noreturn void WRAP(PLANTED)(void);

/* Kept where no analyser sees through them. */
static char *volatile one;
static volatile size_t size = 1;

void
WRAP(PLANTED)(void)
{
	(void)fprintf(stderr, "planted in %s\n", NAME(PLANTED));
	one = malloc(size);
	one[size] = 'x';
	/* Without sanitizers nobody has seen it: what was printed has to do. */
	exit(EXIT_FAILURE);
}
