/*
 * rows.h - cmocka, with failures that say which row and why.
 */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* CHECK fails the test with a sentence about the row it is in. */
#define CHECK(condition, ...)                                                  \
	do {                                                                   \
		if (!(condition)) {                                            \
			print_error("FAILED: " __VA_ARGS__);                   \
			print_error("\n");                                     \
			fail();                                                \
		}                                                              \
	} while (0)

#endif
