/*
 * rollover_start.c - the root that will replace another (minica/rollover.h).
 */
#include "rollover.h"

#include "minica/text.h"
#include "policy.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static mca_code
find_old(mca_ca *ca, struct mca_issuer **out, const char *label,
    struct mca_error *err)
{
	size_t roots = 0;

	for (size_t i = 0; i < ca->issuers.count; i++) {
		struct mca_issuer *row = ca->issuers.rows[i];

		if (row->cert == NULL || strcmp(row->kind, "root") != 0 ||
		    row->held != NULL ||
		    (label != NULL && strcasecmp(row->label, label) != 0))
			continue;
		roots++;
		*out = row;
	}
	if (roots == 1)
		return MCA_OK;
	if (roots == 0)
		return mca_fail(err, MCA_ENOTFOUND,
		    "there is no root %s%s%s in this home that signs",
		    label == NULL ? "" : "\"",
		    label == NULL ? "" : MCA_SHOW_TEXT(label),
		    label == NULL ? "" : "\"");
	return mca_fail(err, MCA_EUSAGE,
	    "there are %zu roots in this home: name the one to be replaced "
	    "(--root LABEL)",
	    roots);
}

/* "root" is followed by "root-2", and that by "root-3". */
static void
new_label(const mca_ca *ca, char out[80], const struct mca_issuer *old,
    const char *wanted)
{
	size_t length = strlen(old->label);
	size_t digits = 0;

	if (wanted != NULL) {
		(void)snprintf(out, 80, "%s", wanted);
		return;
	}
	while (digits < length &&
	    isdigit((unsigned char)old->label[length - 1 - digits]))
		digits++;
	if (digits > 0 && digits + 1 < length &&
	    old->label[length - 1 - digits] == '-')
		length -= digits + 1;
	for (int i = 2;; i++) {
		(void)snprintf(out, 80, "%.*s-%d", (int)length, old->label, i);
		if (mca_issuers_find(&ca->issuers, out) == NULL)
			return;
	}
}

/* The old certificate with new dates, signed by its own key. */
static mca_code
renew_root(mca_ca *ca, mca_cert **out, struct mca_issuer *old,
    const struct mca_new_authority *what, struct mca_error *err)
{
	owned(mca_policy) *policy = NULL;
	struct mca_reissue reissue = { .like = old->cert, .issuer = old->cert };
	int64_t life = what->life;
	mca_code code;

	if ((code = mca_ca_find_policy(&policy, ca, "root", err)) != MCA_OK ||
	    (code = mca_rollover_key(ca, &reissue.key, old, err)) != MCA_OK)
		return code;
	if (life == 0)
		life = policy->life;
	if (life > policy->max_life)
		return mca_fail(err, MCA_EPOLICY,
		    "%s asked for; the cap of policy \"root\" is %s",
		    MCA_DURATION(life), MCA_DURATION(policy->max_life));
	reissue.not_after = ca->options.now + life;
	if (reissue.not_after <= mca_cert_not_after(old->cert))
		return mca_fail(err, MCA_EPOLICY,
		    "the new root would end at %s, no later than the old one: "
		    "ask for a longer life (--days)",
		    MCA_TIME(reissue.not_after));
	return mca_rollover_reissue(ca, out, &reissue, err);
}

static mca_code
check_start(const struct mca_rollover_row *last, struct mca_error *err)
{
	if (last->id == 0 || last->finished != 0)
		return MCA_OK;
	return mca_fail(err, MCA_EEXISTS,
	    "the rollover of \"%s\" is not finished yet: minica rollover "
	    "status",
	    last->old_label);
}

static mca_code
start_same(mca_ca *ca, mca_rollover *out, struct mca_rollover_row *row,
    struct mca_issuer *old, const struct mca_new_authority *what,
    struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;
	bool added;
	mca_code code;

	if ((code = renew_root(ca, &cert, old, what, err)) != MCA_OK ||
	    (code = mca_rollover_record(ca, &row->new_certificate, cert, NULL,
		 "root", err)) != MCA_OK ||
	    (code = mca_store_add_anchor(ca->store, &added, cert,
		 "rollover-start", ca->options.now, err)) != MCA_OK)
		return code;
	return mca_rollover_end(ca, out, row, "rollover-start", err);
}

static mca_code
start_other(mca_ca *ca, mca_rollover *out, struct mca_rollover_row *row,
    const struct mca_new_authority *what, struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;
	scoped(mca_new_key) made = { 0 };
	mca_code code;

	if ((code = mca_ca_draw_root(ca, &cert, &made, what, row->new_label,
		 err)) != MCA_OK ||
	    (code = mca_ca_write(ca, cert,
		 &(struct mca_birth){ .action = "init-root",
		     .label = row->new_label,
		     .kind = "root",
		     .parent = "",
		     .where = made.where,
		     .policy = "root",
		     .origin = MCA_ORIGIN_ISSUED,
		     .anchor = true },
		 err)) != MCA_OK ||
	    (code = mca_store_certificate_of(ca->store, &row->new_certificate,
		 row->new_label, err)) != MCA_OK)
		return code;
	code = mca_rollover_commit(ca, row, "rollover-start", err);
	if (code != MCA_OK)
		return code;
	/* Whatever fails from here on, the authority is there, and needs it. */
	made.kept = true;
	return mca_rollover_describe(ca, out, row, err);
}

static mca_code
start(mca_ca *ca, mca_rollover *out, const char *root,
    const struct mca_new_authority *what, bool same_key, struct mca_error *err)
{
	struct mca_rollover_row last, row = { .started = ca->options.now };
	struct mca_issuer *old = NULL;
	mca_code code;

	if ((code = mca_rollover_begin(ca, &last, err)) != MCA_OK ||
	    (code = check_start(&last, err)) != MCA_OK ||
	    (code = find_old(ca, &old, root, err)) != MCA_OK ||
	    (code = mca_store_certificate_of(ca->store, &row.old_certificate,
		 old->label, err)) != MCA_OK)
		return code;
	(void)snprintf(row.old_label, sizeof(row.old_label), "%s", old->label);
	if (same_key) {
		memcpy(row.new_label, row.old_label, sizeof(row.new_label));
		return start_same(ca, out, &row, old, what, err);
	}
	new_label(ca, row.new_label, old, what->label);
	code = mca_ca_label(ca, row.new_label, err);
	if (code != MCA_OK)
		return code;
	return start_other(ca, out, &row, what, err);
}

mca_code
mca_rollover_start(mca_ca *ca, mca_rollover *out, const char *root,
    const struct mca_new_authority *what, bool same_key, struct mca_error *err)
{
	return mca_rollover_settle(ca,
	    start(ca, out, root, what, same_key, err));
}
