/*
 * doctor_files.c - the files of a home: modes, owners, what does not belong.
 */
#include "doctor.h"

#include "minica/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is younger may belong to a run that has not ended. */
#define LEFTOVER_AGE MCA_HOUR

/* What a path below the home may be; the first row that fits counts. */
static const struct place {
	const char *pattern;
	mode_t kind, forbidden;
	bool temporary;
} places[] = {
	{ ".", S_IFDIR, 0077, false },
	{ "keys", S_IFDIR, 0077, false },
	{ "policies", S_IFDIR, 0022, false },
	{ ".minica-????????????????", S_IFREG, 0077, true },
	{ ".minica-*-journal", S_IFREG, 0077, true },
	{ "keys/.minica-????????????????", S_IFREG, 0077, true },
	{ "policies/.minica-????????????????", S_IFREG, 0077, true },
	{ ".crl-??????", S_IFREG, 0077, true },
	{ "minica.db.backup-v*.??????", S_IFREG, 0077, true },
	{ "minica.db*", S_IFREG, 0177, false },
	{ "*.minica-backup", S_IFREG, 0177, false },
	{ "keys/*", S_IFREG, 0177, false },
	{ "pending", S_IFDIR, 0077, false },
	{ "pending/*", S_IFREG, 0177, false },
	{ "apply.lock", S_IFREG, 0177, false },
	{ "policies/*", S_IFREG, 0022, false },
};

static const struct place *
find_place(const char *path)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (fnmatch(places[i].pattern, path, FNM_PATHNAME) == 0)
			return &places[i];
	return NULL;
}

/* The walk through the home; paths are below it. */
struct walk {
	struct mca_doctor *doctor;
	int home;
	uid_t owner;
};

/* A repair is in the log before it is done. */
static mca_code
record(struct walk *walk, const char *path, const char *what,
    struct mca_error *err)
{
	mca_ca *ca = walk->doctor->ca;
	mca_code code = mca_store_begin(ca->store, err);

	if (code != MCA_OK)
		return code;
	code = mca_ca_audit(ca, "repair", path, what, err);
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	return code;
}

static mca_code
repair_mode(struct walk *walk, const char *path, mode_t mode,
    struct mca_error *err)
{
	char what[60];
	mca_code code;

	(void)snprintf(what, sizeof(what), "mode set to %04o", (unsigned)mode);
	code = record(walk, path, what, err);
	if (code != MCA_OK)
		return code;

	/*
	 * By name: closing a descriptor of minica.db would drop the locks that
	 * this process holds on it.
	 */
	if (fchmodat(walk->home, path, mode, AT_SYMLINK_NOFOLLOW) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "mode of %s",
		    MCA_SHOW_TEXT(path));
	mca_doctor_repaired(walk->doctor, MCA_AIL_MODE, path, what);
	return MCA_OK;
}

static mca_code
check_mode(struct walk *walk, const char *path, const struct stat *st,
    const struct place *place, struct mca_error *err)
{
	mode_t mode = st->st_mode & 07777;

	if (st->st_uid != walk->owner)
		mca_doctor_find(walk->doctor, MCA_AIL_OWNER, path,
		    "belongs to uid %lu, not to the home's owner, uid %lu",
		    (unsigned long)st->st_uid, (unsigned long)walk->owner);
	if ((mode & place->forbidden) == 0)
		return MCA_OK;
	if (walk->doctor->repair)
		return repair_mode(walk, path, mode & ~place->forbidden & 0777,
		    err);
	mca_doctor_find(walk->doctor, MCA_AIL_MODE, path,
	    "has mode %04o, and others can %s it; wanted %04o", (unsigned)mode,
	    (mode & place->forbidden & 0022) != 0 ? "change" : "read",
	    (unsigned)(mode & ~place->forbidden & 0777));
	return MCA_OK;
}

static mca_code
check_leftover(struct walk *walk, const char *path, const struct stat *st,
    struct mca_error *err)
{
	mca_time now = walk->doctor->ca->options.now;
	mca_code code;

	if (now - st->st_mtim.tv_sec < LEFTOVER_AGE)
		return MCA_OK;
	if (!walk->doctor->repair || st->st_uid != walk->owner) {
		mca_doctor_find(walk->doctor, MCA_AIL_LEFTOVER, path,
		    "a temporary file that a broken run left at %s",
		    MCA_TIME(st->st_mtim.tv_sec));
		return MCA_OK;
	}
	code = record(walk, path, "temporary file removed", err);
	if (code != MCA_OK)
		return code;
	if (unlinkat(walk->home, path, 0) != 0 && errno != ENOENT)
		return mca_fail_errno(err, MCA_ESYSTEM, "removing %s",
		    MCA_SHOW_TEXT(path));
	mca_doctor_repaired(walk->doctor, MCA_AIL_LEFTOVER, path,
	    "temporary file removed");
	return MCA_OK;
}

/* A file of keys/ that no authority knows. */
static mca_code
check_orphan(struct walk *walk, const char *path, struct mca_error *err)
{
	mca_ca *ca = walk->doctor->ca;
	mca_code code;

	if (strncmp(path, "keys/", 5) != 0)
		return MCA_OK;
	code = mca_ca_load(ca, err);
	if (code != MCA_OK)
		return code;
	for (size_t i = 0; i < ca->issuers.count; i++)
		if (strcmp(ca->issuers.rows[i]->where, path) == 0)
			return MCA_OK;
	if (mca_ca_is_responder_key(ca, path))
		return MCA_OK;
	mca_doctor_find(walk->doctor, MCA_AIL_KEY_ORPHAN, path,
	    "no authority of this home refers to it");
	return MCA_OK;
}

static void
check_policy(struct walk *walk, const char *path)
{
	owned(mca_policy) *policy = NULL;
	owned(char) *whole = NULL;
	struct mca_error bad;
	size_t length = strlen(path);
	mca_code code;

	if (strncmp(path, "policies/", 9) != 0 || length < 14 ||
	    strcmp(path + length - 5, ".yaml") != 0)
		return;
	if (asprintf(&whole, "%s/%s", walk->doctor->ca->options.home, path) <
	    0) {
		whole = NULL;
		walk->doctor->out->lost = true;
		return;
	}
	code = mca_ca_find_policy(&policy, walk->doctor->ca, whole, &bad);
	/* Its name was just read: what cannot be opened is not gone. */
	if (code == MCA_ESYSTEM || code == MCA_ENOTFOUND)
		mca_doctor_find(walk->doctor, MCA_AIL_UNREAD, "", "%s",
		    bad.text);
	else if (code != MCA_OK)
		mca_doctor_find(walk->doctor, MCA_AIL_POLICY, path, "%s",
		    bad.text);
}

static mca_code
check_path(struct walk *walk, const char *path, struct mca_error *err)
{
	const struct place *place = find_place(path);
	struct stat st;
	mca_code code;

	if (place == NULL)
		return MCA_OK;
	if (fstatat(walk->home, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? MCA_OK
				       : mca_fail_errno(err, MCA_ESYSTEM, "%s",
					     MCA_SHOW_TEXT(path));
	if ((st.st_mode & S_IFMT) != place->kind) {
		mca_doctor_find(walk->doctor, MCA_AIL_KIND, path,
		    place->kind == S_IFDIR ? "is not a directory"
					   : "is not a regular file");
		return MCA_OK;
	}
	if (place->temporary)
		return check_leftover(walk, path, &st, err);
	code = check_mode(walk, path, &st, place, err);
	if (code == MCA_OK && place->kind == S_IFREG) {
		check_policy(walk, path);
		code = check_orphan(walk, path, err);
	}
	return code;
}

static mca_code
check_directory(struct walk *walk, const char *below, struct mca_error *err)
{
	int fd = openat(walk->home, below,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const struct dirent *entry;
	mca_code code;
	DIR *dir;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP
		    ? MCA_OK
		    : mca_fail_errno(err, MCA_ESYSTEM, "%s", below);
	dir = fdopendir(fd);
	if (dir == NULL) {
		(void)close(fd);
		return mca_fail_memory(err);
	}
	code = check_path(walk, below, err);
	while (code == MCA_OK && (entry = readdir(dir)) != NULL) {
		char path[300];

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s%s%s",
		    strcmp(below, ".") == 0 ? "" : below,
		    strcmp(below, ".") == 0 ? "" : "/", entry->d_name);
		if (strcmp(path, "keys") != 0 && strcmp(path, "policies") != 0)
			code = check_path(walk, path, err);
	}
	(void)closedir(dir);
	return code;
}

mca_code
mca_doctor_files(struct mca_doctor *doctor, struct mca_error *err)
{
	static const char *const directories[] = { ".", "keys", "policies" };
	const char *home = doctor->ca->options.home;
	struct walk walk = { .doctor = doctor,
		.home = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	mca_code code = MCA_OK;
	struct stat st;

	if (walk.home < 0 || fstat(walk.home, &st) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s",
		    MCA_SHOW_TEXT(home));
	walk.owner = st.st_uid;
	if (walk.owner != geteuid())
		mca_doctor_find(doctor, MCA_AIL_OWNER, home,
		    "belongs to uid %lu, and this is run by uid %lu",
		    (unsigned long)walk.owner, (unsigned long)geteuid());
	for (size_t i = 0; code == MCA_OK && i < 3; i++)
		code = check_directory(&walk, directories[i], err);
	(void)close(walk.home);
	return code;
}
