/* ocsp_test.c - which OCSP responses are believed, and what they say. */
#include "question.h"

#include "minica/ocsp.h"
#include "minica/x509.h"

#include <openssl/ocsp.h>

/* Of whom a response speaks, and who signed it. */
struct response {
	const char *signer;   /* NULL: the issuer of the certificate */
	const char *delegate; /* purposes of its certificate, or NULL */
	int64_t from, until;  /* 0: a day before, and after; -1: no end */
	int status, reason;
	int failure;	       /* OCSP_RESPONSE_STATUS_, 0: successful */
	bool of_issuer, spoil; /* about the issuer; one bit is flipped */
};

static ASN1_TIME *
moment(int64_t at)
{
	return at == -1 ? NULL : ASN1_TIME_set(NULL, (time_t)at);
}

/* The responder's certificate comes along in the response. */
static void
sign(OCSP_BASICRESP *basic, const struct response *what, const mca_cert *issuer)
{
	const char *word = what->signer == NULL ? "ca" : what->signer;
	mca_cert *delegate;

	if (what->delegate == NULL) {
		forge_require(OCSP_basic_sign(basic, mca_cert_get0_x509(issuer),
				  forge_key(word), EVP_sha256(), NULL,
				  OCSP_NOCERTS) == 1);
		return;
	}
	delegate = forge_cert(&(struct forge){ .subject = "responder",
	    .issuer = "ca",
	    .signer = word,
	    .purposes = what->delegate });
	forge_require(OCSP_basic_sign(basic, mca_cert_get0_x509(delegate),
			  forge_key("responder"), EVP_sha256(), NULL, 0) == 1);
	mca_cert_free(delegate);
}

static void
respond(mca_blob *out, const struct response *what, const mca_cert *cert,
    const mca_cert *issuer)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), mca_cert_get0_x509(cert),
	    mca_cert_get0_x509(issuer));
	ASN1_TIME *from =
	    moment(what->from == 0 ? FORGE_NOW - 86400 : what->from);
	ASN1_TIME *until =
	    moment(what->until == 0 ? FORGE_NOW + 86400 : what->until);
	ASN1_TIME *revoked = moment(FORGE_NOW - 90000);
	OCSP_RESPONSE *response;
	struct mca_error err;
	unsigned char *der = NULL;
	int length;

	forge_require(
	    OCSP_basic_add1_status(basic, id, what->status, what->reason,
		what->status == V_OCSP_CERTSTATUS_REVOKED ? revoked : NULL,
		from, until) != NULL);
	sign(basic, what, issuer);
	response = OCSP_response_create(what->failure,
	    what->failure == 0 ? basic : NULL);
	length = i2d_OCSP_RESPONSE(response, &der);
	forge_require(length > 0);
	if (what->spoil)
		der[length - 1] ^= 1;
	mca_blob_clear(out);
	assert_int_equal(mca_blob_copy(out, der, (size_t)length, &err), MCA_OK);
	OPENSSL_free(der);
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	ASN1_TIME_free(revoked);
}

static const struct {
	const char *why;
	struct response response;
	enum mca_ocsp_answer answer;
	const char *said; /* when it is unusable */
} cases[] = {
	{ "good", { 0 }, MCA_OCSP_GOOD, NULL },
	{ "revoked", { .status = V_OCSP_CERTSTATUS_REVOKED, .reason = 1 },
	    MCA_OCSP_REVOKED, NULL },
	{ "not known", { .status = V_OCSP_CERTSTATUS_UNKNOWN },
	    MCA_OCSP_UNKNOWN, NULL },
	{ "the last second", { .until = FORGE_NOW }, MCA_OCSP_GOOD, NULL },
	{ "stale", { .until = FORGE_NOW - 1 }, MCA_OCSP_UNUSABLE, "stale" },
	{ "stale, yet it revokes",
	    { .until = FORGE_NOW - 1, .status = V_OCSP_CERTSTATUS_REVOKED },
	    MCA_OCSP_REVOKED, NULL },
	{ "of tomorrow", { .from = FORGE_NOW + 1 }, MCA_OCSP_UNUSABLE,
	    "later time" },
	{ "without an end", { .until = -1 }, MCA_OCSP_UNUSABLE, "nextUpdate" },
	{ "by a responder of the issuer", { .delegate = "OCSPSigning" },
	    MCA_OCSP_GOOD, NULL },
	{ "by a server of the issuer", { .delegate = "serverAuth" },
	    MCA_OCSP_UNUSABLE, "made a responder" },
	{ "by a responder of somebody else",
	    { .delegate = "OCSPSigning", .signer = "other" }, MCA_OCSP_UNUSABLE,
	    NULL },
	{ "tampered with", { .spoil = true }, MCA_OCSP_UNUSABLE, "signature" },
	{ "about another", { .of_issuer = true, .signer = "root" },
	    MCA_OCSP_UNUSABLE, "another certificate" },
	{ "try later", { .failure = OCSP_RESPONSE_STATUS_TRYLATER },
	    MCA_OCSP_UNUSABLE, "no answer" },
};

static void
responses_are_believed_only_if_they_should(void **state)
{
	mca_cert *root = forge_cert(&(struct forge)ROOT());
	mca_cert *authority = forge_cert(&(struct forge)CA());
	mca_cert *leaf = forge_cert(&(struct forge)LEAF());
	scoped(mca_blob) der = { 0 };
	struct mca_ocsp ocsp;

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		if (cases[i].response.of_issuer)
			respond(&der, &cases[i].response, authority, root);
		else
			respond(&der, &cases[i].response, leaf, authority);
		if (cases[i].response.of_issuer)
			mca_ocsp_check(&ocsp, der.bytes, der.length, leaf, root,
			    FORGE_NOW);
		else
			mca_ocsp_check(&ocsp, der.bytes, der.length, leaf,
			    authority, FORGE_NOW);
		CHECK(ocsp.answer == cases[i].answer, "%s: %s (%s)",
		    cases[i].why, mca_ocsp_answer_name(ocsp.answer),
		    ocsp.answer == MCA_OCSP_UNUSABLE ? ocsp.why : "");
		CHECK(cases[i].said == NULL ||
			strstr(ocsp.why, cases[i].said) != NULL,
		    "%s: what is told: %s", cases[i].why, ocsp.why);
	}
	mca_cert_free(root);
	mca_cert_free(authority);
	mca_cert_free(leaf);
}

static void
garbage_is_unusable(void **state)
{
	mca_cert *authority = forge_cert(&(struct forge)CA());
	scoped(mca_blob) der = { 0 };
	struct mca_ocsp ocsp;

	(void)state;
	respond(&der, &(struct response){ 0 }, authority, authority);
	for (size_t length = 0; length < der.length; length++) {
		mca_ocsp_check(&ocsp, der.bytes, length, authority, authority,
		    FORGE_NOW);
		assert_int_equal(ocsp.answer, MCA_OCSP_UNUSABLE);
		assert_false(
		    mca_ocsp_about(der.bytes, length, authority, authority));
	}
	mca_cert_free(authority);
}

/* What a verifier makes of one response about the leaf. */

static void
given(struct question *question, mca_blob *der, const struct response *what)
{
	const struct row row = { "", ROOT(), CA(), LEAF(), NULL, MCA_YES,
		MCA_YES };

	open_question(question, &row);
	memset(der, 0, sizeof(*der));
	if (what->of_issuer)
		respond(der, what, question->others.rows[0],
		    question->anchors.rows[0]);
	else
		respond(der, what, question->target, question->others.rows[0]);
	question->options.ocsp = der;
	question->options.ocsp_count = 1;
}

static void
responses_count_like_lists(void **state)
{
	static const struct {
		const char *why;
		struct response response;
		bool list; /* a CRL covers the leaf as well */
		enum mca_answer looked_at, required;
		const char *rule; /* that is told when they are required */
	} rows[] = {
		{ "good", { 0 }, false, MCA_YES, MCA_YES, NULL },
		{ "revoked", { .status = V_OCSP_CERTSTATUS_REVOKED }, true,
		    MCA_NO, MCA_NO, "MC-V-OCSP-REVOKED" },
		{ "unknown", { .status = V_OCSP_CERTSTATUS_UNKNOWN }, false,
		    MCA_YES, MCA_COULD_NOT_TELL, "MC-V-OCSP-UNKNOWN" },
		{ "stale", { .until = FORGE_NOW - 1 }, false, MCA_YES,
		    MCA_COULD_NOT_TELL, "MC-V-OCSP-UNUSABLE" },
		{ "stale, beside a fresh list", { .until = FORGE_NOW - 1 },
		    true, MCA_YES, MCA_YES, "MC-V-OCSP-UNUSABLE" },
		{ "about the CA", { .of_issuer = true, .signer = "root" }, true,
		    MCA_YES, MCA_YES, NULL },
	};
	struct question question;
	mca_blob der;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		given(&question, &der, &rows[i].response);
		if (!rows[i].response.of_issuer)
			forge_crl_into(&question.crls,
			    &(struct forge_crl){ .issuer = "root" });
		if (rows[i].list)
			forge_crl_into(&question.crls,
			    &(struct forge_crl){ .issuer = "ca" });
		ask(&question, rows[i].why);
		CHECK(question.verdict.answer == rows[i].looked_at,
		    "%s, when looked at", rows[i].why);
		question.options.require_crl = true;
		ask(&question, rows[i].why);
		CHECK(question.verdict.answer == rows[i].required,
		    "%s, when required", rows[i].why);
		CHECK(rows[i].rule == NULL ||
			mca_findings_has(&question.verdict.findings,
			    rows[i].rule),
		    "%s: what is told", rows[i].why);
		mca_blob_clear(&der);
		question_clear(&question);
	}
}

static void
a_response_about_nobody_is_told(void **state)
{
	struct question question;
	mca_blob der;

	(void)state;
	given(&question, &der, &(struct response){ 0 });
	respond(&der, &(struct response){ 0 }, question.anchors.rows[0],
	    question.others.rows[0]);
	ask(&question, "a stranger");
	assert_int_equal(question.verdict.answer, MCA_YES);
	assert_true(
	    mca_findings_has(&question.verdict.findings, "MC-V-OCSP-UNUSABLE"));
	mca_blob_clear(&der);
	question_clear(&question);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses_are_believed_only_if_they_should),
		cmocka_unit_test(garbage_is_unusable),
		cmocka_unit_test(responses_count_like_lists),
		cmocka_unit_test(a_response_about_nobody_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
