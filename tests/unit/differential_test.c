/*
 * differential_test.c - our judge and libcrypto's on the same chains.
 *
 * Thousands of three-certificate chains, each with a few faults drawn at
 * random (MINICA_SEED and MINICA_CHAINS say from where and how many).  Where
 * we say no and libcrypto says yes, a rule with its source must say why; where
 * we say yes and it says no, the reason is in a row below.
 */
#include "question.h"

#include "minica/x509.h"

/* What is drawn from; the generator is the same everywhere. */

static uint64_t dice_state;

static size_t
dice(size_t sides)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return (size_t)(dice_state % sides);
}

#define PICK(words) words[dice(sizeof(words) / sizeof(words[0]))]

/* Faults in the bytes, before the certificate is signed. */

static X509_EXTENSION *
some_extension(X509 *x509)
{
	int count = X509_get_ext_count(x509);

	return count == 0 ? NULL : X509_get_ext(x509, (int)dice((size_t)count));
}

static void
flip_a_bit(X509 *x509)
{
	X509_EXTENSION *extension = some_extension(x509);
	ASN1_OCTET_STRING *value;
	unsigned char bytes[600];
	int length;

	if (extension == NULL)
		return;
	value = X509_EXTENSION_get_data(extension);
	length = ASN1_STRING_length(value);
	if (length == 0 || length > (int)sizeof(bytes))
		return;
	memcpy(bytes, ASN1_STRING_get0_data(value), (size_t)length);
	bytes[dice((size_t)length)] ^= (unsigned char)(1U << dice(8));
	forge_require(ASN1_STRING_set(value, bytes, length) == 1);
}

static void
turn_critical(X509 *x509)
{
	X509_EXTENSION *extension = some_extension(x509);

	if (extension != NULL)
		X509_EXTENSION_set_critical(extension,
		    X509_EXTENSION_get_critical(extension) == 0);
}

static void
lose_one(X509 *x509)
{
	int count = X509_get_ext_count(x509);

	if (count > 0)
		X509_EXTENSION_free(
		    X509_delete_ext(x509, (int)dice((size_t)count)));
}

static void
repeat_one(X509 *x509)
{
	X509_EXTENSION *extension = some_extension(x509);

	if (extension != NULL)
		forge_require(X509_add_ext(x509, extension, -1) == 1);
}

static void
add_unknown(X509 *x509)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4.5", 1);
	X509_EXTENSION *extension =
	    X509_EXTENSION_create_by_OBJ(NULL, oid, dice(2) == 0, value);

	forge_require(
	    extension != NULL && X509_add_ext(x509, extension, -1) == 1);
	X509_EXTENSION_free(extension);
	ASN1_OBJECT_free(oid);
	ASN1_OCTET_STRING_free(value);
}

static void (*const spoils[])(X509 *x509) = { flip_a_bit, turn_critical,
	lose_one, repeat_one, add_unknown };

/* Faults in the fields. */

static const char *const names[] = { "DNS:leaf.test", "DNS:*.test",
	"DNS:other.test", "DNS:LEAF.test,IP:10.0.0.1", "DNS:*.leaf.test",
	"DNS:l*.test", "email:a@leaf.test", "DNS:leaf.test.",
	"DNS:leaf.test,DNS:x.a.test", "URI:https://leaf.test/" };
static const char *const usages[] = { "critical,keyCertSign",
	"digitalSignature", "critical,cRLSign",
	"critical,digitalSignature,keyCertSign", "critical,keyAgreement",
	"critical,nonRepudiation", "keyCertSign,cRLSign" };
static const char *const purposes[] = { "serverAuth", "clientAuth",
	"anyExtendedKeyUsage", "critical,serverAuth", "serverAuth,clientAuth",
	"codeSigning", "OCSPSigning" };
static const char *const constraints[] = { "critical,permitted;DNS:test",
	"critical,permitted;DNS:leaf.test", "critical,permitted;DNS:a.test",
	"critical,excluded;DNS:leaf.test", "critical,excluded;DNS:a.test",
	"permitted;DNS:test", "critical,permitted;IP:10.0.0.0/255.0.0.0",
	"critical,excluded;email:leaf.test", "critical,permitted;DNS:.test",
	"critical,permitted;URI:leaf.test" };
static const char *const path_lens[] = { ",pathlen:0", ",pathlen:1",
	",pathlen:3" };
static const char *const serials[] = { "0", "-5", "7F",
	"80112233445566778899AABBCCDDEEFF00112233", "01" };
static const char *const digests[] = { "SHA1", "SHA384", "SHA512", "SHA224" };
static const char *const keys[] = { "rsa1024", "rsa2048", "P-224", "ed25519x" };
static const int64_t moments[] = { FORGE_NOW - 86400, FORGE_NOW - 1, FORGE_NOW,
	FORGE_NOW + 1, FORGE_NOW + 86400 };
static const struct {
	int nid;
	const char *value;
} additions[] = {
	{ NID_certificate_policies, "1.2.3.4" },
	{ NID_policy_constraints, "critical,requireExplicitPolicy:0" },
	{ NID_policy_constraints, "requireExplicitPolicy:1" },
	{ NID_inhibit_any_policy, "critical,0" },
	{ NID_info_access, "OCSP;URI:http://o.test/" },
	{ NID_crl_distribution_points, "URI:http://c.test/" },
	{ NID_issuer_alt_name, "DNS:ca.test" },
	{ NID_netscape_comment, "no comment" },
};

static void
add_fault(struct forge *what)
{
	size_t i;

	switch (dice(18)) {
	case 0:
		what->from = PICK(moments);
		break;
	case 1:
		what->until = PICK(moments);
		break;
	case 2:
		what->san = PICK(names);
		break;
	case 3:
		what->key_usage = PICK(usages);
		break;
	case 4:
		what->purposes = PICK(purposes);
		break;
	case 5:
		what->constraints = PICK(constraints);
		break;
	case 6:
		what->path_len = PICK(path_lens);
		break;
	case 7:
		what->serial = PICK(serials);
		break;
	case 8:
		what->digest = PICK(digests);
		break;
	case 9:
		what->no_aki = true;
		break;
	case 10:
		what->no_ski = true;
		break;
	case 11:
		what->no_usage = true;
		break;
	case 12:
		what->no_purposes = true;
		break;
	case 13:
		what->ca = !what->ca;
		break;
	case 14:
		what->version = dice(3) == 0 ? 1 : 0;
		break;
	case 15:
		what->tamper = dice(2) == 0;
		break;
	case 16:
		i = dice(sizeof(additions) / sizeof(additions[0]));
		what->more[0].nid = additions[i].nid;
		what->more[0].value = additions[i].value;
		break;
	default:
		what->spoil = PICK(spoils);
		break;
	}
}

/* A key that is another's kind: the word is the certificate's own. */
static void
change_keys(struct row *row)
{
	if (dice(12) == 0)
		row->leaf.key = PICK(keys);
	if (dice(12) == 0)
		row->ca.key = row->leaf.signer = PICK(keys);
	if (dice(40) == 0)
		row->leaf.signer = "other";
}

static void
draw(struct row *row)
{
	struct forge *const three[] = { &row->root, &row->ca, &row->leaf };
	size_t faults = dice(4);

	*row = (struct row){ "", ROOT(), CA(), LEAF(), NULL, MCA_YES, MCA_YES };
	for (size_t i = 0; i < faults; i++)
		add_fault(three[dice(3)]);
	change_keys(row);
}

/* X509_policy_check of libcrypto 3.0 loses policyConstraints now and then. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define forget_leaks() __lsan_disable()
#define mind_leaks() __lsan_enable()
#else
#define forget_leaks() (void)0
#define mind_leaks() (void)0
#endif

/* libcrypto, as strict as it gets. */
static int
libcrypto_says(const struct question *question)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	X509_VERIFY_PARAM *param;
	int error;

	forge_require(store != NULL && context != NULL && others != NULL &&
	    X509_STORE_add_cert(store,
		mca_cert_get0_x509(question->anchors.rows[0])) == 1 &&
	    sk_X509_push(others, mca_cert_get0_x509(question->others.rows[0])) >
		0 &&
	    X509_STORE_CTX_init(context, store,
		mca_cert_get0_x509(question->target), others) == 1);
	param = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_time(param, (time_t)FORGE_NOW);
	X509_VERIFY_PARAM_set_auth_level(param, 2);
	X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
		X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	forge_require(
	    X509_VERIFY_PARAM_set_flags(param,
		X509_V_FLAG_X509_STRICT | X509_V_FLAG_POLICY_CHECK) == 1 &&
	    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER) ==
		1 &&
	    X509_VERIFY_PARAM_set1_host(param, "leaf.test", 0) == 1);
	forget_leaks();
	error = X509_verify_cert(context) == 1
	    ? X509_V_OK
	    : X509_STORE_CTX_get_error(context);
	mind_leaks();
	ERR_clear_error();
	sk_X509_free(others);
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return error;
}

/*
 * Where libcrypto refuses what we take, why we do, and what we tell all the
 * same (--strict makes it a no).
 */
static const struct {
	int error;
	const char *why, *warning; /* NULL: there is nothing to tell */
} lenient[] = {
	{ X509_V_ERR_CA_CERT_MISSING_KEY_USAGE,
	    "RFC 5280, 6.1.4 (n): keyUsage counts where it is present",
	    "MC-V-CA-USAGE-MISSING" },
	{ X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN,
	    "the same, of a CA with a path length", "MC-V-CA-USAGE-MISSING" },
	{ X509_V_ERR_CA_BCONS_NOT_CRITICAL,
	    "RFC 5280, 6.1.4 (k): an intermediate's need not be critical",
	    "MC-V-CA-CRITICAL" },
	{ X509_V_ERR_CERT_HAS_EXPIRED,
	    "RFC 5280, 4.1.2.5: the last second is a part of the validity",
	    NULL },
	{ X509_V_ERR_INVALID_PURPOSE,
	    "RFC 5280, 4.2.1.12: anyExtendedKeyUsage stands for each", NULL },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	    "RFC 5280, 4.2.1.1: key identifiers help to find an issuer; "
	    "whether it is one the signature tells",
	    NULL },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "the same, of a CA", NULL },
	{ X509_V_ERR_AKID_SKID_MISMATCH, "the same, as OpenSSL 3.0.2 tells it",
	    NULL },
};

static bool
has_reason(int error, const mca_findings *findings)
{
	for (size_t i = 0; i < ROWS(lenient); i++)
		if (lenient[i].error == error)
			return lenient[i].warning == NULL ||
			    mca_findings_has(findings, lenient[i].warning);
	return false;
}

/* A no must cite something. */
static bool
cites(const mca_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->rows[i].severity >= MCA_UNDECIDED &&
		    *findings->rows[i].source != '\0')
			return true;
	return false;
}

struct tally {
	size_t chains, agreed_yes, agreed_no, stricter, lenient;
};

static void
compare(struct tally *tally, unsigned number)
{
	struct question question;
	struct row row;
	bool ours;
	int theirs;

	draw(&row);
	open_question(&question, &row);
	ask(&question, "a chain drawn at random");
	ours = question.verdict.answer == MCA_YES;
	theirs = libcrypto_says(&question);
	tally->chains++;
	if (ours && theirs == X509_V_OK)
		tally->agreed_yes++;
	else if (!ours && theirs != X509_V_OK)
		tally->agreed_no++;
	else if (!ours)
		tally->stricter++;
	else
		tally->lenient++;
	CHECK(ours || theirs != X509_V_OK || cites(&question.verdict.findings),
	    "chain %u: a no without a source", number);
	CHECK(!ours || theirs == X509_V_OK ||
		has_reason(theirs, &question.verdict.findings),
	    "chain %u: we accept what libcrypto refuses: %s", number,
	    X509_verify_cert_error_string(theirs));
	question_clear(&question);
}

static unsigned long
setting(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value == NULL ? otherwise : strtoul(value, NULL, 10);
}

static void
we_are_never_more_lenient_without_a_reason(void **state)
{
	unsigned long chains = setting("MINICA_CHAINS", 1000);
	struct tally tally = { 0 };

	(void)state;
	dice_state = UINT64_C(88172645463325252) + setting("MINICA_SEED", 0);
	for (unsigned i = 0; i < chains; i++)
		compare(&tally, i);
	print_message("%zu chains: both yes %zu, both no %zu, we are stricter "
		      "%zu, more lenient with a reason %zu\n",
	    tally.chains, tally.agreed_yes, tally.agreed_no, tally.stricter,
	    tally.lenient);
	assert_true(tally.agreed_yes > chains / 10);
	assert_true(tally.agreed_no > chains / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(we_are_never_more_lenient_without_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
