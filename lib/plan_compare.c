/*
 * plan_compare.c - what is to become of each certificate, and why (plan.h).
 */
#include "plan_disk.h"

#include <string.h>
#include <strings.h>

/* ---- names ---- */

/* Whether `names` ("dNSName:a iPAddress:b") holds one of this form and text. */
static bool
is_among(const char *names, const struct mca_san_name *name)
{
	const char *form = mca_san_form_name(name->form);
	size_t form_length = strlen(form), length = strlen(name->text);

	while (*names != '\0') {
		size_t word = strcspn(names, " ");

		if (word == form_length + 1 + length &&
		    strncmp(names, form, form_length) == 0 &&
		    names[form_length] == ':' &&
		    strncasecmp(names + form_length + 1, name->text, length) ==
			0)
			return true;
		names += word + (names[word] == ' ');
	}
	return false;
}

/* Tells what `names` holds that `san` does not. */
static void
tell_removed(mca_text *why, const char *names, const mca_san *san)
{
	while (*names != '\0') {
		size_t word = strcspn(names, " ");
		const char *colon = memchr(names, ':', word);
		bool wanted = colon == NULL;

		for (size_t i = 0; !wanted && i < mca_san_count(san); i++) {
			const char *text = mca_san_at(san, i)->text;

			wanted = strlen(text) ==
				word - (size_t)(colon + 1 - names) &&
			    strncasecmp(colon + 1, text, strlen(text)) == 0;
		}
		if (!wanted)
			mca_plan_because(why, "host removed: %.*s",
			    (int)(word - (size_t)(colon + 1 - names)),
			    colon + 1);
		names += word + (names[word] == ' ');
	}
}

static void
compare_names(struct mca_entry *entry)
{
	const mca_san *san = entry->wanted->hosts;

	for (size_t i = 0; i < mca_san_count(san); i++)
		if (!is_among(entry->names, mca_san_at(san, i)))
			mca_plan_because(&entry->why, "host added: %s",
			    mca_san_at(san, i)->text);
	tell_removed(&entry->why, entry->names, san);
}

/* ---- what else makes a certificate another one ---- */

static mca_code
compare_policy(mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	const mca_policy *policy;
	struct mca_error bad = { 0 };
	mca_code code =
	    mca_plan_policy(&policy, plan, entry->wanted->policy, &bad);

	if (code == MCA_ESYSTEM) {
		*err = bad;
		return code;
	}
	if (code != MCA_OK) {
		mca_plan_refuse(entry, code, "MC-A-POLICY", "policy", NULL,
		    "%s", bad.text);
		return MCA_OK;
	}
	if (mca_policy_for(policy) != MCA_FOR_LEAF)
		mca_plan_refuse(entry, MCA_EPOLICY, "MC-A-POLICY", "policy",
		    "list CAs under authorities",
		    "policy \"%s\" is for CAs, not for certificates of hosts",
		    mca_policy_name(policy));
	if (entry->known && strcmp(mca_policy_name(policy), entry->policy) != 0)
		mca_plan_because(&entry->why, "policy changed from %s to %s",
		    entry->policy, mca_policy_name(policy));
	return MCA_OK;
}

/* Its key must be one that is given, or one of the algorithm that is asked. */
static void
compare_key(struct mca_entry *entry)
{
	const struct mca_wanted *wanted = entry->wanted;

	if (wanted->csr != NULL) {
		if (!entry->was.has_request ||
		    memcmp(entry->was.request, entry->request,
			MCA_SHA256_SIZE) != 0)
			mca_plan_because(&entry->why, "the CSR changed");
	} else if (wanted->key_file != NULL) {
		const mca_spki *spki = mca_key_spki(entry->key);

		if (memcmp(mca_spki_sha256(spki), entry->was.key_sha256,
			MCA_SHA256_SIZE) != 0)
			mca_plan_because(&entry->why,
			    "key_file holds another key");
	} else if (strcmp(wanted->key, entry->key_algorithm) != 0) {
		mca_plan_because(&entry->why, "key type changed from %s to %s",
		    entry->key_algorithm, wanted->key);
	}
}

static void
compare_life(struct mca_entry *entry)
{
	if (entry->was.life == entry->wanted->life)
		return;
	if (entry->wanted->life == 0 || entry->was.life == 0)
		mca_plan_because(&entry->why, "life changed");
	else
		mca_plan_because(&entry->why, "life changed from %s to %s",
		    MCA_DURATION(entry->was.life),
		    MCA_DURATION(entry->wanted->life));
}

/* How long before its end a certificate is due. */
static int64_t
renew_before(const struct mca_entry *entry)
{
	int64_t life = entry->was.not_after - entry->was.not_before;
	int64_t asked = entry->wanted->renew_before;

	/* One cut short by its issuer's end must not be due at once again. */
	return asked > 0 && asked < life ? asked : life / 3;
}

static void
compare_times(struct mca_entry *entry, mca_time now)
{
	int64_t left = entry->was.not_after - now;

	if (now < entry->was.not_before) {
		mca_plan_because(&entry->why,
		    "not valid before %s, and this clock says %s",
		    MCA_TIME(entry->was.not_before), MCA_TIME(now));
		return;
	}
	if (entry->why.length != 0 || left > renew_before(entry))
		return;
	entry->action = MCA_ACTION_RENEW;
	if (left < 0)
		mca_plan_because(&entry->why, "ended %s ago",
		    MCA_DURATION(-left));
	else
		mca_plan_because(&entry->why, "due: ends in %s",
		    MCA_DURATION(left));
}

static mca_code
compare_known(mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	const char *issuer = entry->issuer;
	mca_code code;

	if (entry->was.revoked != 0)
		mca_plan_because(&entry->why, "revoked (%s)", entry->reason);
	if (entry->wanted->csr == NULL)
		compare_names(entry);
	compare_key(entry);
	compare_life(entry);
	if (issuer != NULL && strcmp(issuer, entry->authority) != 0)
		mca_plan_because(&entry->why, "issuer rolled from %s to %s",
		    entry->authority, issuer);
	if ((code = compare_policy(plan, entry, err)) != MCA_OK)
		return code;
	compare_times(entry, plan->options.now);
	if (entry->why.length != 0) {
		entry->issue = true;
		if (entry->action == MCA_ACTION_KEEP)
			entry->action = MCA_ACTION_REPLACE;
	}
	return MCA_OK;
}

static mca_code
compare_new(mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	mca_code code = compare_policy(plan, entry, err);

	entry->issue = true;
	entry->action = MCA_ACTION_CREATE;
	mca_plan_because(&entry->why, "not made yet");
	return code;
}

/* ---- all of them ---- */

static mca_code
compare_files(mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	mca_code code = MCA_OK;
	bool wrong = false;

	for (size_t i = 0; i < entry->file_count && code == MCA_OK; i++) {
		struct mca_plan_file *file = &entry->files[i];

		if (file->listed)
			code = mca_plan_disk(plan, entry, file, err);
		else if (plan->options.prune && !file->taken)
			mca_plan_because(&entry->why, "%s is listed no longer",
			    MCA_SHOW_TEXT(file->path));
		wrong = wrong || file->wrong ||
		    (!file->listed && plan->options.prune && !file->taken);
	}
	if (wrong && entry->action == MCA_ACTION_KEEP)
		entry->action = MCA_ACTION_REPLACE;
	return code;
}

/* Without its CSR, key or places there is nothing to compare. */
static void
refused_before(struct mca_entry *entry)
{
	if (!entry->known)
		entry->action = MCA_ACTION_CREATE;
	mca_plan_because(&entry->why,
	    entry->known ? "cannot be compared" : "not made yet");
}

static mca_code
compare_one(mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	mca_code code;

	entry->issuer = entry->wanted->issuer != NULL ? entry->wanted->issuer
						      : plan->issuer;
	if ((code = mca_plan_given(entry, err)) != MCA_OK)
		return code;
	if (entry->refused != MCA_OK) {
		refused_before(entry);
		return MCA_OK;
	}
	code = entry->known ? compare_known(plan, entry, err)
			    : compare_new(plan, entry, err);
	if (code == MCA_OK)
		code = compare_files(plan, entry, err);
	if (code == MCA_OK)
		code = mca_plan_find_key(plan, entry, err);
	if (code != MCA_OK)
		return code;
	if (entry->action == MCA_ACTION_KEEP)
		mca_plan_because(&entry->why, "valid until %s, due from %s",
		    MCA_TIME(entry->was.not_after),
		    MCA_TIME(entry->was.not_after - renew_before(entry)));
	else
		mca_plan_writable(entry);
	return entry->why.failed ? mca_fail_memory(err) : MCA_OK;
}

static void
compare_unlisted(const mca_plan *plan, struct mca_entry *entry)
{
	entry->action =
	    plan->options.prune ? MCA_ACTION_REVOKE : MCA_ACTION_UNLISTED;
	mca_plan_because(&entry->why, "the manifest has it no longer%s",
	    plan->options.prune ? "" : "; --prune revokes it");
}

mca_code
mca_plan_compare(mca_plan *plan, struct mca_error *err)
{
	const char *issuer = mca_plan_issuer(plan);
	mca_code code = mca_plan_look(plan, err);

	/* The list that it is from is read again when authorities are made. */
	plan->issuer = issuer == NULL ? NULL : strdup(issuer);
	if (issuer != NULL && plan->issuer == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed && code == MCA_OK; i++)
		code = compare_one(plan, &plan->entries[i], err);
	for (size_t i = plan->listed; i < plan->count; i++)
		compare_unlisted(plan, &plan->entries[i]);
	return code;
}
