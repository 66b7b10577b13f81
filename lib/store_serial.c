/*
 * store_serial.c - serial numbers between the hex of people and the bytes of
 * the store.
 */
#include "store.h"

#include "minica/text.h"

#include <ctype.h>
#include <string.h>

size_t
mca_hex_digits(char *out, size_t size, const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		if (*text == ':')
			continue;
		if (!isxdigit((unsigned char)*text) || count + 1 >= size)
			return 0;
		out[count++] = *text;
	}
	out[count] = '\0';
	return count;
}

/* encode writes `digits`, which begins with a spare '0', as bytes. */
static void
encode(mca_blob *out, const char *digits, bool negative)
{
	size_t count;

	while (digits[0] == '0' && digits[1] == '0')
		digits++;
	count = strlen(digits);
	if (count % 2 != 0 && count > 1) {
		digits++;
		count--;
	}
	if (negative)
		out->bytes[out->length++] = 0;
	if (count == 1) {
		out->bytes[out->length++] = 0;
		return;
	}
	if (mca_text_unhex(out->bytes + out->length, count / 2, digits))
		out->length += count / 2;
}

mca_code
mca_serial_parse(mca_blob *out, const char *text, struct mca_error *err)
{
	bool negative = *text == '-';
	size_t size = strlen(text) + 2;
	owned(char) *digits = malloc(size);

	if (digits == NULL)
		return mca_fail_memory(err);
	digits[0] = '0';
	if (mca_hex_digits(digits + 1, size - 1, text + negative) == 0)
		return MCA_OK;
	out->bytes = malloc(size);
	if (out->bytes == NULL)
		return mca_fail_memory(err);
	encode(out, digits, negative);
	return MCA_OK;
}
