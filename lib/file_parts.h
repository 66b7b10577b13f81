/*
 * file_parts.h - the three steps of committing a file, for one and for many.
 */
#ifndef MCA_FILE_PARTS_H
#define MCA_FILE_PARTS_H

#include "error.h"
#include "minica/file.h"

/* An open directory, which files in it share. */
struct mca_folder {
	size_t others; /* that hold it, besides the first */
	int fd;
};

struct mca_file {
	char *path;	  /* as given */
	const char *base; /* its last part, within `path` */
	char *temporary;  /* the name it has meanwhile; NULL for none */
	struct mca_folder *folder;
	int fd;
	mode_t mode;
	enum mca_file_replace replace;
};

/* mca_file_settle gives it its mode and makes its bytes durable. */
mca_code mca_file_settle(mca_file *file, struct mca_error *err);

/* mca_file_place gives it its name. */
mca_code mca_file_place(mca_file *file, struct mca_error *err);

/* mca_file_sync_name makes the names of its directory durable. */
mca_code mca_file_sync_name(mca_file *file, struct mca_error *err);

/*
 * mca_file_unsynced is what mca_file_sync_name returns when that failed: a name
 * that is new is taken back, since nobody will take the file for written.
 */
mca_code mca_file_unsynced(mca_file *file, struct mca_error *err);

#endif
