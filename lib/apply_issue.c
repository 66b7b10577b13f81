/*
 * apply_issue.c - certificates from requests, in groups (apply.h).
 */
#include "apply.h"

#include "parallel.h"

#include <string.h>

static bool
has_written(const struct mca_entry *entry)
{
	for (size_t i = 0; i < entry->file_count; i++)
		if (entry->files[i].listed && entry->files[i].wrong)
			return true;
	return false;
}

/* ---- keys of the home, which nobody else has ---- */

/* What is in HOME/pending until all their files are there. */
struct saving {
	const mca_plan *plan;
	mca_blob *keys; /* their bytes are the entries' */
	size_t count;
	mca_code code;
	struct mca_error error;
	mca_aside aside;
};

static mca_code
gather_keys(struct saving *out, mca_plan *plan, bool unfinished,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	*out = (struct saving){ .plan = plan,
		.keys = calloc(plan->count + 1, sizeof(*out->keys)) };
	if (out->keys == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed && code == MCA_OK; i++) {
		struct mca_entry *entry = &plan->entries[i];

		if (!(entry->made || entry->pending) ||
		    !(unfinished ? entry->problem != NULL : has_written(entry)))
			continue;
		code = mca_plan_encode_key(entry, err);
		out->keys[out->count++] = entry->pem;
	}
	return code;
}

static void
save(void *context)
{
	struct saving *saving = context;
	const mca_plan *plan = saving->plan;

	saving->code = mca_keyring_save(plan->options.home,
	    plan->manifest->name, saving->keys, saving->count, &saving->error);
}

/* Waits until they are durable. */
static mca_code
finish_saving(struct saving *saving, struct mca_error *err)
{
	mca_aside_end(&saving->aside);
	if (saving->code != MCA_OK)
		*err = saving->error;
	return saving->code;
}

mca_code
mca_apply_settle_keys(mca_plan *plan, struct mca_error *err)
{
	struct saving saving;
	mca_code code = gather_keys(&saving, plan, true, err);

	if (code == MCA_OK) {
		save(&saving);
		code = finish_saving(&saving, err);
	}
	free(saving.keys);
	return code;
}

/* ---- groups of one policy, issuer and life ---- */

struct group {
	mca_plan *plan;
	mca_line line; /* of the issuer */
	struct saving *saving;
	struct mca_entry **entries;
	struct mca_job *jobs;
	mca_draft **drafts; /* that the plan has made */
};

static void
group_clear(struct group *group)
{
	mca_line_clear(&group->line);
	free(group->jobs);
	free(group->drafts);
}
typedef struct group job_group;
MCA_SCOPED(job_group, group_clear)

static struct mca_entry *
entry_of(const struct group *group, const struct mca_job *job)
{
	return group->entries[job - group->jobs];
}

static int
compare_words(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int
by_how(const void *a, const void *b)
{
	const struct mca_entry *left = *(struct mca_entry *const *)a;
	const struct mca_entry *right = *(struct mca_entry *const *)b;
	int order = strcmp(left->wanted->policy, right->wanted->policy);

	if (order == 0)
		order = compare_words(left->issuer, right->issuer);
	if (order == 0)
		order = left->wanted->life < right->wanted->life
		    ? -1
		    : left->wanted->life > right->wanted->life;
	return order != 0
	    ? order
	    : mca_words_compare(&left->wanted->labels, &right->wanted->labels);
}

/* Once it is signed, on all cores: its files, unless they take long. */
static mca_code
sealed(void *context, const struct mca_job *job, struct mca_error *err)
{
	const struct group *group = context;
	struct mca_entry *entry = entry_of(group, job);

	mca_cert_free(entry->cert);
	entry->cert = mca_cert_ref(job->cert);
	return mca_apply_is_slow(entry)
	    ? MCA_OK
	    : mca_apply_render(entry, &group->line, err);
}

/* No certificate is recorded before its key is safe. */
static mca_code
ready(void *context, struct mca_error *err)
{
	const struct group *group = context;

	return finish_saving(group->saving, err);
}

/* Inside the transaction that records a certificate: whose it is. */
static mca_code
note(void *context, const struct mca_job *job, int64_t row,
    struct mca_error *err)
{
	const struct group *group = context;
	struct mca_entry *entry = entry_of(group, job);
	mca_code code;
	struct mca_managed managed = { .name = entry->name,
		.certificate = row,
		.life = entry->wanted->life,
		.has_request = entry->wanted->csr != NULL };

	memcpy(managed.request, entry->request, sizeof(managed.request));
	entry->certificate = row;
	code = mca_managed_put(mca_ca_store(group->plan->ca),
	    group->plan->manifest->name, &managed, err);
	/* Others wait for this transaction; nothing slow belongs in it. */
	if (code != MCA_OK || mca_apply_is_slow(entry))
		return code;
	return mca_apply_record(group->plan, entry, err);
}

/* There may be thousands: what nobody will ask for again is let go. */
static void
let_go(struct mca_entry *entry)
{
	bool probed = false;

	mca_csr_free(give(&entry->csr));
	for (size_t i = 0; i < entry->file_count; i++)
		probed |= entry->files[i].listed &&
		    entry->files[i].output->probe != NULL;
	if (!probed && !mca_apply_is_slow(entry))
		mca_cert_free(give(&entry->cert));
}

static mca_code
take(struct mca_entry *entry, struct mca_job *job, struct mca_error *err)
{
	if (job->code != MCA_OK) {
		mca_findings_append(&entry->findings, &job->review.findings);
		mca_findings_append(&entry->findings, &job->lint);
		entry->refused = job->code;
		return mca_fail(err, MCA_EPOLICY,
		    "certificate \"%s\" was refused when it was to be signed",
		    entry->name);
	}
	free(entry->serial);
	free(entry->authority);
	entry->serial = strdup(mca_cert_serial(entry->cert));
	entry->authority = strdup(entry->issuer);
	entry->was.not_after = mca_cert_not_after(entry->cert);
	entry->known = true;
	if (entry->serial == NULL || entry->authority == NULL)
		return mca_fail_memory(err);
	let_go(entry);
	return MCA_OK;
}

static mca_code
sign_group(struct group *group, size_t count, struct mca_error *err)
{
	mca_plan *plan = group->plan;
	const struct mca_entry *first = group->entries[0];
	const struct mca_signing how = { .policy = first->wanted->policy,
		.issuer = first->issuer,
		.life = first->wanted->life,
		.labels = (const char *const *)first->wanted->labels.words,
		.label_count = first->wanted->labels.count,
		.recorded = note,
		.context = group };
	const struct mca_drafts drafts = { .rows = group->drafts,
		.newest = plan->newest,
		.sealed = sealed,
		.ready = ready,
		.context = group };
	mca_code code = mca_apply_line(plan, &group->line, first->issuer, err);

	for (size_t i = 0; i < count; i++) {
		struct mca_entry *entry = group->entries[i];

		group->jobs[i] = (struct mca_job){ .csr = entry->csr,
			.renews = entry->certificate };
		group->drafts[i] = &entry->draft;
	}
	if (code == MCA_OK)
		code = mca_ca_sign_drafts(plan->ca, &how, &drafts, group->jobs,
		    count, err);
	for (size_t i = 0; i < count; i++) {
		if (code == MCA_OK)
			code = take(group->entries[i], &group->jobs[i], err);
		mca_job_clear(&group->jobs[i]);
	}
	return code;
}

/* How many certificates share one call. */
enum { MOST = 500 };

static mca_code
sign_all(const struct mca_applying *a, struct saving *saving,
    struct mca_entry **entries, size_t count, struct mca_error *err)
{
	scoped(job_group) group = { .plan = a->plan,
		.saving = saving,
		.jobs = calloc(MOST, sizeof(*group.jobs)),
		.drafts = calloc(MOST, sizeof(*group.drafts)) };
	mca_code code = MCA_OK;
	size_t end;

	if (group.jobs == NULL || group.drafts == NULL)
		return mca_fail_memory(err);
	qsort(entries, count, sizeof(struct mca_entry *), by_how);
	for (size_t at = 0; at < count && code == MCA_OK; at = end) {
		mca_apply_tell(a, "certificates", at, count);
		end = at + 1;
		while (end < count && end - at < MOST &&
		    by_how(&entries[at], &entries[end]) == 0)
			end++;
		group.entries = entries + at;
		code = sign_group(&group, end - at, err);
	}
	mca_apply_tell(a, "certificates", count, count);
	return code;
}

/* The disk takes the keys while the cores sign. */
static mca_code
save_and_sign(const struct mca_applying *a, struct mca_entry **entries,
    size_t count, struct mca_error *err)
{
	struct saving saving;
	struct mca_error unsaved;
	mca_code code = gather_keys(&saving, a->plan, false, err);

	if (code == MCA_OK) {
		mca_aside_begin(&saving.aside, save, &saving);
		if (count > 0)
			code = sign_all(a, &saving, entries, count, err);
		if (finish_saving(&saving, &unsaved) != MCA_OK &&
		    code == MCA_OK) {
			*err = unsaved;
			code = err->code;
		}
	}
	free(saving.keys);
	return code;
}

mca_code
mca_apply_issue(const struct mca_applying *a, struct mca_error *err)
{
	mca_plan *plan = a->plan;
	struct mca_entry **entries =
	    calloc(plan->listed, sizeof(struct mca_entry *));
	size_t count = 0;
	mca_code code;

	if (entries == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed; i++)
		if (plan->entries[i].issue)
			entries[count++] = &plan->entries[i];
	code = save_and_sign(a, entries, count, err);
	free(entries);
	return code;
}
