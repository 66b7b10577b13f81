/*
 * crl.c - see minica/crl.h.
 */
#include "minica/crl.h"

#include "error.h"
#include "minica/directory.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "minica/x509.h"
#include "object.h"

#include <openssl/err.h>

#include <string.h>

struct mca_crl {
	X509_CRL *crl;
	mca_blob der;
	mca_name *issuer;
	char *number, *signature_algorithm;
	mca_time this_update, next_update;
};

void
mca_crl_free(mca_crl *crl)
{
	if (crl == NULL)
		return;
	X509_CRL_free(crl->crl);
	mca_blob_clear(&crl->der);
	mca_name_free(crl->issuer);
	free(crl->number);
	free(crl->signature_algorithm);
	free(crl);
}

static mca_code
read_number(mca_crl *crl, struct mca_error *err)
{
	owned(ASN1_INTEGER) *number =
	    X509_CRL_get_ext_d2i(crl->crl, NID_crl_number, NULL, NULL);
	scoped(mca_text) text = { 0 };

	if (number == NULL)
		return MCA_OK;
	mca_text_addf(&text, "%s",
	    ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER ? "-" : "");
	mca_text_hex(&text, ASN1_STRING_get0_data(number),
	    (size_t)ASN1_STRING_length(number));
	return mca_text_take(&crl->number, &text, err);
}

static mca_code
read_fields(mca_crl *crl, struct mca_error *err)
{
	scoped(mca_text) algorithm = { 0 };
	const X509_ALGOR *signature;
	mca_code code;

	if (!mca_time_from(&crl->this_update,
		X509_CRL_get0_lastUpdate(crl->crl)))
		return mca_fail(err, MCA_EFORMAT,
		    "its thisUpdate cannot be decoded");
	if (!mca_time_from(&crl->next_update,
		X509_CRL_get0_nextUpdate(crl->crl)))
		crl->next_update = INT64_MIN;
	X509_CRL_get0_signature(crl->crl, NULL, &signature);
	mca_oid_name(&algorithm, signature->algorithm);
	if ((code = mca_text_take(&crl->signature_algorithm, &algorithm,
		 err)) != MCA_OK ||
	    (code = mca_name_from(&crl->issuer, X509_CRL_get_issuer(crl->crl),
		 err)) != MCA_OK)
		return code;
	return read_number(crl, err);
}

mca_code
mca_crl_parse(mca_crl **out, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	owned(mca_crl) *crl = calloc(1, sizeof(*crl));
	const uint8_t *end = der;
	mca_code code;

	if (crl == NULL)
		return mca_fail_memory(err);
	if (length > MCA_LIMIT_CRL)
		return mca_fail(err, MCA_EFORMAT,
		    "the CRL is larger than the limit of %d bytes",
		    MCA_LIMIT_CRL);
	crl->crl = d2i_X509_CRL(NULL, &end, (long)length);
	if (crl->crl == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "not a CRL (RFC 5280, 5)");
	if (end != der + length)
		return mca_fail(err, MCA_EFORMAT, "%zu bytes follow the CRL",
		    (size_t)(der + length - end));
	if ((code = mca_blob_copy(&crl->der, der, length, err)) != MCA_OK ||
	    (code = read_fields(crl, err)) != MCA_OK)
		return code;
	*out = give(&crl);
	return MCA_OK;
}

const uint8_t *
mca_crl_der(const mca_crl *crl, size_t *length)
{
	*length = crl->der.length;
	return crl->der.bytes;
}

const mca_name *
mca_crl_issuer(const mca_crl *crl)
{
	return crl->issuer;
}

const char *
mca_crl_number(const mca_crl *crl)
{
	return crl->number;
}

mca_time
mca_crl_this_update(const mca_crl *crl)
{
	return crl->this_update;
}

mca_time
mca_crl_next_update(const mca_crl *crl)
{
	return crl->next_update;
}

size_t
mca_crl_count(const mca_crl *crl)
{
	int count = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl->crl));

	return count < 0 ? 0 : (size_t)count;
}

const char *
mca_crl_signature_algorithm(const mca_crl *crl)
{
	return crl->signature_algorithm;
}

/* ---- entries and extensions ---- */

/* RFC 5280, 5.3.1; 7 is not used. */
static const char *const reasons[] = { "unspecified", "keyCompromise",
	"cACompromise", "affiliationChanged", "superseded",
	"cessationOfOperation", "certificateHold", NULL, "removeFromCRL",
	"privilegeWithdrawn", "aACompromise" };

const char *
mca_revoked_reason(const X509_REVOKED *entry)
{
	ASN1_ENUMERATED *reason =
	    X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	long code = reason == NULL ? -1 : ASN1_ENUMERATED_get(reason);

	ERR_clear_error();
	ASN1_ENUMERATED_free(reason);
	return code >= 0 && code < (long)(sizeof(reasons) / sizeof(*reasons))
	    ? reasons[code]
	    : NULL;
}

void
mca_crl_revoked_at(struct mca_revoked *out, const mca_crl *crl, size_t i)
{
	const X509_REVOKED *entry =
	    sk_X509_REVOKED_value(X509_CRL_get_REVOKED(crl->crl), (int)i);
	const ASN1_INTEGER *serial = X509_REVOKED_get0_serialNumber(entry);
	bool negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;
	scoped(mca_text) hex = { 0 };

	mca_text_hex(&hex, ASN1_STRING_get0_data(serial),
	    (size_t)ASN1_STRING_length(serial));
	(void)snprintf(out->serial, sizeof(out->serial), "%s%s",
	    negative ? "-" : "", mca_text_get(&hex));
	if (!mca_time_from(&out->revoked,
		X509_REVOKED_get0_revocationDate(entry)))
		out->revoked = INT64_MAX;
	out->reason = mca_revoked_reason(entry);
}

size_t
mca_crl_extension_count(const mca_crl *crl)
{
	int count = X509_CRL_get_ext_count(crl->crl);

	return count < 0 ? 0 : (size_t)count;
}

void
mca_crl_extension_at(struct mca_cert_extension *out, const mca_crl *crl,
    size_t i)
{
	mca_extension_read(out, X509_CRL_get_ext(crl->crl, (int)i));
}

void
mca_crl_extension_text(mca_text *out, const mca_crl *crl, size_t i)
{
	mca_extension_text(out, X509_CRL_get_ext(crl->crl, (int)i));
}

X509_CRL *
mca_crl_get0_x509_crl(const mca_crl *crl)
{
	return crl->crl;
}

/* ---- lists ---- */

void
mca_crls_clear(mca_crls *list)
{
	for (size_t i = 0; i < list->count; i++)
		mca_crl_free(list->rows[i]);
	free(list->rows);
	memset(list, 0, sizeof(*list));
}

static mca_code
add(mca_crls *list, const uint8_t *der, size_t length, struct mca_error *err)
{
	owned(mca_crl) *crl = NULL;
	size_t capacity = list->capacity == 0 ? 4 : list->capacity * 2;
	mca_crl **rows;
	mca_code code = mca_crl_parse(&crl, der, length, err);

	if (code != MCA_OK)
		return code;
	if (list->count == list->capacity) {
		rows = reallocarray(list->rows, capacity, sizeof(mca_crl *));
		if (rows == NULL)
			return mca_fail_memory(err);
		list->rows = rows;
		list->capacity = capacity;
	}
	list->rows[list->count++] = give(&crl);
	return MCA_OK;
}

static mca_code
add_blocks(mca_crls *list, const mca_pem *pem, struct mca_error *err)
{
	size_t before = list->count;

	for (size_t i = 0; i < pem->count; i++) {
		const struct mca_pem_block *block = &pem->blocks[i];

		if (strcmp(block->label, "X509 CRL") != 0)
			continue;
		if (add(list, block->der.bytes, block->der.length, err) !=
		    MCA_OK)
			return mca_within(err, "line %zu", block->line);
	}
	if (list->count == before)
		return mca_fail(err, MCA_EFORMAT,
		    "holds a PEM block \"%s\", and no X509 CRL",
		    MCA_SHOW_TEXT(pem->blocks[0].label));
	return MCA_OK;
}

static mca_code
parse(mca_crls *list, const mca_blob *blob, struct mca_error *err)
{
	scoped(mca_pem) pem = { 0 };
	mca_code code;

	if (blob->length == 0)
		return mca_fail(err, MCA_EFORMAT,
		    "is empty; a CRL was expected");
	code = mca_pem_parse(&pem, blob->bytes, blob->length, err);
	if (code != MCA_OK)
		return code;
	if (pem.count == 0)
		return add(list, blob->bytes, blob->length, err);
	return add_blocks(list, &pem, err);
}

static mca_code
read_file(void *list, const char *path, struct mca_error *err)
{
	scoped(mca_blob) blob = { 0 };
	mca_code code = mca_file_read(&blob, path, MCA_LIMIT_CRL, err);

	if (code != MCA_OK)
		return code;
	code = parse(list, &blob, err);
	return code == MCA_OK ? code : mca_within(err, "%s", path);
}

mca_code
mca_crls_read(mca_crls *list, const char *path, struct mca_error *err)
{
	if (mca_directory_is(path))
		return mca_directory_walk(path, read_file, list, err);
	return read_file(list, path, err);
}
