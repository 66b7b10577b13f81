/*
 * explain.h - a verdict with its whole path, for people and programs.
 */
#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

#include "judge.h"

/*
 * explain prints the trust anchors and what became of each, then the path,
 * anchor first, each certificate with what was found about it.
 */
void explain(const struct session *s, const mca_verdict *verdict,
    const struct judge *judge);

/* explain_json adds the anchors that were tried to the row of a verdict. */
void explain_json(json_t *row, const mca_verdict *verdict,
    const struct judge *judge);

#endif
