/*
 * file_many.c - many files become durable together (minica/file.h).
 *
 * Each fsync waits for the disk.  On Linux one syncfs waits once for all that
 * was written, and since 5.8 tells when any of it was lost; the files are then
 * named, and each directory is synced once.
 */
#include "file_parts.h"

#include "minica/owned.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Fewer than these are synced one by one: others may be writing, too. */
#define MANY 8

struct batch {
	mca_file *const *files;
	size_t count;
	mca_code *codes;
	struct mca_error *errs;
};

static void
settle_each(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		batch->codes[i] =
		    mca_file_settle(batch->files[i], &batch->errs[i]);
}

static bool
same_device(const struct batch *batch)
{
	struct stat first, other;

	if (fstat(batch->files[0]->fd, &first) != 0)
		return false;
	for (size_t i = 1; i < batch->count; i++)
		if (fstat(batch->files[i]->fd, &other) != 0 ||
		    other.st_dev != first.st_dev)
			return false;
	return true;
}

/* False when this cannot be done, and each must be settled by itself. */
static bool
settle_together(struct batch *batch)
{
#ifdef __linux__
	if (batch->count < MANY || !same_device(batch))
		return false;
	for (size_t i = 0; i < batch->count; i++) {
		const mca_file *file = batch->files[i];

		batch->codes[i] = MCA_OK;
		if (fchmod(file->fd, file->mode) != 0)
			batch->codes[i] =
			    mca_fail_errno(&batch->errs[i], MCA_ESYSTEM,
				"%s: cannot be made durable", file->path);
	}
	return syncfs(batch->files[0]->fd) == 0;
#else
	(void)same_device;
	return false;
#endif
}

static void
place_each(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (batch->codes[i] == MCA_OK)
			batch->codes[i] =
			    mca_file_place(batch->files[i], &batch->errs[i]);
}

/*
 * Files of one directory mostly come one after another.  When it cannot be
 * made durable none of them is: a second fsync would not tell of it again.
 */
static void
sync_names(struct batch *batch)
{
	struct stat last = { 0 }, here;
	int why = 0;

	for (size_t i = 0; i < batch->count; i++) {
		mca_file *file = batch->files[i];
		bool same;

		if (batch->codes[i] != MCA_OK)
			continue;
		same = fstat(file->folder->fd, &here) == 0 &&
		    here.st_dev == last.st_dev && here.st_ino == last.st_ino;
		if (!same)
			why = fsync(file->folder->fd) == 0 ? 0 : errno;
		errno = why;
		if (why != 0)
			batch->codes[i] =
			    mca_file_unsynced(file, &batch->errs[i]);
		last = here;
	}
}

mca_code
mca_files_commit(mca_file *const *files, size_t count, mca_code *codes,
    struct mca_error *errs, struct mca_error *err)
{
	struct batch batch = { files, count, codes, errs };

	if (!settle_together(&batch))
		settle_each(&batch);
	place_each(&batch);
	sync_names(&batch);
	for (size_t i = 0; i < count; i++)
		if (codes[i] != MCA_OK) {
			*err = errs[i];
			return codes[i];
		}
	return MCA_OK;
}
