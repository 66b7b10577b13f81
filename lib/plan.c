/*
 * plan.c - a plan as an object (minica/plan.h).
 */
#include "plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
mca_action_name(enum mca_action action)
{
	static const char *const names[] = {
		[MCA_ACTION_KEEP] = "keep",
		[MCA_ACTION_CREATE] = "create",
		[MCA_ACTION_RENEW] = "renew",
		[MCA_ACTION_REPLACE] = "replace",
		[MCA_ACTION_REVOKE] = "revoke",
		[MCA_ACTION_UNLISTED] = "unlisted",
	};

	return names[action];
}

static void
clear_entry(struct mca_entry *entry)
{
	free(entry->name);
	free(entry->problem);
	free(entry->serial);
	free(entry->authority);
	free(entry->policy);
	free(entry->names);
	free(entry->key_algorithm);
	free(entry->reason);
	mca_text_clear(&entry->why);
	mca_findings_clear(&entry->findings);
	for (size_t i = 0; i < entry->file_count; i++) {
		free(entry->files[i].path);
		free(entry->files[i].role_name);
		mca_blob_clear(&entry->files[i].bytes);
	}
	free(entry->files);
	mca_draft_clear(&entry->draft);
	mca_key_free(entry->key);
	mca_blob_clear(&entry->pem);
	mca_csr_free(entry->csr);
	mca_cert_free(entry->cert);
}

void
mca_plan_free(mca_plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->authority_count; i++) {
		mca_text_clear(&plan->authorities[i].why);
		mca_findings_clear(&plan->authorities[i].findings);
		free(plan->authorities[i].asked);
		mca_cert_free(plan->authorities[i].imagined.cert);
		mca_rehearsal_clear(&plan->authorities[i].imagined.rehearsal);
	}
	for (size_t i = 0; i < plan->count; i++)
		clear_entry(&plan->entries[i]);
	for (size_t i = 0; i < plan->policy_count; i++) {
		free(plan->policies[i].name);
		mca_policy_free(plan->policies[i].policy);
	}
	if (plan->drafter != plan->ca)
		mca_ca_close(plan->drafter);
	free(plan->authorities);
	free(plan->entries);
	free(plan->order);
	free(plan->issuer);
	free(plan->policies);
	mca_keyring_clear(&plan->pending);
	free(plan);
}

void
mca_plan_because(mca_text *why, const char *fmt, ...)
{
	char line[600];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(line, sizeof(line), fmt, args) < 0)
		line[0] = '\0';
	va_end(args);
	mca_text_addf(why, "%s%s", why->length == 0 ? "" : "; ", line);
}

void
mca_plan_refuse(struct mca_entry *entry, mca_code code, const char *rule,
    const char *field, const char *hint, const char *fmt, ...)
{
	const struct mca_finding finding = { .severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = rule,
		.source = "minica-manifest(5)",
		.field = field,
		.hint = hint };
	char line[600];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(line, sizeof(line), fmt, args) < 0)
		line[0] = '\0';
	va_end(args);
	mca_findings_addf(&entry->findings, &finding, "%s", line);
	if (entry->refused == MCA_OK)
		entry->refused = code;
}

mca_code
mca_plan_policy(const mca_policy **out, mca_plan *plan, const char *name,
    struct mca_error *err)
{
	struct mca_plan_policy *rows, *row;
	owned(char) *directory = NULL;
	mca_code code;

	for (size_t i = 0; i < plan->policy_count; i++)
		if (strcmp(plan->policies[i].name, name) == 0) {
			*out = plan->policies[i].policy;
			return MCA_OK;
		}
	rows =
	    reallocarray(plan->policies, plan->policy_count + 1, sizeof(*rows));
	if (rows == NULL)
		return mca_fail_memory(err);
	plan->policies = rows;
	row = &rows[plan->policy_count];
	*row = (struct mca_plan_policy){ 0 };
	if (asprintf(&directory, "%s/policies", plan->options.home) < 0) {
		directory = NULL;
		return mca_fail_memory(err);
	}
	code = mca_policy_find(&row->policy, name, directory, err);
	if (code != MCA_OK)
		return code;
	row->name = strdup(name);
	plan->policy_count++;
	if (row->name == NULL)
		return mca_fail_memory(err);
	*out = row->policy;
	return MCA_OK;
}

static int
by_name(const void *a, const void *b, void *context)
{
	const mca_plan *plan = context;

	return strcmp(plan->entries[*(const size_t *)a].name,
	    plan->entries[*(const size_t *)b].name);
}

static mca_code
begin(mca_plan *plan, struct mca_error *err)
{
	const mca_manifest *manifest = plan->manifest;

	plan->entries = calloc(manifest->count, sizeof(*plan->entries));
	plan->order = calloc(manifest->count, sizeof(*plan->order));
	if (plan->entries == NULL || plan->order == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < manifest->count; i++) {
		struct mca_entry *entry = &plan->entries[i];

		plan->order[i] = plan->count++;
		entry->wanted = &manifest->certificates[i];
		entry->name = strdup(entry->wanted->name);
		if (entry->name == NULL)
			return mca_fail_memory(err);
	}
	plan->listed = plan->count;
	qsort_r(plan->order, plan->count, sizeof(*plan->order), by_name, plan);
	return MCA_OK;
}

/* Drafts need a home, a time, and no store. */
static mca_code
find_drafter(mca_plan *plan, struct mca_error *err)
{
	plan->drafter = plan->ca;
	if (plan->ca != NULL)
		return MCA_OK;
	plan->drafter = calloc(1, sizeof(*plan->drafter));
	if (plan->drafter == NULL)
		return mca_fail_memory(err);
	plan->drafter->options.home = plan->options.home;
	plan->drafter->options.now = plan->options.now;
	return MCA_OK;
}

mca_code
mca_plan_new(mca_plan **out, mca_ca *ca, const struct mca_plan_options *options,
    struct mca_error *err)
{
	owned(mca_plan) *plan = calloc(1, sizeof(*plan));
	mca_code code;

	if (plan == NULL)
		return mca_fail_memory(err);
	plan->ca = ca;
	plan->options = *options;
	plan->manifest = options->manifest;
	if ((code = find_drafter(plan, err)) != MCA_OK ||
	    (code = begin(plan, err)) != MCA_OK)
		return code;
	if ((code = mca_plan_load(plan, err)) != MCA_OK ||
	    (code = mca_plan_authorities(plan, err)) != MCA_OK ||
	    (code = mca_plan_imagine(plan, err)) != MCA_OK ||
	    (code = mca_plan_files(plan, err)) != MCA_OK ||
	    (code = mca_plan_compare(plan, err)) != MCA_OK ||
	    (code = mca_plan_examine(plan, err)) != MCA_OK)
		return code;
	*out = give(&plan);
	return MCA_OK;
}

/* ---- what it says ---- */

size_t
mca_plan_count(const mca_plan *plan)
{
	return plan->authority_count + plan->count;
}

static const struct mca_entry *
entry_at(const mca_plan *plan, size_t i)
{
	return i < plan->authority_count
	    ? NULL
	    : &plan->entries[i - plan->authority_count];
}

static size_t
count_written(const struct mca_entry *entry)
{
	size_t count = 0;

	for (size_t i = 0; i < entry->file_count; i++)
		count += entry->files[i].listed && entry->files[i].wrong;
	return count;
}

void
mca_plan_at(struct mca_plan_row *out, const mca_plan *plan, size_t i)
{
	const struct mca_entry *entry = entry_at(plan, i);

	if (entry == NULL) {
		const struct mca_plan_authority *row = &plan->authorities[i];

		*out = (struct mca_plan_row){ .authority = true,
			.action = row->action,
			.name = row->wanted->name,
			.line = row->wanted->line,
			.why = mca_text_get(&row->why),
			.issues = row->action == MCA_ACTION_CREATE,
			.serial = "",
			.problem = "",
			.refused = row->refused,
			.findings = &row->findings };
		return;
	}
	*out = (struct mca_plan_row){ .action = entry->action,
		.name = entry->name,
		.line = entry->wanted == NULL ? 0 : entry->wanted->line,
		.why = mca_text_get(&entry->why),
		.issues = entry->issue,
		.serial = entry->known ? entry->serial : "",
		.not_after = entry->known ? entry->was.not_after : 0,
		.refused = entry->refused,
		.problem = entry->problem == NULL ? "" : entry->problem,
		.problem_code = entry->problem_code,
		.findings = &entry->findings,
		.file_count = count_written(entry) };
}

const char *
mca_plan_file(const mca_plan *plan, size_t i, size_t file)
{
	const struct mca_entry *entry = entry_at(plan, i);

	for (size_t at = 0; entry != NULL && at < entry->file_count; at++)
		if (entry->files[at].listed && entry->files[at].wrong &&
		    file-- == 0)
			return entry->files[at].path;
	return NULL;
}

const char *
mca_plan_label(const mca_plan *plan, size_t i, size_t n)
{
	const struct mca_entry *entry = entry_at(plan, i);

	if (entry == NULL || entry->wanted == NULL ||
	    n >= entry->wanted->labels.count)
		return NULL;
	return entry->wanted->labels.words[n];
}

bool
mca_plan_changes(const mca_plan *plan)
{
	struct mca_plan_row row;

	for (size_t i = 0; i < mca_plan_count(plan); i++) {
		mca_plan_at(&row, plan, i);
		if (row.action != MCA_ACTION_KEEP &&
		    row.action != MCA_ACTION_UNLISTED)
			return true;
	}
	return false;
}

mca_code
mca_plan_refused(const mca_plan *plan)
{
	struct mca_plan_row row;

	for (size_t i = 0; i < mca_plan_count(plan); i++) {
		mca_plan_at(&row, plan, i);
		if (row.refused != MCA_OK)
			return row.refused;
	}
	return MCA_OK;
}
