/*
 * explain.h - the sentences for a certificate that no path and no name speaks
 * for: what is missing, what was there instead, and what to do.
 */
#ifndef MCA_EXPLAIN_H
#define MCA_EXPLAIN_H

#include "path.h"

/* mca_explain_no_anchor says why the longest path has no trust anchor. */
void mca_explain_no_anchor(const struct mca_path_builder *builder,
    mca_findings *out);

/* mca_explain_name says that `target` does not carry `reference`. */
void mca_explain_name(const mca_cert *target,
    const struct mca_reference *reference, mca_findings *out);

#endif
