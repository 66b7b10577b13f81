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
	const struct mca_manifest_source *source;
	mca_manifest *manifest;
	const mca_yaml *yaml;
	const struct mca_yaml_node *defaults; /* NULL: there are none */
	struct mca_error *err;
	struct mca_error first; /* it alone is the error */
	size_t wrong;		/* how many there are */
	bool flawed;		/* what is read now cannot be settled */
	uint64_t told;		/* rows and outputs of the defaults that are */
	uint64_t told_outputs;	/* wrong: once, not in each certificate */
};

/* ---- every error, not the first alone ---- */

/* An error is told and reading goes on; memory that runs out ends it. */
static mca_code
note(struct parser *p, mca_code code)
{
	const struct mca_manifest_source *source = p->source;

	if (code == MCA_OK || code == MCA_ESYSTEM || source->wrong == NULL)
		return code;
	if (p->wrong == 0)
		p->first = *p->err;
	if (p->wrong == 1)
		source->wrong(source->context, &p->first);
	if (p->wrong > 0)
		source->wrong(source->context, p->err);
	p->wrong++;
	p->flawed = true;
	return MCA_OK;
}

static mca_code
note_variable(void *context, mca_code code)
{
	return note(context, code);
}

static const char *
find_variable(void *context, const char *name)
{
	const struct parser *p = context;

	return p->source->variable(p->source->context, name);
}

/* What all that was noted comes to. */
static mca_code
conclude(const struct parser *p)
{
	if (p->wrong == 0)
		return MCA_OK;
	if (p->wrong == 1)
		*p->err = p->first;
	else
		(void)mca_fail(p->err, MCA_EFORMAT, "%s: %zu errors",
		    p->manifest->file, p->wrong);
	return p->err->code;
}

/* ---- keys ---- */

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
check_keys(struct parser *p, const struct mca_key_row *rows,
    const struct mca_yaml_node *node, const char *what)
{
	if (node->kind != MCA_YAML_MAPPING)
		return mca_yaml_fail(p->err, p->yaml, node,
		    "%s: wanted keys with their values", what);
	for (size_t i = 0; i < node->count; i++)
		if (find_row(rows, node->keys[i]->text) == NULL &&
		    note(p, unknown_key(p, rows, node->keys[i])) != MCA_OK)
			return p->err->code;
	return MCA_OK;
}

/* A value of the defaults that is wrong is so once, whoever needs it. */
static mca_code
read_default(struct parser *p, const struct mca_reading *r, size_t i,
    const struct mca_yaml_node *item, void *target)
{
	const uint64_t bit = UINT64_C(1) << i;
	size_t before = p->wrong;
	mca_code code;

	if ((p->told & bit) != 0) {
		p->flawed = true;
		return MCA_OK;
	}
	code = note(p, r->row->read(r, item, target));
	if (p->wrong > before)
		p->told |= bit;
	return code;
}

static mca_code
read_rows(struct parser *p, const struct mca_key_row *rows,
    const struct mca_yaml_node *node, const struct mca_yaml_node *defaults,
    void *target)
{
	mca_code code = check_keys(p, rows, node, "here");

	for (size_t i = 0; rows[i].path != NULL && code == MCA_OK; i++) {
		const struct mca_reading r = { &rows[i], p->yaml, p->err };
		const char *word = word_of(&rows[i]);
		const struct mca_yaml_node *item = mca_yaml_get(node, word);
		void *field = (char *)target + rows[i].offset;

		if (rows[i].read == NULL)
			continue;
		if (item != NULL)
			code = note(p, rows[i].read(&r, item, field));
		else if (defaults != NULL &&
		    (item = mca_yaml_get(defaults, word)) != NULL)
			code = read_default(p, &r, i, item, field);
	}
	return code;
}

/* ---- certificates ---- */

static mca_code
read_output(struct parser *p, const struct mca_yaml_node *node,
    struct mca_output *out)
{
	*out = (struct mca_output){ .line = node->line,
		.mode = -1,
		.key_mode = -1,
		.timeout = 30 };
	return note(p, read_rows(p, mca_manifest_output, node, NULL, out));
}

static mca_code
read_outputs(struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted *wanted)
{
	mca_code code = MCA_OK;

	if (node == NULL || node->kind != MCA_YAML_SEQUENCE || node->count == 0)
		return mca_manifest_fail(p->err, p->manifest, wanted->line,
		    "certificate \"%s\": outputs: wanted a list of places to "
		    "put it, here or in defaults",
		    wanted->name == NULL ? "" : wanted->name);
	wanted->outputs = calloc(node->count, sizeof(*wanted->outputs));
	if (wanted->outputs == NULL)
		return mca_fail_memory(p->err);
	for (size_t i = 0; i < node->count && code == MCA_OK; i++)
		code = read_output(p, node->items[i],
		    &wanted->outputs[wanted->output_count++]);
	return code;
}

/* The outputs of the defaults are read for each certificate anew. */
static mca_code
read_places(struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted *wanted)
{
	const struct mca_yaml_node *own = mca_yaml_get(node, "outputs");
	const struct mca_yaml_node *shared = own != NULL || p->defaults == NULL
	    ? NULL
	    : mca_yaml_get(p->defaults, "outputs");
	size_t before = p->wrong;
	mca_code code;

	if (shared != NULL && p->told_outputs == UINT64_MAX) {
		p->flawed = true;
		return MCA_OK;
	}
	code = note(p, read_outputs(p, own != NULL ? own : shared, wanted));
	if (shared != NULL && p->wrong > before)
		p->told_outputs = UINT64_MAX;
	return code;
}

/* What an output of the defaults says of one key it says of all. */
static mca_code
settle_output(struct parser *p, struct mca_wanted *wanted, size_t i,
    bool shared)
{
	const uint64_t bit = UINT64_C(1) << (i % 64);
	size_t before = p->wrong;
	mca_code code;

	if (shared && wanted->csr == NULL && (p->told_outputs & bit) != 0)
		return MCA_OK;
	code = note(p,
	    mca_manifest_settle_output(p->manifest, wanted, &wanted->outputs[i],
		p->err));
	if (shared && wanted->csr == NULL && p->wrong > before)
		p->told_outputs |= bit;
	return code;
}

static mca_code
settle(struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted *wanted)
{
	bool shared = mca_yaml_get(node, "outputs") == NULL;
	mca_code code =
	    note(p, mca_manifest_settle(p->manifest, wanted, p->err));

	for (size_t i = 0; i < wanted->output_count && code == MCA_OK; i++)
		code = settle_output(p, wanted, i, shared);
	return code;
}

static mca_code
read_certificate(struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted *wanted)
{
	mca_code code;

	*wanted = (struct mca_wanted){ .line = node->line, .rekey = true };
	p->flawed = false;
	code =
	    read_rows(p, mca_manifest_certificate, node, p->defaults, wanted);
	if (code != MCA_OK)
		return code;
	if (wanted->name == NULL && !p->flawed)
		return mca_yaml_fail(p->err, p->yaml, node,
		    "a certificate without a name");
	code = read_places(p, node, wanted);
	if (code != MCA_OK || p->flawed)
		return code;
	return settle(p, node, wanted);
}

static mca_code
read_certificates(struct parser *p, const struct mca_yaml_node *node)
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
		code = note(p,
		    read_certificate(p, node->items[i],
			&manifest->certificates[manifest->count++]));
	return code;
}

static mca_code
read_authority(struct parser *p, const struct mca_yaml_node *node,
    struct mca_wanted_authority *authority)
{
	mca_code code;

	authority->line = node->line;
	p->flawed = false;
	code = read_rows(p, mca_manifest_authority, node, NULL, authority);
	if (code == MCA_OK && authority->name == NULL && !p->flawed)
		code = mca_yaml_fail(p->err, p->yaml, node,
		    "an authority without a name");
	return code;
}

static mca_code
read_authorities(struct parser *p, const struct mca_yaml_node *node)
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
		code = note(p,
		    read_authority(p, node->items[i],
			&manifest->authorities[manifest->authority_count++]));
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
refuse_repeated(struct parser *p, struct named *rows, size_t count,
    const char *what)
{
	mca_code code = MCA_OK;

	qsort(rows, count, sizeof(*rows), by_name);
	for (size_t i = 1; i < count && code == MCA_OK; i++)
		if (strcmp(rows[i - 1].name, rows[i].name) == 0)
			code = note(p,
			    mca_manifest_fail(p->err, p->manifest, rows[i].line,
				"a second %s named \"%s\" (the first is in "
				"line %zu)",
				what, rows[i].name, rows[i - 1].line));
	return code;
}

static void
add_name(struct named *rows, size_t *count, const char *name, size_t line)
{
	if (name != NULL)
		rows[(*count)++] = (struct named){ name, line };
}

static mca_code
check_names(struct parser *p)
{
	const mca_manifest *m = p->manifest;
	struct named *rows =
	    calloc(m->count + m->authority_count + 1, sizeof(*rows));
	size_t count = 0;
	mca_code code;

	if (rows == NULL)
		return mca_fail_memory(p->err);
	for (size_t i = 0; i < m->count; i++)
		add_name(rows, &count, m->certificates[i].name,
		    m->certificates[i].line);
	code = refuse_repeated(p, rows, count, "certificate");
	count = 0;
	for (size_t i = 0; i < m->authority_count; i++)
		add_name(rows, &count, m->authorities[i].name,
		    m->authorities[i].line);
	if (code == MCA_OK)
		code = refuse_repeated(p, rows, count, "authority");
	free(rows);
	return code;
}

/* Keys that nobody knows are told; where there are none, nothing is read. */
static mca_code
read_defaults(struct parser *p)
{
	const struct mca_yaml_node *root = mca_yaml_root(p->yaml);
	mca_code code;

	p->defaults = mca_yaml_get(root, "defaults");
	if (p->defaults == NULL)
		return MCA_OK;
	code = note(p,
	    check_keys(p, mca_manifest_defaults, p->defaults, "defaults"));
	if (p->defaults->kind != MCA_YAML_MAPPING)
		p->defaults = NULL;
	return code;
}

static mca_code
read_document(struct parser *p)
{
	const struct mca_yaml_node *root = mca_yaml_root(p->yaml);
	mca_code code;

	code = read_rows(p, mca_manifest_document, root, NULL, p->manifest);
	if (code != MCA_OK)
		return code;
	if (p->manifest->name == NULL && !p->flawed)
		return mca_yaml_fail(p->err, p->yaml, root,
		    "not a manifest: it begins with manifest: NAME");
	if ((code = read_defaults(p)) != MCA_OK ||
	    (code = note(p,
		 read_authorities(p, mca_yaml_get(root, "authorities")))) !=
		MCA_OK ||
	    (code = note(p,
		 read_certificates(p, mca_yaml_get(root, "certificates")))) !=
		MCA_OK)
		return code;
	return check_names(p);
}

/* With a variable missing, what else is wrong may be so because of it. */
static mca_code
expand(struct parser *p, mca_yaml *yaml)
{
	const struct mca_yaml_variables variables = { .find = find_variable,
		.note = note_variable,
		.context = p };
	mca_code code = mca_yaml_expand(yaml, &variables, p->err);

	return code == MCA_OK ? conclude(p) : code;
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
	struct parser p = { .source = source,
		.manifest = manifest,
		.err = err };
	mca_code code;

	if (manifest == NULL)
		return mca_fail_memory(err);
	if ((code = place(manifest, source->file, err)) != MCA_OK ||
	    (code = mca_yaml_parse_within(&yaml, source->file, source->text,
		 source->length, &limits, err)) != MCA_OK)
		return code;
	p.yaml = yaml;
	if ((code = expand(&p, yaml)) != MCA_OK ||
	    (code = read_document(&p)) != MCA_OK ||
	    (code = conclude(&p)) != MCA_OK)
		return code;
	*out = give(&manifest);
	return MCA_OK;
}
