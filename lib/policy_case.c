/*
 * policy_case.c - the tests that a policy carries, as they are written.
 */
#include "policy_value.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TESTS 1000
#define CENTURY (36500 * MCA_DAY)
#define FIELD(name) offsetof(struct mca_policy_case, name)

static mca_code read_words(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target);

static const char *const expectations[] = { "accept", "refuse", NULL };

/* clang-format off */
static const struct mca_key_row rows[] = {
	{ "tests.names", read_words, FIELD(names),
	    "a list of names such as [www.example.org, 10.0.0.1]", NULL, 0, 0 },
	{ "tests.csr", mca_policy_read_text, FIELD(csr),
	    "the name of a file", NULL, 0, 0 },
	{ "tests.cn", mca_policy_read_text, FIELD(common_name),
	    "the CN of the request", NULL, 0, 0 },
	{ "tests.key", mca_policy_read_text, FIELD(key),
	    "a key algorithm such as ec-p256", NULL, 0, 0 },
	{ "tests.days", mca_policy_read_days, FIELD(life),
	    "1m to 36500 days, as a number of days or with a unit (12h)", NULL,
	    MCA_MINUTE, CENTURY },
	{ "tests.expect", mca_policy_read_choice, FIELD(expect),
	    "accept or refuse", expectations, 0, 0 },
	{ "tests.rule", mca_policy_read_text, FIELD(rule),
	    "a rule such as MC-P-NAME", NULL, 0, 0 },
};
/* clang-format on */
#define ROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(sizeof(enum mca_expectation) == sizeof(unsigned), "enum");

void
mca_policy_cases_clear(struct mca_policy_cases *cases)
{
	for (size_t i = 0; i < cases->count; i++) {
		struct mca_policy_case *row = &cases->rows[i];

		mca_words_clear(&row->names);
		free(row->csr);
		free(row->common_name);
		free(row->key);
		free(row->rule);
	}
	free(cases->rows);
	*cases = (struct mca_policy_cases){ 0 };
}

/* Names that are not well-formed may be tried as well. */
static mca_code
read_words(const struct mca_reading *r, const struct mca_yaml_node *node,
    void *target)
{
	mca_code code = MCA_OK;

	if (node->kind != MCA_YAML_SEQUENCE)
		return mca_policy_wrong_type(r, node);
	for (size_t i = 0; code == MCA_OK && i < node->count; i++) {
		if (node->items[i]->kind != MCA_YAML_SCALAR)
			return mca_policy_wrong_type(r, node->items[i]);
		code = mca_words_add(target, node->items[i]->text, r->err);
	}
	return code;
}

/* last_word returns "names" of "tests.names". */
static const char *
last_word(const struct mca_key_row *row)
{
	return strchr(row->path, '.') + 1;
}

static mca_code
unknown_key(const struct mca_reading *r, const struct mca_yaml_node *key)
{
	const char *words[ROWS + 1] = { 0 };
	const char *nearest;

	for (size_t i = 0; i < ROWS; i++)
		words[i] = last_word(&rows[i]);
	nearest = mca_text_nearest(key->text, words);
	return mca_yaml_fail(r->err, r->yaml, key, "unknown key \"%s\"%s%s%s",
	    MCA_SHOW_TEXT(key->text),
	    nearest == NULL ? "; known in a test: names, csr, cn, key, days, "
			      "expect, rule"
			    : "; did you mean \"",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "\"?");
}

static mca_code
read_key(const struct mca_reading *r, const struct mca_yaml_node *key,
    const struct mca_yaml_node *value, struct mca_policy_case *out)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct mca_reading inner = { &rows[i], r->yaml, r->err };

		if (strcmp(last_word(&rows[i]), key->text) == 0)
			return rows[i].read(&inner, value,
			    (char *)out + rows[i].offset);
	}
	return unknown_key(r, key);
}

static mca_code
check(const struct mca_reading *r, const struct mca_yaml_node *node,
    const struct mca_policy_case *row)
{
	bool made = mca_yaml_get(node, "names") != NULL ||
	    row->common_name != NULL || row->key != NULL;

	if (mca_yaml_get(node, "expect") == NULL)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "tests: wanted expect: accept, or expect: refuse");
	if (made == (row->csr != NULL))
		return mca_yaml_fail(r->err, r->yaml, node,
		    "tests: wanted either names (or cn), or csr");
	if (row->rule != NULL && row->expect == MCA_EXPECT_ACCEPT)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "tests: rule is for what is refused");
	return MCA_OK;
}

static mca_code
read_case(const struct mca_reading *r, const struct mca_yaml_node *node,
    struct mca_policy_case *out)
{
	mca_code code = MCA_OK;

	if (node->kind != MCA_YAML_MAPPING)
		return mca_policy_wrong_type(r, node);
	out->line = node->line;
	for (size_t i = 0; code == MCA_OK && i < node->count; i++)
		code = read_key(r, node->keys[i], node->items[i], out);
	return code == MCA_OK ? check(r, node, out) : code;
}

mca_code
mca_policy_read_tests(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	struct mca_policy_cases *out = target;
	mca_code code = MCA_OK;

	if (node->kind != MCA_YAML_SEQUENCE)
		return mca_policy_wrong_type(r, node);
	if (node->count > MAX_TESTS)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "tests: more than %d", MAX_TESTS);
	out->rows = calloc(node->count + 1, sizeof(*out->rows));
	if (out->rows == NULL)
		return mca_fail_memory(r->err);
	for (size_t i = 0; code == MCA_OK && i < node->count; i++) {
		/* Counted even when it fails, so that it is freed. */
		out->count = i + 1;
		code = read_case(r, node->items[i], &out->rows[i]);
	}
	return code;
}
