/*
 * rules_usage.c - what a key may be used for: basicConstraints, keyUsage,
 * extendedKeyUsage, and the key identifiers that tie keys together.
 */
#include "rules.h"

#include "minica/text.h"

#include <openssl/err.h>

/* CA certificates. */

static bool
issuer_not_ca(const struct mca_rule_input *in, struct mca_fault *fault)
{
	if (in->facts->ca)
		return false;
	mca_fault_wanted(fault, "cA TRUE");
	if (!mca_facts_have(in->facts, MCA_EXT_BASIC_CONSTRAINTS))
		return mca_fault(fault,
		    "is missing: it is no CA, and may not have issued "
		    "anything");
	return mca_fault(fault,
	    "says it is no CA: it may not have issued anything");
}

static bool
issuer_constraints_not_critical(const struct mca_rule_input *in,
    struct mca_fault *fault)
{
	return in->facts->ca &&
	    !mca_facts_critical(in->facts, MCA_EXT_BASIC_CONSTRAINTS) &&
	    mca_fault(fault, "is not marked critical in a CA certificate");
}

static bool
path_len_without_ca(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return !in->facts->ca && in->facts->path_len >= 0 &&
	    mca_fault(fault, "has a pathLenConstraint, but is not a CA's");
}

static bool
target_is_ca(const struct mca_rule_input *in, struct mca_fault *fault)
{
	mca_fault_wanted(fault, "cA FALSE");
	return in->facts->ca &&
	    mca_fault(fault, "is a CA's, where a server's is wanted");
}

/* keyUsage. */

static bool
issuer_may_not_sign(const struct mca_rule_input *in, struct mca_fault *fault)
{
	if (mca_facts_usage(in->facts, MCA_USAGE_KEY_CERT_SIGN))
		return false;
	mca_fault_found(fault, "%s", mca_cert_key_usage(in->facts->cert));
	mca_fault_wanted(fault, "keyCertSign");
	return mca_fault(fault,
	    "is without keyCertSign: its key may not sign certificates");
}

static bool
issuer_without_usage(const struct mca_rule_input *in, struct mca_fault *fault)
{
	mca_fault_wanted(fault, "keyCertSign");
	return !mca_facts_have(in->facts, MCA_EXT_KEY_USAGE) &&
	    mca_fault(fault, "is missing in a CA certificate");
}

static bool
usage_empty(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const ASN1_BIT_STRING *bits = in->facts->value[MCA_EXT_KEY_USAGE];

	if (bits == NULL)
		return false;
	for (int i = 0; i < ASN1_STRING_length(bits); i++)
		if (ASN1_STRING_get0_data(bits)[i] != 0)
			return false;
	return mca_fault(fault, "allows nothing at all");
}

static bool
certificates_signed_without_ca(const struct mca_rule_input *in,
    struct mca_fault *fault)
{
	return !in->facts->ca && mca_facts_have(in->facts, MCA_EXT_KEY_USAGE) &&
	    mca_facts_usage(in->facts, MCA_USAGE_KEY_CERT_SIGN) &&
	    mca_fault(fault, "has keyCertSign, but is not a CA's");
}

/* A TLS server signs or decrypts, a client signs (RFC 5280, 4.2.1.12). */
static bool
target_usage_unfit(const struct mca_rule_input *in, struct mca_fault *fault)
{
	bool server = in->options->purpose == MCA_PURPOSE_SERVER;

	if (in->options->purpose == MCA_PURPOSE_ANY ||
	    mca_facts_usage(in->facts, MCA_USAGE_DIGITAL_SIGNATURE) ||
	    mca_facts_usage(in->facts, MCA_USAGE_KEY_AGREEMENT) ||
	    (server && mca_facts_usage(in->facts, MCA_USAGE_KEY_ENCIPHERMENT)))
		return false;
	/* A CA's certificate judged as a leaf is another rule's matter. */
	if (in->facts->ca)
		return false;
	mca_fault_found(fault, "%s", mca_cert_key_usage(in->facts->cert));
	mca_fault_wanted(fault, "digitalSignature");
	return mca_fault(fault, "does not let the key be used by a TLS %s",
	    server ? "server" : "client");
}

/* extendedKeyUsage. */

static bool
purpose_unfit(const struct mca_rule_input *in, struct mca_fault *fault)
{
	bool server = in->options->purpose == MCA_PURPOSE_SERVER;
	const char *wanted = server ? "serverAuth" : "clientAuth";
	int nid = server ? NID_server_auth : NID_client_auth;

	if (in->options->purpose == MCA_PURPOSE_ANY ||
	    mca_facts_purpose(in->facts, nid, true))
		return false;
	mca_fault_found(fault, "%s", mca_cert_ext_key_usage(in->facts->cert));
	mca_fault_wanted(fault, "%s", wanted);
	return mca_fault(fault, "is without %s%s", wanted,
	    (in->role & MCA_TARGET) != 0
		? ""
		: ": it may not issue for that purpose");
}

static bool
purposes_missing(const struct mca_rule_input *in, struct mca_fault *fault)
{
	mca_fault_wanted(fault, "serverAuth");
	return !mca_facts_have(in->facts, MCA_EXT_EXT_KEY_USAGE) &&
	    mca_fault(fault, "is missing");
}

static bool
any_purpose(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return mca_facts_have(in->facts, MCA_EXT_EXT_KEY_USAGE) &&
	    mca_facts_purpose(in->facts, NID_anyExtendedKeyUsage, false) &&
	    mca_fault(fault, "has anyExtendedKeyUsage");
}

static bool
purposes_critical(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return mca_facts_critical(in->facts, MCA_EXT_EXT_KEY_USAGE) &&
	    mca_fault(fault, "is marked critical");
}

static bool
anchor_has_purposes(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return mca_facts_have(in->facts, MCA_EXT_EXT_KEY_USAGE) &&
	    mca_fault(fault, "is in a root certificate");
}

/* Key identifiers. */

static const ASN1_OCTET_STRING *
authority_key(const struct mca_facts *facts)
{
	const AUTHORITY_KEYID *aki = facts->value[MCA_EXT_AKI];

	return aki == NULL ? NULL : aki->keyid;
}

/* A self-signed certificate is its own authority and need not name it. */
static bool
self_signed(const struct mca_facts *facts)
{
	bool good = facts->self_issued && facts->key != NULL &&
	    X509_verify(facts->x509, facts->key) == 1;

	ERR_clear_error();
	return good;
}

static bool
authority_missing(const struct mca_rule_input *in, struct mca_fault *fault)
{
	if (authority_key(in->facts) != NULL || self_signed(in->facts))
		return false;
	mca_fault_wanted(fault, "keyIdentifier");
	if (mca_facts_have(in->facts, MCA_EXT_AKI))
		return mca_fault(fault, "is without keyIdentifier");
	return mca_fault(fault, "is missing");
}

static bool
authority_half_named(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const AUTHORITY_KEYID *aki = in->facts->value[MCA_EXT_AKI];

	return aki != NULL && (aki->issuer == NULL) != (aki->serial == NULL) &&
	    mca_fault(fault,
		"has one of authorityCertIssuer and "
		"authorityCertSerialNumber without the other");
}

static bool
authority_named(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const AUTHORITY_KEYID *aki = in->facts->value[MCA_EXT_AKI];

	mca_fault_wanted(fault, "keyIdentifier alone");
	return aki != NULL && (aki->issuer != NULL || aki->serial != NULL) &&
	    mca_fault(fault, "names its authority by issuer and serial number");
}

static bool
root_authority_unfit(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const ASN1_OCTET_STRING *ski = in->facts->value[MCA_EXT_SKI];
	const ASN1_OCTET_STRING *aki = authority_key(in->facts);

	if (!mca_facts_have(in->facts, MCA_EXT_AKI) || !in->facts->self_issued)
		return false;
	if (aki == NULL)
		return mca_fault(fault, "is without keyIdentifier");
	return ski != NULL && ASN1_OCTET_STRING_cmp(aki, ski) != 0 &&
	    mca_fault(fault, "is not the root's own subjectKeyIdentifier");
}

static bool
ca_key_id_missing(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return in->facts->ca && !mca_facts_have(in->facts, MCA_EXT_SKI) &&
	    mca_fault(fault, "is missing in a CA certificate");
}

/* Policies. */

static int
by_policy(const POLICYINFO *const *a, const POLICYINFO *const *b)
{
	return OBJ_cmp((*a)->policyid, (*b)->policyid);
}

static bool
policy_repeated(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const CERTIFICATEPOLICIES *policies =
	    in->facts->value[MCA_EXT_POLICIES];
	CERTIFICATEPOLICIES *sorted;
	bool repeated = false;

	if (policies == NULL || sk_POLICYINFO_num(policies) < 2)
		return false;
	sorted = sk_POLICYINFO_dup(policies);
	(void)sk_POLICYINFO_set_cmp_func(sorted, by_policy);
	sk_POLICYINFO_sort(sorted);
	for (int i = 1; i < sk_POLICYINFO_num(sorted) && !repeated; i++)
		repeated =
		    OBJ_cmp(sk_POLICYINFO_value(sorted, i)->policyid,
			sk_POLICYINFO_value(sorted, i - 1)->policyid) == 0;
	sk_POLICYINFO_free(sorted);
	return repeated && mca_fault(fault, "holds a policy twice");
}

const struct mca_rule mca_rules_usage[] = {
	{ "MC-V-NOT-CA", "RFC 5280, 6.1.4 (k)", "basicConstraints",
	    MCA_INTERMEDIATE, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE,
	    issuer_not_ca,
	    "only a CA certificate belongs between the target and the root" },
	{ "MC-V-NOT-CA", "RFC 5280, 6.1.4 (k)", "basicConstraints", MCA_ANCHOR,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE & ~(MCA_OPENSSL | MCA_GNUTLS),
	    issuer_not_ca,
	    "only a CA certificate belongs between the target and the root" },
	{ "MC-V-CA-CRITICAL", "RFC 5280, 4.2.1.9", "basicConstraints",
	    MCA_ANCHOR, MCA_REFUSE, MCA_REFUSE, MCA_PYTHON,
	    issuer_constraints_not_critical, NULL },
	{ "MC-V-CA-CRITICAL", "RFC 5280, 4.2.1.9", "basicConstraints",
	    MCA_INTERMEDIATE, MCA_WARN, MCA_REFUSE, MCA_PYTHON,
	    issuer_constraints_not_critical, NULL },
	{ "MC-V-PATHLEN-NOT-CA", "RFC 5280, 4.2.1.9", "basicConstraints",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_PYTHON,
	    path_len_without_ca, NULL },
	{ "MC-V-LEAF-CA", "CA/B BR, 7.1.2.7.8", "basicConstraints", MCA_TARGET,
	    MCA_WEB, MCA_REFUSE, MCA_FIREFOX, target_is_ca,
	    "give the server a certificate of its own" },
	{ "MC-V-NO-CERT-SIGN", "RFC 5280, 6.1.4 (n)", "keyUsage", MCA_ISSUERS,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, issuer_may_not_sign, NULL },
	{ "MC-V-CA-USAGE-MISSING", "RFC 5280, 4.2.1.3", "keyUsage", MCA_ISSUERS,
	    MCA_WARN, MCA_REFUSE, MCA_PYTHON, issuer_without_usage,
	    "add keyCertSign and cRLSign, critical" },
	{ "MC-V-USAGE-EMPTY", "RFC 5280, 4.2.1.3", "keyUsage", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE,
	    MCA_CHROME | MCA_JAVA | MCA_OPENSSL | MCA_PYTHON, usage_empty,
	    NULL },
	{ "MC-V-LEAF-CERT-SIGN", "RFC 5280, 4.2.1.9", "keyUsage", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_PYTHON, certificates_signed_without_ca,
	    NULL },
	{ "MC-V-USAGE", "RFC 5280, 4.2.1.12", "keyUsage", MCA_TARGET,
	    MCA_REFUSE, MCA_REFUSE,
	    MCA_EVERYONE & ~(MCA_APPLE | MCA_GO | MCA_GNUTLS),
	    target_usage_unfit, NULL },
	{ "MC-V-PURPOSE", "RFC 5280, 4.2.1.12", "extKeyUsage", MCA_TARGET,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, purpose_unfit,
	    "judge it with --purpose as it was issued, or have it issued for "
	    "this one" },
	{ "MC-V-PURPOSE", "RFC 5280, 4.2.1.12", "extKeyUsage", MCA_INTERMEDIATE,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE & ~(MCA_APPLE | MCA_JAVA),
	    purpose_unfit,
	    "judge it with --purpose as it was issued, or have it issued for "
	    "this one" },
	{ "MC-V-PURPOSE", "RFC 5280, 4.2.1.12", "extKeyUsage", MCA_ANCHOR,
	    MCA_REFUSE, MCA_REFUSE,
	    MCA_FIREFOX | MCA_GO | MCA_OPENSSL | MCA_PYTHON, purpose_unfit,
	    "judge it with --purpose as it was issued, or have it issued for "
	    "this one" },
	{ "MC-V-PURPOSE-MISSING", "CA/B BR, 7.1.2.7.6", "extKeyUsage",
	    MCA_TARGET, MCA_WEB, MCA_REFUSE, MCA_APPLE, purposes_missing,
	    "add serverAuth" },
	{ "MC-V-PURPOSE-ANY", "CA/B BR, 7.1.2.7.10", "extKeyUsage", MCA_TARGET,
	    MCA_WEB, MCA_REFUSE, 0, any_purpose, NULL },
	{ "MC-V-PURPOSE-CRITICAL", "CA/B BR, 7.1.2.7.6", "extKeyUsage",
	    MCA_TARGET, MCA_WEB, MCA_REFUSE, 0, purposes_critical, NULL },
	{ "MC-V-ROOT-PURPOSE", "CA/B BR, 7.1.2.1.2", "extKeyUsage", MCA_ANCHOR,
	    MCA_WEB, MCA_REFUSE, 0, anchor_has_purposes, NULL },
	{ "MC-V-AKI-MISSING", "RFC 5280, 4.2.1.1", "authorityKeyIdentifier",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, MCA_PYTHON,
	    authority_missing, NULL },
	{ "MC-V-AKI-MISSING", "RFC 5280, 4.2.1.1", "authorityKeyIdentifier",
	    MCA_ANCHOR, MCA_WARN, MCA_WARN, 0, authority_missing, NULL },
	{ "MC-V-AKI-HALF", "RFC 5280, 4.2.1.1", "authorityKeyIdentifier",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, 0, authority_half_named,
	    NULL },
	{ "MC-V-AKI-FORM", "CA/B BR, 7.1.2.11.1", "authorityKeyIdentifier",
	    MCA_ANYWHERE, MCA_WEB, MCA_REFUSE, 0, authority_named, NULL },
	{ "MC-V-ROOT-AKI", "CA/B BR, 7.1.2.1.3", "authorityKeyIdentifier",
	    MCA_ANCHOR, MCA_WEB, MCA_REFUSE, 0, root_authority_unfit, NULL },
	{ "MC-V-SKI-MISSING", "RFC 5280, 4.2.1.2", "subjectKeyIdentifier",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_PYTHON, ca_key_id_missing,
	    NULL },
	{ "MC-V-POLICY-REPEATED", "RFC 5280, 4.2.1.4", "certificatePolicies",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_GO, policy_repeated,
	    NULL },
	{ 0 },
};
