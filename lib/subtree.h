/*
 * subtree.h - name constraints as a person writes them (RFC 5280, 4.2.1.10).
 */
#ifndef MCA_SUBTREE_H
#define MCA_SUBTREE_H

#include "error.h"
#include "ossl.h"

/*
 * mca_subtree_new makes a NameConstraints from words: "example.org" (that name
 * and all below it), "@example.org" (mailboxes of that host; "@.example.org"
 * of all below it), an address, a CIDR.  When anything is permitted, every
 * form of dNSName, iPAddress, rfc822Name and URI that no word permits is
 * closed: a constraint on one form says nothing about the others.  No word at
 * all is NULL in `*out`.
 */
mca_code mca_subtree_new(NAME_CONSTRAINTS **out, const char *const *permit,
    size_t permit_count, const char *const *exclude, size_t exclude_count,
    struct mca_error *err);
void mca_subtree_free(NAME_CONSTRAINTS *constraints);

#endif
