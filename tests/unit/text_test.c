/* text_test.c - what is shown is harmless, whole or counted. */
#include "rows.h"

#include "minica/owned.h"
#include "minica/text.h"

static void
escaping_leaves_printable_ascii_alone(void **state)
{
	static const struct {
		const char *why, *bytes;
		size_t length;
		const char *shown;
	} rows[] = {
		{ "plain text", "abc *.", 6, "abc *." },
		{ "a NUL", "a\0b", 3, "a\\x00b" },
		{ "a terminal command", "\x1b[2J", 4, "\\x1B[2J" },
		{ "a backslash, lest it hide an escape", "\\x", 2, "\\x5Cx" },
		{ "a right-to-left mark", "\xe2\x80\xae", 3,
		    "\\xE2\\x80\\xAE" },
		{ "nothing", "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_text) text = { 0 };

		mca_text_escape(&text, rows[i].bytes, rows[i].length);
		CHECK(strcmp(mca_text_get(&text), rows[i].shown) == 0, "%s: %s",
		    rows[i].why, mca_text_get(&text));
		assert_string_equal(MCA_SHOW(rows[i].bytes, rows[i].length),
		    rows[i].shown);
	}
}

static void
what_does_not_fit_is_counted(void **state)
{
	char long_name[300];
	char buf[64];

	(void)state;
	memset(long_name, 'a', sizeof(long_name));
	(void)mca_show(buf, sizeof(buf), long_name, sizeof(long_name));
	assert_non_null(strstr(buf, "aaa...(+"));
	assert_non_null(strstr(buf, " bytes)"));
	assert_true(strlen(buf) < sizeof(buf));
	/* Exactly full is not cut. */
	assert_string_equal(mca_show(buf, 6, "abcde", 5), "abcde");
}

static void
what_was_escaped_stays_so(void **state)
{
	static const struct {
		const char *wild, *tame;
	} rows[] = {
		{ "", "" },
		{ "CN=a b", "CN=a b" },
		{ "CN=a\\0Ab", "CN=a\\0Ab" },
		{ "CN=a\nb", "CN=a\\x0Ab" },
		{ "\x1b[2J", "\\x1B[2J" },
		{ "a\xe2\x80\xae", "a\\xE2\\x80\\xAE" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_text) text = { 0 };

		mca_text_tame(&text, rows[i].wild);
		assert_string_equal(mca_text_get(&text), rows[i].tame);
		assert_string_equal(MCA_SHOW_TAME(rows[i].wild), rows[i].tame);
		CHECK(mca_text_is_tame(rows[i].wild) ==
			(strcmp(rows[i].wild, rows[i].tame) == 0),
		    "%s", rows[i].tame);
	}
}

static void
hex_reads_only_hex(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{ "00ff10", true },
		{ "00:FF:10", true },
		{ "00ff1", false },
		{ "00ff100", false },
		{ "00ff1g", false },
		{ "00::ff10", false },
		{ "", false },
	};
	uint8_t bytes[3];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK(mca_text_unhex(bytes, 3, rows[i].text) == rows[i].good,
		    "%s", rows[i].text);
}

static void
the_nearest_word_is_suggested(void **state)
{
	static const char *const words[] = { "server", "client", "verify",
		"extended_key_usage", NULL };
	static const struct {
		const char *typed, *meant;
	} rows[] = {
		{ "sever", "server" },
		{ "vreify", "verify" },
		{ "extended_keyusage", "extended_key_usage" },
		{ "frobnicate", NULL },
		{ "x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *found = mca_text_nearest(rows[i].typed, words);

		CHECK((found == NULL) == (rows[i].meant == NULL), "%s",
		    rows[i].typed);
		if (found != NULL)
			assert_string_equal(found, rows[i].meant);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escaping_leaves_printable_ascii_alone),
		cmocka_unit_test(what_does_not_fit_is_counted),
		cmocka_unit_test(what_was_escaped_stays_so),
		cmocka_unit_test(hex_reads_only_hex),
		cmocka_unit_test(the_nearest_word_is_suggested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
