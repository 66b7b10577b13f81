/*
 * suffix.c - see suffix.h.
 *
 * A question is asked a few times per certificate at most, so that the text
 * of the list is searched as it is: any index would cost more to build than
 * all the questions of a run.
 */
#include "suffix.h"
#include "error.h"

#include "minica/file.h"
#include "minica/limits.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mca_suffixes {
	pthread_mutex_t lock;
	atomic_bool read; /* `text` is what it will be */
	mca_blob text;	  /* begins with a comment and ends with a line feed */
};

static const char *const places[] = {
	"/usr/share/publicsuffix/public_suffix_list.dat",
	"/usr/share/publicsuffix/effective_tld_names.dat",
	NULL,
};

static bool
is_missing(const char *path)
{
	return access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* A list that is there and cannot be read is not taken for none. */
static mca_code
read_system(mca_blob *out, struct mca_error *err)
{
	for (size_t i = 0; places[i] != NULL; i++)
		if (!is_missing(places[i]))
			return mca_file_read(out, places[i], MCA_LIMIT_LIST,
			    err);
	return MCA_OK;
}

static mca_code
read_path(mca_suffixes *suffixes, const char *path, struct mca_error *err)
{
	mca_code code =
	    mca_file_read(&suffixes->text, path, MCA_LIMIT_LIST, err);

	atomic_init(&suffixes->read, code == MCA_OK);
	return code == MCA_OK ? code : mca_within(err, "public suffix list");
}

mca_code
mca_suffixes_open(mca_suffixes **out, const char *path, struct mca_error *err)
{
	mca_suffixes *suffixes = calloc(1, sizeof(*suffixes));
	mca_code code = MCA_OK;

	if (suffixes == NULL ||
	    pthread_mutex_init(&suffixes->lock, NULL) != 0) {
		free(suffixes);
		return mca_fail_memory(err);
	}
	if (strcmp(path, "system") != 0)
		code = read_path(suffixes, path, err);
	if (code != MCA_OK)
		mca_suffixes_free(suffixes);
	else
		*out = suffixes;
	return code;
}

mca_code
mca_suffixes_need(mca_suffixes *suffixes, struct mca_error *err)
{
	mca_code code = MCA_OK;

	if (atomic_load(&suffixes->read))
		return MCA_OK;
	(void)pthread_mutex_lock(&suffixes->lock);
	if (!atomic_load(&suffixes->read))
		code = read_system(&suffixes->text, err);
	if (code == MCA_OK)
		atomic_store(&suffixes->read, true);
	(void)pthread_mutex_unlock(&suffixes->lock);
	return code == MCA_OK ? code : mca_within(err, "public suffix list");
}

void
mca_suffixes_free(mca_suffixes *suffixes)
{
	if (suffixes == NULL)
		return;
	(void)pthread_mutex_destroy(&suffixes->lock);
	mca_blob_clear(&suffixes->text);
	free(suffixes);
}

bool
mca_suffixes_concern(const struct mca_san_name *name)
{
	return name->form == MCA_SAN_DNS && strncmp(name->text, "*.", 2) == 0;
}

/* Says whether the list has the line PREFIX NAME. */
static bool
has_line(const mca_suffixes *suffixes, const char *prefix, const char *name)
{
	char line[300];
	int length = snprintf(line, sizeof(line), "\n%s%s\n", prefix, name);

	return length > 0 && (size_t)length < sizeof(line) &&
	    memmem(suffixes->text.bytes, suffixes->text.length, line,
		(size_t)length) != NULL;
}

bool
mca_suffixes_has(const mca_suffixes *suffixes, const char *name)
{
	const char *parent = strchr(name, '.');

	if (parent == NULL)
		return true;
	if (suffixes == NULL)
		return false;
	assert(atomic_load(&suffixes->read));
	if (suffixes->text.length == 0 || has_line(suffixes, "!", name))
		return false;
	return has_line(suffixes, "", name) ||
	    has_line(suffixes, "*.", parent + 1);
}
