/*
 * san_form.h - what a name of each form may hold, and its one normal form.
 */
#ifndef MCA_SAN_FORM_H
#define MCA_SAN_FORM_H

#include "object.h"

/* mca_san_flaw says why `raw` is no well-formed name of its form, or NULL. */
const char *mca_san_flaw(enum mca_san_form form, const uint8_t *raw,
    size_t length, enum mca_san_origin origin);

/* mca_san_is_local_part says whether a mailbox may have that before its @. */
bool mca_san_is_local_part(const char *local, size_t length);

/*
 * mca_san_normal_form returns the normal form of a well-formed name, which
 * the caller frees; NULL when memory runs out.
 */
char *mca_san_normal_form(enum mca_san_form form, const uint8_t *raw,
    size_t length);

/* mca_san_domain finds the host in a name; false if it has none. */
bool mca_san_domain(enum mca_san_form form, const char *text, size_t *from,
    size_t *to);

/*
 * mca_san_seen_form tells the form of a name that a person wrote: an address,
 * "//" after a scheme, an @, or else a host name.
 */
enum mca_san_form mca_san_seen_form(const char *word);

#endif
