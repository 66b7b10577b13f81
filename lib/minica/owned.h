/*
 * minica/owned.h - ownership that is declared, not remembered.
 *
 *	owned(mca_csr) *csr = NULL;	freed at the end of the scope
 *	scoped(mca_text) text = { 0 };	a value, cleared at the end of the scope
 *	*out = give(&csr);		handed on: the variable becomes NULL
 *
 * Every type of the library with a free or clear function is fit for this
 * (MCA_OWNED and MCA_SCOPED in minica/api.h).  minica.h does not include this
 * header: its words are short, and who wants them asks for them.
 */
#ifndef MINICA_OWNED_H
#define MINICA_OWNED_H

#include "minica/api.h"

#include <stdlib.h>

#define owned(T) T __attribute__((cleanup(T##_drop)))
#define scoped(T) T __attribute__((cleanup(T##_wipe)))

#define give(p)                                                                \
	__extension__({                                                        \
		__typeof__(*(p)) given_ = *(p);                                \
		*(p) = NULL;                                                   \
		given_;                                                        \
	})

/* Plain heap memory: owned(char) *copy = strdup(...). */
MCA_OWNED(char, free)

#endif
