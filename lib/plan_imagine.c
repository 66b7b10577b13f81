/*
 * plan_imagine.c - authorities that are not there yet, as they will be
 * (plan.h).
 *
 * They are made in memory, under keys that mean nothing, so that what is asked
 * of them, and of the certificates below them, is examined before any is made.
 */
#include "plan.h"

#include <string.h>

/* One that is imagined, or that is there. */
static struct mca_issuer *
find(mca_plan *plan, const char *label)
{
	for (size_t i = 0; i < plan->authority_count; i++)
		if (plan->authorities[i].imagined.cert != NULL &&
		    strcmp(plan->authorities[i].wanted->name, label) == 0)
			return &plan->authorities[i].imagined;
	return plan->ca == NULL ? NULL
				: mca_issuers_find(&plan->ca->issuers, label);
}

void
mca_plan_describe(struct mca_new_authority *out,
    const struct mca_wanted_authority *wanted)
{
	*out = (struct mca_new_authority){
		.label = wanted->name,
		.common_name = wanted->common_name,
		.organization = wanted->organization,
		.key_algorithm = wanted->key == NULL ? "ec-p384" : wanted->key,
		.life = wanted->life,
		.issuer = wanted->issuer,
		.permit = (const char *const *)wanted->permit.words,
		.permit_count = wanted->permit.count,
		.exclude = (const char *const *)wanted->exclude.words,
		.exclude_count = wanted->exclude.count,
	};
}

static mca_code
draft_one(mca_plan *plan, mca_draft *draft,
    const struct mca_new_authority *what, struct mca_error *err)
{
	owned(mca_key) *key = NULL;
	owned(mca_csr) *csr = NULL;
	mca_code code;

	if ((code = mca_plan_policy(&draft->policy, plan,
		 what->issuer == NULL ? "root" : "intermediate", err)) !=
		MCA_OK ||
	    (code = mca_subtree_new(&draft->constraints, what->permit,
		 what->permit_count, what->exclude, what->exclude_count,
		 err)) != MCA_OK ||
	    (code = mca_key_stand_in(&key, what->key_algorithm, err)) !=
		MCA_OK ||
	    (code = mca_ca_request(&csr, what, what->label, key, err)) !=
		MCA_OK)
		return code;
	draft->csr = csr;
	code = mca_ca_draft(plan->drafter, draft, err);
	draft->csr = NULL;
	return code;
}

static mca_code
imagine(mca_plan *plan, struct mca_plan_authority *row, struct mca_error *err)
{
	scoped(mca_draft) draft = { .life = row->wanted->life };
	struct mca_new_authority what;
	struct mca_error bad = { 0 };
	mca_code code;

	mca_plan_describe(&what, row->wanted);
	if (what.issuer != NULL) {
		draft.issuer = find(plan, what.issuer);
		if (draft.issuer == NULL || draft.issuer->cert == NULL)
			return MCA_OK;
	}
	code = draft_one(plan, &draft, &what, &bad);
	if (code == MCA_ESYSTEM) {
		*err = bad;
		return code;
	}
	if (code != MCA_OK) {
		mca_plan_refuse_authority(row, code, "\"%s\": %s", what.label,
		    bad.text);
		return MCA_OK;
	}
	row->imagined.label = row->wanted->name;
	row->imagined.cert = give(&draft.rehearsed);
	row->imagined.above = draft.issuer;
	return MCA_OK;
}

mca_code
mca_plan_imagine(mca_plan *plan, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < plan->authority_count && code == MCA_OK; i++)
		if (plan->authorities[i].action == MCA_ACTION_CREATE &&
		    plan->authorities[i].refused == MCA_OK)
			code = imagine(plan, &plan->authorities[i], err);
	return code;
}

struct mca_issuer *
mca_plan_imagined(mca_plan *plan, const char *label)
{
	struct mca_issuer *issuer = find(plan, label);

	for (size_t i = 0; i < plan->authority_count; i++)
		if (issuer == &plan->authorities[i].imagined)
			return issuer;
	return NULL;
}
