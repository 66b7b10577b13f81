/*
 * yaml_expand.c - variables of the environment in values (yamldoc.h).
 */
#include "yamldoc.h"

#include "minica/limits.h"
#include "minica/text.h"

#include <string.h>

struct expander {
	const mca_yaml *yaml;
	const struct mca_yaml_variables *variables;
	struct mca_error *err;
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz_";
static const char digits[] = "0123456789";

/* The length of the name that `text` begins with; 0 if it is none. */
static size_t
name_length(const char *text)
{
	size_t first = strspn(text, letters);
	size_t length = first;

	while (first > 0 && text[length] != '\0' &&
	    (strchr(letters, text[length]) != NULL ||
		strchr(digits, text[length]) != NULL))
		length++;
	return length;
}

static mca_code
note(const struct expander *e, mca_code code)
{
	return code == MCA_OK ? code
			      : e->variables->note(e->variables->context, code);
}

/* Adds the value of "${NAME}", which `at` begins with, and steps over it. */
static mca_code
add_variable(const struct expander *e, mca_text *out, const char **at,
    const struct mca_yaml_node *node)
{
	const char *name = *at + 2;
	size_t length = name_length(name);
	owned(char) *copy = NULL;
	const char *value;

	if (length == 0 || name[length] != '}')
		return mca_yaml_fail(e->err, e->yaml, node,
		    "\"${\" begins the name of a variable, as in ${NAME}; "
		    "write $${ for the characters themselves");
	copy = strndup(name, length);
	if (copy == NULL)
		return mca_fail_memory(e->err);
	*at = name + length + 1;
	value = e->variables->find(e->variables->context, copy);
	if (value == NULL)
		return note(e,
		    mca_yaml_fail(e->err, e->yaml, node,
			"the variable %s is not set in the environment", copy));
	mca_text_add(out, value, strlen(value));
	return MCA_OK;
}

static mca_code
expand_text(const struct expander *e, struct mca_yaml_node *node)
{
	scoped(mca_text) out = { 0 };
	const char *at = node->text;
	char *old, *expanded = NULL;

	while (*at != '\0') {
		bool escaped = strncmp(at, "$${", 3) == 0;

		if (strncmp(at, "${", 2) == 0) {
			if (add_variable(e, &out, &at, node) != MCA_OK)
				return e->err->code;
			continue;
		}
		at += escaped;
		mca_text_add(&out, at, escaped ? 2 : 1);
		at += escaped ? 2 : 1;
	}
	if (out.length > MCA_LIMIT_YAML)
		return mca_yaml_fail(e->err, e->yaml, node,
		    "with its variables the value is longer than %d bytes",
		    MCA_LIMIT_YAML);
	if (out.length == 0)
		mca_text_add(&out, "", 0);
	if (mca_text_take(&expanded, &out, e->err) != MCA_OK)
		return e->err->code;
	/* The reader's view is const, the memory is the document's. */
	memcpy(&old, &node->text, sizeof(old));
	free(old);
	node->text = expanded;
	return MCA_OK;
}

static mca_code
expand(const struct expander *e, const struct mca_yaml_node *node)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < node->count && code == MCA_OK; i++) {
		struct mca_yaml_node *item = node->items[i];

		if (item->kind != MCA_YAML_SCALAR)
			code = expand(e, item);
		else if (strstr(item->text, "${") != NULL)
			code = note(e, expand_text(e, item));
	}
	return code;
}

mca_code
mca_yaml_expand(mca_yaml *yaml, const struct mca_yaml_variables *variables,
    struct mca_error *err)
{
	const struct expander e = { yaml, variables, err };

	return expand(&e, mca_yaml_root(yaml));
}
