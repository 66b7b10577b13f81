/*
 * crlscope.h - which certificates a CRL speaks of, and about which reasons
 * (RFC 5280, 6.3.3 (b) and (d)).
 */
#ifndef MCA_CRLSCOPE_H
#define MCA_CRLSCOPE_H

#include "crlfacts.h"
#include "facts.h"

/*
 * mca_crl_scope returns the mask of reasons for which `list` speaks of the
 * certificate, by way of one of its distribution points, or of none (NULL);
 * 0 if it does not.
 */
unsigned mca_crl_scope(const struct mca_facts *facts, const DIST_POINT *point,
    const struct mca_crl_facts *list);

#endif
