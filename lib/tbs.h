/*
 * tbs.h - the TBSCertificate (RFC 5280, 4.1.1.1): what will be signed.
 */
#ifndef MCA_TBS_H
#define MCA_TBS_H

#include "error.h"
#include "minica/cert.h"
#include "minica/profile.h"
#include "ossl.h"

#define MCA_SERIAL_SIZE 16

/* Everything that is written; nothing else comes in from anywhere. */
struct mca_tbs {
	const struct mca_profile *profile;
	const mca_cert *issuer; /* NULL: self-signed */
	const mca_spki *spki;
	const mca_name *subject;
	const mca_san *san; /* NULL or empty: no subjectAltName */
	mca_time not_before, not_after;

	/* Of a CA: constraints of its own; NULL takes over the issuer's. */
	NAME_CONSTRAINTS *constraints;
};

/*
 * mca_tbs_build makes a certificate with a new random serial number and
 * without a signature.
 */
mca_code mca_tbs_build(X509 **out, const struct mca_tbs *what,
    struct mca_error *err);
void mca_tbs_free(X509 *tbs);

#endif
