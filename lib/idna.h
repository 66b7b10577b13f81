/*
 * idna.h - internationalized domain names: A-labels and U-labels (RFC 5890).
 *
 * libidn2 knows what IDNA allows (RFC 5891 to 5893); without it nothing can be
 * converted, and A-labels are taken as they are.
 */
#ifndef MCA_IDNA_H
#define MCA_IDNA_H

#include "error.h"

/* mca_idna_known says whether libidn2 is part of the library. */
bool mca_idna_known(void);

/* mca_idna_is_ascii says whether there is nothing to convert. */
bool mca_idna_is_ascii(const char *text, size_t length);

/*
 * mca_idna_to_ascii writes a host name, in which any label may be a U-label,
 * with A-labels, as UTS #46 maps what people type (capitals, full-width
 * letters).  A wildcard, or a dot that a pattern begins with, stays.
 * MCA_EUSAGE says why there is no such name.
 */
mca_code mca_idna_to_ascii(char **out, const char *name, size_t length,
    struct mca_error *err);

/*
 * mca_idna_flaw says what is wrong with an A-label in `name`, a DNS name in
 * lower case: that it does not decode, that IDNA2008 does not allow what it
 * decodes to, that it is not the A-label of that.  NULL when nothing is, when
 * there is none, and when that is not known.
 */
const char *mca_idna_flaw(const char *name, size_t length);

/*
 * mca_idna_unicode returns `name` with its A-labels, which have no flaw, as
 * U-labels in UTF-8: letters and digits alone, no control characters.  NULL
 * when there is no A-label, when that is not known, and when memory runs out.
 */
char *mca_idna_unicode(const char *name, size_t length);

/*
 * mca_idna_lookalike says why the U-labels of `unicode` may be taken for
 * others: letters of several scripts in one label (UTS #39, 5.2, highly
 * restrictive), or a whole label of letters that look Latin below a top-level
 * domain that is.  The words go into `out`; NULL when nothing is suspicious.
 */
const char *mca_idna_lookalike(char *out, size_t size, const char *unicode);

#endif
