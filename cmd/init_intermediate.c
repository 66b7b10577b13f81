/*
 * init_intermediate.c - minica init-intermediate: under a root that is here,
 * or under one that is elsewhere (--csr-out, then --install).
 */
#include "authority.h"
#include "fail.h"
#include "findings.h"
#include "json.h"
#include "keyfile.h"
#include "request.h"

struct args {
	struct authority a;
	struct pass pass;
	const char *issuer, *csr_out, *install;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "issuer", "LABEL", FIELD(issuer),
	    "the authority above it" },
	AUTHORITY_OPTS,
	{ OPT_TEXT, 0, "csr-out", "FILE", FIELD(csr_out),
	    "its issuer is elsewhere: write a request for it" },
	{ OPT_TEXT, 0, "install", "CERT", FIELD(install),
	    "take in the certificate that came back" },
	PASS_OPTS,
	{ 0 },
};

static mca_code
check(const struct args *args, struct mca_error *err)
{
	const struct authority *a = &args->a;
	int ways = (args->issuer != NULL) + (args->csr_out != NULL) +
	    (args->install != NULL);

	if (ways > 1)
		return fail(err, MCA_EUSAGE,
		    "one of --issuer, --csr-out and --install");
	if (args->csr_out != NULL &&
	    (a->out != NULL || a->life.given || a->permit.count > 0 ||
		a->exclude.count > 0))
		return fail(err, MCA_EUSAGE,
		    "--csr-out: certificate, life and name constraints are "
		    "its issuer's to decide");
	if (args->install != NULL &&
	    (a->name != NULL || a->org != NULL || a->key != NULL ||
		a->id != NULL || a->life.given || a->permit.count > 0 ||
		a->exclude.count > 0))
		return fail(err, MCA_EUSAGE,
		    "--install takes a certificate as it is: only --out goes "
		    "with it");
	return MCA_OK;
}

static mca_code
make(struct session *s, struct args *args, output *out, bool encrypted,
    struct mca_error *err)
{
	struct mca_new_authority what = authority_describe(&args->a);
	scoped(mca_findings) notes = { 0 };
	owned(mca_cert) *cert = NULL;
	const char *label = NULL;
	mca_code code;

	what.issuer = args->issuer;
	code =
	    mca_ca_init_intermediate(s->ca, &cert, &label, &what, &notes, err);
	findings_talk(s, "", &notes, MCA_NOTE);
	json_put(s->doc, "findings", json_findings(&notes));
	if (code != MCA_OK)
		return code;
	return authority_tell(s, out, label, cert, encrypted, err);
}

static mca_code
request(struct session *s, struct args *args, output *out, bool encrypted,
    struct mca_error *err)
{
	struct mca_new_authority what = authority_describe(&args->a);
	owned(mca_csr) *csr = NULL;
	owned(char) *key = NULL;
	scoped(mca_blob) pem = { 0 };
	const char *label = NULL;

	if (mca_ca_request_intermediate(s->ca, &csr, &label, &what, err) !=
		MCA_OK ||
	    authority_key(&key, s, label, err) != MCA_OK ||
	    request_pem(&pem, csr, err) != MCA_OK)
		return err->code;

	talk(s, "key  %s", MCA_SHOW_TEXT(key));
	if (!encrypted)
		keyfile_warn(s, key);
	talk(s,
	    "next: have the request signed by its issuer "
	    "(minica sign --policy intermediate), then "
	    "minica init-intermediate --install CERT");
	json_put(s->doc, "key_file", json_text(key));
	json_put(s->doc, "request", json_bytes(&pem));
	return output_write(out, s, &pem, err);
}

static mca_code
install(struct session *s, struct args *args, output *out,
    struct mca_error *err)
{
	scoped(mca_certs) certs = { 0 };
	const char *label = NULL;

	if (mca_certs_read(&certs, args->install, err) != MCA_OK ||
	    mca_ca_install_intermediate(s->ca, &label, &certs, err) != MCA_OK)
		return err->code;
	return authority_tell(s, out, label, certs.rows[0], true, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const char *path = args->csr_out != NULL ? args->csr_out : args->a.out;
	enum mca_store_mode mode =
	    args->csr_out == NULL ? MCA_STORE_WRITE : MCA_STORE_CREATE;
	const struct mca_passphrase *passphrase;
	scoped(output) out = { 0 };

	if (check(args, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, args->install == NULL, err) !=
		MCA_OK ||
	    output_open(&out, s, path, MODE_PUBLIC, args->a.force, err) !=
		MCA_OK ||
	    session_open(s, mode, passphrase, err) != MCA_OK)
		return err->code;

	if (args->csr_out != NULL)
		return request(s, args, &out, passphrase != NULL, err);
	if (args->install != NULL)
		return install(s, args, &out, err);
	return make(s, args, &out, passphrase != NULL, err);
}

const struct command init_intermediate_command = {
	"init-intermediate",
	"Make an authority below the root",
	opts,
	sizeof(struct args),
	run,
	"  minica init-intermediate --issuer root\n"
	"\n"
	"When the root is kept elsewhere:\n"
	"\n"
	"  minica init-intermediate --csr-out issuing.csr\n"
	"  minica --home /media/root sign --policy intermediate issuing.csr "
	"\\\n"
	"      --out issuing.pem\n"
	"  minica init-intermediate --install issuing.pem\n",
};
