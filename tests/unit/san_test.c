/* san_test.c - names as written, in one normal form, or with their flaw. */
#include "rows.h"

#include "minica/owned.h"
#include "minica/san.h"

static void
words_become_names(void **state)
{
	static const struct {
		const char *why, *word;
		enum mca_san_form form;
		const char *text; /* NULL: refused */
	} rows[] = {
		{ "a host", "www.example.org", MCA_SAN_DNS, "www.example.org" },
		{ "case folds", "WWW.Example.ORG", MCA_SAN_DNS,
		    "www.example.org" },
		{ "a trailing dot goes", "example.org.", MCA_SAN_DNS,
		    "example.org" },
		{ "one label", "localhost", MCA_SAN_DNS, "localhost" },
		{ "a wildcard", "*.example.org", MCA_SAN_DNS, "*.example.org" },
		{ "an A-label", "xn--bcher-kva.example", MCA_SAN_DNS,
		    "xn--bcher-kva.example" },
		{ "IPv4", "10.0.0.1", MCA_SAN_IP, "10.0.0.1" },
		{ "IPv6 is shortened", "2001:DB8:0:0:0:0:0:1", MCA_SAN_IP,
		    "2001:db8::1" },
		{ "a mailbox", "Jo@Example.org", MCA_SAN_EMAIL,
		    "Jo@example.org" },
		{ "a URI", "HTTPS://Example.org/A", MCA_SAN_URI,
		    "https://example.org/A" },
		{ "a workload", "spiffe://td.example/ns/a", MCA_SAN_URI,
		    "spiffe://td.example/ns/a" },
		{ "the form is said", "URI:urn:x:y", MCA_SAN_URI, "urn:x:y" },
		{ "the form is said, in capitals", "IP:10.0.0.1", MCA_SAN_IP,
		    "10.0.0.1" },
		{ "an address is no dNSName", "dns:10.0.0.1", MCA_SAN_DNS,
		    NULL },
		{ "nearly an address", "10.0.0.256", MCA_SAN_DNS, NULL },
		{ "a space", "exa mple", MCA_SAN_DNS, NULL },
		{ "an underscore", "foo_bar.example.org", MCA_SAN_DNS, NULL },
		{ "an empty label", "a..b", MCA_SAN_DNS, NULL },
		{ "a dot alone", ".", MCA_SAN_DNS, NULL },
		{ "nothing", "", MCA_SAN_DNS, NULL },
		{ "a star alone", "*", MCA_SAN_DNS, NULL },
		{ "a partial wildcard", "w*.example.org", MCA_SAN_DNS, NULL },
		{ "a wildcard inside", "a.*.example.org", MCA_SAN_DNS, NULL },
		{ "two wildcards", "*.*.example.org", MCA_SAN_DNS, NULL },
		{ "a hyphen first", "-a.example.org", MCA_SAN_DNS, NULL },
		{ "a hyphen last", "a-.example.org", MCA_SAN_DNS, NULL },
		{ "bytes that are no UTF-8", "b\xfc.example", MCA_SAN_DNS,
		    NULL },
		{ "an A-label of nothing", "xn--.example", MCA_SAN_DNS, NULL },
		{ "a port", "example.org:443", MCA_SAN_DNS, NULL },
		{ "no mailbox", "email:example.org", MCA_SAN_EMAIL, NULL },
		{ "two @", "a@b@example.org", MCA_SAN_EMAIL, NULL },
		{ "a dot last in the local part", "a.@example.org",
		    MCA_SAN_EMAIL, NULL },
		{ "a URI with a space", "http://a/ b", MCA_SAN_URI, NULL },
		{ "a URI without a host", "http:///x", MCA_SAN_URI, NULL },
		{ "no address", "IP:example.org", MCA_SAN_IP, NULL },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_san) *san = NULL;
		mca_code code = mca_san_new(&san, &rows[i].word, 1, &err);

		if (rows[i].text == NULL) {
			CHECK(code == MCA_EUSAGE, "%s", rows[i].why);
			continue;
		}
		CHECK(code == MCA_OK, "%s: %s", rows[i].why, err.text);
		CHECK(mca_san_has(san, rows[i].form, rows[i].text), "%s: %s",
		    rows[i].why, mca_san_at(san, 0)->text);
	}
}

static void
labels_and_names_have_a_length(void **state)
{
	char name[300];

	(void)state;
	memset(name, 'a', sizeof(name));
	assert_null(mca_dns_flaw(name, 63, false));
	assert_non_null(mca_dns_flaw(name, 64, false));
	for (size_t i = 49; i < sizeof(name); i += 50)
		name[i] = '.';
	assert_null(mca_dns_flaw(name, 253, false));
	assert_non_null(mca_dns_flaw(name, 254, false));
}

static void
a_nul_does_not_end_a_name(void **state)
{
	const char name[] = "bank.example\0.evil.example";

	(void)state;
	assert_non_null(mca_dns_flaw(name, sizeof(name) - 1, false));
}

static void
a_repeated_name_is_kept_once(void **state)
{
	static const char *const words[] = { "a.example", "A.example.",
		"b.example" };
	owned(mca_san) *san = NULL;
	struct mca_error err;

	(void)state;
	assert_int_equal(mca_san_new(&san, words, 3, &err), MCA_OK);
	assert_int_equal(mca_san_count(san), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_become_names),
		cmocka_unit_test(labels_and_names_have_a_length),
		cmocka_unit_test(a_nul_does_not_end_a_name),
		cmocka_unit_test(a_repeated_name_is_kept_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
