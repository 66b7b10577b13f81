/*
 * policy_test.c - the tests that a policy carries, run (minica/policy.h).
 */
#include "policy.h"

#include "minica/file.h"
#include "minica/key.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/text.h"
#include "object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t
mca_policy_test_count(const mca_policy *policy)
{
	return policy->cases.count;
}

void
mca_policy_verdict_clear(struct mca_policy_verdict *verdict)
{
	free(verdict->asked);
	free(verdict->expected);
	free(verdict->found);
	mca_review_clear(&verdict->review);
	*verdict = (struct mca_policy_verdict){ 0 };
}

/* The files that a policy names lie beside its own. */
static mca_code
read_request(mca_csr **out, const mca_policy *policy,
    const struct mca_policy_case *row, struct mca_error *err)
{
	const char *slash = strrchr(policy->file, '/');
	int base = slash == NULL ? 0 : (int)(slash + 1 - policy->file);
	scoped(mca_blob) bytes = { 0 };
	owned(char) *path = NULL;
	mca_code code;

	if (*row->csr == '/')
		base = 0;
	if (asprintf(&path, "%.*s%s", base, policy->file, row->csr) < 0) {
		path = NULL;
		return mca_fail_memory(err);
	}
	code = mca_file_read(&bytes, path, MCA_LIMIT_REQUEST, err);
	if (code != MCA_OK)
		return code;
	code = mca_csr_parse(out, bytes.bytes, bytes.length, err);
	return code == MCA_OK ? code
			      : mca_within(err, "%s", MCA_SHOW_TEXT(path));
}

static mca_code
make_request(mca_csr **out, const struct mca_policy_case *row,
    struct mca_error *err)
{
	const struct mca_attribute cn = { "CN", row->common_name };
	owned(mca_key) *key = NULL;
	owned(mca_san) *san = NULL;
	owned(mca_name) *subject = NULL;
	mca_code code;

	if ((code = mca_key_stand_in(&key,
		 row->key == NULL ? "ec-p256" : row->key, err)) != MCA_OK ||
	    (code = mca_san_wished(&san, (const char *const *)row->names.words,
		 row->names.count, err)) != MCA_OK ||
	    (code = mca_name_new(&subject, &cn, row->common_name != NULL,
		 err)) != MCA_OK)
		return code;
	return mca_csr_new(out, key, subject, san, err);
}

static mca_code
get_request(mca_csr **out, const mca_policy *policy,
    const struct mca_policy_case *row, struct mca_error *err)
{
	if (row->csr != NULL)
		return read_request(out, policy, row, err);
	return make_request(out, row, err);
}

/* "www.example.org, 10.0.0.1", "CN=x", "web.csr" */
static mca_code
describe(char **out, const struct mca_policy_case *row, struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	for (size_t i = 0; i < row->names.count; i++)
		mca_text_addf(&text, "%s%s", i == 0 ? "" : ", ",
		    MCA_SHOW_TEXT(row->names.words[i]));
	if (row->common_name != NULL)
		mca_text_addf(&text, "%sCN=%s", text.length == 0 ? "" : ", ",
		    MCA_SHOW_TEXT(row->common_name));
	if (row->key != NULL)
		mca_text_addf(&text, "%s%s", text.length == 0 ? "" : ", ",
		    MCA_SHOW_TEXT(row->key));
	if (row->csr != NULL)
		mca_text_addf(&text, "%s", MCA_SHOW_TEXT(row->csr));
	if (text.length == 0)
		mca_text_addf(&text, "no names");
	return mca_text_take(out, &text, err);
}

static mca_code
say_expected(char **out, const struct mca_policy_case *row,
    struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	mca_text_addf(&text, "%s",
	    row->expect == MCA_EXPECT_ACCEPT ? "accept" : "refuse");
	if (row->rule != NULL)
		mca_text_addf(&text, " by %s", MCA_SHOW_TEXT(row->rule));
	return mca_text_take(out, &text, err);
}

/* Each rule that refused, once. */
static mca_code
say_found(char **out, const mca_findings *findings, struct mca_error *err)
{
	scoped(mca_text) text = { 0 };
	bool refused = false;

	for (size_t i = 0; i < findings->count; i++) {
		const struct mca_finding *row = &findings->rows[i];
		size_t before = 0;

		if (row->severity != MCA_ERROR)
			continue;
		while (before < i &&
		    (findings->rows[before].severity != MCA_ERROR ||
			strcmp(findings->rows[before].rule, row->rule) != 0))
			before++;
		if (before == i)
			mca_text_addf(&text, "%s%s",
			    refused ? ", " : "refuse by ", row->rule);
		refused = true;
	}
	if (!refused)
		mca_text_addf(&text, "accept");
	return mca_text_take(out, &text, err);
}

static bool
refused_by(const mca_findings *findings, const char *rule)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->rows[i].severity == MCA_ERROR &&
		    (rule == NULL || strcmp(findings->rows[i].rule, rule) == 0))
			return true;
	return false;
}

static mca_code
run(struct mca_policy_verdict *out, const mca_policy *policy,
    const struct mca_policy_case *row, mca_time now, struct mca_error *err)
{
	const struct mca_review_context context = {
		.now = now,
		.life = row->life,
		.issuer_end = INT64_MAX,
	};
	owned(mca_csr) *csr = NULL;
	mca_code code;

	if ((code = describe(&out->asked, row, err)) != MCA_OK ||
	    (code = say_expected(&out->expected, row, err)) != MCA_OK ||
	    (code = get_request(&csr, policy, row, err)) != MCA_OK ||
	    (code = mca_policy_review(&out->review, policy, csr, &context,
		 err)) != MCA_OK)
		return code;
	out->passed = refused_by(&out->review.findings, row->rule) ==
	    (row->expect == MCA_EXPECT_REFUSE);
	return say_found(&out->found, &out->review.findings, err);
}

mca_code
mca_policy_test(struct mca_policy_verdict *out, const mca_policy *policy,
    size_t i, mca_time now, struct mca_error *err)
{
	const struct mca_policy_case *row = &policy->cases.rows[i];
	mca_code code;

	out->line = row->line;
	code = run(out, policy, row, now, err);
	if (code != MCA_OK)
		return mca_within(err, "%s:%zu", MCA_SHOW_TEXT(policy->file),
		    row->line);
	return MCA_OK;
}
