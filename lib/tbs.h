/*
 * tbs.h - the TBSCertificate (RFC 5280, 4.1.1.1): what will be signed.
 */
#ifndef MCA_TBS_H
#define MCA_TBS_H

#include "error.h"
#include "minica/cert.h"
#include "minica/profile.h"
#include "minica/text.h"
#include "object.h"
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

/* It encoded, and the AlgorithmIdentifier of the signature to come, in it. */
typedef struct mca_tbs_der {
	mca_text der, algorithm;
	struct mca_known_parts
	    known; /* as they were given; they must live as long */
} mca_tbs_der;

/*
 * mca_tbs_build encodes `what` with a new random serial number, given
 * `out->algorithm`.
 */
mca_code mca_tbs_build(mca_tbs_der *out, const struct mca_tbs *what,
    struct mca_error *err);
void mca_tbs_clear(mca_tbs_der *tbs);
MCA_SCOPED(mca_tbs_der, mca_tbs_clear)

/* How what is certified already is to be certified by another issuer. */
struct mca_tbs_again {
	const mca_cert *like, *issuer;
	mca_time not_before, not_after;
};

/*
 * mca_tbs_reissue encodes what `what->like` certifies, its name, key and
 * extensions, for the issuer to sign, given `out->algorithm`: with a serial
 * number and a validity of its own, the issuer's name and key identifier, and
 * without the pointers to the earlier issuer's lists and services.
 */
mca_code mca_tbs_reissue(mca_tbs_der *out, const struct mca_tbs_again *what,
    struct mca_error *err);

/*
 * mca_tbs_serial adds an INTEGER of 16 random bytes, positive and never zero
 * (RFC 5280, 4.1.2.2).
 */
mca_code mca_tbs_serial(mca_text *out, struct mca_error *err);

#endif
