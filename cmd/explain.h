/*
 * explain.h - a verdict drawn: the path from its anchor down to the target.
 */
#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

#include "session.h"

/*
 * explain prints the path of `verdict` as a tree, each certificate with its
 * findings; `anchors` is how many trust anchors were tried.
 */
void explain(const struct session *s, const mca_verdict *verdict,
    size_t anchors);

#endif
