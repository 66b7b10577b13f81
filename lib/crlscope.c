/*
 * crlscope.c - see crlscope.h.
 */
#include "crlscope.h"

/* A relative name hangs below the CRL's issuer, or the certificate's own. */
/* Names of distribution points. */

static bool
directory_among(const GENERAL_NAMES *names, const X509_NAME *dn)
{
	const GENERAL_NAME *name;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_DIRNAME &&
		    X509_NAME_cmp(name->d.directoryName, dn) == 0)
			return true;
	}
	return false;
}

static bool
names_meet(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
	GENERAL_NAME *left, *right;

	for (int i = 0; i < sk_GENERAL_NAME_num(a); i++)
		for (int j = 0; j < sk_GENERAL_NAME_num(b); j++) {
			left = sk_GENERAL_NAME_value(a, i);
			right = sk_GENERAL_NAME_value(b, j);
			if (GENERAL_NAME_cmp(left, right) == 0)
				return true;
		}
	return false;
}

static bool
point_names_meet(const DIST_POINT_NAME *a, const DIST_POINT_NAME *b)
{
	if (a->type == 1 && b->type == 1)
		return a->dpname != NULL && b->dpname != NULL &&
		    X509_NAME_cmp(a->dpname, b->dpname) == 0;
	if (a->type == 1)
		return a->dpname != NULL &&
		    directory_among(b->name.fullname, a->dpname);
	if (b->type == 1)
		return b->dpname != NULL &&
		    directory_among(a->name.fullname, b->dpname);
	return names_meet(a->name.fullname, b->name.fullname);
}

/* (b)(2)(i): the list was published where the certificate points to. */
static bool
point_fits(const struct mca_facts *facts, const DIST_POINT *point,
    const struct mca_crl_facts *list)
{
	const DIST_POINT_NAME *name =
	    list->scope == NULL ? NULL : list->scope->distpoint;

	if (name == NULL)
		return true;
	if (point != NULL && point->distpoint != NULL)
		return point_names_meet(name, point->distpoint);
	if (point != NULL && point->CRLissuer != NULL)
		return name->type == 1
		    ? name->dpname != NULL &&
			directory_among(point->CRLissuer, name->dpname)
		    : names_meet(name->name.fullname, point->CRLissuer);
	return name->type != 1 &&
	    directory_among(name->name.fullname,
		X509_get_issuer_name(facts->x509));
}

/* (b)(1): the list is by whom it should be. */
static bool
issuer_fits(const struct mca_facts *facts, const DIST_POINT *point,
    const struct mca_crl_facts *list)
{
	if (point != NULL && point->CRLissuer != NULL)
		return list->indirect &&
		    directory_among(point->CRLissuer, list->issuer);
	return X509_NAME_cmp(list->issuer, X509_get_issuer_name(facts->x509)) ==
	    0;
}

/* (b) and (d): the reasons the list covers for this certificate, or none. */
unsigned
mca_crl_scope(const struct mca_facts *facts, const DIST_POINT *point,
    const struct mca_crl_facts *list)
{
	bool ca = facts->ca;

	if (!issuer_fits(facts, point, list) || !point_fits(facts, point, list))
		return 0;
	if (list->attributes_only || (list->users_only && ca) ||
	    (list->cas_only && !ca))
		return 0;
	return list->reasons &
	    mca_reasons(point == NULL ? NULL : point->reasons);
}
