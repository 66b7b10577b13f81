/*
 * policy_parse.c - a policy from YAML: which keys there are, where they may
 * stand, what `extends` brings in, and whether they agree with each other.
 *
 * A policy that extends another is that other with the keys replaced that it
 * gives itself: whole keys, never parts of a list, so that a line says all
 * there is to know.
 */
#include "policy.h"

#include "minica/key.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/text.h"

#include <stdio.h>
#include <string.h>

#define MAX_PATH 128

/* The mappings of the language; the keys are rows of policy_value.c. */
static const char *const sections[] = { "allow", "deny", "profile",
	"profile.subject", NULL };

/* One file of a policy and of those it extends, and its keys. */
struct source {
	mca_yaml *yaml;
	const struct mca_yaml_node *nodes[MCA_PK_COUNT];
};

struct loader {
	mca_policy *policy;
	struct source sources[MCA_POLICY_CHAIN];
	size_t count;
	struct mca_error *err;
};

static void
loader_clear(struct loader *l)
{
	for (size_t i = 0; i < l->count; i++)
		mca_yaml_free(l->sources[i].yaml);
}
typedef struct loader policy_loader;
MCA_SCOPED(policy_loader, loader_clear)

static bool
is_section(const char *path)
{
	for (size_t i = 0; sections[i] != NULL; i++)
		if (strcmp(sections[i], path) == 0)
			return true;
	return false;
}

static int
find_key(const char *path)
{
	for (int key = 0; key < MCA_PK_COUNT; key++)
		if (strcmp(mca_policy_key_path((enum mca_policy_key)key),
			path) == 0)
			return key;
	return -1;
}

/* last_word returns "dns" of "allow.dns". */
static const char *
last_word(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot == NULL ? path : dot + 1;
}

static bool
stands_in(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(path, prefix, length) == 0 &&
	    strchr(path + length, '.') == NULL;
}

/* words_of lists what may stand under `prefix` ("allow.", or ""). */
static void
words_of(const char **out, const char *prefix)
{
	size_t count = 0;

	for (int key = 0; key < MCA_PK_COUNT; key++) {
		const char *path =
		    mca_policy_key_path((enum mca_policy_key)key);

		if (stands_in(path, prefix))
			out[count++] = last_word(path);
	}
	for (size_t i = 0; sections[i] != NULL; i++)
		if (stands_in(sections[i], prefix))
			out[count++] = last_word(sections[i]);
	out[count] = NULL;
}

/* place_of returns the path of a key that stands elsewhere, or NULL. */
static const char *
place_of(const char *word)
{
	for (int key = 0; key < MCA_PK_COUNT; key++) {
		const char *path =
		    mca_policy_key_path((enum mca_policy_key)key);

		if (strcmp(last_word(path), word) == 0)
			return path;
	}
	return NULL;
}

static mca_code
unknown_key(const struct loader *l, const struct mca_yaml_node *key,
    const char *prefix)
{
	const char *words[MCA_PK_COUNT + sizeof(sections) / sizeof(*sections)];
	const mca_yaml *yaml = l->sources[l->count - 1].yaml;
	const char *shown = MCA_SHOW_TEXT(key->text);
	scoped(mca_text) all = { 0 };
	const char *nearest, *place;

	words_of(words, prefix);
	nearest = mca_text_nearest(key->text, words);
	place = place_of(key->text);
	if (place != NULL)
		return mca_yaml_fail(l->err, yaml, key,
		    "unknown key \"%s\" here; write %s", shown, place);
	if (nearest != NULL)
		return mca_yaml_fail(l->err, yaml, key,
		    "unknown key \"%s\"; did you mean \"%s\"?", shown, nearest);
	for (size_t i = 0; words[i] != NULL; i++)
		mca_text_addf(&all, "%s%s", i == 0 ? "" : ", ", words[i]);
	return mca_yaml_fail(l->err, yaml, key,
	    "unknown key \"%s\"; known here: %s", shown, mca_text_get(&all));
}

/* walk finds the node of every key; the sections are two deep at most. */
static mca_code walk(struct loader *l, const struct mca_yaml_node *mapping,
    const char *prefix);

static mca_code
walk_section(struct loader *l, const struct mca_yaml_node *mapping,
    const char *path)
{
	char prefix[MAX_PATH];

	if (mapping->kind != MCA_YAML_MAPPING)
		return mca_yaml_fail(l->err, l->sources[l->count - 1].yaml,
		    mapping, "%s: wanted keys, each on its own line below it",
		    path);
	if (snprintf(prefix, sizeof(prefix), "%s.", path) < 0)
		return mca_fail_memory(l->err);
	return walk(l, mapping, prefix);
}

static mca_code
walk(struct loader *l, const struct mca_yaml_node *mapping, const char *prefix)
{
	struct source *source = &l->sources[l->count - 1];
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < mapping->count; i++) {
		const char *word = mapping->keys[i]->text;
		char path[MAX_PATH];
		int n = snprintf(path, sizeof(path), "%s%s", prefix, word);
		int key = -1;

		/* "allow.dns: x" must not be a second way to say it. */
		if (n >= (int)sizeof(path) || strchr(word, '.') != NULL)
			return unknown_key(l, mapping->keys[i], prefix);
		key = find_key(path);
		if (key >= 0)
			source->nodes[key] = mapping->items[i];
		else if (is_section(path))
			code = walk_section(l, mapping->items[i], path);
		else
			code = unknown_key(l, mapping->keys[i], prefix);
	}
	return code;
}

static mca_code
load(struct loader *l, const char *file, const uint8_t *text, size_t length)
{
	struct source *source = &l->sources[l->count];
	const struct mca_yaml_node *root;
	mca_code code;

	code = mca_yaml_parse(&source->yaml, file, text, length, l->err);
	if (code != MCA_OK)
		return code;
	l->count++;
	root = mca_yaml_root(source->yaml);
	if (root->kind != MCA_YAML_MAPPING)
		return mca_yaml_fail(l->err, source->yaml, root,
		    "not a policy: it begins with policy: NAME");
	code = walk(l, root, "");
	if (code == MCA_OK && source->nodes[MCA_PK_POLICY] == NULL)
		code = mca_yaml_fail(l->err, source->yaml, root,
		    "not a policy: wanted policy: NAME");
	return code;
}

/* load_base loads what the last source extends, if it does. */
static mca_code
load_base(struct loader *l, bool *found)
{
	struct source *last = &l->sources[l->count - 1];
	const struct mca_yaml_node *node = last->nodes[MCA_PK_EXTENDS];
	const struct mca_builtin_policy *base = NULL;

	*found = node != NULL;
	if (node == NULL)
		return MCA_OK;
	if (node->kind == MCA_YAML_SCALAR)
		base = mca_policy_builtin(node->text);
	if (base == NULL && node->kind == MCA_YAML_SCALAR) {
		struct mca_error inner;

		(void)!mca_policy_unknown(&inner, node->text, NULL);
		return mca_yaml_fail(l->err, last->yaml, node, "extends: %s",
		    inner.text);
	}
	if (base == NULL || l->count == MCA_POLICY_CHAIN)
		return mca_yaml_fail(l->err, last->yaml, node,
		    "extends: wanted the name of one built-in policy");
	return load(l, "(built in)", (const uint8_t *)base->text, base->length);
}

static mca_code
load_all(struct loader *l, const char *file, const uint8_t *text, size_t length)
{
	bool more = true;
	mca_code code = load(l, file, text, length);

	while (code == MCA_OK && more)
		code = load_base(l, &more);
	return code;
}

/* source_of returns which file's `key` holds, or NULL when none has it. */
static const struct source *
source_of(const struct loader *l, enum mca_policy_key key)
{
	size_t count = key == MCA_PK_TESTS ? 1 : l->count;

	for (size_t i = 0; i < count; i++)
		if (l->sources[i].nodes[key] != NULL)
			return &l->sources[i];
	return NULL;
}

static mca_code
name_origins(struct loader *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct mca_yaml_node *name =
		    l->sources[i].nodes[MCA_PK_POLICY];

		if (asprintf(&l->policy->origins[i], "%spolicy %s",
			i == 0 ? "" : "built-in ", name->text) < 0) {
			l->policy->origins[i] = NULL;
			return mca_fail_memory(l->err);
		}
	}
	return MCA_OK;
}

static mca_code
read_keys(struct loader *l, int first, int end)
{
	for (int i = first; i < end; i++) {
		enum mca_policy_key key = (enum mca_policy_key)i;
		const struct source *source = source_of(l, key);
		struct mca_place *place = &l->policy->places[key];
		mca_code code;

		if (source == NULL)
			continue;
		place->origin = l->policy->origins[source - l->sources];
		place->line = source->nodes[key]->line;
		code = mca_policy_read(l->policy, key, source->yaml,
		    source->nodes[key], l->err);
		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

/* The defaults that hold for keys that nobody gave (minica-policy(5)). */
static void
set_defaults(mca_policy *policy)
{
	static const int64_t lives[] = { 90, 1825, 3650 };
	static const int64_t caps[] = { 397, 3650, 9125 };
	bool ca = policy->kind != MCA_FOR_LEAF;

	policy->names_max = MCA_LIMIT_NAMES;
	policy->key_reuse = MCA_REUSE_SAME_NAMES;
	policy->life = lives[policy->kind] * MCA_DAY;
	policy->min_life = MCA_MINUTE;
	policy->max_life = caps[policy->kind] * MCA_DAY;
	policy->profile.backdate = 5 * MCA_MINUTE;
	policy->profile.ca = ca;
	policy->profile.path_len =
	    policy->kind == MCA_FOR_INTERMEDIATE ? 0 : -1;
	policy->profile.key_usage = ca
	    ? MCA_KU_KEY_CERT_SIGN | MCA_KU_CRL_SIGN
	    : MCA_KU_DIGITAL_SIGNATURE | MCA_KU_KEY_ENCIPHERMENT;
}

/* Without allow.keys every algorithm that we can make is fine. */
static mca_code
set_default_keys(mca_policy *policy, struct mca_error *err)
{
	const char *const *name = mca_key_algorithms();
	mca_code code = MCA_OK;

	if (policy->places[MCA_PK_ALLOW_KEYS].line != 0)
		return MCA_OK;
	for (; code == MCA_OK && *name != NULL; name++)
		code = mca_words_add(&policy->keys, *name, err);
	return code;
}

/* disagree fails at the line of `key`, or of the policy's name without it. */
static mca_code
disagree(const struct loader *l, enum mca_policy_key key, const char *message)
{
	const struct source *source = source_of(l, key);

	if (source == NULL) {
		source = &l->sources[0];
		key = MCA_PK_POLICY;
	}
	return mca_yaml_fail(l->err, source->yaml, source->nodes[key], "%s: %s",
	    mca_policy_key_path(key), message);
}

static mca_code
check_life(const struct loader *l)
{
	const mca_policy *policy = l->policy;

	if (policy->life > policy->max_life)
		return disagree(l, MCA_PK_DAYS,
		    "profile.days is over profile.max_days");
	if (policy->life < policy->min_life)
		return disagree(l, MCA_PK_DAYS,
		    "profile.days is under profile.min_days");
	return MCA_OK;
}

static mca_code
check_usage(const struct loader *l)
{
	const struct mca_profile *profile = &l->policy->profile;
	unsigned usage = profile->key_usage;

	if (usage == 0)
		return disagree(l, MCA_PK_KEY_USAGE,
		    "at least one usage must be there (RFC 5280, 4.2.1.3)");
	if (profile->ca && (usage & MCA_KU_KEY_CERT_SIGN) == 0)
		return disagree(l, MCA_PK_KEY_USAGE,
		    "a CA needs keyCertSign (RFC 5280, 4.2.1.9)");
	if (!profile->ca &&
	    (usage & (MCA_KU_KEY_CERT_SIGN | MCA_KU_CRL_SIGN)) != 0)
		return disagree(l, MCA_PK_KEY_USAGE,
		    "keyCertSign and cRLSign are for CAs alone");
	if ((usage & (MCA_KU_ENCIPHER_ONLY | MCA_KU_DECIPHER_ONLY)) != 0 &&
	    (usage & MCA_KU_KEY_AGREEMENT) == 0)
		return disagree(l, MCA_PK_KEY_USAGE,
		    "encipherOnly and decipherOnly mean nothing without "
		    "keyAgreement (RFC 5280, 4.2.1.3)");
	return MCA_OK;
}

/* What a CA's policy says of names would never be looked at. */
static mca_code
check_ca(const struct loader *l)
{
	for (int key = MCA_PK_ALLOW_DNS; key <= MCA_PK_DENY_URI; key++)
		if (source_of(l, (enum mca_policy_key)key) != NULL)
			return disagree(l, (enum mca_policy_key)key,
			    "a CA certificate has no names to allow or deny");
	if (source_of(l, MCA_PK_HELD_NAMES) != NULL)
		return disagree(l, MCA_PK_HELD_NAMES,
		    "a CA certificate has no names to hold");
	if (!l->policy->profile.ca)
		return disagree(l, MCA_PK_CA,
		    "wanted true, for the policy is for a CA");
	if (l->policy->common_name == MCA_CN_NAMES)
		return disagree(l, MCA_PK_COMMON_NAME,
		    "a CA certificate has no names to take it from");
	return MCA_OK;
}

static mca_code
check_leaf(const struct loader *l)
{
	const mca_policy *policy = l->policy;
	size_t patterns = 0;

	for (size_t form = 0; form < MCA_POLICY_FORMS; form++)
		patterns += policy->allow[form].count;
	if (policy->names_max == 0 && patterns > 0)
		return disagree(l, MCA_PK_ALLOW_NAMES,
		    "0 allows no name at all, and other keys allow some");
	if (patterns == 0 && policy->names_max > 0)
		return disagree(l, MCA_PK_POLICY,
		    "allows no name at all; give allow.dns, allow.ip, "
		    "allow.email or allow.uri");
	if (policy->wildcards && policy->allow[MCA_SAN_DNS].count == 0)
		return disagree(l, MCA_PK_ALLOW_WILDCARDS,
		    "true without allow.dns says nothing");
	if (policy->profile.ca)
		return disagree(l, MCA_PK_CA,
		    "true in a policy for leaves; write for: intermediate");
	if (policy->profile.path_len != -1)
		return disagree(l, MCA_PK_PATH_LEN,
		    "only a CA has a path length (RFC 5280, 4.2.1.9)");
	return MCA_OK;
}

static mca_code
check_subject(const struct loader *l)
{
	const mca_policy *policy = l->policy;

	for (size_t i = 0; i < policy->fixed.count; i++) {
		const char *type = policy->fixed.rows[i].type;

		if (mca_words_has(&policy->keep, type) ||
		    mca_words_has(&policy->require, type))
			return disagree(l, MCA_PK_FIXED,
			    "an attribute has a fixed value and is also kept "
			    "or required; say one");
		if (policy->common_name == MCA_CN_NAMES &&
		    strcmp(type, "CN") == 0)
			return disagree(l, MCA_PK_FIXED,
			    "CN is taken from the names; write common_name: "
			    "none to fix it");
	}
	if (policy->common_name == MCA_CN_NAMES &&
	    (mca_words_has(&policy->keep, "CN") ||
		mca_words_has(&policy->require, "CN")))
		return disagree(l, MCA_PK_COMMON_NAME,
		    "CN is taken from the names and also kept or required; "
		    "write common_name: none to keep it");
	return MCA_OK;
}

static mca_code
check(const struct loader *l)
{
	mca_code code;

	code = l->policy->kind == MCA_FOR_LEAF ? check_leaf(l) : check_ca(l);
	if (code == MCA_OK)
		code = check_usage(l);
	if (code == MCA_OK)
		code = check_life(l);
	if (code == MCA_OK)
		code = check_subject(l);
	return code;
}

mca_code
mca_policy_parse(mca_policy **out, const char *file, const uint8_t *text,
    size_t length, struct mca_error *err)
{
	owned(mca_policy) *policy = calloc(1, sizeof(*policy));
	scoped(policy_loader) l = { .policy = policy, .err = err };
	mca_code code;

	if (policy == NULL)
		return mca_fail_memory(err);
	policy->file = strdup(file);
	if (policy->file == NULL)
		return mca_fail_memory(err);
	code = load_all(&l, file, text, length);
	if (code == MCA_OK)
		code = name_origins(&l);
	if (code == MCA_OK)
		code = read_keys(&l, 0, MCA_PK_ALLOW_KEYS);
	if (code != MCA_OK)
		return code;
	set_defaults(policy);
	code = read_keys(&l, MCA_PK_ALLOW_KEYS, MCA_PK_COUNT);
	if (code == MCA_OK)
		code = set_default_keys(policy, err);
	if (code == MCA_OK)
		code = check(&l);
	if (code != MCA_OK)
		return code;
	*out = give(&policy);
	return MCA_OK;
}
