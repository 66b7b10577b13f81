/*
 * revocation.h - whether a certificate has been revoked, by the CRLs, the
 * OCSP responses and the record that are at hand (RFC 5280, 6.3).
 */
#ifndef MCA_REVOCATION_H
#define MCA_REVOCATION_H

#include "session.h"

/*
 * mca_revocation_check looks for the certificate at place `at` of `path`,
 * which is not the anchor, in all that the verifier was given.  A revoked one
 * is MCA_ERROR; one that nothing fresh covers is MCA_UNDECIDED when that is
 * required, a warning when CRLs were given, else nothing.
 */
void mca_revocation_check(struct mca_session *session,
    const struct mca_path *path, size_t at, mca_findings *out);

/*
 * mca_signer_trusted says whether a certificate that signed a CRL has a good
 * path of its own to `anchor`.  It is verify.c's, which judges paths.
 */
bool mca_signer_trusted(struct mca_session *asking, struct mca_node *signer,
    const struct mca_node *anchor);

#endif
