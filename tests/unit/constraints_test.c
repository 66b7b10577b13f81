/* constraints_test.c - which names a CA may certify. */
#include "forge.h"
#include "rows.h"

#include "constraints.h"
#include "nametree.h"

#include "minica/limits.h"

/* Makes a general name as openssl.cnf would; NULL for one it refuses. */
static GENERAL_NAME *
general_name(int type, const char *value, bool constraint)
{
	GENERAL_NAME *name;

	if (type == GEN_DIRNAME) {
		name = GENERAL_NAME_new();
		name->type = GEN_DIRNAME;
		name->d.directoryName = forge_name(value);
		return name;
	}
	return a2i_GENERAL_NAME(NULL, NULL, NULL, type, value, constraint);
}

static void
trees_have_what_is_below_them(void **state)
{
	static const struct {
		const char *why;
		int type;
		const char *base, *name;
		bool permitted, excluded;
	} rows[] = {
		{ "the name itself", GEN_DNS, "a.test", "a.test", true, true },
		{ "case folds", GEN_DNS, "A.test", "a.TEST", true, true },
		{ "a label more", GEN_DNS, "a.test", "b.a.test", true, true },
		{ "labels end at dots", GEN_DNS, "a.test", "ba.test", false,
		    false },
		{ "not above", GEN_DNS, "b.a.test", "a.test", false, false },
		{ "nothing is everything", GEN_DNS, "", "a.test", true, true },
		{ "a wildcard in its tree", GEN_DNS, "a.test", "*.a.test", true,
		    true },
		{ "a wildcard that may reach into it", GEN_DNS, "b.a.test",
		    "*.a.test", false, true },
		{ "a wildcard that cannot", GEN_DNS, "c.b.a.test", "*.a.test",
		    false, false },
		{ "a mailbox is itself", GEN_EMAIL, "jo@a.test", "jo@A.test",
		    true, true },
		{ "its local part keeps its case", GEN_EMAIL, "jo@a.test",
		    "Jo@a.test", false, false },
		{ "all mailboxes of a host", GEN_EMAIL, "a.test", "jo@a.test",
		    true, true },
		{ "not of hosts below", GEN_EMAIL, "a.test", "jo@b.a.test",
		    false, false },
		{ "those are with a dot", GEN_EMAIL, ".a.test", "jo@b.a.test",
		    true, true },
		{ "but not the host itself", GEN_EMAIL, ".a.test", "jo@a.test",
		    false, false },
		{ "a URI's host", GEN_URI, "a.test",
		    "https://jo:x@a.test:8/p?q#f", true, true },
		{ "not below it", GEN_URI, "a.test", "https://b.a.test/", false,
		    false },
		{ "below it with a dot", GEN_URI, ".a.test", "https://b.a.test",
		    true, true },
		{ "a host in the path is none", GEN_URI, "a.test",
		    "https://b.test/@a.test", false, false },
		{ "an address and its mask", GEN_IPADD, "10.0.0.0/255.0.0.0",
		    "10.1.2.3", true, true },
		{ "outside the mask", GEN_IPADD, "10.0.0.0/255.0.0.0",
		    "11.1.2.3", false, false },
		{ "IPv6", GEN_IPADD, "2001:db8::/ffff:ffff::", "2001:db8::1",
		    true, true },
		{ "no IPv4 in IPv6", GEN_IPADD, "::/::", "10.0.0.1", false,
		    false },
		{ "a name's beginning", GEN_DIRNAME, "A", "a", true, true },
		{ "another name", GEN_DIRNAME, "A", "B", false, false },
		{ "the empty name", GEN_DIRNAME, "", "B", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		GENERAL_NAME *base =
		    general_name(rows[i].type, rows[i].base, true);
		GENERAL_NAME *name =
		    general_name(rows[i].type, rows[i].name, false);

		CHECK(base != NULL && name != NULL, "%s", rows[i].why);
		CHECK(mca_nametree_has(base, name, false) == rows[i].permitted,
		    "permitted: %s", rows[i].why);
		CHECK(mca_nametree_has(base, name, true) == rows[i].excluded,
		    "excluded: %s", rows[i].why);
		GENERAL_NAME_free(base);
		GENERAL_NAME_free(name);
	}
}

/* Makes constraints with one permitted subtree. */
static NAME_CONSTRAINTS *
one_permitted(GENERAL_NAME *base)
{
	NAME_CONSTRAINTS *made = NAME_CONSTRAINTS_new();
	GENERAL_SUBTREE *subtree = GENERAL_SUBTREE_new();

	GENERAL_NAME_free(subtree->base);
	subtree->base = base;
	made->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
	forge_require(
	    sk_GENERAL_SUBTREE_push(made->permittedSubtrees, subtree) > 0);
	return made;
}

static void
malformed_constraints_are_told(void **state)
{
	static const struct {
		const char *why;
		int type;
		const char *base;
		bool flawed;
	} rows[] = {
		{ "a domain", GEN_DNS, "a.test", false },
		{ "everything", GEN_DNS, "", false },
		{ "a dNSName begins with no dot", GEN_DNS, ".a.test", true },
		{ "no wildcard", GEN_DNS, "*.a.test", true },
		{ "a mailbox", GEN_EMAIL, "jo@a.test", false },
		{ "a host of mailboxes", GEN_EMAIL, "a.test", false },
		{ "a domain of mailboxes", GEN_EMAIL, ".a.test", false },
		{ "two mailboxes", GEN_EMAIL, "a@b@a.test", true },
		{ "nobody's mailbox", GEN_EMAIL, "@a.test", true },
		{ "a host of URIs", GEN_URI, "a.test", false },
		{ "a whole URI", GEN_URI, "https://a.test/", true },
		{ "an address for URIs", GEN_URI, "10.0.0.1", true },
		{ "a mask", GEN_IPADD, "10.0.0.0/255.255.0.0", false },
		{ "a mask with a hole", GEN_IPADD, "10.0.0.0/255.0.255.0",
		    true },
		{ "an address without a mask", GEN_IPADD, NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_text) flaw = { 0 };
		NAME_CONSTRAINTS *constraints =
		    one_permitted(rows[i].base == NULL
			    ? general_name(rows[i].type, "10.0.0.1", false)
			    : general_name(rows[i].type, rows[i].base, true));

		CHECK(mca_constraints_flaw(&flaw, constraints) ==
			rows[i].flawed,
		    "%s: %s", rows[i].why, mca_text_get(&flaw));
		NAME_CONSTRAINTS_free(constraints);
	}
}

static void
constraints_of_nothing_are_malformed(void **state)
{
	scoped(mca_text) flaw = { 0 };
	NAME_CONSTRAINTS *constraints = NAME_CONSTRAINTS_new();

	(void)state;
	assert_true(mca_constraints_flaw(&flaw, constraints));
	constraints->excludedSubtrees = sk_GENERAL_SUBTREE_new_null();
	assert_true(mca_constraints_flaw(&flaw, constraints));
	NAME_CONSTRAINTS_free(constraints);
}

static void
every_name_is_compared(void **state)
{
	static const struct {
		const char *why, *constraints, *san, *subject;
		enum mca_fit fit;
	} rows[] = {
		{ "permitted", "permitted;DNS:a.test", "DNS:b.a.test", "x",
		    MCA_FIT },
		{ "not permitted", "permitted;DNS:a.test", "DNS:b.test", "x",
		    MCA_UNFIT },
		{ "the second name counts", "permitted;DNS:a.test",
		    "DNS:a.test,DNS:b.test", "x", MCA_UNFIT },
		{ "any permitted tree will do",
		    "permitted;DNS:a.test,permitted;DNS:b.test",
		    "DNS:a.test,DNS:b.test", "x", MCA_FIT },
		{ "excluded", "excluded;DNS:a.test", "DNS:a.test", "x",
		    MCA_UNFIT },
		{ "excluded wins", "permitted;DNS:a.test,excluded;DNS:b.a.test",
		    "DNS:c.b.a.test", "x", MCA_UNFIT },
		{ "other forms are free", "permitted;DNS:a.test", "IP:10.0.0.1",
		    "x", MCA_FIT },
		{ "a URI without a host cannot be constrained",
		    "excluded;URI:a.test", "URI:urn:x:y", "x", MCA_UNFIT },
		{ "nor one with an address", "permitted;URI:a.test",
		    "URI:http://10.0.0.1/", "x", MCA_UNFIT },
		{ "a form that is not known", "permitted;RID:1.2.3",
		    "RID:1.2.3", "x", MCA_UNFIT_FORM },
		{ "which nobody uses", "permitted;RID:1.2.3", "DNS:a.test", "x",
		    MCA_FIT },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mca_cert *issuer = forge_cert(&(struct forge){ .subject = "ca",
		    .ca = true,
		    .constraints = rows[i].constraints });
		mca_cert *leaf =
		    forge_cert(&(struct forge){ .subject = rows[i].subject,
			.san = rows[i].san });
		struct mca_facts *above = mca_facts_new(issuer);
		struct mca_facts *below = mca_facts_new(leaf);
		struct mca_unfit unfit;
		size_t budget = MCA_LIMIT_CONSTRAINTS;
		enum mca_fit fit = mca_constraints_check(&unfit,
		    above->value[MCA_EXT_NAME_CONSTRAINTS], below, &budget);

		CHECK(fit == rows[i].fit, "%s: %d", rows[i].why, (int)fit);
		budget = 1;
		(void)mca_constraints_check(&unfit,
		    above->value[MCA_EXT_NAME_CONSTRAINTS], below, &budget);
		CHECK(budget <= 1, "%s: the budget is kept", rows[i].why);
		mca_facts_free(above);
		mca_facts_free(below);
		mca_cert_free(issuer);
		mca_cert_free(leaf);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_have_what_is_below_them),
		cmocka_unit_test(malformed_constraints_are_told),
		cmocka_unit_test(constraints_of_nothing_are_malformed),
		cmocka_unit_test(every_name_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
