/*
 * show.c - minica show: one certificate of the store, and its file again.
 */
#include "account.h"
#include "fail.h"
#include "json.h"

#include <string.h>

struct args {
	const char *id;
	bool pem, fullchain;
};

static const struct opt opts[] = {
	{ OPT_ARG, 0, "ID", NULL, FIELD(id),
	    "serial number, SHA-256 fingerprint, label or name" },
	{ OPT_FLAG, 0, "pem", NULL, FIELD(pem), "print it as PEM" },
	{ OPT_FLAG, 0, "fullchain", NULL, FIELD(fullchain),
	    "print it as PEM, and its intermediates" },
	{ 0 },
};

/* What was found; the store lends its rows, so that this is copies. */
struct found {
	struct session *s;
	json_t *records; /* NULL without --json */
	mca_text lines;	 /* one for each */

	/* Of the first: */
	mca_cert *cert;
	char *authority;
	mca_text account;
};

static void
found_clear(struct found *found)
{
	json_decref(found->records);
	mca_text_clear(&found->lines);
	mca_text_clear(&found->account);
	mca_cert_free(found->cert);
	free(found->authority);
}

static mca_code
note(void *context, const struct mca_record *record, struct mca_error *err)
{
	struct found *found = context;
	const struct session *s = found->s;

	mca_text_addf(&found->lines, "%s  %s  until %s  %s\n", record->serial,
	    record_status(record, s->now), MCA_TIME(record->not_after),
	    *record->names == '\0' ? record->subject : record->names);
	if (s->doc != NULL)
		json_append(found->records, json_record(record, s->now));
	if (found->cert != NULL)
		return MCA_OK;
	account_record(&found->account, record, s->now);
	found->authority = strdup(record->authority);
	if (found->authority == NULL)
		fail_memory();
	return mca_cert_parse(&found->cert, record->der, record->der_length,
	    err);
}

/* Nothing is printed of one of several: which was meant is not known. */
static mca_code
refuse_many(struct session *s, struct found *found, const char *id,
    size_t count, struct mca_error *err)
{
	const char *at = mca_text_get(&found->lines);

	json_put(s->doc, "candidates", give(&found->records));
	for (; *at != '\0'; at += strcspn(at, "\n") + 1)
		hint(s, "%.*s", (int)strcspn(at, "\n"), at);
	return fail(err, MCA_ENOTFOUND,
	    "\"%s\" may mean %zu certificates: give a serial number",
	    MCA_SHOW_TEXT(id), count);
}

/* The certificate, and with `full` what a server sends after it. */
static mca_code
encode(mca_blob *out, struct session *s, const struct found *found, bool full,
    struct mca_error *err)
{
	scoped(mca_certs) chain = { 0 };

	if (mca_cert_pem(out, found->cert, err) != MCA_OK)
		return err->code;
	if (full && *found->authority != '\0' &&
	    mca_ca_chain(s->ca, &chain, found->authority, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < chain.count; i++)
		if (mca_cert_pem(out, chain.rows[i], err) != MCA_OK)
			return err->code;
	return MCA_OK;
}

static mca_code
tell(struct session *s, struct found *found, const struct args *args,
    struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };

	if (encode(&pem, s, found, args->fullchain, err) != MCA_OK)
		return err->code;
	if (s->doc != NULL) {
		json_put(s->doc, "record",
		    json_incref(json_array_get(found->records, 0)));
		json_put(s->doc, "info", json_cert(found->cert));
		json_put(s->doc, "certificate", json_bytes(&pem));
	}
	if (args->pem || args->fullchain) {
		print_bytes(s, pem.bytes, pem.length);
		return MCA_OK;
	}
	print(s, "%s", mca_text_get(&found->account));
	account_cert(s, found->cert);
	return MCA_OK;
}

static mca_code
find(struct session *s, struct found *found, const struct args *args,
    struct mca_error *err)
{
	size_t count = 0;
	mca_code code;

	code = mca_store_find(mca_ca_store(s->ca), args->id, note, found,
	    &count, err);
	if (code != MCA_OK)
		return code;
	if (count == 0)
		return fail(err, MCA_ENOTFOUND,
		    "no certificate is called \"%s\": minica list shows "
		    "them all",
		    MCA_SHOW_TEXT(args->id));
	if (count > 1)
		return refuse_many(s, found, args->id, count, err);
	return tell(s, found, args, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct found found = { .s = s };
	mca_code code = session_open(s, MCA_STORE_READ, NULL, err);

	if (code != MCA_OK)
		return code;
	if (s->doc != NULL)
		found.records = json_array();
	code = find(s, &found, opaque, err);
	found_clear(&found);
	return code;
}

const struct command show_command = {
	"show",
	"Show one certificate of the store",
	opts,
	sizeof(struct args),
	run,
	"With --pem or --fullchain the certificate's file can be written "
	"again\n"
	"at any time.\n"
	"\n"
	"  minica show www.example.org\n"
	"  minica show root --pem >root.pem\n",
};
