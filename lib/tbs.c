/*
 * tbs.c - see tbs.h.
 *
 * What is written is put together from values, never from text: there is no
 * configuration language between a name and the certificate.
 */
#include "tbs.h"

#include "der.h"
#include "minica/x509.h"
#include "object.h"

#include <openssl/rand.h>

#include <string.h>

MCA_OWNED(BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free)
MCA_OWNED(CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free)
MCA_OWNED(POLICYINFO, POLICYINFO_free)
MCA_OWNED(CRL_DIST_POINTS, CRL_DIST_POINTS_free)
MCA_OWNED(DIST_POINT, DIST_POINT_free)
MCA_OWNED(AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free)
MCA_OWNED(ACCESS_DESCRIPTION, ACCESS_DESCRIPTION_free)

/* Extension: OID, critical if it is, an OCTET STRING around the value. */
static mca_code
add_der(mca_text *list, const ASN1_OBJECT *oid, bool critical,
    const uint8_t *der, size_t length, struct mca_error *err)
{
	static const uint8_t yes = 0xff;
	scoped(mca_text) body = { 0 };

	mca_der_value(&body, V_ASN1_OBJECT, OBJ_get0_data(oid),
	    OBJ_length(oid));
	if (critical)
		mca_der_value(&body, V_ASN1_BOOLEAN, &yes, 1);
	mca_der_value(&body, V_ASN1_OCTET_STRING, der, length);
	mca_der_wrap(list, MCA_DER_SEQUENCE, &body);
	return mca_der_done(list, err);
}

/* The same from libcrypto's object, which its own method encodes. */
static mca_code
add(mca_text *list, int nid, const void *value, bool critical,
    struct mca_error *err)
{
	const X509V3_EXT_METHOD *method = X509V3_EXT_get_nid(nid);
	owned(ossl_bytes) *der = NULL;
	int length = ASN1_item_i2d(value, &der, ASN1_ITEM_ptr(method->it));

	if (length < 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encode %s",
		    OBJ_nid2sn(nid));
	return add_der(list, OBJ_nid2obj(nid), critical, der, (size_t)length,
	    err);
}

static mca_code
add_basic_constraints(mca_text *list, const struct mca_tbs *what,
    struct mca_error *err)
{
	owned(BASIC_CONSTRAINTS) *constraints = BASIC_CONSTRAINTS_new();
	long path_len = what->profile->path_len;

	if (constraints == NULL)
		return mca_fail_memory(err);
	constraints->ca = what->profile->ca ? 0xff : 0;
	if (what->profile->ca && path_len >= 0) {
		constraints->pathlen = ASN1_INTEGER_new();
		if (constraints->pathlen == NULL ||
		    ASN1_INTEGER_set(constraints->pathlen, path_len) != 1)
			return mca_fail_memory(err);
	}
	return add(list, NID_basic_constraints, constraints, true, err);
}

static mca_code
add_key_usage(mca_text *list, const struct mca_tbs *what, struct mca_error *err)
{
	owned(ASN1_BIT_STRING) *bits = ASN1_BIT_STRING_new();
	unsigned usage = what->profile->key_usage;

	/* Only RSA keys encipher keys (RFC 8813, 3; RFC 5480, 3). */
	if (!EVP_PKEY_is_a(mca_spki_get0_pkey(what->spki), "RSA"))
		usage &= ~(unsigned)(MCA_KU_KEY_ENCIPHERMENT |
		    MCA_KU_DATA_ENCIPHERMENT);
	if (usage == 0)
		return MCA_OK;
	if (bits == NULL)
		return mca_fail_memory(err);
	for (int i = 0; i < 9; i++)
		if ((usage & (1U << i)) != 0 &&
		    ASN1_BIT_STRING_set_bit(bits, i, 1) != 1)
			return mca_fail_memory(err);
	return add(list, NID_key_usage, bits, true, err);
}

static mca_code
add_ext_key_usage(mca_text *list, const struct mca_tbs *what,
    struct mca_error *err)
{
	const struct mca_words *oids = &what->profile->ext_key_usage;
	owned(EXTENDED_KEY_USAGE) *usage = EXTENDED_KEY_USAGE_new();

	if (oids->count == 0)
		return MCA_OK;
	if (usage == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < oids->count; i++) {
		owned(ASN1_OBJECT) *oid = OBJ_txt2obj(oids->words[i], 1);

		if (oid == NULL || sk_ASN1_OBJECT_push(usage, oid) == 0)
			return mca_fail_ssl(err, MCA_ESYSTEM,
			    "cannot encode extended key usage %s",
			    oids->words[i]);
		(void)give(&oid);
	}
	return add(list, NID_ext_key_usage, usage, false, err);
}

static ASN1_OCTET_STRING *
octets(const uint8_t *bytes, size_t length)
{
	owned(ASN1_OCTET_STRING) *string = ASN1_OCTET_STRING_new();

	if (string == NULL ||
	    ASN1_OCTET_STRING_set(string, bytes, (int)length) != 1)
		return NULL;
	return give(&string);
}

/* The issuer's own identifier if it has one, else the one we would give. */
static ASN1_OCTET_STRING *
authority_key_id(const struct mca_tbs *what)
{
	const ASN1_OCTET_STRING *ski;

	if (what->issuer == NULL)
		return octets(mca_spki_key_id(what->spki), MCA_KEY_ID_SIZE);
	ski = X509_get0_subject_key_id(mca_cert_get0_bare(what->issuer));
	if (ski != NULL)
		return ASN1_OCTET_STRING_dup(ski);
	return octets(mca_spki_key_id(mca_cert_spki(what->issuer)),
	    MCA_KEY_ID_SIZE);
}

static mca_code
add_key_ids(mca_text *list, const struct mca_tbs *what, struct mca_error *err)
{
	owned(ASN1_OCTET_STRING) *ski =
	    octets(mca_spki_key_id(what->spki), MCA_KEY_ID_SIZE);
	owned(AUTHORITY_KEYID) *aki = AUTHORITY_KEYID_new();
	mca_code code;

	if (ski == NULL || aki == NULL)
		return mca_fail_memory(err);
	aki->keyid = authority_key_id(what);
	if (aki->keyid == NULL)
		return mca_fail_memory(err);
	code = add(list, NID_subject_key_identifier, ski, false, err);
	if (code != MCA_OK)
		return code;
	return add(list, NID_authority_key_identifier, aki, false, err);
}

/* Critical exactly when the subject is empty (RFC 5280, 4.2.1.6). */
static mca_code
add_san(mca_text *list, const struct mca_tbs *what, struct mca_error *err)
{
	owned(GENERAL_NAMES) *names = NULL;
	mca_code code;

	if (what->san == NULL || mca_san_count(what->san) == 0)
		return MCA_OK;
	code = mca_san_general_names(&names, what->san, err);
	if (code != MCA_OK)
		return code;
	return add(list, NID_subject_alt_name, names,
	    mca_name_is_empty(what->subject), err);
}

static mca_code
add_constraints(mca_text *list, const struct mca_tbs *what,
    struct mca_error *err)
{
	const ASN1_OCTET_STRING *value;
	const X509 *issuer;
	X509_EXTENSION *theirs;
	int at;

	if (!what->profile->ca)
		return MCA_OK;
	if (what->constraints != NULL)
		return add(list, NID_name_constraints, what->constraints, true,
		    err);
	if (what->issuer == NULL)
		return MCA_OK;
	issuer = mca_cert_get0_bare(what->issuer);
	at = X509_get_ext_by_NID(issuer, NID_name_constraints, -1);
	if (at < 0)
		return MCA_OK;
	theirs = X509_get_ext(issuer, at);
	value = X509_EXTENSION_get_data(theirs);
	return add_der(list, X509_EXTENSION_get_object(theirs),
	    X509_EXTENSION_get_critical(theirs) == 1,
	    ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value),
	    err);
}

static mca_code
add_policies(mca_text *list, const struct mca_tbs *what, struct mca_error *err)
{
	const struct mca_words *oids = &what->profile->certificate_policies;
	owned(CERTIFICATEPOLICIES) *policies = CERTIFICATEPOLICIES_new();

	if (oids->count == 0)
		return MCA_OK;
	if (policies == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < oids->count; i++) {
		owned(POLICYINFO) *info = POLICYINFO_new();

		if (info == NULL)
			return mca_fail_memory(err);
		ASN1_OBJECT_free(info->policyid);
		info->policyid = OBJ_txt2obj(oids->words[i], 1);
		if (info->policyid == NULL ||
		    sk_POLICYINFO_push(policies, info) == 0)
			return mca_fail_ssl(err, MCA_ESYSTEM,
			    "cannot encode certificate policy %s",
			    oids->words[i]);
		(void)give(&info);
	}
	return add(list, NID_certificate_policies, policies, false, err);
}

static GENERAL_NAME *
url_name(const char *url)
{
	owned(GENERAL_NAME) *name = GENERAL_NAME_new();
	ASN1_IA5STRING *string = ASN1_IA5STRING_new();

	if (name == NULL || string == NULL ||
	    ASN1_STRING_set(string, url, -1) != 1) {
		ASN1_IA5STRING_free(string);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, GEN_URI, string);
	return give(&name);
}

static DIST_POINT *
distribution_point(const char *url)
{
	owned(DIST_POINT) *point = DIST_POINT_new();
	owned(GENERAL_NAME) *name = url_name(url);

	if (point == NULL || name == NULL)
		return NULL;
	point->distpoint = DIST_POINT_NAME_new();
	if (point->distpoint == NULL)
		return NULL;
	point->distpoint->type = 0; /* fullName */
	point->distpoint->name.fullname = GENERAL_NAMES_new();
	if (point->distpoint->name.fullname == NULL ||
	    sk_GENERAL_NAME_push(point->distpoint->name.fullname, name) == 0)
		return NULL;
	(void)give(&name);
	return give(&point);
}

static mca_code
add_crl_urls(mca_text *list, const struct mca_tbs *what, struct mca_error *err)
{
	const struct mca_words *urls = &what->profile->crl_urls;
	owned(CRL_DIST_POINTS) *points = CRL_DIST_POINTS_new();

	if (urls->count == 0)
		return MCA_OK;
	if (points == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < urls->count; i++) {
		owned(DIST_POINT) *point = distribution_point(urls->words[i]);

		if (point == NULL || sk_DIST_POINT_push(points, point) == 0)
			return mca_fail_memory(err);
		(void)give(&point);
	}
	return add(list, NID_crl_distribution_points, points, false, err);
}

static mca_code
describe(AUTHORITY_INFO_ACCESS *access, int method,
    const struct mca_words *urls, struct mca_error *err)
{
	for (size_t i = 0; i < urls->count; i++) {
		owned(ACCESS_DESCRIPTION) *one = ACCESS_DESCRIPTION_new();

		if (one == NULL)
			return mca_fail_memory(err);
		ASN1_OBJECT_free(one->method);
		one->method = OBJ_nid2obj(method);
		GENERAL_NAME_free(one->location);
		one->location = url_name(urls->words[i]);
		if (one->location == NULL ||
		    sk_ACCESS_DESCRIPTION_push(access, one) == 0)
			return mca_fail_memory(err);
		(void)give(&one);
	}
	return MCA_OK;
}

static mca_code
add_access(mca_text *list, const struct mca_tbs *what, struct mca_error *err)
{
	const struct mca_profile *profile = what->profile;
	owned(AUTHORITY_INFO_ACCESS) *access = AUTHORITY_INFO_ACCESS_new();
	mca_code code;

	if (profile->ocsp_urls.count + profile->issuer_urls.count == 0)
		return MCA_OK;
	if (access == NULL)
		return mca_fail_memory(err);
	if ((code = describe(access, NID_ad_OCSP, &profile->ocsp_urls, err)) !=
		MCA_OK ||
	    (code = describe(access, NID_ad_ca_issuers, &profile->issuer_urls,
		 err)) != MCA_OK)
		return code;
	return add(list, NID_info_access, access, false, err);
}

static mca_code
add_extra(mca_text *list, const struct mca_tbs *what, struct mca_error *err)
{
	for (size_t i = 0; i < what->profile->extra_count; i++) {
		const struct mca_extra_extension *extra =
		    &what->profile->extra[i];
		owned(ASN1_OBJECT) *oid = OBJ_txt2obj(extra->oid, 1);
		mca_code code;

		if (oid == NULL)
			return mca_fail_memory(err);
		code = add_der(list, oid, extra->critical, extra->der,
		    extra->length, err);
		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

typedef mca_code part(mca_text *list, const struct mca_tbs *what,
    struct mca_error *err);

/* In the order in which they stand in the certificate. */
static part *const extensions[] = {
	add_basic_constraints,
	add_key_usage,
	add_ext_key_usage,
	add_key_ids,
	add_san,
	add_constraints,
	add_policies,
	add_crl_urls,
	add_access,
	add_extra,
};

static mca_code
add_extensions(mca_text *body, const struct mca_tbs *what,
    struct mca_error *err)
{
	scoped(mca_text) list = { 0 };
	scoped(mca_text) sequence = { 0 };

	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]);
	     i++) {
		mca_code code = extensions[i](&list, what, err);

		if (code != MCA_OK)
			return code;
	}
	mca_der_wrap(&sequence, MCA_DER_SEQUENCE, &list);
	mca_der_wrap(body, MCA_DER_EXPLICIT(3), &sequence);
	return mca_der_done(body, err);
}

/* ---- the fields before them ---- */

mca_code
mca_tbs_serial(mca_text *body, struct mca_error *err)
{
	unsigned char bytes[MCA_SERIAL_SIZE];

	do {
		if (RAND_bytes(bytes, sizeof(bytes)) != 1)
			return mca_fail_ssl(err, MCA_ESYSTEM,
			    "no random number");
		bytes[0] &= 0x7f;
	} while (bytes[0] == 0);
	mca_der_integer(body, bytes, sizeof(bytes));
	return MCA_OK;
}

static mca_code
add_name(mca_text *body, const mca_name *name, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_X509_NAME(mca_name_get0_x509_name(name), &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encode a name");
	mca_text_add(body, (const char *)der, (size_t)length);
	return MCA_OK;
}

static void
add_validity(mca_text *body, const struct mca_tbs *what)
{
	scoped(mca_text) validity = { 0 };

	mca_der_time(&validity, what->not_before);
	mca_der_time(&validity, what->not_after);
	mca_der_wrap(body, MCA_DER_SEQUENCE, &validity);
}

static void
add_spki(mca_text *body, const mca_spki *spki)
{
	size_t length;
	const uint8_t *der = mca_spki_der(spki, &length);

	mca_text_add(body, (const char *)der, length);
}

mca_code
mca_tbs_build(mca_tbs_der *out, const struct mca_tbs *what,
    struct mca_error *err)
{
	static const uint8_t version_3[] = { MCA_DER_EXPLICIT(0), 3,
		V_ASN1_INTEGER, 1, 2 };
	const mca_name *issuer = what->issuer == NULL
	    ? what->subject
	    : mca_cert_subject(what->issuer);
	scoped(mca_text) body = { 0 };
	mca_code code;

	mca_text_add(&body, (const char *)version_3, sizeof(version_3));
	code = mca_tbs_serial(&body, err);
	if (code != MCA_OK)
		return code;
	mca_text_add(&body, mca_text_get(&out->algorithm),
	    out->algorithm.length);
	code = add_name(&body, issuer, err);
	if (code != MCA_OK)
		return code;
	add_validity(&body, what);
	code = add_name(&body, what->subject, err);
	if (code != MCA_OK)
		return code;
	add_spki(&body, what->spki);
	code = add_extensions(&body, what, err);
	if (code != MCA_OK)
		return code;
	mca_text_clear(&out->der);
	out->known = (struct mca_known_parts){ .spki = what->spki,
		.subject = what->subject,
		.issuer = issuer };
	mca_der_wrap(&out->der, MCA_DER_SEQUENCE, &body);
	return mca_der_done(&out->der, err);
}

void
mca_tbs_clear(mca_tbs_der *tbs)
{
	mca_text_clear(&tbs->der);
	mca_text_clear(&tbs->algorithm);
}
