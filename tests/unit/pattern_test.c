/* pattern_test.c - which names a line of a policy speaks of. */
#include "rows.h"

#include "minica/owned.h"
#include "pattern.h"

static void
patterns_cover_what_they_say(void **state)
{
	static const struct {
		const char *why;
		enum mca_san_form form;
		const char *pattern, *name;
		bool covers, touches;
	} rows[] = {
		{ "itself", MCA_SAN_DNS, "example.org", "example.org", true,
		    true },
		{ "case folds", MCA_SAN_DNS, "Example.ORG", "example.org", true,
		    true },
		{ "nothing below", MCA_SAN_DNS, "example.org", "a.example.org",
		    false, false },
		{ "no mere suffix", MCA_SAN_DNS, ".example.org",
		    "badexample.org", false, false },
		{ "one label", MCA_SAN_DNS, "*.example.org", "a.example.org",
		    true, true },
		{ "not two", MCA_SAN_DNS, "*.example.org", "a.b.example.org",
		    false, false },
		{ "not none", MCA_SAN_DNS, "*.example.org", "example.org",
		    false, false },
		{ "any depth", MCA_SAN_DNS, ".example.org", "a.b.example.org",
		    true, true },
		{ "any depth is not itself", MCA_SAN_DNS, ".example.org",
		    "example.org", false, false },
		{ "everything", MCA_SAN_DNS, "*", "a.b.c", true, true },
		{ "the same wildcard", MCA_SAN_DNS, "*.example.org",
		    "*.example.org", true, true },
		{ "a wildcard below", MCA_SAN_DNS, ".example.org",
		    "*.a.example.org", true, true },
		{ "a wildcard is wider than a name", MCA_SAN_DNS,
		    "a.example.org", "*.example.org", false, true },
		{ "a wildcard elsewhere", MCA_SAN_DNS, "a.example.org",
		    "*.example.com", false, false },
		{ "a wildcard above a name two below", MCA_SAN_DNS,
		    "a.b.example.org", "*.example.org", false, false },
		{ "an address", MCA_SAN_IP, "10.0.0.1", "10.0.0.1", true,
		    true },
		{ "another address", MCA_SAN_IP, "10.0.0.1", "10.0.0.2", false,
		    false },
		{ "a network", MCA_SAN_IP, "10.0.0.0/8", "10.255.0.1", true,
		    true },
		{ "outside a network", MCA_SAN_IP, "10.128.0.0/9", "10.1.0.1",
		    false, false },
		{ "IPv6", MCA_SAN_IP, "2001:db8::/33", "2001:db8:7fff::1", true,
		    true },
		{ "IPv6 outside", MCA_SAN_IP, "2001:db8::/33",
		    "2001:db8:8000::1", false, false },
		{ "everything in a family", MCA_SAN_IP, "0.0.0.0/0",
		    "192.0.2.1", true, true },
		{ "not of the other family", MCA_SAN_IP, "0.0.0.0/0", "::1",
		    false, false },
		{ "a mailbox", MCA_SAN_EMAIL, "a@example.org", "a@example.org",
		    true, true },
		{ "the local part keeps its case", MCA_SAN_EMAIL,
		    "a@example.org", "A@example.org", false, false },
		{ "a host", MCA_SAN_EMAIL, "@example.org", "b@example.org",
		    true, true },
		{ "not a host below", MCA_SAN_EMAIL, "@example.org",
		    "b@x.example.org", false, false },
		{ "hosts below", MCA_SAN_EMAIL, ".example.org",
		    "b@x.example.org", true, true },
		{ "a scheme and host", MCA_SAN_URI, "https://example.org",
		    "https://example.org:8443/x?y", true, true },
		{ "another scheme", MCA_SAN_URI, "https://example.org",
		    "http://example.org/", false, false },
		{ "a host with a tail", MCA_SAN_URI, "https://example.org",
		    "https://example.org.evil/", false, false },
		{ "one label in a URI", MCA_SAN_URI, "https://*.example.org",
		    "https://a.example.org/", true, true },
		{ "a path", MCA_SAN_URI, "spiffe://td/ns/a", "spiffe://td/ns/a",
		    true, true },
		{ "a path that goes on", MCA_SAN_URI, "spiffe://td/ns/a",
		    "spiffe://td/ns/a/b", false, false },
		{ "a path below", MCA_SAN_URI, "spiffe://td/ns/",
		    "spiffe://td/ns/a/b", true, true },
		{ "a path beside", MCA_SAN_URI, "spiffe://td/ns/",
		    "spiffe://td/nsx", false, false },
		{ "a scheme alone", MCA_SAN_URI, "urn:*", "urn:uuid:1", true,
		    true },
		{ "no host where one is wanted", MCA_SAN_URI, "urn://a.b",
		    "urn:a.b", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		static const char *const prefix[] = { "DNS:", "IP:", "email:",
			"URI:" };
		struct mca_patterns patterns = { 0 };
		struct mca_error err = { 0 };
		owned(mca_san) *san = NULL;
		char word[128];
		const char *list[] = { word };
		const struct mca_san_name *name;

		(void)snprintf(word, sizeof(word), "%s%s", prefix[rows[i].form],
		    rows[i].name);
		CHECK(mca_san_new(&san, list, 1, &err) == MCA_OK, "%s: %s",
		    rows[i].why, err.text);
		CHECK(mca_patterns_add(&patterns, rows[i].form, rows[i].pattern,
			  1, &err) == MCA_OK,
		    "%s: %s", rows[i].why, err.text);
		name = mca_san_at(san, 0);
		CHECK((mca_patterns_cover(&patterns, name) != NULL) ==
			rows[i].covers,
		    "%s: covers", rows[i].why);
		CHECK((mca_patterns_touch(&patterns, name) != NULL) ==
			rows[i].touches,
		    "%s: touches", rows[i].why);
		mca_patterns_clear(&patterns);
	}
}

static void
a_pattern_speaks_of_its_own_form_alone(void **state)
{
	static const char *const patterns[] = { "*.example.org", "10.0.0.0/8",
		"@example.org", "https://example.org/" };
	static const char *const names[] = { "DNS:*.example.org", "IP:10.1.2.3",
		"email:a@example.org", "URI:https://example.org/" };
	struct mca_error err = { 0 };
	owned(mca_san) *san = NULL;

	(void)state;
	assert_int_equal(mca_san_new(&san, names, ROWS(names), &err), MCA_OK);
	for (size_t i = 0; i < 2 * ROWS(patterns); i++) {
		size_t form = i % ROWS(patterns);
		const char *text = i == form ? patterns[form] : "*";
		struct mca_patterns one = { 0 };

		CHECK(mca_patterns_add(&one, (enum mca_san_form)form, text, 1,
			  &err) == MCA_OK,
		    "%s", err.text);
		for (size_t k = 0; k < ROWS(names); k++) {
			const struct mca_san_name *name = mca_san_at(san, k);

			CHECK((mca_patterns_cover(&one, name) != NULL) ==
				(k == form),
			    "%s covers %s", text, names[k]);
			CHECK((mca_patterns_touch(&one, name) != NULL) ==
				(k == form),
			    "%s touches %s", text, names[k]);
		}
		mca_patterns_clear(&one);
	}
}

static void
uris_that_two_readers_see_differently_are_unclear(void **state)
{
	static const struct {
		const char *uri;
		bool clear;
	} rows[] = {
		{ "https://example.org/a/b?c#d", true },
		{ "https://example.org/%20", true },
		{ "https://example.org/.well-known/x", true },
		{ "urn:uuid:1", true },
		{ "https://example.org/a/../b", false },
		{ "https://example.org/a/.", false },
		{ "https://example.org/%61", false },
		{ "https://example.org/%2e%2e/b", false },
		{ "https://example.org/%2fb", false },
		{ "https://example.org/%", false },
		{ "https://example.org/%0", false },
		{ "https://user@example.org/", false },
		{ "https://example.org\\@evil/", false },
		{ "no-scheme", false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK((mca_uri_unclear(rows[i].uri) == NULL) == rows[i].clear,
		    "%s", rows[i].uri);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_cover_what_they_say),
		cmocka_unit_test(a_pattern_speaks_of_its_own_form_alone),
		cmocka_unit_test(
		    uris_that_two_readers_see_differently_are_unclear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
