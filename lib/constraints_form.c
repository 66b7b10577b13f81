/*
 * constraints_form.c - are name constraints well-formed?  See constraints.h.
 */
#include "constraints.h"
#include "nametree.h"

#include "minica/san.h"

#include <string.h>

static const char *
host_flaw(struct mca_span host)
{
	if (mca_host_is_address(host))
		return "it is not a host name";
	return mca_dns_flaw(host.at, host.length, false);
}

static const char *
dns_flaw(struct mca_span base)
{
	if (mca_span_begins_with_dot(base))
		return "it begins with a dot, which a dNSName does not";
	return base.length == 0 ? NULL
				: mca_dns_flaw(base.at, base.length, false);
}

static const char *
uri_flaw(struct mca_span base)
{
	if (base.length == 0)
		return NULL;
	return host_flaw(
	    mca_span_begins_with_dot(base) ? mca_span_from(base, 1) : base);
}

static const char *
email_flaw(struct mca_span base)
{
	struct mca_span host;

	if (!mca_span_cut(base, '@', &host))
		return uri_flaw(base);
	if (base.length == host.length + 1 ||
	    memchr(base.at, '@', base.length - host.length - 1) != NULL)
		return "it is not one mailbox";
	return host_flaw(host);
}

/* A mask is ones, then zeros (RFC 4632). */
static const char *
ip_flaw(struct mca_span base)
{
	bool ended = false;
	int bit;

	if (base.length != 8 && base.length != 32)
		return "it is not an address and its mask";
	for (size_t i = base.length * 4; i < base.length * 8; i++) {
		bit = base.at[i / 8] >> (7 - i % 8) & 1;
		if (bit == 1 && ended)
			return "its mask has ones behind zeros";
		ended = ended || bit == 0;
	}
	return NULL;
}

static const char *
base_flaw(const GENERAL_NAME *base)
{
	switch (base->type) {
	case GEN_DNS:
		return dns_flaw(mca_span_of(base->d.ia5));
	case GEN_EMAIL:
		return email_flaw(mca_span_of(base->d.ia5));
	case GEN_URI:
		return uri_flaw(mca_span_of(base->d.ia5));
	case GEN_IPADD:
		return ip_flaw(mca_span_of(base->d.iPAddress));
	default:
		return NULL;
	}
}

static const char *
subtree_flaw(const GENERAL_SUBTREE *subtree)
{
	if (subtree->maximum != NULL)
		return "it has a maximum";
	if (subtree->minimum != NULL && ASN1_INTEGER_get(subtree->minimum) != 0)
		return "its minimum is not 0";
	return base_flaw(subtree->base);
}

static bool
subtrees_flaw(mca_text *flaw, const STACK_OF(GENERAL_SUBTREE) *subtrees)
{
	const GENERAL_SUBTREE *subtree;
	const char *reason;
	char shown[200];

	for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); i++) {
		subtree = sk_GENERAL_SUBTREE_value(subtrees, i);
		reason = subtree_flaw(subtree);
		if (reason == NULL)
			continue;
		mca_nametree_show(shown, sizeof(shown), subtree->base);
		mca_text_addf(flaw, "holds a malformed %s, \"%s\": %s",
		    mca_nametree_form(subtree->base->type), shown, reason);
		return true;
	}
	return false;
}

bool
mca_constraints_flaw(mca_text *flaw, const NAME_CONSTRAINTS *constraints)
{
	int permitted = sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees);
	int excluded = sk_GENERAL_SUBTREE_num(constraints->excludedSubtrees);

	if (permitted <= 0 && excluded <= 0) {
		mca_text_addf(flaw, "constrains nothing");
		return true;
	}
	if (permitted == 0 || excluded == 0) {
		mca_text_addf(flaw, "holds an empty list of subtrees");
		return true;
	}
	return subtrees_flaw(flaw, constraints->permittedSubtrees) ||
	    subtrees_flaw(flaw, constraints->excludedSubtrees);
}
