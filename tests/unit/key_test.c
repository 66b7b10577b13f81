/* key_test.c - keys are made by name, kept in PKCS #8, and come back. */
#include "rows.h"

#include "minica/file.h"
#include "minica/key.h"
#include "minica/owned.h"
#include "place.h"

static struct mca_error err;

static int
say(void *context, char *out, size_t size, struct mca_error *ignored)
{
	const char *words = context;

	(void)ignored;
	assert_true(strlen(words) <= size);
	memcpy(out, words, strlen(words));
	return (int)strlen(words);
}

static void
every_algorithm_comes_back_from_its_file(void **state)
{
	static const char *const algorithms[] = { "ec-p256", "ec-p384",
		"ec-p521", "ed25519", "rsa-2048" };
	struct place place;

	(void)state;
	place_make(&place);
	for (size_t i = 0; i < ROWS(algorithms); i++) {
		owned(mca_key) *key = NULL;
		owned(mca_key) *back = NULL;
		scoped(mca_blob) pem = { 0 };
		const char *path = place_file(&place, algorithms[i]);

		CHECK(mca_key_generate(&key, algorithms[i], &err) == MCA_OK,
		    "%s: %s", algorithms[i], err.text);
		assert_string_equal(mca_spki_algorithm(mca_key_spki(key)),
		    algorithms[i]);
		assert_int_equal(mca_key_encode(&pem, key, NULL, &err), MCA_OK);
		assert_non_null(
		    strstr((char *)pem.bytes, "-----BEGIN PRIVATE KEY-----"));
		assert_int_equal(mca_file_save(path, pem.bytes, pem.length,
				     0600, MCA_FILE_NEW, &err),
		    MCA_OK);
		CHECK(mca_key_load(&back, path, NULL, &err) == MCA_OK, "%s",
		    err.text);
		assert_true(
		    mca_spki_equal(mca_key_spki(key), mca_key_spki(back)));
	}
	place_remove(&place);
}

static void
a_passphrase_opens_what_it_closed(void **state)
{
	char right[] = "correct horse", wrong[] = "battery staple", none[] = "";
	const struct mca_passphrase good = { say, right };
	const struct mca_passphrase bad = { say, wrong };
	const struct mca_passphrase empty = { say, none };
	owned(mca_key) *key = NULL;
	owned(mca_key) *back = NULL;
	scoped(mca_blob) pem = { 0 };
	struct place place;

	(void)state;
	place_make(&place);
	assert_int_equal(mca_key_generate(&key, "ec-p256", &err), MCA_OK);
	assert_int_equal(mca_key_encode(&pem, key, &empty, &err), MCA_EKEY);
	assert_int_equal(mca_key_encode(&pem, key, &good, &err), MCA_OK);
	assert_non_null(
	    strstr((char *)pem.bytes, "BEGIN ENCRYPTED PRIVATE KEY"));
	const char *path = place_file(&place, "key");
	assert_int_equal(mca_file_save(path, pem.bytes, pem.length, 0600,
			     MCA_FILE_NEW, &err),
	    MCA_OK);
	assert_int_equal(mca_key_load(&back, path, NULL, &err), MCA_EKEY);
	assert_non_null(strstr(err.text, "no passphrase was given"));
	assert_int_equal(mca_key_load(&back, path, &bad, &err), MCA_EKEY);
	assert_non_null(strstr(err.text, "does not open"));
	assert_int_equal(mca_key_load(&back, path, &good, &err), MCA_OK);
	assert_true(mca_spki_equal(mca_key_spki(key), mca_key_spki(back)));
	place_remove(&place);
}

static void
unknown_algorithms_are_refused_with_a_suggestion(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{ "ec-p265", "ec-p256" },
		{ "rsa-1024", "rsa-2048" },
		{ "x25519", "not a key algorithm" },
		{ "dsa", "not a key algorithm" },
		{ "", "not a key algorithm" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_key) *key = NULL;

		CHECK(mca_key_generate(&key, rows[i].name, &err) == MCA_EUSAGE,
		    "%s", rows[i].name);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].name, err.text);
	}
}

static void
what_is_no_key_is_named(void **state)
{
	static const struct {
		const char *why, *bytes, *says;
	} rows[] = {
		{ "nothing", "", "nothing" },
		{ "text", "hello\n", "something else" },
		{ "another block",
		    "-----BEGIN CERTIFICATE-----\nAAAA\n"
		    "-----END CERTIFICATE-----\n",
		    "CERTIFICATE" },
	};
	struct place place;

	(void)state;
	place_make(&place);
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_key) *key = NULL;
		const char *path = place_file(&place, "key");

		assert_int_equal(mca_file_save(path, rows[i].bytes,
				     strlen(rows[i].bytes), 0600,
				     i == 0 ? MCA_FILE_NEW : MCA_FILE_REPLACE,
				     &err),
		    MCA_OK);
		CHECK(mca_key_load(&key, path, NULL, &err) == MCA_EFORMAT, "%s",
		    rows[i].why);
		CHECK(strstr(err.text, rows[i].says) != NULL, "%s: %s",
		    rows[i].why, err.text);
	}
	place_remove(&place);
}

static void
a_uri_is_no_file_name(void **state)
{
	owned(mca_key) *key = NULL;

	(void)state;
	assert_true(mca_key_is_uri("pkcs11:token=x"));
	assert_false(mca_key_is_uri("keys/root.key"));
	assert_false(mca_key_is_uri("-"));
	assert_int_equal(mca_key_load(&key, "nosuch:thing", NULL, &err),
	    MCA_ENOTFOUND);
	assert_int_equal(mca_key_load(&key, "no/such/file", NULL, &err),
	    MCA_ENOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_algorithm_comes_back_from_its_file),
		cmocka_unit_test(a_passphrase_opens_what_it_closed),
		cmocka_unit_test(
		    unknown_algorithms_are_refused_with_a_suggestion),
		cmocka_unit_test(what_is_no_key_is_named),
		cmocka_unit_test(a_uri_is_no_file_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
