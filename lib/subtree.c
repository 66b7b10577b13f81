/*
 * subtree.c - see subtree.h.
 */
#include "subtree.h"

#include "minica/san.h"
#include "minica/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

typedef STACK_OF(GENERAL_SUBTREE) subtrees;

MCA_OWNED(GENERAL_SUBTREE, GENERAL_SUBTREE_free)

/* Adds one base of a form to a list that is made when first needed. */
static mca_code
add_base(subtrees **list, int type, const void *bytes, size_t length,
    struct mca_error *err)
{
	owned(GENERAL_SUBTREE) *subtree = GENERAL_SUBTREE_new();
	ASN1_STRING *string = ASN1_STRING_type_new(
	    type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);

	if (*list == NULL)
		*list = sk_GENERAL_SUBTREE_new_null();
	if (*list == NULL || subtree == NULL || string == NULL ||
	    ASN1_STRING_set(string, bytes, (int)length) != 1) {
		ASN1_STRING_free(string);
		return mca_fail_memory(err);
	}
	GENERAL_NAME_set0_value(subtree->base, type, string);
	if (sk_GENERAL_SUBTREE_push(*list, subtree) == 0)
		return mca_fail_memory(err);
	(void)give(&subtree);
	return MCA_OK;
}

static void
make_mask(uint8_t *mask, size_t length, unsigned long bits)
{
	for (size_t i = 0; i < length; i++) {
		size_t left = bits > i * 8 ? bits - i * 8 : 0;

		mask[i] = (uint8_t)(left >= 8 ? 0xff : 0xff00 >> left);
	}
}

/*
 * Reads "10.0.0.0/8" into address and mask; 0 if it is no address or CIDR, and
 * SIZE_MAX if it is one with bits set beyond its prefix.
 */
static size_t
parse_range(uint8_t out[32], const char *word)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(word, '/');
	size_t n = slash == NULL ? strlen(word) : (size_t)(slash - word);
	size_t length;
	unsigned long bits;
	char *end;

	if (n >= sizeof(address))
		return 0;
	memcpy(address, word, n);
	address[n] = '\0';
	if (inet_pton(AF_INET, address, out) == 1)
		length = 4;
	else if (inet_pton(AF_INET6, address, out) == 1)
		length = 16;
	else
		return 0;
	bits = length * 8;
	if (slash != NULL) {
		if (!isdigit((unsigned char)slash[1]))
			return 0;
		bits = strtoul(slash + 1, &end, 10);
		if (*end != '\0' || bits > length * 8)
			return 0;
	}
	make_mask(out + length, length, bits);
	for (size_t i = 0; i < length; i++)
		if ((out[i] & ~out[length + i]) != 0)
			return SIZE_MAX;
	return length * 2;
}

static char *
lower_copy(const char *word)
{
	char *copy = strdup(word);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static mca_code
add_domain(subtrees **list, int type, const char *word, const char *domain,
    struct mca_error *err)
{
	owned(char) *base = lower_copy(domain);
	const char *name = *domain == '.' ? domain + 1 : domain;
	const char *flaw = mca_dns_flaw(name, strlen(name), false);

	if (base == NULL)
		return mca_fail_memory(err);
	if (flaw != NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "constraint \"%s\" %s; write example.org, "
		    "@example.org, 10.0.0.0/8 or fd00::/8",
		    MCA_SHOW_TEXT(word), flaw);
	return add_base(list, type, base, strlen(base), err);
}

static mca_code
add_word(subtrees **list, const char *word, struct mca_error *err)
{
	uint8_t range[32];
	size_t length = parse_range(range, word);

	if (length == SIZE_MAX)
		return mca_fail(err, MCA_EUSAGE,
		    "constraint \"%s\" has bits set beyond its prefix",
		    MCA_SHOW_TEXT(word));
	if (length > 0)
		return add_base(list, GEN_IPADD, range, length, err);
	if (strchr(word, '/') != NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "constraint \"%s\" is no block of addresses: write it as "
		    "10.0.0.0/8 or fd00::/8",
		    MCA_SHOW_TEXT(word));
	if (strncmp(word, "*.", 2) == 0)
		return mca_fail(err, MCA_EUSAGE,
		    "constraint \"%s\": a dNSName constraint has no wildcard "
		    "(RFC 5280, 4.2.1.10); write \"%s\", which covers all "
		    "names below it",
		    MCA_SHOW_TEXT(word), MCA_SHOW_TEXT(word + 2));
	if (*word == '.')
		return mca_fail(err, MCA_EUSAGE,
		    "constraint \"%s\": a dNSName constraint has no leading "
		    "dot (RFC 5280, 4.2.1.10); write \"%s\", which covers all "
		    "names below it",
		    MCA_SHOW_TEXT(word), MCA_SHOW_TEXT(word + 1));
	if (*word == '@')
		return add_domain(list, GEN_EMAIL, word, word + 1, err);
	return add_domain(list, GEN_DNS, word, word, err);
}

static bool
has_form(const subtrees *list, int type, int octets)
{
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(list); i++) {
		const GENERAL_NAME *base =
		    sk_GENERAL_SUBTREE_value(list, i)->base;

		if (base->type == type &&
		    (octets == 0 || ASN1_STRING_length(base->d.ip) == octets))
			return true;
	}
	return false;
}

/*
 * Closes the forms that nothing permits.  dNSName and iPAddress are excluded
 * whole (CA/Browser Forum BR, 7.1.2.10.8); mailboxes and URIs have no such
 * word, so the one domain that never exists is permitted (RFC 2606, 2).
 */
static mca_code
close_forms(NAME_CONSTRAINTS *nc, struct mca_error *err)
{
	static const uint8_t everything[32] = { 0 };
	const char *nothing = ".invalid";
	subtrees **permitted = &nc->permittedSubtrees;
	subtrees **excluded = &nc->excludedSubtrees;
	mca_code code = MCA_OK;

	if (!has_form(*permitted, GEN_DNS, 0))
		code = add_base(excluded, GEN_DNS, "", 0, err);
	if (code == MCA_OK && !has_form(*permitted, GEN_IPADD, 8))
		code = add_base(excluded, GEN_IPADD, everything, 8, err);
	if (code == MCA_OK && !has_form(*permitted, GEN_IPADD, 32))
		code = add_base(excluded, GEN_IPADD, everything, 32, err);
	if (code == MCA_OK && !has_form(*permitted, GEN_EMAIL, 0))
		code = add_base(permitted, GEN_EMAIL, nothing, strlen(nothing),
		    err);
	if (code == MCA_OK)
		code =
		    add_base(permitted, GEN_URI, nothing, strlen(nothing), err);
	return code;
}

mca_code
mca_subtree_new(NAME_CONSTRAINTS **out, const char *const *permit,
    size_t permit_count, const char *const *exclude, size_t exclude_count,
    struct mca_error *err)
{
	owned(NAME_CONSTRAINTS) *nc = NULL;
	mca_code code = MCA_OK;

	*out = NULL;
	if (permit_count + exclude_count == 0)
		return MCA_OK;
	nc = NAME_CONSTRAINTS_new();
	if (nc == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < permit_count && code == MCA_OK; i++)
		code = add_word(&nc->permittedSubtrees, permit[i], err);
	for (size_t i = 0; i < exclude_count && code == MCA_OK; i++)
		code = add_word(&nc->excludedSubtrees, exclude[i], err);
	if (code == MCA_OK && permit_count > 0)
		code = close_forms(nc, err);
	if (code == MCA_OK)
		*out = give(&nc);
	return code;
}

void
mca_subtree_free(NAME_CONSTRAINTS *constraints)
{
	NAME_CONSTRAINTS_free(constraints);
}
