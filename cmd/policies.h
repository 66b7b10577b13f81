/*
 * policies.h - the policies there are: built in, and in the home.
 */
#ifndef CMD_POLICIES_H
#define CMD_POLICIES_H

#include "session.h"

/* policies_directory returns HOME/policies, which the caller frees. */
char *policies_directory(const struct session *s);

/*
 * policies_each calls `each` with the name of every policy, those of the
 * library first, and returns the worst it returned.
 */
mca_code policies_each(struct session *s, const char *directory,
    mca_code (
	*each)(struct session *s, const char *name, const char *directory),
    struct mca_error *err);

#endif
