/*
 * crlbuild.c - see crlbuild.h.
 *
 *	CertificateList  ::=  SEQUENCE  {
 *	     tbsCertList          TBSCertList,
 *	     signatureAlgorithm   AlgorithmIdentifier,
 *	     signatureValue       BIT STRING  }
 *
 * The TBSCertList is `front` (up to the length of revokedCertificates), the
 * entries in their file, and `back` (the extensions).
 */
#include "crlbuild.h"

#include "algorithm.h"
#include "der.h"
#include "minica/x509.h"
#include "object.h"
#include "ossl.h"
#include "sign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };

/* The extensions of an entry, which are mostly those of the one before it. */
struct reason {
	mca_text der;
	int code;
	mca_time invalid_since;
};

struct mca_crlbuild {
	FILE *spool; /* the entries */
	size_t count, spooled;
	struct reason reason;		   /* of the last entry */
	mca_text body, entry;		   /* room for the next */
	mca_text outer, front, back, tail; /* bytes, not text */
};

/* ---- entries ---- */

/* Without a name where that can be had; else it has one for a moment. */
static mca_code
open_spool(int *fd, const char *directory, struct mca_error *err)
{
	owned(char) *path = NULL;

	*fd = -1;
#ifdef O_TMPFILE
	*fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
#endif
	if (*fd >= 0)
		return MCA_OK;
	if (asprintf(&path, "%s/.crl-XXXXXX", directory) < 0) {
		path = NULL;
		return mca_fail_memory(err);
	}
	*fd = mkostemp(path, O_CLOEXEC);
	if (*fd < 0)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "%s: no file for the entries of a CRL", directory);
	(void)unlink(path);
	return MCA_OK;
}

mca_code
mca_crlbuild_new(mca_crlbuild **out, const char *directory,
    struct mca_error *err)
{
	owned(mca_crlbuild) *build = calloc(1, sizeof(*build));
	mca_code code;
	int fd;

	if (build == NULL)
		return mca_fail_memory(err);
	code = open_spool(&fd, directory, err);
	if (code != MCA_OK)
		return code;
	build->spool = fdopen(fd, "w+");
	if (build->spool == NULL) {
		(void)close(fd);
		return mca_fail_memory(err);
	}
	*out = give(&build);
	return MCA_OK;
}

static void
clear_signed(mca_crlbuild *build)
{
	mca_text_clear(&build->outer);
	mca_text_clear(&build->front);
	mca_text_clear(&build->back);
	mca_text_clear(&build->tail);
}

void
mca_crlbuild_free(mca_crlbuild *build)
{
	if (build == NULL)
		return;
	if (build->spool != NULL)
		(void)fclose(build->spool);
	clear_signed(build);
	mca_text_clear(&build->reason.der);
	mca_text_clear(&build->body);
	mca_text_clear(&build->entry);
	free(build);
}

size_t
mca_crlbuild_count(const mca_crlbuild *build)
{
	return build->count;
}

/* Extension: OID, and an OCTET STRING around the value; never critical. */
static void
add_extension(mca_text *out, const char *oid, const mca_text *value)
{
	mca_text inner = { 0 };

	mca_der_value(&inner, V_ASN1_OBJECT, oid, strlen(oid));
	mca_der_value(&inner, V_ASN1_OCTET_STRING, mca_text_get(value),
	    value->length);
	mca_der_wrap(out, MCA_DER_SEQUENCE, &inner);
	out->failed = out->failed || value->failed;
	mca_text_clear(&inner);
}

static void
add_entry_extensions(mca_text *out, int reason, mca_time invalid_since)
{
	const char code = (char)reason;
	mca_text list = { 0 };
	mca_text value = { 0 };

	if (reason != 0) {
		mca_der_value(&value, V_ASN1_ENUMERATED, &code, 1);
		add_extension(&list, "\x55\x1d\x15", &value);
		mca_text_clear(&value);
	}
	if (invalid_since != 0) {
		mca_der_generalized_time(&value, invalid_since);
		add_extension(&list, "\x55\x1d\x18", &value);
		mca_text_clear(&value);
	}
	if (list.length > 0)
		mca_der_wrap(out, MCA_DER_SEQUENCE, &list);
	out->failed = out->failed || list.failed;
	mca_text_clear(&list);
}

static void
set_reason(struct reason *last, int code, mca_time invalid_since)
{
	if (last->code == code && last->invalid_since == invalid_since)
		return;
	mca_text_clear(&last->der);
	last->code = code;
	last->invalid_since = invalid_since;
	add_entry_extensions(&last->der, code, invalid_since);
}

mca_code
mca_crlbuild_add(mca_crlbuild *build, const uint8_t *serial, size_t length,
    mca_time revoked, int reason, mca_time invalid_since, struct mca_error *err)
{
	const mca_text *entry = &build->entry;
	const mca_text *extensions = &build->reason.der;

	set_reason(&build->reason, reason, invalid_since);
	build->body.length = 0;
	build->entry.length = 0;
	mca_der_integer(&build->body, serial, length);
	mca_der_time(&build->body, revoked);
	mca_text_add(&build->body, mca_text_get(extensions),
	    extensions->length);
	mca_der_wrap(&build->entry, MCA_DER_SEQUENCE, &build->body);
	if (entry->failed || extensions->failed)
		return mca_fail_memory(err);
	if (fwrite(entry->bytes, 1, entry->length, build->spool) !=
	    entry->length)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "the entries of a CRL cannot be written");
	build->count++;
	build->spooled += entry->length;
	return MCA_OK;
}

/* ---- the list around them ---- */

static mca_code
add_issuer(mca_text *out, const mca_cert *issuer, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length =
	    i2d_X509_NAME(mca_name_get0_x509_name(mca_cert_subject(issuer)),
		&der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encode a name");
	mca_text_add(out, (const char *)der, (size_t)length);
	return MCA_OK;
}

/* The AKI is the issuer's SKI (RFC 5280, 5.2.1). */
static void
add_aki(mca_text *out, const mca_cert *issuer)
{
	const ASN1_OCTET_STRING *ski =
	    X509_get0_subject_key_id(mca_cert_get0_bare(issuer));
	const uint8_t *id = ski != NULL
	    ? ASN1_STRING_get0_data(ski)
	    : mca_spki_key_id(mca_cert_spki(issuer));
	size_t length =
	    ski != NULL ? (size_t)ASN1_STRING_length(ski) : MCA_KEY_ID_SIZE;
	mca_text inner = { 0 };
	mca_text value = { 0 };

	mca_der_value(&inner, 0x80, id, length);
	mca_der_wrap(&value, MCA_DER_SEQUENCE, &inner);
	add_extension(out, "\x55\x1d\x23", &value);
	mca_text_clear(&inner);
	mca_text_clear(&value);
}

static void
add_number(mca_text *out, int64_t number)
{
	uint8_t bytes[8];
	mca_text value = { 0 };

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(number >> (56 - 8 * i));
	mca_der_integer(&value, bytes, sizeof(bytes));
	add_extension(out, "\x55\x1d\x14", &value);
	mca_text_clear(&value);
}

static mca_code
make_back(mca_crlbuild *build, const struct mca_crl_head *head,
    struct mca_error *err)
{
	scoped(mca_text) list = { 0 };
	scoped(mca_text) wrapped = { 0 };

	add_aki(&list, head->issuer);
	add_number(&list, head->number);
	mca_der_wrap(&wrapped, MCA_DER_SEQUENCE, &list);
	mca_der_wrap(&build->back, MCA_DER_EXPLICIT(0), &wrapped);
	return mca_der_done(&build->back, err);
}

static mca_code
make_front(mca_crlbuild *build, const struct mca_crl_head *head,
    const mca_text *algorithm, struct mca_error *err)
{
	static const uint8_t version_2[] = { V_ASN1_INTEGER, 1, 1 };
	scoped(mca_text) body = { 0 };
	mca_code code;

	mca_text_add(&body, (const char *)version_2, sizeof(version_2));
	mca_text_add(&body, mca_text_get(algorithm), algorithm->length);
	code = add_issuer(&body, head->issuer, err);
	if (code != MCA_OK)
		return code;
	mca_der_time(&body, head->this_update);
	mca_der_time(&body, head->next_update);
	/* No entries, no revokedCertificates (RFC 5280, 5.1.2.6). */
	if (build->spooled > 0)
		mca_der_header(&body, MCA_DER_SEQUENCE, build->spooled);
	mca_der_header(&build->front, MCA_DER_SEQUENCE,
	    body.length + build->spooled + build->back.length);
	mca_text_add(&build->front, mca_text_get(&body), body.length);
	build->front.failed = build->front.failed || body.failed;
	return mca_der_done(&build->front, err);
}

/* ---- signing ---- */

/* Hands the TBSCertList to `write`, entries in chunks. */
static mca_code
walk_tbs(mca_crlbuild *build, mca_write *write, void *context,
    struct mca_error *err)
{
	char chunk[CHUNK];
	size_t n;
	mca_code code = write(context, mca_text_get(&build->front),
	    build->front.length, err);

	if (code != MCA_OK)
		return code;
	if (fflush(build->spool) != 0 || fseek(build->spool, 0, SEEK_SET) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM,
		    "the entries of a CRL cannot be kept");
	while ((n = fread(chunk, 1, sizeof(chunk), build->spool)) > 0) {
		code = write(context, chunk, n, err);
		if (code != MCA_OK)
			return code;
	}
	if (ferror(build->spool))
		return mca_fail(err, MCA_ESYSTEM,
		    "the entries of a CRL cannot be read back");
	return write(context, mca_text_get(&build->back), build->back.length,
	    err);
}

static mca_code
digest(void *context, const void *bytes, size_t length, struct mca_error *err)
{
	if (EVP_DigestSignUpdate(context, bytes, length) != 1)
		return mca_fail_ssl(err, MCA_EKEY, "the key cannot sign");
	return MCA_OK;
}

static mca_code
collect(void *context, const void *bytes, size_t length, struct mca_error *err)
{
	mca_text *text = context;

	mca_text_add(text, bytes, length);
	return mca_der_done(text, err);
}

/* Ed25519 reads its message twice, so that it must lie in one piece. */
static mca_code
sign_whole(mca_crlbuild *build, EVP_MD_CTX *ctx, unsigned char *signature,
    size_t *size, struct mca_error *err)
{
	scoped(mca_text) tbs = { 0 };
	mca_code code = walk_tbs(build, collect, &tbs, err);

	if (code != MCA_OK)
		return code;
	if (EVP_DigestSign(ctx, signature, size,
		(const unsigned char *)mca_text_get(&tbs), tbs.length) != 1)
		return mca_fail_ssl(err, MCA_EKEY, "the key cannot sign");
	return MCA_OK;
}

static mca_code
sign_stream(mca_crlbuild *build, EVP_MD_CTX *ctx, unsigned char *signature,
    size_t *size, struct mca_error *err)
{
	mca_code code = walk_tbs(build, digest, ctx, err);

	if (code != MCA_OK)
		return code;
	if (EVP_DigestSignFinal(ctx, signature, size) != 1)
		return mca_fail_ssl(err, MCA_EKEY, "the key cannot sign");
	return MCA_OK;
}

/* signatureAlgorithm, signatureValue, and the header around it all. */
static mca_code
make_tail(mca_crlbuild *build, const mca_text *algorithm,
    const unsigned char *signature, size_t size, struct mca_error *err)
{
	size_t tbs = build->front.length + build->spooled + build->back.length;

	mca_text_add(&build->tail, mca_text_get(algorithm), algorithm->length);
	mca_der_bits(&build->tail, signature, size);
	mca_der_header(&build->outer, MCA_DER_SEQUENCE,
	    tbs + build->tail.length);
	if (build->outer.failed)
		return mca_fail_memory(err);
	return mca_der_done(&build->tail, err);
}

mca_code
mca_crlbuild_sign(mca_crlbuild *build, const struct mca_crl_head *head,
    const mca_key *key, struct mca_error *err)
{
	EVP_PKEY *pkey = mca_key_get0_pkey(key);
	const EVP_MD *md = mca_algorithm_digest(pkey);
	owned(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
	const size_t room = (size_t)EVP_PKEY_get_size(pkey);
	owned(char) *signature = malloc(room);
	size_t size = room;
	unsigned char *bytes = (unsigned char *)signature;
	scoped(mca_text) algorithm = { 0 };
	mca_code code;

	clear_signed(build);
	if (ctx == NULL || signature == NULL)
		return mca_fail_memory(err);
	if (EVP_DigestSignInit(ctx, NULL, md, NULL, pkey) != 1)
		return mca_fail_ssl(err, MCA_EKEY, "the key cannot sign");
	if ((code = mca_sign_algorithm(&algorithm, ctx, err)) != MCA_OK ||
	    (code = make_back(build, head, err)) != MCA_OK ||
	    (code = make_front(build, head, &algorithm, err)) != MCA_OK ||
	    (code = md == NULL
		    ? sign_whole(build, ctx, bytes, &size, err)
		    : sign_stream(build, ctx, bytes, &size, err)) != MCA_OK)
		return code;
	if (size > room) /* as in sign.c */
		return mca_fail_memory(err);
	return make_tail(build, &algorithm, bytes, size, err);
}

/* ---- reading it out ---- */

static mca_code
walk(mca_crlbuild *build, mca_write *write, void *context,
    struct mca_error *err)
{
	mca_code code;

	if ((code = write(context, mca_text_get(&build->outer),
		 build->outer.length, err)) != MCA_OK ||
	    (code = walk_tbs(build, write, context, err)) != MCA_OK)
		return code;
	return write(context, mca_text_get(&build->tail), build->tail.length,
	    err);
}

static mca_code
hash(void *context, const void *bytes, size_t length, struct mca_error *err)
{
	if (EVP_DigestUpdate(context, bytes, length) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "SHA-256 failed");
	return MCA_OK;
}

mca_code
mca_crlbuild_sha256(uint8_t out[32], mca_crlbuild *build, struct mca_error *err)
{
	owned(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
	mca_code code;

	if (ctx == NULL || EVP_DigestInit(ctx, EVP_sha256()) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "SHA-256 failed");
	code = walk(build, hash, ctx, err);
	if (code != MCA_OK)
		return code;
	if (EVP_DigestFinal(ctx, out, NULL) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "SHA-256 failed");
	return MCA_OK;
}

/* Base64 in lines of 64, on their way to `write`. */
struct armour {
	EVP_ENCODE_CTX *ctx;
	mca_write *write;
	void *context;
};

static mca_code
encode(void *context, const void *bytes, size_t length, struct mca_error *err)
{
	struct armour *armour = context;
	const unsigned char *rest = bytes;
	unsigned char out[CHUNK * 2];
	int n;

	while (length > 0) {
		size_t part = length < CHUNK ? length : CHUNK;
		mca_code code;

		if (EVP_EncodeUpdate(armour->ctx, out, &n, rest, (int)part) !=
		    1)
			return mca_fail_ssl(err, MCA_ESYSTEM, "base64 failed");
		code = armour->write(armour->context, out, (size_t)n, err);
		if (code != MCA_OK)
			return code;
		rest += part;
		length -= part;
	}
	return MCA_OK;
}

static mca_code
write_pem(mca_crlbuild *build, struct armour *armour, struct mca_error *err)
{
	static const char begin[] = "-----BEGIN X509 CRL-----\n";
	static const char end[] = "-----END X509 CRL-----\n";
	unsigned char last[80];
	mca_code code;
	int n;

	EVP_EncodeInit(armour->ctx);
	if ((code = armour->write(armour->context, begin, strlen(begin),
		 err)) != MCA_OK ||
	    (code = walk(build, encode, armour, err)) != MCA_OK)
		return code;
	EVP_EncodeFinal(armour->ctx, last, &n);
	code = armour->write(armour->context, last, (size_t)n, err);
	if (code != MCA_OK)
		return code;
	return armour->write(armour->context, end, strlen(end), err);
}

mca_code
mca_crlbuild_write(mca_crlbuild *build, bool pem, mca_write *write,
    void *context, struct mca_error *err)
{
	struct armour armour = { NULL, write, context };
	mca_code code;

	if (!pem)
		return walk(build, write, context, err);
	armour.ctx = EVP_ENCODE_CTX_new();
	if (armour.ctx == NULL)
		return mca_fail_memory(err);
	code = write_pem(build, &armour, err);
	EVP_ENCODE_CTX_free(armour.ctx);
	return code;
}
