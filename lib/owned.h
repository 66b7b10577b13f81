/*
 * owned.h - ownership that is declared, not remembered.
 *
 *	owned(mca_csr) *csr = NULL;	freed at the end of the scope
 *	scoped(mca_text) text = { 0 };	a value, cleared at the end of the scope
 *	*out = give(&csr);		handed on: the variable becomes NULL
 *
 * OWNED(T, free_fn) and SCOPED(T, clear_fn) make a type fit for this.  Free
 * and clear functions accept NULL and the zero value.
 */
#ifndef MCA_OWNED_H
#define MCA_OWNED_H

#define owned(T) T __attribute__((cleanup(T##_drop)))
#define scoped(T) T __attribute__((cleanup(T##_wipe)))

#define OWNED(T, free_fn)                                                      \
	static inline __attribute__((unused)) void T##_drop(T **p)             \
	{                                                                      \
		free_fn(*p);                                                   \
	}
#define SCOPED(T, clear_fn)                                                    \
	static inline __attribute__((unused)) void T##_wipe(T *p)              \
	{                                                                      \
		clear_fn(p);                                                   \
	}

#define give(p)                                                                \
	__extension__({                                                        \
		__typeof__(*(p)) v_ = *(p);                                    \
		*(p) = NULL;                                                   \
		v_;                                                            \
	})

#include <stdlib.h>

/* Plain heap memory: owned(char) *copy = strdup(...). */
OWNED(char, free)

#endif
