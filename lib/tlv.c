/*
 * tlv.c - see tlv.h.
 */
#include "tlv.h"

#include <string.h>

#define MAX_DEPTH 32

static const char *
read_tag(struct mca_tlv *in, struct mca_tlv_element *out)
{
	uint8_t first = *in->at++;
	const uint8_t *number = in->at;

	out->class = first >> 6;
	out->constructed = (first & 0x20) != 0;
	out->tag = first & 0x1f;
	if (out->tag != 0x1f)
		return NULL;
	if (in->at == in->end || *in->at == 0x80)
		return "a tag is not in its shortest form";
	while (in->at < in->end && (*in->at & 0x80) != 0)
		in->at++;
	if (in->at == in->end)
		return "a tag does not end";
	in->at++;
	if (in->at - number == 1 && *number < 0x1f)
		return "a tag is not in its shortest form";
	return in->at - number <= 4 ? NULL : "a tag is too long";
}

static const char *
read_length(struct mca_tlv *in, size_t *length)
{
	size_t count;

	if (in->at == in->end)
		return "a length is missing";
	*length = *in->at++;
	if (*length < 0x80)
		return NULL;
	count = *length & 0x7f;
	if (count == 0)
		return "a length is indefinite";
	if (count > 4 || count > (size_t)(in->end - in->at))
		return "a length is too long";
	*length = 0;
	for (size_t i = 0; i < count; i++)
		*length = *length << 8 | in->at[i];
	if (in->at[0] == 0 || *length < 0x80)
		return "a length is not in its shortest form";
	in->at += count;
	return NULL;
}

const char *
mca_tlv_read(struct mca_tlv *in, struct mca_tlv_element *out)
{
	size_t length = 0;
	const char *flaw = read_tag(in, out);

	if (flaw == NULL)
		flaw = read_length(in, &length);
	if (flaw != NULL)
		return flaw;
	if (length > (size_t)(in->end - in->at))
		return "a value ends before its length says";
	out->value = (struct mca_tlv){ in->at, in->at + length };
	in->at += length;
	return NULL;
}

static const char *
integer_flaw(const uint8_t *bytes, size_t length)
{
	if (length == 0)
		return "an INTEGER is empty";
	if (length > 1 &&
	    ((bytes[0] == 0 && bytes[1] < 0x80) ||
		(bytes[0] == 0xff && bytes[1] >= 0x80)))
		return "an INTEGER is not in its shortest form";
	return NULL;
}

static const char *
bit_string_flaw(const uint8_t *bytes, size_t length)
{
	if (length == 0 || bytes[0] > 7 || (length == 1 && bytes[0] != 0))
		return "a BIT STRING counts its unused bits wrongly";
	if (length > 1 && (bytes[length - 1] & ((1U << bytes[0]) - 1)) != 0)
		return "a BIT STRING has unused bits that are not zero";
	return NULL;
}

static const char *
oid_flaw(const uint8_t *bytes, size_t length)
{
	if (length == 0 || (bytes[length - 1] & 0x80) != 0)
		return "an OBJECT IDENTIFIER does not end";
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == 0x80 && (i == 0 || bytes[i - 1] < 0x80))
			return "an OBJECT IDENTIFIER is not in its shortest "
			       "form";
	return NULL;
}

static const char *
primitive_flaw(const struct mca_tlv_element *element)
{
	const uint8_t *bytes = element->value.at;
	size_t length = (size_t)(element->value.end - bytes);

	switch (element->tag) {
	case MCA_TAG_BOOLEAN:
		return length == 1 && (bytes[0] == 0 || bytes[0] == 0xff)
		    ? NULL
		    : "a BOOLEAN is neither 00 nor FF";
	case MCA_TAG_INTEGER:
	case MCA_TAG_ENUMERATED:
		return integer_flaw(bytes, length);
	case MCA_TAG_BIT_STRING:
		return bit_string_flaw(bytes, length);
	case MCA_TAG_NULL:
		return length == 0 ? NULL : "a NULL holds something";
	case MCA_TAG_OID:
		return oid_flaw(bytes, length);
	default:
		return NULL;
	}
}

/* The elements of a SET OF stand in the order of their octets. */
static bool
in_order(const struct mca_tlv *previous, const struct mca_tlv *next)
{
	size_t left = (size_t)(previous->end - previous->at);
	size_t right = (size_t)(next->end - next->at);
	int order = memcmp(previous->at, next->at, left < right ? left : right);

	return order < 0 || (order == 0 && left <= right);
}

static const char *walk(struct mca_tlv in, bool set, unsigned depth);

static const char *
element_flaw(const struct mca_tlv_element *element, unsigned depth)
{
	bool universal = element->class == 0;
	bool nested =
	    element->tag == MCA_TAG_SEQUENCE || element->tag == MCA_TAG_SET;

	if (universal && element->constructed != nested)
		return nested ? "a SEQUENCE or SET is primitive"
			      : "a string is in pieces";
	if (element->constructed)
		return walk(element->value,
		    universal && element->tag == MCA_TAG_SET, depth + 1);
	return universal ? primitive_flaw(element) : NULL;
}

static const char *
walk(struct mca_tlv in, bool set, unsigned depth)
{
	struct mca_tlv previous = { NULL, NULL };

	if (depth > MAX_DEPTH)
		return "it is nested too deep to be read";
	while (in.at < in.end) {
		struct mca_tlv whole = in;
		struct mca_tlv_element element = { 0 };
		const char *flaw = mca_tlv_read(&in, &element);

		whole.end = in.at;
		if (flaw == NULL)
			flaw = element_flaw(&element, depth);
		if (flaw != NULL)
			return flaw;
		if (set && previous.at != NULL && !in_order(&previous, &whole))
			return "a SET is out of order";
		previous = whole;
	}
	return NULL;
}

const char *
mca_tlv_flaw(const uint8_t *bytes, size_t length)
{
	struct mca_tlv in = { bytes, bytes + length };
	struct mca_tlv_element first = { 0 };
	const char *flaw;

	if (length == 0)
		return "there is nothing";
	flaw = mca_tlv_read(&in, &first);
	if (flaw == NULL && in.at != in.end)
		flaw = "bytes follow its end";
	if (flaw != NULL)
		return flaw;
	return walk((struct mca_tlv){ bytes, bytes + length }, false, 0);
}
