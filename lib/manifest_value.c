/*
 * manifest_value.c - see manifest_value.h.
 */
#include "manifest_value.h"

#include "manifest.h"
#include "minica/key.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/store.h"
#include "minica/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TEXT 4000
#define MAX_LABEL 63

static mca_code
copy(char **out, const char *text, struct mca_error *err)
{
	free(*out);
	*out = strdup(text);
	return *out == NULL ? mca_fail_memory(err) : MCA_OK;
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
mca_manifest_read_text(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (strlen(node->text) > MAX_TEXT || has_control(node->text))
		return mca_yaml_fail(r->err, r->yaml, node,
		    "%s: wanted one line of at most %d bytes", r->row->path,
		    MAX_TEXT);
	return copy(target, node->text, r->err);
}

/* It becomes part of names of files, so it holds nothing that they do not. */
mca_code
mca_manifest_read_label(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	for (const char *c = node->text; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL)
			return mca_policy_wrong_value(r, node, NULL);
	if (strlen(node->text) > MAX_LABEL || node->text[0] == '.' ||
	    node->text[0] == '-')
		return mca_policy_wrong_value(r, node, NULL);
	return copy(target, node->text, r->err);
}

mca_code
mca_manifest_read_algorithm(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	struct mca_yaml_node item = *node;
	struct mca_yaml_node *items[] = { &item };
	const struct mca_yaml_node list = { .kind = MCA_YAML_SEQUENCE,
		.line = node->line,
		.column = node->column,
		.count = 1,
		.items = items };
	struct mca_words words = { 0 };
	mca_code code;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	code = mca_policy_read_algorithms(r, &list, &words);
	mca_words_clear(&words);
	return code == MCA_OK ? copy(target, node->text, r->err) : code;
}

static mca_code
read_list(const struct mca_reading *r, const struct mca_yaml_node *node,
    struct mca_words *out)
{
	mca_code code = MCA_OK;

	if (node->kind != MCA_YAML_SEQUENCE)
		return mca_policy_wrong_type(r, node);
	for (size_t i = 0; i < node->count && code == MCA_OK; i++) {
		if (!mca_policy_is_scalar(node->items[i]))
			return mca_policy_wrong_type(r, node->items[i]);
		code = mca_words_add(out, node->items[i]->text, r->err);
	}
	return code;
}

mca_code
mca_manifest_read_words(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	struct mca_words *out = target;

	mca_words_clear(out);
	return read_list(r, node, out);
}

mca_code
mca_manifest_read_hosts(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	struct mca_words words = { 0 };
	struct mca_error inner = { 0 };
	mca_san **out = target;
	mca_code code = read_list(r, node, &words);

	if (code == MCA_OK && words.count == 0)
		code = mca_policy_wrong_type(r, node);
	for (size_t i = 0; i < words.count && code == MCA_OK; i++) {
		owned(mca_san) *one = NULL;
		const char *name = words.words[i];

		code = mca_san_new(&one, &name, 1, &inner);
		if (code == MCA_ESYSTEM)
			*r->err = inner;
		else if (code != MCA_OK)
			code = mca_yaml_fail(r->err, r->yaml, node->items[i],
			    "%s: %s", r->row->path, inner.text);
	}
	if (code == MCA_OK)
		code = mca_san_new(out, (const char *const *)words.words,
		    words.count, r->err);
	mca_words_clear(&words);
	return code;
}

/* As chmod takes it, in octal. */
mca_code
mca_manifest_read_mode(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	int64_t *out = target;
	size_t octal;

	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	octal = strspn(node->text, "01234567");
	if (node->text[octal] != '\0' || octal < 3 || octal > 4 ||
	    (octal == 4 && node->text[0] != '0'))
		return mca_policy_wrong_value(r, node, NULL);
	*out = strtol(node->text, NULL, 8);
	if ((*out & 0400) == 0 || (*out & 0111) != 0 || (*out & r->row->max))
		return mca_policy_wrong_value(r, node, NULL);
	return MCA_OK;
}

static mca_code
read_label(const struct mca_reading *r, const struct mca_yaml_node *key,
    const struct mca_yaml_node *value, struct mca_words *out)
{
	scoped(mca_text) text = { 0 };
	const char *flaw;

	if (!mca_policy_is_scalar(key) || !mca_policy_is_scalar(value))
		return mca_policy_wrong_type(r, value);
	mca_text_addf(&text, "%s=%s", key->text, value->text);
	if (text.failed)
		return mca_fail_memory(r->err);
	flaw = mca_label_flaw(mca_text_get(&text));
	if (flaw != NULL)
		return mca_yaml_fail(r->err, r->yaml, value, "%s: \"%s\": %s",
		    r->row->path, MCA_SHOW_TEXT(mca_text_get(&text)), flaw);
	return mca_words_add(out, mca_text_get(&text), r->err);
}

mca_code
mca_manifest_read_labels(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	mca_code code = MCA_OK;

	if (node->kind != MCA_YAML_MAPPING || node->count > MCA_LIMIT_LABELS)
		return mca_policy_wrong_type(r, node);
	for (size_t i = 0; i < node->count && code == MCA_OK; i++)
		code = read_label(r, node->keys[i], node->items[i], target);
	return code;
}

/* A name of a file alone: it stays in the directory of its output. */
static mca_code
read_file(const struct mca_reading *r, const struct mca_yaml_node *node,
    char **out)
{
	if (!mca_policy_is_scalar(node))
		return mca_policy_wrong_type(r, node);
	if (strchr(node->text, '/') != NULL || node->text[0] == '.' ||
	    strlen(node->text) > 200)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "files: \"%s\": wanted the name of a file in the "
		    "directory of the output, without a slash and not hidden",
		    MCA_SHOW_TEXT(node->text));
	return mca_manifest_read_text(r, node, out);
}

static int
find_role(const char *word)
{
	for (int role = 0; role < MCA_ROLES; role++)
		if (strcmp(mca_role_name((enum mca_role)role), word) == 0)
			return role;
	return -1;
}

mca_code
mca_manifest_read_files(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	char **names = target;
	mca_code code = MCA_OK;

	if (node->kind != MCA_YAML_MAPPING)
		return mca_policy_wrong_type(r, node);
	for (size_t i = 0; i < node->count && code == MCA_OK; i++) {
		int role = find_role(node->keys[i]->text);

		if (role < 0)
			return mca_yaml_fail(r->err, r->yaml, node->keys[i],
			    "files: \"%s\" is no kind of file; there are %s",
			    MCA_SHOW_TEXT(node->keys[i]->text), r->row->wanted);
		code = read_file(r, node->items[i], &names[role]);
	}
	return code;
}
