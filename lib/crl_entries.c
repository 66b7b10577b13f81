/*
 * crl_entries.c - what a CRL says of each certificate (RFC 5280, 5.3).
 */
#include "minica/crl.h"

#include "error.h"
#include "minica/text.h"
#include "minica/x509.h"
#include "object.h"

#include <openssl/err.h>

MCA_OWNED(ASN1_ENUMERATED, ASN1_ENUMERATED_free)

bool
mca_crl_is_signed_by(const mca_crl *crl, const mca_spki *key)
{
	bool good = X509_CRL_verify(mca_crl_get0_x509_crl(crl),
			mca_spki_get0_pkey(key)) == 1;

	ERR_clear_error();
	return good;
}

static mca_code
read_serial(mca_text *out, const X509_REVOKED *entry, struct mca_error *err)
{
	const ASN1_INTEGER *serial = X509_REVOKED_get0_serialNumber(entry);

	mca_text_addf(out, "%s",
	    ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER ? "-" : "");
	mca_text_hex(out, ASN1_STRING_get0_data(serial),
	    (size_t)ASN1_STRING_length(serial));
	return out->failed ? mca_fail_memory(err) : MCA_OK;
}

/* Reason and invalidityDate; an entry of another issuer is none of ours. */
static mca_code
read_extensions(struct mca_crl_entry *out, const X509_REVOKED *entry,
    struct mca_error *err)
{
	owned(ASN1_ENUMERATED) *reason =
	    X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	owned(ASN1_GENERALIZEDTIME) *since =
	    X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, NULL, NULL);

	ERR_clear_error();
	if (X509_REVOKED_get_ext_by_NID(entry, NID_certificate_issuer, -1) >= 0)
		return mca_fail(err, MCA_EFORMAT,
		    "serial %s: certificateIssuer: the list is indirect, and "
		    "such lists are not taken over (RFC 5280, 5.3.3)",
		    out->serial);
	if (reason != NULL)
		out->reason = (int)ASN1_ENUMERATED_get(reason);
	if (since != NULL && !mca_time_from(&out->invalid_since, since))
		return mca_fail(err, MCA_EFORMAT,
		    "serial %s: invalidityDate cannot be decoded", out->serial);
	return MCA_OK;
}

static mca_code
each_entry(const X509_REVOKED *entry, mca_crl_each_entry *each, void *context,
    struct mca_error *err)
{
	struct mca_crl_entry out = { 0 };
	scoped(mca_text) serial = { 0 };
	mca_code code = read_serial(&serial, entry, err);

	if (code != MCA_OK)
		return code;
	out.serial = mca_text_get(&serial);
	if (!mca_time_from(&out.revoked,
		X509_REVOKED_get0_revocationDate(entry)))
		return mca_fail(err, MCA_EFORMAT,
		    "serial %s: revocationDate cannot be decoded", out.serial);
	code = read_extensions(&out, entry, err);
	return code == MCA_OK ? each(context, &out, err) : code;
}

mca_code
mca_crl_each(const mca_crl *crl, mca_crl_each_entry *each, void *context,
    struct mca_error *err)
{
	X509_CRL *x509 = mca_crl_get0_x509_crl(crl);
	const STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(x509);
	mca_code code = MCA_OK;

	if (X509_CRL_get_ext_by_NID(x509, NID_delta_crl, -1) >= 0)
		return mca_fail(err, MCA_EFORMAT,
		    "a delta CRL says what changed, not what is revoked (RFC "
		    "5280, 5.2.4)");
	for (int i = 0; code == MCA_OK && i < sk_X509_REVOKED_num(entries); i++)
		code = each_entry(sk_X509_REVOKED_value(entries, i), each,
		    context, err);
	return code;
}
