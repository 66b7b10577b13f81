/*
 * lint_extension.c - extensions in general, and those about keys, CAs and
 * places (RFC 5280, 4.2).
 */
#include "lint.h"

#include "constraints.h"
#include "minica/text.h"

#include <ctype.h>
#include <string.h>

/* ---- all extensions ---- */

static enum mca_ext
first_of(uint32_t bits)
{
	enum mca_ext ext = 0;

	while ((bits >> ext & 1) == 0)
		ext++;
	return ext;
}

bool
mca_lint_ext_twice(const struct mca_facts *facts, struct mca_fault *fault)
{
	if (facts->repeated != 0)
		return mca_fault(fault, "%s is there twice",
		    mca_ext_name(first_of(facts->repeated)));
	return facts->unknown_repeated[0] != '\0' &&
	    mca_fault(fault, "%s is there twice", facts->unknown_repeated);
}

bool
mca_lint_ext_malformed(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->malformed != 0 &&
	    mca_fault(fault, "%s cannot be decoded",
		mca_ext_name(first_of(facts->malformed)));
}

bool
mca_lint_ext_unknown(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->unknown_critical[0] != '\0' &&
	    mca_fault(fault, "%s is critical", facts->unknown_critical);
}

/* ---- key identifiers ---- */

bool
mca_lint_ski_missing(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->ca && !mca_facts_have(facts, MCA_EXT_SKI) &&
	    mca_fault(fault, "is not there, in a CA");
}

bool
mca_lint_ski_critical(const struct mca_facts *facts, struct mca_fault *fault)
{
	return mca_facts_critical(facts, MCA_EXT_SKI) &&
	    mca_fault(fault, "is critical");
}

static const ASN1_OCTET_STRING *
aki_keyid(const struct mca_facts *facts)
{
	const AUTHORITY_KEYID *aki = facts->value[MCA_EXT_AKI];

	return aki == NULL ? NULL : aki->keyid;
}

bool
mca_lint_aki_missing(const struct mca_facts *facts, struct mca_fault *fault)
{
	return !facts->self_issued && !mca_facts_have(facts, MCA_EXT_AKI) &&
	    mca_fault(fault, "is not there");
}

bool
mca_lint_aki_form(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->value[MCA_EXT_AKI] != NULL && aki_keyid(facts) == NULL &&
	    mca_fault(fault, "holds no keyIdentifier");
}

bool
mca_lint_aki_serial(const struct mca_facts *facts, struct mca_fault *fault)
{
	const AUTHORITY_KEYID *aki = facts->value[MCA_EXT_AKI];

	return aki != NULL && (aki->issuer != NULL || aki->serial != NULL) &&
	    mca_fault(fault, "names the issuer's own issuer and serial number");
}

bool
mca_lint_aki_critical(const struct mca_facts *facts, struct mca_fault *fault)
{
	return mca_facts_critical(facts, MCA_EXT_AKI) &&
	    mca_fault(fault, "is critical");
}

/* A CA that is self-issued under another key of its own is rare and legal. */
bool
mca_lint_aki_own(const struct mca_facts *facts, struct mca_fault *fault)
{
	const ASN1_OCTET_STRING *ski = facts->value[MCA_EXT_SKI];
	const ASN1_OCTET_STRING *keyid = aki_keyid(facts);

	return facts->self_issued && ski != NULL && keyid != NULL &&
	    ASN1_OCTET_STRING_cmp(ski, keyid) != 0 &&
	    mca_fault(fault,
		"is not the certificate's own, though its issuer "
		"is");
}

/* ---- CAs ---- */

bool
mca_lint_ca_critical(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->ca &&
	    !mca_facts_critical(facts, MCA_EXT_BASIC_CONSTRAINTS) &&
	    mca_fault(fault, "is not critical, in a CA");
}

bool
mca_lint_path_len(const struct mca_facts *facts, struct mca_fault *fault)
{
	const BASIC_CONSTRAINTS *basic =
	    facts->value[MCA_EXT_BASIC_CONSTRAINTS];

	if (basic == NULL || basic->pathlen == NULL)
		return false;
	if (!facts->ca)
		return mca_fault(fault, "has a path length, but is no CA");
	return !mca_facts_usage(facts, MCA_USAGE_KEY_CERT_SIGN) &&
	    mca_fault(fault, "has a path length, but no keyCertSign");
}

bool
mca_lint_nc_critical(const struct mca_facts *facts, struct mca_fault *fault)
{
	return mca_facts_have(facts, MCA_EXT_NAME_CONSTRAINTS) &&
	    !mca_facts_critical(facts, MCA_EXT_NAME_CONSTRAINTS) &&
	    mca_fault(fault, "is not critical");
}

bool
mca_lint_nc_leaf(const struct mca_facts *facts, struct mca_fault *fault)
{
	return mca_facts_have(facts, MCA_EXT_NAME_CONSTRAINTS) && !facts->ca &&
	    mca_fault(fault, "is in a certificate that is no CA");
}

static bool
has_distance(const STACK_OF(GENERAL_SUBTREE) *subtrees)
{
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); i++) {
		const GENERAL_SUBTREE *subtree =
		    sk_GENERAL_SUBTREE_value(subtrees, i);

		if (subtree->maximum != NULL ||
		    (subtree->minimum != NULL &&
			ASN1_INTEGER_get(subtree->minimum) != 0))
			return true;
	}
	return false;
}

bool
mca_lint_nc_distance(const struct mca_facts *facts, struct mca_fault *fault)
{
	const NAME_CONSTRAINTS *nc = facts->value[MCA_EXT_NAME_CONSTRAINTS];

	return nc != NULL &&
	    (has_distance(nc->permittedSubtrees) ||
		has_distance(nc->excludedSubtrees)) &&
	    mca_fault(fault, "has a minimum or a maximum");
}

bool
mca_lint_nc_empty(const struct mca_facts *facts, struct mca_fault *fault)
{
	const NAME_CONSTRAINTS *nc = facts->value[MCA_EXT_NAME_CONSTRAINTS];
	scoped(mca_text) flaw = { 0 };

	return nc != NULL && mca_constraints_flaw(&flaw, nc) &&
	    mca_fault(fault, "%s", mca_text_get(&flaw));
}

bool
mca_lint_policy_twice(const struct mca_facts *facts, struct mca_fault *fault)
{
	const CERTIFICATEPOLICIES *list = facts->value[MCA_EXT_POLICIES];

	for (int i = 1; i < sk_POLICYINFO_num(list); i++)
		for (int k = 0; k < i; k++)
			if (OBJ_cmp(sk_POLICYINFO_value(list, i)->policyid,
				sk_POLICYINFO_value(list, k)->policyid) == 0)
				return mca_fault(fault, "%s is there twice",
				    MCA_OID(sk_POLICYINFO_value(list, i)
						->policyid));
	return false;
}

/* ---- where to find more ---- */

bool
mca_lint_url_critical(const struct mca_facts *facts, struct mca_fault *fault)
{
	static const enum mca_ext places[] = { MCA_EXT_AIA, MCA_EXT_SIA,
		MCA_EXT_CRL_POINTS, MCA_EXT_FRESHEST_CRL };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (mca_facts_critical(facts, places[i]))
			return mca_fault(fault, "%s is critical",
			    mca_ext_name(places[i]));
	return false;
}

typedef bool url_check(const GENERAL_NAME *name, struct mca_fault *fault);

static bool
any_point(const CRL_DIST_POINTS *points, struct mca_fault *fault,
    url_check *check)
{
	for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
		const DIST_POINT_NAME *point =
		    sk_DIST_POINT_value(points, i)->distpoint;

		if (point == NULL || point->type != 0)
			continue;
		for (int k = 0; k < sk_GENERAL_NAME_num(point->name.fullname);
		     k++)
			if (check(sk_GENERAL_NAME_value(point->name.fullname,
				      k),
				fault))
				return true;
	}
	return false;
}

static bool
any_url(const struct mca_facts *facts, struct mca_fault *fault,
    url_check *check)
{
	const AUTHORITY_INFO_ACCESS *access = facts->value[MCA_EXT_AIA];

	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++)
		if (check(sk_ACCESS_DESCRIPTION_value(access, i)->location,
			fault))
			return true;
	return any_point(facts->value[MCA_EXT_CRL_POINTS], fault, check) ||
	    any_point(facts->value[MCA_EXT_FRESHEST_CRL], fault, check);
}

static bool
begins(const ASN1_STRING *url, const char *word)
{
	size_t length = strlen(word);

	return (size_t)ASN1_STRING_length(url) > length &&
	    strncasecmp((const char *)ASN1_STRING_get0_data(url), word,
		length) == 0;
}

static bool
bad_url(const GENERAL_NAME *name, struct mca_fault *fault)
{
	const ASN1_STRING *url;
	const char *text;
	size_t length;

	if (name->type != GEN_URI)
		return false;
	url = name->d.uniformResourceIdentifier;
	text = (const char *)ASN1_STRING_get0_data(url);
	length = (size_t)ASN1_STRING_length(url);
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return mca_fault(fault, "\"%s\" holds what no URL may",
			    MCA_SHOW(text, length));
	return !begins(url, "http://") && !begins(url, "https://") &&
	    !begins(url, "ldap://") &&
	    mca_fault(fault, "\"%s\" is no http or ldap URL",
		MCA_SHOW(text, length));
}

bool
mca_lint_url_form(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_url(facts, fault, bad_url);
}

/* To check the certificate of that server a client may need this very URL. */
static bool
is_https(const GENERAL_NAME *name, struct mca_fault *fault)
{
	return name->type == GEN_URI &&
	    begins(name->d.uniformResourceIdentifier, "https://") &&
	    mca_fault(fault, "is to be fetched over https");
}

bool
mca_lint_url_https(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_url(facts, fault, is_https);
}
