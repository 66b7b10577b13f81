/*
 * memfile.h - a file in memory, with a name that children can open.
 */
#ifndef CMD_MEMFILE_H
#define CMD_MEMFILE_H

#include <minica/owned.h>

#include <minica.h>

/* One of zeros is none. */
typedef struct memfile {
	bool open;
	int fd;
	char path[64]; /* "/proc/1234/fd/5", good while this process lives */
} memfile;

/*
 * memfile_make makes one that holds the bytes and cannot be changed any more.
 * MCA_ESYSTEM where there is no memfd_create(2) or no /proc.
 */
mca_code memfile_make(memfile *out, const char *name, const void *bytes,
    size_t length, struct mca_error *err);

void memfile_clear(memfile *file);
MCA_SCOPED(memfile, memfile_clear)

#endif
