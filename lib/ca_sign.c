/*
 * ca_sign.c - requests become certificates (minica/ca.h).
 */
#include "ca_parts.h"

#include "minica/limits.h"
#include "minica/text.h"
#include "parallel.h"
#include "sign.h"

#include <stdlib.h>
#include <string.h>

void
mca_job_clear(struct mca_job *job)
{
	mca_review_clear(&job->review);
	mca_findings_clear(&job->lint);
	mca_cert_free(job->cert);
	mca_blob_clear(&job->output);
	for (size_t i = 0; i < job->copy_count; i++)
		mca_blob_clear(&job->copies[i].output);
	memset(job, 0, sizeof(*job));
}

/* What all jobs of one call share. */
struct run {
	mca_policy *policy;
	struct mca_issuer *issuer;
	const struct mca_signing *how;
	const struct mca_drafts *drafts; /* NULL: none was made before */
	int64_t newest; /* certificate when the requests were examined */
};

static mca_code
check_labels(const struct mca_signing *how, struct mca_error *err)
{
	if (how->label_count > MCA_LIMIT_LABELS)
		return mca_fail(err, MCA_EUSAGE,
		    "%zu labels: a certificate has at most %d",
		    how->label_count, MCA_LIMIT_LABELS);
	for (size_t i = 0; i < how->label_count; i++) {
		const char *flaw = mca_label_flaw(how->labels[i]);

		if (flaw != NULL)
			return mca_fail(err, MCA_EUSAGE,
			    "\"%s\" is no label: %s",
			    MCA_SHOW_TEXT(how->labels[i]), flaw);
	}
	return MCA_OK;
}

static mca_code
begin_run(mca_ca *ca, struct run *run, const struct mca_signing *how,
    struct mca_error *err)
{
	const char *name = how->policy == NULL ? "server" : how->policy;
	const mca_weaklist *listed;
	mca_code code;

	run->how = how;
	if ((code = check_labels(how, err)) != MCA_OK ||
	    (code = mca_ca_load(ca, err)) != MCA_OK ||
	    (code = mca_ca_listed(ca, &listed, err)) != MCA_OK ||
	    (code = mca_ca_find_policy(&run->policy, ca, name, err)) != MCA_OK)
		return code;
	if (mca_policy_for(run->policy) == MCA_FOR_ROOT)
		return mca_fail(err, MCA_EUSAGE,
		    "policy \"%s\" is for roots, which sign themselves; make "
		    "one with `minica init-root`",
		    mca_policy_name(run->policy));
	return mca_issuers_choose_by(&run->issuer, &ca->issuers, how->issuer,
	    run->policy, ca->options.now, err);
}

static void
end_run(struct run *run)
{
	mca_policy_free(run->policy);
}

/* Moves what a draft found out into its job. */
static void
keep_findings(struct mca_job *job, mca_draft *draft)
{
	job->review = draft->review;
	job->lint = draft->lint;
	draft->review = (mca_review){ 0 };
	draft->lint = (mca_findings){ 0 };
}

/* PEM of the certificate, and of those above it that clients lack. */
static mca_code
write_pem(mca_ca *ca, mca_blob *out, const mca_cert *cert, const char *label,
    bool fullchain, struct mca_error *err)
{
	scoped(mca_certs) chain = { 0 };
	mca_code code = mca_cert_pem(out, cert, err);

	if (code == MCA_OK && fullchain)
		code = mca_ca_chain(ca, &chain, label, err);
	for (size_t i = 0; i < chain.count && code == MCA_OK; i++)
		code = mca_cert_pem(out, chain.rows[i], err);
	return code;
}

mca_code
mca_ca_copy(mca_ca *ca, struct mca_copy *copy, const mca_cert *cert,
    const char *label, struct mca_error *err)
{
	return write_pem(ca, &copy->output, cert, label, copy->fullchain, err);
}

static mca_code
make_output(mca_ca *ca, struct mca_job *job, const struct run *run,
    struct mca_error *err)
{
	const char *label = run->issuer->label;
	mca_code code = write_pem(ca, &job->output, job->cert, label,
	    run->how->fullchain, err);

	for (size_t i = 0; code == MCA_OK && i < job->copy_count; i++)
		code = write_pem(ca, &job->copies[i].output, job->cert, label,
		    job->copies[i].fullchain, err);
	return code;
}

/* ---- from request to signed certificate: nothing of it leaves yet ---- */

/* One job on its way. */
struct passage {
	mca_draft draft;
	mca_code code; /* of what ends the run; a refusal is the job's own */
	struct mca_error err;
};

struct group {
	mca_ca *ca;
	struct run *run;
	struct mca_job *jobs;
	mca_draft **drafts; /* of these jobs, or NULL */
	struct passage *passages;
	size_t count, sealed;
};

static bool
is_refusal(mca_code code)
{
	return code == MCA_EPOLICY || code == MCA_EFORMAT;
}

/* Nothing is left to be found out about it. */
static bool
is_rehearsed(const mca_draft *draft)
{
	return draft->tbs.der.length > 0;
}

static void
review(void *context, size_t i)
{
	const struct group *group = context;
	struct passage *passage = &group->passages[i];
	struct mca_job *job = &group->jobs[i];
	mca_draft *made = group->drafts == NULL ? NULL : group->drafts[i];

	if (made != NULL && is_rehearsed(made) &&
	    made->issuer == group->run->issuer) {
		passage->draft = *made;
		*made = (mca_draft){ 0 };
		job->code = MCA_OK;
		return;
	}
	if (made != NULL)
		mca_draft_clear(made);
	passage->draft = (mca_draft){ .policy = group->run->policy,
		.issuer = group->run->issuer,
		.csr = job->csr,
		.life = group->run->how->life,
		.renews = job->renews };
	job->code = mca_draft_review(group->ca, &passage->draft, &passage->err);
}

/* The store is asked by one thread. */
static void
ask_all(const struct group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		struct passage *passage = &group->passages[i];
		struct mca_job *job = &group->jobs[i];

		if (job->code == MCA_OK && !is_rehearsed(&passage->draft))
			job->code = mca_draft_ask(group->ca, &passage->draft,
			    &passage->err);
	}
}

static mca_code
sign(const struct group *group, size_t i)
{
	const struct mca_ca_options *options = &group->ca->options;
	const struct mca_drafts *drafts = group->run->drafts;
	struct mca_issuer *issuer = group->run->issuer;
	struct passage *passage = &group->passages[i];
	struct mca_job *job = &group->jobs[i];
	mca_key *key;
	mca_code code;

	if ((code = mca_issuer_key(&key, issuer, options->home,
		 options->passphrase, &passage->err)) != MCA_OK ||
	    (code = mca_sign(&job->cert, &passage->draft.tbs, key,
		 &passage->err)) != MCA_OK)
		return code;
	if (drafts != NULL && drafts->sealed != NULL)
		return drafts->sealed(drafts->context, job, &passage->err);
	return make_output(group->ca, job, group->run, &passage->err);
}

static void
seal(void *context, size_t at)
{
	const struct group *group = context;
	size_t i = group->sealed + at;
	struct passage *passage = &group->passages[i];
	struct mca_job *job = &group->jobs[i];

	if (job->code == MCA_OK && !is_rehearsed(&passage->draft))
		job->code = mca_draft_rehearse(&passage->draft, &passage->err);
	if (job->code == MCA_OK)
		passage->code = sign(group, i);
	else if (!is_refusal(job->code))
		passage->code = job->code;
	keep_findings(job, &passage->draft);
	mca_draft_clear(&passage->draft);
}

/*
 * All cores build, lint and sign, once the first certificate has made what they
 * share: the keys and the signature that lint looks at.
 */
static void
seal_all(struct group *group)
{
	const struct mca_issuer *issuer = group->run->issuer;

	while (group->sealed < group->count &&
	    (issuer->key == NULL ||
		!mca_draft_is_prepared(
		    &group->passages[group->sealed].draft))) {
		seal(group, 0);
		if (group->passages[group->sealed++].code != MCA_OK)
			return;
	}
	mca_parallel(group->count - group->sealed, MCA_CREW_CORES, seal, group);
}

static mca_code
work(struct group *group, struct mca_error *err)
{
	mca_code code = MCA_OK;

	group->passages = calloc(group->count, sizeof(*group->passages));
	if (group->passages == NULL)
		return mca_fail_memory(err);
	mca_parallel(group->count, MCA_CREW_CORES, review, group);
	ask_all(group);
	seal_all(group);
	for (size_t i = 0; i < group->count && code == MCA_OK; i++) {
		code = group->passages[i].code;
		if (code != MCA_OK || group->jobs[i].code != MCA_OK)
			*err = group->passages[i].err;
	}
	/* After a failure there are some that were never sealed. */
	for (size_t i = 0; i < group->count; i++)
		mca_draft_clear(&group->passages[i].draft);
	free(give(&group->passages));
	return code;
}

/* ---- recording ---- */

static mca_code
note(mca_ca *ca, const char *path, const mca_blob *output, int64_t row,
    struct mca_error *err)
{
	uint8_t sha256[MCA_SHA256_SIZE];
	mca_code code = mca_sha256(sha256, output->bytes, output->length, err);

	return code == MCA_OK ? mca_store_note_file(ca->store, path, sha256,
				    row, ca->options.now, err)
			      : code;
}

static mca_code
note_files(mca_ca *ca, const struct mca_job *job, int64_t row,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	if (job->path != NULL)
		code = note(ca, job->path, &job->output, row, err);
	for (size_t i = 0; code == MCA_OK && i < job->copy_count; i++)
		code = note(ca, job->copies[i].path, &job->copies[i].output,
		    row, err);
	return code;
}

static mca_code
record_job(mca_ca *ca, const struct run *run, const struct mca_job *job,
    struct mca_error *err)
{
	const struct mca_issuance issuance = {
		.authority = run->issuer->label,
		.policy = mca_policy_name(run->policy),
		.renews = job->renews,
		.labels = run->how->labels,
		.label_count = run->how->label_count,
	};
	scoped(mca_text) detail = { 0 };
	int64_t row;
	mca_code code;

	mca_text_addf(&detail, "policy %s, authority %s", issuance.policy,
	    issuance.authority);
	if (detail.failed)
		return mca_fail_memory(err);
	code = mca_store_add_issued(ca->store, &row, job->cert, &issuance,
	    ca->options.now, err);
	if (code == MCA_OK && run->how->recorded != NULL)
		code = run->how->recorded(run->how->context, job, row, err);
	if (code == MCA_OK)
		code = note_files(ca, job, row, err);
	if (code != MCA_OK)
		return code;
	return mca_ca_audit(ca, job->renews == 0 ? "issue" : "renew",
	    mca_cert_serial(job->cert), mca_text_get(&detail), err);
}

/* What was not recorded does not exist. */
static void
forget(struct mca_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mca_cert_free(give(&jobs[i].cert));
		mca_blob_clear(&jobs[i].output);
	}
}

/*
 * Another of the batch, or another process, may have come first since the
 * request was examined; from here on nobody can.
 */
static mca_code
ask_again(mca_ca *ca, const struct run *run, struct mca_job *job,
    struct mca_error *err)
{
	mca_findings *findings = &job->review.findings;
	size_t before = findings->count;
	mca_code code = mca_ca_ask_history(ca, findings,
	    &(struct mca_key_question){ .policy = run->policy,
		.spki = mca_cert_spki(job->cert),
		.san = mca_cert_san(job->cert),
		.subject = mca_cert_subject(job->cert),
		.renews = job->renews,
		.since = run->newest },
	    err);

	if (code != MCA_OK || findings->count == before)
		return code;
	job->code = MCA_EPOLICY;
	forget(job, 1);
	return MCA_OK;
}

static mca_code
record_group(mca_ca *ca, const struct run *run, struct mca_job *jobs,
    size_t count, struct mca_error *err)
{
	mca_code code = mca_store_begin(ca->store, err);

	for (size_t i = 0; i < count && code == MCA_OK; i++) {
		if (jobs[i].cert != NULL)
			code = ask_again(ca, run, &jobs[i], err);
		if (code == MCA_OK && jobs[i].cert != NULL)
			code = record_job(ca, run, &jobs[i], err);
	}
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	return code;
}

static mca_code
sign_group(mca_ca *ca, struct run *run, struct mca_job *jobs,
    mca_draft **drafts, size_t count, struct mca_error *err)
{
	struct group group = { .ca = ca,
		.run = run,
		.jobs = jobs,
		.drafts = drafts,
		.count = count };
	const struct mca_drafts *made = run->drafts;
	size_t issued = 0;
	mca_code code = MCA_OK;

	if (made == NULL)
		code = mca_store_newest_row(ca->store, &run->newest, err);
	if (code == MCA_OK)
		code = work(&group, err);
	if (code == MCA_OK && made != NULL && made->ready != NULL)
		code = made->ready(made->context, err);
	if (code != MCA_OK) {
		forget(jobs, count);
		return code;
	}
	for (size_t i = 0; i < count; i++)
		issued += jobs[i].cert != NULL;
	if (issued > 0)
		code = record_group(ca, run, jobs, count, err);
	if (code != MCA_OK)
		forget(jobs, count);
	return code;
}

/* How many certificates share one durable commit. */
enum { GROUP = 500 };

mca_code
mca_ca_sign_drafts(mca_ca *ca, const struct mca_signing *how,
    const struct mca_drafts *drafts, struct mca_job *jobs, size_t count,
    struct mca_error *err)
{
	struct run run = { .drafts = drafts };
	mca_code code = begin_run(ca, &run, how, err);

	if (drafts != NULL)
		run.newest = drafts->newest;
	for (size_t at = 0; at < count && code == MCA_OK; at += GROUP)
		code = sign_group(ca, &run, jobs + at,
		    drafts == NULL ? NULL : drafts->rows + at,
		    count - at < GROUP ? count - at : GROUP, err);
	end_run(&run);
	return code;
}

mca_code
mca_ca_sign(mca_ca *ca, const struct mca_signing *how, struct mca_job *jobs,
    size_t count, struct mca_error *err)
{
	return mca_ca_sign_drafts(ca, how, NULL, jobs, count, err);
}

static mca_code
rehearse(mca_ca *ca, const struct run *run, struct mca_job *job,
    struct mca_error *err)
{
	scoped(mca_draft) draft = { .policy = run->policy,
		.issuer = run->issuer,
		.csr = job->csr,
		.life = run->how->life,
		.renews = job->renews };

	job->code = mca_ca_draft(ca, &draft, err);
	keep_findings(job, &draft);
	job->cert = give(&draft.rehearsed);
	return is_refusal(job->code) ? MCA_OK : job->code;
}

static mca_code
open_key(const mca_ca *ca, const struct run *run, struct mca_error *err)
{
	mca_key *key;

	return mca_issuer_key(&key, run->issuer, ca->options.home,
	    ca->options.passphrase, err);
}

mca_code
mca_ca_rehearse(mca_ca *ca, const struct mca_signing *how, struct mca_job *job,
    struct mca_error *err)
{
	struct run run = { 0 };
	mca_code code = begin_run(ca, &run, how, err);

	if (code == MCA_OK)
		code = rehearse(ca, &run, job, err);
	if (code == MCA_OK && job->code == MCA_OK && how->open_key)
		code = open_key(ca, &run, err);
	end_run(&run);
	return code;
}
