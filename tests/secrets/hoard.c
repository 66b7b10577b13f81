/*
 * hoard.c - preloaded: nothing that was freed is ever used again.
 *
 * Else the next one to ask for memory might write over a key that was left in
 * it, by luck.  The sanitizer's allocator does much the same.  Only what is
 * cleansed to the last byte has nothing to tell, and is given back.
 */
#include <stddef.h>
#include <string.h>

void free(void *p);
void *realloc(void *old, size_t size);
void *reallocarray(void *old, size_t count, size_t size);
extern void *__libc_malloc(size_t size);
extern void __libc_free(void *p);
extern size_t malloc_usable_size(void *p);

void
free(void *p)
{
	size_t size = p == NULL ? 0 : malloc_usable_size(p);
	const char *bytes = p;

	for (size_t i = 0; i < size; i++)
		if (bytes[i] != 0)
			return;
	__libc_free(p);
}

/* Moves every time, as it might. */
void *
realloc(void *old, size_t size)
{
	void *larger = __libc_malloc(size);
	size_t had = old == NULL ? 0 : malloc_usable_size(old);

	if (larger != NULL && had > 0)
		memcpy(larger, old, had < size ? had : size);
	return larger;
}

void *
reallocarray(void *old, size_t count, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(count, size, &all))
		return NULL;
	return realloc(old, all);
}
