/*
 * suffix.h - public suffixes: names below which anyone may register
 * (publicsuffix.org), so that no wildcard may stand directly below one.
 */
#ifndef MCA_SUFFIX_H
#define MCA_SUFFIX_H

#include "minica/error.h"
#include "minica/owned.h"
#include "minica/san.h"

typedef struct mca_suffixes mca_suffixes;

/*
 * mca_suffixes_open is for the Public Suffix List at `path`, which it reads;
 * for "system", the machine's, which is read when it is first needed.
 */
mca_code mca_suffixes_open(mca_suffixes **out, const char *path,
    struct mca_error *err);
void mca_suffixes_free(mca_suffixes *suffixes);
MCA_OWNED(mca_suffixes, mca_suffixes_free)

/* mca_suffixes_concern says whether the list is asked about such a name. */
bool mca_suffixes_concern(const struct mca_san_name *name);

/*
 * mca_suffixes_need reads the list unless that was done, for many threads at
 * once if need be.  A machine that keeps none has an empty one.
 */
mca_code mca_suffixes_need(mca_suffixes *suffixes, struct mca_error *err);

/*
 * mca_suffixes_has says whether `name` (normal form) is a public suffix, once
 * the list was needed.  A single label always is; more than that is known from
 * the list alone, so without one (NULL, or empty) the answer is no.
 */
bool mca_suffixes_has(const mca_suffixes *suffixes, const char *name);

#endif
