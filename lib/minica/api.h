/*
 * minica/api.h - what every public header needs: visibility and attributes.
 *
 * The shared library hides everything that is not marked MCA_API.
 */
#ifndef MINICA_API_H
#define MINICA_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MCA_API __attribute__((visibility("default")))
#define MCA_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * What makes a type fit for the words of minica/owned.h: MCA_OWNED for an
 * object behind a pointer, MCA_SCOPED for a value.
 */
#define MCA_OWNED(T, free_fn)                                                  \
	static inline __attribute__((unused)) void T##_drop(T **object)        \
	{                                                                      \
		free_fn(*object);                                              \
	}
#define MCA_SCOPED(T, clear_fn)                                                \
	static inline __attribute__((unused)) void T##_wipe(T *value)          \
	{                                                                      \
		clear_fn(value);                                               \
	}

#endif
