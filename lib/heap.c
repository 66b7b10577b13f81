/*
 * heap.c - see heap.h.
 *
 * libcrypto has one allocator, so that who watches it and who clears what it
 * frees are the same.  Its secure heap is not what is wanted for the second: it
 * has a fixed size, and a manifest of a thousand keys would find it full.
 */
#include "heap.h"

#include <openssl/crypto.h>

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_bool failed;
static atomic_bool clearing;
static atomic_bool leaving;

static bool
is_clearing(void)
{
	return atomic_load_explicit(&clearing, memory_order_relaxed);
}

void
mca_heap_refused(void)
{
	atomic_store(&failed, true);
}

/* What was asked for and is NULL was refused. */
static void *
note(void *got)
{
	if (got == NULL)
		mca_heap_refused();
	return got;
}

static void *
get(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size == 0 ? NULL : note(malloc(size));
}

static void
put(void *old, const char *file, int line)
{
	(void)file;
	(void)line;
	if (old != NULL && is_clearing())
		explicit_bzero(old, malloc_usable_size(old));
	free(old);
}

/* The C library's realloc might move the bytes and free them where they were.
 */
static void *
move(void *old, size_t size, const char *file, int line)
{
	size_t had = malloc_usable_size(old);
	void *moved;

	if (!is_clearing())
		return note(realloc(old, size));
	moved = note(malloc(size));
	if (moved == NULL)
		return NULL;
	memcpy(moved, old, had < size ? had : size);
	put(old, file, line);
	return moved;
}

/* As CRYPTO_realloc: nothing of a size of zero is nothing. */
static void *
change(void *old, size_t size, const char *file, int line)
{
	if (old == NULL)
		return get(size, file, line);
	if (size > 0)
		return move(old, size, file, line);
	put(old, file, line);
	return NULL;
}

bool
mca_heap_watch(void)
{
	return CRYPTO_set_mem_functions(get, change, put) == 1;
}

void
mca_heap_leave(void)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL) == 1)
		atomic_store(&leaving, true);
}

void
mca_heap_stay(void)
{
	if (atomic_exchange(&leaving, false))
		(void)atexit(OPENSSL_cleanup);
}

bool
mca_heap_failed(void)
{
	return atomic_load(&failed);
}

void
mca_heap_clear(bool secrets)
{
	atomic_store_explicit(&clearing, secrets, memory_order_relaxed);
}
