/*
 * crlfacts.h - one CRL as the verifier sees it: its extensions, decoded once.
 */
#ifndef MCA_CRLFACTS_H
#define MCA_CRLFACTS_H

#include "ossl.h"

#include "minica/crl.h"
#include "minica/x509.h"

/* The bits of ReasonFlags (RFC 5280, 4.2.1.13) that are in use, as a mask. */
#define MCA_ALL_REASONS 0x807fu

struct mca_crl_facts {
	const mca_crl *crl;
	X509_CRL *x509;
	X509_NAME *issuer;

	/*
	 * Why the list can say nothing about anyone, or NULL: an extension
	 * that cannot be understood, a weak signature, no number.
	 */
	const char *flaw, *flaw_source;

	ISSUING_DIST_POINT *scope; /* NULL: everything of its issuer */
	bool indirect, users_only, cas_only, attributes_only;
	unsigned reasons; /* a mask */

	ASN1_INTEGER *number;
	ASN1_INTEGER *base; /* not NULL: a delta CRL */
	AUTHORITY_KEYID *aki;
};

/* mca_crl_facts_read decodes `crl`, which must outlive the facts. */
void mca_crl_facts_read(struct mca_crl_facts *out, const mca_crl *crl);
void mca_crl_facts_clear(struct mca_crl_facts *facts);

/* mca_reasons returns the mask of ReasonFlags; NULL means all. */
unsigned mca_reasons(const ASN1_BIT_STRING *flags);

#endif
