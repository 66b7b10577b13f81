/*
 * ocsp.c - see minica/ocsp.h.
 *
 * libcrypto decodes and checks the one signature; who may speak for the
 * issuer (RFC 6960, 4.2.2.2) and how old an answer may be are judged here.
 */
#include "minica/ocsp.h"

#include "error.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "minica/x509.h"
#include "object.h"
#include "ossl.h"
#include "sigalg.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

MCA_OWNED(OCSP_RESPONSE, OCSP_RESPONSE_free)
MCA_OWNED(OCSP_BASICRESP, OCSP_BASICRESP_free)
MCA_OWNED(OCSP_CERTID, OCSP_CERTID_free)

typedef STACK_OF(X509) x509_list;
#define x509_list_free(list) sk_X509_free(list)
MCA_OWNED(x509_list, x509_list_free)

struct inquiry {
	struct mca_ocsp *out;
	OCSP_BASICRESP *basic;
	X509 *cert, *issuer;
	mca_time at;
};

static bool unusable(struct mca_ocsp *out, const char *source, const char *fmt,
    ...) MCA_PRINTF(3, 4);

/* Notes why nothing can be learnt, and returns false. */
static bool
unusable(struct mca_ocsp *out, const char *source, const char *fmt, ...)
{
	va_list args;

	out->answer = MCA_OCSP_UNUSABLE;
	out->source = source;
	va_start(args, fmt);
	(void)vsnprintf(out->why, sizeof(out->why), fmt, args);
	va_end(args);
	return false;
}

static OCSP_BASICRESP *
decode(struct mca_ocsp *out, const uint8_t *der, size_t length)
{
	const uint8_t *end = der;
	owned(OCSP_RESPONSE) *response = NULL;
	OCSP_BASICRESP *basic;
	int status;

	if (length <= MCA_LIMIT_OCSP)
		response = d2i_OCSP_RESPONSE(NULL, &end, (long)length);
	if (response == NULL || end != der + length) {
		(void)unusable(out, "RFC 6960, 4.2.1",
		    "it is not one OCSP response of at most %d bytes",
		    MCA_LIMIT_OCSP);
		return NULL;
	}
	status = OCSP_response_status(response);
	if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
		(void)unusable(out, "RFC 6960, 2.3",
		    "the responder had no answer: %s",
		    OCSP_response_status_str(status));
		return NULL;
	}
	basic = OCSP_response_get1_basic(response);
	if (basic == NULL)
		(void)unusable(out, "RFC 6960, 4.2.1",
		    "it is of a kind that nobody here knows");
	return basic;
}

/* Whose certificate says that it may sign OCSP responses. */
static bool
may_sign(X509 *cert)
{
	EXTENDED_KEY_USAGE *usage =
	    X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_ASN1_OBJECT_num(usage); i++)
		if (OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, i)) ==
		    NID_OCSP_sign)
			found = true;
	EXTENDED_KEY_USAGE_free(usage);
	return found;
}

static bool
is_strong(const X509_ALGOR *algorithm, const EVP_PKEY *key)
{
	struct mca_sigalg read;

	mca_sigalg_read(&read, algorithm);
	return read.bits >= MCA_LEAST_BITS && mca_key_flaw(key) == NULL &&
	    !mca_key_too_large(key);
}

static bool
is_valid_at(X509 *cert, mca_time at)
{
	mca_time from, until;

	return mca_time_from(&from, X509_get0_notBefore(cert)) &&
	    mca_time_from(&until, X509_get0_notAfter(cert)) && from <= at &&
	    until > at;
}

/* RFC 6960, 4.2.2.2: a certificate that the issuer itself signed for this. */
static bool
is_delegate(const struct inquiry *inquiry, X509 *signer)
{
	EVP_PKEY *key = X509_get0_pubkey(inquiry->issuer);

	if (X509_NAME_cmp(X509_get_issuer_name(signer),
		X509_get_subject_name(inquiry->issuer)) != 0 ||
	    !may_sign(signer))
		return unusable(inquiry->out, "RFC 6960, 4.2.2.2",
		    "its signer is neither the issuer nor one whom the issuer "
		    "made a responder");
	if (!is_valid_at(signer, inquiry->at))
		return unusable(inquiry->out, "RFC 6960, 4.2.2.2",
		    "its signer's certificate is not valid now");
	if (!is_strong(X509_get0_tbs_sigalg(signer), key) ||
	    X509_verify(signer, key) != 1)
		return unusable(inquiry->out, "RFC 6960, 4.2.2.2",
		    "its signer's certificate was not signed by the issuer");
	return true;
}

static bool
check_signer(const struct inquiry *inquiry)
{
	owned(x509_list) *known = sk_X509_new_null();
	const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg(inquiry->basic);
	X509 *signer = NULL;
	EVP_PKEY *key;

	if (inquiry->issuer == NULL || known == NULL ||
	    sk_X509_push(known, inquiry->issuer) <= 0)
		return unusable(inquiry->out, "", "out of memory");
	if (OCSP_resp_get0_signer(inquiry->basic, &signer, known) != 1)
		return unusable(inquiry->out, "RFC 6960, 3.2",
		    "nobody is known who signed it");
	key = X509_get0_pubkey(signer);
	if (key == NULL || !is_strong(algorithm, key))
		return unusable(inquiry->out, "RFC 6960, 3.2",
		    "its signature is too weak to be believed");
	if (signer != inquiry->issuer && !is_delegate(inquiry, signer))
		return false;
	if (OCSP_basic_verify(inquiry->basic, known, NULL, OCSP_NOVERIFY) != 1)
		return unusable(inquiry->out, "RFC 6960, 3.2",
		    "its signature was not made with its signer's key");
	return true;
}

/* A certID names the certificate by hashes; ours is made with the same one. */
static bool
is_about(const struct inquiry *inquiry, OCSP_SINGLERESP *single)
{
	const OCSP_CERTID *id = OCSP_SINGLERESP_get0_id(single);
	owned(OCSP_CERTID) *own = NULL;
	ASN1_OBJECT *oid = NULL;
	const EVP_MD *digest;

	if (OCSP_id_get0_info(NULL, &oid, NULL, NULL,
		(OCSP_CERTID *)(uintptr_t)id) != 1)
		return false;
	digest = EVP_get_digestbyobj(oid);
	if (digest == NULL)
		return false;
	own = OCSP_cert_to_id(digest, inquiry->cert, inquiry->issuer);
	return own != NULL && OCSP_id_cmp(own, id) == 0;
}

static OCSP_SINGLERESP *
find_single(const struct inquiry *inquiry)
{
	OCSP_SINGLERESP *single;
	int count = OCSP_resp_count(inquiry->basic);

	for (int i = 0; i < count; i++) {
		single = OCSP_resp_get0(inquiry->basic, i);
		if (is_about(inquiry, single))
			return single;
	}
	return NULL;
}

static mca_time
time_of(const ASN1_GENERALIZEDTIME *time)
{
	mca_time when;

	return mca_time_from(&when, time) ? when : INT64_MIN;
}

/* RFC 6960, 3.2, 4 to 6; without nextUpdate nobody knows how long it holds. */
static bool
is_fresh(const struct inquiry *inquiry)
{
	struct mca_ocsp *out = inquiry->out;

	if (out->this_update == INT64_MIN || out->this_update > inquiry->at)
		return unusable(out, "RFC 6960, 4.2.2.1",
		    "it is from a later time");
	if (out->next_update == INT64_MIN)
		return unusable(out, "RFC 6960, 4.2.2.1",
		    "it does not say until when it holds (nextUpdate)");
	if (out->next_update < inquiry->at)
		return unusable(out, "RFC 6960, 4.2.2.1",
		    "it is stale: its nextUpdate, %s, has passed",
		    MCA_TIME(out->next_update));
	return true;
}

static void
read_single(const struct inquiry *inquiry, OCSP_SINGLERESP *single)
{
	ASN1_GENERALIZEDTIME *revoked, *this_update, *next_update;
	struct mca_ocsp *out = inquiry->out;
	int reason = -1;
	int status = OCSP_single_get0_status(single, &reason, &revoked,
	    &this_update, &next_update);

	out->this_update = time_of(this_update);
	out->next_update = time_of(next_update);
	if (status == V_OCSP_CERTSTATUS_REVOKED) {
		out->answer = MCA_OCSP_REVOKED;
		out->revoked = time_of(revoked);
		out->reason = reason < 0 ? NULL : OCSP_crl_reason_str(reason);
	} else if (is_fresh(inquiry)) {
		out->answer = status == V_OCSP_CERTSTATUS_GOOD
		    ? MCA_OCSP_GOOD
		    : MCA_OCSP_UNKNOWN;
	}
}

void
mca_ocsp_check(struct mca_ocsp *out, const uint8_t *der, size_t length,
    const mca_cert *cert, const mca_cert *issuer, mca_time at)
{
	owned(OCSP_BASICRESP) *basic = NULL;
	struct inquiry inquiry = { .out = out,
		.cert = mca_cert_get0_bare(cert),
		.issuer = mca_cert_get0_x509(issuer),
		.at = at };
	OCSP_SINGLERESP *single;

	*out = (struct mca_ocsp){ .this_update = INT64_MIN,
		.next_update = INT64_MIN,
		.revoked = INT64_MIN };
	basic = decode(out, der, length);
	inquiry.basic = basic;
	if (basic != NULL && check_signer(&inquiry)) {
		single = find_single(&inquiry);
		if (single != NULL)
			read_single(&inquiry, single);
		else
			(void)unusable(out, "RFC 6960, 3.2",
			    "it is about another certificate");
	}
	ERR_clear_error();
}

bool
mca_ocsp_about(const uint8_t *der, size_t length, const mca_cert *cert,
    const mca_cert *issuer)
{
	struct mca_ocsp ignored;
	owned(OCSP_BASICRESP) *basic = decode(&ignored, der, length);
	const struct inquiry inquiry = { .basic = basic,
		.cert = mca_cert_get0_bare(cert),
		.issuer = mca_cert_get0_bare(issuer) };
	bool about = basic != NULL && find_single(&inquiry) != NULL;

	ERR_clear_error();
	return about;
}

/* ---- files ---- */

static bool
is_response(const mca_blob *bytes)
{
	const uint8_t *end = bytes->bytes;
	owned(OCSP_RESPONSE) *response =
	    d2i_OCSP_RESPONSE(NULL, &end, (long)bytes->length);

	ERR_clear_error();
	return response != NULL && end == bytes->bytes + bytes->length;
}

static mca_code
take_response(mca_blob *out, const mca_blob *file, struct mca_error *err)
{
	scoped(mca_pem) pem = { 0 };
	const mca_blob *der = file;

	if (mca_pem_parse(&pem, file->bytes, file->length, err) != MCA_OK)
		return err->code;
	if (pem.count == 1 && strcmp(pem.blocks[0].label, "OCSP RESPONSE") == 0)
		der = &pem.blocks[0].der;
	if (der->length == 0 || !is_response(der))
		return mca_fail(err, MCA_EFORMAT,
		    "not one OCSP response (RFC 6960, 4.2.1)");
	return mca_blob_copy(out, der->bytes, der->length, err);
}

mca_code
mca_ocsp_read(mca_blob *out, const char *path, struct mca_error *err)
{
	scoped(mca_blob) file = { 0 };
	mca_code code = mca_file_read(&file, path, 2 * MCA_LIMIT_OCSP, err);

	if (code != MCA_OK)
		return code;
	code = take_response(out, &file, err);
	return code == MCA_OK ? code
			      : mca_within(err, "%s", MCA_SHOW_TEXT(path));
}

const char *
mca_ocsp_answer_name(enum mca_ocsp_answer answer)
{
	static const char *const names[] = {
		[MCA_OCSP_NONE] = "none",
		[MCA_OCSP_UNUSABLE] = "unusable",
		[MCA_OCSP_GOOD] = "good",
		[MCA_OCSP_UNKNOWN] = "unknown",
		[MCA_OCSP_REVOKED] = "revoked",
	};

	return names[answer];
}
