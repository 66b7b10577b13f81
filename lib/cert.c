/*
 * cert.c - see minica/cert.h.  Lists of certificates are in certs.c.
 */
#include "minica/cert.h"

#include "bare.h"
#include "error.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "minica/x509.h"
#include "object.h"
#include "weak_parts.h"

#include <openssl/err.h>

#include <stdatomic.h>
#include <string.h>

struct mca_cert {
	atomic_size_t references;
	X509 *bare;
	X509 *_Atomic full; /* NULL until somebody asks for it */
	mca_blob der;
	uint8_t sha256[MCA_SHA256_SIZE];
	mca_name *subject, *issuer;
	mca_san *san;
	mca_spki *spki;
	char *serial, *signature_algorithm;
	char *key_usage, *ext_key_usage, *ski, *aki;
	mca_time not_before, not_after;
	bool ca;
	long path_len;
};

static void
destroy(mca_cert *cert)
{
	X509_free(cert->bare);
	X509_free(cert->full);
	mca_blob_clear(&cert->der);
	mca_name_free(cert->subject);
	mca_name_free(cert->issuer);
	mca_san_free(cert->san);
	mca_spki_free(cert->spki);
	free(cert->serial);
	free(cert->signature_algorithm);
	free(cert->key_usage);
	free(cert->ext_key_usage);
	free(cert->ski);
	free(cert->aki);
	free(cert);
}

void
mca_cert_free(mca_cert *cert)
{
	if (cert != NULL && atomic_fetch_sub(&cert->references, 1) == 1)
		destroy(cert);
}

/* Two things of a const cert change: the number of references, and `full`. */
static mca_cert *
writable(const mca_cert *cert)
{
	return (mca_cert *)(uintptr_t)cert;
}

mca_cert *
mca_cert_ref(const mca_cert *cert)
{
	mca_cert *same = writable(cert);

	atomic_fetch_add(&same->references, 1);
	return same;
}

/* ---- reading the fields ---- */

static mca_code
read_serial(mca_cert *cert, struct mca_error *err)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert->bare);
	const uint8_t *bytes = ASN1_STRING_get0_data(serial);
	size_t length = (size_t)ASN1_STRING_length(serial);
	scoped(mca_text) text = { 0 };

	while (length > 0 && *bytes == 0) {
		bytes++;
		length--;
	}
	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		mca_text_add(&text, "-", 1);
	if (length == 0)
		mca_text_add(&text, "0", 1);
	mca_text_hex(&text, bytes, length);
	return mca_text_take(&cert->serial, &text, err);
}

static mca_code
read_names(mca_cert *cert, const struct mca_known_parts *known,
    struct mca_error *err)
{
	owned(GENERAL_NAMES) *names =
	    X509_get_ext_d2i(cert->bare, NID_subject_alt_name, NULL, NULL);
	mca_code code;

	if ((code = mca_name_like(&cert->subject,
		 X509_get_subject_name(cert->bare), known->subject, err)) !=
		MCA_OK ||
	    (code = mca_name_like(&cert->issuer,
		 X509_get_issuer_name(cert->bare), known->issuer, err)) !=
		MCA_OK)
		return code;
	return mca_san_from(&cert->san, names, MCA_SAN_OF_CERTIFICATE, err);
}

static bool
is_encoded_as(const mca_spki *known, const X509_PUBKEY *key)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_X509_PUBKEY(key, &der);
	size_t known_length;
	const uint8_t *known_der = mca_spki_der(known, &known_length);

	return length > 0 && (size_t)length == known_length &&
	    memcmp(der, known_der, known_length) == 0;
}

/* A key that cannot be decoded leaves NULL, and the certificate readable. */
static mca_code
read_spki(mca_cert *cert, const mca_spki *known, struct mca_error *err)
{
	X509_PUBKEY *key = X509_get_X509_PUBKEY(cert->bare);
	struct mca_error bad;

	if (known != NULL && is_encoded_as(known, key)) {
		cert->spki = mca_spki_ref(known);
		return MCA_OK;
	}
	if (mca_weak_endless(key))
		return mca_fail(err, MCA_EFORMAT,
		    "its public key is on a curve that is spelt out, and over "
		    "no prime field: nothing may decode it (CVE-2022-0778)");
	if (mca_spki_from(&cert->spki, key, &bad) == MCA_OK)
		return MCA_OK;
	cert->spki = NULL;
	return bad.code == MCA_ESYSTEM ? mca_fail_memory(err) : MCA_OK;
}

static mca_code
hex_or_null(char **out, const ASN1_OCTET_STRING *octets, struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	if (octets == NULL)
		return MCA_OK;
	mca_text_hex(&text, ASN1_STRING_get0_data(octets),
	    (size_t)ASN1_STRING_length(octets));
	return mca_text_take(out, &text, err);
}

static mca_code
read_usages(mca_cert *cert, struct mca_error *err)
{
	scoped(mca_text) words = { 0 };
	ASN1_BIT_STRING *usage =
	    X509_get_ext_d2i(cert->bare, NID_key_usage, NULL, NULL);
	EXTENDED_KEY_USAGE *extended;
	mca_code code = MCA_OK;

	if (usage != NULL) {
		mca_key_usage_text(&words, usage);
		ASN1_BIT_STRING_free(usage);
		code = mca_text_take(&cert->key_usage, &words, err);
	}
	if (code != MCA_OK)
		return code;
	extended = X509_get_ext_d2i(cert->bare, NID_ext_key_usage, NULL, NULL);
	if (extended != NULL) {
		mca_ext_key_usage_text(&words, extended);
		EXTENDED_KEY_USAGE_free(extended);
		code = mca_text_take(&cert->ext_key_usage, &words, err);
	}
	return code;
}

MCA_OWNED(BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free)

static void
read_basic_constraints(mca_cert *cert)
{
	owned(BASIC_CONSTRAINTS) *basic =
	    X509_get_ext_d2i(cert->bare, NID_basic_constraints, NULL, NULL);
	int64_t length;

	cert->ca = basic != NULL && basic->ca != 0;
	cert->path_len = -1;
	if (basic != NULL && basic->pathlen != NULL &&
	    ASN1_INTEGER_get_int64(&length, basic->pathlen) == 1 &&
	    length >= 0 && length <= INT32_MAX)
		cert->path_len = (long)length;
}

static mca_code
read_key_ids(mca_cert *cert, struct mca_error *err)
{
	owned(ASN1_OCTET_STRING) *ski = X509_get_ext_d2i(cert->bare,
	    NID_subject_key_identifier, NULL, NULL);
	owned(AUTHORITY_KEYID) *aki = X509_get_ext_d2i(cert->bare,
	    NID_authority_key_identifier, NULL, NULL);
	mca_code code = hex_or_null(&cert->ski, ski, err);

	if (code != MCA_OK || aki == NULL)
		return code;
	return hex_or_null(&cert->aki, aki->keyid, err);
}

static mca_code
read_extensions(mca_cert *cert, struct mca_error *err)
{
	mca_code code = read_key_ids(cert, err);

	if (code != MCA_OK)
		return code;
	read_basic_constraints(cert);
	return read_usages(cert, err);
}

static void
read_validity(mca_cert *cert)
{
	if (!mca_time_from(&cert->not_before, X509_get0_notBefore(cert->bare)))
		cert->not_before = INT64_MAX;
	if (!mca_time_from(&cert->not_after, X509_get0_notAfter(cert->bare)))
		cert->not_after = INT64_MIN;
}

static mca_code
read_fields(mca_cert *cert, const struct mca_known_parts *known,
    struct mca_error *err)
{
	scoped(mca_text) algorithm = { 0 };
	mca_code code;

	code = read_spki(cert, known->spki, err);
	if (code != MCA_OK)
		return code;
	read_validity(cert);
	mca_oid_name(&algorithm, X509_get0_tbs_sigalg(cert->bare)->algorithm);
	if ((code = mca_text_take(&cert->signature_algorithm, &algorithm,
		 err)) != MCA_OK ||
	    (code = read_serial(cert, err)) != MCA_OK ||
	    (code = read_names(cert, known, err)) != MCA_OK ||
	    (code = read_extensions(cert, err)) != MCA_OK)
		return code;
	ERR_clear_error();
	return MCA_OK;
}

mca_code
mca_cert_parse(mca_cert **out, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	return mca_cert_parse_of(out, der, length,
	    &(struct mca_known_parts){ 0 }, err);
}

mca_code
mca_cert_parse_of(mca_cert **out, const uint8_t *der, size_t length,
    const struct mca_known_parts *known, struct mca_error *err)
{
	owned(mca_cert) *cert = calloc(1, sizeof(*cert));
	const uint8_t *end = der;
	mca_code code;

	if (cert == NULL)
		return mca_fail_memory(err);
	atomic_init(&cert->references, 1);
	if (length > MCA_LIMIT_CERTIFICATE)
		return mca_fail(err, MCA_EFORMAT,
		    "the certificate is larger than the limit of %d bytes",
		    MCA_LIMIT_CERTIFICATE);
	cert->bare = mca_bare_x509(&end, length);
	if (cert->bare == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "not a certificate (RFC 5280)");
	if (end != der + length)
		return mca_fail(err, MCA_EFORMAT,
		    "%zu bytes follow the certificate",
		    (size_t)(der + length - end));
	if ((code = mca_blob_copy(&cert->der, der, length, err)) != MCA_OK ||
	    (code = mca_sha256(cert->sha256, der, length, err)) != MCA_OK ||
	    (code = read_fields(cert, known, err)) != MCA_OK)
		return code;
	*out = give(&cert);
	return MCA_OK;
}

/* ---- what it holds ---- */

const uint8_t *
mca_cert_der(const mca_cert *cert, size_t *length)
{
	*length = cert->der.length;
	return cert->der.bytes;
}

const uint8_t *
mca_cert_sha256(const mca_cert *cert)
{
	return cert->sha256;
}

long
mca_cert_version(const mca_cert *cert)
{
	return X509_get_version(cert->bare) + 1;
}

const mca_name *
mca_cert_subject(const mca_cert *cert)
{
	return cert->subject;
}

const mca_name *
mca_cert_issuer(const mca_cert *cert)
{
	return cert->issuer;
}

const mca_san *
mca_cert_san(const mca_cert *cert)
{
	return cert->san;
}

const mca_spki *
mca_cert_spki(const mca_cert *cert)
{
	return cert->spki;
}

const char *
mca_cert_serial(const mca_cert *cert)
{
	return cert->serial;
}

mca_time
mca_cert_not_before(const mca_cert *cert)
{
	return cert->not_before;
}

mca_time
mca_cert_not_after(const mca_cert *cert)
{
	return cert->not_after;
}

bool
mca_cert_is_ca(const mca_cert *cert)
{
	return cert->ca;
}

long
mca_cert_path_len(const mca_cert *cert)
{
	return cert->path_len;
}

bool
mca_cert_is_self_issued(const mca_cert *cert)
{
	return mca_name_equal(cert->subject, cert->issuer);
}

bool
mca_cert_is_signed_by(const mca_cert *cert, const mca_spki *key)
{
	return X509_verify(cert->bare, mca_spki_get0_pkey(key)) == 1;
}

const char *
mca_cert_key_usage(const mca_cert *cert)
{
	return cert->key_usage;
}

const char *
mca_cert_ext_key_usage(const mca_cert *cert)
{
	return cert->ext_key_usage;
}

const char *
mca_cert_ski(const mca_cert *cert)
{
	return cert->ski;
}

const char *
mca_cert_aki(const mca_cert *cert)
{
	return cert->aki;
}

const char *
mca_cert_signature_algorithm(const mca_cert *cert)
{
	return cert->signature_algorithm;
}

X509 *
mca_cert_get0_bare(const mca_cert *cert)
{
	return cert->bare;
}

/* Whoever comes first keeps what he made; the others take that. */
X509 *
mca_cert_get0_x509(const mca_cert *cert)
{
	const uint8_t *at = cert->der.bytes;
	X509 *full = cert->full;
	X509 *none = NULL;

	if (full != NULL)
		return full;
	full = d2i_X509(NULL, &at, (long)cert->der.length);
	if (full == NULL ||
	    atomic_compare_exchange_strong(&writable(cert)->full, &none, full))
		return full;
	X509_free(full);
	return none;
}

size_t
mca_cert_extension_count(const mca_cert *cert)
{
	int count = X509_get_ext_count(cert->bare);

	return count < 0 ? 0 : (size_t)count;
}

void
mca_cert_extension_at(struct mca_cert_extension *out, const mca_cert *cert,
    size_t i)
{
	mca_extension_read(out, X509_get_ext(cert->bare, (int)i));
}

void
mca_cert_extension_text(mca_text *out, const mca_cert *cert, size_t i)
{
	mca_extension_text(out, X509_get_ext(cert->bare, (int)i));
}

mca_code
mca_cert_pem(mca_blob *out, const mca_cert *cert, struct mca_error *err)
{
	return mca_pem_encode(out, "CERTIFICATE", cert->der.bytes,
	    cert->der.length, err);
}
