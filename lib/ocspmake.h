/*
 * ocspmake.h - OCSP requests read, and responses made (RFC 6960).
 */
#ifndef MCA_OCSPMAKE_H
#define MCA_OCSPMAKE_H

#include "error.h"
#include "minica/cert.h"
#include "minica/key.h"
#include "minica/ocsp.h"
#include "minica/owned.h"

/* The questions of one request, and the nonce that came with them. */
typedef struct mca_ocsp_request mca_ocsp_request;

/*
 * mca_ocsp_request_parse reads one DER-encoded request of at most
 * MCA_LIMIT_OCSP bytes; MCA_EFORMAT when it is none, asks nothing, or has a
 * nonce that no client sends (RFC 9654, 2.1).  Who signed it does not matter.
 */
mca_code mca_ocsp_request_parse(mca_ocsp_request **out, const uint8_t *der,
    size_t length, struct mca_error *err);

/*
 * mca_ocsp_request_about makes the request for one certificate as clients do,
 * with SHA-1 for the names (RFC 5019, 2.1.1) and without a nonce.
 */
mca_code mca_ocsp_request_about(mca_ocsp_request **out, const mca_cert *cert,
    const mca_cert *issuer, struct mca_error *err);
void mca_ocsp_request_free(mca_ocsp_request *request);
MCA_OWNED(mca_ocsp_request, mca_ocsp_request_free)

mca_code mca_ocsp_request_der(mca_blob *out, const mca_ocsp_request *request,
    struct mca_error *err);
size_t mca_ocsp_request_count(const mca_ocsp_request *request);

/* mca_ocsp_request_of says whether question `i` is about one of `issuer`'s. */
bool mca_ocsp_request_of(const mca_ocsp_request *request, size_t i,
    const mca_cert *issuer);

/* mca_ocsp_request_serial adds the serial number asked about, as hex. */
void mca_ocsp_request_serial(mca_text *out, const mca_ocsp_request *request,
    size_t i);

/* What is answered to one question. */
struct mca_ocsp_status {
	enum mca_ocsp_answer answer; /* good, revoked or unknown */

	/* Of what is revoked. */
	mca_time revoked;
	mca_time invalid_since; /* 0: not told */
	int reason;		/* RFC 5280, 5.3.1; 0 is not written */
};

struct mca_ocsp_head {
	const mca_cert *signer;
	const mca_key *key;
	bool delegated; /* the signer is not the issuer: it is sent along */
	mca_time this_update, next_update;
};

/*
 * mca_ocsp_respond makes the signed response, `statuses` being one for each
 * question; a nonce is echoed.
 */
mca_code mca_ocsp_respond(mca_blob *out, const mca_ocsp_request *request,
    const struct mca_ocsp_status *statuses, const struct mca_ocsp_head *head,
    struct mca_error *err);

#endif
