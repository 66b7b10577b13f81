/*
 * parts.c - what harnesses share: see fuzz.h.
 */
#include "fuzz.h"

#include "minica/key.h"
#include "object.h"

#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

static char directory[256];

void
fuzz_fail(const char *file, int line, const char *condition)
{
	(void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line,
	    condition);
	abort();
}

char *
fuzz_text(const uint8_t *bytes, size_t length)
{
	char *text = strndup((const char *)bytes, length);

	fuzz_require(text != NULL);
	return text;
}

static int
remove_entry(const char *path, const struct stat *st, int kind,
    struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static void
remove_directory(void)
{
	(void)nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
fuzz_directory(void)
{
	const char *top = getenv("TMPDIR");

	if (directory[0] != '\0')
		return directory;
	if (top == NULL)
		top = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	(void)snprintf(directory, sizeof(directory), "%s/minica-fuzz.XXXXXX",
	    top);
	fuzz_require(mkdtemp(directory) != NULL);
	fuzz_require(atexit(remove_directory) == 0);
	return directory;
}

void
fuzz_save(const char *path, const uint8_t *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	fuzz_require(file != NULL);
	fuzz_require(fwrite(bytes, 1, length, file) == length);
	fuzz_require(fclose(file) == 0);
}

const char *
fuzz_file(const uint8_t *bytes, size_t length)
{
	static char path[300];

	(void)snprintf(path, sizeof(path), "%s/input", fuzz_directory());
	fuzz_save(path, bytes, length);
	return path;
}

void
fuzz_stand_ins(void)
{
	static const char *const others[] = { "rsa", "RSA", "rsa-pss",
		"RSA-PSS", "ed448", NULL };
	const char *const *lists[] = { mca_key_algorithms(), others };

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; lists[i][j] != NULL; j++) {
			owned(mca_key) *key = NULL;
			struct mca_error err;

			fuzz_require(mca_key_stand_in(&key, lists[i][j],
					 &err) == MCA_OK);
		}
}
