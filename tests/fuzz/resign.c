/*
 * resign.c - see resign.h.
 */
#include "resign.h"

#include "der.h"
#include "fuzz.h"
#include "tlv.h"

#include <openssl/evp.h>

#define KEYS 8
#define CONTEXT 2 /* the class of [0], [1], ... */
#define SEQUENCE MCA_DER_SEQUENCE
#define BIT_STRING 3

static EVP_PKEY *keys[KEYS];

/* AlgorithmIdentifier of Ed25519 (RFC 8410, 3). */
static const uint8_t ed25519[] = { 0x30, 5, 6, 3, 0x2b, 0x65, 0x70 };

void
resign_begin(void)
{
	uint8_t secret[32];

	for (unsigned i = 0; i < KEYS; i++) {
		memset(secret, (int)(0x51 + i), sizeof(secret));
		keys[i] = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
		    secret, sizeof(secret));
		fuzz_require(keys[i] != NULL);
	}
}

/* FNV-1a: every octet of the name counts. */
static EVP_PKEY *
key_of(const uint8_t *name, size_t length)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ name[i]) * 16777619U;
	return keys[(hash ^ hash >> 16) % KEYS];
}

/* RFC 8410, 7. */
void
resign_key(mca_text *out, const uint8_t *name, size_t name_length)
{
	static const uint8_t head[] = { 0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3,
		0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20 };
	uint8_t raw[32];
	size_t length = sizeof(raw);

	fuzz_require(EVP_PKEY_get_raw_private_key(key_of(name, name_length),
			 raw, &length) == 1);
	mca_text_add(out, (const char *)head, sizeof(head));
	mca_text_add(out, (const char *)raw, length);
}

/* An element of a sequence, header included. */
struct piece {
	const uint8_t *at;
	size_t length;
	struct mca_tlv_element element;
};

static bool
take(struct mca_tlv *in, struct piece *out)
{
	out->at = in->at;
	if (in->at == in->end || mca_tlv_read(in, &out->element) != NULL)
		return false;
	out->length = (size_t)(in->at - out->at);
	return true;
}

/* Takes the next element if it is [n]; true also when it is another one. */
static bool
take_context(struct mca_tlv *in, struct piece *out, uint8_t n)
{
	struct mca_tlv before = *in;

	*out = (struct piece){ .at = in->at };
	if (in->at == in->end)
		return true;
	if (!take(in, out))
		return false;
	if (out->element.class == CONTEXT && out->element.tag == n)
		return true;
	*in = before;
	*out = (struct piece){ .at = in->at };
	return true;
}

static bool
enter(struct mca_tlv *out, const struct piece *piece)
{
	*out = piece->element.value;
	return piece->element.constructed;
}

/* The contents of the first element within the first element. */
static bool
enter_signed(struct mca_tlv *out, const uint8_t *der, size_t length)
{
	struct mca_tlv in = { der, der + length };
	struct piece whole, inner;

	return take(&in, &whole) && enter(out, &whole) && take(out, &inner) &&
	    enter(out, &inner);
}

static void
add(mca_text *out, const struct piece *piece)
{
	mca_text_add(out, (const char *)piece->at, piece->length);
}

static void
add_rest(mca_text *out, const struct mca_tlv *in)
{
	mca_text_add(out, (const char *)in->at, (size_t)(in->end - in->at));
}

static void
add_algorithm(mca_text *out)
{
	mca_text_add(out, (const char *)ed25519, sizeof(ed25519));
}

static void
add_spki(mca_text *out, EVP_PKEY *key)
{
	scoped(mca_text) spki = { 0 };
	uint8_t raw[32];
	size_t length = sizeof(raw);

	fuzz_require(EVP_PKEY_get_raw_public_key(key, raw, &length) == 1);
	add_algorithm(&spki);
	mca_der_bits(&spki, raw, length);
	mca_der_wrap(out, SEQUENCE, &spki);
}

/* SEQUENCE of what is signed, the algorithm, the signature, and `more`. */
static bool
seal(mca_text *out, const mca_text *contents, EVP_PKEY *key,
    const struct mca_tlv *more)
{
	scoped(mca_text) tbs = { 0 }, whole = { 0 };
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[64];
	size_t length = sizeof(signature);

	mca_der_wrap(&tbs, SEQUENCE, contents);
	fuzz_require(context != NULL &&
	    EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestSign(context, signature, &length,
		(const uint8_t *)mca_text_get(&tbs), tbs.length) == 1);
	EVP_MD_CTX_free(context);
	mca_text_add(&whole, mca_text_get(&tbs), tbs.length);
	add_algorithm(&whole);
	mca_der_bits(&whole, signature, length);
	if (more != NULL)
		add_rest(&whole, more);
	mca_der_wrap(out, SEQUENCE, &whole);
	return !out->failed;
}

/* RFC 2986, 4.1: version, subject, key, attributes. */
bool
resign_csr(mca_text *out, const uint8_t *der, size_t length)
{
	scoped(mca_text) contents = { 0 };
	struct piece version, subject, spki;
	struct mca_tlv in;
	EVP_PKEY *key;

	if (!enter_signed(&in, der, length) || !take(&in, &version) ||
	    !take(&in, &subject) || !take(&in, &spki))
		return false;
	key = key_of(subject.at, subject.length);
	add(&contents, &version);
	add(&contents, &subject);
	add_spki(&contents, key);
	add_rest(&contents, &in);
	return seal(out, &contents, key, NULL);
}

/* RFC 5280, 4.1. */
bool
resign_cert(mca_text *out, const uint8_t *der, size_t length)
{
	scoped(mca_text) contents = { 0 };
	struct piece version, serial, algorithm, issuer, validity, subject, key;
	struct mca_tlv in;

	if (!enter_signed(&in, der, length) ||
	    !take_context(&in, &version, 0) || !take(&in, &serial) ||
	    !take(&in, &algorithm) || !take(&in, &issuer) ||
	    !take(&in, &validity) || !take(&in, &subject) || !take(&in, &key))
		return false;
	add(&contents, &version);
	add(&contents, &serial);
	add_algorithm(&contents);
	add(&contents, &issuer);
	add(&contents, &validity);
	add(&contents, &subject);
	add_spki(&contents, key_of(subject.at, subject.length));
	add_rest(&contents, &in);
	return seal(out, &contents, key_of(issuer.at, issuer.length), NULL);
}

/* RFC 5280, 5.1: the version may be left out. */
bool
resign_crl(mca_text *out, const uint8_t *der, size_t length)
{
	scoped(mca_text) contents = { 0 };
	struct piece first, algorithm, issuer;
	struct mca_tlv in;

	if (!enter_signed(&in, der, length) || !take(&in, &first))
		return false;
	if (first.element.tag == MCA_TAG_INTEGER) {
		add(&contents, &first);
		if (!take(&in, &algorithm))
			return false;
	}
	if (!take(&in, &issuer))
		return false;
	add_algorithm(&contents);
	add(&contents, &issuer);
	add_rest(&contents, &in);
	return seal(out, &contents, key_of(issuer.at, issuer.length), NULL);
}

/* BasicOCSPResponse: signed data, algorithm, signature, certificates. */
static bool
resign_basic(mca_text *out, const struct mca_tlv *octets, EVP_PKEY *key)
{
	scoped(mca_text) contents = { 0 };
	struct piece whole, data, algorithm, signature;
	struct mca_tlv in = *octets, inner, fields;

	if (!take(&in, &whole) || !enter(&inner, &whole) ||
	    !take(&inner, &data) || !enter(&fields, &data) ||
	    !take(&inner, &algorithm) || !take(&inner, &signature))
		return false;
	add_rest(&contents, &fields);
	return seal(out, &contents, key, &inner);
}

/* RFC 6960, 4.2.1: a status, and [0] of an OID and octets. */
bool
resign_ocsp(mca_text *out, const uint8_t *der, size_t length,
    const uint8_t *name, size_t name_length)
{
	scoped(mca_text) basic = { 0 }, bytes = { 0 }, tagged = { 0 },
			 whole = { 0 };
	struct mca_tlv in = { der, der + length }, at, inner;
	struct piece outer, status, tag, pair, oid, octets;

	if (!take(&in, &outer) || !enter(&at, &outer) || !take(&at, &status) ||
	    !take_context(&at, &tag, 0) || tag.length == 0 ||
	    !enter(&inner, &tag) || !take(&inner, &pair) ||
	    !enter(&inner, &pair) || !take(&inner, &oid) ||
	    !take(&inner, &octets) ||
	    !resign_basic(&basic, &octets.element.value,
		key_of(name, name_length)))
		return false;
	add(&bytes, &oid);
	mca_der_wrap(&bytes, MCA_TAG_OCTET_STRING, &basic);
	mca_der_wrap(&tagged, SEQUENCE, &bytes);
	add(&whole, &status);
	mca_der_wrap(&whole, MCA_DER_EXPLICIT(0), &tagged);
	mca_der_wrap(out, SEQUENCE, &whole);
	return !out->failed;
}
