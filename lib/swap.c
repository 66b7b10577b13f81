/*
 * swap.c - see swap.h.
 */
#include "swap.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME 256

/* A path as its open directory and the names that matter in it. */
struct spot {
	int directory;
	const char *name;
	char new_name[NAME], old_name[NAME];
};

static void
spot_clear(struct spot *spot)
{
	if (spot->directory >= 0)
		(void)close(spot->directory);
}
typedef struct spot open_spot;
MCA_SCOPED(open_spot, spot_clear)

static mca_code
open_spot_of(struct spot *spot, const char *path, struct mca_error *err)
{
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX];
	int length = (int)(slash - path);

	spot->directory = -1;
	spot->name = slash + 1;
	(void)snprintf(directory, sizeof(directory), "%.*s", length, path);
	if (snprintf(spot->new_name, NAME, ".%s.minica-new", spot->name) >=
		NAME ||
	    snprintf(spot->old_name, NAME, ".%s.minica-old", spot->name) >=
		NAME ||
	    length >= (int)sizeof(directory))
		return mca_fail(err, MCA_EUSAGE, "%s: the name is too long",
		    MCA_SHOW_TEXT(path));
	spot->directory = open(length == 0 ? "/" : directory,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (spot->directory < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: its directory",
		    MCA_SHOW_TEXT(path));
	return MCA_OK;
}

/* What a run that was killed left under this name is in the way. */
static int
create(const struct spot *spot)
{
	const int flags = O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC;
	int fd = openat(spot->directory, spot->new_name, flags, 0600);

	if (fd >= 0 || errno != EEXIST)
		return fd;
	if (unlinkat(spot->directory, spot->new_name, 0) != 0)
		return -1;
	return openat(spot->directory, spot->new_name, flags, 0600);
}

static bool
write_all(int fd, const mca_blob *bytes)
{
	size_t done = 0;

	while (done < bytes->length) {
		ssize_t n =
		    write(fd, bytes->bytes + done, bytes->length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool
fill(const struct mca_swap *swap, int fd)
{
	struct stat there;

	for (size_t i = 0; i < swap->part_count; i++)
		if (!write_all(fd, &swap->parts[i]))
			return false;
	if (fstat(fd, &there) != 0)
		return false;
	if ((there.st_uid != swap->uid || there.st_gid != swap->gid) &&
	    fchown(fd, swap->uid, swap->gid) != 0)
		return false;
	return fchmod(fd, swap->mode) == 0 && fsync(fd) == 0;
}

mca_code
mca_swap_stage(struct mca_swap *swap, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code = open_spot_of(&spot, swap->path, err);
	bool filled;
	int fd;

	if (code != MCA_OK)
		return code;
	fd = create(&spot);
	if (fd < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be written",
		    MCA_SHOW_TEXT(swap->path));
	filled = fill(swap, fd);
	if (!filled) {
		code = mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be written",
		    MCA_SHOW_TEXT(swap->path));
		(void)unlinkat(spot.directory, spot.new_name, 0);
	}
	(void)close(fd);
	if (filled)
		swap->state = MCA_SWAP_STAGED;
	return code;
}

/*
 * Keeps what is there, unless a run that was killed has kept something older
 * already.  File systems without hard links leave a moment without the file.
 */
static mca_code
keep_old(struct mca_swap *swap, const struct spot *spot, struct mca_error *err)
{
	struct stat ignored;
	int at = spot->directory;

	swap->way_back = MCA_SWAP_KEPT;
	if (fstatat(at, spot->old_name, &ignored, AT_SYMLINK_NOFOLLOW) == 0)
		return MCA_OK;
	swap->way_back = swap->same ? MCA_SWAP_SAME : MCA_SWAP_NEW;
	if (swap->same ||
	    (fstatat(at, spot->name, &ignored, AT_SYMLINK_NOFOLLOW) != 0 &&
		errno == ENOENT))
		return MCA_OK;
	swap->way_back = MCA_SWAP_NOTHING;
	if (linkat(at, spot->name, at, spot->old_name, 0) != 0 &&
	    renameat(at, spot->name, at, spot->old_name) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be kept",
		    MCA_SHOW_TEXT(swap->path));
	swap->way_back = MCA_SWAP_KEPT;
	return MCA_OK;
}

/* False if what was kept could not go back to its name, or not yet. */
static bool
restore(const struct spot *spot)
{
	struct stat ignored;
	int at = spot->directory;

	if (renameat(at, spot->old_name, at, spot->name) != 0)
		return false;
	/* Two names of one file stay two when one is renamed to the other. */
	return fstatat(at, spot->old_name, &ignored, AT_SYMLINK_NOFOLLOW) !=
	    0 ||
	    unlinkat(at, spot->old_name, 0) == 0;
}

static mca_code
put_in(struct mca_swap *swap, const struct spot *spot, struct mca_error *err)
{
	mca_code code = MCA_OK;

	if (swap->keep_old && swap->way_back == MCA_SWAP_NOTHING)
		code = keep_old(swap, spot, err);
	if (code != MCA_OK)
		return code;
	if (renameat(spot->directory, spot->new_name, spot->directory,
		spot->name) == 0) {
		swap->state = swap->keep_old ? swap->way_back : MCA_SWAP_SAME;
		return MCA_OK;
	}
	code = mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be replaced",
	    MCA_SHOW_TEXT(swap->path));
	if (swap->way_back == MCA_SWAP_KEPT && !restore(spot))
		return mca_within(err, "the old file stays as %s",
		    MCA_SHOW_TEXT(spot->old_name));
	swap->way_back = MCA_SWAP_NOTHING;
	return code;
}

mca_code
mca_swap_keep(struct mca_swap *swap, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code = open_spot_of(&spot, swap->path, err);

	return code == MCA_OK ? keep_old(swap, &spot, err) : code;
}

mca_code
mca_swap_in(struct mca_swap *swap, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code = open_spot_of(&spot, swap->path, err);

	return code == MCA_OK ? put_in(swap, &spot, err) : code;
}

static mca_code
put_back(struct mca_swap *swap, const struct spot *spot, struct mca_error *err)
{
	bool back = true;

	switch (swap->state) {
	case MCA_SWAP_STAGED:
		back = (unlinkat(spot->directory, spot->new_name, 0) == 0 ||
			   errno == ENOENT) &&
		    (swap->way_back != MCA_SWAP_KEPT || restore(spot));
		break;
	case MCA_SWAP_NEW:
		back = unlinkat(spot->directory, spot->name, 0) == 0;
		break;
	case MCA_SWAP_KEPT:
		back = restore(spot);
		break;
	case MCA_SWAP_SAME:
	case MCA_SWAP_NOTHING:
		break;
	}
	if (!back)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "%s: the old file cannot be put back",
		    MCA_SHOW_TEXT(swap->path));
	swap->state = MCA_SWAP_NOTHING;
	return MCA_OK;
}

mca_code
mca_swap_back(struct mca_swap *swap, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code = open_spot_of(&spot, swap->path, err);

	return code == MCA_OK ? put_back(swap, &spot, err) : code;
}

static mca_code
let_go(const struct mca_swap *swap, const struct spot *spot,
    struct mca_error *err)
{
	if (unlinkat(spot->directory, spot->old_name, 0) != 0 &&
	    errno != ENOENT)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "%s: the old file cannot be removed",
		    MCA_SHOW_TEXT(swap->path));
	return MCA_OK;
}

mca_code
mca_swap_done(struct mca_swap *swap, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code;

	if (!swap->keep_old)
		return MCA_OK;
	code = open_spot_of(&spot, swap->path, err);
	return code == MCA_OK ? let_go(swap, &spot, err) : code;
}

/* ---- all of several, or none ---- */

struct spots {
	struct spot *rows;
	size_t count;
};

static void
spots_clear(struct spots *spots)
{
	for (size_t i = 0; i < spots->count; i++)
		spot_clear(&spots->rows[i]);
	free(spots->rows);
}
typedef struct spots open_spots;
MCA_SCOPED(open_spots, spots_clear)

static mca_code
open_spots_of(struct spots *out, struct mca_swap *const *swaps, size_t count,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	out->rows = calloc(count, sizeof(*out->rows));
	if (out->rows == NULL)
		return mca_fail_memory(err);
	while (code == MCA_OK && out->count < count) {
		code = open_spot_of(&out->rows[out->count],
		    swaps[out->count]->path, err);
		out->count += code == MCA_OK;
	}
	return code;
}

/* What was put in place before one that could not be; `why` says which. */
static mca_code
put_all_back(struct mca_swap *const *swaps, const struct spots *spots,
    size_t count, struct mca_error *why)
{
	struct mca_error bad = { 0 };

	while (count-- > 0)
		if (put_back(swaps[count], &spots->rows[count], &bad) != MCA_OK)
			(void)mca_within(why, "%s", bad.text);
	return why->code;
}

mca_code
mca_swap_in_all(struct mca_swap *const *swaps, size_t count,
    struct mca_error *err)
{
	scoped(open_spots) spots = { 0 };
	mca_code code = open_spots_of(&spots, swaps, count, err);

	if (code != MCA_OK)
		return code;
	for (size_t i = 0; i < count; i++) {
		/* After the last there is no way back to take. */
		swaps[i]->keep_old = i + 1 < count;
		/* Whatever was kept before is older than what is there. */
		if ((swaps[i]->keep_old &&
			let_go(swaps[i], &spots.rows[i], err) != MCA_OK) ||
		    put_in(swaps[i], &spots.rows[i], err) != MCA_OK)
			return put_all_back(swaps, &spots, i, err);
	}
	for (size_t i = 0; i < count && code == MCA_OK; i++)
		if (swaps[i]->state == MCA_SWAP_KEPT)
			code = let_go(swaps[i], &spots.rows[i], err);
	return code;
}

static mca_code
sync_spot(const struct spot *spot, const char *path, struct mca_error *err)
{
	if (fsync(spot->directory) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "%s: its directory cannot be made durable",
		    MCA_SHOW_TEXT(path));
	return MCA_OK;
}

mca_code
mca_swap_sync(const char *path, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code = open_spot_of(&spot, path, err);

	return code == MCA_OK ? sync_spot(&spot, path, err) : code;
}

mca_code
mca_swap_sweep(const char *path, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code = open_spot_of(&spot, path, err);
	bool found = false;

	if (code != MCA_OK)
		return code;
	for (int i = 0; i < 2; i++) {
		const char *name = i == 0 ? spot.new_name : spot.old_name;

		if (unlinkat(spot.directory, name, 0) == 0)
			found = true;
		else if (errno != ENOENT)
			return mca_fail_errno(err, MCA_ESYSTEM,
			    "%s beside %s: cannot be removed",
			    MCA_SHOW_TEXT(name), MCA_SHOW_TEXT(path));
	}
	return found ? sync_spot(&spot, path, err) : MCA_OK;
}

mca_code
mca_swap_remove(const char *path, bool durable, struct mca_error *err)
{
	scoped(open_spot) spot;
	mca_code code = open_spot_of(&spot, path, err);

	if (code != MCA_OK)
		return code;
	(void)unlinkat(spot.directory, spot.new_name, 0);
	(void)unlinkat(spot.directory, spot.old_name, 0);
	if (unlinkat(spot.directory, spot.name, 0) != 0 && errno != ENOENT)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be removed",
		    MCA_SHOW_TEXT(path));
	return durable ? sync_spot(&spot, path, err) : MCA_OK;
}
