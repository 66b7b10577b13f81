/*
 * lint_name.c - distinguished names (RFC 5280, 4.1.2.4, 4.1.2.6, A.1).
 */
#include "lint.h"

#include "minica/text.h"

#include <ctype.h>
#include <string.h>

/* Upper bounds in characters, and the string type where there is one. */
static const struct bound {
	int nid;
	int most;
	int type; /* 0: a DirectoryString */
} bounds[] = {
	{ NID_commonName, 64, 0 },
	{ NID_countryName, 2, V_ASN1_PRINTABLESTRING },
	{ NID_localityName, 128, 0 },
	{ NID_stateOrProvinceName, 128, 0 },
	{ NID_streetAddress, 128, 0 },
	{ NID_postalCode, 40, 0 },
	{ NID_organizationName, 64, 0 },
	{ NID_organizationalUnitName, 64, 0 },
	{ NID_title, 64, 0 },
	{ NID_surname, 40, 0 },
	{ NID_givenName, 16, 0 },
	{ NID_serialNumber, 64, V_ASN1_PRINTABLESTRING },
	{ NID_dnQualifier, 32768, V_ASN1_PRINTABLESTRING },
	{ NID_domainComponent, 255, V_ASN1_IA5STRING },
	{ NID_pkcs9_emailAddress, 255, V_ASN1_IA5STRING },
	{ NID_userId, 256, 0 },
};

static const struct bound *
find_bound(const X509_NAME_ENTRY *entry)
{
	int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (bounds[i].nid == nid)
			return &bounds[i];
	return NULL;
}

typedef bool entry_check(const X509_NAME_ENTRY *entry, struct mca_fault *fault);

/* any_entry looks at the subject, and then at the issuer. */
static bool
any_entry(const struct mca_facts *facts, struct mca_fault *fault,
    entry_check *check)
{
	const X509_NAME *names[] = { facts->subject, facts->issuer };

	for (size_t n = 0; n < 2; n++)
		for (int i = 0; i < X509_NAME_entry_count(names[n]); i++)
			if (check(X509_NAME_get_entry(names[n], i), fault))
				return true;
	return false;
}

static const char *
type_name(const X509_NAME_ENTRY *entry)
{
	int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));

	return nid == NID_undef ? "an attribute" : OBJ_nid2sn(nid);
}

static bool
wrong_type(const X509_NAME_ENTRY *entry, struct mca_fault *fault)
{
	int type = ASN1_STRING_type(X509_NAME_ENTRY_get_data(entry));
	const struct bound *bound = find_bound(entry);
	bool right;

	if (bound == NULL)
		return false;
	right = bound->type != 0
	    ? type == bound->type
	    : type == V_ASN1_UTF8STRING || type == V_ASN1_PRINTABLESTRING;
	if (right)
		return false;
	mca_fault_found(fault, "%s", ASN1_tag2str(type));
	return mca_fault(fault, "%s is a %s", type_name(entry),
	    ASN1_tag2str(type));
}

bool
mca_lint_dn_type(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_entry(facts, fault, wrong_type);
}

/* Length in characters of a string of any type; -1 if it is not well-formed. */
static int
characters(const ASN1_STRING *string)
{
	owned(ossl_bytes) *utf8 = NULL;
	int bytes = ASN1_STRING_to_UTF8(&utf8, string);
	int count = 0;

	for (int i = 0; i < bytes; i++)
		count += (utf8[i] & 0xc0) != 0x80;
	return bytes < 0 ? -1 : count;
}

static bool
too_long(const X509_NAME_ENTRY *entry, struct mca_fault *fault)
{
	const struct bound *bound = find_bound(entry);
	int count = characters(X509_NAME_ENTRY_get_data(entry));

	if (count == 0)
		return mca_fault(fault, "%s is empty", type_name(entry));
	return bound != NULL && count > bound->most &&
	    mca_fault(fault, "%s has %d characters, more than %d",
		type_name(entry), count, bound->most);
}

bool
mca_lint_dn_length(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_entry(facts, fault, too_long);
}

/* The letters of a PrintableString (X.680, 41.4). */
static bool
is_printable(unsigned char c)
{
	return isalnum(c) || (c != '\0' && strchr(" '()+,-./:=?", c) != NULL);
}

static bool
bad_text(const X509_NAME_ENTRY *entry, struct mca_fault *fault)
{
	const ASN1_STRING *string = X509_NAME_ENTRY_get_data(entry);
	const uint8_t *bytes = ASN1_STRING_get0_data(string);
	bool printable = ASN1_STRING_type(string) == V_ASN1_PRINTABLESTRING;

	if (characters(string) < 0)
		return mca_fault(fault, "%s is not well-formed text",
		    type_name(entry));
	for (int i = 0; i < ASN1_STRING_length(string); i++) {
		bool control = bytes[i] < 0x20 || bytes[i] == 0x7f;

		if (ASN1_STRING_type(string) == V_ASN1_BMPSTRING)
			break; /* another rule, and two bytes to a letter */
		if (control || (printable && !is_printable(bytes[i])))
			return mca_fault(fault, "%s holds byte 0x%02x",
			    type_name(entry), bytes[i]);
	}
	return false;
}

bool
mca_lint_dn_text(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_entry(facts, fault, bad_text);
}

static bool
bad_country(const X509_NAME_ENTRY *entry, struct mca_fault *fault)
{
	const ASN1_STRING *string = X509_NAME_ENTRY_get_data(entry);
	const uint8_t *bytes = ASN1_STRING_get0_data(string);
	int length = ASN1_STRING_length(string);

	if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_countryName ||
	    (length == 2 && isupper(bytes[0]) && isupper(bytes[1])))
		return false;
	return mca_fault(fault, "\"%s\" is not two capital letters",
	    MCA_SHOW((const char *)bytes, (size_t)length));
}

bool
mca_lint_dn_country(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_entry(facts, fault, bad_country);
}

static bool
spaced(const X509_NAME_ENTRY *entry, struct mca_fault *fault)
{
	const ASN1_STRING *string = X509_NAME_ENTRY_get_data(entry);
	const uint8_t *bytes = ASN1_STRING_get0_data(string);
	int length = ASN1_STRING_length(string);

	return length > 0 && (bytes[0] == ' ' || bytes[length - 1] == ' ') &&
	    mca_fault(fault, "%s begins or ends with a space",
		type_name(entry));
}

bool
mca_lint_dn_spaces(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_entry(facts, fault, spaced);
}
