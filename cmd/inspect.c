/*
 * inspect.c - minica inspect: what is in a file, whatever it is.
 */
#include "account.h"
#include "fail.h"
#include "json.h"
#include "pass.h"

#include <string.h>

struct args {
	struct words files;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARGS, 0, "FILE", NULL, FIELD(files),
	    "certificate, request, CRL or key, PEM or DER" },
	PASS_OPTS,
	{ 0 },
};

/* One thing to look at, and what it takes to open it. */
struct subject {
	struct session *s;
	json_t *row; /* of the file, in the document */
	const mca_blob *file;
	const uint8_t *bytes;
	size_t length;
	const struct mca_passphrase *passphrase;
};

typedef mca_code look(const struct subject *what, struct mca_error *err);

static void
tell_cert(const struct subject *what, const mca_cert *cert)
{
	account_cert(what->s, cert);
	if (what->row != NULL)
		json_push(what->row, "objects", json_cert(cert));
}

static mca_code
look_cert(const struct subject *what, struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;

	if (mca_cert_parse(&cert, what->bytes, what->length, err) != MCA_OK)
		return err->code;
	tell_cert(what, cert);
	return MCA_OK;
}

/* PKCS #7 and PKCS #12. */
static mca_code
look_bundle(const struct subject *what, struct mca_error *err)
{
	scoped(mca_certs) certs = { 0 };

	if (mca_certs_parse(&certs, what->bytes, what->length, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < certs.count; i++)
		tell_cert(what, certs.rows[i]);
	return MCA_OK;
}

static mca_code
look_csr(const struct subject *what, struct mca_error *err)
{
	owned(mca_csr) *csr = NULL;

	if (mca_csr_parse(&csr, what->bytes, what->length, err) != MCA_OK)
		return err->code;
	account_csr(what->s, csr);
	if (what->row != NULL)
		json_push(what->row, "objects", json_csr(csr));
	return MCA_OK;
}

static mca_code
look_crl(const struct subject *what, struct mca_error *err)
{
	owned(mca_crl) *crl = NULL;

	if (mca_crl_parse(&crl, what->bytes, what->length, err) != MCA_OK)
		return err->code;
	account_crl(what->s, crl);
	if (what->row != NULL)
		json_push(what->row, "objects", json_crl(crl));
	return MCA_OK;
}

static void
tell_key(const struct subject *what, const mca_spki *spki, const char *kind)
{
	json_t *object;

	print(what->s, "%s\n", kind);
	account_spki(what->s, spki);
	if (what->row == NULL)
		return;
	object = json_spki(spki);
	json_put(object, "kind", json_text(kind));
	json_push(what->row, "objects", object);
}

static mca_code
look_public(const struct subject *what, struct mca_error *err)
{
	owned(mca_spki) *spki = NULL;

	if (mca_spki_parse(&spki, what->bytes, what->length, err) != MCA_OK)
		return err->code;
	tell_key(what, spki, "public key");
	return MCA_OK;
}

/* Of a private key, the public half alone is shown. */
static mca_code
look_private(const struct subject *what, struct mca_error *err)
{
	owned(mca_key) *key = NULL;

	if (mca_key_parse(&key, what->file, what->passphrase, err) != MCA_OK)
		return err->code;
	tell_key(what, mca_key_spki(key), "private key");
	return MCA_OK;
}

/* Curve parameters stand before a key in old files, and say no more. */
static mca_code
look_away(const struct subject *what, struct mca_error *err)
{
	(void)what;
	(void)err;
	return MCA_OK;
}

/* PEM labels (RFC 7468, and older ones), and DER tried in this order. */
static const struct kind {
	const char *label;
	look *look;
	bool whole; /* the looker wants the file, not the block's DER */
} kinds[] = {
	{ "CERTIFICATE", look_cert, false },
	{ "X509 CERTIFICATE", look_cert, false },
	{ "CERTIFICATE REQUEST", look_csr, false },
	{ "NEW CERTIFICATE REQUEST", look_csr, false },
	{ "X509 CRL", look_crl, false },
	{ "PUBLIC KEY", look_public, false },
	{ "PRIVATE KEY", look_private, true },
	{ "ENCRYPTED PRIVATE KEY", look_private, true },
	{ "EC PRIVATE KEY", look_private, true },
	{ "EC PARAMETERS", look_away, false },
	{ "RSA PRIVATE KEY", look_private, true },
	{ "PKCS7", look_bundle, true },
	{ "CMS", look_bundle, true },
};

static look *const der_kinds[] = { look_cert, look_csr, look_crl, look_public,
	look_bundle };

static mca_code
look_block(const struct subject *file, const struct mca_pem_block *block,
    struct mca_error *err)
{
	struct subject what = *file;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(block->label, kinds[i].label) != 0)
			continue;
		if (!kinds[i].whole) {
			what.bytes = block->der.bytes;
			what.length = block->der.length;
		}
		return kinds[i].look(&what, err);
	}
	return fail(err, MCA_EFORMAT, "a PEM block \"%s\" is not for minica",
	    MCA_SHOW_TEXT(block->label));
}

/* The key comes last: its error names the passphrase, or what is there. */
static mca_code
look_der(const struct subject *what, struct mca_error *err)
{
	mca_code code;

	if (what->length == 0)
		return fail(err, MCA_EFORMAT, "is empty");
	for (size_t i = 0; i < sizeof(der_kinds) / sizeof(der_kinds[0]); i++)
		if (der_kinds[i](what, err) == MCA_OK)
			return MCA_OK;
	code = look_private(what, err);
	if (code != MCA_EFORMAT)
		return code;
	return fail(err, MCA_EFORMAT,
	    "is neither PEM nor, in DER, one whole certificate, request, CRL, "
	    "key or PKCS #7 or #12 bundle");
}

static mca_code
look_file(const struct subject *whose, const char *path, struct mca_error *err)
{
	struct subject what = *whose;
	scoped(mca_blob) bytes = { 0 };
	scoped(mca_pem) pem = { 0 };

	if (mca_file_read(&bytes, path, MCA_LIMIT_CRL, err) != MCA_OK)
		return err->code;
	what.file = &bytes;
	what.bytes = bytes.bytes;
	what.length = bytes.length;
	if (mca_pem_parse(&pem, bytes.bytes, bytes.length, err) != MCA_OK)
		return within(err, "%s", MCA_SHOW_TEXT(path));
	if (pem.count == 0 && look_der(&what, err) != MCA_OK)
		return within(err, "%s", MCA_SHOW_TEXT(path));
	for (size_t i = 0; i < pem.count; i++)
		if (look_block(&what, &pem.blocks[i], err) != MCA_OK)
			return within(err, "%s: line %zu", MCA_SHOW_TEXT(path),
			    pem.blocks[i].line);
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct words *files = &args->files;
	const struct mca_passphrase *passphrase;
	mca_code worst = MCA_OK;

	if (pass_source(&passphrase, &args->pass, false, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < files->count; i++) {
		json_t *row = json_row(s->doc, "files");
		const struct subject what = { s, row, NULL, NULL, 0,
			passphrase };
		struct mca_error bad = { 0 };

		json_put(row, "file", json_text(files->rows[i]));
		if (files->count > 1)
			print(s, "%s%s:\n", i == 0 ? "" : "\n",
			    MCA_SHOW_TEXT(files->rows[i]));
		if (look_file(&what, files->rows[i], &bad) != MCA_OK)
			worst = worse(worst, complain(s, row, &bad));
	}
	return worst;
}

const struct command inspect_command = {
	"inspect",
	"Tell what is in a file",
	opts,
	sizeof(struct args),
	run,
	"Of a private key only the public half is shown.\n"
	"\n"
	"  minica inspect web.pem\n"
	"  openssl s_client -connect example.org:443 </dev/null |\n"
	"      minica inspect -\n",
};
