/*
 * rollover.c - how far it has come, and who still depends on the old root
 * (minica/rollover.h).
 */
#include "rollover.h"

#include "minica/lint.h"
#include "minica/verify.h"
#include "sign.h"
#include "tbs.h"

#include <string.h>

void
mca_rollover_clear(mca_rollover *rollover)
{
	mca_cert_free(rollover->old_root);
	mca_cert_free(rollover->new_root);
	mca_cert_free(rollover->old_by_new);
	mca_cert_free(rollover->new_by_old);
	*rollover = (mca_rollover){ 0 };
}

const char *
mca_rollover_stage_name(enum mca_rollover_stage stage)
{
	static const char *const names[] = {
		[MCA_ROLLOVER_NONE] = "none",
		[MCA_ROLLOVER_STARTED] = "started",
		[MCA_ROLLOVER_CROSSED] = "crossed",
		[MCA_ROLLOVER_SWITCHED] = "switched",
		[MCA_ROLLOVER_FINISHED] = "finished",
	};

	return names[stage];
}

static mca_code
keep_newest(void *context, const struct mca_rollover_row *row,
    struct mca_error *err)
{
	struct mca_rollover_row *newest = context;

	(void)err;
	*newest = *row;
	return MCA_OK;
}

mca_code
mca_rollover_row(mca_ca *ca, struct mca_rollover_row *out,
    struct mca_error *err)
{
	*out = (struct mca_rollover_row){ 0 };
	return mca_store_rollovers(ca->store, keep_newest, out, err);
}

static enum mca_rollover_stage
stage_of(const struct mca_rollover_row *row)
{
	if (row->id == 0)
		return MCA_ROLLOVER_NONE;
	if (row->finished != 0)
		return MCA_ROLLOVER_FINISHED;
	if (row->switched != 0)
		return MCA_ROLLOVER_SWITCHED;
	return row->crossed != 0 ? MCA_ROLLOVER_CROSSED : MCA_ROLLOVER_STARTED;
}

static mca_code
load(mca_ca *ca, mca_cert **out, int64_t id, struct mca_error *err)
{
	return id == 0 ? MCA_OK
		       : mca_store_certificate(ca->store, out, id, err);
}

mca_code
mca_rollover_describe(mca_ca *ca, mca_rollover *out,
    const struct mca_rollover_row *row, struct mca_error *err)
{
	mca_code code;

	mca_rollover_clear(out);
	out->stage = stage_of(row);
	memcpy(out->old_label, row->old_label, sizeof(out->old_label));
	memcpy(out->new_label, row->new_label, sizeof(out->new_label));
	out->started = row->started;
	out->crossed = row->crossed;
	out->switched = row->switched;
	out->finished = row->finished;
	if ((code = load(ca, &out->old_root, row->old_certificate, err)) !=
		MCA_OK ||
	    (code = load(ca, &out->new_root, row->new_certificate, err)) !=
		MCA_OK ||
	    (code = load(ca, &out->old_by_new, row->old_by_new, err)) != MCA_OK)
		return code;
	return load(ca, &out->new_by_old, row->new_by_old, err);
}

mca_code
mca_rollover_get(mca_ca *ca, mca_rollover *out, struct mca_error *err)
{
	struct mca_rollover_row row;
	mca_code code = mca_rollover_row(ca, &row, err);

	return code == MCA_OK ? mca_rollover_describe(ca, out, &row, err)
			      : code;
}

mca_code
mca_rollover_commit(mca_ca *ca, struct mca_rollover_row *row,
    const char *action, struct mca_error *err)
{
	mca_code code;

	ca->loaded = false;
	if ((code = mca_store_put_rollover(ca->store, row, err)) != MCA_OK ||
	    (code = mca_ca_audit(ca, action, row->new_label, row->old_label,
		 err)) != MCA_OK)
		return code;
	return mca_store_commit(ca->store, err);
}

mca_code
mca_rollover_end(mca_ca *ca, mca_rollover *out, struct mca_rollover_row *row,
    const char *action, struct mca_error *err)
{
	mca_code code = mca_rollover_commit(ca, row, action, err);

	return code == MCA_OK ? mca_rollover_describe(ca, out, row, err) : code;
}

mca_code
mca_rollover_dependents(mca_ca *ca, const mca_rollover *rollover,
    mca_store_each *each, void *context, size_t *count, struct mca_error *err)
{
	struct mca_rollover_row row;
	mca_code code = mca_rollover_row(ca, &row, err);

	*count = 0;
	if (code != MCA_OK || rollover->stage == MCA_ROLLOVER_NONE ||
	    strcmp(row.old_label, row.new_label) == 0)
		return code;
	return mca_store_dependents(ca->store, &row, ca->options.now, count,
	    each, context, err);
}

/* ---- what the stages share ---- */

mca_code
mca_rollover_begin(mca_ca *ca, struct mca_rollover_row *row,
    struct mca_error *err)
{
	mca_code code;

	ca->loaded = false;
	if ((code = mca_store_begin(ca->store, err)) != MCA_OK ||
	    (code = mca_ca_load(ca, err)) != MCA_OK)
		return code;
	return mca_rollover_row(ca, row, err);
}

/* Whatever a stage returns, no transaction stays open. */
mca_code
mca_rollover_settle(mca_ca *ca, mca_code code)
{
	if (code != MCA_OK) {
		mca_store_rollback(ca->store);
		ca->loaded = false;
	}
	return code;
}

mca_code
mca_rollover_record(mca_ca *ca, int64_t *id, const mca_cert *cert,
    const char *authority, const char *policy, struct mca_error *err)
{
	mca_code code = mca_store_add(ca->store, id, cert, MCA_ORIGIN_ISSUED,
	    authority, policy, ca->options.now, err);

	if (code != MCA_OK)
		return code;
	return mca_ca_audit(ca, "issue", mca_cert_serial(cert), policy, err);
}

mca_code
mca_rollover_key(mca_ca *ca, mca_key **out, struct mca_issuer *issuer,
    struct mca_error *err)
{
	if (*issuer->where == '\0')
		return mca_fail(err, MCA_EPOLICY,
		    "authority \"%s\": its private key is not in this home, "
		    "and it has to sign",
		    issuer->label);
	return mca_issuer_key(out, issuer, ca->options.home,
	    ca->options.passphrase, err);
}

/* ---- signing again ---- */

static mca_code
refuse_lint(const mca_findings *list, const mca_cert *like,
    struct mca_error *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i].severity == MCA_ERROR)
			return mca_fail(err, MCA_EPOLICY,
			    "the certificate of \"%s\" cannot be signed again "
			    "as it is: %s (%s) [%s]",
			    mca_name_text(mca_cert_subject(like)),
			    list->rows[i].detail, list->rows[i].source,
			    list->rows[i].rule);
	return mca_fail_memory(err);
}

/* As clients will see it, but for a signature that means nothing. */
static mca_code
rehearse(const mca_tbs_der *tbs, const struct mca_reissue *what,
    struct mca_error *err)
{
	owned(mca_key) *throwaway = NULL;
	owned(mca_cert) *rehearsed = NULL;
	scoped(mca_findings) lint = { 0 };
	mca_code code;

	if ((code = mca_sign_throwaway(&throwaway, mca_cert_spki(what->issuer),
		 err)) != MCA_OK ||
	    (code = mca_sign(&rehearsed, tbs, throwaway, err)) != MCA_OK)
		return code;
	mca_lint(&lint, rehearsed);
	if (mca_findings_worst(&lint) < MCA_UNDECIDED)
		return MCA_OK;
	return refuse_lint(&lint, what->like, err);
}

mca_code
mca_rollover_reissue(mca_ca *ca, mca_cert **out, const struct mca_reissue *what,
    struct mca_error *err)
{
	const struct mca_tbs_again again = { .like = what->like,
		.issuer = what->issuer,
		.not_before = ca->options.now - 5 * MCA_MINUTE,
		.not_after = what->not_after };
	scoped(mca_tbs_der) tbs = { 0 };
	mca_code code;

	if ((code = mca_sign_algorithm_of(&tbs.algorithm, what->key, err)) !=
		MCA_OK ||
	    (code = mca_tbs_reissue(&tbs, &again, err)) != MCA_OK ||
	    (code = rehearse(&tbs, what, err)) != MCA_OK)
		return code;
	return mca_sign(out, &tbs, what->key, err);
}

/* ---- what clients will say ---- */

static mca_code
reach(mca_ca *ca, const mca_cert *root, const char *which,
    const mca_certs *targets, const mca_certs *helpers, struct mca_error *err)
{
	owned(mca_verifier) *verifier = NULL;
	struct mca_verify_options options;
	scoped(mca_certs) trust = { 0 };
	mca_code code = mca_certs_add(&trust, root, err);

	if (code != MCA_OK)
		return code;
	mca_verify_defaults(&options, ca->options.now);
	code =
	    mca_verifier_new(&verifier, &trust, helpers, NULL, &options, err);
	for (size_t i = 0; code == MCA_OK && i < targets->count; i++) {
		const mca_cert *target = targets->rows[i];
		scoped(mca_verdict) verdict = { 0 };

		code = mca_verify(&verdict, verifier, target, NULL, NULL, err);
		if (code != MCA_OK || verdict.answer == MCA_YES)
			continue;
		return mca_fail(err, MCA_EPOLICY,
		    "clients that know the %s root alone would refuse \"%s\": "
		    "%s",
		    which, mca_name_text(mca_cert_subject(target)),
		    verdict.findings.count == 0
			? "no path"
			: verdict.findings.rows[0].detail);
	}
	return code;
}

mca_code
mca_rollover_reachable(mca_ca *ca, const mca_cert *old_root,
    const mca_cert *new_root, const mca_certs *targets,
    const mca_certs *helpers, struct mca_error *err)
{
	mca_code code = reach(ca, old_root, "old", targets, helpers, err);

	if (code != MCA_OK)
		return code;
	return reach(ca, new_root, "new", targets, helpers, err);
}
