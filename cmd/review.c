/*
 * review.c - minica review: the examination alone; nothing is signed.
 */
#include "difference.h"
#include "fail.h"
#include "findings.h"
#include "json.h"
#include "request.h"
#include "signing.h"

struct args {
	struct words requests;
	struct signing signing;
	bool diff;
};

static const struct opt opts[] = {
	{ OPT_ARGS, 0, "CSR", NULL, FIELD(requests),
	    "request to examine, PEM or DER" },
	SIGNING_OPTS,
	{ OPT_FLAG, 0, "diff", NULL, FIELD(diff),
	    "compare with the certificate that holds the names now" },
	{ 0 },
};

static mca_code
note_authority(void *context, const struct mca_authority *authority,
    struct mca_error *err)
{
	(void)err;
	*(bool *)context |= authority->certificate != 0;
	return MCA_OK;
}

/*
 * Without an authority the policy can still be asked; what its issuer's own
 * end would change cannot be known.
 */
static mca_code
find_authority(bool *here, struct session *s, struct mca_error *err)
{
	mca_code code = session_open(s, MCA_STORE_READ, NULL, err);

	*here = false;
	if (code == MCA_ENOTFOUND)
		code = MCA_OK;
	else if (code == MCA_OK)
		code = mca_store_authorities(mca_ca_store(s->ca),
		    note_authority, here, err);
	if (code != MCA_OK)
		return code;
	err->text[0] = '\0';
	json_put(s->doc, "authority", json_boolean(*here));
	if (!*here)
		talk(s,
		    "there is no authority here: the policy alone is "
		    "asked");
	return MCA_OK;
}

static mca_code
find_policy(mca_policy **out, const struct session *s,
    const struct signing *how, struct mca_error *err)
{
	owned(char) *directory = NULL;

	if (asprintf(&directory, "%s/policies", s->home) < 0)
		fail_memory();
	return mca_policy_find(out, signing_policy(how), directory, err);
}

static mca_code
find_list(mca_weaklist **out, const struct session *s, struct mca_error *err)
{
	owned(char) *path = NULL;

	if (asprintf(&path, "%s/weak-keys", s->home) < 0)
		fail_memory();
	return mca_weaklist_read(out, path, err);
}

static mca_code
ask_policy(struct mca_job *job, const struct session *s,
    const struct signing *how, struct mca_error *err)
{
	struct mca_review_context context = {
		.now = s->now,
		.life = how->life.value,
		.issuer_end = INT64_MAX,
	};
	owned(mca_policy) *policy = NULL;
	owned(mca_weaklist) *listed = NULL;

	if (find_policy(&policy, s, how, err) != MCA_OK ||
	    find_list(&listed, s, err) != MCA_OK)
		return err->code;
	context.listed = listed;
	if (mca_policy_review(&job->review, policy, job->csr, &context, err) !=
	    MCA_OK)
		return err->code;
	job->code =
	    findings_refused(&job->review.findings) ? MCA_EPOLICY : MCA_OK;
	return MCA_OK;
}

static mca_code
review(struct session *s, json_t *row, const char *path,
    const struct args *args, bool here, struct mca_error *err)
{
	const struct signing *how = &args->signing;
	struct mca_signing signing = signing_describe(how, false, NULL);
	struct mca_job job = { 0 };
	owned(mca_csr) *csr = NULL;
	mca_code code;

	if (request_read(&csr, path, err) != MCA_OK)
		return err->code;
	job.csr = csr;
	code = here ? signing_rehearse(s, &signing, &job, err)
		    : ask_policy(&job, s, how, err);
	if (code == MCA_OK)
		code = signing_review(s, row, path, how, &job);
	if (code == MCA_OK && args->diff)
		code = difference_show(s, row, job.cert, err);
	mca_job_clear(&job);
	return code;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	const struct words *requests = &args->requests;
	mca_code worst = MCA_OK;
	bool here;

	if (find_authority(&here, s, err) != MCA_OK)
		return err->code;
	if (args->diff && !here)
		return fail(err, MCA_ENOTFOUND,
		    "--diff: there is no authority here, and so no "
		    "certificate to compare with");
	for (size_t i = 0; i < requests->count; i++) {
		json_t *row = json_row(s->doc, "results");
		const char *path = requests->rows[i];
		struct mca_error bad = { 0 };
		mca_code code;

		json_put(row, "file", json_text(path));
		code = review(s, row, path, args, here, &bad);
		if (bad.text[0] != '\0')
			code = complain(s, row, &bad);
		worst = worse(worst, code);
	}
	return worst;
}

const struct command review_command = {
	"review",
	"Examine requests without signing them",
	opts,
	sizeof(struct args),
	run,
	"Every field of a request gets a row: kept, changed, added, dropped "
	"or\n"
	"refused, and the line of the policy that decided.  Exit status 1 "
	"when\n"
	"the policy refuses.  The certificate that would come of it follows;\n"
	"its serial number and signature are not those that it will have.\n"
	"\n"
	"  minica review --policy client alice.csr\n"
	"  minica review --diff web.csr\n",
};
