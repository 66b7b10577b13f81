/*
 * tbs_reissue.c - the same certificate from another issuer: see tbs.h.
 */
#include "tbs.h"

#include "minica/x509.h"
#include "object.h"

#include <string.h>

static void
remove_extension(X509 *x509, int nid)
{
	int at;

	while ((at = X509_get_ext_by_NID(x509, nid, -1)) >= 0)
		X509_EXTENSION_free(X509_delete_ext(x509, at));
}

static mca_code
set_authority(X509 *x509, const mca_cert *issuer, struct mca_error *err)
{
	const ASN1_OCTET_STRING *ski =
	    X509_get0_subject_key_id(mca_cert_get0_bare(issuer));
	owned(AUTHORITY_KEYID) *aki = AUTHORITY_KEYID_new();

	if (aki == NULL)
		return mca_fail_memory(err);
	aki->keyid =
	    ski == NULL ? ASN1_OCTET_STRING_new() : ASN1_OCTET_STRING_dup(ski);
	if (aki->keyid == NULL ||
	    (ski == NULL &&
		ASN1_OCTET_STRING_set(aki->keyid,
		    mca_spki_key_id(mca_cert_spki(issuer)),
		    MCA_KEY_ID_SIZE) != 1))
		return mca_fail_memory(err);
	if (X509_add1_ext_i2d(x509, NID_authority_key_identifier, aki, 0,
		X509V3_ADD_DEFAULT) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode authorityKeyIdentifier");
	return MCA_OK;
}

static mca_code
set_serial(X509 *x509, struct mca_error *err)
{
	scoped(mca_text) der = { 0 };
	owned(ASN1_INTEGER) *serial = NULL;
	const unsigned char *at;
	mca_code code = mca_tbs_serial(&der, err);

	if (code != MCA_OK)
		return code;
	at = (const unsigned char *)mca_text_get(&der);
	serial = d2i_ASN1_INTEGER(NULL, &at, (long)der.length);
	if (serial == NULL || X509_set_serialNumber(x509, serial) != 1)
		return mca_fail_memory(err);
	return MCA_OK;
}

/* X509_sign would do it, and needs the key: here it is not asked yet. */
static mca_code
set_algorithm(X509 *x509, const mca_text *der, struct mca_error *err)
{
	const X509_ALGOR *inner = X509_get0_tbs_sigalg(x509);
	const unsigned char *at = (const unsigned char *)mca_text_get(der);
	owned(X509_ALGOR) *algorithm =
	    d2i_X509_ALGOR(NULL, &at, (long)der->length);

	if (algorithm == NULL ||
	    X509_ALGOR_copy((X509_ALGOR *)(uintptr_t)inner, algorithm) != 1)
		return mca_fail_memory(err);
	return MCA_OK;
}

static mca_code
set_fields(X509 *x509, const struct mca_tbs_again *what, struct mca_error *err)
{
	static const int nids[] = { NID_authority_key_identifier,
		NID_crl_distribution_points, NID_freshest_crl,
		NID_info_access };

	if (X509_set_issuer_name(x509,
		mca_name_get0_x509_name(mca_cert_subject(what->issuer))) != 1 ||
	    !mca_time_set(X509_getm_notBefore(x509), what->not_before) ||
	    !mca_time_set(X509_getm_notAfter(x509), what->not_after))
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot make a certificate");
	for (size_t i = 0; i < sizeof(nids) / sizeof(nids[0]); i++)
		remove_extension(x509, nids[i]);
	return set_authority(x509, what->issuer, err);
}

static mca_code
encode(mca_tbs_der *out, X509 *x509, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_re_X509_tbs(x509, &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode a certificate");
	mca_text_clear(&out->der);
	mca_text_add(&out->der, (const char *)der, (size_t)length);
	return out->der.failed ? mca_fail_memory(err) : MCA_OK;
}

mca_code
mca_tbs_reissue(mca_tbs_der *out, const struct mca_tbs_again *what,
    struct mca_error *err)
{
	size_t length;
	const unsigned char *der = mca_cert_der(what->like, &length);
	owned(X509) *x509 = d2i_X509(NULL, &der, (long)length);
	mca_code code;

	if (x509 == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "the certificate cannot be decoded");
	if ((code = set_serial(x509, err)) != MCA_OK ||
	    (code = set_algorithm(x509, &out->algorithm, err)) != MCA_OK ||
	    (code = set_fields(x509, what, err)) != MCA_OK)
		return code;
	return encode(out, x509, err);
}
