/*
 * lint_usage.c - keyUsage and extKeyUsage (RFC 5280, 4.2.1.3 and 4.2.1.12).
 */
#include "lint.h"

static bool
has_usage(const struct mca_facts *facts)
{
	return mca_facts_have(facts, MCA_EXT_KEY_USAGE);
}

/* says_usage is false without the extension, unlike mca_facts_usage. */
static bool
says_usage(const struct mca_facts *facts, int bit)
{
	const ASN1_BIT_STRING *bits = facts->value[MCA_EXT_KEY_USAGE];

	return bits != NULL && ASN1_BIT_STRING_get_bit(bits, bit) == 1;
}

static bool
is_key(const struct mca_facts *facts, const char *type)
{
	return facts->key != NULL && EVP_PKEY_is_a(facts->key, type);
}

bool
mca_lint_is_server(const struct mca_facts *facts)
{
	return !facts->ca && mca_facts_have(facts, MCA_EXT_EXT_KEY_USAGE) &&
	    mca_facts_purpose(facts, NID_server_auth, false);
}

bool
mca_lint_usage_missing(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->ca && !has_usage(facts) &&
	    mca_fault(fault, "is not there, in a CA");
}

bool
mca_lint_usage_missing_leaf(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	return !facts->ca && !has_usage(facts) &&
	    mca_fault(fault, "is not there: the key may be used for anything");
}

bool
mca_lint_usage_critical(const struct mca_facts *facts, struct mca_fault *fault)
{
	return has_usage(facts) &&
	    !mca_facts_critical(facts, MCA_EXT_KEY_USAGE) &&
	    mca_fault(fault, "is not critical");
}

/* The last octet of the string with a bit set in it, or -1. */
static int
last_octet(const ASN1_BIT_STRING *bits)
{
	int i = ASN1_STRING_length(bits) - 1;

	while (i >= 0 && ASN1_STRING_get0_data(bits)[i] == 0)
		i--;
	return i;
}

bool
mca_lint_usage_empty(const struct mca_facts *facts, struct mca_fault *fault)
{
	const ASN1_BIT_STRING *bits = facts->value[MCA_EXT_KEY_USAGE];

	return bits != NULL && last_octet(bits) < 0 &&
	    mca_fault(fault, "has no bit set");
}

/* Bits that have names end with the last one that is set (X.690, 11.2.2). */
bool
mca_lint_usage_trailing(const struct mca_facts *facts, struct mca_fault *fault)
{
	const ASN1_BIT_STRING *bits = facts->value[MCA_EXT_KEY_USAGE];
	int last, unused;

	if (bits == NULL || (last = last_octet(bits)) < 0)
		return false;
	unused = (int)(bits->flags & 7);
	return (last != ASN1_STRING_length(bits) - 1 ||
		   (ASN1_STRING_get0_data(bits)[last] >> unused & 1) == 0) &&
	    mca_fault(fault, "has zero bits at its end");
}

bool
mca_lint_usage_cert_sign(const struct mca_facts *facts, struct mca_fault *fault)
{
	return !facts->ca && says_usage(facts, MCA_USAGE_KEY_CERT_SIGN) &&
	    mca_fault(fault,
		"has keyCertSign, without cA in "
		"basicConstraints");
}

bool
mca_lint_usage_ca(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->ca && has_usage(facts) &&
	    !says_usage(facts, MCA_USAGE_KEY_CERT_SIGN) &&
	    mca_fault(fault, "has no keyCertSign, in a CA");
}

#define DATA_ENCIPHERMENT 3
#define ENCIPHER_ONLY 7
#define DECIPHER_ONLY 8

bool
mca_lint_usage_encipher(const struct mca_facts *facts, struct mca_fault *fault)
{
	return (says_usage(facts, MCA_USAGE_KEY_ENCIPHERMENT) ||
		   says_usage(facts, DATA_ENCIPHERMENT)) &&
	    facts->key != NULL && !is_key(facts, "RSA") &&
	    mca_fault(fault,
		"has encipherment, which a key of kind %s cannot "
		"do",
		EVP_PKEY_get0_type_name(facts->key));
}

bool
mca_lint_usage_agreement(const struct mca_facts *facts, struct mca_fault *fault)
{
	return says_usage(facts, MCA_USAGE_KEY_AGREEMENT) &&
	    (is_key(facts, "RSA") || is_key(facts, "ED25519") ||
		is_key(facts, "ED448")) &&
	    mca_fault(fault,
		"has keyAgreement, which a key of kind %s cannot "
		"do",
		EVP_PKEY_get0_type_name(facts->key));
}

bool
mca_lint_usage_only(const struct mca_facts *facts, struct mca_fault *fault)
{
	return (says_usage(facts, ENCIPHER_ONLY) ||
		   says_usage(facts, DECIPHER_ONLY)) &&
	    !says_usage(facts, MCA_USAGE_KEY_AGREEMENT) &&
	    mca_fault(fault,
		"has encipherOnly or decipherOnly without "
		"keyAgreement");
}

bool
mca_lint_purpose_any(const struct mca_facts *facts, struct mca_fault *fault)
{
	return mca_facts_have(facts, MCA_EXT_EXT_KEY_USAGE) &&
	    mca_facts_purpose(facts, NID_anyExtendedKeyUsage, false) &&
	    mca_fault(fault, "holds anyExtendedKeyUsage");
}

bool
mca_lint_purpose_critical(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	return mca_facts_critical(facts, MCA_EXT_EXT_KEY_USAGE) &&
	    !mca_facts_purpose(facts, NID_time_stamp, false) &&
	    mca_fault(fault, "is critical");
}

bool
mca_lint_purpose_empty(const struct mca_facts *facts, struct mca_fault *fault)
{
	const EXTENDED_KEY_USAGE *list = facts->value[MCA_EXT_EXT_KEY_USAGE];

	return list != NULL && sk_ASN1_OBJECT_num(list) == 0 &&
	    mca_fault(fault, "names no usage");
}

bool
mca_lint_purpose_twice(const struct mca_facts *facts, struct mca_fault *fault)
{
	const EXTENDED_KEY_USAGE *list = facts->value[MCA_EXT_EXT_KEY_USAGE];

	for (int i = 1; i < sk_ASN1_OBJECT_num(list); i++)
		for (int k = 0; k < i; k++)
			if (OBJ_cmp(sk_ASN1_OBJECT_value(list, i),
				sk_ASN1_OBJECT_value(list, k)) == 0)
				return mca_fault(fault, "%s is there twice",
				    MCA_OID(sk_ASN1_OBJECT_value(list, i)));
	return false;
}

bool
mca_lint_purpose_missing(const struct mca_facts *facts, struct mca_fault *fault)
{
	return !facts->ca && !mca_facts_have(facts, MCA_EXT_EXT_KEY_USAGE) &&
	    mca_facts_have(facts, MCA_EXT_SAN) &&
	    mca_fault(fault, "is not there");
}
