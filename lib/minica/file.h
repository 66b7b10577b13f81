/*
 * minica/file.h - reading with a cap, and writing that is whole or nothing.
 *
 * A file appears under its name only when every byte of it and its directory
 * entry are durable; until then it has no name that anyone could open.
 */
#ifndef MINICA_FILE_H
#define MINICA_FILE_H

#include "minica/blob.h"

#include <sys/types.h>

/*
 * mca_file_read reads all of `path` ("-" is standard input) into `out`.  More
 * than `cap` bytes is MCA_EFORMAT naming the limit, no such file or one that
 * may not be read is MCA_ENOTFOUND, a directory is MCA_EFORMAT, a failing
 * read MCA_ESYSTEM.
 */
MCA_API mca_code mca_file_read(mca_blob *out, const char *path, size_t cap,
    struct mca_error *err);

/*
 * mca_file_read_open is mca_file_read of the file that the caller has open as
 * `fd`, for who must look at it first; `shown` is its name in messages.
 */
MCA_API mca_code mca_file_read_open(mca_blob *out, int fd, const char *shown,
    size_t cap, struct mca_error *err);

enum mca_file_replace {
	MCA_FILE_NEW,	  /* MCA_EEXISTS if anything has the name */
	MCA_FILE_REPLACE, /* a regular file of the name is replaced */
};

/*
 * A file being written.  Opening it finds out most of what can go wrong (no
 * such directory, no permission, a name that is taken, a symbolic link or a
 * directory in its place) before anything irrevocable is done.
 */
typedef struct mca_file mca_file;

/*
 * mca_file_open begins a file that will be `path` with exactly `mode`,
 * whatever the umask.  MCA_EEXISTS when the name is taken and may not be
 * replaced, MCA_EUSAGE when it is something that is never replaced (a
 * symbolic link, a directory, a device), MCA_ENOTFOUND without its directory,
 * MCA_ESYSTEM otherwise.
 */
MCA_API mca_code mca_file_open(mca_file **out, const char *path, mode_t mode,
    enum mca_file_replace replace, struct mca_error *err);

/*
 * mca_file_open_beside is mca_file_open of one of many: a directory that the
 * path of `other` (NULL: none) has too is not opened again.  Both belong to one
 * thread.
 */
MCA_API mca_code mca_file_open_beside(mca_file **out, const mca_file *other,
    const char *path, mode_t mode, enum mca_file_replace replace,
    struct mca_error *err);

/*
 * mca_file_open_named is mca_file_open of a file that others must open while
 * it is written: it has a name of its own meanwhile, beside the final one.
 * That path, absolute and without symbolic links, is put in `*name`.
 */
MCA_API mca_code mca_file_open_named(mca_file **out, char **name,
    const char *path, mode_t mode, enum mca_file_replace replace,
    struct mca_error *err);

/* mca_file_write adds bytes; MCA_ESYSTEM if they cannot be written. */
MCA_API mca_code mca_file_write(mca_file *file, const void *bytes,
    size_t length, struct mca_error *err);

/*
 * mca_file_commit makes the bytes and the name durable.  On failure the old
 * file, or no file, is under the name.
 */
MCA_API mca_code mca_file_commit(mca_file *file, struct mca_error *err);

/*
 * mca_files_commit is mca_file_commit of many at once: what the disk does for
 * one it does for all, so that a hundred files cost little more than one.
 * `codes` and `errs` have a row for each; it returns the first failure.
 */
MCA_API mca_code mca_files_commit(mca_file *const *files, size_t count,
    mca_code *codes, struct mca_error *errs, struct mca_error *err);

/* mca_file_path returns the path as it was given to mca_file_open. */
MCA_API const char *mca_file_path(const mca_file *file);

/* mca_file_free ends the file; if it was not committed, nothing remains. */
MCA_API void mca_file_free(mca_file *file);
MCA_OWNED(mca_file, mca_file_free)

/* mca_file_save is open, write and commit in one. */
MCA_API mca_code mca_file_save(const char *path, const void *bytes,
    size_t length, mode_t mode, enum mca_file_replace replace,
    struct mca_error *err);

/*
 * mca_file_make_directory makes `path` and the parents it lacks, all with
 * `mode`.  What is there already is left as it is; MCA_EUSAGE if it is not a
 * directory.
 */
MCA_API mca_code mca_file_make_directory(const char *path, mode_t mode,
    struct mca_error *err);

#endif
