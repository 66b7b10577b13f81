/*
 * suffix.h - public suffixes: names below which anyone may register
 * (publicsuffix.org), so that no wildcard may stand directly below one.
 */
#ifndef MCA_SUFFIX_H
#define MCA_SUFFIX_H

#include "minica/error.h"
#include "minica/owned.h"

typedef struct mca_suffixes mca_suffixes;

/*
 * mca_suffixes_read reads the Public Suffix List at `path`; for "system",
 * where the machine keeps it, which leaves `*out` NULL when it does not.
 */
mca_code mca_suffixes_read(mca_suffixes **out, const char *path,
    struct mca_error *err);
void mca_suffixes_free(mca_suffixes *suffixes);
MCA_OWNED(mca_suffixes, mca_suffixes_free)

/*
 * mca_suffixes_has says whether `name` (normal form) is a public suffix.  A
 * single label always is; more than that is known from the list alone, so
 * without one (NULL) the answer is no.
 */
bool mca_suffixes_has(const mca_suffixes *suffixes, const char *name);

#endif
