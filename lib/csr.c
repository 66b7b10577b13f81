/*
 * csr.c - see minica/csr.h.
 */
#include "csr_parts.h"

#include "algorithm.h"
#include "bare.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "minica/text.h"
#include "minica/x509.h"
#include "tlv.h"

#include <ctype.h>
#include <string.h>

void
mca_csr_free(mca_csr *csr)
{
	if (csr == NULL)
		return;
	X509_REQ_free(csr->req);
	mca_blob_clear(&csr->der);
	mca_name_free(csr->subject);
	mca_spki_free(csr->spki);
	mca_san_free(csr->san);
	free(csr->signature_algorithm);
	for (size_t i = 0; i < csr->asked_count; i++)
		mca_asked_clear(&csr->asked[i]);
	free(csr->asked);
	for (size_t i = 0; i < csr->attribute_count; i++)
		free(csr->attributes[i]);
	free(csr->attributes);
	free(csr);
}

/* ---- parsing ---- */

/*
 * Proof of possession (RFC 2986, section 3) comes before all that is read
 * from the request, so that every later message speaks of a sender who holds
 * the key.  A key that must not be used proves nothing, and is refused for
 * that; what else is wrong can be told with it.
 */
static mca_code
check_possession(mca_csr *csr, struct mca_error *err)
{
	mca_code code = mca_spki_examine(&csr->spki,
	    X509_REQ_get_X509_PUBKEY(csr->req), err);

	if (code != MCA_OK || !mca_csr_is_proven(csr))
		return code;
	if (X509_REQ_verify(csr->req, mca_spki_get0_pkey(csr->spki)) != 1) {
		ERR_clear_error();
		return mca_fail(err, MCA_EFORMAT,
		    "its signature is not by its own key, so the sender does "
		    "not hold that key (RFC 2986, 3)");
	}
	return MCA_OK;
}

static mca_code
read_fields(mca_csr *csr, struct mca_error *err)
{
	scoped(mca_text) algorithm = { 0 };
	const X509_ALGOR *signature;
	mca_code code;

	if (X509_REQ_get_version(csr->req) != X509_REQ_VERSION_1)
		return mca_fail(err, MCA_EFORMAT,
		    "its version is not 1 (RFC 2986, 4.1)");
	code = check_possession(csr, err);
	if (code != MCA_OK)
		return code;
	X509_REQ_get0_signature(csr->req, NULL, &signature);
	mca_oid_name(&algorithm, signature->algorithm);
	if ((code = mca_text_take(&csr->signature_algorithm, &algorithm,
		 err)) != MCA_OK ||
	    (code = mca_name_from(&csr->subject,
		 X509_REQ_get_subject_name(csr->req), err)) != MCA_OK)
		return code;
	return mca_csr_read_asked(csr, err);
}

static mca_code
parse_der(mca_csr **out, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	owned(mca_csr) *csr = calloc(1, sizeof(*csr));
	const uint8_t *end = der;
	const char *flaw;
	mca_code code;

	if (csr == NULL)
		return mca_fail_memory(err);
	if (length > MCA_LIMIT_REQUEST)
		return mca_fail(err, MCA_EFORMAT,
		    "the request is larger than the limit of %d bytes",
		    MCA_LIMIT_REQUEST);
	csr->req = mca_bare_x509_req(&end, length);
	if (csr->req == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "not a PKCS #10 request (RFC 2986), in PEM or DER");
	if (end != der + length)
		return mca_fail(err, MCA_EFORMAT,
		    "%zu bytes follow the request",
		    (size_t)(der + length - end));
	flaw = mca_tlv_flaw(der, length);
	if (flaw != NULL)
		return mca_fail(err, MCA_EFORMAT,
		    "the request is not DER (RFC 2986, 4): %s", flaw);
	if ((code = mca_blob_copy(&csr->der, der, length, err)) != MCA_OK ||
	    (code = read_fields(csr, err)) != MCA_OK)
		return code;
	*out = give(&csr);
	return MCA_OK;
}

static bool
is_request_label(const char *label)
{
	return strcmp(label, "CERTIFICATE REQUEST") == 0 ||
	    strcmp(label, "NEW CERTIFICATE REQUEST") == 0;
}

static mca_code
parse_pem(mca_csr **out, const mca_pem *pem, struct mca_error *err)
{
	const struct mca_pem_block *found = NULL;

	for (size_t i = 0; i < pem->count; i++) {
		if (!is_request_label(pem->blocks[i].label))
			continue;
		if (found != NULL)
			return mca_fail(err, MCA_EFORMAT,
			    "holds a second request on line %zu; give each "
			    "its own file",
			    pem->blocks[i].line);
		found = &pem->blocks[i];
	}
	if (found == NULL)
		return mca_fail(err, MCA_EFORMAT,
		    "holds a PEM block \"%s\", not a CERTIFICATE REQUEST",
		    MCA_SHOW_TEXT(pem->blocks[0].label));
	return parse_der(out, found->der.bytes, found->der.length, err);
}

/* Text may come before a request (openssl req -text), nothing after it. */
static mca_code
check_end(const uint8_t *bytes, size_t length, struct mca_error *err)
{
	while (length > 0 && isspace(bytes[length - 1]))
		length--;
	if (length < 5 || memcmp(bytes + length - 5, "-----", 5) != 0)
		return mca_fail(err, MCA_EFORMAT,
		    "something follows the last PEM block");
	return MCA_OK;
}

mca_code
mca_csr_parse(mca_csr **out, const uint8_t *bytes, size_t length,
    struct mca_error *err)
{
	scoped(mca_pem) pem = { 0 };
	mca_code code;

	if (length == 0)
		return mca_fail(err, MCA_EFORMAT,
		    "is empty; a PKCS #10 request was expected");
	code = mca_pem_parse(&pem, bytes, length, err);
	if (code != MCA_OK)
		return code;
	if (pem.count == 0)
		return parse_der(out, bytes, length, err);
	code = check_end(bytes, length, err);
	if (code != MCA_OK)
		return code;
	return parse_pem(out, &pem, err);
}

/* ---- making ---- */

static mca_code
ask_names(X509_REQ *req, const mca_san *san, struct mca_error *err)
{
	owned(GENERAL_NAMES) *names = NULL;
	owned(extension_stack) *stack = NULL;
	mca_code code;

	if (mca_san_count(san) == 0)
		return MCA_OK;
	code = mca_san_asked_names(&names, san, err);
	if (code != MCA_OK)
		return code;
	if (X509V3_add1_i2d(&stack, NID_subject_alt_name, names, 0, 0) != 1 ||
	    X509_REQ_add_extensions(req, stack) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode the names");
	return MCA_OK;
}

mca_code
mca_csr_new(mca_csr **out, const mca_key *key, const mca_name *subject,
    const mca_san *san, struct mca_error *err)
{
	owned(X509_REQ) *req = X509_REQ_new();
	owned(ossl_bytes) *der = NULL;
	EVP_PKEY *pkey = mca_key_get0_pkey(key);
	X509_PUBKEY *spki;
	int length;
	mca_code code;

	if (req == NULL || X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
	    X509_REQ_set_subject_name(req, mca_name_get0_x509_name(subject)) !=
		1 ||
	    (spki = X509_REQ_get_X509_PUBKEY(req)) == NULL ||
	    !mca_spki_copy(spki, mca_key_spki(key)))
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot make a request");
	code = ask_names(req, san, err);
	if (code != MCA_OK)
		return code;
	if (X509_REQ_sign(req, pkey, mca_algorithm_digest(pkey)) <= 0)
		return mca_fail_ssl(err, MCA_EKEY,
		    "the key cannot sign the request");
	length = i2d_X509_REQ(req, &der);
	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode the request");
	return parse_der(out, der, (size_t)length, err);
}

static mca_code
copy_fields(mca_csr *csr, const mca_cert *cert, struct mca_error *err)
{
	mca_code code;

	if ((code = mca_spki_from(&csr->spki,
		 X509_REQ_get_X509_PUBKEY(csr->req), err)) != MCA_OK ||
	    (code = mca_name_from(&csr->subject,
		 mca_name_get0_x509_name(mca_cert_subject(cert)), err)) !=
		MCA_OK ||
	    (code = ask_names(csr->req, mca_cert_san(cert), err)) != MCA_OK)
		return code;
	csr->signature_algorithm = strdup("(none)");
	if (csr->signature_algorithm == NULL)
		return mca_fail_memory(err);
	return mca_csr_read_asked(csr, err);
}

mca_code
mca_csr_renew(mca_csr **out, const mca_cert *cert, struct mca_error *err)
{
	owned(mca_csr) *csr = calloc(1, sizeof(*csr));
	const mca_spki *spki = mca_cert_spki(cert);
	mca_code code;

	if (csr == NULL)
		return mca_fail_memory(err);
	if (spki == NULL)
		return mca_fail(err, MCA_EFORMAT,
		    "its public key cannot be decoded, so it cannot be "
		    "certified again");
	csr->renewal = true;
	csr->req = X509_REQ_new();
	if (csr->req == NULL ||
	    X509_REQ_set_version(csr->req, X509_REQ_VERSION_1) != 1 ||
	    X509_REQ_set_subject_name(csr->req,
		mca_name_get0_x509_name(mca_cert_subject(cert))) != 1 ||
	    !mca_spki_copy(X509_REQ_get_X509_PUBKEY(csr->req), spki))
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot make a request");
	code = copy_fields(csr, cert, err);
	if (code != MCA_OK)
		return code;
	*out = give(&csr);
	return MCA_OK;
}

bool
mca_csr_is_renewal(const mca_csr *csr)
{
	return csr->renewal;
}

/* ---- what it holds ---- */

bool
mca_csr_is_proven(const mca_csr *csr)
{
	return mca_spki_is_decoded(csr->spki);
}

const uint8_t *
mca_csr_der(const mca_csr *csr, size_t *length)
{
	*length = csr->der.length;
	return csr->der.bytes;
}

const mca_name *
mca_csr_subject(const mca_csr *csr)
{
	return csr->subject;
}

const mca_spki *
mca_csr_spki(const mca_csr *csr)
{
	return csr->spki;
}

const mca_san *
mca_csr_san(const mca_csr *csr)
{
	return csr->san;
}

const char *
mca_csr_signature_algorithm(const mca_csr *csr)
{
	return csr->signature_algorithm;
}

size_t
mca_csr_extension_count(const mca_csr *csr)
{
	return csr->asked_count;
}

const struct mca_csr_extension *
mca_csr_extension_at(const mca_csr *csr, size_t i)
{
	return &csr->asked[i].public;
}

size_t
mca_csr_attribute_count(const mca_csr *csr)
{
	return csr->attribute_count;
}

const char *
mca_csr_attribute_at(const mca_csr *csr, size_t i)
{
	return csr->attributes[i];
}

X509_REQ *
mca_csr_get0_x509_req(const mca_csr *csr)
{
	return csr->req;
}
