/*
 * spki.c - see minica/spki.h.
 */
#include "minica/spki.h"

#include "algorithm.h"
#include "bare.h"
#include "error.h"
#include "minica/blob.h"
#include "minica/x509.h"
#include "object.h"
#include "pubkey.h"
#include "weak_parts.h"

#include <stdatomic.h>
#include <string.h>

struct mca_spki {
	atomic_size_t others; /* that hold it, besides the first */
	atomic_uint sound;    /* kinds of rules that it keeps */
	EVP_PKEY *key;	      /* NULL: not to be decoded */
	mca_blob der;
	char algorithm[MCA_ALGORITHM_TEXT];
	int bits;
	uint8_t sha256[MCA_SHA256_SIZE];
	uint8_t key_id[MCA_SHA256_SIZE]; /* the first MCA_KEY_ID_SIZE count */
};

void
mca_spki_free(mca_spki *spki)
{
	if (spki == NULL || atomic_fetch_sub(&spki->others, 1) > 0)
		return;
	EVP_PKEY_free(spki->key);
	mca_blob_clear(&spki->der);
	free(spki);
}

/* What changes of a const key: who holds it, and what is known about it. */
static mca_spki *
writable(const mca_spki *spki)
{
	return (mca_spki *)(uintptr_t)spki;
}

mca_spki *
mca_spki_ref(const mca_spki *spki)
{
	mca_spki *same = writable(spki);

	atomic_fetch_add(&same->others, 1);
	return same;
}

unsigned
mca_spki_sound(const mca_spki *spki)
{
	return atomic_load(&writable(spki)->sound);
}

void
mca_spki_found_sound(const mca_spki *spki, unsigned kinds)
{
	atomic_fetch_or(&writable(spki)->sound, kinds);
}

/* What can be told without libcrypto, and is put right when it has the key. */
static mca_code
fill(mca_spki *spki, const mca_rawkey *raw, struct mca_error *err)
{
	mca_code code;

	mca_rawkey_name(spki->algorithm, sizeof(spki->algorithm), raw);
	if ((code = mca_blob_copy(&spki->der, raw->der, raw->der_length,
		 err)) != MCA_OK ||
	    (code = mca_sha256(spki->key_id, raw->bits, raw->length, err)) !=
		MCA_OK)
		return code;
	return mca_sha256(spki->sha256, raw->der, raw->der_length, err);
}

static mca_code
decode(mca_spki *spki, const X509_PUBKEY *key, struct mca_error *err)
{
	spki->key = mca_pubkey_decode(key);
	if (spki->key == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "the public key cannot be decoded");
	(void)mca_algorithm_of(spki->algorithm, spki->key);
	spki->bits = EVP_PKEY_get_bits(spki->key);
	return MCA_OK;
}

/* Reads and fills; what there is to decode is for the caller to decide. */
static mca_code
begin(mca_spki *spki, mca_rawkey *raw, ossl_bytes **der, const X509_PUBKEY *key,
    struct mca_error *err)
{
	int length = i2d_X509_PUBKEY(key, der);
	mca_code code;

	if (length <= 0)
		return mca_fail_ssl(err, MCA_EFORMAT, "not a public key");
	code = mca_rawkey_parse(raw, *der, (size_t)length, err);
	return code == MCA_OK ? fill(spki, raw, err) : code;
}

mca_code
mca_spki_examine(mca_spki **out, X509_PUBKEY *key, struct mca_error *err)
{
	owned(mca_spki) *spki = calloc(1, sizeof(*spki));
	scoped(mca_rawkey) raw = { 0 };
	owned(ossl_bytes) *der = NULL;
	mca_code code;

	if (spki == NULL)
		return mca_fail_memory(err);
	code = begin(spki, &raw, &der, key, err);
	if (code != MCA_OK)
		return code;
	if (mca_weak_is(&raw, MCA_WEAK_UNSAFE)) {
		spki->bits = mca_rawkey_bits(&raw);
	} else {
		mca_spki_found_sound(spki, MCA_WEAK_UNSAFE);
		code = decode(spki, key, err);
	}
	if (code != MCA_OK)
		return code;
	*out = give(&spki);
	return MCA_OK;
}

/* A named curve is decoded with its point checked, which leaves RSA. */
mca_code
mca_spki_from(mca_spki **out, X509_PUBKEY *key, struct mca_error *err)
{
	owned(mca_spki) *spki = calloc(1, sizeof(*spki));
	scoped(mca_rawkey) raw = { 0 };
	owned(ossl_bytes) *der = NULL;
	mca_code code;

	if (spki == NULL)
		return mca_fail_memory(err);
	code = begin(spki, &raw, &der, key, err);
	if (code == MCA_OK && raw.kind == MCA_RAW_RSA &&
	    mca_weak_is(&raw, MCA_WEAK_UNSAFE))
		return mca_fail(err, MCA_EFORMAT,
		    "the public key is not one to be used (docs/keys.md)");
	if (code == MCA_OK)
		code = decode(spki, key, err);
	if (code != MCA_OK)
		return code;
	*out = give(&spki);
	return MCA_OK;
}

mca_code
mca_spki_parse(mca_spki **out, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	const uint8_t *end = der;
	owned(X509_PUBKEY) *key = mca_bare_spki(&end, length);

	if (key == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT, "not a public key");
	if (end != der + length)
		return mca_fail(err, MCA_EFORMAT,
		    "bytes follow the public key");
	return mca_spki_examine(out, key, err);
}

bool
mca_spki_is_decoded(const mca_spki *spki)
{
	return spki->key != NULL;
}

bool
mca_spki_copy(X509_PUBKEY *to, const mca_spki *spki)
{
	const uint8_t *at = spki->der.bytes;
	owned(X509_PUBKEY) *from = mca_bare_spki(&at, spki->der.length);

	return from != NULL && mca_pubkey_copy(to, from);
}

const uint8_t *
mca_spki_der(const mca_spki *spki, size_t *length)
{
	*length = spki->der.length;
	return spki->der.bytes;
}

const char *
mca_spki_algorithm(const mca_spki *spki)
{
	return spki->algorithm;
}

int
mca_spki_bits(const mca_spki *spki)
{
	return spki->bits;
}

const uint8_t *
mca_spki_sha256(const mca_spki *spki)
{
	return spki->sha256;
}

const uint8_t *
mca_spki_key_id(const mca_spki *spki)
{
	return spki->key_id;
}

bool
mca_spki_equal(const mca_spki *a, const mca_spki *b)
{
	return a->der.length == b->der.length &&
	    memcmp(a->der.bytes, b->der.bytes, a->der.length) == 0;
}

EVP_PKEY *
mca_spki_get0_pkey(const mca_spki *spki)
{
	return spki->key;
}
