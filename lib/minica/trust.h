/*
 * minica/trust.h - where trust anchors come from (RFC 5280, 6.1.1 (d)).
 */
#ifndef MINICA_TRUST_H
#define MINICA_TRUST_H

#include "minica/cert.h"

/*
 * mca_trust_read adds the trust anchors at `where`: every certificate of a
 * file, of every regular file of a directory, or, for the word "system", of
 * the machine's own root store.  One bad file or block fails the whole: there
 * is no silent fallback to fewer roots.
 */
MCA_API mca_code mca_trust_read(mca_certs *out, const char *where,
    struct mca_error *err);

#endif
