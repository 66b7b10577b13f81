/*
 * authority.c - see authority.h.
 */
#include "authority.h"

#include "minica/text.h"
#include "sign.h"
#include "store.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void
mca_rehearsal_clear(struct mca_rehearsal *rehearsal)
{
	mca_key_free(rehearsal->throwaway);
	mca_text_clear(&rehearsal->algorithm);
	mca_text_clear(&rehearsal->signature);
	rehearsal->throwaway = NULL;
}

static void
issuer_free(struct mca_issuer *issuer)
{
	if (issuer == NULL)
		return;
	free(issuer->label);
	free(issuer->kind);
	free(issuer->parent);
	free(issuer->where);
	free(issuer->held);
	mca_cert_free(issuer->cross);
	mca_cert_free(issuer->cert);
	mca_key_free(issuer->key);
	mca_rehearsal_clear(&issuer->rehearsal);
	free(issuer);
}

void
mca_issuers_clear(mca_issuers *list)
{
	for (size_t i = 0; i < list->count; i++)
		issuer_free(list->rows[i]);
	free(list->rows);
	memset(list, 0, sizeof(*list));
}

/* ---- loading ---- */

static struct mca_issuer *
issuer_new(const struct mca_authority *row)
{
	struct mca_issuer *issuer = calloc(1, sizeof(*issuer));

	if (issuer == NULL)
		return NULL;
	issuer->label = strdup(row->label);
	issuer->kind = strdup(row->kind);
	issuer->parent = strdup(row->parent);
	issuer->where = strdup(row->key);
	if (issuer->label != NULL && issuer->kind != NULL &&
	    issuer->parent != NULL && issuer->where != NULL)
		return issuer;
	issuer_free(issuer);
	return NULL;
}

static mca_code
add(void *context, const struct mca_authority *row, struct mca_error *err)
{
	mca_issuers *list = context;
	struct mca_issuer **rows = reallocarray(list->rows, list->count + 1,
	    sizeof(struct mca_issuer *));
	struct mca_issuer *issuer;

	if (rows == NULL)
		return mca_fail_memory(err);
	list->rows = rows;
	issuer = issuer_new(row);
	if (issuer == NULL)
		return mca_fail_memory(err);
	list->rows[list->count++] = issuer;
	if (row->der == NULL)
		return MCA_OK;
	return mca_cert_parse(&issuer->cert, row->der, row->der_length, err);
}

struct mca_issuer *
mca_issuers_find(const mca_issuers *list, const char *label)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i]->label, label) == 0)
			return list->rows[i];
	return NULL;
}

static mca_code
find_revocation(struct mca_issuer *issuer, mca_store *store,
    struct mca_error *err)
{
	struct mca_revocation ignored;

	if (issuer->cert == NULL)
		return MCA_OK;
	return mca_store_revoked(store, &issuer->revoked, &ignored,
	    mca_name_text(mca_cert_issuer(issuer->cert)),
	    mca_cert_serial(issuer->cert), err);
}

/* ---- rollovers ---- */

struct rolling {
	mca_store *store;
	mca_issuers *list;
};

static mca_code
hold(struct mca_issuer *issuer, struct mca_error *err, const char *before,
    const char *label, const char *after)
{
	free(give(&issuer->held));
	if (asprintf(&issuer->held, "%s\"%s\"%s", before, label, after) >= 0)
		return MCA_OK;
	issuer->held = NULL;
	return mca_fail_memory(err);
}

static mca_code
take_cross(const struct rolling *rolling, struct mca_issuer *issuer, int64_t id,
    struct mca_error *err)
{
	mca_cert_free(give(&issuer->cross));
	return id == 0
	    ? MCA_OK
	    : mca_store_certificate(rolling->store, &issuer->cross, id, err);
}

/* What a rollover means for the two roots it is about. */
static mca_code
take_rollover(void *context, const struct mca_rollover_row *row,
    struct mca_error *err)
{
	const struct rolling *rolling = context;
	struct mca_issuer *old =
	    mca_issuers_find(rolling->list, row->old_label);
	struct mca_issuer *new =
	    mca_issuers_find(rolling->list, row->new_label);
	bool open = row->finished == 0;
	mca_code code;

	if (old == NULL || new == NULL || old == new)
		return MCA_OK;
	if ((code = take_cross(rolling, old, open ? row->old_by_new : 0,
		 err)) != MCA_OK ||
	    (code = take_cross(rolling, new, open ? row->new_by_old : 0,
		 err)) != MCA_OK)
		return code;
	if (row->switched == 0)
		return hold(new, err,
		    "it is not in use before `minica rollover switch`, and ",
		    row->old_label, " signs until then");
	return hold(old, err, "a rollover put ", row->new_label,
	    " in its place");
}

mca_code
mca_issuers_load(mca_issuers *list, mca_store *store, struct mca_error *err)
{
	scoped(mca_issuers) loaded = { 0 };
	mca_code code = mca_store_authorities(store, add, &loaded, err);

	if (code != MCA_OK)
		return code;
	for (size_t i = 0; i < loaded.count && code == MCA_OK; i++) {
		struct mca_issuer *row = loaded.rows[i];

		row->above = mca_issuers_find(&loaded, row->parent);
		code = find_revocation(row, store, err);
	}
	if (code == MCA_OK)
		code = mca_store_rollovers(store, take_rollover,
		    &(struct rolling){ store, &loaded }, err);
	if (code != MCA_OK)
		return code;
	mca_issuers_clear(list);
	*list = loaded;
	loaded = (mca_issuers){ 0 };
	return MCA_OK;
}

/* ---- choosing ---- */

/* What every CA of the chain must allow (RFC 5280, 4.2.1.3 and 4.2.1.9). */
static const char *
unfit_chain(const struct mca_issuer *issuer, enum mca_policy_kind kind,
    char out[160])
{
	long below = kind == MCA_FOR_LEAF ? 0 : 1;

	for (const struct mca_issuer *at = issuer; at != NULL; at = at->above) {
		const char *usage = mca_cert_key_usage(at->cert);
		long most = mca_cert_path_len(at->cert);

		if (usage != NULL && strstr(usage, "keyCertSign") == NULL) {
			(void)snprintf(out, 160,
			    "the keyUsage of \"%s\" is not for keyCertSign "
			    "(RFC 5280, 4.2.1.3)",
			    at->label);
			return out;
		}
		if (most >= 0 && most < below) {
			(void)snprintf(out, 160,
			    "the pathLenConstraint of \"%s\" is %ld, and "
			    "there would be %ld CAs below it (RFC 5280, "
			    "4.2.1.9)",
			    at->label, most, below);
			return out;
		}
		if (!mca_cert_is_self_issued(at->cert))
			below++;
	}
	return NULL;
}

static const char *
unfit_time(const struct mca_issuer *issuer, mca_time now, char out[160])
{
	for (const struct mca_issuer *at = issuer; at != NULL; at = at->above) {
		mca_time begin = mca_cert_not_before(at->cert);
		mca_time end = mca_cert_not_after(at->cert);

		if (begin <= now && now <= end)
			continue;
		(void)snprintf(out, 160, "the certificate of \"%s\" %s %s",
		    at->label, now < begin ? "is not valid before" : "ended at",
		    MCA_TIME(now < begin ? begin : end));
		return out;
	}
	return NULL;
}

/* The first reason why `issuer` may not sign now; NULL if it may. */
static const char *
hindrance(const struct mca_issuer *issuer, enum mca_policy_kind kind,
    mca_time now, char out[160])
{
	const struct mca_issuer *at;
	const char *why;

	if (issuer->cert == NULL)
		return "its own certificate is still awaited; give it with "
		       "`minica init-intermediate --install CERT`";
	if (*issuer->where == '\0')
		return "its private key is not in this home";
	if (issuer->held != NULL)
		return issuer->held;
	for (at = issuer; at != NULL; at = at->above)
		if (at->revoked) {
			(void)snprintf(out, 160,
			    "the certificate of \"%s\" is revoked", at->label);
			return out;
		}
	why = unfit_chain(issuer, kind, out);
	return why != NULL ? why : unfit_time(issuer, now, out);
}

static mca_code
choose_named(struct mca_issuer **out, const mca_issuers *list,
    const char *label, enum mca_policy_kind kind, mca_time now,
    struct mca_error *err)
{
	struct mca_issuer *issuer = mca_issuers_find(list, label);
	char text[160];
	const char *why;

	if (issuer == NULL)
		return mca_fail(err, MCA_ENOTFOUND,
		    "there is no authority \"%s\" in this home",
		    MCA_SHOW_TEXT(label));
	why = hindrance(issuer, kind, now, text);
	if (why != NULL)
		return mca_fail(err, MCA_EPOLICY,
		    "authority \"%s\" cannot sign this: %s", issuer->label,
		    why);
	*out = issuer;
	return MCA_OK;
}

mca_code
mca_issuers_choose(struct mca_issuer **out, const mca_issuers *list,
    const char *label, enum mca_policy_kind kind, mca_time now,
    struct mca_error *err)
{
	struct mca_issuer *best = NULL;
	char text[160];

	if (label != NULL)
		return choose_named(out, list, label, kind, now, err);
	if (list->count == 0)
		return mca_fail(err, MCA_ENOTFOUND,
		    "there is no authority in this home yet; make one with "
		    "`minica init-root`");
	for (size_t i = 0; i < list->count; i++) {
		struct mca_issuer *row = list->rows[i];

		assert(row != NULL);
		if (hindrance(row, kind, now, text) != NULL)
			continue;
		if (best == NULL || strcmp(row->kind, "root") != 0 ||
		    strcmp(best->kind, "root") == 0)
			best = row;
	}
	if (best == NULL)
		return choose_named(out, list,
		    list->rows[list->count - 1]->label, kind, now, err);
	*out = best;
	return MCA_OK;
}

mca_code
mca_issuers_choose_by(struct mca_issuer **out, const mca_issuers *list,
    const char *label, const mca_policy *policy, mca_time now,
    struct mca_error *err)
{
	const char *wanted = label == NULL ? mca_policy_issuer(policy) : label;
	mca_code code = mca_issuers_choose(out, list, wanted,
	    mca_policy_for(policy), now, err);

	if (code == MCA_OK || label != NULL || wanted == NULL)
		return code;
	return mca_within(err, "policy %s: issuer", mca_policy_name(policy));
}

mca_code
mca_issuers_choose_crl(struct mca_issuer **out, const mca_issuers *list,
    const char *label, mca_time now, struct mca_error *err)
{
	struct mca_issuer *issuer;

	if (label == NULL)
		return mca_issuers_choose(out, list, NULL, MCA_FOR_LEAF, now,
		    err);
	issuer = mca_issuers_find(list, label);
	if (issuer == NULL)
		return mca_fail(err, MCA_ENOTFOUND,
		    "there is no authority \"%s\" in this home",
		    MCA_SHOW_TEXT(label));
	if (issuer->cert == NULL || *issuer->where == '\0')
		return mca_fail(err, MCA_EPOLICY,
		    "authority \"%s\" has no %s in this home, so it signs "
		    "nothing here",
		    label, issuer->cert == NULL ? "certificate" : "key");
	*out = issuer;
	return MCA_OK;
}

mca_time
mca_issuer_end(const struct mca_issuer *issuer)
{
	mca_time end = INT64_MAX;

	for (; issuer != NULL; issuer = issuer->above)
		if (mca_cert_not_after(issuer->cert) < end)
			end = mca_cert_not_after(issuer->cert);
	return end;
}

/* ---- keys ---- */

mca_code
mca_issuer_key_path(char **out, const struct mca_issuer *issuer,
    const char *home, struct mca_error *err)
{
	bool below = strncmp(issuer->where, "keys/", 5) == 0;

	if (asprintf(out, "%s%s%s", below ? home : "", below ? "/" : "",
		issuer->where) < 0) {
		*out = NULL;
		return mca_fail_memory(err);
	}
	return MCA_OK;
}

static mca_code
load_key(mca_key **out, const struct mca_issuer *issuer, const char *home,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(char) *path = NULL;
	mca_code code = mca_issuer_key_path(&path, issuer, home, err);

	return code == MCA_OK ? mca_key_load(out, path, passphrase, err) : code;
}

mca_code
mca_issuer_key(mca_key **out, struct mca_issuer *issuer, const char *home,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(mca_key) *key = NULL;
	mca_code code;

	if (issuer->key == NULL) {
		code = load_key(&key, issuer, home, passphrase, err);
		if (code != MCA_OK)
			return mca_within(err, "authority \"%s\"",
			    issuer->label);
		if (issuer->cert != NULL &&
		    !mca_spki_equal(mca_key_spki(key),
			mca_cert_spki(issuer->cert)))
			return mca_fail(err, MCA_EKEY,
			    "authority \"%s\": the private key in %s is not "
			    "the one of its certificate",
			    issuer->label, issuer->where);
		issuer->key = give(&key);
	}
	*out = issuer->key;
	return MCA_OK;
}
