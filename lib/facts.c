/*
 * facts.c - see facts.h.
 */
#include "facts.h"

#include "object.h"
#include "pubkey.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

static const struct {
	int nid;
	const char *name;
} known[MCA_EXT_COUNT] = {
	[MCA_EXT_BASIC_CONSTRAINTS] = { NID_basic_constraints,
	    "basicConstraints" },
	[MCA_EXT_KEY_USAGE] = { NID_key_usage, "keyUsage" },
	[MCA_EXT_EXT_KEY_USAGE] = { NID_ext_key_usage, "extKeyUsage" },
	[MCA_EXT_SKI] = { NID_subject_key_identifier, "subjectKeyIdentifier" },
	[MCA_EXT_AKI] = { NID_authority_key_identifier,
	    "authorityKeyIdentifier" },
	[MCA_EXT_SAN] = { NID_subject_alt_name, "subjectAltName" },
	[MCA_EXT_ISSUER_ALT_NAME] = { NID_issuer_alt_name, "issuerAltName" },
	[MCA_EXT_NAME_CONSTRAINTS] = { NID_name_constraints,
	    "nameConstraints" },
	[MCA_EXT_POLICIES] = { NID_certificate_policies,
	    "certificatePolicies" },
	[MCA_EXT_POLICY_MAPPINGS] = { NID_policy_mappings, "policyMappings" },
	[MCA_EXT_POLICY_CONSTRAINTS] = { NID_policy_constraints,
	    "policyConstraints" },
	[MCA_EXT_INHIBIT_ANY_POLICY] = { NID_inhibit_any_policy,
	    "inhibitAnyPolicy" },
	[MCA_EXT_CRL_POINTS] = { NID_crl_distribution_points,
	    "cRLDistributionPoints" },
	[MCA_EXT_FRESHEST_CRL] = { NID_freshest_crl, "freshestCRL" },
	[MCA_EXT_AIA] = { NID_info_access, "authorityInfoAccess" },
	[MCA_EXT_SIA] = { NID_sinfo_access, "subjectInfoAccess" },
};

const char *
mca_ext_name(enum mca_ext ext)
{
	return known[ext].name;
}

const char *
mca_oid_dotted(char *out, size_t size, const ASN1_OBJECT *oid)
{
	if (OBJ_obj2txt(out, (int)size, oid, 1) <= 0)
		out[0] = '\0';
	return out;
}

/* Returns the place of an extension in `known`, MCA_EXT_COUNT for no place. */
static size_t
place_of(const X509_EXTENSION *extension)
{
	int nid = OBJ_obj2nid(
	    X509_EXTENSION_get_object((X509_EXTENSION *)(uintptr_t)extension));
	size_t i = 0;

	while (i < MCA_EXT_COUNT && known[i].nid != nid)
		i++;
	return i;
}

static const ASN1_ITEM *
item_of(size_t ext)
{
	return ASN1_ITEM_ptr(X509V3_EXT_get_nid(known[ext].nid)->it);
}

/*
 * X509V3_EXT_d2i would do, but it takes no notice of bytes that follow the
 * value.
 */
static void *
decode(size_t ext, X509_EXTENSION *extension)
{
	const ASN1_OCTET_STRING *bytes = X509_EXTENSION_get_data(extension);
	const uint8_t *at = ASN1_STRING_get0_data(bytes);
	const uint8_t *end = at + ASN1_STRING_length(bytes);
	void *value;

	value = (void *)ASN1_item_d2i(NULL, &at, end - at, item_of(ext));
	ERR_clear_error();
	if (value != NULL && at != end) {
		ASN1_item_free(value, item_of(ext));
		value = NULL;
	}
	return value;
}

/* What a CRL alone may have (RFC 5280, 5.2) is decoded by who lints CRLs. */
static bool
belongs_to_crl(const struct mca_facts *facts, X509_EXTENSION *extension)
{
	int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));

	return facts->crl != NULL &&
	    (nid == NID_crl_number || nid == NID_delta_crl ||
		nid == NID_issuing_distribution_point);
}

static void
note_unknown(struct mca_facts *facts, X509_EXTENSION *extension)
{
	if (X509_EXTENSION_get_critical(extension) == 1 &&
	    !belongs_to_crl(facts, extension) &&
	    facts->unknown_critical[0] == '\0')
		mca_oid_dotted(facts->unknown_critical,
		    sizeof(facts->unknown_critical),
		    X509_EXTENSION_get_object(extension));
}

static void
note_known(struct mca_facts *facts, size_t ext, X509_EXTENSION *extension)
{
	uint32_t bit = UINT32_C(1) << ext;

	if ((facts->present & bit) != 0) {
		facts->repeated |= bit;
		return;
	}
	facts->present |= bit;
	if (X509_EXTENSION_get_critical(extension) == 1)
		facts->critical |= bit;
	facts->value[ext] = decode(ext, extension);
	if (facts->value[ext] == NULL)
		facts->malformed |= bit;
}

/*
 * A repeated extension that is not known is found by comparing it with every
 * one before it; a certificate of legal size holds few enough, and one with
 * more than MANY is told that it repeats itself without looking.
 */
#define MANY 1000

static void
note_repeated(struct mca_facts *facts, int at)
{
	X509_EXTENSION *extension = X509v3_get_ext(facts->extensions, at);
	ASN1_OBJECT *oid = X509_EXTENSION_get_object(extension);

	if (facts->unknown_repeated[0] != '\0')
		return;
	if (at > MANY || X509v3_get_ext_by_OBJ(facts->extensions, oid, -1) < at)
		mca_oid_dotted(facts->unknown_repeated,
		    sizeof(facts->unknown_repeated), oid);
}

static void
read_basic_constraints(struct mca_facts *facts)
{
	const BASIC_CONSTRAINTS *basic =
	    facts->value[MCA_EXT_BASIC_CONSTRAINTS];
	int64_t length;

	facts->path_len = -1;
	if (basic == NULL)
		return;
	facts->ca = basic->ca != 0;
	if (basic->pathlen == NULL)
		return;
	if (ASN1_STRING_type(basic->pathlen) == V_ASN1_NEG_INTEGER)
		facts->malformed |= UINT32_C(1) << MCA_EXT_BASIC_CONSTRAINTS;
	else if (ASN1_INTEGER_get_int64(&length, basic->pathlen) == 1 &&
	    length <= INT32_MAX)
		facts->path_len = (long)length;
	ERR_clear_error();
}

/* A key that is too large to be one of ours can be read all the same. */
static void
read_key(struct mca_facts *facts)
{
	const mca_spki *spki = mca_cert_spki(facts->cert);

	if (spki != NULL) {
		facts->key = mca_spki_get0_pkey(spki);
		return;
	}
	facts->own_key = mca_pubkey_decode(X509_get_X509_PUBKEY(facts->x509));
	facts->key = facts->own_key;
}

/* Makes whole the name of a point that is relative to the CRL's issuer. */
static void
complete_point(const struct mca_facts *facts, const DIST_POINT *point)
{
	const X509_NAME *above = facts->issuer;
	const GENERAL_NAME *name;

	if (point->distpoint == NULL || above == NULL)
		return;
	for (int i = 0; i < sk_GENERAL_NAME_num(point->CRLissuer); i++) {
		name = sk_GENERAL_NAME_value(point->CRLissuer, i);
		if (name->type == GEN_DIRNAME)
			above = name->d.directoryName;
	}
	(void)DIST_POINT_set_dpname(point->distpoint, above);
}

static void
complete_points(const struct mca_facts *facts)
{
	const CRL_DIST_POINTS *points = facts->value[MCA_EXT_CRL_POINTS];

	for (int i = 0; i < sk_DIST_POINT_num(points); i++)
		complete_point(facts, sk_DIST_POINT_value(points, i));
}

static void
read_extensions(struct mca_facts *facts)
{
	X509_EXTENSION *extension;
	size_t ext;

	for (int i = 0; i < X509v3_get_ext_count(facts->extensions); i++) {
		extension = X509v3_get_ext(facts->extensions, i);
		ext = place_of(extension);
		if (ext < MCA_EXT_COUNT) {
			note_known(facts, ext, extension);
		} else {
			note_unknown(facts, extension);
			note_repeated(facts, i);
		}
	}
	read_basic_constraints(facts);
	complete_points(facts);
	ERR_clear_error();
}

struct mca_facts *
mca_facts_new(const mca_cert *cert)
{
	struct mca_facts *facts = calloc(1, sizeof(*facts));

	if (facts == NULL)
		return NULL;
	facts->cert = cert;
	facts->x509 = mca_cert_get0_bare(cert);
	facts->der = mca_cert_der(cert, &facts->length);
	facts->subject = X509_get_subject_name(facts->x509);
	facts->issuer = X509_get_issuer_name(facts->x509);
	facts->holder = mca_cert_subject(cert);
	facts->san = mca_cert_san(cert);
	facts->spki = X509_get_X509_PUBKEY(facts->x509);
	read_key(facts);
	X509_get0_signature(NULL, &facts->signature, facts->x509);
	facts->extensions = X509_get0_extensions(facts->x509);
	facts->self_issued = X509_NAME_cmp(facts->subject, facts->issuer) == 0;
	read_extensions(facts);
	return facts;
}

struct mca_facts *
mca_facts_of_csr(const mca_csr *csr)
{
	struct mca_facts *facts = calloc(1, sizeof(*facts));
	X509_REQ *req = mca_csr_get0_x509_req(csr);

	if (facts == NULL)
		return NULL;
	facts->csr = csr;
	facts->der = mca_csr_der(csr, &facts->length);
	facts->subject = X509_REQ_get_subject_name(req);
	facts->holder = mca_csr_subject(csr);
	facts->san = mca_csr_san(csr);
	facts->spki = X509_REQ_get_X509_PUBKEY(req);
	facts->key = mca_spki_get0_pkey(mca_csr_spki(csr));
	X509_REQ_get0_signature(req, NULL, &facts->signature);
	facts->asked = X509_REQ_get_extensions(req);
	facts->extensions = facts->asked;
	read_extensions(facts);
	return facts;
}

struct mca_facts *
mca_facts_of_crl(const mca_crl *crl)
{
	struct mca_facts *facts = calloc(1, sizeof(*facts));
	X509_CRL *list = mca_crl_get0_x509_crl(crl);

	if (facts == NULL)
		return NULL;
	facts->crl = crl;
	facts->der = mca_crl_der(crl, &facts->length);
	facts->issuer = X509_CRL_get_issuer(list);
	X509_CRL_get0_signature(list, NULL, &facts->signature);
	facts->extensions = X509_CRL_get0_extensions(list);
	read_extensions(facts);
	return facts;
}

void
mca_facts_free(struct mca_facts *facts)
{
	if (facts == NULL)
		return;
	for (size_t i = 0; i < MCA_EXT_COUNT; i++)
		if (facts->value[i] != NULL)
			ASN1_item_free((void *)(uintptr_t)facts->value[i],
			    item_of(i));
	EVP_PKEY_free(facts->own_key);
	sk_X509_EXTENSION_pop_free(facts->asked, X509_EXTENSION_free);
	free(facts);
}

bool
mca_facts_usage(const struct mca_facts *facts, enum mca_usage usage)
{
	const ASN1_BIT_STRING *bits = facts->value[MCA_EXT_KEY_USAGE];

	if (!mca_facts_have(facts, MCA_EXT_KEY_USAGE))
		return true;
	return bits != NULL && ASN1_BIT_STRING_get_bit(bits, (int)usage) == 1;
}

bool
mca_facts_purpose(const struct mca_facts *facts, int nid, bool any)
{
	const EXTENDED_KEY_USAGE *usages = facts->value[MCA_EXT_EXT_KEY_USAGE];
	int found;

	if (!mca_facts_have(facts, MCA_EXT_EXT_KEY_USAGE))
		return true;
	for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
		found = OBJ_obj2nid(sk_ASN1_OBJECT_value(usages, i));
		if (found == nid || (any && found == NID_anyExtendedKeyUsage))
			return true;
	}
	return false;
}
