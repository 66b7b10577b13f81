/*
 * store_certificate_test.c - certificates are recorded whole, once, and found
 * by what people call them.
 */
#include "inventory.h"

static mca_code
compare(void *context, const struct mca_record *row, struct mca_error *error)
{
	const mca_cert *cert = context;
	scoped(mca_text) digest = { 0 };
	const uint8_t *der;
	size_t length;

	(void)error;
	der = mca_cert_der(cert, &length);
	mca_text_hex(&digest, mca_cert_sha256(cert), 32);
	assert_string_equal(row->sha256, mca_text_get(&digest));
	assert_int_equal(row->der_length, length);
	assert_memory_equal(row->der, der, length);
	assert_string_equal(row->serial, mca_cert_serial(cert));
	assert_string_equal(row->subject,
	    mca_name_text(mca_cert_subject(cert)));
	assert_string_equal(row->issuer, mca_name_text(mca_cert_issuer(cert)));
	assert_int_equal(row->not_before, mca_cert_not_before(cert));
	assert_int_equal(row->not_after, mca_cert_not_after(cert));
	assert_int_equal(row->is_ca, mca_cert_is_ca(cert));
	mca_text_clear(&digest);
	mca_text_hex(&digest, mca_spki_sha256(mca_cert_spki(cert)), 32);
	assert_string_equal(row->key_sha256, mca_text_get(&digest));
	assert_string_equal(row->key_algorithm, "ed25519");
	return MCA_OK;
}

static void
a_record_says_what_the_certificate_says(void **state)
{
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(inventory); i++) {
		scoped(mca_text) digest = { 0 };
		size_t count;

		mca_text_hex(&digest, mca_cert_sha256(filled->certs[i]), 32);
		assert_int_equal(mca_store_find(filled->store,
				     mca_text_get(&digest), compare,
				     filled->certs[i], &count, &err),
		    MCA_OK);
		CHECK(count == 1, "row %zu is not found by fingerprint", i);
	}
}

static mca_code
keep_row(void *context, const struct mca_record *row, struct mca_error *error)
{
	char *text = context;

	(void)error;
	(void)snprintf(text, 300, "%s|%s|%s|%d|%s|%lld|%lld", row->names,
	    row->authority, row->policy, row->origin == MCA_ORIGIN_IMPORTED,
	    row->reason, (long long)(row->recorded - NOW),
	    (long long)(row->revoked == 0 ? 0 : row->revoked - NOW));
	return MCA_OK;
}

static void
a_record_says_how_it_came_and_whether_it_is_revoked(void **state)
{
	static const struct {
		const char *id, *row;
	} cases[] = {
		{ "0a", "|||0||0|0" },
		{ "9f3c00aa11223344",
		    "dNSName:www.example.org dNSName:*.example.org "
		    "iPAddress:10.0.0.1|Root|server|0||1|0" },
		{ "78",
		    "dNSName:gone.example.net|Root|server|0|keyCompromise|4|"
		    "-5" },
		{ "old", "uniformResourceIdentifier:https://[::1]/a|||1||5|0" },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		char text[300] = "";
		size_t count;

		assert_int_equal(mca_store_find(filled->store, cases[i].id,
				     keep_row, text, &count, &err),
		    MCA_OK);
		CHECK(strcmp(text, cases[i].row) == 0, "%s: %s", cases[i].id,
		    text);
	}
}

static void
an_identifier_finds_what_it_may_mean(void **state)
{
	static const struct {
		const char *why, *id, *rows;
	} cases[] = {
		{ "a serial number", "9f3c00aa11223344", "2" },
		{ "in upper case", "9F3C00AA11223344", "2" },
		{ "with colons", "9F:3C:00:AA:11:22:33:44", "2" },
		{ "with leading zeros", "00009f3c00aa11223344", "2" },
		{ "without the zero of its byte", "a", "1" },
		{ "an odd number of digits", "12ab", "3" },
		{ "an odd number of digits after zeros", "0012AB", "3" },
		{ "part of a serial number is none", "9f3c00", "" },
		{ "a negative one", "-5", "7" },
		{ "that is not the positive one", "5", "" },
		{ "zero", "000", "8" },
		{ "no digits", ":", "" },
		{ "nothing", "", "" },
		{ "a label", "root", "1" },
		{ "a label in another case", "ROOT", "1" },
		{ "a name", "mail.example.com", "3" },
		{ "a name with a trailing dot", "Mail.Example.Com.", "3" },
		{ "a wildcard name is a name", "*.example.org", "2" },
		{ "but no pattern here", "*.example.net", "" },
		{ "an address in normal form", "2001:db8::1", "4" },
		{ "an address in another form", "2001:DB8:0:0:0::1", "4" },
		{ "a common name", "Test Root", "1" },
		{ "a common name in another case", "test root", "1" },
		{ "a mail address", "Joe@example.net", "7" },
		{ "a URI", "https://[::1]/a", "6" },
		{ "quotes are text", "' OR 1=1 --", "" },
		{ "too many digits for a fingerprint",
		    "000000000000000000000000000000000000000000000000000000000"
		    "0000000000000077",
		    "4" },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct seen seen = { 0 };
		size_t count;

		CHECK(mca_store_find(filled->store, cases[i].id, see, &seen,
			  &count, &err) == MCA_OK,
		    "%s: %s", cases[i].why, err.text);
		CHECK(strcmp(seen.rows, cases[i].rows) == 0 &&
			count == strlen(cases[i].rows),
		    "%s: \"%s\" finds \"%s\"", cases[i].why, cases[i].id,
		    seen.rows);
	}
}

static void
a_fingerprint_may_be_shortened_to_eight_digits(void **state)
{
	struct filled *filled = *state;
	scoped(mca_text) digest = { 0 };
	char text[65];

	mca_text_hex(&digest, mca_cert_sha256(filled->certs[3]), 32);
	for (size_t length = 7; length <= 64; length++) {
		struct seen seen = { 0 };
		size_t count;

		(void)snprintf(text, length + 1, "%s", mca_text_get(&digest));
		assert_int_equal(mca_store_find(filled->store, text, see, &seen,
				     &count, &err),
		    MCA_OK);
		CHECK(strcmp(seen.rows, length < 8 ? "" : "4") == 0,
		    "%zu digits of a fingerprint find \"%s\"", length,
		    seen.rows);
	}
}

static void
the_newest_of_a_name_comes_first(void **state)
{
	static const struct made again = { "555500", "mail again", "Test Root",
		"DNS:mail.example.com", NOW, NOW + 50, false };
	struct filled *filled = *state;
	struct seen seen = { 0 };
	mca_cert *cert = made_cert(&again);
	size_t count;
	int64_t id;

	assert_int_equal(mca_store_begin(filled->store, &err), MCA_OK);
	assert_int_equal(mca_store_add(filled->store, &id, cert,
			     MCA_ORIGIN_ISSUED, "root", "server", NOW, &err),
	    MCA_OK);
	assert_int_equal(mca_store_find(filled->store, "mail.example.com", see,
			     &seen, &count, &err),
	    MCA_OK);
	assert_string_equal(seen.rows, "93");
	mca_store_rollback(filled->store);
	mca_cert_free(cert);
}

static void
a_serial_number_is_recorded_once(void **state)
{
	static const struct {
		const char *why;
		struct made made;
		enum mca_origin origin;
		mca_code code;
	} cases[] = {
		{ "the same issuer", { .serial = "77", .issuer = "Test Root" },
		    MCA_ORIGIN_ISSUED, MCA_EEXISTS },
		{ "ours are unique in the whole store",
		    { .serial = "01", .issuer = "Test Root" },
		    MCA_ORIGIN_ISSUED, MCA_EEXISTS },
		{ "imported, of the same issuer",
		    { .serial = "77", .issuer = "Test Root" },
		    MCA_ORIGIN_IMPORTED, MCA_EEXISTS },
		{ "imported, of another issuer",
		    { .serial = "77", .issuer = "Third CA" },
		    MCA_ORIGIN_IMPORTED, MCA_OK },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		mca_cert *cert = made_cert(&cases[i].made);
		struct seen seen = { 0 };
		const struct mca_filter all = { 0 };
		int64_t id;

		assert_int_equal(mca_store_begin(filled->store, &err), MCA_OK);
		CHECK(mca_store_add(filled->store, &id, cert, cases[i].origin,
			  NULL, NULL, NOW, &err) == cases[i].code,
		    "%s", cases[i].why);
		if (cases[i].code != MCA_OK)
			assert_non_null(
			    strstr(err.text, "is in the store already"));
		mca_store_rollback(filled->store);
		assert_int_equal(mca_store_list(filled->store, &all, see, &seen,
				     &err),
		    MCA_OK);
		assert_string_equal(seen.rows, "12345678");
		mca_cert_free(cert);
	}
}

static void
an_unknown_authority_issues_nothing(void **state)
{
	struct filled *filled = *state;
	int64_t id;

	assert_int_equal(mca_store_begin(filled->store, &err), MCA_OK);
	assert_int_equal(mca_store_add(filled->store, &id, filled->certs[0],
			     MCA_ORIGIN_ISSUED, "nobody", NULL, NOW, &err),
	    MCA_ENOTFOUND);
	mca_store_rollback(filled->store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_says_what_the_certificate_says),
		cmocka_unit_test(
		    a_record_says_how_it_came_and_whether_it_is_revoked),
		cmocka_unit_test(an_identifier_finds_what_it_may_mean),
		cmocka_unit_test(
		    a_fingerprint_may_be_shortened_to_eight_digits),
		cmocka_unit_test(the_newest_of_a_name_comes_first),
		cmocka_unit_test(a_serial_number_is_recorded_once),
		cmocka_unit_test(an_unknown_authority_issues_nothing),
	};

	return cmocka_run_group_tests(tests, fill, empty);
}
