/*
 * gather.c - authorities, lists, leaves and trust anchors of the store.
 */
#include "report.h"

#include "fail.h"

#include <string.h>

/* Leaves that are told one by one; of those that end later, the number. */
#define MOST_LEAVES 1000

/* What ended so long ago is not waited for any more. */
#define FORGOTTEN (30 * MCA_DAY)

static char *
copy(const char *text)
{
	char *same = strdup(text);

	if (same == NULL)
		fail_memory();
	return same;
}

/* ---- authorities ---- */

static mca_code
add_authority(void *context, const struct mca_authority *authority,
    struct mca_error *err)
{
	report *r = context;
	struct report_item *item =
	    report_add(r, REPORT_AUTHORITY, authority->label);
	owned(mca_cert) *cert = NULL;
	struct mca_revocation revocation;
	bool revoked;

	if (*authority->parent != '\0')
		item->parent = copy(authority->parent);
	if (authority->der == NULL) {
		report_say(item, REPORT_DUE, "MC-S-AWAITED",
		    "its certificate is still awaited: minica "
		    "init-intermediate --install CERT");
		return MCA_OK;
	}
	if (mca_cert_parse(&cert, authority->der, authority->der_length, err) !=
		MCA_OK ||
	    mca_store_revoked(mca_ca_store(r->s->ca), &revoked, &revocation,
		mca_name_text(mca_cert_issuer(cert)), mca_cert_serial(cert),
		err) != MCA_OK)
		return err->code;
	report_cert(item, cert);
	if (revoked)
		report_say(item, REPORT_FINE, "MC-S-REVOKED",
		    "revoked since %s (%s): it issues nothing",
		    MCA_TIME(revocation.revoked), revocation.reason);
	else
		report_span(r, item);
	return MCA_OK;
}

/* ---- lists ---- */

/* A list lives for days, and is due when its last tenth has begun. */
static void
judge_list(const report *r, struct report_item *item)
{
	mca_time now = r->s->now;
	int64_t left = item->until - now;

	if (left < 0)
		report_say(item, REPORT_DUE, "MC-S-CRL-STALE",
		    "stale since %s: minica crl --issuer %s",
		    MCA_TIME(item->until), item->name);
	else if (left <= (item->until - item->from) / 10)
		report_say(item, REPORT_DUE, "MC-S-CRL-EXPIRING",
		    "the next one is due: it ends on %s",
		    MCA_TIME(item->until));
}

static mca_code
add_list(report *r, const char *label, struct mca_error *err)
{
	struct mca_crl_record last, current;
	struct report_item *item;
	int64_t missing;
	const char *same;

	if (mca_ca_crl_state(r->s->ca, &same, &last, &missing, label, err) !=
		MCA_OK ||
	    mca_store_crl_at(mca_ca_store(r->s->ca), &current, label, r->s->now,
		err) != MCA_OK)
		return err->code;
	if (last.number == 0 && missing == 0)
		return MCA_OK;
	item = report_add(r, REPORT_CRL, label);
	if (last.number == 0) {
		report_say(item, REPORT_DUE, "MC-S-CRL-NONE",
		    "%lld revoked, and no list was ever published: minica crl "
		    "--issuer %s",
		    (long long)missing, label);
		return MCA_OK;
	}
	item->from = current.this_update;
	item->until = current.next_update;
	judge_list(r, item);
	if (missing > 0)
		report_say(item, REPORT_DUE, "MC-S-CRL-BEHIND",
		    "lacks %lld changes: minica crl --issuer %s",
		    (long long)missing, label);
	return MCA_OK;
}

static mca_code
add_lists(report *r, struct mca_error *err)
{
	size_t count = r->count;

	for (size_t i = 0; i < count; i++) {
		owned(char) *label = copy(r->rows[i].name);

		if (r->rows[i].kind == REPORT_AUTHORITY &&
		    r->rows[i].serial != NULL &&
		    add_list(r, label, err) != MCA_OK)
			return err->code;
	}
	return MCA_OK;
}

/* ---- leaves ---- */

static void
add_name(mca_text *out, const struct mca_record *record)
{
	const char *colon = strchr(record->names, ':');

	if (colon == NULL)
		mca_text_addf(out, "%s", record->subject);
	else
		mca_text_add(out, colon + 1, strcspn(colon + 1, " "));
}

static mca_code
add_leaf(void *context, const struct mca_record *record, struct mca_error *err)
{
	report *r = context;
	scoped(mca_text) name = { 0 };
	struct report_item *item;

	(void)err;
	if (record->revoked != 0 || *record->authority == '\0' ||
	    strcmp(record->policy, "ocsp") == 0)
		return MCA_OK;
	if (r->more >= MOST_LEAVES) {
		r->more++;
		return MCA_OK;
	}
	add_name(&name, record);
	item = report_add(r, REPORT_LEAF, mca_text_get(&name));
	item->serial = copy(record->serial);
	item->parent = copy(record->authority);
	item->from = record->not_before;
	item->until = record->not_after;
	report_span(r, item);
	r->more++;
	return MCA_OK;
}

static mca_code
add_leaves(report *r, struct mca_error *err)
{
	const struct mca_filter filter = { .latest = true,
		.leaf = true,
		.sort = "expiry",
		.expires_from = r->s->now - FORGOTTEN,
		.expires_until = MCA_TIME_NEVER };
	mca_store *store = mca_ca_store(r->s->ca);

	if (mca_store_count_leaves(store, &r->valid, &r->expired, &r->revoked,
		r->s->now, err) != MCA_OK ||
	    mca_store_list(store, &filter, add_leaf, r, err) != MCA_OK)
		return err->code;
	r->more = r->more > MOST_LEAVES ? r->more - MOST_LEAVES : 0;
	return MCA_OK;
}

/* ---- anchors ---- */

static mca_code
add_anchor(void *context, const struct mca_anchor *anchor,
    struct mca_error *err)
{
	report *r = context;
	struct report_item *item =
	    report_add(r, REPORT_ANCHOR, anchor->subject);
	owned(mca_cert) *cert = NULL;

	if (mca_cert_parse(&cert, anchor->der, anchor->der_length, err) !=
	    MCA_OK)
		return err->code;
	report_cert(item, cert);
	report_span(r, item);
	return MCA_OK;
}

mca_code
gather_store(report *r, struct mca_error *err)
{
	mca_store *store = mca_ca_store(r->s->ca);

	if (mca_store_authorities(store, add_authority, r, err) != MCA_OK ||
	    add_lists(r, err) != MCA_OK || add_leaves(r, err) != MCA_OK ||
	    mca_store_anchors(store, add_anchor, r, err) != MCA_OK)
		return err->code;
	return MCA_OK;
}
