/*
 * file.c - see minica/file.h.
 */
#include "minica/file.h"

#include "error.h"
#include "file_parts.h"
#include "minica/owned.h"
#include "minica/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

/* Closes a descriptor at the end of its scope; -1 is none. */
static void
close_fd(int *fd)
{
	if (*fd > STDERR_FILENO)
		(void)close(*fd);
}

#define scoped_fd __attribute__((cleanup(close_fd))) int

static mca_code
too_large(const char *path, size_t cap, struct mca_error *err)
{
	return mca_fail(err, MCA_EFORMAT,
	    "%s: is larger than the limit of %zu bytes for what belongs here",
	    path, cap);
}

/* Grows a blob that may hold secrets; realloc would leave copies behind. */
static mca_code
grow(mca_blob *blob, size_t used, size_t size, struct mca_error *err)
{
	mca_blob larger = { malloc(size + 1), size };

	if (larger.bytes == NULL)
		return mca_fail_memory(err);
	if (used > 0)
		memcpy(larger.bytes, blob->bytes, used);
	mca_blob_clear(blob);
	*blob = larger;
	return MCA_OK;
}

static mca_code
read_all(mca_blob *blob, int fd, const char *path, size_t cap,
    struct mca_error *err)
{
	size_t used = 0;
	ssize_t n;

	do {
		if (used == blob->length) {
			size_t size = used == 0 ? 4096 : used * 2;
			mca_code code =
			    grow(blob, used, size > cap ? cap + 1 : size, err);

			if (code != MCA_OK)
				return code;
		}
		n = read(fd, blob->bytes + used, blob->length - used);
		if (n > 0)
			used += (size_t)n;
		if (used > cap)
			return too_large(path, cap, err);
	} while (n > 0 || (n < 0 && errno == EINTR));

	if (n < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be read",
		    path);
	blob->length = used;
	blob->bytes[used] = 0;
	return MCA_OK;
}

mca_code
mca_file_read_open(mca_blob *out, int fd, const char *shown, size_t cap,
    struct mca_error *err)
{
	scoped(mca_blob) blob = { 0 };
	struct stat st;
	mca_code code;

	if (fstat(fd, &st) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s", shown);
	if (S_ISDIR(st.st_mode))
		return mca_fail(err, MCA_EFORMAT, "%s: is a directory", shown);
	if (S_ISREG(st.st_mode) && st.st_size > (off_t)cap)
		return too_large(shown, cap, err);
	if (S_ISREG(st.st_mode) && st.st_size > 0) {
		code = grow(&blob, 0, (size_t)st.st_size + 1, err);
		if (code != MCA_OK)
			return code;
	}
	code = read_all(&blob, fd, shown, cap, err);
	if (code != MCA_OK)
		return code;

	mca_blob_clear(out);
	*out = blob;
	blob = (mca_blob){ 0 };
	return MCA_OK;
}

mca_code
mca_file_read(mca_blob *out, const char *path, size_t cap,
    struct mca_error *err)
{
	bool standard = strcmp(path, "-") == 0;
	const char *shown = standard ? "standard input" : path;
	scoped_fd fd = standard ? STDIN_FILENO
				: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? mca_fail_errno(err, MCA_ENOTFOUND, "%s", shown)
		      : mca_file_read_open(out, fd, shown, cap, err);
}

/* ---- writing ---- */

/* A name that nobody can guess, beside the final one. */
static mca_code
choose_temporary(mca_file *file, struct mca_error *err)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return mca_fail_errno(err, MCA_ESYSTEM, "no random number");
	if (asprintf(&file->temporary, ".minica-%016llx",
		(unsigned long long)random) < 0) {
		file->temporary = NULL;
		return mca_fail_memory(err);
	}
	return MCA_OK;
}

static mca_code
open_folder(mca_file *file, const char *name, struct mca_error *err)
{
	file->folder = calloc(1, sizeof(*file->folder));
	if (file->folder == NULL)
		return mca_fail_memory(err);
	file->folder->fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->folder->fd < 0)
		return mca_fail_errno(err,
		    errno == ENOENT || errno == ENOTDIR ? MCA_ENOTFOUND
							: MCA_ESYSTEM,
		    "%s: its directory", file->path);
	return MCA_OK;
}

/* Whether both paths are the same up to their last part. */
static bool
is_beside(const mca_file *file, const mca_file *other)
{
	size_t length = (size_t)(file->base - file->path);

	return other != NULL && length == (size_t)(other->base - other->path) &&
	    memcmp(file->path, other->path, length) == 0;
}

/* Finds the directory of `file->path`, and opens it if `other` has not. */
static mca_code
open_directory(mca_file *file, const mca_file *other, struct mca_error *err)
{
	const char *slash = strrchr(file->path, '/');
	owned(char) *name = NULL;

	file->base = slash == NULL ? file->path : slash + 1;
	if (*file->base == '\0' || strcmp(file->base, ".") == 0 ||
	    strcmp(file->base, "..") == 0)
		return mca_fail(err, MCA_EUSAGE,
		    "%s: names a directory, not "
		    "a file",
		    file->path);
	if (is_beside(file, other)) {
		file->folder = other->folder;
		file->folder->others++;
		return MCA_OK;
	}
	name = slash == NULL
	    ? strdup(".")
	    : strndup(file->path, (size_t)(slash - file->path) + 1);
	if (name == NULL)
		return mca_fail_memory(err);
	return open_folder(file, name, err);
}

/* What may lie under the final name already. */
static mca_code
check_target(const mca_file *file, struct mca_error *err)
{
	struct stat st;

	if (fstatat(file->folder->fd, file->base, &st, AT_SYMLINK_NOFOLLOW) !=
	    0)
		return errno == ENOENT
		    ? MCA_OK
		    : mca_fail_errno(err, MCA_ESYSTEM, "%s", file->path);
	if (S_ISLNK(st.st_mode))
		return mca_fail(err, MCA_EUSAGE,
		    "%s: is a symbolic link, and files are never written "
		    "through one; name the file itself",
		    file->path);
	if (S_ISDIR(st.st_mode))
		return mca_fail(err, MCA_EUSAGE, "%s: is a directory",
		    file->path);
	if (!S_ISREG(st.st_mode))
		return mca_fail(err, MCA_EUSAGE,
		    "%s: is not a regular file; write to standard output "
		    "instead",
		    file->path);
	if (file->replace == MCA_FILE_NEW)
		return mca_fail(err, MCA_EEXISTS,
		    "%s: is there already, and is not replaced", file->path);
	return MCA_OK;
}

/*
 * A file without a name leaves nothing behind, whenever the process ends.
 * Naming it later goes through /proc, which a chroot may lack.
 */
static int
open_nameless(const mca_file *file)
{
#ifdef O_TMPFILE
	if (access("/proc/self/fd", X_OK) == 0)
		return openat(file->folder->fd, ".",
		    O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
#else
	(void)file;
#endif
	return -1;
}

static mca_code
open_under_name(mca_file *file, struct mca_error *err)
{
	mca_code code = choose_temporary(file, err);

	if (code != MCA_OK)
		return code;
	file->fd = openat(file->folder->fd, file->temporary,
	    O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0600);
	if (file->fd < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be written",
		    file->path);
	return MCA_OK;
}

static mca_code
open_bytes(mca_file *file, struct mca_error *err)
{
	file->fd = open_nameless(file);
	return file->fd >= 0 ? MCA_OK : open_under_name(file, err);
}

/* All but the bytes. */
static mca_code
begin(mca_file **out, const mca_file *other, const char *path, mode_t mode,
    enum mca_file_replace replace, struct mca_error *err)
{
	owned(mca_file) *file = calloc(1, sizeof(*file));
	mca_code code;

	if (file == NULL)
		return mca_fail_memory(err);
	file->fd = -1;
	file->mode = mode;
	file->replace = replace;
	file->path = strdup(path);
	if (file->path == NULL)
		return mca_fail_memory(err);
	if ((code = open_directory(file, other, err)) != MCA_OK ||
	    (code = check_target(file, err)) != MCA_OK)
		return code;
	*out = give(&file);
	return MCA_OK;
}

mca_code
mca_file_open(mca_file **out, const char *path, mode_t mode,
    enum mca_file_replace replace, struct mca_error *err)
{
	return mca_file_open_beside(out, NULL, path, mode, replace, err);
}

mca_code
mca_file_open_beside(mca_file **out, const mca_file *other, const char *path,
    mode_t mode, enum mca_file_replace replace, struct mca_error *err)
{
	owned(mca_file) *file = NULL;
	mca_code code;

	if ((code = begin(&file, other, path, mode, replace, err)) != MCA_OK ||
	    (code = open_bytes(file, err)) != MCA_OK)
		return code;
	*out = give(&file);
	return MCA_OK;
}

/* The temporary name as SQLite wants it: no symbolic link on the way. */
static mca_code
whole_name(char **out, const mca_file *file, struct mca_error *err)
{
	owned(char) *directory =
	    strndup(file->path, (size_t)(file->base - file->path));
	owned(char) *real = NULL;

	if (directory == NULL)
		return mca_fail_memory(err);
	real = realpath(*directory == '\0' ? "." : directory, NULL);
	if (real == NULL)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: its directory",
		    file->path);
	if (asprintf(out, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
		file->temporary) < 0) {
		*out = NULL;
		return mca_fail_memory(err);
	}
	return MCA_OK;
}

mca_code
mca_file_open_named(mca_file **out, char **name, const char *path, mode_t mode,
    enum mca_file_replace replace, struct mca_error *err)
{
	owned(mca_file) *file = NULL;
	mca_code code;

	if ((code = begin(&file, NULL, path, mode, replace, err)) != MCA_OK ||
	    (code = open_under_name(file, err)) != MCA_OK ||
	    (code = whole_name(name, file, err)) != MCA_OK)
		return code;
	*out = give(&file);
	return MCA_OK;
}

mca_code
mca_file_write(mca_file *file, const void *bytes, size_t length,
    struct mca_error *err)
{
	const uint8_t *rest = bytes;

	while (length > 0) {
		ssize_t n = write(file->fd, rest, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return mca_fail_errno(err, MCA_ESYSTEM,
			    "%s: cannot be written", file->path);
		rest += n;
		length -= (size_t)n;
	}
	return MCA_OK;
}

/* Gives a nameless file the name `name`; errno tells why it could not. */
static bool
link_nameless(const mca_file *file, const char *name)
{
	char self[64];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", file->fd);
	return linkat(AT_FDCWD, self, file->folder->fd, name,
		   AT_SYMLINK_FOLLOW) == 0;
}

/* A new file: the kernel itself refuses to take a name twice. */
static bool
name_new(const mca_file *file)
{
	if (file->temporary == NULL)
		return link_nameless(file, file->base);
	return linkat(file->folder->fd, file->temporary, file->folder->fd,
		   file->base, 0) == 0;
}

static mca_code
name_replacing(mca_file *file, struct mca_error *err)
{
	if (file->temporary == NULL) {
		mca_code code = choose_temporary(file, err);

		if (code != MCA_OK)
			return code;
		if (!link_nameless(file, file->temporary))
			return mca_fail_errno(err, MCA_ESYSTEM,
			    "%s: cannot be named", file->path);
	}
	if (renameat(file->folder->fd, file->temporary, file->folder->fd,
		file->base) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "%s: cannot be replaced", file->path);
	free(give(&file->temporary));
	return MCA_OK;
}

static mca_code
name_file(mca_file *file, struct mca_error *err)
{
	if (file->replace == MCA_FILE_REPLACE)
		return name_replacing(file, err);
	if (!name_new(file))
		return mca_fail_errno(err,
		    errno == EEXIST ? MCA_EEXISTS : MCA_ESYSTEM,
		    "%s: cannot be named", file->path);
	return MCA_OK;
}

mca_code
mca_file_settle(mca_file *file, struct mca_error *err)
{
	if (fchmod(file->fd, file->mode) != 0 || fsync(file->fd) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "%s: cannot be made durable", file->path);
	return MCA_OK;
}

mca_code
mca_file_place(mca_file *file, struct mca_error *err)
{
	mca_code code = check_target(file, err);

	return code == MCA_OK ? name_file(file, err) : code;
}

mca_code
mca_file_unsynced(mca_file *file, struct mca_error *err)
{
	mca_code code = mca_fail_errno(err, MCA_ESYSTEM,
	    "%s: its directory cannot be made durable", file->path);

	if (file->replace == MCA_FILE_NEW)
		(void)unlinkat(file->folder->fd, file->base, 0);
	return code;
}

mca_code
mca_file_sync_name(mca_file *file, struct mca_error *err)
{
	return fsync(file->folder->fd) == 0 ? MCA_OK
					    : mca_file_unsynced(file, err);
}

mca_code
mca_file_commit(mca_file *file, struct mca_error *err)
{
	mca_code code;

	if ((code = mca_file_settle(file, err)) != MCA_OK ||
	    (code = mca_file_place(file, err)) != MCA_OK)
		return code;
	return mca_file_sync_name(file, err);
}

const char *
mca_file_path(const mca_file *file)
{
	return file->path;
}

static void
leave_folder(struct mca_folder *folder)
{
	if (folder == NULL || folder->others-- > 0)
		return;
	if (folder->fd >= 0)
		(void)close(folder->fd);
	free(folder);
}

void
mca_file_free(mca_file *file)
{
	if (file == NULL)
		return;
	if (file->folder != NULL && file->temporary != NULL)
		(void)unlinkat(file->folder->fd, file->temporary, 0);
	if (file->fd >= 0)
		(void)close(file->fd);
	leave_folder(file->folder);
	free(file->temporary);
	free(file->path);
	free(file);
}

mca_code
mca_file_save(const char *path, const void *bytes, size_t length, mode_t mode,
    enum mca_file_replace replace, struct mca_error *err)
{
	owned(mca_file) *file = NULL;
	mca_code code;

	if ((code = mca_file_open(&file, path, mode, replace, err)) != MCA_OK ||
	    (code = mca_file_write(file, bytes, length, err)) != MCA_OK)
		return code;
	return mca_file_commit(file, err);
}

/* ---- directories ---- */

/*
 * What is made durable in a directory is lost with it, if its own name is not:
 * the key of a new root lay in a directory that a power cut took away.
 */
static mca_code
sync_parent(const char *path, struct mca_error *err)
{
	const char *slash = strrchr(path, '/');
	owned(char) *parent = slash == NULL
	    ? strdup(".")
	    : strndup(path, (size_t)(slash - path) + 1);
	scoped_fd fd = -1;

	if (parent == NULL)
		return mca_fail_memory(err);
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "%s: its directory cannot be made durable", path);
	return MCA_OK;
}

static mca_code
make_one(const char *path, mode_t mode, struct mca_error *err)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return sync_parent(path, err);
	if (errno != EEXIST)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s: cannot be made",
		    path);
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return mca_fail(err, MCA_EUSAGE, "%s: is not a directory",
		    path);
	return MCA_OK;
}

mca_code
mca_file_make_directory(const char *path, mode_t mode, struct mca_error *err)
{
	owned(char) *copy = strdup(path);
	mca_code code;

	if (copy == NULL)
		return mca_fail_memory(err);
	for (char *slash = copy; (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		code = make_one(copy, mode, err);
		*slash = '/';
		if (code != MCA_OK)
			return code;
	}
	return make_one(copy, mode, err);
}
