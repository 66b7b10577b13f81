/* pem_test.c - PEM files as they come. */
#include "rows.h"

#include "minica/owned.h"
#include "minica/pem.h"

#define BLOCK "-----BEGIN X-----\naGVsbG8=\n-----END X-----\n"

static void
files_are_read_block_by_block(void **state)
{
	static const struct {
		const char *why, *text;
		bool good;
		size_t count, line; /* of the last block */
	} rows[] = {
		{ "one block", BLOCK, true, 1, 1 },
		{ "two blocks", BLOCK BLOCK, true, 2, 4 },
		{ "text around", "hello\n" BLOCK "bye\n", true, 1, 2 },
		{ "carriage returns",
		    "-----BEGIN X-----\r\naGVsbG8=\r\n-----END X-----\r\n",
		    true, 1, 1 },
		{ "a byte-order mark", "\xEF\xBB\xBF" BLOCK, true, 1, 1 },
		{ "no newline at the end",
		    "-----BEGIN X-----\naGVsbG8=\n-----END X-----", true, 1,
		    1 },
		{ "no block", "hello\n", true, 0, 0 },
		{ "nothing", "", true, 0, 0 },
		{ "cut off", "-----BEGIN X-----\naGVsbG8=\n", false, 0, 0 },
		{ "another label at the end",
		    "-----BEGIN X-----\naGVsbG8=\n-----END Y-----\n", false, 0,
		    0 },
		{ "a block within a block",
		    "-----BEGIN X-----\naGVsbG8=\n" BLOCK, false, 0, 0 },
		{ "no base64", "-----BEGIN X-----\n!!!!\n-----END X-----\n",
		    false, 0, 0 },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_pem) pem = { 0 };
		mca_code code = mca_pem_parse(&pem,
		    (const uint8_t *)rows[i].text, strlen(rows[i].text), &err);

		CHECK((code == MCA_OK) == rows[i].good, "%s: %s", rows[i].why,
		    err.text);
		CHECK(pem.count == rows[i].count, "%s: %zu", rows[i].why,
		    pem.count);
		if (pem.count == 0)
			continue;
		CHECK(pem.blocks[pem.count - 1].line == rows[i].line, "%s",
		    rows[i].why);
		assert_string_equal(pem.blocks[0].label, "X");
		assert_int_equal(pem.blocks[0].der.length, 5);
		assert_memory_equal(pem.blocks[0].der.bytes, "hello", 5);
	}
}

static void
a_broken_block_is_named_by_its_line(void **state)
{
	const char text[] = "one\n" BLOCK "-----BEGIN Z-----\n!\n-----END "
			    "Z-----\n";
	scoped(mca_pem) pem = { 0 };
	struct mca_error err;

	(void)state;
	assert_int_equal(mca_pem_parse(&pem, (const uint8_t *)text,
			     sizeof(text) - 1, &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "line 5"));
}

/* A label is input too. */
static void
a_label_is_escaped(void **state)
{
	static const char *const texts[] = {
		"-----BEGIN \x1b[2J-----\n",
		"-----BEGIN \x1b[2J-----\n!\n-----END \x1b[2J-----\n",
		"-----BEGIN A-----\n!\n-----END \x1b[2J-----\n",
	};
	scoped(mca_pem) pem = { 0 };
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(texts); i++) {
		assert_int_equal(mca_pem_parse(&pem, (const uint8_t *)texts[i],
				     strlen(texts[i]), &err),
		    MCA_EFORMAT);
		CHECK(strstr(err.text, "\\x1B[2J") != NULL, "%s", err.text);
		CHECK(strchr(err.text, '\x1b') == NULL, "row %zu", i);
	}
}

static void
encoding_appends(void **state)
{
	scoped(mca_blob) out = { 0 };
	struct mca_error err;

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(mca_pem_encode(&out, "X",
				     (const uint8_t *)"hello", 5, &err),
		    MCA_OK);
	assert_string_equal((const char *)out.bytes, BLOCK BLOCK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_block_by_block),
		cmocka_unit_test(a_broken_block_is_named_by_its_line),
		cmocka_unit_test(a_label_is_escaped),
		cmocka_unit_test(encoding_appends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
