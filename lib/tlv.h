/*
 * tlv.h - is every byte as DER demands (X.690, 8 to 11)?
 *
 * libcrypto reads BER where it must not.  What can be written in two ways has
 * two fingerprints, and two readers may understand it differently.
 */
#ifndef MCA_TLV_H
#define MCA_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The octets that are left to read. */
struct mca_tlv {
	const uint8_t *at, *end;
};

struct mca_tlv_element {
	uint8_t class, tag; /* of universal tags; others are not told apart */
	bool constructed;
	struct mca_tlv value;
};

/* The universal tags that have rules of their own. */
enum mca_tlv_tag {
	MCA_TAG_BOOLEAN = 1,
	MCA_TAG_INTEGER,
	MCA_TAG_BIT_STRING,
	MCA_TAG_OCTET_STRING,
	MCA_TAG_NULL,
	MCA_TAG_OID,
	MCA_TAG_ENUMERATED = 10,
	MCA_TAG_SEQUENCE = 16,
	MCA_TAG_SET
};

/*
 * mca_tlv_read takes the first element off `in`, which must not be empty. It
 * returns NULL, or says how its tag or length breaks DER.
 */
const char *mca_tlv_read(struct mca_tlv *in, struct mca_tlv_element *out);

/*
 * mca_tlv_flaw says why `bytes` are not exactly one element of DER, down to
 * the innermost, or returns NULL.  OCTET STRINGs are not looked into.
 */
const char *mca_tlv_flaw(const uint8_t *bytes, size_t length);

#endif
