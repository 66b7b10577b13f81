/*
 * csr_read.c - requests from their files, on all cores (minica/csr.h).
 */
#include "minica/csr.h"

#include "error.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/text.h"
#include "parallel.h"

#include <string.h>

static mca_code
read_one(struct mca_csr_file *file)
{
	scoped(mca_blob) bytes = { 0 };
	mca_code code =
	    mca_file_read(&bytes, file->path, MCA_LIMIT_REQUEST, &file->err);

	if (code != MCA_OK)
		return code;
	code = mca_csr_parse(&file->csr, bytes.bytes, bytes.length, &file->err);
	return code == MCA_OK
	    ? code
	    : mca_within(&file->err, "%s", MCA_SHOW_TEXT(file->path));
}

static bool
is_stdin(const struct mca_csr_file *file)
{
	return strcmp(file->path, "-") == 0;
}

static void
read_at(void *context, size_t i)
{
	struct mca_csr_file *file = (struct mca_csr_file *)context + i;

	if (!is_stdin(file))
		file->code = read_one(file);
}

/* There is one standard input, and whoever is first has all of it. */
void
mca_csr_read(struct mca_csr_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_stdin(&files[i]))
			files[i].code = read_one(&files[i]);
	mca_parallel(count, MCA_CREW_CORES, read_at, files);
}
