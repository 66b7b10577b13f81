/*
 * import_apply.c - what was read becomes part of the record, or none of it.
 */
#include "import.h"

#include "minica/digest.h"
#include "minica/text.h"
#include "store.h"

#include <stdio.h>
#include <string.h>

/* One import on its way into the open transaction. */
struct applying {
	mca_ca *ca;
	const mca_import *import;
	struct mca_imported *out;
	const char *label; /* given, or NULL */
	bool rehearse;
	mca_new_key *keys; /* of each tree */
	char (*labels)[80];
};

/* ---- authorities ---- */

/* A tree whose certificate an authority of this home has already. */
static const struct mca_issuer *
same_authority(const mca_ca *ca, const mca_cert *cert)
{
	for (size_t i = 0; i < ca->issuers.count; i++) {
		const struct mca_issuer *row = ca->issuers.rows[i];

		if (row->cert != NULL &&
		    memcmp(mca_cert_sha256(row->cert), mca_cert_sha256(cert),
			MCA_SHA256_SIZE) == 0)
			return row;
	}
	return NULL;
}

static mca_code
keep_key(struct applying *a, size_t i, const char *label, struct mca_error *err)
{
	const struct mca_import_tree *tree = &a->import->trees[i];
	mca_new_key *made = &a->keys[i];
	mca_code code;

	if (tree->key == NULL) {
		made->where = strdup("");
		return made->where == NULL ? mca_fail_memory(err) : MCA_OK;
	}
	if (a->rehearse) {
		made->where = strdup("keys/rehearsal");
		return made->where == NULL ? mca_fail_memory(err) : MCA_OK;
	}

	/* Lent for a moment: the import goes on to own it. */
	made->key = tree->key;
	code = mca_ca_save_key(a->ca, made, label, err);
	made->key = NULL;
	return code;
}

static mca_code
add_authority(struct applying *a, size_t i, struct mca_error *err)
{
	const struct mca_import_tree *tree = &a->import->trees[i];
	const struct mca_issuer *known = same_authority(a->ca, tree->cert);
	bool root = mca_cert_is_self_issued(tree->cert);
	const char *label = a->label != NULL ? a->label
	    : root			     ? "root"
					     : "intermediate";
	const struct mca_issuer *above;
	mca_code code;

	if (known != NULL) {
		(void)snprintf(a->labels[i], 80, "%s", known->label);
		return MCA_OK;
	}
	if ((code = mca_ca_label(a->ca, label, err)) != MCA_OK ||
	    (code = keep_key(a, i, label, err)) != MCA_OK)
		return code;
	(void)snprintf(a->labels[i], 80, "%s", label);
	above = root ? NULL : mca_ca_issuer_of(a->ca, tree->cert);
	code = mca_ca_write(a->ca, tree->cert,
	    &(struct mca_birth){ .action = "import-authority",
		.label = label,
		.kind = root ? "root" : "intermediate",
		.parent = above == NULL ? "" : above->label,
		.where = a->keys[i].where,
		.origin = MCA_ORIGIN_IMPORTED,
		.anchor = root },
	    err);
	a->ca->loaded = false;
	a->out->authorities++;
	a->out->certificates++;
	(void)snprintf(a->out->label, sizeof(a->out->label), "%s", label);
	return code == MCA_OK ? mca_ca_load(a->ca, err) : code;
}

/* ---- certificates ---- */

static mca_code
add_cert(struct applying *a, const struct mca_import_cert *item,
    struct mca_error *err)
{
	const struct mca_issuer *issuer = mca_ca_issuer_of(a->ca, item->cert);
	int64_t id;
	bool there;
	mca_code code = mca_store_has(a->ca->store, &there,
	    mca_cert_sha256(item->cert), err);

	if (code != MCA_OK)
		return code;
	if (there) {
		a->out->known++;
		return MCA_OK;
	}
	code = mca_store_add(a->ca->store, &id, item->cert, MCA_ORIGIN_IMPORTED,
	    issuer == NULL ? NULL : issuer->label, NULL, a->ca->options.now,
	    err);
	if (code == MCA_OK)
		code = mca_ca_audit(a->ca, "import",
		    mca_cert_serial(item->cert), item->from, err);
	a->out->certificates++;
	return code == MCA_OK
	    ? MCA_OK
	    : mca_within(err, "%s", MCA_SHOW_TEXT(item->from));
}

/* ---- revocations ---- */

static mca_code
add_revocation(struct applying *a, const char *issuer, const char *serial,
    const struct mca_revocation *what, size_t *count, struct mca_error *err)
{
	struct mca_revocation was;
	bool there;
	mca_code code =
	    mca_store_revoked(a->ca->store, &there, &was, issuer, serial, err);

	if (code != MCA_OK || there)
		return code;
	++*count;
	return mca_store_revoke(a->ca->store, issuer, serial, what, err);
}

static mca_code
tell_revocations(struct applying *a, const char *label, const char *from,
    size_t count, struct mca_error *err)
{
	scoped(mca_text) detail = { 0 };

	if (count == 0)
		return MCA_OK;
	a->out->revocations += count;
	mca_text_addf(&detail, "%zu revocations, from %s", count, from);
	if (detail.failed)
		return mca_fail_memory(err);
	return mca_ca_audit(a->ca, "import-revocations", label,
	    mca_text_get(&detail), err);
}

static mca_code
add_revoked(struct applying *a, size_t tree, struct mca_error *err)
{
	const mca_import *import = a->import;
	const char *issuer =
	    mca_name_text(mca_cert_subject(import->trees[tree].cert));
	size_t count = 0;
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < import->revoked_count; i++)
		if (import->revoked[i].tree == tree)
			code =
			    add_revocation(a, issuer, import->revoked[i].serial,
				&import->revoked[i].what, &count, err);
	if (code != MCA_OK)
		return code;
	return tell_revocations(a, a->labels[tree], import->trees[tree].path,
	    count, err);
}

/* ---- lists ---- */

struct entries {
	struct applying *a;
	const char *issuer;
	size_t count;
};

static mca_code
add_entry(void *context, const struct mca_crl_entry *entry,
    struct mca_error *err)
{
	struct entries *entries = context;
	const struct mca_revocation what = {
		.reason = mca_revocation_name(entry->reason),
		.revoked = entry->revoked,
		.invalid_since = entry->invalid_since,
	};

	/* removeFromCRL is no revocation (RFC 5280, 5.3.1). */
	if (entry->reason == 8)
		return MCA_OK;
	if (what.reason == NULL)
		return mca_fail(err, MCA_EFORMAT,
		    "serial %s: reason %d is none of RFC 5280, 5.3.1",
		    entry->serial, entry->reason);
	return add_revocation(entries->a, entries->issuer, entry->serial, &what,
	    &entries->count, err);
}

static mca_code
crl_number(int64_t *out, const mca_crl *crl, struct mca_error *err)
{
	const char *number = mca_crl_number(crl);

	*out = 0;
	if (number == NULL)
		return MCA_OK;
	if (*number == '-' || strlen(number) > 15)
		return mca_fail(err, MCA_EFORMAT,
		    "cRLNumber %s cannot be continued: wanted at most 15 "
		    "hexadecimal digits",
		    number);
	*out = strtoll(number, NULL, 16);
	return MCA_OK;
}

/* The number goes on from here; what came before is not published again. */
static mca_code
continue_numbers(struct applying *a, const char *label,
    const struct mca_crl_record *record, struct mca_error *err)
{
	struct mca_crl_record last;
	mca_code code = mca_store_last_crl(a->ca->store, &last, label, err);

	if (code != MCA_OK || last.number >= record->number)
		return code;
	code = mca_store_add_crl(a->ca->store, label, record,
	    a->ca->options.now, err);
	if (code == MCA_OK)
		code = mca_ca_audit(a->ca, "import-crl", label, "", err);
	return code;
}

/* Whose list it is, by name and by signature. */
static const struct mca_issuer *
issuer_of(const mca_ca *ca, const mca_crl *crl)
{
	for (size_t i = 0; i < ca->issuers.count; i++) {
		const struct mca_issuer *row = ca->issuers.rows[i];

		if (row->cert != NULL && mca_cert_spki(row->cert) != NULL &&
		    mca_name_equal(mca_crl_issuer(crl),
			mca_cert_subject(row->cert)) &&
		    mca_crl_is_signed_by(crl, mca_cert_spki(row->cert)))
			return row;
	}
	return NULL;
}

static mca_code
take_crl(struct applying *a, const struct mca_import_crl *item,
    struct mca_error *err)
{
	const struct mca_issuer *issuer = issuer_of(a->ca, item->crl);
	struct entries entries = { .a = a };
	struct mca_crl_record record = {
		.this_update = mca_crl_this_update(item->crl),
		.next_update = mca_crl_next_update(item->crl),
		.recorded = a->ca->options.now,
		.entries = (int64_t)mca_crl_count(item->crl),
	};
	size_t length;
	const uint8_t *der = mca_crl_der(item->crl, &length);
	mca_code code;

	if (issuer == NULL)
		return mca_fail(err, MCA_ENOTFOUND,
		    "no authority of this home signed this CRL of \"%s\": "
		    "import its issuer first",
		    mca_name_text(mca_crl_issuer(item->crl)));
	entries.issuer = mca_name_text(mca_cert_subject(issuer->cert));
	if ((code = mca_crl_each(item->crl, add_entry, &entries, err)) !=
		MCA_OK ||
	    (code = tell_revocations(a, issuer->label, item->from,
		 entries.count, err)) != MCA_OK ||
	    (code = crl_number(&record.number, item->crl, err)) != MCA_OK ||
	    (code = mca_sha256(record.sha256, der, length, err)) != MCA_OK)
		return code;
	a->out->lists++;
	return record.number == 0
	    ? MCA_OK
	    : continue_numbers(a, issuer->label, &record, err);
}

/* Of a list that is not here, only its number is known. */
static mca_code
take_number(struct applying *a, size_t tree, struct mca_error *err)
{
	const struct mca_crl_record record = {
		.number = a->import->trees[tree].number,
		.this_update = a->ca->options.now,
		.next_update = a->ca->options.now,
		.recorded = a->ca->options.now,
	};

	return record.number == 0
	    ? MCA_OK
	    : continue_numbers(a, a->labels[tree], &record, err);
}

/* ---- all of it ---- */

static mca_code
apply(struct applying *a, struct mca_error *err)
{
	const mca_import *import = a->import;
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < import->tree_count; i++) {
		code = add_authority(a, i, err);
		if (code != MCA_OK)
			return mca_within(err, "%s",
			    MCA_SHOW_TEXT(import->trees[i].path));
	}
	for (size_t i = 0; code == MCA_OK && i < import->cert_count; i++)
		code = add_cert(a, &import->certs[i], err);
	for (size_t i = 0; code == MCA_OK && i < import->tree_count; i++)
		code = add_revoked(a, i, err);
	for (size_t i = 0; code == MCA_OK && i < import->crl_count; i++) {
		code = take_crl(a, &import->crls[i], err);
		if (code != MCA_OK)
			return mca_within(err, "%s",
			    MCA_SHOW_TEXT(import->crls[i].from));
	}
	for (size_t i = 0; code == MCA_OK && i < import->tree_count; i++)
		code = take_number(a, i, err);
	return code;
}

static mca_code
in_one_transaction(struct applying *a, struct mca_error *err)
{
	mca_store *store = a->ca->store;
	mca_code code = mca_store_begin(store, err);

	if (code != MCA_OK)
		return code;
	code = apply(a, err);
	if (code == MCA_OK && !a->rehearse)
		code = mca_store_commit(store, err);
	if (code != MCA_OK || a->rehearse)
		mca_store_rollback(store);
	a->ca->loaded = false;
	return code;
}

mca_code
mca_import_apply(mca_ca *ca, struct mca_imported *out, const mca_import *import,
    const char *label, bool rehearse, struct mca_error *err)
{
	size_t trees = import->tree_count;
	struct applying a = { .ca = ca,
		.import = import,
		.out = out,
		.label = label,
		.rehearse = rehearse,
		.keys = calloc(trees + 1, sizeof(*a.keys)),
		.labels = calloc(trees + 1, sizeof(*a.labels)) };
	mca_code code;

	*out = (struct mca_imported){ 0 };
	code = a.keys == NULL || a.labels == NULL ? mca_fail_memory(err)
						  : mca_ca_load(ca, err);
	if (code == MCA_OK)
		code = in_one_transaction(&a, err);
	for (size_t i = 0; a.keys != NULL && i < trees; i++) {
		a.keys[i].kept = code == MCA_OK && !rehearse;
		mca_new_key_clear(&a.keys[i]);
	}
	free(a.keys);
	free(a.labels);
	return code;
}
