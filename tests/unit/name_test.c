/* name_test.c - distinguished names: made with care, shown safely. */
#include "rows.h"

#include "minica/name.h"
#include "minica/owned.h"

static void
only_good_attributes_make_a_name(void **state)
{
	static const struct {
		const char *why, *type, *value;
		const char *text; /* NULL: refused */
	} rows[] = {
		{ "a common name", "CN", "example.org", "CN=example.org" },
		{ "letters beyond ASCII are shown in hex", "O", "B\xc3\xbc",
		    "O=B\\C3\\BC" },
		{ "what RFC 4514 escapes", "O", "A, B", "O=A\\, B" },
		{ "a country", "C", "DE", "C=DE" },
		{ "a country of three letters", "C", "DEU", NULL },
		{ "an unknown type", "XX", "a", NULL },
		{ "nothing", "CN", "", NULL },
		{ "a control character", "CN", "a\x1b[2J", NULL },
		{ "a newline", "CN", "a\nb", NULL },
		{ "no UTF-8", "CN", "a\xff", NULL },
		{ "65 characters", "CN",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaa",
		    NULL },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mca_attribute row = { rows[i].type,
			rows[i].value };
		owned(mca_name) *name = NULL;
		mca_code code = mca_name_new(&name, &row, 1, &err);

		if (rows[i].text == NULL) {
			CHECK(code == MCA_EUSAGE, "%s", rows[i].why);
			continue;
		}
		CHECK(code == MCA_OK, "%s: %s", rows[i].why, err.text);
		CHECK(strcmp(mca_name_text(name), rows[i].text) == 0, "%s: %s",
		    rows[i].why, mca_name_text(name));
	}
}

static void
names_compare_without_case_and_spaces(void **state)
{
	const struct mca_attribute a = { "O", "Some  Lab" };
	const struct mca_attribute b = { "O", "some lab" };
	const struct mca_attribute c = { "O", "other" };
	owned(mca_name) *one = NULL;
	owned(mca_name) *two = NULL;
	owned(mca_name) *three = NULL;
	struct mca_error err;

	(void)state;
	assert_int_equal(mca_name_new(&one, &a, 1, &err), MCA_OK);
	assert_int_equal(mca_name_new(&two, &b, 1, &err), MCA_OK);
	assert_int_equal(mca_name_new(&three, &c, 1, &err), MCA_OK);
	assert_true(mca_name_equal(one, two));
	assert_false(mca_name_equal(one, three));
}

static void
no_attribute_makes_the_empty_name(void **state)
{
	owned(mca_name) *name = NULL;
	struct mca_error err;

	(void)state;
	assert_int_equal(mca_name_new(&name, NULL, 0, &err), MCA_OK);
	assert_true(mca_name_is_empty(name));
	assert_string_equal(mca_name_text(name), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_good_attributes_make_a_name),
		cmocka_unit_test(names_compare_without_case_and_spaces),
		cmocka_unit_test(no_attribute_makes_the_empty_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
