/*
 * lint_crl.c - what revocation lists alone have (RFC 5280, 5).
 */
#include "lint.h"

#include <openssl/err.h>

#include <string.h>

static X509_CRL *
list_of(const struct mca_facts *facts)
{
	return mca_crl_get0_x509_crl(facts->crl);
}

static STACK_OF(X509_REVOKED) *
entries_of(const struct mca_facts *facts)
{
	return X509_CRL_get_REVOKED(list_of(facts));
}

/* ---- its fields ---- */

bool
mca_lint_crl_version(const struct mca_facts *facts, struct mca_fault *fault)
{
	long version = X509_CRL_get_version(list_of(facts));

	return version != X509_CRL_VERSION_2 &&
	    mca_fault(fault, "is v%ld", version + 1);
}

bool
mca_lint_crl_next_missing(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	return X509_CRL_get0_nextUpdate(list_of(facts)) == NULL &&
	    mca_fault(fault, "is not there");
}

bool
mca_lint_crl_order(const struct mca_facts *facts, struct mca_fault *fault)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(list_of(facts));

	return next != NULL &&
	    mca_crl_next_update(facts->crl) <=
	    mca_crl_this_update(facts->crl) &&
	    mca_fault(fault, "is not after thisUpdate, or cannot be read");
}

bool
mca_lint_crl_times(const struct mca_facts *facts, struct mca_fault *fault)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(list_of(facts));
	const STACK_OF(X509_REVOKED) *entries = entries_of(facts);

	if (!mca_lint_time_fits(X509_CRL_get0_lastUpdate(list_of(facts))))
		return mca_fault(fault, "thisUpdate is not so written");
	if (next != NULL && !mca_lint_time_fits(next))
		return mca_fault(fault, "nextUpdate is not so written");
	for (int i = 0; i < sk_X509_REVOKED_num(entries); i++)
		if (!mca_lint_time_fits(X509_REVOKED_get0_revocationDate(
			sk_X509_REVOKED_value(entries, i))))
			return mca_fault(fault,
			    "revocationDate of entry %d is not so written",
			    i + 1);
	return false;
}

/* OPTIONAL means absent; a SEQUENCE of nothing is another thing. */
bool
mca_lint_crl_no_entries(const struct mca_facts *facts, struct mca_fault *fault)
{
	const STACK_OF(X509_REVOKED) *entries = entries_of(facts);

	return entries != NULL && sk_X509_REVOKED_num(entries) == 0 &&
	    mca_fault(fault, "is there, and empty");
}

/* ---- its extensions ---- */

/* False when the list has no such extension; `*critical` says how it is. */
static bool
has(const struct mca_facts *facts, int nid, bool *critical)
{
	int at = X509_CRL_get_ext_by_NID(list_of(facts), nid, -1);

	if (at < 0)
		return false;
	*critical = X509_EXTENSION_get_critical(
			X509_CRL_get_ext(list_of(facts), at)) == 1;
	return true;
}

bool
mca_lint_crl_number_missing(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	bool critical;

	return !has(facts, NID_crl_number, &critical) &&
	    mca_fault(fault, "is not there");
}

bool
mca_lint_crl_number_form(const struct mca_facts *facts, struct mca_fault *fault)
{
	owned(ASN1_INTEGER) *number = NULL;
	bool critical;

	if (!has(facts, NID_crl_number, &critical))
		return false;
	if (critical)
		return mca_fault(fault, "is critical");
	number =
	    X509_CRL_get_ext_d2i(list_of(facts), NID_crl_number, NULL, NULL);
	ERR_clear_error();
	if (number == NULL)
		return mca_fault(fault, "cannot be decoded");
	if (ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER)
		return mca_fault(fault, "is negative");
	return i2d_ASN1_INTEGER(number, NULL) > 22 &&
	    mca_fault(fault, "is %d octets long",
		i2d_ASN1_INTEGER(number, NULL) - 2);
}

bool
mca_lint_crl_aki(const struct mca_facts *facts, struct mca_fault *fault)
{
	const AUTHORITY_KEYID *aki = facts->value[MCA_EXT_AKI];

	if (!mca_facts_have(facts, MCA_EXT_AKI))
		return mca_fault(fault, "is not there");
	return aki != NULL && aki->keyid == NULL &&
	    mca_fault(fault, "holds no keyIdentifier");
}

bool
mca_lint_crl_scope_critical(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	bool critical;

	if (has(facts, NID_issuing_distribution_point, &critical) && !critical)
		return mca_fault(fault,
		    "issuingDistributionPoint is not critical");
	return has(facts, NID_delta_crl, &critical) && !critical &&
	    mca_fault(fault, "deltaCRLIndicator is not critical");
}

/* Whether the issuing distribution point says that others' are listed too. */
static bool
is_indirect(const struct mca_facts *facts)
{
	ISSUING_DIST_POINT *point = X509_CRL_get_ext_d2i(list_of(facts),
	    NID_issuing_distribution_point, NULL, NULL);
	bool indirect = point != NULL && point->indirectCRL > 0;

	ERR_clear_error();
	ISSUING_DIST_POINT_free(point);
	return indirect;
}

/* ---- its entries ---- */

static int
by_serial(const void *a, const void *b)
{
	return ASN1_INTEGER_cmp(*(const ASN1_INTEGER *const *)a,
	    *(const ASN1_INTEGER *const *)b);
}

/* Sorted, so that a million entries are compared once and not squared. */
bool
mca_lint_crl_entry_twice(const struct mca_facts *facts, struct mca_fault *fault)
{
	const STACK_OF(X509_REVOKED) *entries = entries_of(facts);
	size_t count =
	    entries == NULL ? 0 : (size_t)sk_X509_REVOKED_num(entries);
	const ASN1_INTEGER **sorted;
	bool twice = false;

	if (count < 2 || is_indirect(facts))
		return false;
	sorted = calloc(count, sizeof(*sorted));
	if (sorted == NULL)
		return mca_fault(fault, "cannot be compared: out of memory");
	for (size_t i = 0; i < count; i++)
		sorted[i] = X509_REVOKED_get0_serialNumber(
		    sk_X509_REVOKED_value(entries, (int)i));
	qsort(sorted, count, sizeof(*sorted), by_serial);
	for (size_t i = 1; i < count && !twice; i++)
		twice = by_serial(&sorted[i - 1], &sorted[i]) == 0;
	free(sorted);
	return twice && mca_fault(fault, "a serial number is there twice");
}

typedef bool entry_check(const X509_REVOKED *entry, struct mca_fault *fault);

static bool
any_entry(const struct mca_facts *facts, struct mca_fault *fault,
    entry_check *check)
{
	const STACK_OF(X509_REVOKED) *entries = entries_of(facts);

	for (int i = 0; i < sk_X509_REVOKED_num(entries); i++)
		if (check(sk_X509_REVOKED_value(entries, i), fault))
			return true;
	return false;
}

/* Reasons are 0 to 10 without 7 (RFC 5280, 5.3.1). */
static bool
bad_reason(const X509_REVOKED *entry, struct mca_fault *fault)
{
	ASN1_ENUMERATED *reason;
	int critical;
	long value;

	reason =
	    X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &critical, NULL);
	ERR_clear_error();
	if (reason == NULL)
		return critical != -1 &&
		    mca_fault(fault, "cannot be decoded, or is there twice");
	value = ASN1_ENUMERATED_get(reason);
	ASN1_ENUMERATED_free(reason);
	return (value < 0 || value > 10 || value == 7) &&
	    mca_fault(fault, "%ld is no reason", value);
}

bool
mca_lint_crl_reason(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_entry(facts, fault, bad_reason);
}

static bool
spelt_unspecified(const X509_REVOKED *entry, struct mca_fault *fault)
{
	ASN1_ENUMERATED *reason =
	    X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	bool zero = reason != NULL && ASN1_ENUMERATED_get(reason) == 0;

	ERR_clear_error();
	ASN1_ENUMERATED_free(reason);
	return zero && mca_fault(fault, "unspecified is spelt out");
}

bool
mca_lint_crl_unspecified(const struct mca_facts *facts, struct mca_fault *fault)
{
	return any_entry(facts, fault, spelt_unspecified);
}

/* certificateIssuer must be critical, the other two must not. */
static bool
wrongly_critical(const X509_REVOKED *entry, struct mca_fault *fault)
{
	for (int i = 0; i < X509_REVOKED_get_ext_count(entry); i++) {
		X509_EXTENSION *extension = X509_REVOKED_get_ext(entry, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
		bool critical = X509_EXTENSION_get_critical(extension) == 1;

		if (nid == NID_certificate_issuer && !critical)
			return mca_fault(fault,
			    "certificateIssuer is not critical");
		if (nid != NID_certificate_issuer && critical)
			return mca_fault(fault, "%s is critical",
			    MCA_OID(X509_EXTENSION_get_object(extension)));
	}
	return false;
}

bool
mca_lint_crl_entry_critical(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	return any_entry(facts, fault, wrongly_critical);
}
