/*
 * plan_disk.c - see plan_disk.h.
 */
#include "plan_disk.h"

#include "minica/digest.h"
#include "minica/limits.h"
#include "parallel.h"
#include "password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Notes why what is there cannot be compared, or replaced. */
static void
cannot(struct mca_found *found, mca_code code, const char *flaw, int reason)
{
	found->code = code;
	found->flaw = flaw;
	found->reason = reason;
}

/*
 * Reads a file of `size` octets, and one more if it has grown; `space` holds
 * that.  -1 if it fails.
 */
static ssize_t
read_into(uint8_t *space, size_t size, int fd)
{
	size_t length = 0;
	ssize_t n;

	while ((n = read(fd, space + length, size + 1 - length)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return n;
		length += (size_t)n;
		if (length >= size)
			break;
	}
	return (ssize_t)length;
}

/* Small files, which almost all are, need no memory of their own. */
static void
digest(struct mca_found *found, int fd, off_t size)
{
	uint8_t small[16384];
	owned(char) *large = NULL;
	uint8_t *space = small;
	struct mca_error failed;
	ssize_t length;

	if (size >= (off_t)sizeof(small) && size <= MCA_LIMIT_BUNDLE) {
		large = malloc((size_t)size + 1);
		space = (uint8_t *)large;
	}
	/* What is larger yet is none of ours, whatever its digest. */
	if (size > MCA_LIMIT_BUNDLE)
		size = sizeof(small) - 1;
	length = space == NULL ? -1 : read_into(space, (size_t)size, fd);
	if (length < 0 ||
	    mca_sha256(found->sha256, space, (size_t)length, &failed) != MCA_OK)
		cannot(found, MCA_ESYSTEM, "cannot be read", errno);
}

static void
look(struct mca_found *found, const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	found->there = fd >= 0;
	if (fd < 0 && errno == ELOOP)
		cannot(found, MCA_EUSAGE,
		    "is a symbolic link, and files are never written through "
		    "one",
		    0);
	else if (fd < 0 && errno != ENOENT)
		cannot(found, MCA_ENOTFOUND, "cannot be read", errno);
	if (fd < 0)
		return;
	if (fstat(fd, &st) != 0)
		cannot(found, MCA_ESYSTEM, "cannot be read", errno);
	else if (!S_ISREG(st.st_mode))
		cannot(found, MCA_EUSAGE, "is not a regular file", 0);
	else
		digest(found, fd, st.st_size);
	found->mode = st.st_mode & 07777;
	found->uid = st.st_uid;
	found->gid = st.st_gid;
	(void)close(fd);
}

struct looking {
	struct mca_plan_file **files;
};

static void
look_at(void *context, size_t index)
{
	struct mca_plan_file *file = ((struct looking *)context)->files[index];

	look(&file->found, file->path);
}

mca_code
mca_plan_look(mca_plan *plan, struct mca_error *err)
{
	struct looking looking;
	size_t count = 0;

	for (size_t i = 0; i < plan->listed; i++)
		count += plan->entries[i].file_count;
	looking.files = calloc(count + 1, sizeof(struct mca_plan_file *));
	if (looking.files == NULL)
		return mca_fail_memory(err);
	count = 0;
	for (size_t i = 0; i < plan->listed; i++)
		for (size_t f = 0; f < plan->entries[i].file_count; f++)
			if (plan->entries[i].files[f].listed)
				looking.files[count++] =
				    &plan->entries[i].files[f];
	mca_parallel(count, MCA_CREW_CORES, look_at, &looking);
	free(looking.files);
	return MCA_OK;
}

/* A file that nobody has recorded for this certificate. */
static mca_code
check_foreign(mca_plan *plan, struct mca_entry *entry,
    const struct mca_plan_file *file, struct mca_error *err)
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
		if (code == MCA_OK && file->found.there)
			code = mca_store_wrote(store, &ours, file->path,
			    file->found.sha256, err);
	}
	if (code != MCA_OK)
		return code;
	if (mca_store_keeps(plan->options.home, file->path))
		mca_plan_refuse(entry, MCA_EEXISTS, "MC-A-HOME", "outputs",
		    "name another directory",
		    "%s is a place of the home's own, and nothing is put there",
		    MCA_SHOW_TEXT(file->path));
	else if (owner != NULL &&
	    (strncmp(owner, manifest, length) != 0 || owner[length] != '/'))
		mca_plan_refuse(entry, MCA_EEXISTS, "MC-A-OWNED", "outputs",
		    "give one of the two another place",
		    "%s belongs to %s, another manifest's certificate",
		    MCA_SHOW_TEXT(file->path), MCA_SHOW_TEXT(owner));
	else if (file->found.there && !ours && !plan->options.force)
		mca_plan_refuse(entry, MCA_EEXISTS, "MC-A-FOREIGN", "outputs",
		    "look at it, then move it away or replace it with --force",
		    "%s is there, and minica did not write it",
		    MCA_SHOW_TEXT(file->path));
	return MCA_OK;
}

/* The mode that is wanted, and whether what is there has another. */
static bool
settle_mode(struct mca_plan_file *file, const struct mca_found *found)
{
	bool secret = mca_role_has_key(file->role);
	int64_t said = secret ? file->output->key_mode : file->output->mode;
	mode_t there = found->mode;
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
settle_owner(struct mca_plan_file *file, const struct mca_found *found)
{
	const struct mca_output *output = file->output;
	bool there = file->known && found->there;

	if (output->has_owner)
		file->uid = output->uid;
	else if (there)
		file->uid = found->uid;
	else if (!file->known)
		file->uid = geteuid();
	if (output->has_group)
		file->gid = output->gid;
	else if (there)
		file->gid = found->gid;
	else if (!file->known)
		file->gid = getegid();
	return found->there &&
	    (found->uid != file->uid || found->gid != file->gid);
}

/* What is wrong with what is there; NULL if nothing is. */
static const char *
flaw_of(const struct mca_entry *entry, const struct mca_plan_file *file)
{
	if (!file->known)
		return "is wanted and was not written yet";
	if (strcmp(file->role_name, mca_role_name(file->role)) != 0)
		return "is to hold something else";
	if (!file->found.there)
		return "is missing";
	if (file->certificate != entry->certificate || !file->settled)
		return "was not finished";
	if (memcmp(file->found.sha256, file->sha256, MCA_SHA256_SIZE) != 0)
		return "holds what minica did not write";
	return NULL;
}

static void
compare(struct mca_entry *entry, struct mca_plan_file *file)
{
	const struct mca_found *found = &file->found;
	const char *flaw = flaw_of(entry, file);
	bool mode = settle_mode(file, found);
	bool owner = settle_owner(file, found);
	mca_text *why = &entry->why;

	file->wrong = entry->issue || flaw != NULL || mode || owner;
	file->same = file->known && found->there && !entry->issue &&
	    file->certificate == entry->certificate &&
	    memcmp(found->sha256, file->sha256, MCA_SHA256_SIZE) == 0;
	if (entry->issue)
		return;
	if (flaw != NULL)
		mca_plan_because(why, "%s %s", MCA_SHOW_TEXT(file->path), flaw);
	if (mode)
		mca_plan_because(why, "%s has mode %04o, wanted %04o",
		    MCA_SHOW_TEXT(file->path), (unsigned)found->mode,
		    (unsigned)file->mode);
	if (owner)
		mca_plan_because(why, "%s has owner %lu:%lu, wanted %lu:%lu",
		    MCA_SHOW_TEXT(file->path), (unsigned long)found->uid,
		    (unsigned long)found->gid, (unsigned long)file->uid,
		    (unsigned long)file->gid);
}

mca_code
mca_plan_disk(mca_plan *plan, struct mca_entry *entry,
    struct mca_plan_file *file, struct mca_error *err)
{
	const struct mca_found *found = &file->found;
	mca_code code = MCA_OK;

	if (found->code != MCA_OK) {
		mca_plan_refuse(entry, found->code, "MC-A-FILE", "outputs",
		    NULL, "%s %s%s%s", MCA_SHOW_TEXT(file->path), found->flaw,
		    found->reason == 0 ? "" : ": ",
		    found->reason == 0 ? "" : strerror(found->reason));
		return MCA_OK;
	}
	if (!file->known)
		code = check_foreign(plan, entry, file, err);
	if (code == MCA_OK)
		compare(entry, file);
	return code;
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

/* Its password is asked for late, when all else is on record. */
static void
check_password(struct mca_entry *entry, const struct mca_output *output)
{
	struct mca_error bad = { 0 };

	if (output->password_file != NULL &&
	    mca_password_check(output->password_file, &bad) != MCA_OK)
		mca_plan_refuse(entry, bad.code, "MC-A-PASSWORD",
		    "password_file", NULL, "%s", bad.text);
}

void
mca_plan_writable(struct mca_entry *entry)
{
	const struct mca_output *last = NULL;

	for (size_t i = 0; i < entry->file_count; i++) {
		const struct mca_plan_file *file = &entry->files[i];

		if (!file->listed || !file->wrong)
			continue;
		check_file(entry, file);
		if (file->output != last)
			check_password(entry, file->output);
		last = file->output;
	}
}
