/*
 * cleanse.c - see minica/cleanse.h.
 *
 * libcrypto's secure heap is not what is wanted: it has a fixed size, and a
 * manifest of a thousand keys would find it full.
 */
#include "cleanse.h"

#include <openssl/crypto.h>
#include <sqlite3.h>

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than libcrypto goes for any key. */
#define STACK (32 * 1024)

/* Whether libcrypto, and whether SQLite, may hold secrets. */
static atomic_bool met, met_rows;

static void
set(atomic_bool *flag, bool value)
{
	atomic_store_explicit(flag, value, memory_order_relaxed);
}

static bool
is_set(const atomic_bool *flag)
{
	return atomic_load_explicit(flag, memory_order_relaxed);
}

void
mca_cleanse_begin(void)
{
	set(&met, true);
}

void
mca_cleanse_begin_rows(void)
{
	set(&met, true);
	set(&met_rows, true);
}

void
mca_cleanse_end(void)
{
	set(&met, false);
	set(&met_rows, false);
}

/* ---- what libcrypto frees ---- */

static void *
take(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(size);
}

static void
clear(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	if (p != NULL && is_set(&met))
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

/* The C library's might move the bytes and free them where they were. */
static void *
move(void *p, size_t size, const char *file, int line)
{
	size_t had = p == NULL ? 0 : malloc_usable_size(p);
	void *moved;

	if (p == NULL || !is_set(&met))
		return realloc(p, size);
	moved = malloc(size);
	if (moved == NULL)
		return NULL;
	memcpy(moved, p, had < size ? had : size);
	clear(p, file, line);
	return moved;
}

/* ---- what SQLite frees ---- */

static sqlite3_mem_methods usual;

static void
clear_row(void *p)
{
	if (p != NULL && is_set(&met_rows))
		explicit_bzero(p, (size_t)usual.xSize(p));
	usual.xFree(p);
}

static void *
move_row(void *p, int size)
{
	int had = usual.xSize(p);
	void *moved;

	if (!is_set(&met_rows))
		return usual.xRealloc(p, size);
	moved = usual.xMalloc(size);
	if (moved == NULL)
		return NULL;
	memcpy(moved, p, (size_t)(had < size ? had : size));
	clear_row(p);
	return moved;
}

static bool
cleanse_sqlite(void)
{
	sqlite3_mem_methods own;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) != SQLITE_OK)
		return false;
	own = usual;
	own.xFree = clear_row;
	own.xRealloc = move_row;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &own) == SQLITE_OK;
}

bool
mca_cleanse_libraries(void)
{
	bool crypto = CRYPTO_set_mem_functions(take, move, clear) == 1;

	return cleanse_sqlite() && crypto;
}

/* ---- stack and registers ---- */

/*
 * What memcpy leaves in vector registers is written to the stack by whoever
 * saves them next, such as the dynamic linker when it looks up a function: so
 * copies of the sizes for which the C library goes different ways are made.
 */
static void
wash_registers(void)
{
	static const char zeros[2048];
	char copy[sizeof(zeros)];

	for (size_t size = 16; size <= sizeof(zeros); size *= 2) {
		size_t opaque = size;

		/* The compiler may know neither size nor that nobody reads. */
		__asm__ volatile("" : "+r"(opaque));
		memcpy(copy, zeros, opaque);
		__asm__ volatile("" : : "r"(copy) : "memory");
	}
}

__attribute__((noinline)) void
mca_cleanse_traces(void)
{
	char stack[STACK];

	explicit_bzero(stack, sizeof(stack));
	wash_registers();
}
