/*
 * rollover_stages.c - cross, switch, finish (minica/rollover.h).
 */
#include "rollover.h"

#include "constraints.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <stdio.h>
#include <string.h>

static bool
is_same_key(const struct mca_rollover_row *row)
{
	return strcmp(row->old_label, row->new_label) == 0;
}

static mca_time
earlier(mca_time a, mca_time b)
{
	return a < b ? a : b;
}

/* ---- cross ---- */

/* The stage before must be done, and this one not. */
static mca_code
expect(const struct mca_rollover_row *row, mca_time before, mca_time done,
    const char *needed, const char *stage, struct mca_error *err)
{
	if (row->id == 0 || row->finished != 0)
		return mca_fail(err, MCA_EPOLICY,
		    "no rollover is under way: begin with `minica rollover "
		    "start`");
	if (done != 0)
		return mca_fail(err, MCA_EEXISTS,
		    "the rollover of \"%s\" was %s at %s already",
		    row->old_label, stage, MCA_TIME(done));
	if (before == 0)
		return mca_fail(err, MCA_EPOLICY,
		    "the rollover of \"%s\" has not come so far: first "
		    "`minica rollover %s`",
		    row->old_label, needed);
	return MCA_OK;
}

static mca_code
certify(mca_ca *ca, mca_cert **out, int64_t *id, struct mca_issuer *issuer,
    const struct mca_issuer *subject, struct mca_error *err)
{
	struct mca_reissue reissue = { .like = subject->cert,
		.issuer = issuer->cert,
		.not_after = earlier(mca_cert_not_after(issuer->cert),
		    mca_cert_not_after(subject->cert)) };
	mca_code code;

	if (mca_cert_path_len(issuer->cert) == 0)
		return mca_fail(err, MCA_EPOLICY,
		    "root \"%s\" has a pathLenConstraint of 0, so it cannot "
		    "certify the other (RFC 5280, 4.2.1.9); replace it without "
		    "crossing: trust the new root everywhere first, and issue "
		    "anew",
		    issuer->label);
	if ((code = mca_rollover_key(ca, &reissue.key, issuer, err)) !=
		MCA_OK ||
	    (code = mca_rollover_reissue(ca, out, &reissue, err)) != MCA_OK)
		return code;
	return mca_rollover_record(ca, id, *out, issuer->label, "cross", err);
}

/* All that was signed below the old root, and both cross certificates. */
static mca_code
check_cross(mca_ca *ca, const struct mca_issuer *old,
    const struct mca_issuer *new, const mca_cert *old_by_new,
    const mca_cert *new_by_old, struct mca_error *err)
{
	scoped(mca_certs) targets = { 0 };
	scoped(mca_certs) helpers = { 0 };
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < ca->issuers.count; i++) {
		const struct mca_issuer *row = ca->issuers.rows[i];

		if (row->cert != NULL && row->above == old && !row->revoked &&
		    mca_cert_not_after(row->cert) > ca->options.now)
			code = mca_certs_add(&targets, row->cert, err);
	}
	if (code != MCA_OK ||
	    (code = mca_certs_add(&helpers, old_by_new, err)) != MCA_OK ||
	    (code = mca_certs_add(&helpers, new_by_old, err)) != MCA_OK)
		return code;
	return mca_rollover_reachable(ca, old->cert, new->cert, &targets,
	    &helpers, err);
}

static mca_code
cross(mca_ca *ca, mca_rollover *out, struct mca_error *err)
{
	owned(mca_cert) *old_by_new = NULL;
	owned(mca_cert) *new_by_old = NULL;
	struct mca_issuer *old, *new;
	struct mca_rollover_row row;
	mca_code code;

	if ((code = mca_rollover_begin(ca, &row, err)) != MCA_OK ||
	    (code = expect(&row, row.started, row.crossed, "start", "crossed",
		 err)) != MCA_OK)
		return code;
	row.crossed = ca->options.now;
	if (is_same_key(&row))
		return mca_rollover_end(ca, out, &row, "rollover-cross", err);
	old = mca_issuers_find(&ca->issuers, row.old_label);
	new = mca_issuers_find(&ca->issuers, row.new_label);
	if ((code = certify(ca, &new_by_old, &row.new_by_old, old, new, err)) !=
		MCA_OK ||
	    (code = certify(ca, &old_by_new, &row.old_by_new, new, old, err)) !=
		MCA_OK ||
	    (code = check_cross(ca, old, new, old_by_new, new_by_old, err)) !=
		MCA_OK)
		return code;
	return mca_rollover_end(ca, out, &row, "rollover-cross", err);
}

mca_code
mca_rollover_cross(mca_ca *ca, mca_rollover *out, struct mca_error *err)
{
	return mca_rollover_settle(ca, cross(ca, out, err));
}

/* ---- switch ---- */

struct naming {
	const mca_ca *ca;
	const struct mca_issuer *old, *new;
};

/* What the new root may not certify would end with the old one. */
static mca_code
check_names(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	const struct naming *naming = context;
	const struct mca_issuer *by =
	    mca_issuers_find(&naming->ca->issuers, record->authority);
	size_t budget = MCA_LIMIT_CONSTRAINTS;
	struct mca_unfit unfit = { 0 };
	owned(mca_cert) *cert = NULL;
	struct mca_facts *facts;
	enum mca_fit fit;
	mca_code code;

	while (by != NULL && by != naming->old)
		by = by->above;
	if (by == NULL || record->is_ca)
		return MCA_OK;
	code = mca_cert_parse(&cert, record->der, record->der_length, err);
	if (code != MCA_OK)
		return code;
	facts = mca_facts_new(cert);
	if (facts == NULL)
		return mca_fail_memory(err);
	fit =
	    mca_constraints_check_by(&unfit, naming->new->cert, facts, &budget);
	mca_facts_free(facts);
	if (fit == MCA_FIT)
		return MCA_OK;
	return mca_fail(err, MCA_EPOLICY,
	    "the name constraints of \"%s\" do not let serial %s through "
	    "(\"%s\"): clients that know the new root alone would refuse it",
	    naming->new->label, record->serial, unfit.name);
}

static mca_code
move_intermediate(mca_ca *ca, struct mca_issuer *issuer, struct mca_issuer *new,
    mca_certs *moved, struct mca_error *err)
{
	struct mca_reissue reissue = { .like = issuer->cert,
		.issuer = new->cert,
		.not_after = earlier(mca_cert_not_after(issuer->cert),
		    mca_cert_not_after(new->cert)) };
	owned(mca_cert) *cert = NULL;
	int64_t id;
	mca_code code;

	if ((code = mca_rollover_key(ca, &reissue.key, new, err)) != MCA_OK ||
	    (code = mca_rollover_reissue(ca, &cert, &reissue, err)) != MCA_OK ||
	    (code = mca_rollover_record(ca, &id, cert, new->label,
		 "intermediate", err)) != MCA_OK ||
	    (code = mca_store_move(ca->store, issuer->label, id, new->label,
		 err)) != MCA_OK ||
	    (code = mca_ca_audit(ca, "rollover-move", issuer->label,
		 mca_cert_serial(cert), err)) != MCA_OK)
		return code;
	return mca_certs_add(moved, cert, err);
}

static mca_code
move_all(mca_ca *ca, const struct mca_rollover_row *row, struct mca_issuer *old,
    struct mca_issuer *new, struct mca_error *err)
{
	struct mca_filter valid = { .status = MCA_STATUS_VALID,
		.now = ca->options.now };
	struct naming naming = { ca, old, new };
	scoped(mca_certs) moved = { 0 };
	scoped(mca_certs) helpers = { 0 };
	owned(mca_cert) *new_by_old = NULL;
	mca_code code;

	code = mca_store_list(ca->store, &valid, check_names, &naming, err);
	for (size_t i = 0; code == MCA_OK && i < ca->issuers.count; i++) {
		struct mca_issuer *issuer = ca->issuers.rows[i];

		if (issuer->cert != NULL && issuer->above == old &&
		    !issuer->revoked &&
		    mca_cert_not_after(issuer->cert) > ca->options.now)
			code = move_intermediate(ca, issuer, new, &moved, err);
	}
	if (code != MCA_OK ||
	    (code = mca_store_certificate(ca->store, &new_by_old,
		 row->new_by_old, err)) != MCA_OK ||
	    (code = mca_certs_add(&helpers, new_by_old, err)) != MCA_OK)
		return code;
	return mca_rollover_reachable(ca, old->cert, new->cert, &moved,
	    &helpers, err);
}

static mca_code
make_switch(mca_ca *ca, mca_rollover *out, struct mca_error *err)
{
	struct mca_rollover_row row;
	mca_code code;

	if ((code = mca_rollover_begin(ca, &row, err)) != MCA_OK ||
	    (code = expect(&row, row.crossed, row.switched, "cross", "switched",
		 err)) != MCA_OK)
		return code;
	row.switched = ca->options.now;
	code = is_same_key(&row)
	    ? mca_store_move(ca->store, row.old_label, row.new_certificate, "",
		  err)
	    : move_all(ca, &row, mca_issuers_find(&ca->issuers, row.old_label),
		  mca_issuers_find(&ca->issuers, row.new_label), err);
	if (code != MCA_OK)
		return code;
	return mca_rollover_end(ca, out, &row, "rollover-switch", err);
}

mca_code
mca_rollover_switch(mca_ca *ca, mca_rollover *out, struct mca_error *err)
{
	return mca_rollover_settle(ca, make_switch(ca, out, err));
}

/* ---- finish ---- */

static mca_code
count_only(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	(void)context;
	(void)record;
	(void)err;
	return MCA_OK;
}

static mca_code
refuse_dependents(mca_ca *ca, const struct mca_rollover_row *row,
    struct mca_error *err)
{
	size_t count = 0;
	mca_code code = is_same_key(row)
	    ? MCA_OK
	    : mca_store_dependents(ca->store, row, ca->options.now, &count,
		  count_only, NULL, err);

	if (code != MCA_OK || count == 0)
		return code;
	return mca_fail(err, MCA_EPOLICY,
	    "too early: %zu certificates that are good now depend on the old "
	    "root \"%s\" alone; replace or revoke them first (`minica rollover "
	    "status` lists them)",
	    count, row->old_label);
}

/* How many files need the old root or may, and the first of each kind. */
struct files {
	size_t old, unread;
	mca_text first_old, first_unread;
};

static mca_code
count_file(void *context, const struct mca_rollover_file *file,
    struct mca_error *err)
{
	struct files *files = context;
	mca_text *first =
	    file->unread ? &files->first_unread : &files->first_old;

	(void)err;
	if (file->unread)
		files->unread++;
	else
		files->old++;
	if (first->length == 0)
		mca_text_addf(first, "%s", MCA_SHOW_TEXT(file->path));
	return MCA_OK;
}

static mca_code
refuse_counted(const struct files *files, const struct mca_rollover_row *row,
    struct mca_error *err)
{
	if (files->old > 0)
		return mca_fail(err, MCA_EPOLICY,
		    "too early: %zu files on this machine, such as %s, carry "
		    "the chain of the old root \"%s\" alone; write them again "
		    "with `minica export` or `minica apply`, or remove them "
		    "(`minica rollover status` lists them)",
		    files->old, mca_text_get(&files->first_old),
		    row->old_label);
	if (files->unread > 0)
		return mca_fail(err, MCA_EUNDECIDED,
		    "%zu files, such as %s, cannot be read, so whether they "
		    "carry the chain of the old root \"%s\" alone could not be "
		    "told; run this as their owner, or remove them",
		    files->unread, mca_text_get(&files->first_unread),
		    row->old_label);
	return MCA_OK;
}

static mca_code
refuse_files(mca_ca *ca, const struct mca_rollover_row *row,
    struct mca_error *err)
{
	scoped(mca_rollover) rollover = { 0 };
	struct files files = { 0 };
	size_t count;
	mca_code code;

	if ((code = mca_rollover_get(ca, &rollover, err)) != MCA_OK)
		return code;
	code =
	    mca_rollover_files(ca, &rollover, count_file, &files, &count, err);
	if (code == MCA_OK)
		code = refuse_counted(&files, row, err);
	mca_text_clear(&files.first_old);
	mca_text_clear(&files.first_unread);
	return code;
}

static mca_code
finish(mca_ca *ca, mca_rollover *out, struct mca_error *err)
{
	owned(mca_cert) *old = NULL;
	scoped(mca_text) sha256 = { 0 };
	struct mca_rollover_row row;
	bool removed;
	mca_code code;

	if ((code = mca_rollover_begin(ca, &row, err)) != MCA_OK ||
	    (code = expect(&row, row.switched, row.finished, "switch",
		 "finished", err)) != MCA_OK ||
	    (code = refuse_dependents(ca, &row, err)) != MCA_OK ||
	    (code = refuse_files(ca, &row, err)) != MCA_OK ||
	    (code = mca_store_certificate(ca->store, &old, row.old_certificate,
		 err)) != MCA_OK)
		return code;
	mca_text_hex(&sha256, mca_cert_sha256(old), MCA_SHA256_SIZE);
	if (sha256.failed)
		return mca_fail_memory(err);
	code = mca_store_remove_anchor(ca->store, &removed,
	    mca_text_get(&sha256), err);
	if (code != MCA_OK)
		return code;
	row.finished = ca->options.now;
	return mca_rollover_end(ca, out, &row, "rollover-finish", err);
}

mca_code
mca_rollover_finish(mca_ca *ca, mca_rollover *out, struct mca_error *err)
{
	return mca_rollover_settle(ca, finish(ca, out, err));
}
