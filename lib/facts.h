/*
 * facts.h - one certificate as the verifier sees it: every extension it
 * knows, decoded once, with what could not be decoded.  Requests and CRLs have
 * facts too, as far as they are built alike.
 *
 * Nothing here judges; rules.c, verify.c and lint.c do.
 */
#ifndef MCA_FACTS_H
#define MCA_FACTS_H

#include "ossl.h"

#include "minica/x509.h"

/* The extensions that are understood, as places in tables and bits. */
enum mca_ext {
	MCA_EXT_BASIC_CONSTRAINTS,
	MCA_EXT_KEY_USAGE,
	MCA_EXT_EXT_KEY_USAGE,
	MCA_EXT_SKI,
	MCA_EXT_AKI,
	MCA_EXT_SAN,
	MCA_EXT_ISSUER_ALT_NAME,
	MCA_EXT_NAME_CONSTRAINTS,
	MCA_EXT_POLICIES,
	MCA_EXT_POLICY_MAPPINGS,
	MCA_EXT_POLICY_CONSTRAINTS,
	MCA_EXT_INHIBIT_ANY_POLICY,
	MCA_EXT_CRL_POINTS,
	MCA_EXT_FRESHEST_CRL,
	MCA_EXT_AIA,
	MCA_EXT_SIA,
	MCA_EXT_COUNT,
};

/* The bits of keyUsage, numbered as in RFC 5280, 4.2.1.3. */
enum mca_usage {
	MCA_USAGE_DIGITAL_SIGNATURE = 0,
	MCA_USAGE_KEY_ENCIPHERMENT = 2,
	MCA_USAGE_KEY_AGREEMENT = 4,
	MCA_USAGE_KEY_CERT_SIGN = 5,
	MCA_USAGE_CRL_SIGN = 6,
};

struct mca_facts {
	/* What the facts are of: the other two are NULL. */
	const mca_cert *cert;
	const mca_csr *csr;
	const mca_crl *crl;
	X509 *x509; /* borrowed from `cert`, bare */

	/* What all three have, or NULL; borrowed. */
	const uint8_t *der;
	size_t length;
	const X509_NAME *subject, *issuer;
	const mca_name *holder; /* the subject again */
	const mca_san *san;
	X509_PUBKEY *spki;
	EVP_PKEY *key;	   /* NULL if it cannot be decoded */
	EVP_PKEY *own_key; /* the same, if it is not borrowed */
	const X509_ALGOR *signature;
	const STACK_OF(X509_EXTENSION) *extensions;
	STACK_OF(X509_EXTENSION) *asked; /* those of a request, owned */

	/* One bit for each of enum mca_ext. */
	uint32_t present, critical, malformed, repeated;
	const void *value[MCA_EXT_COUNT]; /* NULL if absent or malformed */

	char unknown_critical[80]; /* OID of the first one, or "" */
	char unknown_repeated[80];

	bool self_issued;
	bool ca;
	long path_len; /* -1 without one */
};

/*
 * mca_facts_new decodes the extensions of `cert`, which must outlive the
 * facts; NULL when memory runs out.  mca_facts_of_csr and mca_facts_of_crl are
 * the same for what a request asks for, and for a list.
 */
struct mca_facts *mca_facts_new(const mca_cert *cert);
struct mca_facts *mca_facts_of_csr(const mca_csr *csr);
struct mca_facts *mca_facts_of_crl(const mca_crl *crl);
void mca_facts_free(struct mca_facts *facts);

/* mca_ext_name returns the name of an extension as RFC 5280 has it. */
const char *mca_ext_name(enum mca_ext ext);

static inline bool
mca_facts_have(const struct mca_facts *facts, enum mca_ext ext)
{
	return (facts->present >> ext & 1) != 0;
}

static inline bool
mca_facts_critical(const struct mca_facts *facts, enum mca_ext ext)
{
	return (facts->critical >> ext & 1) != 0;
}

/*
 * mca_facts_usage says whether keyUsage allows `usage`; without the extension
 * it allows everything.
 */
bool mca_facts_usage(const struct mca_facts *facts, enum mca_usage usage);

/*
 * mca_facts_purpose says whether extendedKeyUsage names `nid`, or
 * anyExtendedKeyUsage when `any` is true, or is not there.
 */
bool mca_facts_purpose(const struct mca_facts *facts, int nid, bool any);

/* mca_oid_dotted writes the dotted form of `oid`, cut if it is too long. */
const char *mca_oid_dotted(char *out, size_t size, const ASN1_OBJECT *oid);
#define MCA_OID(oid) mca_oid_dotted((char[80]){ 0 }, 80, oid)

#endif
