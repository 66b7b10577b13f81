/*
 * path.h - path building (RFC 4158): which certificates may lead from the
 * target to a trust anchor.  Nothing is judged here.
 */
#ifndef MCA_PATH_H
#define MCA_PATH_H

#include "session.h"

struct mca_path_builder {
	struct mca_session *session;

	/* Certificates that break a rule of their own are proposed as well. */
	bool unfit_too;

	/* Called with each path found; true ends the search. */
	bool (*judge)(void *context, const struct mca_path *path);
	void *context;

	/* Results: the longest path that ends without an anchor, ... */
	struct mca_path longest;
	/* ... a certificate of the issuer's name whose key does not fit ... */
	struct mca_node *impostor;
	/* ... and whether a path was given up for its length. */
	bool too_long;
};

/*
 * mca_path_build proposes paths, best first, until one is taken, there are
 * no more, or the budget is spent.
 */
void mca_path_build(struct mca_path_builder *builder);

#endif
