/*
 * ca_renew.c - a certificate in place of one that ends (minica/ca.h).
 */
#include "ca_parts.h"

#include "minica/limits.h"
#include "minica/text.h"
#include "object.h"

#include <string.h>

/* What the store knows of the old one, copied: rows are only lent. */
typedef struct earlier {
	mca_cert *cert;
	char *authority, *policy, *labels;
	mca_time recorded;
	bool revoked;
} earlier;

static void
earlier_clear(earlier *old)
{
	mca_cert_free(old->cert);
	free(old->authority);
	free(old->policy);
	free(old->labels);
}
MCA_SCOPED(earlier, earlier_clear)

static mca_code
read_earlier(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	earlier *old = context;

	old->authority = strdup(record->authority);
	old->policy = strdup(record->policy);
	old->labels = strdup(record->labels);
	old->recorded = record->recorded;
	old->revoked = record->revoked != 0;
	if (old->authority == NULL || old->policy == NULL ||
	    old->labels == NULL)
		return mca_fail_memory(err);
	return mca_cert_parse(&old->cert, record->der, record->der_length, err);
}

static mca_code
check_earlier(const earlier *old, const struct mca_signing *how,
    struct mca_error *err)
{
	const char *serial = mca_cert_serial(old->cert);

	if (mca_cert_is_ca(old->cert))
		return mca_fail(err, MCA_EUSAGE,
		    "serial %s is a CA's, which is not renewed like a leaf: "
		    "see `minica help rollover` and `minica help "
		    "init-intermediate`",
		    serial);
	if (*old->authority == '\0')
		return mca_fail(err, MCA_EPOLICY,
		    "serial %s was not issued by an authority of this home, "
		    "so nothing here shows that its owner holds the key: ask "
		    "for a request, and sign that",
		    serial);
	if (old->revoked)
		return mca_fail(err, MCA_EPOLICY,
		    "serial %s is revoked, and a renewal would undo that: "
		    "issue a new certificate, with a new key",
		    serial);
	if (*old->policy == '\0' && how->policy == NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "serial %s has no policy on record: name one with "
		    "--policy",
		    serial);
	return MCA_OK;
}

/* ---- how it was signed is how it is signed again ---- */

/* The labels of one text; `copy` holds them. */
struct labels {
	char *copy;
	const char *words[MCA_LIMIT_LABELS];
	size_t count;
};

static mca_code
split_labels(struct labels *out, const char *labels, struct mca_error *err)
{
	char *rest = NULL;

	out->copy = strdup(labels);
	if (out->copy == NULL)
		return mca_fail_memory(err);
	for (char *word = strtok_r(out->copy, " ", &rest);
	     word != NULL && out->count < MCA_LIMIT_LABELS;
	     word = strtok_r(NULL, " ", &rest))
		out->words[out->count++] = word;
	return MCA_OK;
}

/* The authority of then, if it still may sign. */
static const char *
same_authority(mca_ca *ca, const earlier *old)
{
	struct mca_issuer *issuer;
	struct mca_error ignored;
	mca_code code = mca_issuers_choose(&issuer, &ca->issuers,
	    old->authority, MCA_FOR_LEAF, ca->options.now, &ignored);

	return code == MCA_OK ? old->authority : NULL;
}

/*
 * A short life was chosen on purpose and stays short; one that ends with its
 * issuer was cut, and what had been asked for is not known.
 */
static int64_t
same_life(mca_ca *ca, const earlier *old)
{
	const struct mca_issuer *issuer =
	    mca_issuers_find(&ca->issuers, old->authority);
	mca_time end = mca_cert_not_after(old->cert);
	mca_time begin = mca_cert_not_before(old->cert);

	if (issuer == NULL || issuer->cert == NULL ||
	    end >= mca_issuer_end(issuer))
		return 0;
	return end -
	    (old->recorded >= begin && old->recorded < end ? old->recorded
							   : begin);
}

static void
settle(mca_ca *ca, struct mca_signing *how, const earlier *old,
    const struct labels *labels)
{
	if (how->policy == NULL)
		how->policy = old->policy;
	if (how->issuer == NULL)
		how->issuer = same_authority(ca, old);
	if (how->life == 0)
		how->life = same_life(ca, old);
	if (how->label_count == 0) {
		how->labels = labels->words;
		how->label_count = labels->count;
	}
}

static mca_code
run(mca_ca *ca, const struct mca_signing *how, struct mca_job *job,
    bool rehearse, struct mca_error *err)
{
	return rehearse ? mca_ca_rehearse(ca, how, job, err)
			: mca_ca_sign(ca, how, job, 1, err);
}

/* A policy that was given as a file is not in the home for that. */
static mca_code
explain_policy(const mca_ca *ca, const earlier *old, mca_code code,
    struct mca_error *err)
{
	owned(mca_policy) *policy = NULL;
	struct mca_error ignored;

	if (code != MCA_ENOTFOUND ||
	    mca_ca_find_policy(&policy, ca, old->policy, &ignored) !=
		MCA_ENOTFOUND)
		return code;
	return mca_within(err,
	    "serial %s, which a policy of that time issued: put its file into "
	    "HOME/policies, or give it with --policy",
	    mca_cert_serial(old->cert));
}

mca_code
mca_ca_renew(mca_ca *ca, const struct mca_signing *how, struct mca_job *job,
    bool rehearse, struct mca_error *err)
{
	struct mca_signing settled = *how;
	struct labels labels = { 0 };
	owned(mca_csr) *csr = NULL;
	scoped(earlier) old = { 0 };
	mca_code code;

	if ((code = mca_store_get(ca->store, job->renews, read_earlier, &old,
		 err)) != MCA_OK ||
	    (code = check_earlier(&old, how, err)) != MCA_OK ||
	    (code = mca_ca_load(ca, err)) != MCA_OK ||
	    (job->csr == NULL &&
		(code = mca_csr_renew(&csr, old.cert, err)) != MCA_OK) ||
	    (code = split_labels(&labels, old.labels, err)) != MCA_OK)
		return code;
	settle(ca, &settled, &old, &labels);
	if (csr != NULL)
		job->csr = csr;
	code = run(ca, &settled, job, rehearse, err);
	if (how->policy == NULL)
		code = explain_policy(ca, &old, code, err);
	if (csr != NULL)
		job->csr = NULL;
	free(labels.copy);
	return code;
}
