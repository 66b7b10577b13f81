/*
 * objects.c - see objects.h.
 */
#include "objects.h"

#include "fail.h"

#include <string.h>

void
objects_clear(objects *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mca_cert_free(list->rows[i].cert);
		mca_csr_free(list->rows[i].csr);
		mca_crl_free(list->rows[i].crl);
		mca_spki_free(list->rows[i].spki);
	}
	free(list->rows);
	*list = (objects){ 0 };
}

/* What is being read, and from where. */
struct source {
	objects *list;
	const uint8_t *bytes;
	size_t length;
	size_t line;
	const char *label; /* of the PEM block, or NULL */
	const mca_blob *file;
	const struct mca_passphrase *passphrase;
};

static struct object *
push(const struct source *source, enum object_kind kind)
{
	objects *list = source->list;

	list->rows =
	    reallocarray(list->rows, list->count + 1, sizeof(*list->rows));
	if (list->rows == NULL)
		fail_memory();
	list->rows[list->count] =
	    (struct object){ .kind = kind, .line = source->line };
	return &list->rows[list->count++];
}

typedef mca_code take(const struct source *source, struct mca_error *err);

static mca_code
take_cert(const struct source *source, struct mca_error *err)
{
	mca_cert *cert = NULL;

	if (mca_cert_parse(&cert, source->bytes, source->length, err) != MCA_OK)
		return err->code;
	push(source, OBJECT_CERT)->cert = cert;
	return MCA_OK;
}

static mca_code
take_csr(const struct source *source, struct mca_error *err)
{
	mca_csr *csr = NULL;

	if (mca_csr_parse(&csr, source->bytes, source->length, err) != MCA_OK)
		return err->code;
	push(source, OBJECT_CSR)->csr = csr;
	return MCA_OK;
}

static mca_code
take_crl(const struct source *source, struct mca_error *err)
{
	mca_crl *crl = NULL;

	if (mca_crl_parse(&crl, source->bytes, source->length, err) != MCA_OK)
		return err->code;
	push(source, OBJECT_CRL)->crl = crl;
	return MCA_OK;
}

static mca_code
take_public(const struct source *source, struct mca_error *err)
{
	mca_spki *spki = NULL;

	if (mca_spki_parse(&spki, source->bytes, source->length, err) != MCA_OK)
		return err->code;
	push(source, OBJECT_PUBLIC)->spki = spki;
	return MCA_OK;
}

/* A private key leaves its public half, and is forgotten. */
static mca_code
take_key(const struct source *source, const mca_blob *bytes, const char *from,
    struct mca_error *err)
{
	owned(mca_key) *key = NULL;
	mca_spki *spki = NULL;
	struct object *object;
	const uint8_t *der;
	size_t length;

	if (mca_key_parse(&key, bytes, source->passphrase, err) != MCA_OK)
		return err->code;
	der = mca_spki_der(mca_key_spki(key), &length);
	if (mca_spki_parse(&spki, der, length, err) != MCA_OK)
		return err->code;
	object = push(source, OBJECT_PRIVATE);
	object->spki = spki;
	object->from = from;
	return MCA_OK;
}

/* Without a passphrase it can still be said what it would open. */
static mca_code
or_sealed(const struct source *source, const char *from, struct mca_error *err)
{
	if (err->code != MCA_EKEY || source->passphrase != NULL)
		return err->code;
	push(source, OBJECT_SEALED)->from = from;
	return MCA_OK;
}

/*
 * libcrypto reads keys from PEM: the block alone, for another key may be in
 * the same file; the whole when the block has headers, which are not kept.
 */
static mca_code
take_private(const struct source *source, struct mca_error *err)
{
	scoped(mca_blob) alone = { 0 };
	const mca_blob *bytes = source->file;

	if (source->label != NULL && source->length > 0) {
		if (mca_pem_encode(&alone, source->label, source->bytes,
			source->length, err) != MCA_OK)
			return err->code;
		bytes = &alone;
	}
	if (take_key(source, bytes, NULL, err) == MCA_OK)
		return MCA_OK;
	return or_sealed(source, NULL, err);
}

static void
push_certs(const struct source *source, const mca_certs *certs,
    const char *from)
{
	for (size_t i = 0; i < certs->count; i++) {
		struct object *object = push(source, OBJECT_CERT);

		object->cert = mca_cert_ref(certs->rows[i]);
		object->from = from;
	}
}

/* PKCS #7 holds certificates; PKCS #12 the key of the first one as well. */
static mca_code
take_bundle(const struct source *source, struct mca_error *err)
{
	bool sealed = mca_certs_are_pkcs12(source->bytes, source->length);
	const char *from = sealed ? "PKCS #12" : "PKCS #7";
	scoped(mca_certs) certs = { 0 };
	struct mca_error none = { 0 };

	if (mca_certs_unlock(&certs, source->bytes, source->length,
		source->passphrase, err) != MCA_OK)
		return sealed ? or_sealed(source, from, err) : err->code;
	push_certs(source, &certs, from);
	if (!sealed)
		return MCA_OK;

	/* One without a key is no fault. */
	if (take_key(source, source->file, from, &none) == MCA_EKEY) {
		*err = none;
		return or_sealed(source, from, err);
	}
	return MCA_OK;
}

/* Curve parameters stand before a key in old files, and say no more. */
static mca_code
take_nothing(const struct source *source, struct mca_error *err)
{
	(void)source;
	(void)err;
	return MCA_OK;
}

/* PEM labels (RFC 7468, and older ones), and DER tried in this order. */
static const struct {
	const char *label;
	take *take;
} kinds[] = {
	{ "CERTIFICATE", take_cert },
	{ "X509 CERTIFICATE", take_cert },
	{ "CERTIFICATE REQUEST", take_csr },
	{ "NEW CERTIFICATE REQUEST", take_csr },
	{ "X509 CRL", take_crl },
	{ "PUBLIC KEY", take_public },
	{ "PRIVATE KEY", take_private },
	{ "ENCRYPTED PRIVATE KEY", take_private },
	{ "EC PRIVATE KEY", take_private },
	{ "RSA PRIVATE KEY", take_private },
	{ "EC PARAMETERS", take_nothing },
	{ "PKCS7", take_bundle },
	{ "CMS", take_bundle },
};

static take *const der_kinds[] = { take_cert, take_csr, take_crl, take_public };

static mca_code
take_block(const struct source *source, struct mca_error *err)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(source->label, kinds[i].label) == 0)
			return kinds[i].take(source, err);
	return fail(err, MCA_EFORMAT, "a PEM block \"%s\" is not for minica",
	    MCA_SHOW_TEXT(source->label));
}

/* The key comes last: its error names the passphrase, or what is there. */
static mca_code
take_der(const struct source *source, struct mca_error *err)
{
	mca_code code;

	if (source->length == 0)
		return fail(err, MCA_EFORMAT, "is empty");
	for (size_t i = 0; i < sizeof(der_kinds) / sizeof(der_kinds[0]); i++)
		if (der_kinds[i](source, err) == MCA_OK)
			return MCA_OK;
	code = take_bundle(source, err);
	if (code == MCA_OK ||
	    mca_certs_are_pkcs12(source->bytes, source->length))
		return code;
	code = take_private(source, err);
	if (code == MCA_OK || code == MCA_EKEY)
		return code;
	return fail(err, MCA_EFORMAT,
	    "is neither PEM nor, in DER, one whole certificate, request, CRL, "
	    "key or PKCS #7 or #12 bundle");
}

static mca_code
take_blocks(struct source *source, const mca_pem *pem, struct mca_error *err)
{
	for (size_t i = 0; i < pem->count; i++) {
		source->label = pem->blocks[i].label;
		source->line = pem->blocks[i].line;
		source->bytes = pem->blocks[i].der.bytes;
		source->length = pem->blocks[i].der.length;
		if (take_block(source, err) != MCA_OK)
			return within(err, "line %zu", source->line);
	}
	if (source->list->count == 0)
		return fail(err, MCA_EFORMAT,
		    "holds curve parameters, and no key beside them");
	return MCA_OK;
}

mca_code
objects_read(objects *list, const char *path,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	scoped(mca_pem) pem = { 0 };
	struct source source = { .list = list,
		.file = &bytes,
		.passphrase = passphrase };
	mca_code code;

	if (mca_file_read(&bytes, path, MCA_LIMIT_CRL, err) != MCA_OK)
		return err->code;
	source.bytes = bytes.bytes;
	source.length = bytes.length;
	code = mca_pem_parse(&pem, bytes.bytes, bytes.length, err);
	if (code == MCA_OK)
		code = pem.count == 0 ? take_der(&source, err)
				      : take_blocks(&source, &pem, err);
	if (code != MCA_OK)
		return within(err, "%s", MCA_SHOW_TEXT(path));
	err->text[0] = '\0'; /* of what it was taken for on the way */
	return MCA_OK;
}
