/*
 * certs.c - lists of certificates, and the files they come in (minica/cert.h).
 */
#include "minica/cert.h"

#include "error.h"
#include "minica/directory.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "minica/x509.h"
#include "pkcs12.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>

#include <string.h>

MCA_OWNED(PKCS7, PKCS7_free)

void
mca_certs_clear(mca_certs *list)
{
	for (size_t i = 0; i < list->count; i++)
		mca_cert_free(list->rows[i]);
	free(list->rows);
	memset(list, 0, sizeof(*list));
}

mca_code
mca_certs_add(mca_certs *list, const mca_cert *cert, struct mca_error *err)
{
	size_t capacity = list->capacity == 0 ? 4 : list->capacity * 2;
	mca_cert **rows;

	if (list->count == MCA_LIMIT_CERTIFICATES)
		return mca_fail(err, MCA_EFORMAT,
		    "there are more certificates than the limit of %d",
		    MCA_LIMIT_CERTIFICATES);
	if (list->count == list->capacity) {
		rows = reallocarray(list->rows, capacity, sizeof(mca_cert *));
		if (rows == NULL)
			return mca_fail_memory(err);
		list->rows = rows;
		list->capacity = capacity;
	}
	list->rows[list->count++] = mca_cert_ref(cert);
	return MCA_OK;
}

static mca_code
add_der(mca_certs *list, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;
	mca_code code = mca_cert_parse(&cert, der, length, err);

	if (code != MCA_OK)
		return code;
	return mca_certs_add(list, cert, err);
}

static mca_code
add_x509(mca_certs *list, X509 *x509, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_X509(x509, &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "a certificate in it cannot be encoded");
	return add_der(list, der, (size_t)length, err);
}

static mca_code
add_stack(mca_certs *list, const mca_x509_stack *stack, struct mca_error *err)
{
	for (int i = 0; i < sk_X509_num(stack); i++) {
		mca_code code = add_x509(list, sk_X509_value(stack, i), err);

		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

/* ---- PKCS #7 and PKCS #12 ---- */

static PKCS7 *
read_pkcs7(const uint8_t *der, size_t length)
{
	const uint8_t *end = der;
	owned(PKCS7) *p7 = d2i_PKCS7(NULL, &end, (long)length);

	if (p7 == NULL || end != der + length || !PKCS7_type_is_signed(p7) ||
	    p7->d.sign->cert == NULL)
		return NULL;
	return give(&p7);
}

/* A file that holds none would otherwise be a list of nothing, and good. */
static mca_code
add_some(mca_certs *list, const STACK_OF(X509) *stack, const char *kind,
    struct mca_error *err)
{
	if (sk_X509_num(stack) > 0)
		return add_stack(list, stack, err);
	return mca_fail(err, MCA_EFORMAT, "is %s without any certificate",
	    kind);
}

static mca_code
add_pkcs12(mca_certs *list, PKCS12 *p12,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(mca_x509_stack) *stack = NULL;
	mca_code code = mca_pkcs12_certs(&stack, p12, passphrase, err);

	if (code != MCA_OK)
		return code;
	return add_some(list, stack, "PKCS #12", err);
}

static mca_code
add_any_der(mca_certs *list, const uint8_t *der, size_t length,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(PKCS7) *p7 = NULL;
	owned(PKCS12) *p12 = NULL;
	struct mca_error first;
	mca_code code = add_der(list, der, length, &first);

	if (code == MCA_OK)
		return code;
	p7 = read_pkcs7(der, length);
	p12 = p7 == NULL ? mca_pkcs12_read(der, length) : NULL;
	ERR_clear_error();
	if (p7 != NULL)
		return add_some(list, p7->d.sign->cert, "PKCS #7", err);
	if (p12 != NULL)
		return add_pkcs12(list, p12, passphrase, err);
	*err = first;
	return code;
}

bool
mca_certs_are_pkcs12(const uint8_t *bytes, size_t length)
{
	owned(PKCS12) *p12 = mca_pkcs12_read(bytes, length);

	return p12 != NULL;
}

/* ---- PEM ---- */

static mca_code
add_block(mca_certs *list, const struct mca_pem_block *block,
    struct mca_error *err)
{
	if (strcmp(block->label, "CERTIFICATE") == 0 ||
	    strcmp(block->label, "X509 CERTIFICATE") == 0)
		return add_der(list, block->der.bytes, block->der.length, err);
	if (strcmp(block->label, "PKCS7") == 0 ||
	    strcmp(block->label, "CMS") == 0)
		return add_any_der(list, block->der.bytes, block->der.length,
		    NULL, err);
	if (strcmp(block->label, "TRUSTED CERTIFICATE") == 0)
		return mca_fail(err, MCA_EFORMAT,
		    "a TRUSTED CERTIFICATE, which only openssl reads; make it "
		    "a plain one (openssl x509)");
	return MCA_OK;
}

/* Bytes that no text has: something was appended, or this is no PEM file. */
static mca_code
check_text(const uint8_t *bytes, size_t length, struct mca_error *err)
{
	size_t line = 1;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\n')
			line++;
		if (bytes[i] < 0x20 && strchr("\t\n\v\f\r", bytes[i]) == NULL)
			return mca_fail(err, MCA_EFORMAT,
			    "line %zu: holds bytes that are not text, in a PEM "
			    "file",
			    line);
		if (bytes[i] == '\0')
			return mca_fail(err, MCA_EFORMAT,
			    "line %zu: holds a NUL byte, in a PEM file", line);
	}
	return MCA_OK;
}

static mca_code
add_blocks(mca_certs *list, const mca_pem *pem, struct mca_error *err)
{
	size_t before = list->count;

	for (size_t i = 0; i < pem->count; i++) {
		mca_code code = add_block(list, &pem->blocks[i], err);

		if (code != MCA_OK)
			return mca_within(err, "line %zu", pem->blocks[i].line);
	}
	if (list->count == before)
		return mca_fail(err, MCA_EFORMAT,
		    "holds a PEM block \"%s\", and no CERTIFICATE",
		    MCA_SHOW_TEXT(pem->blocks[0].label));
	return MCA_OK;
}

mca_code
mca_certs_unlock(mca_certs *list, const uint8_t *bytes, size_t length,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	scoped(mca_pem) pem = { 0 };
	mca_code code;

	if (length == 0)
		return mca_fail(err, MCA_EFORMAT,
		    "is empty; a certificate was expected");
	code = mca_pem_parse(&pem, bytes, length, err);
	if (code != MCA_OK)
		return code;
	if (pem.count == 0)
		return add_any_der(list, bytes, length, passphrase, err);
	code = check_text(bytes, length, err);
	if (code != MCA_OK)
		return code;
	return add_blocks(list, &pem, err);
}

mca_code
mca_certs_parse(mca_certs *list, const uint8_t *bytes, size_t length,
    struct mca_error *err)
{
	return mca_certs_unlock(list, bytes, length, NULL, err);
}

/* What a file is read into, and what opens it. */
struct source {
	mca_certs *list;
	const struct mca_passphrase *passphrase; /* or NULL */
};

static mca_code
read_file(void *context, const char *path, struct mca_error *err)
{
	const struct source *source = context;
	scoped(mca_blob) blob = { 0 };
	mca_code code = mca_file_read(&blob, path, MCA_LIMIT_BUNDLE, err);

	if (code != MCA_OK)
		return code;
	code = mca_certs_unlock(source->list, blob.bytes, blob.length,
	    source->passphrase, err);
	return code == MCA_OK ? code
			      : mca_within(err, "%s", MCA_SHOW_TEXT(path));
}

mca_code
mca_certs_read(mca_certs *list, const char *path, struct mca_error *err)
{
	return read_file(&(struct source){ list, NULL }, path, err);
}

mca_code
mca_certs_gather(mca_certs *list, const char *path,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	struct source source = { list, passphrase };

	if (mca_directory_is(path))
		return mca_directory_walk(path, read_file, &source, err);
	return read_file(&source, path, err);
}
