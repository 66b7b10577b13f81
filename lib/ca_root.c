/*
 * ca_root.c - roots: made here, or taken in (minica/ca.h).
 */
#include "ca_parts.h"

#include "minica/text.h"
#include "sign.h"

#include <string.h>

static const char *
label_of(const struct mca_new_authority *what)
{
	return what->label == NULL ? "root" : what->label;
}

/* The label as it is now kept, for the caller. */
static mca_code
find_label(mca_ca *ca, const char **label, const char *wanted,
    struct mca_error *err)
{
	const struct mca_issuer *issuer;
	mca_code code = mca_ca_load(ca, err);

	if (code != MCA_OK || label == NULL)
		return code;
	issuer = mca_issuers_find(&ca->issuers, wanted);
	*label = issuer == NULL ? wanted : issuer->label;
	return MCA_OK;
}

static mca_code
draft_root(mca_ca *ca, mca_draft *draft, const struct mca_new_authority *what,
    struct mca_error *err)
{
	mca_code code = mca_subtree_new(&draft->constraints, what->permit,
	    what->permit_count, what->exclude, what->exclude_count, err);

	if (code != MCA_OK)
		return code;
	return mca_ca_draft(ca, draft, err);
}

mca_code
mca_ca_draw_root(mca_ca *ca, mca_cert **out, mca_new_key *made,
    const struct mca_new_authority *what, const char *label,
    struct mca_error *err)
{
	owned(mca_policy) *policy = NULL;
	owned(mca_csr) *csr = NULL;
	scoped(mca_draft) draft = { .life = what->life };
	mca_code code;

	if ((code = mca_ca_find_policy(&policy, ca, "root", err)) != MCA_OK ||
	    (code = mca_key_generate(&made->key,
		 what->key_algorithm == NULL ? "ec-p384" : what->key_algorithm,
		 err)) != MCA_OK ||
	    (code = mca_ca_request(&csr, what, label, made->key, err)) !=
		MCA_OK)
		return code;
	draft.policy = policy;
	draft.csr = csr;
	if ((code = draft_root(ca, &draft, what, err)) != MCA_OK ||
	    (code = mca_ca_save_key(ca, made, label, err)) != MCA_OK)
		return code;
	return mca_sign(out, &draft.tbs, made->key, err);
}

mca_code
mca_ca_init_root(mca_ca *ca, mca_cert **out, const char **label,
    const struct mca_new_authority *what, struct mca_error *err)
{
	const char *own = label_of(what);
	owned(mca_cert) *cert = NULL;
	scoped(mca_new_key) made = { 0 };
	mca_code code;

	if ((code = mca_ca_label(ca, own, err)) != MCA_OK ||
	    (code = mca_ca_draw_root(ca, &cert, &made, what, own, err)) !=
		MCA_OK)
		return code;
	code = mca_ca_record(ca, cert,
	    &(struct mca_birth){ .action = "init-root",
		.label = own,
		.kind = "root",
		.parent = "",
		.where = made.where,
		.policy = "root",
		.origin = MCA_ORIGIN_ISSUED,
		.anchor = true },
	    err);
	if (code != MCA_OK)
		return code;
	made.kept = true;
	*out = give(&cert);
	return find_label(ca, label, own, err);
}

/* What a certificate must be, to be a root of ours. */
static mca_code
check_root(mca_ca *ca, const mca_cert *cert, const mca_key *key,
    struct mca_error *err)
{
	if (!mca_cert_is_ca(cert))
		return mca_fail(err, MCA_EPOLICY,
		    "basicConstraints: the certificate is not a CA's (RFC "
		    "5280, 4.2.1.9)");
	if (!mca_cert_is_self_issued(cert) || mca_cert_spki(cert) == NULL ||
	    !mca_cert_is_signed_by(cert, mca_cert_spki(cert)))
		return mca_fail_ssl(err, MCA_EPOLICY,
		    "the certificate is not signed by its own key, so it is "
		    "no root");
	if (mca_cert_not_after(cert) < ca->options.now)
		return mca_fail(err, MCA_EPOLICY, "the certificate ended at %s",
		    MCA_TIME(mca_cert_not_after(cert)));
	if (!mca_spki_equal(mca_key_spki(key), mca_cert_spki(cert)))
		return mca_fail(err, MCA_EKEY,
		    "the private key is not the one of the certificate");
	return mca_ca_check_key(ca, mca_key_spki(key), err);
}

/* A key behind a URI stays where it is; one in a file is copied. */
static mca_code
take_key(mca_ca *ca, mca_new_key *made, const char *label, const char *where,
    struct mca_error *err)
{
	if (!mca_key_is_uri(where))
		return mca_ca_save_key(ca, made, label, err);
	made->where = strdup(where);
	return made->where == NULL ? mca_fail_memory(err) : MCA_OK;
}

mca_code
mca_ca_import_root(mca_ca *ca, const char **label,
    const struct mca_new_authority *what, const mca_cert *cert, const char *key,
    struct mca_error *err)
{
	const char *own = label_of(what);
	scoped(mca_new_key) made = { 0 };
	mca_code code;

	if ((code = mca_ca_label(ca, own, err)) != MCA_OK ||
	    (code = mca_key_load(&made.key, key, ca->options.passphrase,
		 err)) != MCA_OK ||
	    (code = check_root(ca, cert, made.key, err)) != MCA_OK ||
	    (code = take_key(ca, &made, own, key, err)) != MCA_OK)
		return code;
	code = mca_ca_record(ca, cert,
	    &(struct mca_birth){ .action = "import-root",
		.label = own,
		.kind = "root",
		.parent = "",
		.where = made.where,
		.origin = MCA_ORIGIN_IMPORTED,
		.anchor = true },
	    err);
	if (code != MCA_OK)
		return code;
	made.kept = true;
	return find_label(ca, label, own, err);
}
