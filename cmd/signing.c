/*
 * signing.c - see signing.h.
 */
#include "signing.h"

#include "account.h"
#include "fail.h"
#include "findings.h"
#include "json.h"

struct mca_signing
signing_describe(const struct signing *how, bool fullchain,
    const struct words *labels)
{
	return (struct mca_signing){
		.policy = how->policy,
		.issuer = how->issuer,
		.life = how->life.value,
		.fullchain = fullchain,
		.labels = labels == NULL ? NULL : labels->rows,
		.label_count = labels == NULL ? 0 : labels->count,
	};
}

const char *
signing_policy(const struct signing *how)
{
	return how->policy == NULL ? "server" : how->policy;
}

mca_code
signing_sign(struct session *s, const struct mca_signing *how,
    struct mca_job *jobs, size_t count, struct mca_error *err)
{
	mca_code code = mca_ca_sign(s->ca, how, jobs, count, err);

	if (code == MCA_OK)
		err->text[0] = '\0';
	return code;
}

mca_code
signing_rehearse(struct session *s, const struct mca_signing *how,
    struct mca_job *job, struct mca_error *err)
{
	mca_code code = mca_ca_rehearse(s->ca, how, job, err);

	if (code == MCA_OK)
		err->text[0] = '\0';
	return code;
}

bool
signing_refused(const struct mca_job *job)
{
	return job->code != MCA_OK;
}

static void
put_job(json_t *row, const struct mca_job *job)
{
	if (row == NULL)
		return;
	json_put(row, "review", json_review(&job->review));
	json_put(row, "lint", json_findings(&job->lint));
	if (job->cert != NULL)
		json_put(row, "info", json_cert(job->cert));
}

/* Every reason for a no, and nothing of what would have been. */
static void
tell_refusal(const struct session *s, const char *name,
    const struct mca_job *job)
{
	scoped(mca_text) prefix = { 0 };

	mca_text_addf(&prefix, "minica %s: %s: ", s->command->name, name);
	findings_talk(s, mca_text_get(&prefix), &job->review.findings,
	    MCA_WARNING);
	findings_talk(s, mca_text_get(&prefix), &job->lint, MCA_WARNING);
}

/* What was asked for and is not in the certificate, or not so. */
static void
tell_changes(const struct session *s, const char *name,
    const struct mca_job *job)
{
	scoped(mca_text) prefix = { 0 };

	mca_text_addf(&prefix, "%s: ", name);
	findings_talk(s, mca_text_get(&prefix), &job->review.findings,
	    MCA_NOTE);
	findings_talk(s, mca_text_get(&prefix), &job->lint, MCA_WARNING);
}

mca_code
signing_finish(struct session *s, json_t *row, const char *name,
    const struct mca_job *job, output *out, struct mca_error *err)
{
	const char *shown = MCA_SHOW_TEXT(name);
	const char *serial;

	put_job(row, job);
	if (signing_refused(job)) {
		tell_refusal(s, shown, job);
		return MCA_EPOLICY;
	}
	serial = mca_cert_serial(job->cert);
	json_put(row, "certificate", json_bytes(&job->output));
	if (output_deliver(out, s, &job->output, serial, err) != MCA_OK)
		return err->code;

	tell_changes(s, shown, job);
	if (out->file == NULL) {
		talk(s, "%s: signed: serial %s, valid until %s", shown, serial,
		    MCA_TIME(mca_cert_not_after(job->cert)));
		return MCA_OK;
	}
	json_put(row, "out", json_text(out->path));
	talk(s, "%s: signed: serial %s, valid until %s, in %s", shown, serial,
	    MCA_TIME(mca_cert_not_after(job->cert)),
	    MCA_SHOW_TEXT(mca_file_path(out->file)));
	return MCA_OK;
}

mca_code
signing_review(struct session *s, json_t *row, const char *name,
    const struct signing *how, const struct mca_job *job)
{
	const mca_review *review = &job->review;
	const char *policy = MCA_SHOW_TEXT(signing_policy(how));
	scoped(mca_text) prefix = { 0 };

	put_job(row, job);
	mca_text_addf(&prefix, "%s: ", MCA_SHOW_TEXT(name));
	if (signing_refused(job))
		print(s, "%srefused by policy %s\n", mca_text_get(&prefix),
		    policy);
	else
		print(s, "%saccepted by policy %s, valid from %s until %s\n",
		    mca_text_get(&prefix), policy, MCA_TIME(review->not_before),
		    MCA_TIME(review->not_after));
	account_review(s, review);
	findings_print(s, mca_text_get(&prefix), &review->findings, MCA_NOTE);
	findings_print(s, mca_text_get(&prefix), &job->lint, MCA_NOTE);
	if (job->cert != NULL)
		account_cert(s, job->cert);
	return signing_refused(job) ? MCA_EPOLICY : MCA_OK;
}
