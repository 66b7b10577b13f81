/*
 * init_root.c - minica init-root: the first authority, and a trust anchor.
 */
#include "authority.h"
#include "fail.h"

struct args {
	struct authority a;
	struct pass pass;
	const char *import, *key;
};

static const struct opt opts[] = {
	AUTHORITY_OPTS,
	{ OPT_TEXT, 0, "import", "CERT", FIELD(import),
	    "take in a root made elsewhere: --import CERT KEY" },
	PASS_OPTS,
	{ OPT_ARG_MAYBE, 0, "KEY", NULL, FIELD(key),
	    "with --import, its key: a file or a URI" },
	{ 0 },
};

/* An imported root is what it is. */
static mca_code
check(const struct args *args, struct mca_error *err)
{
	const struct authority *a = &args->a;

	if (args->import == NULL && args->key != NULL)
		return fail(err, MCA_EUSAGE,
		    "\"%s\": a root is made from nothing, or with "
		    "--import CERT KEY",
		    MCA_SHOW_TEXT(args->key));
	if (args->import == NULL)
		return MCA_OK;
	if (args->key == NULL)
		return fail(err, MCA_EUSAGE,
		    "KEY is missing: --import CERT KEY");
	if (a->name != NULL || a->org != NULL || a->key != NULL ||
	    a->life.given || a->permit.count > 0 || a->exclude.count > 0)
		return fail(err, MCA_EUSAGE,
		    "--import takes a root as it is: only --id, --out and a "
		    "passphrase go with it");
	return MCA_OK;
}

static mca_code
import(mca_cert **out, const char **label, struct session *s,
    const struct args *args, struct mca_error *err)
{
	struct mca_new_authority what = authority_describe(&args->a);
	scoped(mca_certs) certs = { 0 };

	if (mca_certs_read(&certs, args->import, err) != MCA_OK)
		return err->code;
	if (certs.count != 1)
		return fail(err, MCA_EFORMAT,
		    "%s: holds %zu certificates; a root is one",
		    MCA_SHOW_TEXT(args->import), certs.count);
	*out = mca_cert_ref(certs.rows[0]);
	return mca_ca_import_root(s->ca, label, &what, *out, args->key, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	struct mca_new_authority what = authority_describe(&args->a);
	const struct mca_passphrase *passphrase;
	scoped(output) out = { 0 };
	owned(mca_cert) *cert = NULL;
	const char *label = NULL;
	mca_code code;

	if (check(args, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, args->import == NULL, err) !=
		MCA_OK ||
	    output_open(&out, s, args->a.out, MODE_PUBLIC, args->a.force,
		err) != MCA_OK ||
	    session_open(s, MCA_STORE_CREATE, passphrase, err) != MCA_OK)
		return err->code;

	code = args->import == NULL
	    ? mca_ca_init_root(s->ca, &cert, &label, &what, err)
	    : import(&cert, &label, s, args, err);
	if (code != MCA_OK)
		return code;
	return authority_tell(s, &out, label, cert, passphrase != NULL, err);
}

const struct command init_root_command = {
	"init-root",
	"Make the root authority and trust it",
	opts,
	sizeof(struct args),
	run,
	"Without options: EC P-384, ten years, any name.  The certificate "
	"goes\n"
	"to standard output unless --out names a file.\n"
	"\n"
	"  minica init-root --name \"Example Root\" --permit example.org\n"
	"  minica init-root --import old-root.pem old-root.key\n",
};
