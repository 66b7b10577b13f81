/*
 * lint_der.c - is every byte as DER demands (X.690, 8 to 11)?
 *
 * libcrypto reads BER where it must not, so the octets are walked here once
 * more: a certificate that can be written in two ways has two fingerprints.
 */
#include "lint.h"

#include <openssl/err.h>

#include <string.h>

#define MAX_DEPTH 32

/* The octets that are left to read. */
struct octets {
	const uint8_t *at, *end;
};

struct element {
	uint8_t class, tag; /* of universal tags; others are not told apart */
	bool constructed;
	struct octets value;
};

enum {
	BOOLEAN = 1,
	INTEGER,
	BIT_STRING,
	OCTET_STRING,
	NUL,
	OID,
	ENUMERATED = 10,
	SEQUENCE = 16,
	SET
};

static const char *
read_tag(struct octets *in, struct element *out)
{
	uint8_t first = *in->at++;

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
	return NULL;
}

static const char *
read_length(struct octets *in, size_t *length)
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

static const char *
read_element(struct octets *in, struct element *out)
{
	size_t length = 0;
	const char *flaw = read_tag(in, out);

	if (flaw == NULL)
		flaw = read_length(in, &length);
	if (flaw != NULL)
		return flaw;
	if (length > (size_t)(in->end - in->at))
		return "a value ends before its length says";
	out->value = (struct octets){ in->at, in->at + length };
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
primitive_flaw(const struct element *element)
{
	const uint8_t *bytes = element->value.at;
	size_t length = (size_t)(element->value.end - bytes);

	switch (element->tag) {
	case BOOLEAN:
		return length == 1 && (bytes[0] == 0 || bytes[0] == 0xff)
		    ? NULL
		    : "a BOOLEAN is neither 00 nor FF";
	case INTEGER:
	case ENUMERATED:
		return integer_flaw(bytes, length);
	case BIT_STRING:
		return bit_string_flaw(bytes, length);
	case NUL:
		return length == 0 ? NULL : "a NULL holds something";
	case OID:
		return oid_flaw(bytes, length);
	default:
		return NULL;
	}
}

/* The elements of a SET OF stand in the order of their octets. */
static bool
in_order(const struct octets *previous, const struct octets *next)
{
	size_t left = (size_t)(previous->end - previous->at);
	size_t right = (size_t)(next->end - next->at);
	int order = memcmp(previous->at, next->at, left < right ? left : right);

	return order < 0 || (order == 0 && left <= right);
}

static const char *walk(struct octets in, bool set, unsigned depth);

static const char *
element_flaw(const struct element *element, unsigned depth)
{
	bool universal = element->class == 0;
	bool nested = element->tag == SEQUENCE || element->tag == SET;

	if (universal && element->constructed != nested)
		return nested ? "a SEQUENCE or SET is primitive"
			      : "a string is in pieces";
	if (element->constructed)
		return walk(element->value, universal && element->tag == SET,
		    depth + 1);
	return universal ? primitive_flaw(element) : NULL;
}

static const char *
walk(struct octets in, bool set, unsigned depth)
{
	struct octets previous = { NULL, NULL };

	if (depth > MAX_DEPTH)
		return "it is nested too deep to be read";
	while (in.at < in.end) {
		struct octets whole = in;
		struct element element = { 0 };
		const char *flaw = read_element(&in, &element);

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

static const char *
walk_extensions(const STACK_OF(X509_EXTENSION) *list)
{
	const char *flaw = NULL;

	for (int i = 0; flaw == NULL && i < X509v3_get_ext_count(list); i++) {
		X509_EXTENSION *extension = X509v3_get_ext(list, i);
		const ASN1_OCTET_STRING *value =
		    X509_EXTENSION_get_data(extension);
		const uint8_t *at = ASN1_STRING_get0_data(value);

		/* Values that nobody here knows need not be DER at all. */
		if (X509V3_EXT_get(extension) != NULL)
			flaw = walk((struct octets){ at,
					at + ASN1_STRING_length(value) },
			    false, 0);
	}
	return flaw;
}

bool
mca_lint_not_der(const struct mca_facts *facts, struct mca_fault *fault)
{
	const struct octets all = { facts->der, facts->der + facts->length };
	const char *flaw = walk(all, false, 0);

	if (flaw == NULL)
		flaw = walk_extensions(facts->extensions);
	return flaw != NULL && mca_fault(fault, "is not DER: %s", flaw);
}

static bool
is(const struct element *element, uint8_t class, uint8_t tag)
{
	return element->class == class && element->tag == tag;
}

/* critical DEFAULT FALSE stands second in an Extension. */
static bool
spells_false(struct octets extension)
{
	struct element element = { 0 };

	return read_element(&extension, &element) == NULL &&
	    extension.at < extension.end &&
	    read_element(&extension, &element) == NULL &&
	    is(&element, 0, BOOLEAN) && element.value.at < element.value.end &&
	    *element.value.at == 0;
}

/* The value of [3] is a SEQUENCE of Extensions. */
static bool any_spells_false(struct octets explicit)
{
	struct element list = { 0 }, extension = { 0 };

	if (read_element(&explicit, &list) != NULL)
		return false;
	while (list.value.at < list.value.end &&
	    read_element(&list.value, &extension) == NULL)
		if (spells_false(extension.value))
			return true;
	return false;
}

/* version DEFAULT v1 is the value of [0]. */
static bool spells_v1(struct octets explicit)
{
	struct element version = { 0 };

	return read_element(&explicit, &version) == NULL &&
	    version.value.end - version.value.at == 1 && *version.value.at == 0;
}

/*
 * The defaults of TBSCertificate are looked for in its octets: encoding it
 * anew would cost more than signing it, for libcrypto decodes the key again.
 */
static const char *
spelt_default(const struct mca_facts *facts)
{
	struct octets in = { facts->der, facts->der + facts->length };
	struct element element = { 0 };

	/* The certificate, and in it first TBSCertificate. */
	for (int i = 0; i < 2; i++) {
		if (read_element(&in, &element) != NULL)
			return NULL;
		in = element.value;
	}
	while (in.at < in.end && read_element(&in, &element) == NULL) {
		if (is(&element, 2, 0) && spells_v1(element.value))
			return "version v1 is spelt out";
		if (is(&element, 2, 3) && any_spells_false(element.value))
			return "critical FALSE is spelt out";
	}
	return NULL;
}

static bool
same(const struct octets *octets, const uint8_t *bytes, int length)
{
	return length >= 0 && octets->end - octets->at == length &&
	    memcmp(octets->at, bytes, (size_t)length) == 0;
}

static bool
value_reencodes(const struct mca_facts *facts, X509_EXTENSION *extension)
{
	const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
	const ASN1_OCTET_STRING *raw = X509_EXTENSION_get_data(extension);
	const uint8_t *at = ASN1_STRING_get0_data(raw);
	struct octets octets = { at, at + ASN1_STRING_length(raw) };
	owned(ossl_bytes) *again = NULL;
	ASN1_VALUE *value;
	int length;

	if (method == NULL || method->it == NULL)
		return true;
	value = ASN1_item_d2i(NULL, &at, octets.end - at,
	    ASN1_ITEM_ptr(method->it));
	ERR_clear_error();
	if (value == NULL)
		return facts->malformed != 0; /* which another rule says */
	length = ASN1_item_i2d(value, &again, ASN1_ITEM_ptr(method->it));
	ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
	return same(&octets, again, length);
}

bool
mca_lint_default_written(const struct mca_facts *facts, struct mca_fault *fault)
{
	const char *flaw = spelt_default(facts);

	if (flaw != NULL)
		return mca_fault(fault, "%s", flaw);
	for (int i = 0; i < X509v3_get_ext_count(facts->extensions); i++) {
		X509_EXTENSION *extension =
		    X509v3_get_ext(facts->extensions, i);

		if (!value_reencodes(facts, extension))
			return mca_fault(fault,
			    "%s is not written as it would be again",
			    MCA_OID(X509_EXTENSION_get_object(extension)));
	}
	return false;
}

/*
 * libcrypto 3.0 does not tell the algorithm inside TBSCertList, so it is read
 * from the octets: the first SEQUENCE in there, where outside it is the
 * second.
 */
bool
mca_lint_crl_signature_same(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	struct octets in = { facts->der, facts->der + facts->length };
	struct element whole = { 0 }, tbs = { 0 }, outside = { 0 };
	struct element inside = { 0 };

	if (read_element(&in, &whole) != NULL ||
	    read_element(&whole.value, &tbs) != NULL ||
	    read_element(&whole.value, &outside) != NULL)
		return false; /* not DER, which another rule says */
	do {
		if (tbs.value.at == tbs.value.end ||
		    read_element(&tbs.value, &inside) != NULL)
			return false;
	} while (!is(&inside, 0, SEQUENCE));
	return !same(&inside.value, outside.value.at,
		   (int)(outside.value.end - outside.value.at)) &&
	    mca_fault(fault, "differs from the one inside TBSCertList");
}
