/*
 * nametree.h - general names as name constraints see them: is one within the
 * tree of another?
 */
#ifndef MCA_NAMETREE_H
#define MCA_NAMETREE_H

#include "ossl.h"

/* Bytes that belong to someone else, in no particular encoding. */
struct mca_span {
	const char *at;
	size_t length;
};

struct mca_span mca_span_of(const ASN1_STRING *string);

/* mca_span_from returns what follows the first `count` bytes. */
struct mca_span mca_span_from(struct mca_span span, size_t count);

bool mca_span_begins_with_dot(struct mca_span span);

/* mca_span_cut sets `rest` to what is behind the last `mark`, if it is there.
 */
bool mca_span_cut(struct mca_span span, char mark, struct mca_span *rest);

/* mca_host_is_address says whether a host is empty or an IP address. */
bool mca_host_is_address(struct mca_span host);

/* mca_nametree_known says whether names of a GEN_ type can be compared. */
bool mca_nametree_known(int type);

/*
 * mca_nametree_unfit says that a name can never be in a permitted tree and is
 * in every excluded one: a URI without a host, a form that is not known.
 */
bool mca_nametree_unfit(const GENERAL_NAME *name);

/*
 * mca_nametree_has says whether `name` is in the tree of `base`, of the same
 * type; for an excluded tree, whether it might be.
 */
bool mca_nametree_has(const GENERAL_NAME *base, const GENERAL_NAME *name,
    bool excluded);

/* mca_nametree_cost returns what one comparison with `name` costs. */
size_t mca_nametree_cost(const GENERAL_NAME *name);

/* mca_nametree_form returns "dNSName"; mca_nametree_show writes the name. */
const char *mca_nametree_form(int type);
void mca_nametree_show(char *out, size_t size, const GENERAL_NAME *name);

#endif
