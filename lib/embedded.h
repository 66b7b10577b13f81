/*
 * embedded.h - the files of schema/ and keys/, built into the library.  Those
 * of policies/ are in policy.h.
 */
#ifndef MCA_EMBEDDED_H
#define MCA_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

struct mca_embedded {
	const char *name; /* file name without its ending: "0001-init" */
	const char *text; /* NUL-terminated */
	size_t length;
};

/* In the order of their names, ended by a NULL name. */
extern const struct mca_embedded mca_embedded_schema[];
extern const struct mca_embedded mca_embedded_keys[];

/* keys/debian.bin, whose form lib/weak_debian.c knows. */
extern const uint32_t mca_embedded_debian[];

#endif
