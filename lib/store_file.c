/*
 * store_file.c - where the store's file is, and what may be done with it.
 */
#include "store.h"

#include "minica/file.h"
#include "minica/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool
mca_store_lean(void)
{
	return mca_sql_lean();
}

mca_code
mca_store_temporary(const char *directory, struct mca_error *err)
{
	return mca_sql_temporary(directory, err);
}

static mca_code
fail_missing(const char *home, struct mca_error *err)
{
	return mca_fail(err, MCA_ENOTFOUND,
	    "there is no store in %s: make one with `minica init-root`, or "
	    "name another home with --home",
	    MCA_SHOW_TEXT(home));
}

static mca_code
fail_kind(const char *path, mode_t mode, struct mca_error *err)
{
	if (S_ISLNK(mode))
		return mca_fail(err, MCA_EFORMAT,
		    "%s is a symbolic link, which is never followed: put the "
		    "file itself there, or name its directory with --home",
		    MCA_SHOW_TEXT(path));
	return mca_fail(err, MCA_EFORMAT,
	    "%s is no regular file, so it is no store: move it away",
	    MCA_SHOW_TEXT(path));
}

/*
 * By name and not by descriptor: closing any descriptor of the file would
 * drop the locks that this process holds on it through SQLite.
 */
static mca_code
check_kind(const char *path, const char *home, struct mca_error *err)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return S_ISREG(st.st_mode) ? MCA_OK
					   : fail_kind(path, st.st_mode, err);
	if (errno == ENOENT || errno == ENOTDIR)
		return fail_missing(home, err);
	return mca_fail_errno(err, MCA_ESYSTEM, "%s", MCA_SHOW_TEXT(path));
}

/*
 * An empty file is an empty database.  SQLite would make it with the modes
 * of the umask, and gives the mode it finds to the files beside it.
 */
static mca_code
create(const char *path, struct mca_error *err)
{
	struct stat st;
	mca_code code;

	if (lstat(path, &st) == 0)
		return MCA_OK;
	code = mca_file_save(path, "", 0, 0600, MCA_FILE_NEW, err);
	return code == MCA_EEXISTS ? MCA_OK : code; /* someone was quicker */
}

static mca_code
resolve(char **path, const char *home, struct mca_error *err)
{
	owned(char) *real = realpath(home, NULL);

	if (real == NULL && (errno == ENOENT || errno == ENOTDIR))
		return fail_missing(home, err);
	if (real == NULL)
		return mca_fail_errno(err, MCA_ESYSTEM, "home %s",
		    MCA_SHOW_TEXT(home));
	if (asprintf(path, "%s/minica.db", strcmp(real, "/") == 0 ? "" : real) <
	    0)
		return mca_fail_memory(err);
	return MCA_OK;
}

mca_code
mca_store_locate(char **path, const struct mca_store_options *options,
    struct mca_error *err)
{
	bool may_create = options->mode == MCA_STORE_CREATE;
	owned(char) *found = NULL;
	mca_code code = MCA_OK;

	if (may_create)
		code = mca_file_make_directory(options->home, 0700, err);
	if (code != MCA_OK)
		return code;
	code = resolve(&found, options->home, err);
	if (code != MCA_OK)
		return code;
	if (may_create)
		code = create(found, err);
	if (code != MCA_OK)
		return code;
	code = check_kind(found, options->home, err);
	if (code != MCA_OK)
		return code;
	*path = give(&found);
	return MCA_OK;
}

/* The size of the file beside `path`, or -1 if there is none. */
static off_t
size_beside(const char *path, const char *ending)
{
	char name[PATH_MAX];
	struct stat st;

	(void)snprintf(name, sizeof(name), "%s%s", path, ending);
	return lstat(name, &st) == 0 ? st.st_size : -1;
}

static bool
may_write(const char *path)
{
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

bool
mca_store_is_writable(const char *home)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/minica.db", home) <
	    (int)sizeof(path) &&
	    may_write(home) && may_write(path);
}

static mca_code
fail_read_only(const char *path, struct mca_error *err)
{
	return mca_fail_errno(err, MCA_ESYSTEM,
	    "%s cannot be written, so nothing was done: run minica as its "
	    "owner, make it writable, or name another home with --home",
	    MCA_SHOW_TEXT(path));
}

mca_code
mca_store_access(enum mca_sql_access *access, const char *path,
    enum mca_store_mode mode, struct mca_error *err)
{
	owned(char) *home =
	    strndup(path, (size_t)(strrchr(path, '/') - path) + 1);
	bool home_writable;

	if (home == NULL)
		return mca_fail_memory(err);
	home_writable = may_write(home);
	if (mode != MCA_STORE_READ && !home_writable)
		return fail_read_only(home, err);
	if (mode != MCA_STORE_READ && !may_write(path))
		return fail_read_only(path, err);

	/*
	 * Reading a log needs minica.db-shm, which cannot be made here.  Where
	 * neither of them is, nobody can be writing.
	 */
	*access = MCA_SQL_WRITE;
	if (home_writable || size_beside(path, "-shm") >= 0)
		return MCA_OK;
	if (size_beside(path, "-wal") > 0)
		return mca_fail(err, MCA_ESYSTEM,
		    "%s-wal holds changes that can only be read where %s can "
		    "be written: run minica as its owner, or copy the "
		    "directory and name the copy with --home",
		    MCA_SHOW_TEXT(path), MCA_SHOW_TEXT(home));
	*access = MCA_SQL_IMMUTABLE;
	return MCA_OK;
}

static bool
is_below(const struct stat *directory, const char *home, const char *below)
{
	char path[PATH_MAX];
	struct stat own;

	return snprintf(path, sizeof(path), "%s/%s", home, below) <
	    (int)sizeof(path) &&
	    stat(path, &own) == 0 && own.st_dev == directory->st_dev &&
	    own.st_ino == directory->st_ino;
}

/* Directories are compared, not their names, of which one may have many. */
bool
mca_store_keeps(const char *home, const char *path)
{
	static const struct {
		const char *below, *name; /* NULL: every file there is */
	} rows[] = {
		{ "", "minica.db" },
		{ "", "minica.db-wal" },
		{ "", "minica.db-shm" },
		{ "", "apply.lock" },
		{ "keys", NULL },
		{ "pending", NULL },
	};
	const char *name = strrchr(path, '/') + 1;
	char directory[PATH_MAX];
	struct stat there;

	if (snprintf(directory, sizeof(directory), "%.*s", (int)(name - path),
		path) >= (int)sizeof(directory) ||
	    stat(directory, &there) != 0)
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].name == NULL || strcmp(rows[i].name, name) == 0) &&
		    is_below(&there, home, rows[i].below))
			return true;
	return false;
}
