/*
 * ca_ocsp.c - OCSP responses for what this home issued (minica/ca.h).
 *
 * A responder is a leaf with a key of its own, so that the authority's key can
 * stay away while answers are made.  Its key is in the home, in a file that is
 * named after the key; its certificate is found by its label.
 */
#include "ca_parts.h"

#include "minica/text.h"
#include "ocspmake.h"
#include "sign.h"

#include <stdio.h>
#include <string.h>

#define RESPONDER_LABEL "ocsp-responder"
#define RESPONDER_POLICY "ocsp"

/* Who answers, and until when it may be believed. */
typedef struct responder {
	struct mca_issuer *issuer;
	mca_cert *cert; /* of the responder; NULL: the issuer itself */
	mca_key *own;	/* its key */
	struct mca_ocsp_head head;
} responder;

static void
responder_clear(responder *speaker)
{
	mca_cert_free(speaker->cert);
	mca_key_free(speaker->own);
}
MCA_SCOPED(responder, responder_clear)

/* ---- the responder ---- */

static mca_code
key_path(char **out, mca_ca *ca, const char *label, const mca_spki *spki,
    struct mca_error *err)
{
	const uint8_t *id = mca_spki_sha256(spki);

	if (asprintf(out, "%s/keys/ocsp-%s-%02x%02x%02x%02x.key",
		ca->options.home, label, id[0], id[1], id[2], id[3]) < 0) {
		*out = NULL;
		return mca_fail_memory(err);
	}
	return MCA_OK;
}

static bool
may_respond(const mca_cert *cert)
{
	const char *usage = mca_cert_ext_key_usage(cert);

	return usage != NULL && strstr(usage, "OCSPSigning") != NULL;
}

struct search {
	mca_ca *ca;
	mca_time until;
	mca_cert *found; /* the newest that fits */
};

static mca_code
keep_fitting(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	struct search *search = context;
	owned(mca_cert) *cert = NULL;
	mca_code code;

	if (record->not_after < search->until)
		return MCA_OK;
	code = mca_cert_parse(&cert, record->der, record->der_length, err);
	if (code != MCA_OK)
		return code;
	if (!may_respond(cert) || mca_cert_spki(cert) == NULL)
		return MCA_OK;
	mca_cert_free(search->found);
	search->found = give(&cert);
	return MCA_OK;
}

/* Finds one whose key is here; `speaker->own` stays NULL if there is none. */
static mca_code
find_responder(mca_ca *ca, responder *speaker, mca_time until,
    struct mca_error *err)
{
	const struct mca_filter filter = { .label = RESPONDER_LABEL,
		.authority = speaker->issuer->label,
		.status = MCA_STATUS_VALID,
		.now = ca->options.now };
	struct search search = { .ca = ca, .until = until };
	owned(char) *path = NULL;
	mca_code code =
	    mca_store_list(ca->store, &filter, keep_fitting, &search, err);

	speaker->cert = search.found;
	if (code != MCA_OK || search.found == NULL)
		return code;
	code = key_path(&path, ca, speaker->issuer->label,
	    mca_cert_spki(search.found), err);
	if (code == MCA_OK)
		code = mca_key_load(&speaker->own, path, ca->options.passphrase,
		    err);
	if (code != MCA_ENOTFOUND)
		return code;
	mca_cert_free(give(&speaker->cert));
	return MCA_OK;
}

static mca_code
record_responder(mca_ca *ca, const responder *speaker, struct mca_error *err)
{
	static const char *const labels[] = { RESPONDER_LABEL };
	const struct mca_issuance issuance = {
		.authority = speaker->issuer->label,
		.policy = RESPONDER_POLICY,
		.labels = labels,
		.label_count = 1,
	};
	int64_t row;
	mca_code code = mca_store_begin(ca->store, err);

	if (code != MCA_OK)
		return code;
	code = mca_store_add_issued(ca->store, &row, speaker->cert, &issuance,
	    ca->options.now, err);
	if (code == MCA_OK)
		code = mca_ca_audit(ca, "issue", mca_cert_serial(speaker->cert),
		    "an OCSP responder", err);
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	return code;
}

static mca_code
draft_responder(mca_ca *ca, mca_draft *draft, mca_time until,
    struct mca_error *err)
{
	mca_code code = mca_ca_draft(ca, draft, err);

	if (code != MCA_OK)
		return mca_within(err, "OCSP responder");
	if (!may_respond(draft->rehearsed))
		return mca_fail(err, MCA_EPOLICY,
		    "policy \"%s\" makes no OCSP responders: "
		    "extended_key_usage lacks OCSPSigning (RFC 6960, 4.2.2.2)",
		    RESPONDER_POLICY);
	if (mca_cert_not_after(draft->rehearsed) < until)
		return mca_fail(err, MCA_EUSAGE,
		    "an OCSP responder would end at %s, before what it "
		    "signed: ask for a shorter life (--days)",
		    MCA_TIME(mca_cert_not_after(draft->rehearsed)));
	return MCA_OK;
}

static mca_code
make_responder(mca_ca *ca, responder *speaker, mca_time until,
    struct mca_error *err)
{
	const char *label = speaker->issuer->label;
	scoped(mca_draft) draft = { .issuer = speaker->issuer };
	scoped(mca_new_key) made = { 0 };
	owned(mca_policy) *policy = NULL;
	owned(mca_csr) *csr = NULL;
	mca_key *key;
	char name[80];
	mca_code code;

	(void)snprintf(name, sizeof(name), "ocsp-%s", label);
	if ((code = mca_ca_find_policy(&policy, ca, RESPONDER_POLICY, err)) !=
		MCA_OK ||
	    (code = mca_key_generate(&made.key, "ec-p256", err)) != MCA_OK ||
	    (code = mca_ca_request(&csr, &(struct mca_new_authority){ 0 }, name,
		 made.key, err)) != MCA_OK)
		return code;
	draft.policy = policy;
	draft.csr = csr;
	if ((code = draft_responder(ca, &draft, until, err)) != MCA_OK ||
	    (code = mca_issuer_key(&key, speaker->issuer, ca->options.home,
		 ca->options.passphrase, err)) != MCA_OK ||
	    (code = mca_ca_save_key(ca, &made, name, err)) != MCA_OK ||
	    (code = mca_sign(&speaker->cert, &draft.tbs, key, err)) != MCA_OK ||
	    (code = record_responder(ca, speaker, err)) != MCA_OK)
		return code;
	made.kept = true;
	speaker->own = give(&made.key);
	return MCA_OK;
}

static mca_code
find_speaker(mca_ca *ca, responder *speaker, const struct mca_ocsp_how *how,
    struct mca_error *err)
{
	mca_time until = ca->options.now + how->life;
	mca_key *key;
	mca_code code = MCA_OK;

	speaker->head = (struct mca_ocsp_head){
		.this_update = ca->options.now,
		.next_update = until,
		.delegated = !how->by_issuer,
	};
	if (how->by_issuer) {
		code = mca_issuer_key(&key, speaker->issuer, ca->options.home,
		    ca->options.passphrase, err);
		if (code != MCA_OK)
			return code;
		speaker->head.signer = speaker->issuer->cert;
		speaker->head.key = key;
		return MCA_OK;
	}
	code = find_responder(ca, speaker, until, err);
	if (code == MCA_OK && speaker->own == NULL)
		code = make_responder(ca, speaker, until, err);
	speaker->head.signer = speaker->cert;
	speaker->head.key = speaker->own;
	return code;
}

bool
mca_ca_is_responder_key(mca_ca *ca, const char *path)
{
	for (size_t i = 0; i < ca->issuers.count; i++) {
		const char *label = ca->issuers.rows[i]->label;
		size_t length = strlen(label);

		if (strncmp(path, "keys/ocsp-", 10) == 0 &&
		    strncmp(path + 10, label, length) == 0 &&
		    path[10 + length] == '-' &&
		    strlen(path + 10 + length) == strlen("-01234567.key"))
			return true;
	}
	return false;
}

/* ---- answers ---- */

static mca_code
look_up(mca_ca *ca, struct mca_ocsp_status *out,
    struct mca_revocation *revocation, const struct mca_issuer *issuer,
    const char *serial, struct mca_error *err)
{
	const char *name = mca_name_text(mca_cert_subject(issuer->cert));
	bool found;
	mca_code code =
	    mca_store_revoked(ca->store, &found, revocation, name, serial, err);

	if (code != MCA_OK)
		return code;
	if (found) {
		*out = (struct mca_ocsp_status){ MCA_OCSP_REVOKED,
			revocation->revoked, revocation->invalid_since,
			mca_revocation_code(revocation->reason) };
		return MCA_OK;
	}
	code = mca_store_issued(ca->store, &found, name, serial, err);
	out->answer = found ? MCA_OCSP_GOOD : MCA_OCSP_UNKNOWN;
	return code;
}

static mca_code
note_signing(mca_ca *ca, const responder *speaker, const char *what,
    struct mca_error *err)
{
	scoped(mca_text) detail = { 0 };
	mca_code code;

	mca_text_addf(&detail, "%s, until %s", what,
	    MCA_TIME(speaker->head.next_update));
	if (detail.failed)
		return mca_fail_memory(err);
	if ((code = mca_store_begin(ca->store, err)) != MCA_OK)
		return code;
	code = mca_ca_audit(ca, "ocsp", speaker->issuer->label,
	    mca_text_get(&detail), err);
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	return code;
}

/* The authority that the first question is about. */
static mca_code
find_asked(mca_ca *ca, struct mca_issuer **out, const mca_ocsp_request *request,
    struct mca_error *err)
{
	for (size_t i = ca->issuers.count; i-- > 0;) {
		struct mca_issuer *row = ca->issuers.rows[i];

		if (row->cert == NULL ||
		    !mca_ocsp_request_of(request, 0, row->cert))
			continue;
		*out = row;
		return MCA_OK;
	}
	return mca_fail(err, MCA_ENOTFOUND,
	    "it asks about a certificate of an issuer that is no authority "
	    "of this home (RFC 6960, 2.3: unauthorized)");
}

static mca_code
answer(mca_ca *ca, mca_blob *out, const mca_ocsp_request *request,
    const responder *speaker, mca_ocsp_each *each, void *context,
    struct mca_error *err)
{
	size_t count = mca_ocsp_request_count(request);
	struct mca_ocsp_status *statuses = calloc(count, sizeof(*statuses));
	mca_code code = MCA_OK;

	if (statuses == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < count && code == MCA_OK; i++) {
		scoped(mca_text) serial = { 0 };
		struct mca_revocation revocation = { 0 };

		mca_ocsp_request_serial(&serial, request, i);
		statuses[i].answer = MCA_OCSP_UNKNOWN;
		if (mca_ocsp_request_of(request, i, speaker->issuer->cert))
			code = look_up(ca, &statuses[i], &revocation,
			    speaker->issuer, mca_text_get(&serial), err);
		if (code == MCA_OK)
			each(context, mca_text_get(&serial), statuses[i].answer,
			    &revocation);
	}
	if (code == MCA_OK)
		code = mca_ocsp_respond(out, request, statuses, &speaker->head,
		    err);
	free(statuses);
	return code;
}

mca_code
mca_ca_ocsp(mca_ca *ca, mca_blob *out, const mca_blob *request,
    const struct mca_ocsp_how *how, mca_ocsp_each *each, void *context,
    struct mca_error *err)
{
	owned(mca_ocsp_request) *asked = NULL;
	scoped(responder) speaker = { 0 };
	mca_code code;

	if ((code = mca_ocsp_request_parse(&asked, request->bytes,
		 request->length, err)) != MCA_OK ||
	    (code = mca_ca_load(ca, err)) != MCA_OK ||
	    (code = find_asked(ca, &speaker.issuer, asked, err)) != MCA_OK ||
	    (code = find_speaker(ca, &speaker, how, err)) != MCA_OK ||
	    (code = answer(ca, out, asked, &speaker, each, context, err)) !=
		MCA_OK)
		return code;
	return note_signing(ca, &speaker, "the answer to a request", err);
}

/* ---- answers that nobody has asked for yet ---- */

struct presigning {
	mca_ca *ca;
	const responder *speaker;
	mca_ocsp_each_response *each;
	void *context;
};

static mca_code
presign(void *context, const struct mca_record *record, struct mca_error *err)
{
	const struct presigning *all = context;
	const struct mca_issuer *issuer = all->speaker->issuer;
	owned(mca_cert) *cert = NULL;
	owned(mca_ocsp_request) *request = NULL;
	scoped(mca_blob) asked = { 0 };
	scoped(mca_blob) told = { 0 };
	struct mca_ocsp_status status = { .answer = MCA_OCSP_GOOD };
	struct mca_revocation revocation;
	mca_code code = MCA_OK;

	if (record->not_after < all->ca->options.now ||
	    strcmp(record->policy, RESPONDER_POLICY) == 0)
		return MCA_OK;
	if (record->revoked != 0)
		code = look_up(all->ca, &status, &revocation, issuer,
		    record->serial, err);
	if (code != MCA_OK ||
	    (code = mca_cert_parse(&cert, record->der, record->der_length,
		 err)) != MCA_OK ||
	    (code = mca_ocsp_request_about(&request, cert, issuer->cert,
		 err)) != MCA_OK ||
	    (code = mca_ocsp_request_der(&asked, request, err)) != MCA_OK ||
	    (code = mca_ocsp_respond(&told, request, &status,
		 &all->speaker->head, err)) != MCA_OK)
		return code;
	return all->each(all->context,
	    &(struct mca_ocsp_response){ .serial = record->serial,
		.answer = status.answer,
		.request = &asked,
		.response = &told },
	    err);
}

mca_code
mca_ca_ocsp_all(mca_ca *ca, const char **label, const char *authority,
    const struct mca_ocsp_how *how, mca_ocsp_each_response *each, void *context,
    struct mca_error *err)
{
	struct mca_filter filter = { 0 };
	scoped(responder) speaker = { 0 };
	struct presigning all = { ca, &speaker, each, context };
	mca_code code;

	if ((code = mca_ca_load(ca, err)) != MCA_OK ||
	    (code = mca_issuers_choose_crl(&speaker.issuer, &ca->issuers,
		 authority, ca->options.now, err)) != MCA_OK ||
	    (code = find_speaker(ca, &speaker, how, err)) != MCA_OK ||
	    (code = note_signing(ca, &speaker, "answers about all", err)) !=
		MCA_OK)
		return code;
	*label = speaker.issuer->label;
	filter.authority = speaker.issuer->label;
	return mca_store_list(ca->store, &filter, presign, &all, err);
}
