/*
 * show.c - minica show: one certificate of the store, and its file again.
 */
#include "account.h"
#include "json.h"
#include "pick.h"

struct args {
	const char *id;
	bool pem, fullchain;
};

static const struct opt opts[] = {
	{ OPT_ARG, 0, "ID", NULL, FIELD(id),
	    "serial number, SHA-256 fingerprint, label, name or file" },
	{ OPT_FLAG, 0, "pem", NULL, FIELD(pem), "print it as PEM" },
	{ OPT_FLAG, 0, "fullchain", NULL, FIELD(fullchain),
	    "print it as PEM, and its intermediates" },
	{ 0 },
};

/* The certificate, and with `full` what a server sends after it. */
static mca_code
encode(mca_blob *out, struct session *s, const picked *found, bool full,
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
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	scoped(picked) found = { 0 };
	scoped(mca_blob) pem = { 0 };

	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK ||
	    pick_one(&found, s, args->id, err) != MCA_OK ||
	    encode(&pem, s, &found, args->fullchain, err) != MCA_OK)
		return err->code;
	if (s->doc != NULL) {
		json_put(s->doc, "record", give(&found.record));
		json_put(s->doc, "info", json_cert(found.cert));
		json_put(s->doc, "certificate", json_bytes(&pem));
	}
	if (args->pem || args->fullchain) {
		print_bytes(s, pem.bytes, pem.length);
		return MCA_OK;
	}
	print(s, "%s", mca_text_get(&found.account));
	account_cert(s, found.cert);
	return MCA_OK;
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
