/*
 * constraints.c - see constraints.h.
 */
#include "constraints.h"
#include "nametree.h"
#include "object.h"

static enum mca_fit
refuse(struct mca_unfit *out, const GENERAL_NAME *name,
    const GENERAL_NAME *excluding)
{
	out->form = mca_nametree_form(name->type);
	out->subtree[0] = '\0';
	mca_nametree_show(out->name, sizeof(out->name), name);
	if (excluding != NULL)
		mca_nametree_show(out->subtree, sizeof(out->subtree),
		    excluding);
	return mca_nametree_known(name->type) ? MCA_UNFIT : MCA_UNFIT_FORM;
}

struct walk {
	size_t *budget;
	const GENERAL_NAME *base; /* the subtree that matched */
	bool constrained;	  /* some subtree is of the name's form */
	bool spent;
};

/* Looks for a subtree that `name` is within. */
static void
walk_subtrees(struct walk *walk, const STACK_OF(GENERAL_SUBTREE) *subtrees,
    const GENERAL_NAME *name, bool excluded)
{
	const GENERAL_NAME *base;
	size_t cost = mca_nametree_cost(name);

	walk->base = NULL;
	walk->constrained = false;
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); i++) {
		base = sk_GENERAL_SUBTREE_value(subtrees, i)->base;
		walk->spent = walk->spent || *walk->budget < cost;
		if (walk->spent)
			return;
		*walk->budget -= base->type == name->type ? cost : 1;
		if (base->type != name->type)
			continue;
		walk->constrained = true;
		if (!mca_nametree_unfit(name) &&
		    !mca_nametree_has(base, name, excluded))
			continue;
		walk->base = base;
		return;
	}
}

static enum mca_fit
check_name(struct mca_unfit *out, const NAME_CONSTRAINTS *constraints,
    const GENERAL_NAME *name, size_t *budget)
{
	struct walk walk = { .budget = budget };

	walk_subtrees(&walk, constraints->excludedSubtrees, name, true);
	if (walk.spent)
		return MCA_FIT_UNKNOWN;
	if (walk.base != NULL)
		return refuse(out, name, walk.base);
	walk_subtrees(&walk, constraints->permittedSubtrees, name, false);
	if (walk.spent)
		return MCA_FIT_UNKNOWN;
	if (!walk.constrained ||
	    (walk.base != NULL && !mca_nametree_unfit(name)))
		return MCA_FIT;
	return refuse(out, name, NULL);
}

/* The subject is a directoryName wherever it is not empty. */
static enum mca_fit
check_subject(struct mca_unfit *out, const NAME_CONSTRAINTS *constraints,
    const struct mca_facts *subject, size_t *budget)
{
	GENERAL_NAME name = { .type = GEN_DIRNAME };

	name.d.directoryName = X509_get_subject_name(subject->x509);
	if (X509_NAME_entry_count(name.d.directoryName) == 0)
		return MCA_FIT;
	return check_name(out, constraints, &name, budget);
}

/*
 * emailAddress attributes are mailboxes too.  The RFC asks for this only when
 * there is no subjectAltName; a mailbox is not better for having one beside.
 */
static enum mca_fit
check_subject_emails(struct mca_unfit *out, const NAME_CONSTRAINTS *constraints,
    const struct mca_facts *subject, size_t *budget)
{
	const X509_NAME *dn = X509_get_subject_name(subject->x509);
	GENERAL_NAME name = { .type = GEN_EMAIL };
	enum mca_fit fit = MCA_FIT;
	int at = -1;

	while (fit == MCA_FIT) {
		at = X509_NAME_get_index_by_NID(dn, NID_pkcs9_emailAddress, at);
		if (at < 0)
			break;
		name.d.rfc822Name =
		    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(dn, at));
		fit = check_name(out, constraints, &name, budget);
	}
	return fit;
}

enum mca_fit
mca_constraints_check(struct mca_unfit *out,
    const NAME_CONSTRAINTS *constraints, const struct mca_facts *subject,
    size_t *budget)
{
	const GENERAL_NAMES *names = subject->value[MCA_EXT_SAN];
	enum mca_fit fit = check_subject(out, constraints, subject, budget);

	if (fit == MCA_FIT)
		fit = check_subject_emails(out, constraints, subject, budget);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && fit == MCA_FIT; i++)
		fit = check_name(out, constraints,
		    sk_GENERAL_NAME_value(names, i), budget);
	return fit;
}

enum mca_fit
mca_constraints_check_by(struct mca_unfit *out, const mca_cert *issuer,
    const struct mca_facts *subject, size_t *budget)
{
	int critical;
	owned(NAME_CONSTRAINTS) *constraints =
	    X509_get_ext_d2i(mca_cert_get0_bare(issuer), NID_name_constraints,
		&critical, NULL);

	/* -1 is "absent"; repeated or malformed ones could mean anything. */
	if (constraints == NULL && critical == -1)
		return MCA_FIT;
	if (constraints == NULL) {
		out->form = "nameConstraints";
		return MCA_UNFIT_FORM;
	}
	return mca_constraints_check(out, constraints, subject, budget);
}
