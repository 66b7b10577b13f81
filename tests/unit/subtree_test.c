/* subtree_test.c - name constraints from words, closed where nothing is said.
 */
#include "rows.h"

#include "minica/owned.h"
#include "subtree.h"

static struct mca_error err;

/* How many subtrees of `type` a list holds. */
static int
count(const STACK_OF(GENERAL_SUBTREE) *list, int type)
{
	int found = 0;

	for (int i = 0; i < sk_GENERAL_SUBTREE_num(list); i++)
		found += sk_GENERAL_SUBTREE_value(list, i)->base->type == type;
	return found;
}

static void
permitting_one_form_closes_the_others(void **state)
{
	static const struct {
		const char *word;
		int dns, ip, email, uri; /* permitted */
		int no_dns, no_ip;	 /* excluded */
	} rows[] = {
		{ "example.org", 1, 0, 1, 1, 0, 2 },
		{ "10.0.0.0/8", 0, 1, 1, 1, 1, 1 },
		{ "fd00::/8", 0, 1, 1, 1, 1, 1 },
		{ "10.1.2.3", 0, 1, 1, 1, 1, 1 },
		{ "@example.org", 0, 0, 1, 1, 1, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(NAME_CONSTRAINTS) *nc = NULL;

		CHECK(mca_subtree_new(&nc, &rows[i].word, 1, NULL, 0, &err) ==
			MCA_OK,
		    "%s: %s", rows[i].word, err.text);
		CHECK(count(nc->permittedSubtrees, GEN_DNS) == rows[i].dns &&
			count(nc->permittedSubtrees, GEN_IPADD) == rows[i].ip,
		    "%s: what it permits", rows[i].word);
		CHECK(count(nc->permittedSubtrees, GEN_EMAIL) ==
			    rows[i].email &&
			count(nc->permittedSubtrees, GEN_URI) == rows[i].uri,
		    "%s: mailboxes and URIs are closed", rows[i].word);
		CHECK(count(nc->excludedSubtrees, GEN_DNS) == rows[i].no_dns &&
			count(nc->excludedSubtrees, GEN_IPADD) == rows[i].no_ip,
		    "%s: names and addresses are closed", rows[i].word);
	}
}

static void
excluding_closes_nothing_else(void **state)
{
	static const char *const words[] = { "secret.example.org" };
	owned(NAME_CONSTRAINTS) *nc = NULL;

	(void)state;
	assert_int_equal(mca_subtree_new(&nc, NULL, 0, words, 1, &err), MCA_OK);
	assert_null(nc->permittedSubtrees);
	assert_int_equal(sk_GENERAL_SUBTREE_num(nc->excludedSubtrees), 1);
}

static void
no_word_makes_no_constraint(void **state)
{
	owned(NAME_CONSTRAINTS) *nc = NULL;

	(void)state;
	assert_int_equal(mca_subtree_new(&nc, NULL, 0, NULL, 0, &err), MCA_OK);
	assert_null(nc);
}

static void
a_prefix_becomes_a_mask(void **state)
{
	static const char *const words[] = { "10.32.0.0/11" };
	static const uint8_t octets[] = { 10, 32, 0, 0, 255, 224, 0, 0 };
	owned(NAME_CONSTRAINTS) *nc = NULL;
	const ASN1_OCTET_STRING *ip;

	(void)state;
	assert_int_equal(mca_subtree_new(&nc, words, 1, NULL, 0, &err), MCA_OK);
	ip = sk_GENERAL_SUBTREE_value(nc->permittedSubtrees, 0)
		 ->base->d.iPAddress;
	assert_int_equal(ASN1_STRING_length(ip), sizeof(octets));
	assert_memory_equal(ASN1_STRING_get0_data(ip), octets, sizeof(octets));
}

static void
what_cannot_be_a_constraint_is_refused(void **state)
{
	static const struct {
		const char *word, *says;
	} rows[] = {
		{ ".example.org", "leading dot" },
		{ "*.example.org", "no wildcard" },
		{ "*.example.org", "write \"example.org\"" },
		{ "exa mple.org", "space" },
		{ "", "empty" },
		{ "@", "empty" },
		{ "10.0.0.1/8", "beyond its prefix" },
		{ "10.0.0.0/33", "no block of addresses" },
		{ "10.0.0.0/", "no block of addresses" },
		{ "fd00::/129", "no block of addresses" },
		{ "10.0.0.0/-1", "no block of addresses" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(NAME_CONSTRAINTS) *nc = NULL;

		CHECK(mca_subtree_new(&nc, &rows[i].word, 1, NULL, 0, &err) ==
			MCA_EUSAGE,
		    "\"%s\"", rows[i].word);
		CHECK(strstr(err.text, rows[i].says) != NULL, "\"%s\": %s",
		    rows[i].word, err.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(permitting_one_form_closes_the_others),
		cmocka_unit_test(excluding_closes_nothing_else),
		cmocka_unit_test(no_word_makes_no_constraint),
		cmocka_unit_test(a_prefix_becomes_a_mask),
		cmocka_unit_test(what_cannot_be_a_constraint_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
