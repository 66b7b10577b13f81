/*
 * trials.h - which trust anchors were looked at, and why no path ends there.
 */
#ifndef MCA_TRIALS_H
#define MCA_TRIALS_H

#include "minica/verify.h"

/*
 * mca_trials_add notes why `anchor` was no good, the first time it is told
 * and while there is room; without memory nothing is noted.
 */
void mca_trials_add(struct mca_trials *trials, const mca_cert *anchor,
    const char *rule, const char *fmt, ...) MCA_PRINTF(4, 5);

/*
 * mca_trials_key notes that `anchor` has the issuer's name of `cert`, and
 * that its key did not make the signature.
 */
void mca_trials_key(struct mca_trials *trials, const mca_cert *anchor,
    const mca_cert *cert);

/* mca_trials_finding notes the worst of what was found on the way there. */
void mca_trials_finding(struct mca_trials *trials, const mca_cert *anchor,
    const mca_findings *findings);

/* mca_trials_clear frees them. */
void mca_trials_clear(struct mca_trials *trials);

/*
 * mca_key_words writes the beginning of a key identifier, in hexadecimal, as
 * people compare it: "9a:0b:...".  It returns `out`.
 */
const char *mca_key_words(char out[32], const char *hex);
#define MCA_KEY_WORDS(hex) mca_key_words((char[32]){ 0 }, hex)

#endif
