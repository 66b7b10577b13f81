/*
 * plan_examine.c - every certificate that is to be issued is examined before
 * anything changes (plan.h).
 *
 * A request is made for each, on all cores; with its own new key if the plan
 * will be applied, else with one key for all of an algorithm, for a plan needs
 * no keys.  Then policy, name constraints and lint have their say.
 */
#include "parallel.h"
#include "plan.h"

#include <string.h>

/* Keys that stand for those a plan does not make. */
struct stand_in {
	const char *algorithm;
	mca_key *key;
};

struct making {
	mca_plan *plan;
	mca_name *nobody;
	struct mca_entry **entries; /* whose requests are to be made */
	size_t count;
	struct stand_in *stand_ins;
	size_t stand_in_count;
};

static void
making_clear(struct making *making)
{
	for (size_t i = 0; i < making->stand_in_count; i++)
		mca_key_free(making->stand_ins[i].key);
	free(making->stand_ins);
	free(making->entries);
	mca_name_free(making->nobody);
}
typedef struct making making_list;
MCA_SCOPED(making_list, making_clear)

static const mca_key *
stand_in_for(const struct making *making, const char *algorithm)
{
	for (size_t i = 0; i < making->stand_in_count; i++)
		if (strcmp(making->stand_ins[i].algorithm, algorithm) == 0)
			return making->stand_ins[i].key;
	return NULL;
}

/* A key takes ten times the room of its PEM, and there may be thousands. */
static bool
needs_more_than_pem(const struct mca_entry *entry)
{
	for (size_t i = 0; i < entry->file_count; i++)
		if (entry->files[i].listed &&
		    entry->files[i].role != MCA_ROLE_KEY &&
		    mca_role_has_key(entry->files[i].role))
			return true;
	return false;
}

static mca_code
make_key(struct mca_entry *entry, const char *algorithm)
{
	mca_code code = mca_key_generate(&entry->key, algorithm, &entry->error);

	entry->made = true;
	return code == MCA_OK ? mca_plan_encode_key(entry, &entry->error)
			      : code;
}

static void
make_one(void *context, size_t index)
{
	const struct making *making = context;
	struct mca_entry *entry = making->entries[index];
	const char *algorithm = entry->wanted->key;
	const mca_key *key = entry->key;

	entry->code = MCA_OK;
	if (key == NULL && making->plan->options.for_apply) {
		entry->code = make_key(entry, algorithm);
		key = entry->key;
	} else if (key == NULL) {
		key = stand_in_for(making, algorithm);
	}
	if (entry->code == MCA_OK)
		entry->code = mca_csr_new(&entry->csr, key, making->nobody,
		    entry->wanted->hosts, &entry->error);
	if (entry->made && !needs_more_than_pem(entry))
		mca_key_free(give(&entry->key));
}

static mca_code
add_stand_in(struct making *making, const char *algorithm,
    struct mca_error *err)
{
	struct stand_in *rows;

	if (making->plan->options.for_apply ||
	    stand_in_for(making, algorithm) != NULL)
		return MCA_OK;
	rows = reallocarray(making->stand_ins, making->stand_in_count + 1,
	    sizeof(*rows));
	if (rows == NULL)
		return mca_fail_memory(err);
	making->stand_ins = rows;
	rows[making->stand_in_count] = (struct stand_in){ algorithm, NULL };
	if (mca_key_stand_in(&rows[making->stand_in_count].key, algorithm,
		err) != MCA_OK)
		return err->code;
	making->stand_in_count++;
	return MCA_OK;
}

static mca_code
gather(struct making *making, struct mca_error *err)
{
	mca_plan *plan = making->plan;
	mca_code code = mca_name_new(&making->nobody, NULL, 0, err);

	making->entries = calloc(plan->listed, sizeof(struct mca_entry *));
	if (making->entries == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed && code == MCA_OK; i++) {
		struct mca_entry *entry = &plan->entries[i];

		if (!entry->issue || entry->refused != MCA_OK ||
		    entry->csr != NULL)
			continue;
		making->entries[making->count++] = entry;
		if (entry->key == NULL)
			code = add_stand_in(making, entry->wanted->key, err);
	}
	return code;
}

static mca_code
make_requests(mca_plan *plan, struct mca_error *err)
{
	scoped(making_list) making = { .plan = plan };
	mca_code code = gather(&making, err);

	if (code != MCA_OK)
		return code;
	mca_parallel(making.count, MCA_CREW_CORES, make_one, &making);
	for (size_t i = 0; i < making.count; i++) {
		struct mca_entry *entry = making.entries[i];

		if (entry->code == MCA_OK)
			continue;
		*err = entry->error;
		return mca_within(err, "certificate \"%s\"", entry->name);
	}
	return MCA_OK;
}

/* ---- who will sign ---- */

static bool
will_be_made(const mca_plan *plan, const char *label)
{
	for (size_t i = 0; i < plan->authority_count; i++)
		if (plan->authorities[i].action == MCA_ACTION_CREATE &&
		    strcmp(plan->authorities[i].wanted->name, label) == 0)
			return true;
	return false;
}

static void
begin_draft(struct mca_entry *entry, const mca_policy *policy,
    struct mca_issuer *issuer)
{
	entry->draft = (mca_draft){ .policy = policy,
		.issuer = issuer,
		.csr = entry->csr,
		.life = entry->wanted->life,
		.renews = entry->certificate };
}

/* Begins the draft of an entry, unless nobody can sign it. */
static mca_code
choose(mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	struct mca_issuer *issuer = NULL;
	struct mca_error none = { 0 };
	const mca_policy *policy;
	mca_code code =
	    mca_plan_policy(&policy, plan, entry->wanted->policy, err);

	/* One that cannot be had was refused when it was compared. */
	if (code != MCA_OK)
		return code == MCA_ESYSTEM ? code : MCA_OK;
	if (entry->issuer != NULL)
		issuer = mca_plan_imagined(plan, entry->issuer);
	if (issuer != NULL) {
		begin_draft(entry, policy, issuer);
		return MCA_OK;
	}
	/* What is wrong with an authority is told there. */
	if (entry->issuer != NULL && will_be_made(plan, entry->issuer))
		return MCA_OK;
	code = plan->ca == NULL
	    ? mca_fail(&none, MCA_ENOTFOUND,
		  "there is no authority in this home; the manifest can make "
		  "one (authorities)")
	    : mca_issuers_choose_by(&issuer, &plan->ca->issuers, entry->issuer,
		  policy, plan->options.now, &none);
	if (code == MCA_OK)
		begin_draft(entry, policy, issuer);
	else
		mca_plan_refuse(entry, code, "MC-A-ISSUER", "issuer", NULL,
		    "%s", none.text);
	return MCA_OK;
}

/* ---- the examination ---- */

struct examination {
	mca_plan *plan;
	struct mca_entry **entries; /* that have a draft */
	size_t count, rehearsed;
};

static void
examination_clear(struct examination *examination)
{
	free(examination->entries);
}
typedef struct examination examination_list;
MCA_SCOPED(examination_list, examination_clear)

static mca_code
choose_all(struct examination *e, struct mca_error *err)
{
	mca_plan *plan = e->plan;

	e->entries = calloc(plan->listed + 1, sizeof(struct mca_entry *));
	if (e->entries == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed; i++) {
		struct mca_entry *entry = &plan->entries[i];

		if (!entry->issue || entry->csr == NULL)
			continue;
		if (choose(plan, entry, err) != MCA_OK)
			return mca_within(err, "certificate \"%s\"",
			    entry->name);
		if (entry->draft.csr != NULL)
			e->entries[e->count++] = entry;
	}
	return MCA_OK;
}

static void
review(void *context, size_t i)
{
	const struct examination *e = context;
	struct mca_entry *entry = e->entries[i];

	entry->code =
	    mca_draft_review(e->plan->drafter, &entry->draft, &entry->error);
}

static void
rehearse(void *context, size_t i)
{
	const struct examination *e = context;
	struct mca_entry *entry = e->entries[e->rehearsed + i];

	if (entry->code == MCA_OK)
		entry->code = mca_draft_rehearse(&entry->draft, &entry->error);
	/* The certificate itself is made of what it was built from. */
	mca_cert_free(give(&entry->draft.rehearsed));
}

/* All cores, once there is what the drafts of each issuer share. */
static void
rehearse_all(struct examination *e)
{
	size_t end;

	while (e->rehearsed < e->count) {
		rehearse(e, 0);
		e->rehearsed++;
		end = e->rehearsed;
		while (end < e->count &&
		    mca_draft_is_prepared(&e->entries[end]->draft))
			end++;
		mca_parallel(end - e->rehearsed, MCA_CREW_CORES, rehearse, e);
		e->rehearsed = end;
	}
}

static void
keep(struct mca_entry *entry, const mca_findings *findings)
{
	if (mca_findings_worst(findings) < MCA_UNDECIDED)
		return;
	mca_findings_append(&entry->findings, findings);
	if (entry->refused == MCA_OK)
		entry->refused = MCA_EPOLICY;
}

static mca_code
conclude(const mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	keep(entry, &entry->draft.review.findings);
	keep(entry, &entry->draft.lint);
	if (!plan->options.for_apply || entry->code != MCA_OK)
		mca_draft_clear(&entry->draft);
	if (entry->code == MCA_OK || entry->code == MCA_EPOLICY ||
	    entry->code == MCA_EFORMAT)
		return MCA_OK;
	*err = entry->error;
	return mca_within(err, "certificate \"%s\"", entry->name);
}

static mca_code
examine_all(struct examination *e, struct mca_error *err)
{
	mca_plan *plan = e->plan;
	const mca_weaklist *listed;
	mca_code code = mca_ca_listed(plan->drafter, &listed, err);

	if (code == MCA_OK && plan->ca != NULL)
		code = mca_store_newest_row(mca_ca_store(plan->ca),
		    &plan->newest, err);
	if (code != MCA_OK)
		return code;
	mca_parallel(e->count, MCA_CREW_CORES, review, e);
	for (size_t i = 0; i < e->count; i++)
		if (e->entries[i]->code == MCA_OK)
			e->entries[i]->code = mca_draft_ask(plan->drafter,
			    &e->entries[i]->draft, &e->entries[i]->error);
	rehearse_all(e);
	for (size_t i = 0; i < e->count && code == MCA_OK; i++)
		code = conclude(plan, e->entries[i], err);
	return code;
}

mca_code
mca_plan_examine(mca_plan *plan, struct mca_error *err)
{
	scoped(examination_list) examination = { .plan = plan };
	mca_code code;

	if ((code = make_requests(plan, err)) != MCA_OK ||
	    (code = choose_all(&examination, err)) != MCA_OK ||
	    (code = examine_all(&examination, err)) != MCA_OK)
		return code;
	for (size_t i = 0; i < plan->listed && !plan->options.for_apply; i++)
		mca_csr_free(give(&plan->entries[i].csr));
	return MCA_OK;
}
