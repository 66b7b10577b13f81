/*
 * rawkey.c - see rawkey.h.
 */
#include "rawkey.h"

#include "algorithm.h"
#include "curve.h"

#include <openssl/err.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- walking over DER ---- */

/* What is left of a run of elements. */
struct run {
	const uint8_t *at, *end;
};

struct element {
	int tag; /* -1 for a class other than universal */
	const uint8_t *whole;
	struct run inside;
};

/* Takes the next element; indefinite lengths are not DER. */
static bool
next(struct element *out, struct run *run)
{
	const uint8_t *at = run->at;
	long length;
	int tag, class, found;

	if (at >= run->end)
		return false;
	found = ASN1_get_object(&at, &length, &tag, &class, run->end - at);
	if ((found & 0x80) != 0 || (found & 0x01) != 0) {
		ERR_clear_error();
		return false;
	}
	out->tag = class == V_ASN1_UNIVERSAL ? tag : -1;
	out->whole = run->at;
	out->inside = (struct run){ at, at + length };
	run->at = at + length;
	return true;
}

static bool
expect(struct element *out, struct run *run, int tag)
{
	return next(out, run) && out->tag == tag;
}

/* ---- the key ---- */

static int
read_oid(char *out, size_t size, const struct element *element)
{
	const uint8_t *at = element->whole;
	owned(ASN1_OBJECT) *oid =
	    d2i_ASN1_OBJECT(NULL, &at, element->inside.end - element->whole);

	out[0] = '\0';
	if (oid == NULL) {
		ERR_clear_error();
		return NID_undef;
	}
	if (OBJ_obj2nid(oid) == NID_undef &&
	    OBJ_obj2txt(out, (int)size, oid, 1) <= 0)
		out[0] = '\0';
	return OBJ_obj2nid(oid);
}

static enum mca_raw_kind
kind_of(int nid)
{
	switch (nid) {
	case NID_rsaEncryption:
	case NID_rsassaPss:
		return MCA_RAW_RSA;
	case NID_X9_62_id_ecPublicKey:
		return MCA_RAW_EC;
	case NID_ED25519:
	case NID_ED448:
		return MCA_RAW_EDDSA;
	default:
		return MCA_RAW_OTHER;
	}
}

static bool
read_algorithm(mca_rawkey *out, struct run *run)
{
	struct element oid, parameters;
	char curve[80];

	if (!expect(&oid, run, V_ASN1_OBJECT))
		return false;
	out->nid = read_oid(out->oid, sizeof(out->oid), &oid);
	out->kind = kind_of(out->nid);
	if (run->at == run->end)
		return true;
	if (!next(&parameters, run) || run->at != run->end)
		return false;
	switch (parameters.tag) {
	case V_ASN1_NULL:
		out->parameters = MCA_RAW_NULL;
		break;
	case V_ASN1_OBJECT:
		out->parameters = MCA_RAW_OID;
		out->curve = read_oid(curve, sizeof(curve), &parameters);
		break;
	default:
		out->parameters = MCA_RAW_CONSTRUCTED;
		out->curve_der = parameters.whole;
		out->curve_length =
		    (size_t)(parameters.inside.end - parameters.whole);
	}
	return true;
}

static BIGNUM *
read_integer(struct run *run)
{
	const uint8_t *at = run->at;
	owned(ASN1_INTEGER) *number =
	    d2i_ASN1_INTEGER(NULL, &at, run->end - at);
	BIGNUM *out;

	if (number == NULL) {
		ERR_clear_error();
		return NULL;
	}
	run->at = at;
	out = ASN1_INTEGER_to_BN(number, NULL);
	if (out == NULL)
		ERR_clear_error();
	return out;
}

/* RSAPublicKey: modulus and publicExponent (RFC 8017, A.1.1). */
static void
read_rsa(mca_rawkey *out)
{
	struct run run = { out->bits, out->bits + out->length };
	struct element pair;

	if (!expect(&pair, &run, V_ASN1_SEQUENCE) || run.at != run.end)
		return;
	out->n = read_integer(&pair.inside);
	out->e = out->n == NULL ? NULL : read_integer(&pair.inside);
	if (out->e != NULL && pair.inside.at == pair.inside.end)
		return;
	BN_free(give(&out->n));
	BN_free(give(&out->e));
}

static bool
read_frame(mca_rawkey *out, struct run *run)
{
	struct element spki, algorithm, bits;

	if (!expect(&spki, run, V_ASN1_SEQUENCE) || run->at != run->end ||
	    !expect(&algorithm, &spki.inside, V_ASN1_SEQUENCE) ||
	    !read_algorithm(out, &algorithm.inside) ||
	    !expect(&bits, &spki.inside, V_ASN1_BIT_STRING) ||
	    spki.inside.at != spki.inside.end)
		return false;
	if (bits.inside.at == bits.inside.end || *bits.inside.at != 0)
		return true; /* unused bits: no key is made so */
	out->bits = bits.inside.at + 1;
	out->length = (size_t)(bits.inside.end - out->bits);
	if (out->kind == MCA_RAW_RSA)
		read_rsa(out);
	return true;
}

mca_code
mca_rawkey_parse(mca_rawkey *out, const uint8_t *der, size_t length,
    struct mca_error *err)
{
	struct run run = { der, der + length };

	*out = (mca_rawkey){ .der = der, .der_length = length };
	if (read_frame(out, &run))
		return MCA_OK;
	mca_rawkey_clear(out);
	return mca_fail(err, MCA_EFORMAT,
	    "not a public key (SubjectPublicKeyInfo, RFC 5280, 4.1.2.7)");
}

void
mca_rawkey_clear(mca_rawkey *raw)
{
	BN_free(raw->n);
	BN_free(raw->e);
	*raw = (mca_rawkey){ 0 };
}

int
mca_rawkey_bits(const mca_rawkey *raw)
{
	owned(EC_GROUP) *own = NULL;
	const EC_GROUP *group;

	if (raw->n != NULL)
		return BN_num_bits(raw->n);
	if (raw->kind != MCA_RAW_EC || raw->curve == NID_undef)
		return 0;
	group = mca_curve(&own, raw->curve);
	return group == NULL ? 0 : EC_GROUP_get_degree(group);
}

void
mca_rawkey_name(char *out, size_t size, const mca_rawkey *raw)
{
	const char *known = OBJ_nid2sn(raw->nid);
	const char *curve = mca_algorithm_curve(raw->curve);

	if (raw->kind == MCA_RAW_RSA && raw->n != NULL)
		(void)snprintf(out, size, "rsa-%d", BN_num_bits(raw->n));
	else if (raw->kind == MCA_RAW_RSA)
		(void)snprintf(out, size, "rsa");
	else if (raw->kind == MCA_RAW_EC && raw->parameters != MCA_RAW_OID)
		(void)snprintf(out, size, "ec-explicit");
	else if (raw->kind == MCA_RAW_EC && curve != NULL)
		(void)snprintf(out, size, "%s", curve);
	else if (raw->kind == MCA_RAW_EC)
		(void)snprintf(out, size, "ec-%s",
		    raw->curve == NID_undef ? "unknown"
					    : OBJ_nid2sn(raw->curve));
	else
		(void)snprintf(out, size, "%s",
		    raw->nid == NID_undef ? raw->oid : known);
	for (char *c = out; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
}
