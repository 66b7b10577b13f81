/*
 * ca.c - opening a home, and its trust anchors (minica/ca.h).
 */
#include "ca_parts.h"

#include "minica/audit.h"
#include "minica/text.h"

#include <stdio.h>
#include <string.h>

mca_code
mca_ca_open(mca_ca **out, const struct mca_ca_options *options,
    enum mca_store_mode mode, struct mca_error *err)
{
	owned(mca_ca) *ca = calloc(1, sizeof(*ca));
	mca_code code;

	if (ca == NULL)
		return mca_fail_memory(err);
	ca->options = *options;
	code =
	    mca_store_open(&ca->store, options->home, mode, options->now, err);
	if (code != MCA_OK)
		return code;
	*out = give(&ca);
	return MCA_OK;
}

void
mca_ca_close(mca_ca *ca)
{
	if (ca == NULL)
		return;
	mca_issuers_clear(&ca->issuers);
	mca_weaklist_free(ca->listed);
	mca_store_close(ca->store);
	free(ca);
}

mca_store *
mca_ca_store(mca_ca *ca)
{
	return ca->store;
}

mca_code
mca_ca_load(mca_ca *ca, struct mca_error *err)
{
	mca_code code;

	if (ca->loaded)
		return MCA_OK;
	code = mca_issuers_load(&ca->issuers, ca->store, err);
	ca->loaded = code == MCA_OK;
	return code;
}

mca_code
mca_ca_find_policy(mca_policy **out, const mca_ca *ca, const char *name,
    struct mca_error *err)
{
	owned(char) *directory = NULL;

	if (asprintf(&directory, "%s/policies", ca->options.home) < 0) {
		directory = NULL;
		return mca_fail_memory(err);
	}
	return mca_policy_find(out, name, directory, err);
}

mca_code
mca_ca_audit(mca_ca *ca, const char *action, const char *object,
    const char *detail, struct mca_error *err)
{
	const struct mca_audit_entry entry = {
		.at = ca->options.now,
		.actor = ca->options.actor,
		.action = action,
		.object = object,
		.detail = detail,
		.hash = "",
	};

	return mca_audit_add(ca->store, &entry, err);
}

/* ---- trust ---- */

static mca_code
add_anchor(void *context, const struct mca_anchor *anchor,
    struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;
	mca_code code =
	    mca_cert_parse(&cert, anchor->der, anchor->der_length, err);

	if (code != MCA_OK)
		return mca_within(err, "trust anchor %s", anchor->sha256);
	return mca_certs_add(context, cert, err);
}

mca_code
mca_ca_trust(mca_ca *ca, mca_certs *out, struct mca_error *err)
{
	return mca_store_anchors(ca->store, add_anchor, out, err);
}

mca_code
mca_ca_helpers(mca_ca *ca, mca_certs *out, struct mca_error *err)
{
	mca_code code = mca_ca_load(ca, err);

	for (size_t i = 0; i < ca->issuers.count && code == MCA_OK; i++) {
		const struct mca_issuer *issuer = ca->issuers.rows[i];

		if (issuer->cert != NULL && strcmp(issuer->kind, "root") != 0)
			code = mca_certs_add(out, issuer->cert, err);
		if (issuer->cross != NULL && code == MCA_OK)
			code = mca_certs_add(out, issuer->cross, err);
	}
	return code;
}

mca_code
mca_ca_chain(mca_ca *ca, mca_certs *out, const char *label,
    struct mca_error *err)
{
	mca_code code = mca_ca_load(ca, err);
	const struct mca_issuer *at;

	if (code != MCA_OK)
		return code;
	at = mca_issuers_find(&ca->issuers, label);
	for (; at != NULL && at->cert != NULL && code == MCA_OK;
	     at = at->above) {
		if (!mca_cert_is_self_issued(at->cert))
			code = mca_certs_add(out, at->cert, err);
		if (at->cross != NULL && code == MCA_OK)
			code = mca_certs_add(out, at->cross, err);
	}
	return code;
}

mca_code
mca_ca_root(mca_ca *ca, mca_certs *out, const char *label,
    struct mca_error *err)
{
	const struct mca_issuer *at;

	if (mca_ca_load(ca, err) != MCA_OK)
		return err->code;
	at = mca_issuers_find(&ca->issuers, label);
	while (at != NULL && at->above != NULL)
		at = at->above;
	if (at == NULL || at->cert == NULL ||
	    !mca_cert_is_self_issued(at->cert))
		return MCA_OK;
	return mca_certs_add(out, at->cert, err);
}

static mca_code
change_anchor(mca_ca *ca, bool *changed, const mca_cert *cert,
    const char *sha256, const char *origin, struct mca_error *err)
{
	mca_code code = mca_store_begin(ca->store, err);

	if (code != MCA_OK)
		return code;
	code = cert != NULL
	    ? mca_store_add_anchor(ca->store, changed, cert, origin,
		  ca->options.now, err)
	    : mca_store_remove_anchor(ca->store, changed, sha256, err);
	if (code == MCA_OK && *changed)
		code = mca_ca_audit(ca,
		    cert != NULL ? "trust-add" : "trust-remove", sha256, origin,
		    err);
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	return code;
}

mca_code
mca_ca_add_anchor(mca_ca *ca, bool *added, const mca_cert *cert,
    const char *origin, struct mca_error *err)
{
	scoped(mca_text) sha256 = { 0 };

	mca_text_hex(&sha256, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	if (sha256.failed)
		return mca_fail_memory(err);
	return change_anchor(ca, added, cert, mca_text_get(&sha256), origin,
	    err);
}

mca_code
mca_ca_remove_anchor(mca_ca *ca, bool *removed, const char *sha256,
    struct mca_error *err)
{
	return change_anchor(ca, removed, NULL, sha256, "", err);
}
