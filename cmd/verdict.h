/*
 * verdict.h - what was found out about one target, for people and programs.
 */
#ifndef CMD_VERDICT_H
#define CMD_VERDICT_H

#include "judge.h"

/*
 * verdict_tell prints what the verifier `at` said of what came from `file`: a
 * line for a yes, one for each finding, or with `whole` the path as a tree.  It
 * fills `row` (or NULL) of the document, and returns what the exit status is
 * to be made of.
 */
mca_code verdict_tell(struct session *s, json_t *row, const char *file,
    const struct judge *judge, size_t at, const mca_verdict *verdict,
    bool whole);

#endif
