/*
 * crlfacts.c - see crlfacts.h.
 */
#include "crlfacts.h"
#include "sigalg.h"

#include <openssl/err.h>
#include <string.h>

unsigned
mca_reasons(const ASN1_BIT_STRING *flags)
{
	unsigned mask = 0;

	if (flags == NULL)
		return MCA_ALL_REASONS;
	if (ASN1_STRING_length(flags) > 0)
		mask = ASN1_STRING_get0_data(flags)[0];
	if (ASN1_STRING_length(flags) > 1)
		mask |= (unsigned)ASN1_STRING_get0_data(flags)[1] << 8;
	return mask & MCA_ALL_REASONS;
}

static void
flawed(struct mca_crl_facts *facts, const char *flaw, const char *source)
{
	if (facts->flaw != NULL)
		return;
	facts->flaw = flaw;
	facts->flaw_source = source;
}

/* Decodes one extension; what cannot be decoded or is repeated is a flaw. */
static void *
decode(struct mca_crl_facts *facts, int nid)
{
	int critical;
	void *value = X509_CRL_get_ext_d2i(facts->x509, nid, &critical, NULL);

	ERR_clear_error();
	if (value == NULL && critical != -1)
		flawed(facts, "one of its extensions cannot be decoded",
		    "RFC 5280, 5.2");
	return value;
}

static bool
understood(const X509_EXTENSION *extension)
{
	switch (OBJ_obj2nid(X509_EXTENSION_get_object(
	    (X509_EXTENSION *)(uintptr_t)extension))) {
	case NID_issuing_distribution_point:
	case NID_delta_crl:
	case NID_crl_number:
	case NID_authority_key_identifier:
	case NID_issuer_alt_name:
	case NID_freshest_crl:
		return true;
	default:
		return false;
	}
}

static void
look_for_unknown(struct mca_crl_facts *facts)
{
	X509_EXTENSION *extension;

	for (int i = 0; i < X509_CRL_get_ext_count(facts->x509); i++) {
		extension = X509_CRL_get_ext(facts->x509, i);
		if (X509_EXTENSION_get_critical(extension) == 1 &&
		    !understood(extension))
			flawed(facts,
			    "it has a critical extension that is unknown here",
			    "RFC 5280, 5.2");
	}
}

static bool
entry_unknown(const X509_REVOKED *entry)
{
	X509_EXTENSION *extension;
	int nid;

	for (int i = 0; i < X509_REVOKED_get_ext_count(entry); i++) {
		extension = X509_REVOKED_get_ext(entry, i);
		nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
		if (X509_EXTENSION_get_critical(extension) == 1 &&
		    nid != NID_crl_reason && nid != NID_invalidity_date &&
		    nid != NID_certificate_issuer)
			return true;
	}
	return false;
}

static void
look_for_unknown_entries(struct mca_crl_facts *facts)
{
	const STACK_OF(X509_REVOKED) *entries =
	    X509_CRL_get_REVOKED(facts->x509);

	for (int i = 0; i < sk_X509_REVOKED_num(entries); i++)
		if (entry_unknown(sk_X509_REVOKED_value(entries, i))) {
			flawed(facts,
			    "an entry has a critical extension that is "
			    "unknown here",
			    "RFC 5280, 5.3");
			return;
		}
}

static void
read_scope(struct mca_crl_facts *facts)
{
	ISSUING_DIST_POINT *scope =
	    decode(facts, NID_issuing_distribution_point);

	facts->reasons = MCA_ALL_REASONS;
	facts->scope = scope;
	if (scope == NULL)
		return;
	facts->indirect = scope->indirectCRL > 0;
	facts->users_only = scope->onlyuser > 0;
	facts->cas_only = scope->onlyCA > 0;
	facts->attributes_only = scope->onlyattr > 0;
	facts->reasons = mca_reasons(scope->onlysomereasons);
	if (scope->distpoint != NULL)
		(void)DIST_POINT_set_dpname(scope->distpoint, facts->issuer);
	if (facts->users_only + facts->cas_only + facts->attributes_only > 1)
		flawed(facts, "it is for users only and for CAs only at once",
		    "RFC 5280, 5.2.5");
}

static void
judge_signature(struct mca_crl_facts *facts)
{
	const X509_ALGOR *algorithm;
	struct mca_sigalg used;

	X509_CRL_get0_signature(facts->x509, NULL, &algorithm);
	mca_sigalg_read(&used, algorithm);
	if (used.bits < MCA_LEAST_BITS)
		flawed(facts, "its signature algorithm is weak or unknown",
		    "NIST SP 800-131A, 3");
}

static bool
number_critical(const X509_CRL *crl)
{
	int at = X509_CRL_get_ext_by_NID(crl, NID_crl_number, -1);

	return at >= 0 &&
	    X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, at)) == 1;
}

void
mca_crl_facts_read(struct mca_crl_facts *facts, const mca_crl *crl)
{
	memset(facts, 0, sizeof(*facts));
	facts->crl = crl;
	facts->x509 = mca_crl_get0_x509_crl(crl);
	facts->issuer = X509_CRL_get_issuer(facts->x509);
	read_scope(facts);
	facts->number = decode(facts, NID_crl_number);
	facts->base = decode(facts, NID_delta_crl);
	facts->aki = decode(facts, NID_authority_key_identifier);
	judge_signature(facts);
	look_for_unknown(facts);
	look_for_unknown_entries(facts);
	if (facts->number == NULL)
		flawed(facts, "it has no cRLNumber", "RFC 5280, 5.2.3");
	else if (number_critical(facts->x509))
		flawed(facts, "its cRLNumber is critical", "RFC 5280, 5.2.3");
}

void
mca_crl_facts_clear(struct mca_crl_facts *facts)
{
	ISSUING_DIST_POINT_free(facts->scope);
	ASN1_INTEGER_free(facts->number);
	ASN1_INTEGER_free(facts->base);
	AUTHORITY_KEYID_free(facts->aki);
	memset(facts, 0, sizeof(*facts));
}
