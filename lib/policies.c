/*
 * policies.c - see policies.h.
 */
#include "policies.h"
#include "error.h"

#include "minica/limits.h"
#include "minica/text.h"

#include <openssl/err.h>
#include <string.h>

static bool
is_any(const ASN1_OBJECT *policy)
{
	return OBJ_obj2nid(policy) == NID_any_policy;
}

static bool
spend(struct mca_policies *state, size_t cost)
{
	if (*state->budget < cost)
		state->spent = true;
	else
		*state->budget -= cost;
	return !state->spent;
}

/* Says whether the user accepts `policy`. */
static bool
user_accepts(const struct mca_policies *state, const ASN1_OBJECT *policy)
{
	for (size_t i = 0; i < state->user_count; i++)
		if (is_any(state->user[i]) ||
		    OBJ_cmp(state->user[i], policy) == 0)
			return true;
	return state->user_count == 0;
}

static struct mca_policy_node *
find(struct mca_policies *state, const struct mca_policy_node *nodes,
    size_t count, const ASN1_OBJECT *policy)
{
	if (!spend(state, count + 1))
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (OBJ_cmp(nodes[i].policy, policy) == 0)
			return (struct mca_policy_node *)(uintptr_t)&nodes[i];
	return NULL;
}

/* A level that is being made; it replaces the one before when it is done. */
struct level {
	struct mca_policy_node *nodes;
	size_t count, capacity;
};

/* Adds a node, or a parent more to the node that is there. */
static void
put(struct mca_policies *state, struct level *level, const ASN1_OBJECT *policy,
    bool accepted)
{
	struct mca_policy_node *there =
	    find(state, level->nodes, level->count, policy);

	if (there != NULL)
		there->accepted = there->accepted || accepted;
	else if (level->count == level->capacity)
		state->spent = true;
	else
		level->nodes[level->count++] =
		    (struct mca_policy_node){ policy, accepted };
}

static bool
open_level(struct mca_policies *state, struct level *level, size_t capacity)
{
	if (capacity > MCA_LIMIT_POLICY_NODES) {
		state->spent = true;
		return false;
	}
	level->nodes = calloc(capacity + 1, sizeof(*level->nodes));
	level->capacity = capacity;
	level->count = 0;
	state->spent = state->spent || level->nodes == NULL;
	return level->nodes != NULL;
}

static void
close_level(struct mca_policies *state, struct level *level)
{
	free(state->nodes);
	state->nodes = level->nodes;
	state->count = level->count;
}

static bool
asserts_any(const CERTIFICATEPOLICIES *policies)
{
	for (int i = 0; i < sk_POLICYINFO_num(policies); i++)
		if (is_any(sk_POLICYINFO_value(policies, i)->policyid))
			return true;
	return false;
}

/*
 * 6.1.3 (d)(1): each policy of the certificate that was expected, or that
 * anyPolicy above lets in; then one accepted by the user starts here.
 */
static void
take_policies(struct mca_policies *state, struct level *level,
    const CERTIFICATEPOLICIES *policies)
{
	const struct mca_policy_node *expected;
	const ASN1_OBJECT *policy;

	for (int i = 0; i < sk_POLICYINFO_num(policies); i++) {
		policy = sk_POLICYINFO_value(policies, i)->policyid;
		if (is_any(policy))
			continue;
		expected = find(state, state->nodes, state->count, policy);
		if (expected != NULL)
			put(state, level, policy, expected->accepted);
		else if (state->any)
			put(state, level, policy, user_accepts(state, policy));
	}
}

/* 6.1.3 (d)(2): anyPolicy keeps everything that was expected. */
static void
keep_expected(struct mca_policies *state, struct level *level)
{
	for (size_t i = 0; i < state->count; i++)
		if (find(state, level->nodes, level->count,
			state->nodes[i].policy) == NULL)
			put(state, level, state->nodes[i].policy,
			    state->nodes[i].accepted);
}

static bool
is_null(const struct mca_policies *state)
{
	return state->count == 0 && !state->any;
}

bool
mca_policies_process(struct mca_policies *state, const struct mca_facts *facts,
    bool last)
{
	const CERTIFICATEPOLICIES *policies = facts->value[MCA_EXT_POLICIES];
	struct level level = { 0 };
	bool any;

	if (policies == NULL) { /* (e) */
		state->count = 0;
		state->any = false;
	} else if (!is_null(state)) { /* (d) */
		any = asserts_any(policies) &&
		    (state->inhibit_any > 0 || (!last && facts->self_issued));
		if (!open_level(state, &level,
			state->count + (size_t)sk_POLICYINFO_num(policies)))
			return true;
		take_policies(state, &level, policies);
		if (any)
			keep_expected(state, &level);
		state->any = state->any && any;
		close_level(state, &level);
	}
	return state->explicit_policy > 0 || !is_null(state); /* (f) */
}

/* 6.1.4 (b)(2) deletes what is mapped, (b)(1) replaces it. */
static void
apply_mappings(struct mca_policies *state, const POLICY_MAPPINGS *mappings)
{
	size_t count = (size_t)sk_POLICY_MAPPING_num(mappings);
	const struct mca_policy_node *node;
	const POLICY_MAPPING *mapping;
	struct level level = { 0 };
	bool mapped;

	if (!open_level(state, &level, state->count + count))
		return;
	for (size_t i = 0; i < state->count && spend(state, count); i++) {
		mapped = false;
		for (int j = 0; (size_t)j < count && !mapped; j++)
			mapped = OBJ_cmp(sk_POLICY_MAPPING_value(mappings, j)
					     ->issuerDomainPolicy,
				     state->nodes[i].policy) == 0;
		if (!mapped)
			put(state, &level, state->nodes[i].policy,
			    state->nodes[i].accepted);
	}
	for (size_t j = 0; j < count && state->policy_mapping > 0; j++) {
		mapping = sk_POLICY_MAPPING_value(mappings, (int)j);
		node = find(state, state->nodes, state->count,
		    mapping->issuerDomainPolicy);
		if (node != NULL)
			put(state, &level, mapping->subjectDomainPolicy,
			    node->accepted);
		else if (state->any)
			put(state, &level, mapping->subjectDomainPolicy,
			    user_accepts(state, mapping->issuerDomainPolicy));
	}
	close_level(state, &level);
}

static bool
maps_any(const POLICY_MAPPINGS *mappings)
{
	const POLICY_MAPPING *mapping;

	for (int i = 0; i < sk_POLICY_MAPPING_num(mappings); i++) {
		mapping = sk_POLICY_MAPPING_value(mappings, i);
		if (is_any(mapping->issuerDomainPolicy) ||
		    is_any(mapping->subjectDomainPolicy))
			return true;
	}
	return false;
}

/* Lowers `*counter` to what `limit` says, if it says anything. */
static void
lower_to(long *counter, const ASN1_INTEGER *limit)
{
	int64_t value;

	if (limit == NULL)
		return;
	if (ASN1_INTEGER_get_int64(&value, limit) != 1) {
		ERR_clear_error();
		value = ASN1_STRING_type(limit) == V_ASN1_NEG_INTEGER
		    ? 0
		    : INT64_MAX;
	}
	if (value < *counter)
		*counter = value < 0 ? 0 : (long)value;
}

static void
count_down(long *counter)
{
	if (*counter > 0)
		--*counter;
}

bool
mca_policies_prepare(struct mca_policies *state, const struct mca_facts *facts)
{
	const POLICY_MAPPINGS *mappings = facts->value[MCA_EXT_POLICY_MAPPINGS];
	const POLICY_CONSTRAINTS *limits =
	    facts->value[MCA_EXT_POLICY_CONSTRAINTS];

	if (maps_any(mappings)) /* (a) */
		return false;
	if (mappings != NULL && !is_null(state)) /* (b) */
		apply_mappings(state, mappings);
	if (!facts->self_issued) { /* (h) */
		count_down(&state->explicit_policy);
		count_down(&state->policy_mapping);
		count_down(&state->inhibit_any);
	}
	if (limits != NULL) { /* (i) */
		lower_to(&state->explicit_policy,
		    limits->requireExplicitPolicy);
		lower_to(&state->policy_mapping, limits->inhibitPolicyMapping);
	}
	lower_to(&state->inhibit_any, /* (j) */
	    facts->value[MCA_EXT_INHIBIT_ANY_POLICY]);
	return true;
}

/*
 * 6.1.5 (g): the intersection with the user's set.  anyPolicy at the end
 * stands for every policy, the user's among them.
 */
static bool
accepted_remains(const struct mca_policies *state)
{
	for (size_t i = 0; i < state->count; i++)
		if (state->nodes[i].accepted)
			return true;
	return state->any;
}

bool
mca_policies_wrap_up(struct mca_policies *state, const struct mca_facts *facts)
{
	const POLICY_CONSTRAINTS *limits =
	    facts->value[MCA_EXT_POLICY_CONSTRAINTS];
	int64_t value;

	count_down(&state->explicit_policy); /* (a) */
	if (limits != NULL && limits->requireExplicitPolicy != NULL &&
	    ASN1_INTEGER_get_int64(&value, limits->requireExplicitPolicy) ==
		1 &&
	    value == 0)
		state->explicit_policy = 0; /* (b) */
	ERR_clear_error();
	return state->explicit_policy > 0 || accepted_remains(state);
}

void
mca_policies_begin(struct mca_policies *state,
    const struct mca_verify_options *options, ASN1_OBJECT **user,
    size_t user_count, long length, size_t *budget)
{
	memset(state, 0, sizeof(*state));
	state->any = true;
	state->user = user;
	state->user_count = user_count;
	state->budget = budget;
	state->explicit_policy =
	    options->require_explicit_policy ? 0 : length + 1;
	state->policy_mapping =
	    options->inhibit_policy_mapping ? 0 : length + 1;
	state->inhibit_any = options->inhibit_any_policy ? 0 : length + 1;
}

void
mca_policies_end(struct mca_policies *state)
{
	free(state->nodes);
	state->nodes = NULL;
}

mca_code
mca_policies_parse(ASN1_OBJECT ***out, const char *const *texts, size_t count,
    struct mca_error *err)
{
	ASN1_OBJECT **user = calloc(count + 1, sizeof(ASN1_OBJECT *));

	if (user == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < count; i++) {
		user[i] = OBJ_txt2obj(texts[i], 1);
		ERR_clear_error();
		if (user[i] != NULL)
			continue;
		mca_policies_free(user, i);
		return mca_fail(err, MCA_EUSAGE,
		    "policy \"%s\" is not a dotted OID, such as 2.23.140.1.2.1",
		    MCA_SHOW_TEXT(texts[i]));
	}
	*out = user;
	return MCA_OK;
}

void
mca_policies_free(ASN1_OBJECT **user, size_t count)
{
	if (user == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		ASN1_OBJECT_free(user[i]);
	free(user);
}
