/*
 * ca_intermediate.c - intermediates: signed here, or elsewhere (minica/ca.h).
 */
#include "ca_parts.h"

#include "minica/text.h"
#include "sign.h"

#include <string.h>

static const char *
label_of(const struct mca_new_authority *what)
{
	return what->label == NULL ? "intermediate" : what->label;
}

static const char *
algorithm_of(const struct mca_new_authority *what)
{
	return what->key_algorithm == NULL ? "ec-p384" : what->key_algorithm;
}

mca_code
mca_ca_init_intermediate(mca_ca *ca, mca_cert **out, const char **label,
    const struct mca_new_authority *what, mca_findings *notes,
    struct mca_error *err)
{
	const char *own = label_of(what);
	owned(mca_policy) *policy = NULL;
	owned(mca_csr) *csr = NULL;
	owned(mca_cert) *cert = NULL;
	owned(char) *parent = NULL;
	scoped(mca_new_key) made = { 0 };
	scoped(mca_draft) draft = { .life = what->life };
	mca_key *issuer_key;
	mca_code code;

	if ((code = mca_ca_label(ca, own, err)) != MCA_OK ||
	    (code = mca_ca_find_policy(&policy, ca, "intermediate", err)) !=
		MCA_OK ||
	    (code = mca_issuers_choose_by(&draft.issuer, &ca->issuers,
		 what->issuer, policy, ca->options.now, err)) != MCA_OK ||
	    (code = mca_subtree_new(&draft.constraints, what->permit,
		 what->permit_count, what->exclude, what->exclude_count,
		 err)) != MCA_OK ||
	    (code = mca_key_generate(&made.key, algorithm_of(what), err)) !=
		MCA_OK ||
	    (code = mca_ca_request(&csr, what, own, made.key, err)) != MCA_OK)
		return code;

	draft.policy = policy;
	draft.csr = csr;
	code = mca_ca_draft(ca, &draft, err);
	mca_findings_append(notes, &draft.review.findings);
	mca_findings_append(notes, &draft.lint);
	if (code != MCA_OK)
		return code;
	parent = strdup(draft.issuer->label);
	if (parent == NULL)
		return mca_fail_memory(err);
	if ((code = mca_issuer_key(&issuer_key, draft.issuer, ca->options.home,
		 ca->options.passphrase, err)) != MCA_OK ||
	    (code = mca_ca_save_key(ca, &made, own, err)) != MCA_OK ||
	    (code = mca_sign(&cert, &draft.tbs, issuer_key, err)) != MCA_OK)
		return code;
	code = mca_ca_record(ca, cert,
	    &(struct mca_birth){ .action = "init-intermediate",
		.label = own,
		.kind = "intermediate",
		.parent = parent,
		.where = made.where,
		.policy = "intermediate",
		.origin = MCA_ORIGIN_ISSUED },
	    err);
	if (code != MCA_OK)
		return code;
	made.kept = true;
	*out = give(&cert);
	*label = own;
	return MCA_OK;
}

mca_code
mca_ca_request_intermediate(mca_ca *ca, mca_csr **out, const char **label,
    const struct mca_new_authority *what, struct mca_error *err)
{
	const char *own = label_of(what);
	owned(mca_csr) *csr = NULL;
	scoped(mca_new_key) made = { 0 };
	mca_code code;

	if ((code = mca_ca_label(ca, own, err)) != MCA_OK ||
	    (code = mca_key_generate(&made.key, algorithm_of(what), err)) !=
		MCA_OK ||
	    (code = mca_ca_request(&csr, what, own, made.key, err)) != MCA_OK ||
	    (code = mca_ca_save_key(ca, &made, own, err)) != MCA_OK)
		return code;
	code = mca_ca_record(ca, NULL,
	    &(struct mca_birth){ .action = "request-intermediate",
		.label = own,
		.kind = "intermediate",
		.parent = "",
		.where = made.where,
		.origin = MCA_ORIGIN_IMPORTED },
	    err);
	if (code != MCA_OK)
		return code;
	made.kept = true;
	*out = give(&csr);
	*label = own;
	return MCA_OK;
}

/* ---- taking in what came back ---- */

/* The awaiting authority whose key the certificate carries. */
static mca_code
find_awaiting(mca_ca *ca, struct mca_issuer **out, const mca_cert *cert,
    struct mca_error *err)
{
	size_t awaiting = 0;

	for (size_t i = 0; i < ca->issuers.count; i++) {
		struct mca_issuer *row = ca->issuers.rows[i];
		mca_key *key;
		mca_code code;

		if (row->cert != NULL)
			continue;
		awaiting++;
		code = mca_issuer_key(&key, row, ca->options.home,
		    ca->options.passphrase, err);
		if (code != MCA_OK)
			return code;
		if (mca_cert_spki(cert) != NULL &&
		    mca_spki_equal(mca_key_spki(key), mca_cert_spki(cert))) {
			*out = row;
			return MCA_OK;
		}
	}
	if (awaiting == 0)
		return mca_fail(err, MCA_ENOTFOUND,
		    "no intermediate of this home awaits its certificate; "
		    "make a request first (--csr-out)");
	return mca_fail(err, MCA_EKEY,
	    "the certificate carries no key that an intermediate of this home "
	    "awaits one for");
}

static bool
signed_by(const mca_cert *cert, const mca_cert *issuer)
{
	return mca_cert_spki(issuer) != NULL && mca_cert_is_ca(issuer) &&
	    mca_name_equal(mca_cert_issuer(cert), mca_cert_subject(issuer)) &&
	    mca_cert_is_signed_by(cert, mca_cert_spki(issuer));
}

static mca_code
check_intermediate(mca_ca *ca, const mca_cert *cert, struct mca_error *err)
{
	const struct mca_issuer *issuer = mca_ca_issuer_of(ca, cert);
	const char *usage = mca_cert_key_usage(cert);

	if (!mca_cert_is_ca(cert))
		return mca_fail(err, MCA_EPOLICY,
		    "basicConstraints: the certificate is not a CA's (RFC "
		    "5280, 4.2.1.9)");
	if (mca_cert_not_after(cert) < ca->options.now)
		return mca_fail(err, MCA_EPOLICY, "the certificate ended at %s",
		    MCA_TIME(mca_cert_not_after(cert)));
	if (usage != NULL && strstr(usage, "keyCertSign") == NULL)
		return mca_fail(err, MCA_EPOLICY,
		    "keyUsage: \"%s\" is not for keyCertSign, so it could "
		    "sign nothing (RFC 5280, 4.2.1.3)",
		    usage);
	if (issuer != NULL && mca_cert_path_len(issuer->cert) == 0)
		return mca_fail(err, MCA_EPOLICY,
		    "the pathLenConstraint of \"%s\", which signed it, is 0: "
		    "clients would refuse all below it (RFC 5280, 4.2.1.9)",
		    issuer->label);
	return MCA_OK;
}

struct mca_issuer *
mca_ca_issuer_of(const mca_ca *ca, const mca_cert *cert)
{
	for (size_t i = 0; i < ca->issuers.count; i++)
		if (ca->issuers.rows[i]->cert != NULL &&
		    signed_by(cert, ca->issuers.rows[i]->cert))
			return ca->issuers.rows[i];
	return NULL;
}

/*
 * Records the issuers that came along, from the one above `cert` upwards, as
 * authorities whose keys are elsewhere; their labels are made from `label`.
 * A root among them does not become a trust anchor: that is asked for.
 */
static mca_code
record_issuers(mca_ca *ca, const mca_certs *certs, const mca_cert *cert,
    const char *label, char parent[80], size_t depth, struct mca_error *err)
{
	const struct mca_issuer *known = mca_ca_issuer_of(ca, cert);
	char above[80] = "";
	const mca_cert *issuer = NULL;
	mca_code code;

	parent[0] = '\0';
	if (mca_cert_is_self_issued(cert) || depth > certs->count)
		return MCA_OK;
	if (known != NULL) {
		(void)snprintf(parent, 80, "%s", known->label);
		return MCA_OK;
	}
	for (size_t i = 1; i < certs->count && issuer == NULL; i++)
		if (signed_by(cert, certs->rows[i]))
			issuer = certs->rows[i];
	if (issuer == NULL)
		return MCA_OK;
	code = record_issuers(ca, certs, issuer, label, above, depth + 1, err);
	if (code != MCA_OK)
		return code;
	(void)snprintf(parent, 80, "%.60s.above-%zu", label, depth);
	code = mca_ca_write(ca, issuer,
	    &(struct mca_birth){ .action = "import-issuer",
		.label = parent,
		.kind =
		    mca_cert_is_self_issued(issuer) ? "root" : "intermediate",
		.parent = above,
		.where = "",
		.origin = MCA_ORIGIN_IMPORTED },
	    err);
	ca->loaded = false;
	return code == MCA_OK ? mca_ca_load(ca, err) : code;
}

static mca_code
write_installed(mca_ca *ca, const mca_cert *cert, const char *label,
    const char *parent, struct mca_error *err)
{
	int64_t row;
	mca_code code;

	if ((code = mca_store_add(ca->store, &row, cert, MCA_ORIGIN_IMPORTED,
		 *parent == '\0' ? NULL : parent, NULL, ca->options.now,
		 err)) != MCA_OK ||
	    (code = mca_store_install(ca->store, label, row, parent, err)) !=
		MCA_OK)
		return code;
	return mca_ca_audit(ca, "install-intermediate", label,
	    mca_cert_serial(cert), err);
}

/* All in the open transaction: it, and those above it that are new here. */
static mca_code
install(mca_ca *ca, char **own, const mca_certs *certs, struct mca_error *err)
{
	const mca_cert *cert = certs->rows[0];
	struct mca_issuer *awaiting = NULL;
	char parent[80];
	mca_code code;

	if ((code = mca_ca_load(ca, err)) != MCA_OK ||
	    (code = check_intermediate(ca, cert, err)) != MCA_OK ||
	    (code = find_awaiting(ca, &awaiting, cert, err)) != MCA_OK ||
	    (code = mca_ca_check_key(ca, mca_cert_spki(cert), err)) != MCA_OK)
		return code;
	if (mca_cert_is_self_issued(cert))
		return mca_fail(err, MCA_EPOLICY,
		    "its issuer is itself: a root is taken in with `minica "
		    "init-root --import`");
	*own = strdup(awaiting->label);
	if (*own == NULL)
		return mca_fail_memory(err);
	if ((code = record_issuers(ca, certs, cert, *own, parent, 1, err)) !=
		MCA_OK ||
	    (code = write_installed(ca, cert, *own, parent, err)) != MCA_OK)
		return code;
	return mca_store_commit(ca->store, err);
}

mca_code
mca_ca_install_intermediate(mca_ca *ca, const char **label,
    const mca_certs *certs, struct mca_error *err)
{
	owned(char) *own = NULL;
	mca_code code = mca_store_begin(ca->store, err);

	if (code != MCA_OK)
		return code;
	ca->loaded = false;
	code = install(ca, &own, certs, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	ca->loaded = false;
	if (code != MCA_OK || (code = mca_ca_load(ca, err)) != MCA_OK)
		return code;
	*label = mca_issuers_find(&ca->issuers, own)->label;
	return MCA_OK;
}
