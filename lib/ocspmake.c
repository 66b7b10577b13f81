/*
 * ocspmake.c - see ocspmake.h.
 */
#include "ocspmake.h"

#include "algorithm.h"
#include "minica/limits.h"
#include "minica/x509.h"
#include "object.h"
#include "ossl.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

MCA_OWNED(OCSP_REQUEST, OCSP_REQUEST_free)
MCA_OWNED(OCSP_RESPONSE, OCSP_RESPONSE_free)
MCA_OWNED(OCSP_BASICRESP, OCSP_BASICRESP_free)
MCA_OWNED(OCSP_CERTID, OCSP_CERTID_free)

#define LONGEST_NONCE 128

struct mca_ocsp_request {
	OCSP_REQUEST *req;
};

void
mca_ocsp_request_free(mca_ocsp_request *request)
{
	if (request == NULL)
		return;
	OCSP_REQUEST_free(request->req);
	free(request);
}

/* ---- requests ---- */

/*
 * The nonce is an OCTET STRING within the extension's own; some clients leave
 * the inner one out.
 */
static int
nonce_length(const ASN1_OCTET_STRING *value)
{
	const uint8_t *der = ASN1_STRING_get0_data(value), *end = der;
	int length = ASN1_STRING_length(value);
	owned(ASN1_OCTET_STRING) *nonce =
	    d2i_ASN1_OCTET_STRING(NULL, &end, length);

	ERR_clear_error();
	return nonce != NULL && end == der + length ? ASN1_STRING_length(nonce)
						    : length;
}

static bool
has_good_nonce(OCSP_REQUEST *req)
{
	int at = OCSP_REQUEST_get_ext_by_NID(req, NID_id_pkix_OCSP_Nonce, -1);
	int length;

	if (at < 0)
		return true;
	length = nonce_length(
	    X509_EXTENSION_get_data(OCSP_REQUEST_get_ext(req, at)));
	return length >= 1 && length <= LONGEST_NONCE;
}

mca_code
mca_ocsp_request_parse(mca_ocsp_request **out, const uint8_t *der,
    size_t length, struct mca_error *err)
{
	owned(mca_ocsp_request) *request = calloc(1, sizeof(*request));
	const uint8_t *end = der;

	if (request == NULL)
		return mca_fail_memory(err);
	if (length <= MCA_LIMIT_OCSP)
		request->req = d2i_OCSP_REQUEST(NULL, &end, (long)length);
	if (request->req == NULL || end != der + length) {
		ERR_clear_error();
		return mca_fail(err, MCA_EFORMAT,
		    "is not one OCSP request in DER of at most %d bytes (RFC "
		    "6960, 4.1.1)",
		    MCA_LIMIT_OCSP);
	}
	if (OCSP_request_onereq_count(request->req) < 1)
		return mca_fail(err, MCA_EFORMAT,
		    "asks about no certificate (RFC 6960, 4.1.1)");
	if (!has_good_nonce(request->req))
		return mca_fail(err, MCA_EFORMAT,
		    "has a nonce that is not 1 to %d octets long (RFC 9654, "
		    "2.1)",
		    LONGEST_NONCE);
	*out = give(&request);
	return MCA_OK;
}

mca_code
mca_ocsp_request_about(mca_ocsp_request **out, const mca_cert *cert,
    const mca_cert *issuer, struct mca_error *err)
{
	owned(mca_ocsp_request) *request = calloc(1, sizeof(*request));
	owned(OCSP_CERTID) *id = NULL;

	if (request == NULL)
		return mca_fail_memory(err);
	request->req = OCSP_REQUEST_new();
	id = OCSP_cert_to_id(EVP_sha1(), mca_cert_get0_bare(cert),
	    mca_cert_get0_bare(issuer));
	if (request->req == NULL || id == NULL ||
	    OCSP_request_add0_id(request->req, id) == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot make an OCSP request");
	(void)give(&id);
	*out = give(&request);
	return MCA_OK;
}

mca_code
mca_ocsp_request_der(mca_blob *out, const mca_ocsp_request *request,
    struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_OCSP_REQUEST(request->req, &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode an OCSP request");
	return mca_blob_copy(out, der, (size_t)length, err);
}

size_t
mca_ocsp_request_count(const mca_ocsp_request *request)
{
	return (size_t)OCSP_request_onereq_count(request->req);
}

static OCSP_CERTID *
id_at(const mca_ocsp_request *request, size_t i)
{
	return OCSP_onereq_get0_id(
	    OCSP_request_onereq_get0(request->req, (int)i));
}

/* An identifier of ours, made with the digest of theirs, is the same. */
bool
mca_ocsp_request_of(const mca_ocsp_request *request, size_t i,
    const mca_cert *issuer)
{
	OCSP_CERTID *id = id_at(request, i);
	owned(OCSP_CERTID) *own = NULL;
	ASN1_OBJECT *oid = NULL;
	const EVP_MD *digest;
	bool same;

	if (OCSP_id_get0_info(NULL, &oid, NULL, NULL, id) != 1)
		return false;
	digest = EVP_get_digestbyobj(oid);
	if (digest != NULL)
		own = OCSP_cert_to_id(digest, NULL, mca_cert_get0_bare(issuer));
	same = own != NULL && OCSP_id_issuer_cmp(own, id) == 0;
	ERR_clear_error();
	return same;
}

void
mca_ocsp_request_serial(mca_text *out, const mca_ocsp_request *request,
    size_t i)
{
	ASN1_INTEGER *serial = NULL;

	if (OCSP_id_get0_info(NULL, NULL, NULL, &serial, id_at(request, i)) !=
	    1)
		return;
	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		mca_text_addf(out, "-");
	mca_text_hex(out, ASN1_STRING_get0_data(serial),
	    (size_t)ASN1_STRING_length(serial));
}

/* ---- responses ---- */

static mca_code
add_invalidity(OCSP_SINGLERESP *single, mca_time since, struct mca_error *err)
{
	owned(ASN1_GENERALIZEDTIME) *time = mca_time_generalized(since);

	if (time == NULL ||
	    OCSP_SINGLERESP_add1_ext_i2d(single, NID_invalidity_date, time, 0,
		0) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode an invalidityDate");
	return MCA_OK;
}

static mca_code
add_status(OCSP_BASICRESP *basic, OCSP_CERTID *id,
    const struct mca_ocsp_status *status, const struct mca_ocsp_head *head,
    struct mca_error *err)
{
	bool revoked = status->answer == MCA_OCSP_REVOKED;
	owned(ASN1_GENERALIZEDTIME) *from =
	    mca_time_generalized(head->this_update);
	owned(ASN1_GENERALIZEDTIME) *until =
	    mca_time_generalized(head->next_update);
	owned(ASN1_GENERALIZEDTIME) *when =
	    revoked ? mca_time_generalized(status->revoked) : NULL;
	/* Unspecified is what no reason means (RFC 5280, 5.3.1). */
	int reason =
	    status->reason == 0 ? OCSP_REVOKED_STATUS_NOSTATUS : status->reason;
	OCSP_SINGLERESP *single = NULL;

	if (from != NULL && until != NULL && (!revoked || when != NULL))
		single = OCSP_basic_add1_status(basic, id,
		    revoked ? V_OCSP_CERTSTATUS_REVOKED
			: status->answer == MCA_OCSP_GOOD
			? V_OCSP_CERTSTATUS_GOOD
			: V_OCSP_CERTSTATUS_UNKNOWN,
		    revoked ? reason : 0, when, from, until);
	if (single == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode an OCSP status");
	if (!revoked || status->invalid_since == 0)
		return MCA_OK;
	return add_invalidity(single, status->invalid_since, err);
}

/*
 * libcrypto would take producedAt from the clock; it has no function to set
 * it, so the field that it lends for reading is written.
 */
static bool
set_produced(OCSP_BASICRESP *basic, mca_time at)
{
	const ASN1_GENERALIZEDTIME *field = OCSP_resp_get0_produced_at(basic);
	owned(ASN1_GENERALIZEDTIME) *time = mca_time_generalized(at);

	return time != NULL &&
	    ASN1_STRING_copy((ASN1_STRING *)(uintptr_t)field, time) == 1;
}

static mca_code
sign(OCSP_BASICRESP *basic, const struct mca_ocsp_head *head,
    struct mca_error *err)
{
	EVP_PKEY *key = mca_key_get0_pkey(head->key);
	X509 *signer = mca_cert_get0_x509(head->signer);
	unsigned long flags = OCSP_NOTIME | OCSP_RESPID_KEY;

	if (!head->delegated)
		flags |= OCSP_NOCERTS;
	if (signer == NULL)
		return mca_fail_memory(err);
	if (!set_produced(basic, head->this_update) ||
	    OCSP_basic_sign(basic, signer, key, mca_algorithm_digest(key), NULL,
		flags) != 1)
		return mca_fail_ssl(err, MCA_EKEY,
		    "the key cannot sign an OCSP response");
	return MCA_OK;
}

mca_code
mca_ocsp_respond(mca_blob *out, const mca_ocsp_request *request,
    const struct mca_ocsp_status *statuses, const struct mca_ocsp_head *head,
    struct mca_error *err)
{
	owned(OCSP_BASICRESP) *basic = OCSP_BASICRESP_new();
	owned(OCSP_RESPONSE) *response = NULL;
	owned(ossl_bytes) *der = NULL;
	mca_code code = MCA_OK;
	int length;

	if (basic == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < mca_ocsp_request_count(request); i++) {
		code = add_status(basic, id_at(request, i), &statuses[i], head,
		    err);
		if (code != MCA_OK)
			return code;
	}
	if (OCSP_copy_nonce(basic, request->req) == 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot echo the nonce");
	code = sign(basic, head, err);
	if (code != MCA_OK)
		return code;
	response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	length = response == NULL ? 0 : i2d_OCSP_RESPONSE(response, &der);
	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode an OCSP response");
	return mca_blob_copy(out, der, (size_t)length, err);
}
