/*
 * minica/profile.h - what will be written into a certificate.
 *
 * A profile is the second half of a policy; nothing in it comes from a
 * request.
 */
#ifndef MINICA_PROFILE_H
#define MINICA_PROFILE_H

#include "minica/error.h"

/* keyUsage bits, numbered as in RFC 5280, 4.2.1.3. */
enum mca_key_usage {
	MCA_KU_DIGITAL_SIGNATURE = 1 << 0,
	MCA_KU_CONTENT_COMMITMENT = 1 << 1,
	MCA_KU_KEY_ENCIPHERMENT = 1 << 2, /* left out unless the key is RSA */
	MCA_KU_DATA_ENCIPHERMENT = 1 << 3,
	MCA_KU_KEY_AGREEMENT = 1 << 4,
	MCA_KU_KEY_CERT_SIGN = 1 << 5,
	MCA_KU_CRL_SIGN = 1 << 6,
	MCA_KU_ENCIPHER_ONLY = 1 << 7,
	MCA_KU_DECIPHER_ONLY = 1 << 8,
};

/* Strings that a profile owns, in order. */
struct mca_words {
	char **words;
	size_t count;
};

/* An extension given by OID, with its extnValue as DER. */
struct mca_extra_extension {
	char *oid;
	bool critical;
	uint8_t *der;
	size_t length;
};

struct mca_profile {
	bool ca;
	long path_len; /* -1: no pathLenConstraint */
	unsigned key_usage;
	struct mca_words ext_key_usage;	       /* dotted OIDs */
	struct mca_words crl_urls;	       /* CRL distribution points */
	struct mca_words issuer_urls;	       /* AIA caIssuers */
	struct mca_words ocsp_urls;	       /* AIA OCSP */
	struct mca_words certificate_policies; /* dotted OIDs */
	struct mca_extra_extension *extra;
	size_t extra_count;
	int64_t backdate; /* seconds notBefore lies before now */
};

#endif
