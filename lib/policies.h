/*
 * policies.h - the certificate policies that are valid along a path (RFC
 * 5280, 6.1.2 (a), 6.1.3 (d)-(f), 6.1.4 (a)-(b) and (h)-(j), 6.1.5 (a)-(b),
 * (g)).
 *
 * The tree of the RFC doubles with each step that maps policies onto each
 * other.  As in RFC 9618, equal policies of one depth are one node; and since
 * only the deepest level decides, that level is all that is kept.  What the
 * RFC finds by walking up (does a policy go back to one that the user
 * accepts?) each node knows of itself.
 */
#ifndef MCA_POLICIES_H
#define MCA_POLICIES_H

#include "facts.h"

#include "minica/verify.h"

/* One policy that is valid at the present depth. */
struct mca_policy_node {
	const ASN1_OBJECT *policy;
	bool accepted; /* goes back to a policy of the user's */
};

/* The state variables of RFC 5280, 6.1.2, that are about policies. */
struct mca_policies {
	struct mca_policy_node *nodes; /* expected of the next certificate */
	size_t count;
	bool any; /* the level has a node of anyPolicy */

	long explicit_policy, policy_mapping, inhibit_any;

	ASN1_OBJECT **user; /* the user-initial-policy-set; none means any */
	size_t user_count;

	size_t *budget; /* comparisons left */
	bool spent;	/* the budget ran out, or memory did */
};

/*
 * mca_policies_begin makes the initial state for a path of `length`
 * certificates, the anchor not counted.  `user` and `budget` stay the
 * caller's; the facts given later must live until mca_policies_end.
 */
void mca_policies_begin(struct mca_policies *state,
    const struct mca_verify_options *options, ASN1_OBJECT **user,
    size_t user_count, long length, size_t *budget);
void mca_policies_end(struct mca_policies *state);

/*
 * mca_policies_process does 6.1.3 (d)-(f); `last` is true for the target.
 * False: no policy is valid any more, and one is required.
 */
bool mca_policies_process(struct mca_policies *state,
    const struct mca_facts *facts, bool last);

/*
 * mca_policies_prepare does 6.1.4 (a)-(b) and (h)-(j).  False: a mapping is
 * to or from anyPolicy.
 */
bool mca_policies_prepare(struct mca_policies *state,
    const struct mca_facts *facts);

/* mca_policies_wrap_up does 6.1.5 (a)-(b), (g) and says whether it passed. */
bool mca_policies_wrap_up(struct mca_policies *state,
    const struct mca_facts *facts);

/* mca_policies_parse reads the dotted OIDs of a user-initial-policy-set. */
mca_code mca_policies_parse(ASN1_OBJECT ***out, const char *const *texts,
    size_t count, struct mca_error *err);
void mca_policies_free(ASN1_OBJECT **user, size_t count);

#endif
