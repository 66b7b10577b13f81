/* host_test.c - whom a client may ask for, and which names answer. */
#include "rows.h"

#include "idna.h"
#include "minica/host.h"
#include "minica/owned.h"

static void
hosts_are_asked_for_by_their_a_labels(void **state)
{
	struct mca_reference reference;
	struct mca_error err;

	(void)state;
	if (!mca_idna_known())
		skip();
	assert_int_equal(mca_reference_parse(&reference, MCA_SAN_DNS,
			     "B\u00fccher.example.", &err),
	    MCA_OK);
	assert_string_equal(reference.text, "xn--bcher-kva.example");
	assert_int_equal(mca_reference_parse(&reference, MCA_SAN_EMAIL,
			     "Jo@b\u00fccher.example", &err),
	    MCA_OK);
	assert_string_equal(reference.text, "Jo@xn--bcher-kva.example");
	assert_int_equal(mca_reference_parse(&reference, MCA_SAN_DNS,
			     "b\u202e\u00fccher.example", &err),
	    MCA_EUSAGE);
	assert_non_null(strstr(err.text, "A-label"));
}

static void
questions_are_examined_first(void **state)
{
	static const struct {
		const char *why;
		enum mca_san_form form;
		const char *text, *normal; /* NULL: asked wrongly */
	} rows[] = {
		{ "a host", MCA_SAN_DNS, "www.example.org", "www.example.org" },
		{ "case folds", MCA_SAN_DNS, "WWW.Example.ORG",
		    "www.example.org" },
		{ "the root's dot goes", MCA_SAN_DNS, "example.org.",
		    "example.org" },
		{ "one label is a host", MCA_SAN_DNS, "localhost",
		    "localhost" },
		{ "hosts may have underscores", MCA_SAN_DNS, "a_b.example",
		    "a_b.example" },
		{ "nothing is no host", MCA_SAN_DNS, "", NULL },
		{ "a dot is no host", MCA_SAN_DNS, ".", NULL },
		{ "a leading dot is no host", MCA_SAN_DNS, ".example.org",
		    NULL },
		{ "an empty label", MCA_SAN_DNS, "a..b", NULL },
		{ "a pattern", MCA_SAN_DNS, "*.example.org", NULL },
		{ "a space", MCA_SAN_DNS, "exa mple", NULL },
		{ "an address", MCA_SAN_DNS, "192.0.2.1", NULL },
		{ "an address of six groups", MCA_SAN_DNS, "::1", NULL },
		{ "a URL", MCA_SAN_DNS, "https://example.org", NULL },
		{ "a port", MCA_SAN_DNS, "example.org:443", NULL },
		{ "IPv4", MCA_SAN_IP, "192.0.2.1", "192.0.2.1" },
		{ "IPv6 in one form", MCA_SAN_IP, "2001:DB8:0:0::1",
		    "2001:db8::1" },
		{ "IPv4 with zeros", MCA_SAN_IP, "192.0.2.001", NULL },
		{ "a host is no address", MCA_SAN_IP, "example.org", NULL },
		{ "a mailbox", MCA_SAN_EMAIL, "Jo@Example.ORG",
		    "Jo@example.org" },
		{ "no mailbox", MCA_SAN_EMAIL, "example.org", NULL },
		{ "nobody's mailbox", MCA_SAN_EMAIL, "@example.org", NULL },
		{ "two @", MCA_SAN_EMAIL, "a@b@example.org", NULL },
		{ "no host", MCA_SAN_EMAIL, "jo@", NULL },
		{ "a mailbox with dots", MCA_SAN_EMAIL, "a.b+c@example.org",
		    "a.b+c@example.org" },
		{ "a control character", MCA_SAN_EMAIL, "\x1b[2J@example.org",
		    NULL },
		{ "a mailbox outside ASCII", MCA_SAN_EMAIL,
		    "j\u00f6@example.org", NULL },
	};
	struct mca_reference reference;
	struct mca_error err;
	mca_code code;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		code = mca_reference_parse(&reference, rows[i].form,
		    rows[i].text, &err);
		CHECK(code == (rows[i].normal == NULL ? MCA_EUSAGE : MCA_OK),
		    "%s", rows[i].why);
		CHECK(code != MCA_OK ||
			strcmp(reference.text, rows[i].normal) == 0,
		    "%s: %s", rows[i].why, reference.text);
	}
}

static void
names_answer_for_themselves(void **state)
{
	static const struct {
		const char *why;
		const char *presented; /* as a person writes it */
		enum mca_san_form form;
		const char *asked;
		bool match;
	} rows[] = {
		{ "the same", "example.org", MCA_SAN_DNS, "example.org", true },
		{ "case folds", "Example.org", MCA_SAN_DNS, "EXAMPLE.org",
		    true },
		{ "another", "example.org", MCA_SAN_DNS, "example.com", false },
		{ "below", "example.org", MCA_SAN_DNS, "www.example.org",
		    false },
		{ "above", "www.example.org", MCA_SAN_DNS, "example.org",
		    false },
		{ "wildcard is one label", "*.example.org", MCA_SAN_DNS,
		    "www.example.org", true },
		{ "wildcard is not two", "*.example.org", MCA_SAN_DNS,
		    "a.b.example.org", false },
		{ "wildcard is not none", "*.example.org", MCA_SAN_DNS,
		    "example.org", false },
		{ "wildcard takes an A-label", "*.example.org", MCA_SAN_DNS,
		    "xn--bcher-kva.example.org", true },
		{ "no registry wildcard", "*.org", MCA_SAN_DNS, "example.org",
		    false },
		{ "a URI names no host", "URI:https://example.org/",
		    MCA_SAN_DNS, "example.org", false },
		{ "an address, byte for byte", "192.0.2.1", MCA_SAN_IP,
		    "192.0.2.1", true },
		{ "another address", "192.0.2.1", MCA_SAN_IP, "192.0.2.2",
		    false },
		{ "IPv6, however written", "2001:db8::1", MCA_SAN_IP,
		    "2001:DB8:0::1", true },
		{ "IPv4 in IPv6 is another", "192.0.2.1", MCA_SAN_IP,
		    "::ffff:192.0.2.1", false },
		{ "a mailbox", "jo@Example.org", MCA_SAN_EMAIL,
		    "jo@example.ORG", true },
		{ "the local part keeps its case", "jo@example.org",
		    MCA_SAN_EMAIL, "Jo@example.org", false },
	};
	struct mca_reference reference;
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_san) *san = NULL;

		CHECK(mca_san_new(&san, &rows[i].presented, 1, &err) == MCA_OK,
		    "%s: %s", rows[i].why, err.text);
		CHECK(mca_reference_parse(&reference, rows[i].form,
			  rows[i].asked, &err) == MCA_OK,
		    "%s: %s", rows[i].why, err.text);
		CHECK(mca_reference_matches(&reference, mca_san_at(san, 0)) ==
			rows[i].match,
		    "%s", rows[i].why);
	}
}

static void
malformed_names_answer_for_nobody(void **state)
{
	const struct mca_san_name presented = {
		.form = MCA_SAN_DNS,
		.text = "a_b.example",
		.raw = (const uint8_t *)"a_b.example",
		.raw_length = 11,
		.flaw = "holds an underscore",
	};
	struct mca_reference reference;
	struct mca_error err;

	(void)state;
	assert_int_equal(mca_reference_parse(&reference, MCA_SAN_DNS,
			     "a_b.example", &err),
	    MCA_OK);
	assert_false(mca_reference_matches(&reference, &presented));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_asked_for_by_their_a_labels),
		cmocka_unit_test(questions_are_examined_first),
		cmocka_unit_test(names_answer_for_themselves),
		cmocka_unit_test(malformed_names_answer_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
