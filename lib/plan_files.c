/*
 * plan_files.c - which files a manifest wants, and where (plan.h).
 */
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory that was looked at last; many outputs share one. */
struct directory {
	char *given, *real;
};

static void
directory_clear(struct directory *directory)
{
	free(directory->given);
	free(directory->real);
	*directory = (struct directory){ 0 };
}

/* "dir/" would be followed through a symbolic link, "dir" is not. */
static char *
without_slashes(const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return strndup(path, length);
}

/* Why a directory is none to write into; NULL if it is. */
static const char *
flaw(mca_code *code, const char *path)
{
	struct stat there;

	*code = MCA_ENOTFOUND;
	if (lstat(path, &there) != 0)
		return errno == ENOENT ? "is missing; make it first"
				       : "cannot be looked at";
	*code = MCA_EUSAGE;
	if (S_ISLNK(there.st_mode))
		return "is a symbolic link, and files are never written "
		       "through one; name the directory itself";
	return S_ISDIR(there.st_mode) ? NULL : "is not a directory";
}

static mca_code
enter(struct directory *last, struct mca_entry *entry, const char *given,
    struct mca_error *err)
{
	owned(char) *path = NULL;
	mca_code code;
	const char *why;

	if (last->given != NULL && strcmp(last->given, given) == 0 &&
	    last->real != NULL)
		return MCA_OK;
	directory_clear(last);
	last->given = strdup(given);
	path = without_slashes(given);
	if (last->given == NULL || path == NULL)
		return mca_fail_memory(err);
	why = flaw(&code, path);
	if (why == NULL) {
		last->real = realpath(path, NULL);
		if (last->real == NULL)
			return mca_fail_errno(err, MCA_ESYSTEM, "%s",
			    MCA_SHOW_TEXT(path));
		return MCA_OK;
	}
	mca_plan_refuse(entry, code, "MC-A-DIRECTORY", "outputs", NULL,
	    "directory %s %s", MCA_SHOW_TEXT(path), why);
	return MCA_OK;
}

static struct mca_plan_file *
find_file(const struct mca_entry *entry, const char *path)
{
	for (size_t i = 0; i < entry->file_count; i++)
		if (strcmp(entry->files[i].path, path) == 0)
			return &entry->files[i];
	return NULL;
}

static mca_code
add_file(struct mca_entry *entry, const struct directory *directory,
    const struct mca_output *output, enum mca_role role, struct mca_error *err)
{
	const char *real = directory->real;
	owned(char) *path = NULL;
	struct mca_plan_file *file;

	if (asprintf(&path, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
		output->names[role]) < 0) {
		path = NULL;
		return mca_fail_memory(err);
	}
	file = find_file(entry, path);
	if (file == NULL)
		file = mca_plan_add_file(entry, path);
	if (file == NULL)
		return mca_fail_memory(err);
	if (file->listed) {
		mca_plan_refuse(entry, MCA_EUSAGE, "MC-A-COLLISION", "outputs",
		    NULL, "two of its files would be %s", MCA_SHOW_TEXT(path));
		return MCA_OK;
	}
	file->listed = true;
	file->output = output;
	file->role = role;
	return MCA_OK;
}

static mca_code
add_output(struct directory *directory, struct mca_entry *entry,
    const struct mca_output *output, struct mca_error *err)
{
	mca_code code = enter(directory, entry, output->directory, err);

	if (code != MCA_OK || directory->real == NULL)
		return code;
	for (int role = 0; role < MCA_ROLES && code == MCA_OK; role++)
		if (output->names[role] != NULL)
			code = add_file(entry, directory, output,
			    (enum mca_role)role, err);
	return code;
}

/* ---- the same path twice ---- */

struct wanted_path {
	const char *path;
	struct mca_entry *entry;
};

static int
by_path(const void *a, const void *b)
{
	const struct wanted_path *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/* A path that went from one certificate to another is not to be removed. */
static void
mark_taken(mca_plan *plan, const struct wanted_path *rows, size_t count)
{
	for (size_t i = 0; i < plan->count; i++)
		for (size_t f = 0; f < plan->entries[i].file_count; f++) {
			struct mca_plan_file *file = &plan->entries[i].files[f];
			const struct wanted_path key = { file->path, NULL };

			if (!file->listed)
				file->taken =
				    bsearch(&key, rows, count, sizeof(*rows),
					by_path) != NULL;
		}
}

static mca_code
refuse_collisions(mca_plan *plan, struct mca_error *err)
{
	struct wanted_path *rows;
	size_t count = 0, total = 0;

	for (size_t i = 0; i < plan->listed; i++)
		total += plan->entries[i].file_count;
	rows = calloc(total + 1, sizeof(*rows));
	if (rows == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed; i++)
		for (size_t f = 0; f < plan->entries[i].file_count; f++)
			if (plan->entries[i].files[f].listed)
				rows[count++] = (struct wanted_path){
					plan->entries[i].files[f].path,
					&plan->entries[i]
				};
	qsort(rows, count, sizeof(*rows), by_path);
	for (size_t i = 1; i < count; i++)
		if (strcmp(rows[i - 1].path, rows[i].path) == 0)
			mca_plan_refuse(rows[i].entry, MCA_EUSAGE,
			    "MC-A-COLLISION", "outputs", NULL,
			    "%s would also be written for \"%s\"",
			    MCA_SHOW_TEXT(rows[i].path),
			    rows[i - 1].entry->name);
	mark_taken(plan, rows, count);
	free(rows);
	return MCA_OK;
}

mca_code
mca_plan_files(mca_plan *plan, struct mca_error *err)
{
	struct directory directory = { 0 };
	mca_code code = MCA_OK;

	for (size_t i = 0; i < plan->listed && code == MCA_OK; i++) {
		struct mca_entry *entry = &plan->entries[i];
		const struct mca_wanted *wanted = entry->wanted;

		for (size_t o = 0; o < wanted->output_count && code == MCA_OK;
		     o++)
			code = add_output(&directory, entry,
			    &wanted->outputs[o], err);
	}
	directory_clear(&directory);
	return code == MCA_OK ? refuse_collisions(plan, err) : code;
}
