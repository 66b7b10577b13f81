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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mca_suffixes {
	mca_blob text; /* begins with a comment and ends with a line feed */
};

static const char *const places[] = {
	"/usr/share/publicsuffix/public_suffix_list.dat",
	"/usr/share/publicsuffix/effective_tld_names.dat",
	NULL,
};

static mca_code
read_system(mca_blob *out, struct mca_error *err)
{
	mca_code code;

	for (size_t i = 0; places[i] != NULL; i++) {
		code = mca_file_read(out, places[i], MCA_LIMIT_LIST, err);
		if (code != MCA_ENOTFOUND)
			return code;
	}
	return MCA_ENOTFOUND;
}

mca_code
mca_suffixes_read(mca_suffixes **out, const char *path, struct mca_error *err)
{
	owned(mca_suffixes) *suffixes = calloc(1, sizeof(*suffixes));
	mca_code code;

	if (suffixes == NULL)
		return mca_fail_memory(err);
	if (strcmp(path, "system") != 0) {
		code =
		    mca_file_read(&suffixes->text, path, MCA_LIMIT_LIST, err);
	} else {
		code = read_system(&suffixes->text, err);
		if (code == MCA_ENOTFOUND)
			return MCA_OK;
	}
	if (code != MCA_OK)
		return mca_within(err, "public suffix list");
	*out = give(&suffixes);
	return MCA_OK;
}

void
mca_suffixes_free(mca_suffixes *suffixes)
{
	if (suffixes == NULL)
		return;
	mca_blob_clear(&suffixes->text);
	free(suffixes);
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
	if (suffixes == NULL || has_line(suffixes, "!", name))
		return false;
	return has_line(suffixes, "", name) ||
	    has_line(suffixes, "*.", parent + 1);
}
