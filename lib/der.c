/*
 * der.c - see der.h.
 */
#include "der.h"

#include <openssl/asn1.h>

#include <ctype.h>

void
mca_der_header(mca_text *out, uint8_t tag, size_t length)
{
	uint8_t bytes[2 + sizeof(length)] = { tag };
	size_t n = 1, octets = 0;

	for (size_t rest = length; rest > 0; rest >>= 8)
		octets++;
	if (length < 0x80) {
		bytes[n++] = (uint8_t)length;
	} else {
		bytes[n++] = (uint8_t)(0x80 | octets);
		while (octets > 0)
			bytes[n++] = (uint8_t)(length >> (8 * --octets));
	}
	mca_text_add(out, (const char *)bytes, n);
}

void
mca_der_value(mca_text *out, uint8_t tag, const void *value, size_t length)
{
	mca_der_header(out, tag, length);
	mca_text_add(out, value, length);
}

void
mca_der_wrap(mca_text *out, uint8_t tag, const mca_text *in)
{
	mca_der_value(out, tag, mca_text_get(in), in->length);
	out->failed = out->failed || in->failed;
}

/* No leading zeros, but one before a high bit. */
void
mca_der_integer(mca_text *out, const uint8_t *magnitude, size_t length)
{
	bool high;

	while (length > 1 && *magnitude == 0) {
		magnitude++;
		length--;
	}
	high = (*magnitude & 0x80) != 0;
	mca_der_header(out, V_ASN1_INTEGER, length + high);
	if (high)
		mca_text_add(out, "\0", 1);
	mca_text_add(out, (const char *)magnitude, length);
}

void
mca_der_bits(mca_text *out, const uint8_t *bytes, size_t length)
{
	mca_der_header(out, V_ASN1_BIT_STRING, length + 1);
	mca_text_add(out, "\0", 1);
	mca_text_add(out, (const char *)bytes, length);
}

/* "20261121191700Z" of 2026-11-21T19:17:00Z, less the digits before `from`. */
static void
add_time(mca_text *out, uint8_t tag, const char *from)
{
	char text[16];
	size_t length = 0;

	for (const char *c = from; *c != '\0'; c++)
		if (isdigit((unsigned char)*c))
			text[length++] = *c;
	text[length++] = 'Z';
	mca_der_value(out, tag, text, length);
}

void
mca_der_generalized_time(mca_text *out, mca_time time)
{
	add_time(out, V_ASN1_GENERALIZEDTIME, MCA_TIME(time));
}

/* The first seconds of 1950 and of 2050. */
#define YEAR_1950 INT64_C(-631152000)
#define YEAR_2050 INT64_C(2524608000)

void
mca_der_time(mca_text *out, mca_time time)
{
	if (time < YEAR_1950 || time >= YEAR_2050)
		mca_der_generalized_time(out, time);
	else
		add_time(out, V_ASN1_UTCTIME, MCA_TIME(time) + 2);
}

mca_code
mca_der_done(const mca_text *text, struct mca_error *err)
{
	return text->failed ? mca_fail_memory(err) : MCA_OK;
}
