/*
 * lint_form.c - the plain fields of a TBSCertificate (RFC 5280, 4.1).
 */
#include "lint.h"

#include "sigalg.h"

#include <string.h>

bool
mca_lint_version(const struct mca_facts *facts, struct mca_fault *fault)
{
	long version = mca_cert_version(facts->cert);

	if (version == 3)
		return false;
	mca_fault_found(fault, "v%ld", version);
	return mca_fault(fault, "is v%ld", version);
}

bool
mca_lint_unique_id(const struct mca_facts *facts, struct mca_fault *fault)
{
	const ASN1_BIT_STRING *issuer, *subject;

	X509_get0_uids(facts->x509, &issuer, &subject);
	return (issuer != NULL || subject != NULL) &&
	    mca_fault(fault, "is there");
}

bool
mca_lint_serial_positive(const struct mca_facts *facts, struct mca_fault *fault)
{
	const char *serial = mca_cert_serial(facts->cert);

	return (serial[0] == '-' || strspn(serial, "0") == strlen(serial)) &&
	    mca_fault(fault, "is %s", serial[0] == '-' ? "negative" : "zero");
}

/* The octets of the INTEGER: a leading zero before a high bit counts. */
static size_t
serial_octets(const struct mca_facts *facts)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(facts->x509);
	size_t length = (size_t)ASN1_STRING_length(serial);
	const uint8_t *bytes = ASN1_STRING_get0_data(serial);

	return length + (length > 0 && (bytes[0] & 0x80) != 0);
}

bool
mca_lint_serial_long(const struct mca_facts *facts, struct mca_fault *fault)
{
	return serial_octets(facts) > 20 &&
	    mca_fault(fault, "is %zu octets long", serial_octets(facts));
}

/* A short number can hold no 64 random bits, which stop chosen prefixes. */
bool
mca_lint_serial_short(const struct mca_facts *facts, struct mca_fault *fault)
{
	return serial_octets(facts) < 8 && !facts->self_issued &&
	    mca_fault(fault, "is %zu octets long", serial_octets(facts));
}

bool
mca_lint_issuer_empty(const struct mca_facts *facts, struct mca_fault *fault)
{
	return X509_NAME_entry_count(facts->issuer) == 0 &&
	    mca_fault(fault, "is empty");
}

bool
mca_lint_subject_empty(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->ca && mca_name_is_empty(mca_cert_subject(facts->cert)) &&
	    mca_fault(fault, "is empty, in a CA");
}

bool
mca_lint_validity_order(const struct mca_facts *facts, struct mca_fault *fault)
{
	mca_time from = mca_cert_not_before(facts->cert);
	mca_time until = mca_cert_not_after(facts->cert);

	return from > until &&
	    mca_fault(fault, "ends before it begins, or cannot be read");
}

bool
mca_lint_time_fits(const ASN1_TIME *time)
{
	const char *text = (const char *)ASN1_STRING_get0_data(time);
	bool utc = ASN1_STRING_type(time) == V_ASN1_UTCTIME;
	size_t digits = utc ? 12 : 14;

	if ((size_t)ASN1_STRING_length(time) != digits + 1 ||
	    strspn(text, "0123456789") != digits || text[digits] != 'Z')
		return false;
	return utc || memcmp(text, "2050", 4) >= 0;
}

bool
mca_lint_validity_form(const struct mca_facts *facts, struct mca_fault *fault)
{
	if (!mca_lint_time_fits(X509_get0_notBefore(facts->x509)))
		return mca_fault(fault, "notBefore is not so written");
	return !mca_lint_time_fits(X509_get0_notAfter(facts->x509)) &&
	    mca_fault(fault, "notAfter is not so written");
}

bool
mca_lint_signature_differs(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	return X509_ALGOR_cmp(facts->signature,
		   X509_get0_tbs_sigalg(facts->x509)) != 0 &&
	    mca_fault(fault, "differs from the one inside TBSCertificate");
}

bool
mca_lint_signature_weak(const struct mca_facts *facts, struct mca_fault *fault)
{
	struct mca_sigalg algorithm;

	mca_sigalg_read(&algorithm, facts->signature);
	if (algorithm.bits >= MCA_LEAST_BITS)
		return false;
	mca_fault_found(fault, "%s", algorithm.name);
	return mca_fault(fault, "%s is broken, or not known", algorithm.name);
}

/* PKCS #1 v1.5 with NULL; EC and EdDSA without any. */
bool
mca_lint_signature_parameters(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	struct mca_sigalg algorithm;
	int type;

	mca_sigalg_read(&algorithm, facts->signature);
	X509_ALGOR_get0(NULL, &type, NULL, facts->signature);
	if (algorithm.key == NID_undef)
		return false;
	if (algorithm.key == NID_rsaEncryption)
		return type != V_ASN1_NULL &&
		    mca_fault(fault, "has no NULL as its parameters");
	return !algorithm.parameters_fit &&
	    mca_fault(fault, "has parameters that do not belong to it");
}
