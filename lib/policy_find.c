/*
 * policy_find.c - where policies are: in files, in a home, in the library.
 */
#include "policy.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/text.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".yaml"
#define MAX_WORDS 256

const struct mca_builtin_policy *
mca_policy_builtins(void)
{
	return mca_embedded_policies;
}

const struct mca_builtin_policy *
mca_policy_builtin(const char *name)
{
	const struct mca_builtin_policy *row = mca_embedded_policies;

	while (row->name != NULL && strcmp(row->name, name) != 0)
		row++;
	return row->name == NULL ? NULL : row;
}

/* add_files adds the names of the policies in `directory`, if it is there. */
static void
add_files(struct mca_words *out, const char *directory, struct mca_error *err)
{
	DIR *dir = directory == NULL ? NULL : opendir(directory);
	const struct dirent *entry;

	while (dir != NULL && out->count < MAX_WORDS - 1 &&
	    (entry = readdir(dir)) != NULL) {
		size_t length = strlen(entry->d_name);
		owned(char) *name = NULL;

		if (length <= strlen(SUFFIX) || entry->d_name[0] == '.' ||
		    strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX) !=
			0)
			continue;
		name = strndup(entry->d_name, length - strlen(SUFFIX));
		if (name == NULL || mca_words_add(out, name, err) != MCA_OK)
			break;
	}
	if (dir != NULL)
		closedir(dir);
}

typedef struct mca_words word_list;
MCA_SCOPED(word_list, mca_words_clear)

mca_code
mca_policy_unknown(struct mca_error *err, const char *name,
    const char *directory)
{
	scoped(word_list) words = { 0 };
	const char *ended[MAX_WORDS];
	const char *nearest;
	scoped(mca_text) all = { 0 };

	for (const struct mca_builtin_policy *row = mca_embedded_policies;
	     row->name != NULL; row++)
		if (mca_words_add(&words, row->name, err) != MCA_OK)
			return err->code;
	add_files(&words, directory, err);
	for (size_t i = 0; i < words.count; i++) {
		ended[i] = words.words[i];
		mca_text_addf(&all, "%s%s", i == 0 ? "" : ", ",
		    MCA_SHOW_TEXT(words.words[i]));
	}
	ended[words.count] = NULL;
	nearest = mca_text_nearest(name, ended);
	if (nearest != NULL)
		return mca_fail(err, MCA_ENOTFOUND,
		    "no policy \"%s\"; did you mean \"%s\"?",
		    MCA_SHOW_TEXT(name), MCA_SHOW_TEXT(nearest));
	return mca_fail(err, MCA_ENOTFOUND,
	    "no policy \"%s\"; there are: %s, and any file given by its path",
	    MCA_SHOW_TEXT(name), mca_text_get(&all));
}

static mca_code
find_builtin(mca_policy **out, const char *name, const char *directory,
    struct mca_error *err)
{
	const struct mca_builtin_policy *row = mca_policy_builtin(name);

	if (row == NULL)
		return mca_policy_unknown(err, name, directory);
	return mca_policy_parse(out, "(built in)", (const uint8_t *)row->text,
	    row->length, err);
}

static mca_code
read_policy(mca_policy **out, const char *path, struct mca_error *err)
{
	scoped(mca_blob) text = { 0 };
	mca_code code;

	code = mca_file_read(&text, path, MCA_LIMIT_YAML, err);
	if (code != MCA_OK)
		return code;
	return mca_policy_parse(out, path, text.bytes, text.length, err);
}

static bool
is_path(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') != NULL ||
	    (length > strlen(SUFFIX) &&
		strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0);
}

/*
 * A policy in the home that cannot be read must not give way to a built-in
 * one of its name, which may allow more; only a missing one does.
 */
static bool
is_missing(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* The name is what the record of a certificate will say. */
static mca_code
read_named(mca_policy **out, const char *path, const char *name,
    struct mca_error *err)
{
	owned(mca_policy) *policy = NULL;
	mca_code code;

	code = read_policy(&policy, path, err);
	if (code != MCA_OK)
		return code;
	if (strcmp(policy->name, name) != 0)
		return mca_fail(err, MCA_EFORMAT,
		    "%s:%zu: policy: found \"%s\"; wanted \"%s\", as the file "
		    "is called",
		    MCA_SHOW_TEXT(path), policy->places[MCA_PK_POLICY].line,
		    policy->name, MCA_SHOW_TEXT(name));
	*out = give(&policy);
	return MCA_OK;
}

mca_code
mca_policy_find(mca_policy **out, const char *name, const char *directory,
    struct mca_error *err)
{
	char path[PATH_MAX];
	int n;

	if (is_path(name))
		return read_policy(out, name, err);
	if (directory == NULL || name[0] == '\0')
		return find_builtin(out, name, directory, err);
	n = snprintf(path, sizeof(path), "%s/%s" SUFFIX, directory, name);
	if (n < 0 || n >= (int)sizeof(path))
		return mca_fail(err, MCA_EUSAGE,
		    "policy: a name longer than a path can be");
	if (is_missing(path))
		return find_builtin(out, name, directory, err);
	return read_named(out, path, name, err);
}
