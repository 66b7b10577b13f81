/*
 * standing.h - what others than CRLs say of a certificate: a record of one's
 * own, and OCSP responses (RFC 6960).
 */
#ifndef MCA_STANDING_H
#define MCA_STANDING_H

#include "session.h"

#include "minica/ocsp.h"

/* What was learnt about the certificate at one place of a path. */
struct mca_told {
	bool settled;	 /* revoked, or it could not be told: that was said */
	bool covered;	 /* somebody vouches that it is not revoked */
	const char *why; /* a list is there, but holds no more; or NULL */
};

/*
 * mca_standing_record asks the record about the certificate at place `at` of
 * an anchored path, and adds a finding if that settles it.
 */
void mca_standing_record(struct mca_told *told, struct mca_session *session,
    const struct mca_path *path, size_t at, mca_findings *out);

/*
 * mca_standing_ocsp does the same with the responses that are about it.  One
 * that is of no use is worse when nothing else covers the certificate.
 */
void mca_standing_ocsp(struct mca_told *told, struct mca_session *session,
    const struct mca_path *path, size_t at, mca_findings *out);

/*
 * mca_standing_report adds the finding for what a response said, unless that
 * is good; `severity` is that of one that is of no use.
 */
void mca_standing_report(mca_findings *out, int depth,
    const struct mca_ocsp *ocsp, enum mca_severity severity);

#endif
