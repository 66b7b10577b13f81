/*
 * key.c - see minica/key.h.
 */
#include "minica/key.h"

#include "bare.h"
#include "cleanse.h"
#include "error.h"
#include "heap.h"
#include "key_bounds.h"
#include "key_parts.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/pem.h"
#include "minica/text.h"
#include "minica/x509.h"
#include "object.h"
#include "privkey.h"
#include "pubkey.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct mca_key {
	EVP_PKEY *key;
	mca_spki *spki;
};

void
mca_key_free(mca_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->key);
	mca_spki_free(key->spki);
	free(key);
}

mca_code
mca_key_own(mca_key **out, EVP_PKEY *pkey, struct mca_error *err)
{
	owned(EVP_PKEY) *taken = pkey;
	owned(mca_key) *key = calloc(1, sizeof(*key));
	owned(X509_PUBKEY) *spki = NULL;
	mca_code code;

	if (key == NULL)
		return mca_fail_memory(err);
	if (EVP_PKEY_can_sign(taken) != 1 || EVP_PKEY_is_a(taken, "DSA"))
		return mca_fail(err, MCA_EFORMAT,
		    "a key of type %s cannot be certified for signing",
		    EVP_PKEY_get0_type_name(taken));
	spki = mca_pubkey_encode(taken);
	if (spki == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "its public half cannot be encoded");
	code = mca_spki_from(&key->spki, spki, err);
	if (code != MCA_OK)
		return code;
	key->key = give(&taken);
	*out = give(&key);
	return MCA_OK;
}

const mca_spki *
mca_key_spki(const mca_key *key)
{
	return key->spki;
}

EVP_PKEY *
mca_key_get0_pkey(const mca_key *key)
{
	return key->key;
}

/* ---- loading ---- */

/* What libcrypto's question for a passphrase needs to be answered. */
struct asking {
	const struct mca_passphrase *passphrase;
	struct mca_error *err;
	char answer[MCA_LIMIT_PASSPHRASE];
	int length; /* -1 before it was asked for */
	bool asked;
	bool sealed; /* something is known to need it, within the limit */
};

static int
answer(char *out, int size, int writing, void *context)
{
	struct asking *asking = context;

	(void)writing;
	asking->asked = true;
	if (asking->passphrase == NULL || !asking->sealed)
		return -1;
	if (asking->length < 0)
		asking->length =
		    asking->passphrase->get(asking->passphrase->context,
			asking->answer, sizeof(asking->answer), asking->err);
	if (asking->length < 0 || asking->length > size)
		return -1;
	memcpy(out, asking->answer, (size_t)asking->length);
	return asking->length;
}

/* More objects than a file of MCA_LIMIT_KEY has use for. */
#define OBJECTS 64

/*
 * All private keys that a store gives; the first is kept.  What libcrypto
 * cannot read is passed over ("EC PARAMETERS" stands before a key in old
 * files), but a passphrase that failed once is not tried again.
 */
static EVP_PKEY *
collect(OSSL_STORE_CTX *ctx, const struct asking *asking, size_t *count)
{
	EVP_PKEY *key = NULL;

	*count = 0;
	for (int i = 0; i < OBJECTS && OSSL_STORE_eof(ctx) != 1; i++) {
		owned(OSSL_STORE_INFO) *info = OSSL_STORE_load(ctx);

		if (info == NULL && asking->asked)
			break;
		if (info == NULL ||
		    OSSL_STORE_INFO_get_type(info) != OSSL_STORE_INFO_PKEY)
			continue;
		if ((*count)++ == 0)
			key = OSSL_STORE_INFO_get1_PKEY(info);
	}
	return key;
}

/* A PEM block's DEK-Info names what mca_ciphers_few leaves out, or nothing. */
static bool
has_unknown_cipher(void)
{
	unsigned long first = ERR_peek_error();

	return ERR_GET_LIB(first) == ERR_LIB_PEM &&
	    ERR_GET_REASON(first) == PEM_R_UNSUPPORTED_ENCRYPTION;
}

static mca_code
refuse(const struct asking *asking, size_t count, const char *holds,
    struct mca_error *err)
{
	if (count > 1)
		return mca_fail(err, MCA_EFORMAT,
		    "holds %zu private keys, and only one can be meant", count);
	if (asking->asked && asking->passphrase == NULL)
		return mca_fail(err, MCA_EKEY,
		    "the key is encrypted, and no passphrase was given "
		    "(--pass-file, --pass-fd, --pass-env or --ask-pass)");
	if (asking->asked && !asking->sealed)
		return mca_fail(err, MCA_EFORMAT,
		    "holds an encrypted key in a form whose work cannot be "
		    "told beforehand; have it written anew (openssl pkey)");
	if (asking->asked && asking->length < 0)
		return err->code;
	if (asking->asked)
		return mca_fail(err, MCA_EKEY,
		    "the passphrase does not open this key");
	if (has_unknown_cipher()) {
		ERR_clear_error();
		return mca_fail(err, MCA_EFORMAT,
		    "holds %s under a cipher that is not read here (DEK-Info); "
		    "have it written anew (openssl pkey -aes256)",
		    holds);
	}
	return mca_fail_ssl(err, MCA_EFORMAT, "holds %s, not a private key",
	    holds);
}

/* Reads one key from an opened store. */
static mca_code
load(mca_key **out, OSSL_STORE_CTX *ctx, struct asking *asking,
    const char *holds, struct mca_error *err)
{
	size_t count;
	owned(EVP_PKEY) *key = NULL;

	if (OSSL_STORE_expect(ctx, OSSL_STORE_INFO_PKEY) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot load keys");
	key = collect(ctx, asking, &count);
	if (count != 1)
		return refuse(asking, count, holds, err);
	ERR_clear_error();
	return mca_key_own(out, give(&key), err);
}

static const char *
kind_of_der(const mca_blob *blob)
{
	const uint8_t *end = blob->bytes;
	owned(X509) *cert = mca_bare_x509(&end, blob->length);
	owned(X509_REQ) *req = NULL;
	owned(X509_PUBKEY) *key = NULL;

	end = blob->bytes;
	req = mca_bare_x509_req(&end, blob->length);
	end = blob->bytes;
	key = mca_bare_spki(&end, blob->length);
	ERR_clear_error();
	if (cert != NULL)
		return "a certificate";
	if (req != NULL)
		return "a certificate request";
	return key != NULL ? "a public key" : "something else";
}

/* What a file holds that should have held a key, in words. */
static const char *
kind_of(char out[80], const mca_blob *blob)
{
	scoped(mca_pem) pem = { 0 };
	struct mca_error ignored;

	if (blob->length == 0)
		return "nothing";
	if (mca_pem_parse(&pem, blob->bytes, blob->length, &ignored) !=
		MCA_OK ||
	    pem.count == 0)
		return kind_of_der(blob);
	(void)snprintf(out, 80, "a PEM block \"%s\"",
	    MCA_SHOW_TEXT(pem.blocks[0].label));
	return out;
}

static mca_code
load_bytes(mca_key **out, const mca_blob *blob, struct asking *asking,
    UI_METHOD *ui, struct mca_error *err)
{
	owned(EVP_PKEY) *plain = mca_privkey_plain(blob);
	owned(BIO) *bio = BIO_new_mem_buf(blob->bytes, (int)blob->length);
	owned(OSSL_STORE_CTX) *ctx = NULL;
	char holds[80];

	if (plain != NULL)
		return mca_key_own(out, give(&plain), err);
	if (bio == NULL)
		return mca_fail_memory(err);
	if (mca_key_check_bounds(blob, err) != MCA_OK ||
	    mca_key_examine(&asking->sealed, blob, err) != MCA_OK)
		return err->code;
	ctx = OSSL_STORE_attach(bio, "file", NULL, NULL, ui, asking, NULL, NULL,
	    NULL);
	if (ctx == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot load keys");
	return load(out, ctx, asking, kind_of(holds, blob), err);
}

static mca_code
load_uri(mca_key **out, const char *uri, struct asking *asking, UI_METHOD *ui,
    struct mca_error *err)
{
	owned(OSSL_STORE_CTX) *ctx = NULL;

	mca_heap_stay();
	ctx = OSSL_STORE_open(uri, ui, asking, NULL, NULL);
	if (ctx == NULL)
		return mca_fail_ssl(err, MCA_ENOTFOUND,
		    "no loader can open this URI");
	asking->sealed = true; /* as far as its loader asks */
	return load(out, ctx, asking, "something else", err);
}

/* "scheme:rest", unless a file is called so (RFC 3986, 3.1). */
bool
mca_key_is_uri(const char *where)
{
	const char *c = where;

	if (!isalpha((unsigned char)*c))
		return false;
	while (isalnum((unsigned char)*c) || (*c != '\0' && strchr("+-.", *c)))
		c++;
	return *c == ':' && access(where, F_OK) != 0;
}

static mca_code
load_any(mca_key **out, const char *where, struct asking *asking, UI_METHOD *ui,
    struct mca_error *err)
{
	scoped(mca_blob) blob = { 0 };
	mca_code code;

	if (mca_key_is_uri(where)) {
		code = load_uri(out, where, asking, ui, err);
		return code == MCA_OK
		    ? code
		    : mca_within(err, "%s", MCA_SHOW_TEXT(where));
	}
	code = mca_file_read(&blob, where, MCA_LIMIT_KEY, err);
	if (code != MCA_OK)
		return code;
	code = load_bytes(out, &blob, asking, ui, err);
	return code == MCA_OK ? code : mca_within(err, "%s", where);
}

mca_code
mca_key_parse(mca_key **out, const mca_blob *bytes,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	struct asking asking = { .passphrase = passphrase,
		.err = err,
		.length = -1 };
	UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(answer, 0);
	mca_code code;

	if (ui == NULL)
		return mca_fail_memory(err);
	mca_cleanse_begin();
	code = load_bytes(out, bytes, &asking, ui, err);
	OPENSSL_cleanse(asking.answer, sizeof(asking.answer));
	mca_cleanse_traces();
	UI_destroy_method(ui);
	return code;
}

mca_code
mca_key_load(mca_key **out, const char *where,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	struct asking asking = { .passphrase = passphrase,
		.err = err,
		.length = -1 };
	UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(answer, 0);
	mca_code code;

	if (ui == NULL)
		return mca_fail_memory(err);
	mca_cleanse_begin();
	code = load_any(out, where, &asking, ui, err);
	OPENSSL_cleanse(asking.answer, sizeof(asking.answer));
	mca_cleanse_traces();
	UI_destroy_method(ui);
	return code;
}

/* ---- encoding ---- */

/*
 * scrypt with the most that libcrypto itself reads again: N = 16384, r = 8,
 * p = 1 (its memory limit is 32 MB).
 */
static X509_ALGOR *
scrypt_parameters(void)
{
	unsigned char salt[16];

	if (RAND_bytes(salt, sizeof(salt)) != 1)
		return NULL;
	return PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, sizeof(salt),
	    NULL, 16384, 8, 1);
}

static mca_code
encrypt(mca_blob *out, PKCS8_PRIV_KEY_INFO *info, const char *passphrase,
    int length, struct mca_error *err)
{
	owned(X509_ALGOR) *algorithm = scrypt_parameters();
	owned(X509_SIG) *sealed = NULL;
	owned(ossl_bytes) *der = NULL;
	int size;

	if (algorithm == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot use scrypt");
	sealed = PKCS8_set0_pbe(passphrase, length, info, algorithm);
	if (sealed == NULL)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encrypt the key");
	(void)give(&algorithm);
	size = i2d_X509_SIG(sealed, &der);
	if (size <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encode the key");
	return mca_pem_encode(out, "ENCRYPTED PRIVATE KEY", der, (size_t)size,
	    err);
}

static mca_code
encode_clear(mca_blob *out, PKCS8_PRIV_KEY_INFO *info, struct mca_error *err)
{
	unsigned char *der = NULL;
	int size = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	mca_code code;

	if (size <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot encode the key");
	code = mca_pem_encode(out, "PRIVATE KEY", der, (size_t)size, err);
	OPENSSL_clear_free(der, (size_t)size);
	return code;
}

static mca_code
encode(mca_blob *out, const mca_key *key,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(PKCS8_PRIV_KEY_INFO) *info = mca_privkey_encode(key->key);
	char typed[MCA_LIMIT_PASSPHRASE];
	int length;
	mca_code code;

	if (info == NULL)
		return mca_fail_ssl(err, MCA_EKEY,
		    "this key does not leave where it is kept");
	if (passphrase == NULL)
		return encode_clear(out, info, err);

	length =
	    passphrase->get(passphrase->context, typed, sizeof(typed), err);
	if (length < 0)
		return err->code;
	code = length == 0 ? mca_fail(err, MCA_EKEY, "the passphrase is empty")
			   : encrypt(out, info, typed, length, err);
	OPENSSL_cleanse(typed, sizeof(typed));
	return code;
}

mca_code
mca_key_encode(mca_blob *out, const mca_key *key,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	mca_code code;

	mca_cleanse_begin();
	code = encode(out, key, passphrase, err);
	mca_cleanse_traces();
	return code;
}
