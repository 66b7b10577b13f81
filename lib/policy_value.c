/*
 * policy_value.c - values of a policy that are one word (policy_value.h).
 */
#include "policy_value.h"

#include "minica/text.h"
#include "minica/time.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_TEXT 200

/* The nearest of the right words, as the end of a message. */
static const char *
suggestion(char *out, size_t size, const char *word, const char *const *words)
{
	const char *nearest = mca_text_nearest(word, words);

	for (size_t i = 0; words[i] != NULL; i++)
		if (strcasecmp(words[i], word) == 0)
			nearest = words[i];
	if (nearest == NULL ||
	    snprintf(out, size, "; did you mean \"%s\"?", nearest) < 0)
		out[0] = '\0';
	return out;
}
#define SUGGESTION(word, words) suggestion((char[80]){ 0 }, 80, word, words)

static const char *
kind_name(const struct mca_yaml_node *node)
{
	if (node->kind == MCA_YAML_SEQUENCE)
		return node->count == 0 ? "an empty list" : "a list";
	if (node->kind == MCA_YAML_MAPPING)
		return "a mapping";
	return node->plain && node->text[0] == '\0' ? "nothing" : "one value";
}

mca_code
mca_policy_wrong_type(const struct mca_reading *r,
    const struct mca_yaml_node *node)
{
	return mca_yaml_fail(r->err, r->yaml, node, "%s: wanted %s; found %s",
	    r->row->path, r->row->wanted, kind_name(node));
}

/* A value that is one word, and not an empty one. */
bool
mca_policy_is_scalar(const struct mca_yaml_node *node)
{
	return node->kind == MCA_YAML_SCALAR && node->text[0] != '\0';
}

/* What would be a number or a truth value without its quotes. */
static bool
is_quoted_word(const struct mca_yaml_node *node)
{
	return !node->plain &&
	    (node->text[strspn(node->text, "0123456789")] == '\0' ||
		strcmp(node->text, "true") == 0 ||
		strcmp(node->text, "false") == 0);
}

mca_code
mca_policy_wrong_value(const struct mca_reading *r,
    const struct mca_yaml_node *node, const char *const *words)
{
	static const char *const none[] = { NULL };

	return mca_yaml_fail(r->err, r->yaml, node, "%s: \"%s\"%s: wanted %s%s",
	    r->row->path, MCA_SHOW_TEXT(node->text),
	    is_quoted_word(node) ? ", which quotes make a text" : "",
	    r->row->wanted,
	    SUGGESTION(node->text, words == NULL ? none : words));
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (iscntrl((unsigned char)*text))
			return true;
	return false;
}

mca_code
mca_policy_read_text(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	char **out = target;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (strlen(node->text) > MAX_TEXT || has_control(node->text))
		return mca_yaml_fail(r->err, r->yaml, node,
		    "%s: wanted one line of at most %d bytes", r->row->path,
		    MAX_TEXT);
	*out = strdup(node->text);
	return *out == NULL ? mca_fail_memory(r->err) : MCA_OK;
}

/* A name is also a file name, so it can hold no slash and no first dot. */
mca_code
mca_policy_read_name(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "0123456789-_";

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (strlen(node->text) > 63 || node->text[0] == '-' ||
	    strspn(node->text, allowed) != strlen(node->text))
		return mca_policy_wrong_value(r, node, NULL);
	return mca_policy_read_text(r, node, target);
}

mca_code
mca_policy_read_choice(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	unsigned choice = 0;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	while (r->row->words[choice] != NULL &&
	    strcmp(r->row->words[choice], node->text) != 0)
		choice++;
	if (r->row->words[choice] == NULL)
		return mca_policy_wrong_value(r, node, r->row->words);
	/* The enums of a policy are what gcc and clang make of them. */
	*(unsigned *)target = choice;
	return MCA_OK;
}
_Static_assert(sizeof(enum mca_policy_kind) == sizeof(unsigned), "enum");
_Static_assert(sizeof(enum mca_beyond) == sizeof(unsigned), "enum");
_Static_assert(sizeof(enum mca_lookalikes) == sizeof(unsigned), "enum");
_Static_assert(sizeof(enum mca_common_name) == sizeof(unsigned), "enum");
_Static_assert(sizeof(enum mca_key_reuse) == sizeof(unsigned), "enum");
_Static_assert(sizeof(enum mca_held_names) == sizeof(unsigned), "enum");

/* "yes" and "true" in quotes are texts: what is meant is not guessed. */
mca_code
mca_policy_read_bool(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	static const char *const words[] = { "true", "false", NULL };
	bool *out = target;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	*out = strcmp(node->text, "true") == 0;
	if (!node->plain || (!*out && strcmp(node->text, "false") != 0))
		return mca_policy_wrong_value(r, node, words);
	return MCA_OK;
}

static bool
is_number(const struct mca_yaml_node *node)
{
	size_t digits = strspn(node->text, "0123456789");

	return node->plain && digits > 0 && digits < 18 &&
	    node->text[digits] == '\0' && (digits == 1 || node->text[0] != '0');
}

static mca_code
in_range(const struct mca_reading *r, const struct mca_yaml_node *node,
    int64_t value)
{
	if (value >= r->row->min && value <= r->row->max)
		return MCA_OK;
	return mca_yaml_fail(r->err, r->yaml, node,
	    "%s: \"%s\" is out of range; wanted %s", r->row->path,
	    MCA_SHOW_TEXT(node->text), r->row->wanted);
}

mca_code
mca_policy_read_count(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	int64_t *out = target;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (!is_number(node))
		return mca_policy_wrong_value(r, node, NULL);
	*out = strtoll(node->text, NULL, 10);
	return in_range(r, node, *out);
}

mca_code
mca_policy_read_path_len(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	long *out = target;
	int64_t count = -1;
	mca_code code = MCA_OK;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (!node->plain || strcmp(node->text, "none") != 0)
		code = mca_policy_read_count(r, node, &count);
	*out = (long)count;
	return code;
}

/* A span with its unit: "5m", "12h". */
mca_code
mca_policy_read_span(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	struct mca_error inner = { 0 };
	int64_t *out = target;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (strcmp(node->text, "0") == 0)
		*out = 0;
	else if (mca_duration_parse(out, node->text, &inner) != MCA_OK)
		return mca_policy_wrong_value(r, node, NULL);
	return in_range(r, node, *out);
}

/* A number of days, or a span. */
mca_code
mca_policy_read_days(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	int64_t *out = target;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (!is_number(node))
		return mca_policy_read_span(r, node, target);
	*out = strtoll(node->text, NULL, 10);
	if (*out > r->row->max / MCA_DAY)
		return in_range(r, node, r->row->max + 1);
	*out *= MCA_DAY;
	return in_range(r, node, *out);
}
