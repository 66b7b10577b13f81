/*
 * error_test.c - an error can be shown, whatever was put into it, and blames
 * the right one.
 */
#include "rows.h"

#include "error.h"

#include <openssl/err.h>
#include <openssl/proverr.h>
#include <openssl/randerr.h>

static void
messages_are_safe_to_show(void **state)
{
	static const struct {
		const char *why, *part, *text;
	} rows[] = {
		{ "plain text", "a b", "file a b: no" },
		{ "two lines", "a\nb", "file a\\x0Ab: no" },
		{ "a terminal command", "\x1b[2J", "file \\x1B[2J: no" },
		{ "a right-to-left mark", "\xe2\x80\xae",
		    "file \\xE2\\x80\\xAE: no" },
		{ "what was escaped before", "\\x1B", "file \\x1B: no" },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_int_equal(mca_fail(&err, MCA_EFORMAT, "no"),
		    MCA_EFORMAT);
		assert_int_equal(mca_within(&err, "file %s", rows[i].part),
		    MCA_EFORMAT);
		CHECK(strcmp(err.text, rows[i].text) == 0, "%s: %s",
		    rows[i].why, err.text);
	}
}

/* Each byte becomes four: no half of one is at the end. */
static void
what_grows_is_cut_between_escapes(void **state)
{
	char wild[2000];
	struct mca_error err;

	(void)state;
	for (size_t length = 240; length < sizeof(wild); length++) {
		size_t kept;

		memset(wild, '\x01', length);
		wild[length] = '\0';
		assert_int_equal(mca_fail(&err, MCA_EUSAGE, "%s", wild),
		    MCA_EUSAGE);
		kept = strlen(err.text);
		CHECK(kept < sizeof(err.text), "%zu", length);
		if (length * 4 < sizeof(err.text))
			CHECK(kept == length * 4, "%zu", length);
		else
			CHECK(strcmp(err.text + kept - 4, "1...") == 0,
			    "%zu: %s", length, err.text + kept - 8);
	}
}

static void
a_lack_of_random_numbers_is_no_wrong_key(void **state)
{
	static const struct {
		const char *why;
		int library, reason;
		mca_code code;
	} rows[] = {
		{ "of libcrypto's generator", ERR_LIB_RAND,
		    RAND_R_ERROR_RETRIEVING_ENTROPY, MCA_ESYSTEM },
		{ "of its provider", ERR_LIB_PROV,
		    PROV_R_ERROR_RETRIEVING_ENTROPY, MCA_ESYSTEM },
		{ "of the generator below it", ERR_LIB_PROV,
		    PROV_R_PARENT_CANNOT_SUPPLY_ENTROPY_SEED, MCA_ESYSTEM },
		{ "memory", ERR_LIB_PROV, ERR_R_MALLOC_FAILURE, MCA_ESYSTEM },
		{ "anything else", ERR_LIB_PROV, PROV_R_INVALID_KEY, MCA_EKEY },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		ERR_raise(rows[i].library, rows[i].reason);
		CHECK(mca_fail_ssl(&err, MCA_EKEY, "signing") == rows[i].code,
		    "%s: %s", rows[i].why, err.text);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_safe_to_show),
		cmocka_unit_test(what_grows_is_cut_between_escapes),
		cmocka_unit_test(a_lack_of_random_numbers_is_no_wrong_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
