/*
 * policy.c - what a policy can be asked (see policy.h for its inside).
 */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>

void
mca_policy_free(mca_policy *policy)
{
	if (policy == NULL)
		return;
	free(policy->file);
	free(policy->name);
	free(policy->summary);
	free(policy->extends);
	free(policy->issuer);
	mca_words_clear(&policy->keys);
	for (size_t form = 0; form < MCA_POLICY_FORMS; form++) {
		mca_patterns_clear(&policy->allow[form]);
		mca_patterns_clear(&policy->deny[form]);
	}
	for (size_t i = 0; i < policy->fixed.count; i++) {
		free(policy->fixed.rows[i].type);
		free(policy->fixed.rows[i].value);
	}
	free(policy->fixed.rows);
	mca_words_clear(&policy->keep);
	mca_words_clear(&policy->require);
	mca_profile_clear(&policy->profile);
	mca_policy_cases_clear(&policy->cases);
	for (size_t i = 0; i < MCA_POLICY_CHAIN; i++)
		free(policy->origins[i]);
	free(policy);
}

const char *
mca_policy_name(const mca_policy *policy)
{
	return policy->name;
}

const char *
mca_policy_issuer(const mca_policy *policy)
{
	return policy->issuer;
}

const char *
mca_policy_summary(const mca_policy *policy)
{
	return policy->summary == NULL ? "" : policy->summary;
}

const char *
mca_policy_file(const mca_policy *policy)
{
	return policy->file;
}

enum mca_policy_kind
mca_policy_for(const mca_policy *policy)
{
	return policy->kind;
}

const struct mca_profile *
mca_policy_profile(const mca_policy *policy)
{
	return &policy->profile;
}

const char *
mca_policy_because(char *out, size_t size, const mca_policy *policy,
    enum mca_policy_key key, size_t line)
{
	const struct mca_place *place = &policy->places[key];
	const char *path = mca_policy_key_path(key);
	int n;

	if (place->line == 0)
		n = snprintf(out, size, "policy %s (default of %s)",
		    policy->name, path);
	else
		n = snprintf(out, size, "%s, line %zu (%s)", place->origin,
		    line == 0 ? place->line : line, path);
	return n < 0 ? "" : out;
}
