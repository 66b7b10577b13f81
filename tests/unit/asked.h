/*
 * asked.h - requests as libcrypto's configuration would write them, and their
 * review under a policy.
 */
#ifndef TESTS_ASKED_H
#define TESTS_ASKED_H

#include "rows.h"

#include "minica/owned.h"
#include "minica/policy.h"
#include "minica/x509.h"
#include "ossl.h"

#define NOW INT64_C(1800000000)
#define MAX_ASKED 4

typedef STACK_OF(X509_EXTENSION) extensions;

static inline void
extensions_free(extensions *stack)
{
	sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
MCA_OWNED(extensions, extensions_free)

/* A request as libcrypto's configuration would write it. */
struct request {
	const char *cn, *o;
	const char *asked[MAX_ASKED][2]; /* extension, value */
};

static EVP_PKEY *ec_key; /* what requests are signed with by default */

static inline int
make_key(void **state)
{
	(void)state;
	ec_key = EVP_EC_gen("P-256");
	return ec_key == NULL;
}

static inline int
drop_key(void **state)
{
	(void)state;
	EVP_PKEY_free(ec_key);
	return 0;
}

static inline void
add_attribute(X509_NAME *name, const char *type, const char *value)
{
	if (value != NULL)
		assert_int_equal(X509_NAME_add_entry_by_txt(name, type,
				     MBSTRING_UTF8,
				     (const unsigned char *)value, -1, -1, 0),
		    1);
}

static inline void
add_extensions(X509_REQ *req, const struct request *request)
{
	owned(extensions) *stack = sk_X509_EXTENSION_new_null();
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, NULL, NULL, req, NULL, 0);
	for (size_t i = 0; i < MAX_ASKED && request->asked[i][0]; i++) {
		X509_EXTENSION *one = X509V3_EXT_nconf(NULL, &ctx,
		    request->asked[i][0], request->asked[i][1]);

		CHECK(one != NULL, "cannot make %s", request->asked[i][1]);
		assert_true(sk_X509_EXTENSION_push(stack, one) > 0);
	}
	if (sk_X509_EXTENSION_num(stack) > 0)
		assert_int_equal(X509_REQ_add_extensions(req, stack), 1);
}

static inline mca_csr *
make_with(const struct request *request, EVP_PKEY *key, const EVP_MD *md)
{
	owned(X509_REQ) *req = X509_REQ_new();
	owned(ossl_bytes) *der = NULL;
	struct mca_error err = { 0 };
	mca_csr *csr = NULL;
	int length;

	add_attribute(X509_REQ_get_subject_name(req), "O", request->o);
	add_attribute(X509_REQ_get_subject_name(req), "CN", request->cn);
	assert_int_equal(X509_REQ_set_pubkey(req, key), 1);
	add_extensions(req, request);
	assert_true(X509_REQ_sign(req, key, md) > 0);
	length = i2d_X509_REQ(req, &der);
	CHECK(mca_csr_parse(&csr, der, (size_t)length, &err) == MCA_OK, "%s",
	    err.text);
	return csr;
}

static inline mca_csr *
make(const struct request *request)
{
	return make_with(request, ec_key, EVP_sha256());
}

/* Reviews `csr` under a built-in policy, or one given as text. */
static inline void
review_as(mca_review *out, const char *policy_text, const mca_csr *csr,
    int64_t life, mca_time issuer_end)
{
	const struct mca_review_context context = { .now = NOW,
		.life = life,
		.issuer_end = issuer_end };
	owned(mca_policy) *policy = NULL;
	struct mca_error err = { 0 };
	mca_code code = strchr(policy_text, ':') == NULL
	    ? mca_policy_find(&policy, policy_text, NULL, &err)
	    : mca_policy_parse(&policy, "p.yaml", (const uint8_t *)policy_text,
		  strlen(policy_text), &err);

	CHECK(code == MCA_OK, "%s", err.text);
	CHECK(mca_policy_review(out, policy, csr, &context, &err) == MCA_OK,
	    "%s", err.text);
	assert_false(out->lost);
}

static inline void
review(mca_review *out, const char *policy, const struct request *request)
{
	owned(mca_csr) *csr = make(request);

	review_as(out, policy, csr, 0, INT64_MAX);
}

static inline bool
refused(const mca_review *r)
{
	return mca_findings_worst(&r->findings) == MCA_ERROR;
}

static inline const struct mca_review_row *
find_row(const mca_review *r, const char *field, const char *asked)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->rows[i].field, field) == 0 &&
		    strcmp(r->rows[i].asked, asked) == 0)
			return &r->rows[i];
	return NULL;
}

#define SAN(names)                                                             \
	{                                                                      \
		{                                                              \
			"subjectAltName", names                                \
		}                                                              \
	}

#endif
