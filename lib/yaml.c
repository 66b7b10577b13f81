/*
 * yaml.c - see yamldoc.h (libyaml has taken the other name).
 *
 * libyaml is driven event by event: its own document loader would resolve
 * aliases and build any depth before we could count.
 */
#include "yamldoc.h"

#include "minica/limits.h"
#include "minica/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <yaml.h>

MCA_SCOPED(yaml_parser_t, yaml_parser_delete)
MCA_SCOPED(yaml_event_t, yaml_event_delete)

struct mca_yaml {
	char *file; /* escaped */
	struct mca_yaml_node *root;
	struct mca_yaml_node **nodes; /* all there are, to free them */
	size_t count, capacity;
};

/* A mapping or sequence whose end has not been read yet. */
struct open_node {
	struct mca_yaml_node *node;
	struct mca_yaml_node *key; /* read, and waiting for its item */
};

struct reader {
	mca_yaml *yaml;
	const struct mca_yaml_limits *limits;
	const uint8_t *text; /* being read, for messages */
	size_t length;
	struct open_node open[MCA_LIMIT_YAML_DEPTH];
	size_t depth;
	size_t documents;
	struct mca_error *err;
};

static mca_code fail_at(struct mca_error *err, const mca_yaml *yaml,
    size_t line, size_t column, const char *fmt, ...) MCA_PRINTF(5, 6);

static mca_code
vfail_at(struct mca_error *err, const mca_yaml *yaml, size_t line,
    size_t column, const char *fmt, va_list args)
{
	char message[sizeof(err->text)];

	if (vsnprintf(message, sizeof(message), fmt, args) < 0)
		message[0] = '\0';
	return mca_fail(err, MCA_EFORMAT, "%s:%zu:%zu: %s", yaml->file, line,
	    column, message);
}

static mca_code
fail_at(struct mca_error *err, const mca_yaml *yaml, size_t line, size_t column,
    const char *fmt, ...)
{
	va_list args;
	mca_code code;

	va_start(args, fmt);
	code = vfail_at(err, yaml, line, column, fmt, args);
	va_end(args);
	return code;
}
#define fail_at(...) MCA_NEVER_OK(fail_at(__VA_ARGS__))

static void
free_node(struct mca_yaml_node *node)
{
	char *text;

	if (node == NULL)
		return;
	/* The reader's view is const, the memory is ours. */
	memcpy(&text, &node->text, sizeof(text));
	free(text);
	free(node->items);
	free(node->keys);
	free(node);
}

void
mca_yaml_free(mca_yaml *yaml)
{
	if (yaml == NULL)
		return;
	for (size_t i = 0; i < yaml->count; i++)
		free_node(yaml->nodes[i]);
	free(yaml->nodes);
	free(yaml->file);
	free(yaml);
}

const struct mca_yaml_node *
mca_yaml_root(const mca_yaml *yaml)
{
	return yaml->root;
}

const struct mca_yaml_node *
mca_yaml_get(const struct mca_yaml_node *mapping, const char *key)
{
	if (mapping->kind != MCA_YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->items[i];
	return NULL;
}

/* grow makes room for one more pointer in a list that doubles. */
static bool
grow(struct mca_yaml_node ***list, size_t count)
{
	size_t capacity = count == 0 ? 4 : 2 * count;
	struct mca_yaml_node **bigger;

	if (count != 0 && (count < 4 || (count & (count - 1)) != 0))
		return true;
	bigger = reallocarray(*list, capacity, sizeof(**list));
	if (bigger == NULL)
		return false;
	*list = bigger;
	return true;
}

static mca_code
new_node(struct reader *r, struct mca_yaml_node **out, enum mca_yaml_kind kind,
    const yaml_mark_t *mark)
{
	mca_yaml *yaml = r->yaml;
	struct mca_yaml_node *node;

	if (yaml->count == r->limits->nodes)
		return fail_at(r->err, yaml, mark->line + 1, mark->column + 1,
		    "more than %zu values in one file", r->limits->nodes);
	if (!grow(&yaml->nodes, yaml->count))
		return mca_fail_memory(r->err);
	node = calloc(1, sizeof(*node));
	if (node == NULL)
		return mca_fail_memory(r->err);
	node->kind = kind;
	node->line = mark->line + 1;
	node->column = mark->column + 1;
	yaml->nodes[yaml->count++] = node;
	*out = node;
	return MCA_OK;
}

static mca_code
take_key(struct reader *r, struct open_node *parent, struct mca_yaml_node *node)
{
	if (node->kind != MCA_YAML_SCALAR)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "a key must be a word, not a list or a mapping");
	if (node->plain && strcmp(node->text, "<<") == 0)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "merge keys (<<) are not read here: write the keys out");
	parent->key = node;
	return MCA_OK;
}

/* attach puts `node` where it belongs: the root, an item, a key. */
static mca_code
attach(struct reader *r, struct mca_yaml_node *node)
{
	struct open_node *parent;

	if (r->depth == 0) {
		r->yaml->root = node;
		return MCA_OK;
	}
	parent = &r->open[r->depth - 1];
	assert(parent->node != NULL);
	if (parent->node->kind == MCA_YAML_MAPPING && parent->key == NULL)
		return take_key(r, parent, node);
	if (!grow(&parent->node->items, parent->node->count))
		return mca_fail_memory(r->err);
	if (parent->node->kind == MCA_YAML_MAPPING) {
		if (!grow(&parent->node->keys, parent->node->count))
			return mca_fail_memory(r->err);
		parent->node->keys[parent->node->count] = parent->key;
		parent->key = NULL;
	}
	parent->node->items[parent->node->count++] = node;
	return MCA_OK;
}

/* An anchor has no use without aliases, and a tag changes what text means. */
static mca_code
refuse_properties(struct reader *r, const yaml_mark_t *mark,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		return fail_at(r->err, r->yaml, mark->line + 1,
		    mark->column + 1,
		    "anchors (&%s) are not read here: write the value out",
		    MCA_SHOW_TEXT((const char *)anchor));
	if (tag != NULL)
		return fail_at(r->err, r->yaml, mark->line + 1,
		    mark->column + 1,
		    "tags (%s) are not read here: write the value alone",
		    MCA_SHOW_TEXT((const char *)tag));
	return MCA_OK;
}

static mca_code
take_scalar(struct reader *r, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	struct mca_yaml_node *node;
	mca_code code;

	code = refuse_properties(r, &event->start_mark,
	    event->data.scalar.anchor, event->data.scalar.tag);
	if (code != MCA_OK)
		return code;
	code = new_node(r, &node, MCA_YAML_SCALAR, &event->start_mark);
	if (code != MCA_OK)
		return code;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->text = strndup(value, length);
	if (node->text == NULL)
		return mca_fail_memory(r->err);
	if (strlen(node->text) != length)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "a NUL character inside a value");
	return attach(r, node);
}

static mca_code
take_start(struct reader *r, enum mca_yaml_kind kind, const yaml_mark_t *mark,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct mca_yaml_node *node;
	mca_code code;

	code = refuse_properties(r, mark, anchor, tag);
	if (code != MCA_OK)
		return code;
	if (r->depth == MCA_LIMIT_YAML_DEPTH)
		return fail_at(r->err, r->yaml, mark->line + 1,
		    mark->column + 1, "nested deeper than %d",
		    MCA_LIMIT_YAML_DEPTH);
	code = new_node(r, &node, kind, mark);
	if (code != MCA_OK)
		return code;
	code = attach(r, node);
	if (code != MCA_OK)
		return code;
	r->open[r->depth++] = (struct open_node){ .node = node };
	return MCA_OK;
}

/* By text; equal keys in the order of the file. */
static int
by_text(const void *a, const void *b)
{
	const struct mca_yaml_node *left = *(struct mca_yaml_node *const *)a;
	const struct mca_yaml_node *right = *(struct mca_yaml_node *const *)b;
	int order = strcmp(left->text, right->text);

	if (order != 0)
		return order;
	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	return left->column < right->column ? -1 : 1;
}

/* Sorting keeps a file of thousands of keys from costing their square. */
static mca_code
refuse_repeated(struct reader *r, const struct mca_yaml_node *mapping)
{
	struct mca_yaml_node **sorted;
	mca_code code = MCA_OK;

	if (mapping->count < 2)
		return MCA_OK;
	sorted = calloc(mapping->count, sizeof(struct mca_yaml_node *));
	if (sorted == NULL)
		return mca_fail_memory(r->err);
	memcpy(sorted, mapping->keys,
	    mapping->count * sizeof(struct mca_yaml_node *));
	qsort(sorted, mapping->count, sizeof(struct mca_yaml_node *), by_text);
	for (size_t i = 1; i < mapping->count && code == MCA_OK; i++)
		if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
			code = mca_yaml_fail(r->err, r->yaml, sorted[i],
			    "\"%s\" is here a second time (first in line %zu)",
			    MCA_SHOW_TEXT(sorted[i]->text),
			    sorted[i - 1]->line);
	free(sorted);
	return code;
}

static mca_code
take_end(struct reader *r)
{
	const struct mca_yaml_node *node = r->open[--r->depth].node;

	assert(node != NULL);
	if (node->kind != MCA_YAML_MAPPING)
		return MCA_OK;
	return refuse_repeated(r, node);
}

static mca_code
take_document(struct reader *r, const yaml_event_t *event)
{
	size_t line = event->start_mark.line + 1;

	if (r->documents++ > 0)
		return fail_at(r->err, r->yaml, line, 1,
		    "a second document; one file holds one");
	if (event->data.document_start.version_directive != NULL ||
	    event->data.document_start.tag_directives.start !=
		event->data.document_start.tag_directives.end)
		return fail_at(r->err, r->yaml, line, 1,
		    "directives (%%YAML, %%TAG) are not read here");
	return MCA_OK;
}

static mca_code
take_event(struct reader *r, const yaml_event_t *event)
{
	const yaml_mark_t *mark = &event->start_mark;

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return take_document(r, event);
	case YAML_SCALAR_EVENT:
		return take_scalar(r, event);
	case YAML_SEQUENCE_START_EVENT:
		return take_start(r, MCA_YAML_SEQUENCE, mark,
		    event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return take_start(r, MCA_YAML_MAPPING, mark,
		    event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return take_end(r);
	case YAML_ALIAS_EVENT:
		return fail_at(r->err, r->yaml, mark->line + 1,
		    mark->column + 1,
		    "aliases (*%s) are not read here: quote a \"*\" that is "
		    "meant as text, or write the value out",
		    MCA_SHOW_TEXT((const char *)event->data.alias.anchor));
	default:
		return MCA_OK;
	}
}

/* indented_by_tab says whether line `line`, from 0, begins so. */
static bool
indented_by_tab(const uint8_t *text, size_t length, size_t line)
{
	size_t at = 0;

	for (; at < length && line > 0; at++)
		line -= text[at] == '\n';
	while (at < length && text[at] == ' ')
		at++;
	return at < length && text[at] == '\t';
}

/* What the two mistakes made most often in policies look like to libyaml. */
static const char *
advice(const struct reader *r, const yaml_parser_t *parser)
{
	if (parser->context != NULL && strstr(parser->context, "alias") != NULL)
		return "; \"*\" is text only in quotes";
	if (indented_by_tab(r->text, r->length, parser->problem_mark.line))
		return "; a tab stands where YAML wants spaces";
	return "";
}

/* Bad bytes are told by their offset, bad grammar by a mark. */
static mca_code
fail_bytes(struct reader *r, const yaml_parser_t *parser)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < parser->problem_offset && i < r->length;
	     i++, column++)
		if (r->text[i] == '\n') {
			line++;
			column = 0;
		}
	return fail_at(r->err, r->yaml, line, column, "not text in UTF-8: %s",
	    parser->problem);
}

static mca_code
fail_parser(struct reader *r, const yaml_parser_t *parser)
{
	if (parser->error == YAML_MEMORY_ERROR)
		return mca_fail_memory(r->err);
	if (parser->error == YAML_READER_ERROR)
		return fail_bytes(r, parser);
	return fail_at(r->err, r->yaml, parser->problem_mark.line + 1,
	    parser->problem_mark.column + 1, "not YAML: %s%s%s%s",
	    parser->problem, parser->context == NULL ? "" : " ",
	    parser->context == NULL ? "" : parser->context, advice(r, parser));
}

static mca_code
read_events(struct reader *r, yaml_parser_t *parser)
{
	bool end = false;
	mca_code code = MCA_OK;

	while (!end && code == MCA_OK) {
		scoped(yaml_event_t) event = { 0 };

		if (!yaml_parser_parse(parser, &event))
			return fail_parser(r, parser);
		end = event.type == YAML_STREAM_END_EVENT;
		code = take_event(r, &event);
	}
	return code;
}

static mca_code
new_yaml(mca_yaml **out, const char *file, struct mca_error *err)
{
	owned(mca_yaml) *yaml = calloc(1, sizeof(*yaml));
	scoped(mca_text) shown = { 0 };
	mca_code code;

	if (yaml == NULL)
		return mca_fail_memory(err);
	mca_text_escape(&shown, file, strlen(file));
	code = mca_text_take(&yaml->file, &shown, err);
	if (code != MCA_OK)
		return code;
	*out = give(&yaml);
	return MCA_OK;
}

mca_code
mca_yaml_parse(mca_yaml **out, const char *file, const uint8_t *text,
    size_t length, struct mca_error *err)
{
	static const struct mca_yaml_limits policy = { MCA_LIMIT_YAML,
		MCA_LIMIT_YAML_NODES };

	return mca_yaml_parse_within(out, file, text, length, &policy, err);
}

mca_code
mca_yaml_parse_within(mca_yaml **out, const char *file, const uint8_t *text,
    size_t length, const struct mca_yaml_limits *limits, struct mca_error *err)
{
	owned(mca_yaml) *yaml = NULL;
	scoped(yaml_parser_t) parser = { 0 };
	struct reader r = { .limits = limits, .err = err };
	mca_code code;

	code = new_yaml(&yaml, file, err);
	if (code != MCA_OK)
		return code;
	if (length > limits->bytes)
		return mca_fail(err, MCA_EFORMAT,
		    "%s: longer than %zu bytes, the limit for a file of its "
		    "kind",
		    yaml->file, limits->bytes);
	/* Editors on Windows begin a file with a byte-order mark. */
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		length -= 3;
	}
	if (!yaml_parser_initialize(&parser))
		return mca_fail_memory(err);
	/* Said, not guessed: a UTF-16 mark is then an error, as it should. */
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, text, length);
	r.yaml = yaml;
	r.text = text;
	r.length = length;
	code = read_events(&r, &parser);
	if (code != MCA_OK)
		return code;
	if (yaml->root == NULL)
		return mca_fail(err, MCA_EFORMAT, "%s: holds nothing",
		    yaml->file);
	*out = give(&yaml);
	return MCA_OK;
}

#undef mca_yaml_fail

mca_code
mca_yaml_fail(struct mca_error *err, const mca_yaml *yaml,
    const struct mca_yaml_node *node, const char *fmt, ...)
{
	va_list args;
	mca_code code;

	va_start(args, fmt);
	code = vfail_at(err, yaml, node->line, node->column, fmt, args);
	va_end(args);
	return code;
}
