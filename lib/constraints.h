/*
 * constraints.h - name constraints (RFC 5280, 4.2.1.10): the names a CA may
 * certify.
 *
 * A permitted subtree limits its own form of name and no other; an excluded
 * one always wins.  Each CA's constraints are applied to every certificate
 * below it, which is the intersection and union of 6.1.4 (g) without the
 * sets: a name that all of them let through is in the intersection.
 */
#ifndef MCA_CONSTRAINTS_H
#define MCA_CONSTRAINTS_H

#include "facts.h"

#include "minica/text.h"

/*
 * mca_constraints_flaw says whether a constraint is malformed, or the whole
 * extension empty, and writes the sentence that says how.
 */
bool mca_constraints_flaw(mca_text *flaw, const NAME_CONSTRAINTS *constraints);

enum mca_fit {
	MCA_FIT,
	MCA_UNFIT,	 /* a name is outside what is permitted, or excluded */
	MCA_UNFIT_FORM,	 /* a constraint is of a form that nobody here knows */
	MCA_FIT_UNKNOWN, /* the budget ran out */
};

/* What did not fit, in words; strings are escaped. */
struct mca_unfit {
	const char *form;
	char name[200];
	char subtree[200]; /* the one that excludes it; "" if none permits it */
};

/*
 * mca_constraints_check compares every name of `subject` with `constraints`,
 * taking each comparison from `budget`.
 */
enum mca_fit mca_constraints_check(struct mca_unfit *out,
    const NAME_CONSTRAINTS *constraints, const struct mca_facts *subject,
    size_t *budget);

/*
 * mca_constraints_check_by is mca_constraints_check with the constraints of
 * `issuer`, a CA's certificate; it fits if there are none.
 */
enum mca_fit mca_constraints_check_by(struct mca_unfit *out,
    const mca_cert *issuer, const struct mca_facts *subject, size_t *budget);

#endif
