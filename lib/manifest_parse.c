/*
 * manifest_parse.c - a manifest from YAML (minica/manifest.h).
 */
#include "manifest_parts.h"

#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/text.h"

#include <stdlib.h>
#include <string.h>

struct parser {
	mca_manifest *manifest;
	const mca_yaml *yaml;
	const struct mca_yaml_node *defaults; /* NULL: there are none */
	struct mca_error *err;
};

/* "key" of "certificates.key". */
static const char *
word_of(const struct mca_key_row *row)
{
	const char *dot = strrchr(row->path, '.');

	return dot == NULL ? row->path : dot + 1;
}

static const struct mca_key_row *
find_row(const struct mca_key_row *rows, const char *word)
{
	for (; rows->path != NULL; rows++)
		if (strcmp(word_of(rows), word) == 0)
			return rows;
	return NULL;
}

static mca_code
unknown_key(const struct parser *p, const struct mca_key_row *rows,
    const struct mca_yaml_node *key)
{
	const char *words[32];
	scoped(mca_text) all = { 0 };
	size_t count = 0;
	const char *nearest;

	for (; rows->path != NULL; rows++) {
		mca_text_addf(&all, "%s%s", count == 0 ? "" : ", ",
		    word_of(rows));
		words[count++] = word_of(rows);
	}
	words[count] = NULL;
	nearest = mca_text_nearest(key->text, words);
	if (nearest != NULL)
		return mca_yaml_fail(p->err, p->yaml, key,
		    "unknown key \"%s\"; did you mean \"%s\"?",
		    MCA_SHOW_TEXT(key->text), nearest);
	return mca_yaml_fail(p->err, p->yaml, key,
	    "unknown key \"%s\"; known here: %s", MCA_SHOW_TEXT(key->text),
	    mca_text_get(&all));
}

static mca_code
check_keys(const struct parser *p, const struct mca_key_row *rows,
    const struct mca_yaml_node *node, const char *what)
{
	if (node->kind != MCA_YAML_MAPPING)
		return mca_yaml_fail(p->err, p->yaml, node,
		    "%s: wanted keys with their values", what);
	for (size_t i = 0; i < node->count; i++)
		if (find_row(rows, node->keys[i]->text) == NULL)
			return unknown_key(p, rows, node->keys[i]);
	return MCA_OK;
}

/* What a mapping says of a key, or what the defaults say. */
static const struct mca_yaml_node *
item_of(const struct mca_yaml_node *node, const struct mca_yaml_node *defaults,
    const char *word)
{
	const struct mca_yaml_node *item = mca_yaml_get(node, word);

	if (item == NULL && defaults != NULL)
		item = mca_yaml_get(defaults, word);
	return item;
}

static mca_code
read_rows(const struct parser *p, const struct mca_key_row *rows,
    const struct mca_yaml_node *node, const struct mca_yaml_node *defaults,
    void *target)
{
	mca_code code = check_keys(p, rows, node, "here");

	for (; rows->path != NULL && code == MCA_OK; rows++) {
		const struct mca_reading r = { rows, p->yaml, p->err };
		const struct mca_yaml_node *item;

		item = item_of(node, defaults, word_of(rows));
		if (item != NULL && rows->read != NULL)
			code =
			    rows->read(&r, item, (char *)target + rows->offset);
	}
	return code;
}

static mca_code
read_output(const struct parser *p, const struct mca_yaml_node *node,
    struct mca_output *out)
{
	*out = (struct mca_output){ .line = node->line,
		.mode = -1,
		.key_mode = -1,
		.timeout = 30 };
	return read_rows(p, mca_manifest_output, node, NULL, out);
}

static mca_code
read_outputs(const struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted *wanted)
{
	mca_code code = MCA_OK;

	if (node == NULL || node->kind != MCA_YAML_SEQUENCE || node->count == 0)
		return mca_manifest_fail(p->err, p->manifest, wanted->line,
		    "certificate \"%s\": outputs: wanted a list of places to "
		    "put it, here or in defaults",
		    wanted->name);
	wanted->outputs = calloc(node->count, sizeof(*wanted->outputs));
	if (wanted->outputs == NULL)
		return mca_fail_memory(p->err);
	for (size_t i = 0; i < node->count && code == MCA_OK; i++)
		code = read_output(p, node->items[i],
		    &wanted->outputs[wanted->output_count++]);
	return code;
}

static mca_code
read_certificate(const struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted *wanted)
{
	mca_code code;

	*wanted = (struct mca_wanted){ .line = node->line, .rekey = true };
	code =
	    read_rows(p, mca_manifest_certificate, node, p->defaults, wanted);
	if (code != MCA_OK)
		return code;
	if (wanted->name == NULL)
		return mca_yaml_fail(p->err, p->yaml, node,
		    "a certificate without a name");
	code = read_outputs(p, item_of(node, p->defaults, "outputs"), wanted);
	if (code != MCA_OK)
		return code;
	return mca_manifest_settle(p->manifest, wanted, p->err);
}

static mca_code
read_certificates(const struct parser *p, const struct mca_yaml_node *node)
{
	mca_manifest *manifest = p->manifest;
	mca_code code = MCA_OK;

	if (node == NULL || node->kind != MCA_YAML_SEQUENCE || node->count == 0)
		return mca_yaml_fail(p->err, p->yaml,
		    node == NULL ? mca_yaml_root(p->yaml) : node,
		    "certificates: wanted a list of at least one");
	manifest->certificates =
	    calloc(node->count, sizeof(*manifest->certificates));
	if (manifest->certificates == NULL)
		return mca_fail_memory(p->err);
	for (size_t i = 0; i < node->count && code == MCA_OK; i++)
		code = read_certificate(p, node->items[i],
		    &manifest->certificates[manifest->count++]);
	return code;
}

static mca_code
read_authority(const struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted_authority *authority)
{
	mca_code code;

	authority->line = node->line;
	code = read_rows(p, mca_manifest_authority, node, NULL, authority);
	if (code == MCA_OK && authority->name == NULL)
		code = mca_yaml_fail(p->err, p->yaml, node,
		    "an authority without a name");
	return code;
}

static mca_code
read_authorities(const struct parser *p, const struct mca_yaml_node *node)
{
	mca_manifest *manifest = p->manifest;
	mca_code code = MCA_OK;

	if (node == NULL)
		return MCA_OK;
	if (node->kind != MCA_YAML_SEQUENCE)
		return mca_yaml_fail(p->err, p->yaml, node,
		    "authorities: wanted a list");
	manifest->authorities =
	    calloc(node->count + 1, sizeof(*manifest->authorities));
	if (manifest->authorities == NULL)
		return mca_fail_memory(p->err);
	for (size_t i = 0; i < node->count && code == MCA_OK; i++)
		code = read_authority(p, node->items[i],
		    &manifest->authorities[manifest->authority_count++]);
	return code;
}

/* ---- names that must be there once ---- */

struct named {
	const char *name;
	size_t line;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order != 0)
		return order;
	return left->line < right->line ? -1 : left->line > right->line;
}

static mca_code
refuse_repeated(const struct parser *p, struct named *rows, size_t count,
    const char *what)
{
	qsort(rows, count, sizeof(*rows), by_name);
	for (size_t i = 1; i < count; i++)
		if (strcmp(rows[i - 1].name, rows[i].name) == 0)
			return mca_manifest_fail(p->err, p->manifest,
			    rows[i].line,
			    "a second %s named \"%s\" (the first is in line "
			    "%zu)",
			    what, rows[i].name, rows[i - 1].line);
	return MCA_OK;
}

static mca_code
check_names(const struct parser *p)
{
	const mca_manifest *m = p->manifest;
	struct named *rows =
	    calloc(m->count + m->authority_count, sizeof(*rows));
	mca_code code;

	if (rows == NULL)
		return mca_fail_memory(p->err);
	for (size_t i = 0; i < m->count; i++)
		rows[i] = (struct named){ m->certificates[i].name,
			m->certificates[i].line };
	code = refuse_repeated(p, rows, m->count, "certificate");
	for (size_t i = 0; i < m->authority_count; i++)
		rows[i] = (struct named){ m->authorities[i].name,
			m->authorities[i].line };
	if (code == MCA_OK)
		code =
		    refuse_repeated(p, rows, m->authority_count, "authority");
	free(rows);
	return code;
}

static mca_code
read_document(const struct parser *p)
{
	const struct mca_yaml_node *root = mca_yaml_root(p->yaml);
	mca_code code;

	code = read_rows(p, mca_manifest_document, root, NULL, p->manifest);
	if (code != MCA_OK)
		return code;
	if (p->manifest->name == NULL)
		return mca_yaml_fail(p->err, p->yaml, root,
		    "not a manifest: it begins with manifest: NAME");
	if (p->defaults != NULL &&
	    (code = check_keys(p, mca_manifest_defaults, p->defaults,
		 "defaults")) != MCA_OK)
		return code;
	code = read_authorities(p, mca_yaml_get(root, "authorities"));
	if (code == MCA_OK)
		code = read_certificates(p, mca_yaml_get(root, "certificates"));
	return code == MCA_OK ? check_names(p) : code;
}

/* The directory of the file, without symbolic links, and its shown name. */
static mca_code
place(mca_manifest *manifest, const char *file, struct mca_error *err)
{
	const char *slash = strrchr(file, '/');
	owned(char) *directory = NULL;
	scoped(mca_text) shown = { 0 };

	directory = slash == NULL ? strdup(".")
				  : strndup(file, (size_t)(slash - file) + 1);
	if (directory == NULL)
		return mca_fail_memory(err);
	manifest->directory = realpath(directory, NULL);
	if (manifest->directory == NULL)
		return mca_fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(directory));
	mca_text_escape(&shown, file, strlen(file));
	return mca_text_take(&manifest->file, &shown, err);
}

mca_code
mca_manifest_parse(mca_manifest **out, const struct mca_manifest_source *source,
    struct mca_error *err)
{
	static const struct mca_yaml_limits limits = { MCA_LIMIT_MANIFEST,
		MCA_LIMIT_MANIFEST_NODES };
	owned(mca_manifest) *manifest = calloc(1, sizeof(*manifest));
	owned(mca_yaml) *yaml = NULL;
	struct parser p = { manifest, NULL, NULL, err };
	mca_code code;

	if (manifest == NULL)
		return mca_fail_memory(err);
	if ((code = place(manifest, source->file, err)) != MCA_OK ||
	    (code = mca_yaml_parse_within(&yaml, source->file, source->text,
		 source->length, &limits, err)) != MCA_OK ||
	    (code = mca_yaml_expand(yaml, source->variable, source->context,
		 err)) != MCA_OK)
		return code;
	p.yaml = yaml;
	p.defaults = mca_yaml_get(mca_yaml_root(yaml), "defaults");
	code = read_document(&p);
	if (code == MCA_OK)
		*out = give(&manifest);
	return code;
}
