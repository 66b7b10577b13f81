/*
 * rawkey.h - a public key as its octets say, before anything decodes it.
 *
 * A key can be made so that decoding it never ends (CVE-2022-0778), or so that
 * using it takes minutes (CVE-2023-6237).  What is read here is the frame
 * alone: algorithm, parameters, two integers or a point.  Nothing is computed.
 */
#ifndef MCA_RAWKEY_H
#define MCA_RAWKEY_H

#include "error.h"
#include "ossl.h"

enum mca_raw_kind {
	MCA_RAW_OTHER, /* an algorithm that nothing here knows */
	MCA_RAW_RSA, /* rsaEncryption and id-RSASSA-PSS (RFC 3279, RFC 4055) */
	MCA_RAW_EC,  /* id-ecPublicKey (RFC 5480) */
	MCA_RAW_EDDSA, /* Ed25519 and Ed448 (RFC 8410) */
};

enum mca_raw_parameters {
	MCA_RAW_ABSENT,
	MCA_RAW_NULL,
	MCA_RAW_OID,
	MCA_RAW_CONSTRUCTED,
};

typedef struct mca_rawkey {
	const uint8_t *der; /* all of it, borrowed */
	size_t der_length;

	enum mca_raw_kind kind;
	int nid;      /* of the algorithm; NID_undef when unknown */
	char oid[80]; /* dotted, of an algorithm without a NID */
	enum mca_raw_parameters parameters;
	const uint8_t *curve_der; /* of a curve spelt out, borrowed, or NULL */
	size_t curve_length;
	int curve; /* NID of a named curve; NID_undef when unknown */

	/* The subjectPublicKey, borrowed; NULL when it is malformed. */
	const uint8_t *bits;
	size_t length;

	BIGNUM *n, *e; /* of RSA; NULL when it is malformed */
} mca_rawkey;

/*
 * mca_rawkey_parse reads exactly one SubjectPublicKeyInfo, whose bytes must
 * outlive `out`.  MCA_EFORMAT when it is none; a key that is malformed inside
 * is not an error: its `bits`, or `n` and `e`, are NULL then.
 */
mca_code mca_rawkey_parse(mca_rawkey *out, const uint8_t *der, size_t length,
    struct mca_error *err);
void mca_rawkey_clear(mca_rawkey *raw);
MCA_SCOPED(mca_rawkey, mca_rawkey_clear)

/* mca_rawkey_bits returns the size of an RSA modulus or a curve, else 0. */
int mca_rawkey_bits(const mca_rawkey *raw);

/* mca_rawkey_name writes "rsa-16384", "ec-explicit", or the algorithm. */
void mca_rawkey_name(char *out, size_t size, const mca_rawkey *raw);

#endif
