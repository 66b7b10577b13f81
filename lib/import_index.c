/*
 * import_index.c - index.txt, where `openssl ca` and easy-rsa keep what they
 * issued (openssl-ca(1)): a line for each certificate, fields between tabs:
 *
 *	V	270101000000Z		0A	unknown	/CN=example.org
 *	R	270101000000Z	260101000000Z,keyCompromise	0B	...
 */
#include "import.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { STATUS, EXPIRY, REVOCATION, SERIAL, FILENAME, SUBJECT, FIELDS };

void
mca_index_clear(mca_index *index)
{
	for (size_t i = 0; i < index->count; i++)
		free(index->rows[i].serial);
	free(index->rows);
	*index = (mca_index){ 0 };
}

static mca_code
bad_line(const char *path, size_t line, struct mca_error *err, const char *what,
    const char *found)
{
	return mca_fail(err, MCA_EFORMAT,
	    "%s:%zu: %s \"%s\"; wanted status, expiry, revocation, serial, "
	    "file and subject between tabs (openssl-ca(1))",
	    MCA_SHOW_TEXT(path), line, what, MCA_SHOW_TEXT(found));
}

/* YYMMDDHHMMSSZ (1950 to 2049) or YYYYMMDDHHMMSSZ. */
static bool
parse_time(mca_time *out, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	char whole[15], spelt[32];
	struct mca_error ignored;

	if ((digits != 12 && digits != 14) || text[digits] != 'Z' ||
	    text[digits + 1] != '\0')
		return false;
	(void)snprintf(whole, sizeof(whole), "%s%.*s",
	    digits == 14	? ""
		: text[0] < '5' ? "20"
				: "19",
	    (int)digits, text);
	(void)snprintf(spelt, sizeof(spelt), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ",
	    whole, whole + 4, whole + 6, whole + 8, whole + 10, whole + 12);
	return mca_time_parse(out, spelt, &ignored) == MCA_OK;
}

/*
 * openssl has words of its own beside those of RFC 5280: a hold with its
 * instruction, and compromises with the time since when.
 */
static bool
parse_reason(struct mca_revocation *out, char *text)
{
	static const struct {
		const char *word, *reason;
		bool dated;
	} words[] = {
		{ "holdInstruction", "certificateHold", false },
		{ "keyTime", "keyCompromise", true },
		{ "CAkeyTime", "cACompromise", true },
	};
	const char *const *known = mca_revocation_reasons();
	char *comma = strchr(text, ',');

	if (comma != NULL)
		*comma++ = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i].word) == 0) {
			out->reason = words[i].reason;
			return comma != NULL &&
			    (!words[i].dated ||
				parse_time(&out->invalid_since, comma));
		}
	for (; *known != NULL; known++)
		if (strcasecmp(text, *known) == 0) {
			out->reason = *known;
			return comma == NULL;
		}
	return false;
}

static bool
parse_revocation(struct mca_revocation *out, char *text)
{
	char *comma = strchr(text, ',');

	out->reason = "unspecified";
	if (comma != NULL)
		*comma++ = '\0';
	return parse_time(&out->revoked, text) &&
	    (comma == NULL || parse_reason(out, comma));
}

/* Without leading zeros, so that every way to write it is one. */
static const char *
significant(const char *serial)
{
	while (serial[0] == '0' && serial[1] != '\0')
		serial++;
	return serial;
}

static bool
parse_serial(char **out, const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > 64 ||
	    strspn(text, "0123456789abcdefABCDEF") != length)
		return false;
	*out = strdup(significant(text));
	for (char *c = *out; c != NULL && *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return true;
}

static bool
split(char *fields[FIELDS], char *line)
{
	for (int i = 0; i < FIELDS; i++) {
		fields[i] = line;
		line = strchr(line, '\t');
		if (line == NULL)
			return i == FIELDS - 1;
		*line++ = '\0';
	}
	return false;
}

static mca_code
parse_row(struct mca_index_row *row, const char *path, char *line,
    struct mca_error *err)
{
	char *f[FIELDS] = { NULL };
	owned(char) *shown = strdup(line);
	mca_time expiry;

	if (shown == NULL)
		return mca_fail_memory(err);
	if (!split(f, line))
		return bad_line(path, row->line, err, "not an entry:", shown);
	if (strlen(f[STATUS]) != 1 || strchr("VRE", *f[STATUS]) == NULL)
		return bad_line(path, row->line, err, "no status:", f[STATUS]);
	row->status = *f[STATUS];
	if (!parse_time(&expiry, f[EXPIRY]))
		return bad_line(path, row->line, err, "no time:", f[EXPIRY]);
	if ((row->status == 'R') != (*f[REVOCATION] != '\0') ||
	    (row->status == 'R' &&
		!parse_revocation(&row->revocation, f[REVOCATION])))
		return bad_line(path, row->line, err,
		    "no revocation that goes with its status:", shown);
	if (!parse_serial(&row->serial, f[SERIAL]))
		return bad_line(path, row->line, err,
		    "no serial number:", f[SERIAL]);
	return row->serial == NULL ? mca_fail_memory(err) : MCA_OK;
}

static mca_code
add_row(mca_index *index, const char *path, char *text, size_t line,
    struct mca_error *err)
{
	struct mca_index_row row = { .line = line };
	mca_code code;

	if (index->count == MCA_LIMIT_LIST / 16)
		return bad_line(path, line, err, "too many lines:", text);
	if (index->count == index->capacity) {
		size_t capacity = index->capacity * 2 + 64;
		struct mca_index_row *rows =
		    reallocarray(index->rows, capacity, sizeof(*rows));

		if (rows == NULL)
			return mca_fail_memory(err);
		index->rows = rows;
		index->capacity = capacity;
	}
	code = parse_row(&row, path, text, err);
	if (code == MCA_OK)
		index->rows[index->count++] = row;
	else
		free(row.serial);
	return code;
}

static int
by_serial(const void *a, const void *b)
{
	const struct mca_index_row *x = a, *y = b;
	int order = strcmp(x->serial, y->serial);

	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static mca_code
check_unique(const mca_index *index, const char *path, struct mca_error *err)
{
	for (size_t i = 1; i < index->count; i++) {
		const struct mca_index_row *row = &index->rows[i];

		if (strcmp(row[-1].serial, row->serial) == 0)
			return mca_fail(err, MCA_EFORMAT,
			    "%s:%zu: serial number %s is in line %zu already; "
			    "an issuer gives each one once (RFC 5280, "
			    "4.1.2.2)",
			    MCA_SHOW_TEXT(path), row->line, row->serial,
			    row[-1].line);
	}
	return MCA_OK;
}

mca_code
mca_index_read(mca_index *out, const char *path, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	scoped(mca_index) index = { 0 };
	owned(char) *text = NULL;
	size_t line = 0;
	mca_code code = mca_file_read(&bytes, path, MCA_LIMIT_CRL, err);

	if (code != MCA_OK)
		return code;
	text = strndup((const char *)bytes.bytes, bytes.length);
	if (text == NULL)
		return mca_fail_memory(err);
	if (strlen(text) != bytes.length)
		return mca_fail(err, MCA_EFORMAT, "%s: holds a NUL byte",
		    MCA_SHOW_TEXT(path));
	for (char *at = text, *next; *at != '\0'; at = next) {
		next = at + strcspn(at, "\n");
		if (*next != '\0')
			*next++ = '\0';
		line++;
		at[strcspn(at, "\r")] = '\0';
		if (*at != '\0' &&
		    (code = add_row(&index, path, at, line, err)) != MCA_OK)
			return code;
	}
	if (index.count > 0)
		qsort(index.rows, index.count, sizeof(*index.rows), by_serial);
	code = check_unique(&index, path, err);
	if (code != MCA_OK)
		return code;
	*out = index;
	index = (mca_index){ 0 };
	return MCA_OK;
}

struct mca_index_row *
mca_index_find(const mca_index *index, const char *serial)
{
	size_t low = 0, high = index->count;

	serial = significant(serial);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(index->rows[middle].serial, serial);

		if (order == 0)
			return &index->rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
