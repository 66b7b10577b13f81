/*
 * hostile_test.c - chains that are made to keep a verifier busy: each comes to
 * an end within a second, by a limit that has a name.
 */
#include "question.h"

#include <time.h>

/* Other programs may be busy too: processor time is what counts. */
static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Asks, and sees that it took no longer than it may. */
static void
ask_in_time(struct question *question, const char *why, enum mca_answer answer,
    const char *rule)
{
	double began = seconds(), took;

	ask(question, why);
	took = seconds() - began;
	CHECK(took < 1, "%s: took %.2f s", why, took);
	CHECK(question->verdict.answer == answer, "%s: the answer is %d", why,
	    (int)question->verdict.answer);
	CHECK(mca_findings_has(&question->verdict.findings, rule),
	    "%s: %s is not told", why, rule);
}

static void
begin_question(struct question *question, const struct forge *ca,
    const struct forge *leaf)
{
	const struct row row = { "", ROOT(), *ca, *leaf, NULL, MCA_YES,
		MCA_YES };

	open_question(question, &row);
}

/* A thousand certificates of one CA's name, under thirty keys. */
static void
a_thousand_cross_signs(void **state)
{
	struct question question;
	char key[16], serial[16];

	(void)state;
	begin_question(&question,
	    &(struct forge){ .subject = "ca",
		.issuer = "ca",
		.ca = true,
		.key = "crowd1" },
	    &(struct forge){ .issuer = "ca", .signer = "crowd0" });
	for (unsigned i = 1; i < 1000; i++) {
		(void)snprintf(key, sizeof(key), "crowd%u", 1 + i % 30);
		(void)snprintf(serial, sizeof(serial), "%X", i + 1);
		forge_into(&question.others,
		    &(struct forge){ .subject = "ca",
			.issuer = "ca",
			.ca = true,
			.key = key,
			.signer = "crowd2",
			.serial = serial });
	}
	ask_in_time(&question, "a thousand cross-signs", MCA_COULD_NOT_TELL,
	    "MC-V-BUDGET");
	question_clear(&question);
}

enum { MANY = 10000 };

/* "x17.test", or the word alone. */
static GENERAL_NAME *
dns_name(const char *word, int i)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	char bytes[40];

	if (i < 0)
		(void)snprintf(bytes, sizeof(bytes), "%s", word);
	else
		(void)snprintf(bytes, sizeof(bytes), "%s%d.test", word, i);
	forge_require(name != NULL && ASN1_STRING_set(text, bytes, -1) == 1);
	GENERAL_NAME_set0_value(name, GEN_DNS, text);
	return name;
}

static void
many_names(X509 *x509)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();

	forge_require(
	    sk_GENERAL_NAME_push(names, dns_name("leaf.test", -1)) > 0);
	for (int i = 1; i < MANY; i++)
		forge_require(
		    sk_GENERAL_NAME_push(names, dns_name("x", i)) > 0);
	forge_require(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0,
			  X509V3_ADD_APPEND) == 1);
	GENERAL_NAMES_free(names);
}

/* All names are permitted, each by the last of the subtrees. */
static void
many_constraints(X509 *x509)
{
	NAME_CONSTRAINTS *constraints = NAME_CONSTRAINTS_new();
	GENERAL_SUBTREE *subtree;

	constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
	for (int i = 0; i < MANY; i++) {
		subtree = GENERAL_SUBTREE_new();
		GENERAL_NAME_free(subtree->base);
		subtree->base =
		    i == MANY - 1 ? dns_name("test", -1) : dns_name("y", i);
		forge_require(
		    sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees,
			subtree) > 0);
	}
	forge_require(X509_add1_ext_i2d(x509, NID_name_constraints, constraints,
			  1, X509V3_ADD_APPEND) == 1);
	NAME_CONSTRAINTS_free(constraints);
}

static void
ten_thousand_names_and_constraints(void **state)
{
	struct question question;

	(void)state;
	begin_question(&question, &(struct forge)CA(.spoil = many_constraints),
	    &(struct forge)LEAF(.no_san = true, .spoil = many_names));
	ask_in_time(&question, "names against constraints", MCA_COULD_NOT_TELL,
	    "MC-V-BUDGET");
	question_clear(&question);
}

/* Twelve policies, each of which is mapped to all twelve. */

enum { POLICIES = 12, DEPTH = 15 };

static ASN1_OBJECT *
policy(int i)
{
	char oid[20];

	(void)snprintf(oid, sizeof(oid), "1.2.3.%d", i + 1);
	return OBJ_txt2obj(oid, 1);
}

static void
doubling_policies(X509 *x509)
{
	CERTIFICATEPOLICIES *policies = sk_POLICYINFO_new_null();
	POLICY_MAPPINGS *mappings = sk_POLICY_MAPPING_new_null();

	for (int i = 0; i < POLICIES; i++) {
		POLICYINFO *info = POLICYINFO_new();

		info->policyid = policy(i);
		forge_require(sk_POLICYINFO_push(policies, info) > 0);
		for (int j = 0; j < POLICIES; j++) {
			POLICY_MAPPING *mapping = POLICY_MAPPING_new();

			mapping->issuerDomainPolicy = policy(i);
			mapping->subjectDomainPolicy = policy(j);
			forge_require(
			    sk_POLICY_MAPPING_push(mappings, mapping) > 0);
		}
	}
	forge_require(X509_add1_ext_i2d(x509, NID_certificate_policies,
			  policies, 0, X509V3_ADD_APPEND) == 1 &&
	    X509_add1_ext_i2d(x509, NID_policy_mappings, mappings, 1,
		X509V3_ADD_APPEND) == 1);
	CERTIFICATEPOLICIES_free(policies);
	sk_POLICY_MAPPING_pop_free(mappings, POLICY_MAPPING_free);
}

/* As a tree, this would have 12 to the 15th nodes; as a graph it has 180. */
static void
policies_that_double_at_each_step(void **state)
{
	static const char *const wanted[] = { "1.2.3.99" };
	struct question question;
	char names[2][16];

	(void)state;
	begin_question(&question,
	    &(struct forge){ .subject = "deep0",
		.issuer = "root",
		.ca = true,
		.spoil = doubling_policies },
	    &(struct forge){ .issuer = "deep14" });
	for (int i = 1; i < DEPTH; i++) {
		(void)snprintf(names[0], sizeof(names[0]), "deep%d", i);
		(void)snprintf(names[1], sizeof(names[1]), "deep%d", i - 1);
		forge_into(&question.others,
		    &(struct forge){ .subject = names[0],
			.issuer = names[1],
			.ca = true,
			.spoil = doubling_policies });
	}
	question.options.policy_oids = wanted;
	question.options.policy_oid_count = 1;
	question.options.require_explicit_policy = true;
	ask_in_time(&question, "policies that double", MCA_NO, "MC-V-POLICY");
	question_clear(&question);
}

/* Extensions nobody knows, each of which might repeat one before it. */
static void
many_extensions(X509 *x509)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;
	ASN1_OBJECT *object;
	char oid[24];

	for (int i = 0; i < MANY; i++) {
		(void)snprintf(oid, sizeof(oid), "1.2.3.4.%d", i);
		object = OBJ_txt2obj(oid, 1);
		extension =
		    X509_EXTENSION_create_by_OBJ(NULL, object, 0, value);
		forge_require(extension != NULL &&
		    X509_add_ext(x509, extension, -1) == 1);
		X509_EXTENSION_free(extension);
		ASN1_OBJECT_free(object);
	}
	ASN1_OCTET_STRING_free(value);
}

static void
ten_thousand_extensions(void **state)
{
	struct question question;

	(void)state;
	begin_question(&question, &(struct forge)CA(),
	    &(struct forge)LEAF(.spoil = many_extensions));
	ask_in_time(&question, "extensions", MCA_NO, "MC-V-EXT-REPEATED");
	question_clear(&question);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thousand_cross_signs),
		cmocka_unit_test(ten_thousand_names_and_constraints),
		cmocka_unit_test(policies_that_double_at_each_step),
		cmocka_unit_test(ten_thousand_extensions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
