/*
 * embedded.h - the files of schema/ and keys/, built into the library.  Those
 * of policies/ are in policy.h.
 */
#ifndef MCA_EMBEDDED_H
#define MCA_EMBEDDED_H

#include <stddef.h>

struct mca_embedded {
	const char *name; /* file name without its ending: "0001-init" */
	const char *text; /* NUL-terminated */
	size_t length;
};

/* In the order of their names, ended by a NULL name. */
extern const struct mca_embedded mca_embedded_schema[];
extern const struct mca_embedded mca_embedded_keys[];

#endif
