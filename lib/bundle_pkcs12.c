/*
 * bundle_pkcs12.c - key stores and trust stores as PKCS #12 (RFC 7292).
 *
 * A trust store is what Java writes since version 8: certificates without a
 * key, each with an attribute that says it is trusted; without the attribute
 * Java passes them over.
 */
#include "bundle_parts.h"
#include "cleanse.h"
#include "minica/limits.h"
#include "minica/text.h"
#include "minica/x509.h"
#include "ossl.h"

#include <openssl/pkcs12.h>

#include <string.h>

/*
 * Rounds of each of the three derivations (key, certificates, MAC).  More
 * would be better against guessing, but .NET opens nothing with more than
 * 300,000 in one or 1,000,000 in all unless it is told to.
 */
enum { ROUNDS = 200000 };

/* trustedKeyUsage of Oracle's, with anyExtendedKeyUsage for its value. */
#define TRUSTED_KEY_USAGE "2.16.840.1.113894.746875.1.1"

typedef STACK_OF(PKCS12_SAFEBAG) bags;
typedef STACK_OF(PKCS7) safes;
typedef STACK_OF(X509) x509s;
#define bags_free(list) sk_PKCS12_SAFEBAG_pop_free(list, PKCS12_SAFEBAG_free)
#define safes_free(list) sk_PKCS7_pop_free(list, PKCS7_free)
#define x509s_free(list) sk_X509_free(list)
MCA_OWNED(PKCS12, PKCS12_free)
MCA_OWNED(bags, bags_free)
MCA_OWNED(safes, safes_free)
MCA_OWNED(x509s, x509s_free)

/* A passphrase as libcrypto's PKCS #12 takes it: NUL-terminated. */
typedef struct secret {
	char text[MCA_LIMIT_PASSPHRASE + 1];
} secret;

static void
secret_clear(secret *pass)
{
	OPENSSL_cleanse(pass->text, sizeof(pass->text));
	mca_cleanse_traces();
}
MCA_SCOPED(secret, secret_clear)

/*
 * Beyond ASCII the two key derivations encode a passphrase differently, and
 * programs do not agree on either.
 */
static mca_code
ask(secret *out, const struct mca_passphrase *passphrase, struct mca_error *err)
{
	int length;

	mca_cleanse_begin();
	length = passphrase->get(passphrase->context, out->text,
	    sizeof(out->text) - 1, err);
	if (length < 0)
		return err->code;
	if (length == 0)
		return mca_fail(err, MCA_EKEY, "the passphrase is empty");
	for (int i = 0; i < length; i++)
		if (out->text[i] < ' ' || out->text[i] > '~')
			return mca_fail(err, MCA_EKEY,
			    "the passphrase of a PKCS #12 file must be "
			    "printable ASCII: programs read other characters "
			    "in different ways");
	out->text[length] = '\0';
	return MCA_OK;
}

static mca_code
encode(mca_blob *out, PKCS12 *p12, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_PKCS12(p12, &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot encode a PKCS #12 file");
	return mca_blob_copy(out, der, (size_t)length, err);
}

/* ---- key stores ---- */

/* What one kind of reader understands. */
struct scheme {
	int cipher;
	const EVP_MD *(*digest)(void);
};

static const struct scheme modern = { NID_aes_256_cbc, EVP_sha256 };
static const struct scheme legacy = {
	NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
	EVP_sha1,
};

/* Borrows the certificates. */
static x509s *
collect(const mca_certs *certs)
{
	size_t count = certs == NULL ? 0 : certs->count;
	owned(x509s) *list = sk_X509_new_reserve(NULL, (int)count + 1);

	for (size_t i = 0; list != NULL && i < count; i++) {
		X509 *cert = mca_cert_get0_x509(certs->rows[i]);

		if (cert == NULL || sk_X509_push(list, cert) <= 0)
			return NULL;
	}
	return give(&list);
}

static mca_code
key_store(mca_blob *out, const struct mca_bundle *what,
    const struct scheme *scheme, struct mca_error *err)
{
	owned(x509s) *chain = collect(what->chain);
	X509 *cert = mca_cert_get0_x509(what->cert);
	owned(PKCS12) *p12 = NULL;
	scoped(secret) pass = { 0 };

	if (chain == NULL || cert == NULL)
		return mca_fail_memory(err);
	if (ask(&pass, what->passphrase, err) != MCA_OK)
		return err->code;
	p12 = PKCS12_create(pass.text, what->name, mca_key_get0_pkey(what->key),
	    cert, chain, scheme->cipher, scheme->cipher, ROUNDS, -1, 0);
	if (p12 == NULL)
		return mca_fail_ssl(err, MCA_EKEY,
		    "the key cannot be put into a PKCS #12 file");
	if (PKCS12_set_mac(p12, pass.text, -1, NULL, 0, ROUNDS,
		scheme->digest()) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "the PKCS #12 file cannot be protected");
	return encode(out, p12, err);
}

mca_code
mca_bundle_pkcs12(mca_blob *out, const struct mca_bundle *what,
    struct mca_error *err)
{
	return key_store(out, what, &modern, err);
}

mca_code
mca_bundle_pkcs12_legacy(mca_blob *out, const struct mca_bundle *what,
    struct mca_error *err)
{
	return key_store(out, what, &legacy, err);
}

/* ---- trust stores ---- */

/* Entries of one alias would hide each other. */
static void
alias(mca_text *out, const struct mca_bundle *what, const mca_cert *cert)
{
	if (what->name != NULL && what->anchors->count == 1) {
		mca_text_addf(out, "%s", what->name);
		return;
	}
	mca_text_addf(out, "%s ", mca_name_text(mca_cert_subject(cert)));
	mca_text_hex(out, mca_cert_sha256(cert), 8);
}

static bool
add_trusted(bags **list, const mca_cert *cert, const char *name)
{
	owned(ASN1_OBJECT) *any = OBJ_nid2obj(NID_anyExtendedKeyUsage);
	X509 *whole = mca_cert_get0_x509(cert);
	PKCS12_SAFEBAG *bag =
	    whole == NULL ? NULL : PKCS12_add_cert(list, whole);

	return bag != NULL &&
	    PKCS12_add_friendlyname_utf8(bag, name, -1) == 1 &&
	    PKCS12_add1_attr_by_txt(bag, TRUSTED_KEY_USAGE, V_ASN1_OBJECT,
		(const unsigned char *)any, -1) == 1;
}

static mca_code
add_anchors(bags **list, const struct mca_bundle *what, struct mca_error *err)
{
	for (size_t i = 0; i < what->anchors->count; i++) {
		scoped(mca_text) name = { 0 };

		alias(&name, what, what->anchors->rows[i]);
		if (name.failed)
			return mca_fail_memory(err);
		if (!add_trusted(list, what->anchors->rows[i],
			mca_text_get(&name)))
			return mca_fail_ssl(err, MCA_ESYSTEM,
			    "a certificate cannot be put into a trust store");
	}
	return MCA_OK;
}

/*
 * Without a passphrase nothing is encrypted and there is no MAC: any
 * passphrase, and none, opens it.
 */
mca_code
mca_bundle_trust_store(mca_blob *out, const struct mca_bundle *what,
    struct mca_error *err)
{
	bool open = what->passphrase == NULL;
	scoped(secret) pass = { 0 };
	owned(bags) *list = NULL;
	owned(safes) *all = NULL;
	owned(PKCS12) *p12 = NULL;

	if (what->anchors == NULL || what->anchors->count == 0)
		return mca_fail(err, MCA_ENOTFOUND,
		    "there is no root to put into a trust store");
	if ((!open && ask(&pass, what->passphrase, err) != MCA_OK) ||
	    add_anchors(&list, what, err) != MCA_OK)
		return err->code;
	if (PKCS12_add_safe(&all, list, open ? -1 : NID_aes_256_cbc, ROUNDS,
		open ? NULL : pass.text) == 1)
		p12 = PKCS12_add_safes(all, 0);
	if (p12 == NULL ||
	    (!open &&
		PKCS12_set_mac(p12, pass.text, -1, NULL, 0, ROUNDS,
		    EVP_sha256()) != 1))
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "cannot make a trust store");
	return encode(out, p12, err);
}
