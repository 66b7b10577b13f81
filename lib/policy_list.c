/*
 * policy_list.c - values of a policy that are lists (policy_value.h).
 */
#include "policy_value.h"

#include "algorithm.h"
#include "minica/key.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/text.h"
#include "ossl.h"

#include <openssl/err.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MAX_WORDS 1000

static mca_code
check_list(const struct mca_reading *r, const struct mca_yaml_node *node)
{
	if (node->kind != MCA_YAML_SEQUENCE)
		return mca_policy_wrong_type(r, node);
	if (node->count > MAX_WORDS)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "%s: more than %d items", r->row->path, MAX_WORDS);
	for (size_t i = 0; i < node->count; i++)
		if (!mca_policy_is_scalar(node->items[i]))
			return mca_policy_wrong_type(r, node->items[i]);
	return MCA_OK;
}

/* `min` of the row is the form of the names. */
mca_code
mca_policy_read_patterns(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	mca_code code = check_list(r, node);

	for (size_t i = 0; code == MCA_OK && i < node->count; i++) {
		const struct mca_yaml_node *item = node->items[i];
		struct mca_error inner = { 0 };

		code = mca_patterns_add(target, (enum mca_san_form)r->row->min,
		    item->text, item->line, &inner);
		if (code == MCA_EUSAGE)
			return mca_yaml_fail(r->err, r->yaml, item, "%s: %s",
			    r->row->path, inner.text);
		if (code != MCA_OK)
			*r->err = inner;
	}
	return code;
}

/* add_once refuses a word that is in the list already. */
static mca_code
add_once(const struct mca_reading *r, const struct mca_yaml_node *item,
    struct mca_words *words, const char *word)
{
	if (mca_words_has(words, word))
		return mca_yaml_fail(r->err, r->yaml, item,
		    "%s: \"%s\" is there twice", r->row->path,
		    MCA_SHOW_TEXT(item->text));
	return mca_words_add(words, word, r->err);
}

/* Sizes of RSA keys are open; the rest is a name that libcrypto knows. */
static bool
is_key_algorithm(const char *name)
{
	const char *const *known = mca_key_algorithms();
	EVP_KEYMGMT *found;
	char *end;
	long bits;

	for (; *known != NULL; known++)
		if (strcmp(*known, name) == 0)
			return true;
	if (strncmp(name, "rsa-", 4) == 0 && isdigit((unsigned char)name[4])) {
		bits = strtol(name + 4, &end, 10);
		return *end == '\0' && bits >= 2048 && bits % 8 == 0 &&
		    bits <= MCA_LIMIT_RSA_BITS;
	}
	if (strcasecmp(name, "rsa") == 0 || strcasecmp(name, "ec") == 0)
		return false;
	found = EVP_KEYMGMT_fetch(NULL, name, NULL);
	ERR_clear_error();
	EVP_KEYMGMT_free(found);
	return found != NULL;
}

static mca_code
no_algorithm(const struct mca_reading *r, const struct mca_yaml_node *node)
{
	scoped(mca_text) absent = { 0 };

	mca_algorithm_absent(&absent, node->text);
	if (absent.length == 0)
		return mca_policy_wrong_value(r, node, mca_key_algorithms());
	return mca_yaml_fail(r->err, r->yaml, node, "%s: \"%s\": %s",
	    r->row->path, MCA_SHOW_TEXT(node->text), mca_text_get(&absent));
}

mca_code
mca_policy_read_algorithms(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	mca_code code = check_list(r, node);

	for (size_t i = 0; code == MCA_OK && i < node->count; i++) {
		if (!is_key_algorithm(node->items[i]->text))
			return no_algorithm(r, node->items[i]);
		code =
		    add_once(r, node->items[i], target, node->items[i]->text);
	}
	return code;
}

mca_code
mca_policy_read_key_usage(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	unsigned *out = target;
	mca_code code = check_list(r, node);

	if (code != MCA_OK)
		return code;
	*out = 0;
	for (size_t i = 0; i < node->count; i++) {
		const char *word = node->items[i]->text;
		size_t bit = 0;

		while (mca_key_usage_names[bit] != NULL &&
		    strcmp(mca_key_usage_names[bit], word) != 0)
			bit++;
		if (mca_key_usage_names[bit] == NULL)
			return mca_policy_wrong_value(r, node->items[i],
			    mca_key_usage_names);
		*out |= 1U << bit;
	}
	return MCA_OK;
}

static bool
is_oid(const char *text)
{
	owned(ASN1_OBJECT) *object = NULL;

	if (strspn(text, "0123456789.") == strlen(text) && strlen(text) < 128)
		object = OBJ_txt2obj(text, 1);
	ERR_clear_error();
	return object != NULL;
}

/* `words`, when there are any, are names of extended key usages. */
mca_code
mca_policy_read_oids(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	mca_code code = check_list(r, node);

	for (size_t i = 0; code == MCA_OK && i < node->count; i++) {
		const char *oid = node->items[i]->text;

		for (size_t k = 0;
		     r->row->words != NULL && r->row->words[k] != NULL; k++)
			if (strcmp(r->row->words[k], oid) == 0)
				oid = mca_ext_key_usage_oids[k];
		/* anyExtendedKeyUsage would undo what the policy says. */
		if (!is_oid(oid) || strcmp(oid, "2.5.29.37.0") == 0)
			return mca_policy_wrong_value(r, node->items[i],
			    r->row->words);
		code = add_once(r, node->items[i], target, oid);
	}
	return code;
}

static bool
is_url(const char *text)
{
	const char *host = strstr(text, "://");
	size_t length;

	if (strncmp(text, "http://", 7) != 0 &&
	    strncmp(text, "https://", 8) != 0)
		return false;
	for (const char *at = text; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}", *at))
			return false;
	host += 3;
	length = strcspn(host, "/:?#");
	return length > 0 && strlen(text) <= 1024 && strchr(host, '@') == NULL;
}

mca_code
mca_policy_read_urls(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	mca_code code = check_list(r, node);

	for (size_t i = 0; code == MCA_OK && i < node->count; i++) {
		if (!is_url(node->items[i]->text))
			return mca_policy_wrong_value(r, node->items[i], NULL);
		code =
		    add_once(r, node->items[i], target, node->items[i]->text);
	}
	return code;
}

static bool
is_attribute(const char *type)
{
	for (size_t i = 0; mca_policy_attributes[i] != NULL; i++)
		if (strcmp(mca_policy_attributes[i], type) == 0)
			return true;
	return false;
}

mca_code
mca_policy_read_attributes(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	mca_code code = check_list(r, node);

	for (size_t i = 0; code == MCA_OK && i < node->count; i++) {
		if (!is_attribute(node->items[i]->text))
			return mca_policy_wrong_value(r, node->items[i],
			    mca_policy_attributes);
		code =
		    add_once(r, node->items[i], target, node->items[i]->text);
	}
	return code;
}

/* What a name may hold is asked of the module that makes names. */
static mca_code
add_fixed(const struct mca_reading *r, struct mca_fixed *out,
    const struct mca_yaml_node *type, const struct mca_yaml_node *value)
{
	struct mca_fixed_attribute *row = &out->rows[out->count];
	struct mca_error inner = { 0 };
	owned(mca_name) *name = NULL;
	mca_code code;

	if (!is_attribute(type->text))
		return mca_policy_wrong_value(r, type, mca_policy_attributes);
	if (!mca_policy_is_scalar(value))
		return mca_policy_wrong_type(r, value);
	code = mca_name_new(&name,
	    &(struct mca_attribute){ type->text, value->text }, 1, &inner);
	if (code == MCA_EUSAGE)
		return mca_yaml_fail(r->err, r->yaml, value, "%s: %s",
		    r->row->path, inner.text);
	if (code != MCA_OK) {
		*r->err = inner;
		return code;
	}
	row->type = strdup(type->text);
	row->value = strdup(value->text);
	out->count++;
	if (row->type == NULL || row->value == NULL)
		return mca_fail_memory(r->err);
	return MCA_OK;
}

mca_code
mca_policy_read_fixed(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	struct mca_fixed *out = target;
	mca_code code = MCA_OK;

	if (node->kind != MCA_YAML_MAPPING)
		return mca_policy_wrong_type(r, node);
	out->rows = calloc(node->count + 1, sizeof(*out->rows));
	if (out->rows == NULL)
		return mca_fail_memory(r->err);
	for (size_t i = 0; code == MCA_OK && i < node->count; i++)
		code = add_fixed(r, out, node->keys[i], node->items[i]);
	return code;
}
