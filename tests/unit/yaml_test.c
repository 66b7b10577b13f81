/* yaml_test.c - YAML read strictly, and hostile YAML refused at once. */
#include "rows.h"

#include "minica/owned.h"
#include "yamldoc.h"

#include <time.h>

static mca_code
parse(mca_yaml **out, const char *text, size_t length, struct mca_error *err)
{
	return mca_yaml_parse(out, "test.yaml", (const uint8_t *)text, length,
	    err);
}

static void
a_document_is_a_tree_with_places(void **state)
{
	static const char text[] = "name: web # a comment\n"
				   "list: [a, \"b c\"]\n"
				   "more:\n"
				   "  inner: 'x'\n";
	owned(mca_yaml) *yaml = NULL;
	struct mca_error err;
	const struct mca_yaml_node *root, *list, *inner;

	(void)state;
	assert_int_equal(parse(&yaml, text, strlen(text), &err), MCA_OK);
	root = mca_yaml_root(yaml);
	assert_int_equal(root->kind, MCA_YAML_MAPPING);
	assert_int_equal(root->count, 3);
	assert_string_equal(mca_yaml_get(root, "name")->text, "web");
	assert_true(mca_yaml_get(root, "name")->plain);
	list = mca_yaml_get(root, "list");
	assert_int_equal(list->kind, MCA_YAML_SEQUENCE);
	assert_int_equal(list->count, 2);
	assert_string_equal(list->items[1]->text, "b c");
	assert_false(list->items[1]->plain);
	assert_int_equal(list->items[1]->line, 2);
	assert_int_equal(list->items[1]->column, 11);
	inner = mca_yaml_get(mca_yaml_get(root, "more"), "inner");
	assert_int_equal(inner->line, 4);
	assert_null(mca_yaml_get(root, "absent"));
	assert_null(mca_yaml_get(inner, "of a scalar"));
}

static void
long_lists_keep_their_order(void **state)
{
	owned(mca_yaml) *yaml = NULL;
	struct mca_error err;
	char text[8192];
	size_t used = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "- %d\n", i);
	assert_int_equal(parse(&yaml, text, used, &err), MCA_OK);
	assert_int_equal(mca_yaml_root(yaml)->count, 1000);
	assert_string_equal(mca_yaml_root(yaml)->items[999]->text, "999");
}

static void
a_byte_order_mark_is_passed_over(void **state)
{
	owned(mca_yaml) *yaml = NULL;
	struct mca_error err;

	(void)state;
	assert_int_equal(parse(&yaml,
			     "\xef\xbb\xbf"
			     "a: b\n",
			     8, &err),
	    MCA_OK);
	assert_string_equal(mca_yaml_get(mca_yaml_root(yaml), "a")->text, "b");
}

static void
a_failure_names_its_place(void **state)
{
	owned(mca_yaml) *yaml = NULL;
	struct mca_error err;
	const struct mca_yaml_node *node;

	(void)state;
	assert_int_equal(parse(&yaml, "a:\n  b: c\n", 10, &err), MCA_OK);
	node = mca_yaml_get(mca_yaml_get(mca_yaml_root(yaml), "a"), "b");
	assert_int_equal(mca_yaml_fail(&err, yaml, node, "%s", "oh"),
	    MCA_EFORMAT);
	assert_string_equal(err.text, "test.yaml:2:6: oh");
}

#define TEXT(text) (text), sizeof(text) - 1

static void
what_is_not_plain_data_is_refused(void **state)
{
	static const struct {
		const char *why, *text;
		size_t length;
		const char *says;
	} rows[] = {
		{ "nothing", TEXT(""), "test.yaml: holds nothing" },
		{ "a comment alone", TEXT("# hello\n"), "holds nothing" },
		{ "a repeated key", TEXT("a: 1\nb: 2\na: 3\n"),
		    "test.yaml:3:1: \"a\" is here a second time (first in "
		    "line 1)" },
		{ "a repeated key in flow style", TEXT("{ a: 1, \"a\": 2 }"),
		    ":1:9: \"a\" is here a second time" },
		{ "an anchor", TEXT("a: &x 1\n"), ":1:4: anchors (&x)" },
		{ "an alias", TEXT("a: *x\n"), ":1:4: aliases (*x)" },
		{ "an alias bomb", TEXT("a: &a [x]\nb: &b [*a,*a]\n"),
		    ":1:4: anchors" },
		{ "a star without quotes", TEXT("a: [*.example.org]\n"),
		    "\"*\" is text only in quotes" },
		{ "a tag", TEXT("a: !!int 1\n"), ":1:4: tags" },
		{ "a tag of one's own", TEXT("!policy\na: 1\n"), "tags" },
		{ "a merge key", TEXT("<<: { a: 1 }\n"), "merge keys" },
		{ "a list as key", TEXT("? [a]\n: b\n"),
		    "a key must be a word" },
		{ "a mapping as key", TEXT("? {a: b}\n: b\n"),
		    "a key must be a word" },
		{ "two documents", TEXT("a: 1\n---\nb: 2\n"),
		    ":2:1: a second document" },
		{ "a directive", TEXT("%YAML 1.1\n---\na: 1\n"), "directives" },
		{ "a tag directive", TEXT("%TAG ! tag:x,2000:\n---\na: 1\n"),
		    "directives" },
		{ "a tab as indent", TEXT("a:\n\tb: c\n"), ":2:1: not YAML" },
		{ "a tab as indent is named", TEXT("a:\n\tb: c\n"), "tab" },
		{ "a NUL byte", TEXT("a: b\nc: \0d\n"),
		    ":2:4: not text in UTF-8" },
		{ "a NUL escape", TEXT("a: \"b\\0c\"\n"),
		    ":1:4: a NUL character" },
		{ "Latin-1", TEXT("a: b\xfc\n"), ":1:5: not text in UTF-8" },
		{ "an overlong sequence", TEXT("a: \xc0\xaf\n"),
		    "not text in UTF-8" },
		{ "UTF-16",
		    TEXT("\xff\xfe"
			 "a\0:\0b\0"),
		    "not text in UTF-8" },
		{ "an escape character", TEXT("a: \x1b[31m\n"),
		    "not text in UTF-8" },
		{ "a list that does not end", TEXT("a: [b, c\n"), "not YAML" },
		{ "a quote that does not end", TEXT("a: \"b\n"), "not YAML" },
		{ "a certificate",
		    TEXT("-----BEGIN CERTIFICATE-----\nMIIB\n"
			 "-----END CERTIFICATE-----\n"),
		    "" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_yaml) *yaml = NULL;
		struct mca_error err = { 0 };
		mca_code code =
		    parse(&yaml, rows[i].text, rows[i].length, &err);

		if (rows[i].says[0] == '\0' && code == MCA_OK)
			continue;
		CHECK(code == MCA_EFORMAT, "%s: code %s", rows[i].why,
		    mca_code_name(code));
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: says \"%s\"",
		    rows[i].why, err.text);
	}
}

/* `unit` repeated to `length` bytes. */
static char *
repeat(const char *unit, size_t length)
{
	char *text = malloc(length + 1);

	for (size_t i = 0; text != NULL && i < length; i++)
		text[i] = unit[i % strlen(unit)];
	return text;
}

static void
hostile_sizes_are_refused_at_once(void **state)
{
	static const struct {
		const char *why, *unit;
		size_t length;
		const char *says;
	} rows[] = {
		{ "80,000 brackets", "[", 80000, "longer than 65536 bytes" },
		{ "60,000 brackets", "[", 60000, "nested deeper than 16" },
		{ "60,000 braces", "{", 60000, "a key must be a word" },
		{ "keys within keys", "{a: ", 60000, "nested deeper than 16" },
		{ "brackets on lines", "[\n", 60000, "nested deeper than 16" },
		{ "nested dashes", "- ", 60000, "nested deeper than 16" },
		{ "nested keys", "? ", 60000, "" },
		{ "15,000 items", "- a\n", 60000, "more than 10000 values" },
		{ "30,000 items", "[]\n", 60000, "" },
		{ "one byte over", "a", 65537, "longer than 65536 bytes" },
		{ "colons", ":", 65536, "" },
		{ "ampersands", "&a ", 65535, "" },
		{ "quotes", "\"", 65535, "" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_yaml) *yaml = NULL;
		owned(char) *text = repeat(rows[i].unit, rows[i].length);
		struct mca_error err = { 0 };
		clock_t begin = clock();
		mca_code code = parse(&yaml, text, rows[i].length, &err);
		double seconds =
		    (double)(clock() - begin) / (double)CLOCKS_PER_SEC;

		CHECK(seconds < 1.0, "%s: took %f s", rows[i].why, seconds);
		if (rows[i].says[0] == '\0')
			continue;
		CHECK(code == MCA_EFORMAT, "%s: code %s", rows[i].why,
		    mca_code_name(code));
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: says \"%s\"",
		    rows[i].why, err.text);
	}
}

static void
many_different_keys_cost_no_square(void **state)
{
	owned(mca_yaml) *yaml = NULL;
	struct mca_error err = { 0 };
	char text[65536];
	size_t used = 0;
	clock_t begin = clock();

	(void)state;
	for (int i = 0; i < 4900; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "k%d: v\n", i);
	assert_int_equal(parse(&yaml, text, used, &err), MCA_OK);
	assert_true(clock() - begin < CLOCKS_PER_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_a_tree_with_places),
		cmocka_unit_test(long_lists_keep_their_order),
		cmocka_unit_test(a_byte_order_mark_is_passed_over),
		cmocka_unit_test(a_failure_names_its_place),
		cmocka_unit_test(what_is_not_plain_data_is_refused),
		cmocka_unit_test(hostile_sizes_are_refused_at_once),
		cmocka_unit_test(many_different_keys_cost_no_square),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
