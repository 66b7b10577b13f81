/*
 * text.c - see minica/text.h.
 */
#include "minica/text.h"

#include "error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
mca_text_clear(mca_text *text)
{
	free(text->bytes);
	memset(text, 0, sizeof(*text));
}

/* Makes room for `more` bytes and a NUL. */
static bool
reserve(mca_text *text, size_t more)
{
	size_t wanted = text->length + more + 1;
	size_t capacity = text->capacity == 0 ? 64 : text->capacity;
	char *bytes;

	if (text->failed || wanted <= text->capacity)
		return !text->failed;
	while (capacity < wanted)
		capacity *= 2;
	bytes = realloc(text->bytes, capacity);
	if (bytes == NULL) {
		text->failed = true;
		return false;
	}
	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

void
mca_text_add(mca_text *text, const char *bytes, size_t length)
{
	if (!reserve(text, length))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void
mca_text_addf(mca_text *text, const char *fmt, ...)
{
	va_list args, again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n >= 0 && reserve(text, (size_t)n)) {
		(void)vsnprintf(text->bytes + text->length, (size_t)n + 1, fmt,
		    again);
		text->length += (size_t)n;
	}
	va_end(again);
}

static bool
is_tame(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Whether it is escaped already, and its backslashes are to stay. */
enum before { RAW, ESCAPED };

/* The escaped form of one byte: itself, or \xNN. */
static size_t
escape(char out[5], char byte, enum before before)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)byte;

	out[0] = byte;
	if (is_tame(byte) && (c != '\\' || before == ESCAPED))
		return 1;
	out[0] = '\\';
	out[1] = 'x';
	out[2] = digits[c >> 4];
	out[3] = digits[c & 15];
	return 4;
}

static void
add_escaped(mca_text *text, const char *bytes, size_t length,
    enum before before)
{
	char one[5];

	for (size_t i = 0; i < length; i++)
		mca_text_add(text, one, escape(one, bytes[i], before));
}

void
mca_text_escape(mca_text *text, const char *bytes, size_t length)
{
	add_escaped(text, bytes, length, RAW);
}

bool
mca_text_is_tame(const char *text)
{
	while (is_tame(*text))
		text++;
	return *text == '\0';
}

void
mca_text_tame(mca_text *text, const char *wild)
{
	add_escaped(text, wild, strlen(wild), ESCAPED);
}

void
mca_text_hex(mca_text *text, const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	if (!reserve(text, 2 * length))
		return;
	for (size_t i = 0; i < length; i++) {
		text->bytes[text->length++] = digits[bytes[i] >> 4];
		text->bytes[text->length++] = digits[bytes[i] & 15];
	}
	text->bytes[text->length] = '\0';
}

void
mca_text_base64(mca_text *text, const uint8_t *bytes, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		unsigned group = (unsigned)bytes[i] << 16 |
		    (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
		    (left > 2 ? bytes[i + 2] : 0);
		char four[4] = { digits[group >> 18], digits[group >> 12 & 63],
			left > 1 ? digits[group >> 6 & 63] : '=',
			left > 2 ? digits[group & 63] : '=' };

		mca_text_add(text, four, sizeof(four));
	}
}

const char *
mca_text_get(const mca_text *text)
{
	return text->bytes == NULL ? "" : text->bytes;
}

mca_code
mca_text_take(char **out, mca_text *text, struct mca_error *err)
{
	if (!reserve(text, 0)) {
		mca_text_clear(text);
		return mca_fail_memory(err);
	}
	text->bytes[text->length] = '\0';
	*out = text->bytes;
	memset(text, 0, sizeof(*text));
	return MCA_OK;
}

static size_t
escaped_length(const char *bytes, size_t length, enum before before)
{
	size_t sum = 0;
	char one[5];

	for (size_t i = 0; i < length; i++)
		sum += escape(one, bytes[i], before);
	return sum;
}

static const char *
show(char *buf, size_t size, const char *bytes, size_t length,
    enum before before)
{
	/* Room for "...(+18446744073709551615 bytes)". */
	size_t room = size - 1, used = 0, i;
	char one[5];

	if (length > size || escaped_length(bytes, length, before) > room)
		room = room > 35 ? room - 35 : 0;
	for (i = 0; i < length; i++) {
		size_t n = escape(one, bytes[i], before);

		if (used + n > room)
			break;
		memcpy(buf + used, one, n);
		used += n;
	}
	buf[used] = '\0';
	if (i < length)
		(void)snprintf(buf + used, size - used, "...(+%zu bytes)",
		    length - i);
	return buf;
}

const char *
mca_show(char *buf, size_t size, const char *bytes, size_t length)
{
	return show(buf, size, bytes, length, RAW);
}

const char *
mca_show_tame(char *buf, size_t size, const char *text)
{
	return show(buf, size, text, strlen(text), ESCAPED);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
mca_text_unhex(uint8_t *out, size_t size, const char *text)
{
	for (size_t i = 0; i < size; i++) {
		int high, low;

		if (i > 0 && *text == ':')
			text++;
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	return *text == '\0';
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * The edit distance of two words (insert, delete, replace, swap neighbours),
 * for words that are no longer than a row.
 */
enum { WORD = 40 };

static size_t
distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	size_t rows[3][WORD + 1];

	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *now = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;

			now[j] = least(least(above[j], now[j - 1]) + 1,
			    above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return rows[la % 3][lb];
}

const char *
mca_text_nearest(const char *word, const char *const *words)
{
	const char *nearest = NULL;
	size_t best = strlen(word) / 3 + 2;

	if (strlen(word) > WORD)
		return NULL;
	for (; *words != NULL; words++) {
		size_t d;

		if (strlen(*words) > WORD)
			continue;
		d = distance(word, *words);
		if (d < best) {
			best = d;
			nearest = *words;
		}
	}
	return nearest;
}
