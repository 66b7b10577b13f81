/*
 * replay.c - a harness without libFuzzer: reads files, and those of
 * directories, as its inputs.
 *
 *	fuzz-csr FILE|DIRECTORY...
 *
 * Each is named before it is read, so that the last one named is the one that
 * ended a run.  Exit status 0 when none did harm; 2 when there was none.
 */
#include "fuzz.h"

#include "minica/directory.h"
#include "minica/file.h"

#include <stdio.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static size_t count;

static mca_code
replay(void *context, const char *path, struct mca_error *err)
{
	scoped(mca_blob) file = { 0 };
	mca_code code = mca_file_read(&file, path, SIZE_MAX / 2, err);
	uint8_t *bytes;

	(void)context;
	if (code != MCA_OK)
		return code;
	/* Of its exact size, so that a read past the end is seen. */
	bytes = malloc(file.length == 0 ? 1 : file.length);
	fuzz_require(bytes != NULL);
	if (file.length > 0)
		memcpy(bytes, file.bytes, file.length);
	(void)fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(bytes, file.length);
	free(bytes);
	count++;
	return MCA_OK;
}

int
main(int argc, char **argv)
{
	struct mca_error err = { 0 };
	mca_code code;

	(void)LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		if (mca_directory_is(argv[i]))
			code = mca_directory_walk(argv[i], replay, NULL, &err);
		else
			code = replay(NULL, argv[i], &err);
		if (code != MCA_OK) {
			(void)fprintf(stderr, "%s\n", err.text);
			return 2;
		}
	}
	(void)printf("%zu inputs\n", count);
	return count > 0 ? 0 : 2;
}
