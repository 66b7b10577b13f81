/*
 * minica/directory.h - the files of a directory, one by one.
 */
#ifndef MINICA_DIRECTORY_H
#define MINICA_DIRECTORY_H

#include "minica/error.h"

/* mca_directory_is says whether `path` leads to a directory. */
MCA_API bool mca_directory_is(const char *path);

/* Called with the path of a file; a code other than MCA_OK ends the walk. */
typedef mca_code mca_directory_each(void *context, const char *path,
    struct mca_error *err);

/*
 * mca_directory_walk calls `each` for every regular file of the directory
 * `path`, in the order of their names; names that begin with a dot are an
 * editor's or a version control's and are passed over.  MCA_ENOTFOUND when it
 * cannot be read, MCA_EFORMAT when it holds no file.
 */
MCA_API mca_code mca_directory_walk(const char *path, mca_directory_each *each,
    void *context, struct mca_error *err);

#endif
