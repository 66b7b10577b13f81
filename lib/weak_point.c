/*
 * weak_point.c - curves, and the points on them that are no keys.
 */
#include "curve.h"
#include "weak_parts.h"

#include <openssl/err.h>

#include <string.h>

enum { LEAST_BITS = 224, LARGEST_FIELD = 661 };

MCA_OWNED(EC_POINT, EC_POINT_free)

bool
mca_weak_curve(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	return raw->kind == MCA_RAW_EC && raw->parameters != MCA_RAW_OID &&
	    mca_weak_say(detail,
		raw->parameters == MCA_RAW_CONSTRUCTED
		    ? "the curve is spelt out instead of named"
		    : "the curve is not named");
}

bool
mca_weak_curve_unknown(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	owned(EC_GROUP) *own = NULL;

	if (raw->kind != MCA_RAW_EC || raw->parameters != MCA_RAW_OID)
		return false;
	return mca_curve(&own, raw->curve) == NULL &&
	    mca_weak_say(detail, "the curve is unknown");
}

bool
mca_weak_curve_size(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	int bits = raw->kind == MCA_RAW_EC ? mca_rawkey_bits(raw) : 0;

	return bits > 0 && bits < LEAST_BITS &&
	    mca_weak_say(detail, "the curve has only %d bits", bits);
}

/* ECParameters (X9.62): version, then the field by its OID and a number. */
static BIGNUM *
field_prime(const uint8_t *der, size_t length)
{
	static const uint8_t prime_field[] = { 0x06, 0x07, 0x2a, 0x86, 0x48,
		0xce, 0x3d, 0x01, 0x01 };
	long size;
	int tag, class;
	const uint8_t *at = der;
	owned(ASN1_INTEGER) *number = NULL;

	/* Into the sequence, over the version, into the sequence of the field.
	 */
	if (ASN1_get_object(&at, &size, &tag, &class, (long)length) !=
		V_ASN1_CONSTRUCTED ||
	    size < 3 || memcmp(at, "\x02\x01\x01", 3) != 0)
		return NULL;
	at += 3;
	if (ASN1_get_object(&at, &size, &tag, &class, size - 3) !=
		V_ASN1_CONSTRUCTED ||
	    size < (long)sizeof(prime_field) ||
	    memcmp(at, prime_field, sizeof(prime_field)) != 0)
		return NULL;
	at += sizeof(prime_field);
	number = d2i_ASN1_INTEGER(NULL, &at, size - (long)sizeof(prime_field));
	return number == NULL ? NULL : ASN1_INTEGER_to_BN(number, NULL);
}

bool
mca_weak_endless(const X509_PUBKEY *key)
{
	scoped(mca_rawkey) raw = { 0 };
	owned(ossl_bytes) *der = NULL;
	owned(BIGNUM) *p = NULL;
	struct mca_error ignored;
	int length = i2d_X509_PUBKEY(key, &der);

	if (length <= 0 ||
	    mca_rawkey_parse(&raw, der, (size_t)length, &ignored) != MCA_OK ||
	    raw.curve_der == NULL || raw.kind != MCA_RAW_EC)
		return false;
	p = field_prime(raw.curve_der, raw.curve_length);
	ERR_clear_error();
	return p == NULL || BN_is_negative(p) || !BN_is_odd(p) ||
	    BN_num_bits(p) > LARGEST_FIELD ||
	    BN_check_prime(p, NULL, NULL) != 1;
}

/* Octets of a coordinate on the named curve, 0 when there is none. */
static size_t
coordinate(const mca_rawkey *raw)
{
	if (raw->kind != MCA_RAW_EC || raw->parameters != MCA_RAW_OID ||
	    raw->bits == NULL)
		return 0;
	return ((size_t)mca_rawkey_bits(raw) + 7) / 8;
}

static bool
is_uncompressed(const mca_rawkey *raw)
{
	size_t octets = coordinate(raw);

	return octets > 0 && raw->length == 1 + 2 * octets &&
	    raw->bits[0] == POINT_CONVERSION_UNCOMPRESSED;
}

/*
 * Compressed points may be written, but many clients cannot read them; hybrid
 * ones must not be (RFC 5480, 2.2).
 */
bool
mca_weak_point_form(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	if (coordinate(raw) == 0 || is_uncompressed(raw))
		return false;
	if (raw->length == 0)
		return mca_weak_say(detail, "the point is empty");
	switch (raw->bits[0]) {
	case 0:
		return raw->length > 1 &&
		    mca_weak_say(detail, "octets follow the point at infinity");
	case 2:
	case 3:
		return mca_weak_say(detail, "the point is compressed");
	case 6:
	case 7:
		return mca_weak_say(detail, "the point is in hybrid form");
	default:
		return mca_weak_say(detail,
		    "the point has %zu octets in form %02x; wanted are %zu in "
		    "form 04",
		    raw->length, raw->bits[0], 1 + 2 * coordinate(raw));
	}
}

bool
mca_weak_point(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	owned(EC_GROUP) *own = NULL;
	owned(EC_POINT) *point = NULL;
	const EC_GROUP *group;

	if (coordinate(raw) > 0 && raw->length == 1 && raw->bits[0] == 0)
		return mca_weak_say(detail, "the point is at infinity");
	if (!is_uncompressed(raw))
		return false;
	group = mca_curve(&own, raw->curve);
	point = group == NULL ? NULL : EC_POINT_new(group);
	return (point == NULL ||
		   EC_POINT_oct2point(group, point, raw->bits, raw->length,
		       NULL) != 1) &&
	    mca_weak_say(detail, "the point is not on the curve");
}

/*
 * The points of Ed25519 and Ed448 whose order divides the cofactor, by their
 * y, and the ways to write these that are not the shortest.  A signature by
 * one of them fits many messages.
 */
static const uint8_t order_25519[][32] = {
	{ 0 },
	{ 1 },
	{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	{ 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	{ 0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
	    0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
	    0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 },
	{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
	    0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
	    0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a },
};
static const uint8_t order_448[][57] = {
	{ 0 },
	{ 1 },
	{ 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0x00 },
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0x00 },
};

enum { LONGEST = 57 };

/* The top bit is the sign of x, and does not matter here. */
static bool
is_one_of(const uint8_t *rows, size_t count, size_t size, const mca_rawkey *raw)
{
	uint8_t y[LONGEST];

	if (raw->length != size || size > sizeof(y))
		return false;
	memcpy(y, raw->bits, size);
	y[size - 1] &= 0x7f;
	for (size_t i = 0; i < count; i++)
		if (memcmp(rows + i * size, y, size) == 0)
			return true;
	return false;
}

bool
mca_weak_point_order(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	bool small = false;

	if (raw->kind != MCA_RAW_EDDSA || raw->bits == NULL)
		return false;
	if (raw->nid == NID_ED25519 && raw->length == sizeof(order_25519[0]))
		small = is_one_of(order_25519[0],
		    sizeof(order_25519) / sizeof(order_25519[0]),
		    sizeof(order_25519[0]), raw);
	else if (raw->nid == NID_ED448 && raw->length == sizeof(order_448[0]))
		small = is_one_of(order_448[0],
		    sizeof(order_448) / sizeof(order_448[0]),
		    sizeof(order_448[0]), raw);
	else
		return mca_weak_say(detail, "the key has %zu octets",
		    raw->length);
	return small &&
	    mca_weak_say(detail,
		"the point is of small order: it has no private key of its "
		"own");
}
