/*
 * plan_disk.c - see plan_disk.h.
 */
#include "plan_disk.h"

#include "minica/digest.h"
#include "minica/file.h"
#include "minica/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is under a path. */
struct found {
	bool there;
	struct stat st;
	uint8_t sha256[MCA_SHA256_SIZE];
};

/* Small files, which almost all are, are read into `space`. */
static mca_code
digest(struct found *found, int fd, struct mca_error *err)
{
	uint8_t space[32768];
	ssize_t n = 0;
	size_t length = 0;

	while (length < sizeof(space) &&
	    (n = read(fd, space + length, sizeof(space) - length)) > 0)
		length += (size_t)n;
	if (n < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "cannot be read");
	/* Ours are never that long; any other digest will do to say so. */
	return mca_sha256(found->sha256, space, length, err);
}

/* MCA_EUSAGE for what is never replaced: a symbolic link, a directory. */
static mca_code
look(struct found *found, const char *path, struct mca_error *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	mca_code code = MCA_OK;

	found->there = fd >= 0;
	if (fd < 0 && errno == ENOENT)
		return MCA_OK;
	if (fd < 0 && errno == ELOOP)
		return mca_fail(err, MCA_EUSAGE,
		    "is a symbolic link, and files are never written through "
		    "one");
	if (fd < 0)
		return mca_fail_errno(err, MCA_ENOTFOUND, "cannot be read");
	if (fstat(fd, &found->st) != 0)
		code = mca_fail_errno(err, MCA_ESYSTEM, "cannot be read");
	else if (!S_ISREG(found->st.st_mode))
		code = mca_fail(err, MCA_EUSAGE, "is not a regular file");
	else
		code = digest(found, fd, err);
	(void)close(fd);
	return code;
}

/* A file that nobody has recorded for this certificate. */
static mca_code
check_foreign(mca_plan *plan, struct mca_entry *entry,
    const struct mca_plan_file *file, const struct found *found,
    struct mca_error *err)
{
	mca_store *store;
	owned(char) *owner = NULL;
	const char *manifest = plan->manifest->name;
	size_t length = strlen(manifest);
	bool ours = false;
	mca_code code = MCA_OK;

	if (plan->ca != NULL) {
		store = mca_ca_store(plan->ca);
		code = mca_managed_owner(store, &owner, file->path, err);
		if (code == MCA_OK && found->there)
			code = mca_store_wrote(store, &ours, file->path,
			    found->sha256, err);
	}
	if (code != MCA_OK)
		return code;
	if (owner != NULL &&
	    (strncmp(owner, manifest, length) != 0 || owner[length] != '/'))
		mca_plan_refuse(entry, MCA_EEXISTS, "MC-A-OWNED", "outputs",
		    "give one of the two another place",
		    "%s belongs to %s, another manifest's certificate",
		    MCA_SHOW_TEXT(file->path), owner);
	else if (found->there && !ours && !plan->options.force)
		mca_plan_refuse(entry, MCA_EEXISTS, "MC-A-FOREIGN", "outputs",
		    "look at it, then move it away or replace it with --force",
		    "%s is there, and minica did not write it",
		    MCA_SHOW_TEXT(file->path));
	return MCA_OK;
}

/* The mode that is wanted, and whether what is there has another. */
static bool
settle_mode(struct mca_plan_file *file, const struct found *found)
{
	bool secret = mca_role_has_key(file->role);
	int64_t said = secret ? file->output->key_mode : file->output->mode;
	mode_t there = found->st.st_mode & 07777;
	mode_t wanted = secret ? 0600 : 0644;

	if (file->known && (!secret || (file->mode & 07) == 0))
		wanted = file->mode;
	if (said >= 0)
		wanted = (mode_t)said;
	else if (file->known && found->there && (there & 07111) == 0 &&
	    (there & 0022) == 0 && (!secret || (there & 07) == 0))
		wanted = there;
	file->mode = wanted;
	return found->there && there != wanted;
}

/* Nobody said whose it is: whose it was, or else whoever runs this. */
static bool
settle_owner(struct mca_plan_file *file, const struct found *found)
{
	const struct mca_output *output = file->output;
	bool there = file->known && found->there;

	if (output->has_owner)
		file->uid = output->uid;
	else if (there)
		file->uid = found->st.st_uid;
	else if (!file->known)
		file->uid = geteuid();
	if (output->has_group)
		file->gid = output->gid;
	else if (there)
		file->gid = found->st.st_gid;
	else if (!file->known)
		file->gid = getegid();
	return found->there &&
	    (found->st.st_uid != file->uid || found->st.st_gid != file->gid);
}

static void
compare(mca_text *why, struct mca_entry *entry, struct mca_plan_file *file,
    const struct found *found)
{
	bool mode = settle_mode(file, found);
	bool owner = settle_owner(file, found);
	const char *path = MCA_SHOW_TEXT(file->path);
	const char *flaw = NULL;

	if (!file->known)
		flaw = "is wanted and was not written yet";
	else if (strcmp(file->role_name, mca_role_name(file->role)) != 0)
		flaw = "is to hold something else";
	else if (!found->there)
		flaw = "is missing";
	else if (file->certificate != entry->certificate || !file->settled)
		flaw = "was not finished";
	else if (memcmp(found->sha256, file->sha256, MCA_SHA256_SIZE) != 0)
		flaw = "holds what minica did not write";
	if (flaw != NULL)
		mca_plan_because(why, "%s %s", path, flaw);
	if (found->there && mode)
		mca_plan_because(why, "%s has mode %04o, wanted %04o", path,
		    (unsigned)(found->st.st_mode & 07777),
		    (unsigned)file->mode);
	if (found->there && owner)
		mca_plan_because(why, "%s has owner %lu:%lu, wanted %lu:%lu",
		    path, (unsigned long)found->st.st_uid,
		    (unsigned long)found->st.st_gid, (unsigned long)file->uid,
		    (unsigned long)file->gid);
	file->wrong = flaw != NULL || mode || owner;
	file->same = file->known && found->there && !entry->issue &&
	    file->certificate == entry->certificate &&
	    memcmp(found->sha256, file->sha256, MCA_SHA256_SIZE) == 0;
}

mca_code
mca_plan_disk(mca_plan *plan, struct mca_entry *entry,
    struct mca_plan_file *file, struct mca_error *err)
{
	struct mca_error seen = { 0 };
	struct found found = { 0 };
	scoped(mca_text) why = { 0 };
	mca_code code = look(&found, file->path, &seen);

	if (code != MCA_OK) {
		mca_plan_refuse(entry, code, "MC-A-FILE", "outputs", NULL,
		    "%s %s", MCA_SHOW_TEXT(file->path), seen.text);
		return MCA_OK;
	}
	if (!file->known) {
		code = check_foreign(plan, entry, file, &found, err);
		if (code != MCA_OK)
			return code;
	}
	compare(&why, entry, file, &found);
	if (entry->issue)
		file->wrong = true;
	else if (file->wrong)
		mca_plan_because(&entry->why, "%s", mca_text_get(&why));
	return why.failed ? mca_fail_memory(err) : MCA_OK;
}

/* ---- whether it could be put in place ---- */

static bool
in_group(gid_t gid)
{
	gid_t groups[256];
	int count = getgroups(256, groups);

	for (int i = 0; i < count; i++)
		if (groups[i] == gid)
			return true;
	return gid == getegid();
}

static void
check_file(struct mca_entry *entry, const struct mca_plan_file *file)
{
	size_t length = (size_t)(strrchr(file->path, '/') - file->path);
	owned(char) *directory = strndup(file->path, length + (length == 0));

	if (directory != NULL &&
	    faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) != 0)
		mca_plan_refuse(entry, MCA_ESYSTEM, "MC-A-DIRECTORY", "outputs",
		    NULL, "directory %s cannot be written to: %s",
		    MCA_SHOW_TEXT(directory), strerror(errno));
	if (geteuid() == 0)
		return;
	if (file->uid != geteuid() || !in_group(file->gid))
		mca_plan_refuse(entry, MCA_ESYSTEM, "MC-A-OWNER", "outputs",
		    "run this as root, or leave owner and group out",
		    "%s cannot be given to %lu:%lu by user %lu",
		    MCA_SHOW_TEXT(file->path), (unsigned long)file->uid,
		    (unsigned long)file->gid, (unsigned long)geteuid());
}

void
mca_plan_writable(struct mca_entry *entry)
{
	for (size_t i = 0; i < entry->file_count; i++)
		if (entry->files[i].listed && entry->files[i].wrong)
			check_file(entry, &entry->files[i]);
}
