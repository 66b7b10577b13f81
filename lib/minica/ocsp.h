/*
 * minica/ocsp.h - what an OCSP response says of one certificate (RFC 6960).
 */
#ifndef MINICA_OCSP_H
#define MINICA_OCSP_H

#include "minica/cert.h"

enum mca_ocsp_answer {
	MCA_OCSP_NONE,	   /* there is no response */
	MCA_OCSP_UNUSABLE, /* there is one, and nothing can be learnt from it */
	MCA_OCSP_GOOD,
	MCA_OCSP_UNKNOWN, /* the responder does not know the certificate */
	MCA_OCSP_REVOKED,
};

struct mca_ocsp {
	enum mca_ocsp_answer answer;

	/* Of a response that was signed well; INT64_MIN where not told. */
	mca_time this_update, next_update, revoked;
	const char *reason; /* "keyCompromise"; NULL if not told */

	/* Of one that is unusable. */
	char why[200];
	const char *source; /* "RFC 6960, 3.2" */
};

/*
 * mca_ocsp_check reads one DER-encoded response and fills `out` with what it
 * says at the time `at` of `cert`, which `issuer` issued: its signature, its
 * signer's right to speak, the certificate it is about and its age are
 * checked.  A revocation counts however old the response is, as for CRLs.
 */
MCA_API void mca_ocsp_check(struct mca_ocsp *out, const uint8_t *der,
    size_t length, const mca_cert *cert, const mca_cert *issuer, mca_time at);

/*
 * mca_ocsp_about says whether the response speaks of `cert` at all, signed or
 * not: then it is worth checking.
 */
MCA_API bool mca_ocsp_about(const uint8_t *der, size_t length,
    const mca_cert *cert, const mca_cert *issuer);

/*
 * mca_ocsp_read puts the one response that the file `path` holds, DER or PEM
 * ("OCSP RESPONSE"), into `out` as DER; MCA_EFORMAT when it is none.
 */
MCA_API mca_code mca_ocsp_read(mca_blob *out, const char *path,
    struct mca_error *err);

/* mca_ocsp_answer_name returns "none", "unusable", "good", ... */
MCA_API const char *mca_ocsp_answer_name(enum mca_ocsp_answer answer);

#endif
