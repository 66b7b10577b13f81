/*
 * pubkey.c - see pubkey.h.
 *
 * The usual types of key are handed to libcrypto by their numbers, which costs
 * a fifth of letting OSSL_DECODER find out what they are, and a fraction of
 * what OSSL_ENCODER takes; they are asked for all others.
 */
#include "pubkey.h"

#include "curve.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

/* What a SubjectPublicKeyInfo holds (RFC 5280, 4.1.2.7). */
struct parts {
	const X509_PUBKEY *spki;
	const uint8_t *bits; /* of subjectPublicKey */
	size_t length;
	const X509_ALGOR *algorithm;
};

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM *params)
{
	owned(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		return NULL;
	return key;
}

/* The whole of d2i_PUBKEY, for who is in no hurry. */
static EVP_PKEY *
decode_other(const struct parts *parts)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_X509_PUBKEY(parts->spki, &der);
	const uint8_t *at = der;

	return length <= 0 ? NULL : d2i_PUBKEY(NULL, &at, length);
}

/* A curve by its name; spelt out parameters are for others to read or not. */
static EVP_PKEY *
decode_ec(const struct parts *parts)
{
	const void *value;
	int type, nid;

	X509_ALGOR_get0(NULL, &type, &value, parts->algorithm);
	nid = type == V_ASN1_OBJECT ? OBJ_obj2nid(value) : NID_undef;
	if (nid == NID_undef)
		return decode_other(parts);
	/* One octet is the point at infinity, which is nobody's key. */
	if (parts->length < 2)
		return NULL;
	if (mca_curve_is_usual(nid))
		return mca_curve_key(nid, parts->bits, parts->length);
	return from_params("EC",
	    (OSSL_PARAM[]){
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    (char *)(uintptr_t)OBJ_nid2sn(nid), 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		    (void *)(uintptr_t)parts->bits, parts->length),
		OSSL_PARAM_construct_end() });
}

typedef ASN1_SEQUENCE_ANY any_sequence;

static void
any_sequence_free(any_sequence *sequence)
{
	sk_ASN1_TYPE_pop_free(sequence, ASN1_TYPE_free);
}
MCA_OWNED(any_sequence, any_sequence_free)

static BIGNUM *
positive(const any_sequence *sequence, int at)
{
	const ASN1_TYPE *value = sk_ASN1_TYPE_value(sequence, at);

	/* A negative one is of type V_ASN1_NEG_INTEGER within. */
	if (value == NULL || value->type != V_ASN1_INTEGER ||
	    ASN1_STRING_type(value->value.integer) != V_ASN1_INTEGER)
		return NULL;
	return ASN1_INTEGER_to_BN(value->value.integer, NULL);
}

MCA_OWNED(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
MCA_OWNED(OSSL_PARAM, OSSL_PARAM_free)

/* RSAPublicKey ::= SEQUENCE { modulus, publicExponent } (RFC 8017, A.1.1) */
static EVP_PKEY *
decode_rsa(const struct parts *parts)
{
	const uint8_t *at = parts->bits;
	owned(any_sequence) *sequence =
	    d2i_ASN1_SEQUENCE_ANY(NULL, &at, (long)parts->length);
	owned(BIGNUM) *n = positive(sequence, 0);
	owned(BIGNUM) *e = positive(sequence, 1);
	owned(OSSL_PARAM_BLD) *builder = OSSL_PARAM_BLD_new();
	owned(OSSL_PARAM) *params = NULL;

	if (n == NULL || e == NULL || sk_ASN1_TYPE_num(sequence) != 2 ||
	    at != parts->bits + parts->length)
		return NULL;
	if (builder == NULL ||
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) != 1)
		return NULL;
	params = OSSL_PARAM_BLD_to_param(builder);
	return params == NULL ? NULL : from_params("RSA", params);
}

/* RFC 8410, 4: the key is the bits, and there are no parameters. */
static EVP_PKEY *
decode_ed25519(const struct parts *parts)
{
	int type;

	X509_ALGOR_get0(NULL, &type, NULL, parts->algorithm);
	if (type != V_ASN1_UNDEF)
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, parts->bits,
	    parts->length);
}

static const struct {
	int nid;
	EVP_PKEY *(*decode)(const struct parts *parts);
} types[] = {
	{ NID_X9_62_id_ecPublicKey, decode_ec },
	{ NID_rsaEncryption, decode_rsa },
	{ NID_ED25519, decode_ed25519 },
};

EVP_PKEY *
mca_pubkey_decode(const X509_PUBKEY *spki)
{
	struct parts parts = { .spki = spki };
	ASN1_OBJECT *oid;
	X509_ALGOR *algorithm;
	int length, nid;

	if (X509_PUBKEY_get0_param(&oid, &parts.bits, &length, &algorithm,
		spki) != 1)
		return NULL;
	parts.length = (size_t)length;
	parts.algorithm = algorithm;
	nid = OBJ_obj2nid(oid);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].nid == nid)
			/* cppcheck-suppress returnDanglingLifetime */
			return types[i].decode(&parts);
	return decode_other(&parts);
}

/* ---- encoding ---- */

/* Gives `to` its parts, which it takes over; false leaves it as it was. */
static bool
set_parts(X509_PUBKEY *to, ASN1_OBJECT *oid, int type, void *value,
    ossl_bytes *bits, size_t length)
{
	bool whole = oid != NULL && bits != NULL &&
	    (value != NULL || type == V_ASN1_UNDEF || type == V_ASN1_NULL);

	if (whole &&
	    X509_PUBKEY_set0_param(to, oid, type, value, bits, (int)length) ==
		1)
		return true;
	if (type == V_ASN1_OBJECT)
		ASN1_OBJECT_free(value);
	else
		ASN1_STRING_free(value);
	ASN1_OBJECT_free(oid);
	OPENSSL_free(bits);
	return false;
}

bool
mca_pubkey_copy(X509_PUBKEY *to, const X509_PUBKEY *from)
{
	const ASN1_OBJECT *oid;
	const uint8_t *bits;
	const void *value;
	X509_ALGOR *algorithm;
	int length, type;
	void *copy = NULL;

	if (X509_PUBKEY_get0_param(NULL, &bits, &length, &algorithm, from) != 1)
		return false;
	X509_ALGOR_get0(&oid, &type, &value, algorithm);
	if (type == V_ASN1_OBJECT)
		copy = OBJ_dup(value);
	else if (type != V_ASN1_UNDEF && type != V_ASN1_NULL)
		copy = ASN1_STRING_dup(value);
	return set_parts(to, OBJ_dup(oid), type, copy,
	    OPENSSL_memdup(bits, (size_t)length), (size_t)length);
}

/* RFC 5480, 2: the curve by name, the point as libcrypto gives it. */
static bool
encode_ec(X509_PUBKEY *to, EVP_PKEY *key)
{
	owned(ossl_bytes) *bits = NULL;
	char curve[64];
	size_t length;
	int nid;

	if (EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL) != 1 ||
	    (nid = OBJ_txt2nid(curve)) == NID_undef)
		return false;
	length = EVP_PKEY_get1_encoded_public_key(key, &bits);
	if (length == 0)
		return false;
	return set_parts(to, OBJ_dup(OBJ_nid2obj(NID_X9_62_id_ecPublicKey)),
	    V_ASN1_OBJECT, OBJ_dup(OBJ_nid2obj(nid)), give(&bits), length);
}

X509_PUBKEY *
mca_pubkey_encode(EVP_PKEY *key)
{
	owned(X509_PUBKEY) *made = X509_PUBKEY_new();

	if (made == NULL)
		return NULL;
	if (EVP_PKEY_is_a(key, "EC") && encode_ec(made, key))
		return give(&made);
	return X509_PUBKEY_set(&made, key) == 1 ? give(&made) : NULL;
}
