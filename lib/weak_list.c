/*
 * weak_list.c - keys that were published, by their SHA-256: those that come
 * with the library (keys/published.txt), and lists of the home's own.
 */
#include "weak_parts.h"

#include "embedded.h"
#include "minica/blob.h"
#include "minica/digest.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct known {
	uint8_t sha256[MCA_SHA256_SIZE];
	const char *what;
};

struct mca_weaklist {
	mca_blob text; /* each `what` points into it */
	struct known *rows;
	size_t count, capacity;
};

void
mca_weaklist_free(mca_weaklist *list)
{
	if (list == NULL)
		return;
	mca_blob_clear(&list->text);
	free(list->rows);
	free(list);
}

static int
by_sha256(const void *a, const void *b)
{
	const struct known *first = a, *second = b;

	return memcmp(first->sha256, second->sha256, MCA_SHA256_SIZE);
}

/* ---- reading ---- */

static mca_code
make_room(mca_weaklist *list, struct mca_error *err)
{
	size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
	struct known *rows;

	if (list->count < list->capacity)
		return MCA_OK;
	rows = reallocarray(list->rows, capacity, sizeof(*rows));
	if (rows == NULL)
		return mca_fail_memory(err);
	list->rows = rows;
	list->capacity = capacity;
	return MCA_OK;
}

/* "HEX  what it is": `line` is cut in two. */
static mca_code
read_line(mca_weaklist *list, char *line, size_t number, struct mca_error *err)
{
	size_t digits = strspn(line, "0123456789abcdefABCDEF");
	char *what = line + digits;
	mca_code code = make_room(list, err);

	if (code != MCA_OK)
		return code;
	if (digits != 2 * MCA_SHA256_SIZE ||
	    (*what != '\0' && !isspace((unsigned char)*what)))
		return mca_fail(err, MCA_EFORMAT,
		    "line %zu: wanted the SHA-256 of a public key, 64 "
		    "hexadecimal digits, and then what it is",
		    number);
	if (*what != '\0')
		*what++ = '\0';
	what += strspn(what, " \t");
	(void)mca_text_unhex(list->rows[list->count].sha256, MCA_SHA256_SIZE,
	    line);
	list->rows[list->count++].what =
	    *what == '\0' ? "listed as not private" : what;
	return MCA_OK;
}

static mca_code
read_lines(mca_weaklist *list, struct mca_error *err)
{
	char *at = (char *)list->text.bytes;
	char *end = at + list->text.length - 1;
	mca_code code = MCA_OK;

	for (size_t number = 1; code == MCA_OK && at < end; number++) {
		char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length;

		stop = stop == NULL ? end : stop;
		*stop = '\0';
		length = strlen(at);
		while (length > 0 && isspace((unsigned char)at[length - 1]))
			at[--length] = '\0';
		if (*at != '\0' && *at != '#')
			code = read_line(list, at, number, err);
		at = stop + 1;
	}
	return code;
}

/* With a NUL at its end; what is not there is empty. */
static mca_code
read_text(mca_blob *out, const char *path, struct mca_error *err)
{
	scoped(mca_blob) file = { 0 };
	struct mca_error inner;
	mca_code code = mca_file_read(&file, path, MCA_LIMIT_LIST, &inner);

	if (code != MCA_OK && code != MCA_ENOTFOUND) {
		*err = inner;
		return code;
	}
	out->bytes = malloc(file.length + 1);
	if (out->bytes == NULL)
		return mca_fail_memory(err);
	if (file.length > 0)
		memcpy(out->bytes, file.bytes, file.length);
	out->bytes[file.length] = '\0';
	out->length = file.length + 1;
	return MCA_OK;
}

mca_code
mca_weaklist_read(mca_weaklist **out, const char *path, struct mca_error *err)
{
	owned(mca_weaklist) *list = calloc(1, sizeof(*list));
	mca_code code;

	if (list == NULL)
		return mca_fail_memory(err);
	code = read_text(&list->text, path, err);
	if (code != MCA_OK)
		return code;
	code = read_lines(list, err);
	if (code != MCA_OK)
		return mca_within(err, "%s", MCA_SHOW_TEXT(path));
	if (list->count > 0)
		qsort(list->rows, list->count, sizeof(*list->rows), by_sha256);
	*out = give(&list);
	return MCA_OK;
}

const char *
mca_weaklist_find(const mca_weaklist *list, const mca_spki *spki)
{
	struct known wanted = { 0 };
	const struct known *found;

	if (list == NULL || list->count == 0)
		return NULL;
	memcpy(wanted.sha256, mca_spki_sha256(spki), MCA_SHA256_SIZE);
	found = bsearch(&wanted, list->rows, list->count, sizeof(*list->rows),
	    by_sha256);
	return found == NULL ? NULL : found->what;
}

/* ---- those that come with the library ---- */

/* What follows the digits on their line of the list, or NULL. */
static const char *
find_embedded(const char *digits)
{
	const char *at = strstr(mca_embedded_keys[0].text, digits);

	if (at == NULL)
		return NULL;
	at += strlen(digits);
	return at + strspn(at, " ");
}

bool
mca_weak_published(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	uint8_t sha256[MCA_SHA256_SIZE];
	static const char hex[] = "0123456789abcdef";
	char digits[2 * MCA_SHA256_SIZE + 1] = { 0 };
	struct mca_error ignored;
	const char *what;

	if (mca_sha256(sha256, raw->der, raw->der_length, &ignored) != MCA_OK)
		return mca_weak_say(detail, "could not be looked up");
	for (size_t i = 0; i < sizeof(sha256); i++) {
		digits[2 * i] = hex[sha256[i] >> 4];
		digits[2 * i + 1] = hex[sha256[i] & 15];
	}
	what = find_embedded(digits);
	return what != NULL &&
	    mca_weak_say(detail, "its private half is public: %.*s",
		(int)strcspn(what, "\n"), what);
}
