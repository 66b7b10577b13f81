/*
 * privkey.c - see privkey.h.
 *
 * OSSL_STORE tries every decoder of every loader on a file, and sets them all
 * up for that: five million instructions before the first signature, where
 * the whole of a signature needs twenty-seven; OSSL_ENCODER does the same at
 * every key.  The usual keys are read and written here in their one form
 * instead.
 */
#include "privkey.h"

#include "curve.h"
#include "minica/pem.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include <string.h>

typedef ASN1_SEQUENCE_ANY secret_sequence;

static void
forget(ASN1_TYPE *value)
{
	if (value->type == V_ASN1_OCTET_STRING)
		OPENSSL_cleanse(value->value.octet_string->data,
		    (size_t)value->value.octet_string->length);
	ASN1_TYPE_free(value);
}

static void
secret_sequence_free(secret_sequence *sequence)
{
	sk_ASN1_TYPE_pop_free(sequence, forget);
}
MCA_OWNED(secret_sequence, secret_sequence_free)

/*
 *	ECPrivateKey ::= SEQUENCE {
 *	     version        INTEGER { ecPrivkeyVer1(1) },
 *	     privateKey     OCTET STRING,
 *	     parameters [0] ECParameters {{ NamedCurve }} OPTIONAL,
 *	     publicKey  [1] BIT STRING OPTIONAL }
 *
 * (RFC 5915, 3); the curve is named by PKCS #8 already.
 */
enum { AT_VERSION, AT_PRIVATE, AFTER_PRIVATE };
enum { MOST_OCTETS = 66 }; /* of a number on P-521 */

static const ASN1_OCTET_STRING *
private_half(const secret_sequence *sequence)
{
	const ASN1_TYPE *version = sk_ASN1_TYPE_value(sequence, AT_VERSION);
	const ASN1_TYPE *octets = sk_ASN1_TYPE_value(sequence, AT_PRIVATE);

	if (version->type != V_ASN1_INTEGER ||
	    ASN1_INTEGER_get(version->value.integer) != 1 ||
	    octets->type != V_ASN1_OCTET_STRING)
		return NULL;
	return octets->value.octet_string;
}

/* The last field, which the tag of its explicit wrapping tells. */
static ASN1_BIT_STRING *
public_half(const secret_sequence *sequence)
{
	const ASN1_TYPE *last =
	    sk_ASN1_TYPE_value(sequence, sk_ASN1_TYPE_num(sequence) - 1);
	const ASN1_STRING *whole = last->value.asn1_string;
	const uint8_t *at;
	long length;
	int tag, class, form;

	if (last->type != V_ASN1_OTHER)
		return NULL;
	at = ASN1_STRING_get0_data(whole);
	form = ASN1_get_object(&at, &length, &tag, &class,
	    ASN1_STRING_length(whole));
	if (form != V_ASN1_CONSTRUCTED || tag != 1 ||
	    class != V_ASN1_CONTEXT_SPECIFIC)
		return NULL;
	return d2i_ASN1_BIT_STRING(NULL, &at, length);
}

/* libcrypto takes numbers in the order of the machine's octets. */
static EVP_PKEY *
make_ec(int nid, const BIGNUM *secret, const ASN1_BIT_STRING *public)
{
	owned(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	unsigned char native[MOST_OCTETS];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    (char *)(uintptr_t)OBJ_nid2sn(nid), 0),
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native,
		    sizeof(native)),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		    (void *)(uintptr_t)ASN1_STRING_get0_data(public),
		    (size_t)ASN1_STRING_length(public)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *key = NULL;

	if (BN_bn2nativepad(secret, native, sizeof(native)) == sizeof(native) &&
	    ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	OPENSSL_cleanse(native, sizeof(native));
	return key;
}

static EVP_PKEY *
read_ec(const X509_ALGOR *algorithm, const uint8_t *bits, long length)
{
	const uint8_t *at = bits;
	owned(secret_sequence) *sequence =
	    d2i_ASN1_SEQUENCE_ANY(NULL, &at, length);
	owned(ASN1_BIT_STRING) *public = NULL;
	const ASN1_OCTET_STRING *octets;
	BIGNUM *secret;
	const void *curve;
	EVP_PKEY *key;
	int type;

	X509_ALGOR_get0(NULL, &type, &curve, algorithm);
	if (type != V_ASN1_OBJECT || !mca_curve_is_usual(OBJ_obj2nid(curve)) ||
	    sequence == NULL || at != bits + length ||
	    sk_ASN1_TYPE_num(sequence) <= AFTER_PRIVATE ||
	    (octets = private_half(sequence)) == NULL ||
	    (public = public_half(sequence)) == NULL)
		return NULL;
	secret = BN_bin2bn(ASN1_STRING_get0_data(octets),
	    ASN1_STRING_length(octets), NULL);
	key =
	    secret == NULL ? NULL : make_ec(OBJ_obj2nid(curve), secret, public);
	BN_clear_free(secret);
	return key;
}

/* CurvePrivateKey ::= OCTET STRING (RFC 8410, 7) */
static EVP_PKEY *
read_ed25519(const X509_ALGOR *algorithm, const uint8_t *bits, long length)
{
	const uint8_t *at = bits;
	ASN1_OCTET_STRING *octets;
	EVP_PKEY *key;
	int type;

	X509_ALGOR_get0(NULL, &type, NULL, algorithm);
	octets = type == V_ASN1_UNDEF ? d2i_ASN1_OCTET_STRING(NULL, &at, length)
				      : NULL;
	if (octets == NULL)
		return NULL;
	key = at != bits + length
	    ? NULL
	    : EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
		  ASN1_STRING_get0_data(octets),
		  (size_t)ASN1_STRING_length(octets));
	OPENSSL_cleanse(octets->data, (size_t)octets->length);
	ASN1_OCTET_STRING_free(octets);
	return key;
}

static EVP_PKEY *
read_pkcs8(const mca_blob *der)
{
	const uint8_t *at = der->bytes, *bits;
	owned(PKCS8_PRIV_KEY_INFO) *info =
	    d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der->length);
	const X509_ALGOR *algorithm;
	const ASN1_OBJECT *oid;
	int length;

	if (info == NULL || at != der->bytes + der->length ||
	    PKCS8_pkey_get0(&oid, &bits, &length, &algorithm, info) != 1)
		return NULL;
	switch (OBJ_obj2nid(oid)) {
	case NID_X9_62_id_ecPublicKey:
		return read_ec(algorithm, bits, length);
	case NID_ED25519:
		return read_ed25519(algorithm, bits, length);
	default:
		return NULL;
	}
}

EVP_PKEY *
mca_privkey_plain(const mca_blob *file)
{
	scoped(mca_pem) pem = { 0 };
	struct mca_error ignored;
	EVP_PKEY *key = NULL;

	if (mca_pem_parse(&pem, file->bytes, file->length, &ignored) ==
		MCA_OK &&
	    pem.count == 1 && strcmp(pem.blocks[0].label, "PRIVATE KEY") == 0)
		key = read_pkcs8(&pem.blocks[0].der);
	if (key == NULL)
		ERR_clear_error();
	return key;
}

/* ---- encoding ---- */

/* The octets of a header and what follows, in memory to be cleansed. */
struct octets {
	unsigned char *bytes, *end;
	size_t length;
};

static bool
room(struct octets *out, int length)
{
	out->length = length > 0 ? (size_t)length : 0;
	out->bytes = out->end = OPENSSL_malloc(out->length);
	return out->bytes != NULL && length > 0;
}

static PKCS8_PRIV_KEY_INFO *
wrap(int nid, int type, ASN1_OBJECT *parameters, const struct octets *octets)
{
	owned(PKCS8_PRIV_KEY_INFO) *info = PKCS8_PRIV_KEY_INFO_new();

	if (info != NULL &&
	    PKCS8_pkey_set0(info, OBJ_nid2obj(nid), 0, type, parameters,
		octets->bytes, (int)octets->length) == 1)
		return give(&info);
	OPENSSL_clear_free(octets->bytes, octets->length);
	return NULL;
}

static void
put_octets(struct octets *out, int tag, const unsigned char *bytes,
    size_t length)
{
	ASN1_put_object(&out->end, 0, (int)length, tag, V_ASN1_UNIVERSAL);
	memcpy(out->end, bytes, length);
	out->end += length;
}

/* The number on the curve, as long as its order (RFC 5915, 3). */
struct scalar {
	unsigned char bytes[MOST_OCTETS];
	int length;
};

static bool
read_scalar(struct scalar *out, EVP_PKEY *key, int nid)
{
	owned(EC_GROUP) *own = NULL;
	const EC_GROUP *group = mca_curve(&own, nid);
	BIGNUM *secret = NULL;
	bool good;

	if (group == NULL ||
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &secret) != 1)
		return false;
	out->length = (EC_GROUP_order_bits(group) + 7) / 8;
	good = BN_bn2binpad(secret, out->bytes, out->length) == out->length;
	BN_clear_free(secret);
	return good;
}

/* The point with the octet before it that counts unused bits. */
static PKCS8_PRIV_KEY_INFO *
write_ec(int nid, const struct scalar *secret, const unsigned char *point,
    size_t length)
{
	int bits = (int)length + 1;
	int wrapped = ASN1_object_size(0, bits, V_ASN1_BIT_STRING);
	int fields = ASN1_object_size(0, 1, V_ASN1_INTEGER) +
	    ASN1_object_size(0, secret->length, V_ASN1_OCTET_STRING) +
	    ASN1_object_size(1, wrapped, 1);
	struct octets out;

	if (!room(&out, ASN1_object_size(1, fields, V_ASN1_SEQUENCE)))
		return NULL;
	ASN1_put_object(&out.end, 1, fields, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
	put_octets(&out, V_ASN1_INTEGER, (const unsigned char[]){ 1 }, 1);
	put_octets(&out, V_ASN1_OCTET_STRING, secret->bytes,
	    (size_t)secret->length);
	ASN1_put_object(&out.end, 1, wrapped, 1, V_ASN1_CONTEXT_SPECIFIC);
	ASN1_put_object(&out.end, 0, bits, V_ASN1_BIT_STRING, V_ASN1_UNIVERSAL);
	*out.end++ = 0;
	memcpy(out.end, point, length);
	return wrap(NID_X9_62_id_ecPublicKey, V_ASN1_OBJECT, OBJ_nid2obj(nid),
	    &out);
}

static PKCS8_PRIV_KEY_INFO *
encode_ec(EVP_PKEY *key)
{
	owned(ossl_bytes) *point = NULL;
	PKCS8_PRIV_KEY_INFO *info = NULL;
	struct scalar secret;
	char curve[64];
	size_t length;
	int nid;

	if (EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL) != 1 ||
	    !mca_curve_is_usual(nid = OBJ_txt2nid(curve)))
		return NULL;
	length = EVP_PKEY_get1_encoded_public_key(key, &point);
	if (length > 0 && read_scalar(&secret, key, nid))
		info = write_ec(nid, &secret, point, length);
	OPENSSL_cleanse(&secret, sizeof(secret));
	return info;
}

static PKCS8_PRIV_KEY_INFO *
encode_ed25519(EVP_PKEY *key)
{
	unsigned char secret[32];
	size_t length = sizeof(secret);
	PKCS8_PRIV_KEY_INFO *info = NULL;
	struct octets out;

	if (EVP_PKEY_get_raw_private_key(key, secret, &length) == 1 &&
	    room(&out, ASN1_object_size(0, (int)length, V_ASN1_OCTET_STRING))) {
		put_octets(&out, V_ASN1_OCTET_STRING, secret, length);
		info = wrap(NID_ED25519, V_ASN1_UNDEF, NULL, &out);
	}
	OPENSSL_cleanse(secret, sizeof(secret));
	return info;
}

PKCS8_PRIV_KEY_INFO *
mca_privkey_encode(EVP_PKEY *key)
{
	PKCS8_PRIV_KEY_INFO *info = NULL;

	if (EVP_PKEY_is_a(key, "EC"))
		info = encode_ec(key);
	else if (EVP_PKEY_is_a(key, "ED25519"))
		info = encode_ed25519(key);
	if (info != NULL)
		return info;
	ERR_clear_error();
	return EVP_PKEY2PKCS8(key);
}
