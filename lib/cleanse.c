/*
 * cleanse.c - see minica/cleanse.h.
 */
#include "cleanse.h"

#include "heap.h"

#include <sqlite3.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than libcrypto goes for any key. */
#define STACK (32 * 1024)

/* Whether SQLite may hold secrets. */
static atomic_bool met_rows;

void
mca_cleanse_begin(void)
{
	mca_heap_clear(true);
}

void
mca_cleanse_begin_rows(void)
{
	mca_heap_clear(true);
	atomic_store_explicit(&met_rows, true, memory_order_relaxed);
}

void
mca_cleanse_end(void)
{
	mca_heap_clear(false);
	atomic_store_explicit(&met_rows, false, memory_order_relaxed);
}

/* ---- what SQLite frees ---- */

static sqlite3_mem_methods usual;

static bool
rows_are_met(void)
{
	return atomic_load_explicit(&met_rows, memory_order_relaxed);
}

static void
clear_row(void *p)
{
	if (p != NULL && rows_are_met())
		explicit_bzero(p, (size_t)usual.xSize(p));
	usual.xFree(p);
}

static void *
move_row(void *p, int size)
{
	int had = usual.xSize(p);
	void *moved;

	if (!rows_are_met())
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
	bool crypto = mca_heap_watch();

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

/* A sanitizer would take the array from somewhere else than the stack. */
__attribute__((noinline, no_sanitize_address)) void
mca_cleanse_traces(void)
{
	char stack[STACK];

	explicit_bzero(stack, sizeof(stack));
	wash_registers();
}
