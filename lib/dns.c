/*
 * dns.c - is a string a well-formed DNS name?  See mca_dns_flaw in
 * minica/san.h.
 */
#include "minica/san.h"

#include <ctype.h>
#include <string.h>

/* "0xc0" ends an address as well (WHATWG URL, "ends in a number"). */
static bool
is_number(const char *label, size_t length)
{
	bool hex = length > 1 && label[0] == '0' && (label[1] | 0x20) == 'x';

	if (hex) {
		label += 2;
		length -= 2;
	}
	for (size_t i = 0; hex && i < length; i++)
		if (!isxdigit((unsigned char)label[i]))
			return false;
	for (size_t i = 0; !hex && i < length; i++)
		if (!isdigit((unsigned char)label[i]))
			return false;
	return true;
}

static const char *
byte_flaw(unsigned char c)
{
	if (isalnum(c) || c == '-')
		return NULL;
	if (c == '\0')
		return "holds a NUL byte";
	if (c < 0x20 || c == 0x7f)
		return "holds a control character";
	if (c == ' ')
		return "holds a space";
	if (c == '_')
		return "holds an underscore, which host names may not";
	if (c == '*')
		return "a wildcard must be the whole left-most label";
	if (c >= 0x80)
		return "holds a letter outside ASCII; write the A-label "
		       "(xn--...)";
	if (c == ':' || c == '/')
		return "is no host name; leave out scheme, port and path";
	if (c == '[' || c == ']')
		return "holds a bracket, which addresses have in URLs alone; "
		       "write 2001:db8::1";
	return "holds a character that host names may not";
}

static const char *
label_flaw(const char *label, size_t length)
{
	if (length == 0)
		return "has an empty label";
	for (size_t i = 0; i < length; i++) {
		const char *flaw = byte_flaw((unsigned char)label[i]);

		if (flaw != NULL)
			return flaw;
	}
	if (length > 63)
		return "has a label of more than 63 characters";
	if (label[0] == '-' || label[length - 1] == '-')
		return "has a label that begins or ends with a hyphen";
	return NULL;
}

/* Everything but a wildcard label. */
static const char *
labels_flaw(const char *name, size_t length)
{
	const char *end = name + length;
	const char *dot;

	for (;; name = dot + 1) {
		const char *flaw;

		dot = memchr(name, '.', (size_t)(end - name));
		flaw = label_flaw(name,
		    (size_t)((dot == NULL ? end : dot) - name));
		if (flaw != NULL)
			return flaw;
		if (dot == NULL)
			break;
	}
	if (is_number(name, (size_t)(end - name)))
		return "ends in a number, as an address does; an address "
		       "belongs in an iPAddress";
	return NULL;
}

const char *
mca_dns_flaw(const char *name, size_t length, bool wildcard)
{
	if (length == 0)
		return "is empty";
	if (wildcard && length >= 2 && name[0] == '*' && name[1] == '.') {
		const char *flaw = labels_flaw(name + 2, length - 2);

		return flaw != NULL ? flaw
		    : length > 253  ? "has more than 253 characters"
				    : NULL;
	}
	if (length == 1 && name[0] == '*')
		return "a wildcard needs a domain below it";
	if (length > 253)
		return "has more than 253 characters";
	return labels_flaw(name, length);
}
