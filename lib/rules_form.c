/*
 * rules_form.c - how a certificate is written: version, serial number,
 * names, validity, and the criticality and shape of its extensions.
 */
#include "rules.h"

#include "minica/text.h"

#include <stdio.h>
#include <string.h>

/* Version and serial number. */

static bool
not_version_3(const struct mca_rule_input *in, struct mca_fault *fault)
{
	long version = mca_cert_version(in->facts->cert);

	if (version == 3)
		return false;
	mca_fault_found(fault, "v%ld", version);
	mca_fault_wanted(fault, "v3");
	return mca_fault(fault, "is X.509 version %ld, not 3", version);
}

static bool
extensions_below_3(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return X509_get_ext_count(in->facts->x509) > 0 &&
	    not_version_3(in, fault) &&
	    mca_fault(fault, "has extensions, but its version (%s) has none",
		fault->found);
}

static bool
unique_ids(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const ASN1_BIT_STRING *issuer, *subject;

	X509_get0_uids(in->facts->x509, &issuer, &subject);
	return (issuer != NULL || subject != NULL) &&
	    mca_fault(fault, "holds a unique identifier");
}

static bool
serial_not_positive(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const char *serial = mca_cert_serial(in->facts->cert);

	if (serial[0] != '-' && strspn(serial, "0") != strlen(serial))
		return false;
	mca_fault_found(fault, "%s", MCA_SHOW_TEXT(serial));
	mca_fault_wanted(fault, "a number above zero");
	return mca_fault(fault, "is %s, not a number above zero",
	    serial[0] == '-' ? "negative" : "zero");
}

/* As encoded: a number of 20 octets whose top bit is set needs a 21st. */
static int
serial_octets(const struct mca_facts *facts)
{
	return i2d_ASN1_INTEGER((ASN1_INTEGER *)(uintptr_t)
				    X509_get0_serialNumber(facts->x509),
		   NULL) -
	    2;
}

static bool
serial_too_long(const struct mca_rule_input *in, struct mca_fault *fault)
{
	int octets = serial_octets(in->facts);

	if (octets <= 20)
		return false;
	mca_fault_found(fault, "%d octets", octets);
	mca_fault_wanted(fault, "at most 20 octets");
	return mca_fault(fault, "is %d octets long, more than 20", octets);
}

/* Names and validity. */

static bool
issuer_empty(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return mca_name_is_empty(mca_cert_issuer(in->facts->cert)) &&
	    mca_fault(fault, "is empty");
}

static bool
ca_subject_empty(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return (in->facts->ca || (in->role & MCA_ISSUERS) != 0) &&
	    mca_name_is_empty(mca_cert_subject(in->facts->cert)) &&
	    mca_fault(fault, "is empty in a CA certificate");
}

/* How long after `earlier`; a time that is the last there is has no end. */
static int64_t
span(mca_time later, mca_time earlier)
{
	int64_t seconds;

	return __builtin_sub_overflow(later, earlier, &seconds) ? INT64_MAX
								: seconds;
}

static bool
not_yet_valid(const struct mca_rule_input *in, struct mca_fault *fault)
{
	mca_time from = mca_cert_not_before(in->facts->cert);

	if (in->options->at >= from)
		return false;
	if (from == INT64_MAX)
		return mca_fault(fault, "cannot be decoded");
	mca_fault_found(fault, "%s", MCA_TIME(from));
	mca_fault_wanted(fault, "%s or earlier", MCA_TIME(in->options->at));
	return mca_fault(fault, "becomes valid only on %s, %s after %s",
	    MCA_TIME(from), MCA_DURATION(span(from, in->options->at)),
	    MCA_TIME(in->options->at));
}

static bool
expired(const struct mca_rule_input *in, struct mca_fault *fault)
{
	mca_time until = mca_cert_not_after(in->facts->cert);

	if (in->options->at <= until)
		return false;
	if (until == INT64_MIN)
		return mca_fault(fault, "cannot be decoded");
	mca_fault_found(fault, "%s", MCA_TIME(until));
	mca_fault_wanted(fault, "%s or later", MCA_TIME(in->options->at));
	return mca_fault(fault, "expired on %s, %s before %s", MCA_TIME(until),
	    MCA_DURATION(span(in->options->at, until)),
	    MCA_TIME(in->options->at));
}

/* Seconds and Z always, no fraction (RFC 5280, 4.1.2.5.1, 4.1.2.5.2). */
static bool
time_malformed(const ASN1_TIME *time)
{
	const char *text = (const char *)ASN1_STRING_get0_data(time);
	int digits = ASN1_STRING_type(time) == V_ASN1_UTCTIME ? 12 : 14;

	return ASN1_STRING_length(time) != digits + 1 ||
	    (int)strspn(text, "0123456789") != digits || text[digits] != 'Z';
}

static bool
validity_malformed(const struct mca_rule_input *in, struct mca_fault *fault)
{
	bool first = time_malformed(X509_get0_notBefore(in->facts->x509));

	if (!first && !time_malformed(X509_get0_notAfter(in->facts->x509)))
		return false;
	mca_fault_wanted(fault, "YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ");
	return mca_fault(fault, "%s is not written in whole seconds and Z",
	    first ? "notBefore" : "notAfter");
}

/* UTCTime through 2049, GeneralizedTime from 2050. */
static bool
time_of_wrong_type(const ASN1_TIME *time)
{
	return ASN1_STRING_type(time) == V_ASN1_GENERALIZEDTIME &&
	    ASN1_STRING_length(time) >= 4 &&
	    memcmp(ASN1_STRING_get0_data(time), "2050", 4) < 0;
}

static bool
validity_of_wrong_type(const struct mca_rule_input *in, struct mca_fault *fault)
{
	bool first = time_of_wrong_type(X509_get0_notBefore(in->facts->x509));

	if (!first && !time_of_wrong_type(X509_get0_notAfter(in->facts->x509)))
		return false;
	mca_fault_wanted(fault, "UTCTime through 2049");
	return mca_fault(fault, "%s is a GeneralizedTime before 2050",
	    first ? "notBefore" : "notAfter");
}

/* Extensions: repeated, malformed, unknown. */

static enum mca_ext
first_of(uint32_t bits)
{
	enum mca_ext ext = 0;

	while ((bits >> ext & 1) == 0)
		ext++;
	return ext;
}

static bool
extension_repeated(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const struct mca_facts *facts = in->facts;

	if (facts->repeated != 0)
		return mca_fault(fault, "%s is there more than once",
		    mca_ext_name(first_of(facts->repeated)));
	return facts->unknown_repeated[0] != '\0' &&
	    mca_fault(fault, "%s is there more than once",
		facts->unknown_repeated);
}

static bool
extension_malformed(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return in->facts->malformed != 0 &&
	    mca_fault(fault, "%s cannot be decoded",
		mca_ext_name(first_of(in->facts->malformed)));
}

static bool
extension_unknown(const struct mca_rule_input *in, struct mca_fault *fault)
{
	mca_fault_found(fault, "%s", in->facts->unknown_critical);
	return in->facts->unknown_critical[0] != '\0' &&
	    mca_fault(fault, "%s is critical, and unknown here",
		in->facts->unknown_critical);
}

/* Sequences that must hold something. */

static const enum mca_ext sequences[] = { MCA_EXT_SAN, MCA_EXT_ISSUER_ALT_NAME,
	MCA_EXT_EXT_KEY_USAGE, MCA_EXT_POLICIES, MCA_EXT_POLICY_MAPPINGS,
	MCA_EXT_CRL_POINTS, MCA_EXT_FRESHEST_CRL, MCA_EXT_AIA, MCA_EXT_SIA };

static bool
sequence_empty(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const void *value;

	for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
		value = in->facts->value[sequences[i]];
		if (value != NULL && OPENSSL_sk_num(value) == 0)
			return mca_fault(fault, "%s is an empty sequence",
			    mca_ext_name(sequences[i]));
	}
	return false;
}

static bool
policy_constraints_empty(const struct mca_rule_input *in,
    struct mca_fault *fault)
{
	const POLICY_CONSTRAINTS *limits =
	    in->facts->value[MCA_EXT_POLICY_CONSTRAINTS];

	return limits != NULL && limits->requireExplicitPolicy == NULL &&
	    limits->inhibitPolicyMapping == NULL &&
	    mca_fault(fault, "constrains nothing");
}

/* Criticality. */

static bool
critical(const struct mca_rule_input *in, struct mca_fault *fault,
    enum mca_ext ext)
{
	return mca_facts_critical(in->facts, ext) &&
	    mca_fault(fault, "is marked critical");
}

static bool
not_critical(const struct mca_rule_input *in, struct mca_fault *fault,
    enum mca_ext ext)
{
	return mca_facts_have(in->facts, ext) &&
	    !mca_facts_critical(in->facts, ext) &&
	    mca_fault(fault, "is not marked critical");
}

#define CRITICAL(name, ext)                                                    \
	static bool name(const struct mca_rule_input *in,                      \
	    struct mca_fault *fault)                                           \
	{                                                                      \
		return critical(in, fault, ext);                               \
	}
#define NOT_CRITICAL(name, ext)                                                \
	static bool name(const struct mca_rule_input *in,                      \
	    struct mca_fault *fault)                                           \
	{                                                                      \
		return not_critical(in, fault, ext);                           \
	}

CRITICAL(aki_critical, MCA_EXT_AKI)
CRITICAL(ski_critical, MCA_EXT_SKI)
CRITICAL(aia_critical, MCA_EXT_AIA)
CRITICAL(sia_critical, MCA_EXT_SIA)
CRITICAL(points_critical, MCA_EXT_CRL_POINTS)
CRITICAL(freshest_critical, MCA_EXT_FRESHEST_CRL)
NOT_CRITICAL(name_constraints_not_critical, MCA_EXT_NAME_CONSTRAINTS)
NOT_CRITICAL(policy_constraints_not_critical, MCA_EXT_POLICY_CONSTRAINTS)
NOT_CRITICAL(inhibit_not_critical, MCA_EXT_INHIBIT_ANY_POLICY)

const struct mca_rule mca_rules_form[] = {
	{ "MC-V-VERSION", "CA/B BR, 7.1.1", "version", MCA_ANYWHERE, MCA_WEB,
	    MCA_REFUSE, 0, not_version_3, NULL },
	{ "MC-V-VERSION-EXTENSIONS", "RFC 5280, 4.1.2.1", "version",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_CHROME | MCA_PYTHON,
	    extensions_below_3, NULL },
	{ "MC-V-UNIQUE-ID", "RFC 5280, 4.1.2.8", "issuerUniqueID", MCA_ANYWHERE,
	    MCA_WARN, MCA_REFUSE, 0, unique_ids, NULL },
	{ "MC-V-SERIAL-POSITIVE", "RFC 5280, 4.1.2.2", "serialNumber",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, 0, serial_not_positive,
	    NULL },
	{ "MC-V-SERIAL-LENGTH", "RFC 5280, 4.1.2.2", "serialNumber",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, 0, serial_too_long,
	    NULL },
	{ "MC-V-ISSUER-EMPTY", "RFC 5280, 4.1.2.4", "issuer", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_FIREFOX | MCA_JAVA | MCA_PYTHON,
	    issuer_empty, NULL },
	{ "MC-V-SUBJECT-EMPTY", "RFC 5280, 4.1.2.6", "subject", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_JAVA | MCA_PYTHON, ca_subject_empty,
	    NULL },
	{ "MC-V-NOT-YET-VALID", "RFC 5280, 6.1.3 (a)(2)", "notBefore",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE,
	    not_yet_valid,
	    "compare the clocks of both sides, or judge at another time with "
	    "--at" },
	{ "MC-V-NOT-YET-VALID", "RFC 5280, 6.1.3 (a)(2)", "notBefore",
	    MCA_ANCHOR, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE & ~MCA_JAVA,
	    not_yet_valid,
	    "compare the clocks of both sides, or judge at another time with "
	    "--at" },
	{ "MC-V-EXPIRED", "RFC 5280, 6.1.3 (a)(2)", "notAfter",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, expired,
	    "renew it with its CA; --at judges it at another time" },
	{ "MC-V-EXPIRED", "RFC 5280, 6.1.3 (a)(2)", "notAfter", MCA_ANCHOR,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE & ~MCA_JAVA, expired,
	    "renew it with its CA; --at judges it at another time" },
	{ "MC-V-VALIDITY-FORM", "RFC 5280, 4.1.2.5", "validity", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, validity_malformed, NULL },
	{ "MC-V-VALIDITY-TYPE", "RFC 5280, 4.1.2.5", "validity",
	    MCA_BELOW_ANCHOR, MCA_WARN, MCA_REFUSE, 0, validity_of_wrong_type,
	    NULL },
	{ "MC-V-EXT-REPEATED", "RFC 5280, 4.2", "extensions", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, extension_repeated, NULL },
	{ "MC-V-EXT-MALFORMED", "RFC 5280, 4.2", "extensions", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_CHROME | MCA_FIREFOX | MCA_GO,
	    extension_malformed, NULL },
	{ "MC-V-EXT-EMPTY", "RFC 5280, 4.2.1", "extensions", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_CHROME | MCA_FIREFOX, sequence_empty,
	    NULL },
	{ "MC-V-EXT-UNKNOWN", "RFC 5280, 6.1.4 (o)", "extensions", MCA_ANYWHERE,
	    MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, extension_unknown,
	    "a verifier must refuse what it is told it has to understand" },
	{ "MC-V-AKI-CRITICAL", "RFC 5280, 4.2.1.1", "authorityKeyIdentifier",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, UNREAD, aki_critical, NULL },
	{ "MC-V-SKI-CRITICAL", "RFC 5280, 4.2.1.2", "subjectKeyIdentifier",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, UNREAD, ski_critical, NULL },
	{ "MC-V-AIA-CRITICAL", "RFC 5280, 4.2.2.1", "authorityInfoAccess",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, UNREAD, aia_critical, NULL },
	{ "MC-V-SIA-CRITICAL", "RFC 5280, 4.2.2.2", "subjectInfoAccess",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, UNREAD, sia_critical, NULL },
	{ "MC-V-CDP-CRITICAL", "RFC 5280, 4.2.1.13", "cRLDistributionPoints",
	    MCA_ANYWHERE, MCA_WARN, MCA_WARN, MCA_JAVA, points_critical, NULL },
	{ "MC-V-FRESHEST-CRITICAL", "RFC 5280, 4.2.1.15", "freshestCRL",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, UNREAD, freshest_critical,
	    NULL },
	{ "MC-V-NC-CRITICAL", "RFC 5280, 4.2.1.10", "nameConstraints",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_WARN, 0,
	    name_constraints_not_critical, NULL },
	{ "MC-V-POLICY-CONSTRAINTS-CRITICAL", "RFC 5280, 4.2.1.11",
	    "policyConstraints", MCA_ANYWHERE, MCA_WARN, MCA_WARN, 0,
	    policy_constraints_not_critical, NULL },
	{ "MC-V-INHIBIT-CRITICAL", "RFC 5280, 4.2.1.14", "inhibitAnyPolicy",
	    MCA_ANYWHERE, MCA_WARN, MCA_WARN, 0, inhibit_not_critical, NULL },
	{ "MC-V-POLICY-CONSTRAINTS-EMPTY", "RFC 5280, 4.2.1.11",
	    "policyConstraints", MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, 0,
	    policy_constraints_empty, NULL },
	{ 0 },
};
