/*
 * directory.c - see minica/directory.h.
 */
#include "minica/directory.h"

#include "error.h"
#include "minica/owned.h"
#include "minica/text.h"

#include <dirent.h>
#include <sys/stat.h>

bool
mca_directory_is(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static mca_code
visit(const char *directory, const char *name, size_t *files,
    mca_directory_each *each, void *context, struct mca_error *err)
{
	scoped(mca_text) path = { 0 };
	struct stat status;

	mca_text_addf(&path, "%s/%s", directory, name);
	if (path.failed)
		return mca_fail_memory(err);
	if (stat(mca_text_get(&path), &status) != 0)
		return mca_fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(mca_text_get(&path)));
	if (!S_ISREG(status.st_mode))
		return MCA_OK;
	++*files;
	return each(context, mca_text_get(&path), err);
}

static void
free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
}

mca_code
mca_directory_walk(const char *path, mca_directory_each *each, void *context,
    struct mca_error *err)
{
	struct dirent **entries = NULL;
	size_t files = 0;
	mca_code code = MCA_OK;
	int count = scandir(path, &entries, is_visible, alphasort);

	if (count < 0)
		return mca_fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(path));
	for (int i = 0; i < count && code == MCA_OK; i++)
		code =
		    visit(path, entries[i]->d_name, &files, each, context, err);
	free_entries(entries, count);
	if (code == MCA_OK && files == 0)
		return mca_fail(err, MCA_EFORMAT,
		    "%s: the directory holds no file", MCA_SHOW_TEXT(path));
	return code;
}
