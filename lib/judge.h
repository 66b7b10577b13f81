/*
 * judge.h - whether one path may be believed (RFC 5280, 6.1).
 */
#ifndef MCA_JUDGE_H
#define MCA_JUDGE_H

#include "session.h"

/*
 * mca_judge_path adds everything that is wrong with an anchored path; nothing
 * of MCA_UNDECIDED or worse means that it is good.
 */
void mca_judge_path(struct mca_session *session, const struct mca_path *path,
    mca_findings *findings);

/* mca_judge_alone adds what the rules found in one certificate. */
void mca_judge_alone(struct mca_session *session, struct mca_node *node,
    int depth, mca_findings *out);

/*
 * mca_verify_stapled is mca_verify with an OCSP response about the target (or
 * NULL) that came with it.
 */
mca_code mca_verify_stapled(mca_verdict *out, const mca_verifier *verifier,
    const mca_cert *target, const mca_certs *candidates,
    const mca_blob *stapled, const struct mca_reference *reference,
    struct mca_error *err);

#endif
