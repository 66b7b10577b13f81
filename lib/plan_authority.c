/*
 * plan_authority.c - the authorities of a manifest, and who signs (plan.h).
 *
 * An authority is never changed: clients trust it as it is.  One that is there
 * and differs from what the manifest says is refused.
 */
#include "plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
mca_plan_refuse_authority(struct mca_plan_authority *row, mca_code code,
    const char *fmt, ...)
{
	const struct mca_finding finding = { .severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-A-AUTHORITY",
		.source = "minica-manifest(5)",
		.field = "authorities",
		.hint = "an authority stays as it was made; give a new one a "
			"name of its own" };
	char line[600];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(line, sizeof(line), fmt, args) < 0)
		line[0] = '\0';
	va_end(args);
	mca_findings_addf(&row->findings, &finding, "%s", line);
	if (row->refused == MCA_OK)
		row->refused = code;
}

static void
add_words(mca_text *out, const char *key, const struct mca_words *words)
{
	if (words->count == 0)
		return;
	mca_text_addf(out, " %s", key);
	for (size_t i = 0; i < words->count; i++)
		mca_text_addf(out, "%c%s", i == 0 ? '=' : ',', words->words[i]);
}

/* All that was asked of an authority, to tell later whether it changed. */
static mca_code
describe(char **out, const struct mca_wanted_authority *wanted,
    struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	mca_text_addf(&text, "key=%s",
	    wanted->key == NULL ? "ec-p384" : wanted->key);
	if (wanted->issuer != NULL)
		mca_text_addf(&text, " issuer=%s", wanted->issuer);
	if (wanted->common_name != NULL)
		mca_text_addf(&text, " CN=%s", wanted->common_name);
	if (wanted->organization != NULL)
		mca_text_addf(&text, " O=%s", wanted->organization);
	if (wanted->life != 0)
		mca_text_addf(&text, " life=%lld", (long long)wanted->life);
	add_words(&text, "permit", &wanted->permit);
	add_words(&text, "exclude", &wanted->exclude);
	return mca_text_take(out, &text, err);
}

static mca_code
compare_asked(mca_plan *plan, struct mca_plan_authority *row,
    struct mca_error *err)
{
	owned(char) *asked = NULL;
	mca_code code = mca_managed_authority(mca_ca_store(plan->ca), &asked,
	    row->wanted->name, err);

	if (code == MCA_OK && asked != NULL && strcmp(asked, row->asked) != 0)
		mca_plan_refuse_authority(row, MCA_EPOLICY,
		    "\"%s\" was made from other values: then %s, now %s",
		    row->wanted->name, MCA_SHOW_TEXT(asked),
		    MCA_SHOW_TEXT(row->asked));
	return code;
}

static mca_code
compare(mca_plan *plan, struct mca_plan_authority *row,
    const struct mca_issuer *there, struct mca_error *err)
{
	const struct mca_wanted_authority *wanted = row->wanted;
	const char *parent = wanted->issuer == NULL ? "" : wanted->issuer;

	row->action = MCA_ACTION_KEEP;
	if (strcmp(there->parent, parent) != 0)
		mca_plan_refuse_authority(row, MCA_EPOLICY,
		    "\"%s\" is there, and its issuer is %s, not %s",
		    wanted->name,
		    *there->parent == '\0' ? "itself" : there->parent,
		    *parent == '\0' ? "itself" : parent);
	if (there->cert != NULL && mca_cert_spki(there->cert) != NULL &&
	    wanted->key != NULL &&
	    strcmp(mca_spki_algorithm(mca_cert_spki(there->cert)),
		wanted->key) != 0)
		mca_plan_refuse_authority(row, MCA_EPOLICY,
		    "\"%s\" is there, and its key is %s, not %s", wanted->name,
		    mca_spki_algorithm(mca_cert_spki(there->cert)),
		    wanted->key);
	if (there->cert != NULL)
		mca_plan_because(&row->why, "valid until %s",
		    MCA_TIME(mca_cert_not_after(there->cert)));
	return compare_asked(plan, row, err);
}

static bool
is_known(const mca_plan *plan, size_t before, const char *label)
{
	for (size_t i = 0; i < before; i++)
		if (strcmp(plan->authorities[i].wanted->name, label) == 0)
			return true;
	return plan->ca != NULL &&
	    mca_issuers_find(&plan->ca->issuers, label) != NULL;
}

static mca_code
plan_one(mca_plan *plan, size_t at, struct mca_error *err)
{
	struct mca_plan_authority *row = &plan->authorities[at];
	const struct mca_wanted_authority *wanted = row->wanted;
	const struct mca_issuer *there = NULL;
	mca_code code = describe(&row->asked, wanted, err);

	if (code != MCA_OK)
		return code;
	if (plan->ca != NULL)
		there = mca_issuers_find(&plan->ca->issuers, wanted->name);
	if (there != NULL)
		return compare(plan, row, there, err);
	row->action = MCA_ACTION_CREATE;
	mca_plan_because(&row->why, "%s, %s",
	    wanted->issuer == NULL ? "root" : "intermediate",
	    wanted->key == NULL ? "ec-p384" : wanted->key);
	if (wanted->issuer != NULL && !is_known(plan, at, wanted->issuer))
		mca_plan_refuse_authority(row, MCA_ENOTFOUND,
		    "\"%s\": its issuer \"%s\" is neither here nor above it "
		    "in the manifest",
		    wanted->name, wanted->issuer);
	return MCA_OK;
}

mca_code
mca_plan_authorities(mca_plan *plan, struct mca_error *err)
{
	const mca_manifest *manifest = plan->manifest;
	mca_code code = MCA_OK;

	plan->authorities =
	    calloc(manifest->authority_count + 1, sizeof(*plan->authorities));
	if (plan->authorities == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < manifest->authority_count && code == MCA_OK;
	     i++) {
		plan->authorities[i].wanted = &manifest->authorities[i];
		plan->authority_count++;
		code = plan_one(plan, i, err);
	}
	return code;
}

/* The last authority to be made, of a kind. */
static const char *
last_new(const mca_plan *plan, bool root)
{
	for (size_t i = plan->authority_count; i > 0; i--) {
		const struct mca_plan_authority *row =
		    &plan->authorities[i - 1];

		if (row->action == MCA_ACTION_CREATE &&
		    (row->wanted->issuer == NULL) == root)
			return row->wanted->name;
	}
	return NULL;
}

/* As mca_issuers_choose will have it once all authorities are there. */
const char *
mca_plan_issuer(mca_plan *plan)
{
	const char *made = last_new(plan, false);
	struct mca_issuer *issuer = NULL;
	struct mca_error none;

	if (made != NULL)
		return made;
	if (plan->ca != NULL &&
	    mca_issuers_choose(&issuer, &plan->ca->issuers, NULL, MCA_FOR_LEAF,
		plan->options.now, &none) != MCA_OK)
		issuer = NULL;
	made = last_new(plan, true);
	if (made != NULL &&
	    (issuer == NULL || strcmp(issuer->kind, "root") == 0))
		return made;
	return issuer == NULL ? NULL : issuer->label;
}
