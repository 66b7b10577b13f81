/*
 * import.c - minica import: what other programs kept, certificates, lists and
 * whole authorities.
 */
#include "fail.h"
#include "findings.h"
#include "json.h"
#include "pass.h"
#include "session.h"

struct args {
	struct words paths;
	const char *id;
	bool dry_run;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "id", "LABEL", FIELD(id),
	    "what other commands call the authority (root)" },
	{ OPT_FLAG, 'n', "dry-run", NULL, FIELD(dry_run),
	    "try everything, and keep nothing" },
	PASS_OPTS,
	{ OPT_ARGS, 0, "PATH", NULL, FIELD(paths),
	    "certificates, CRLs, or the directory of an authority" },
	{ 0 },
};

static void
tell(struct session *s, const struct args *args,
    const struct mca_imported *came)
{
	json_put(s->doc, "authorities",
	    json_integer((json_int_t)came->authorities));
	json_put(s->doc, "certificates",
	    json_integer((json_int_t)came->certificates));
	json_put(s->doc, "known", json_integer((json_int_t)came->known));
	json_put(s->doc, "revocations",
	    json_integer((json_int_t)came->revocations));
	json_put(s->doc, "crls", json_integer((json_int_t)came->lists));
	json_put(s->doc, "kept", json_boolean(!args->dry_run));
	if (*came->label != '\0')
		json_put(s->doc, "label", json_text(came->label));
	print(s,
	    "%s: %zu authorities, %zu certificates (%zu were there already), "
	    "%zu revocations, %zu CRLs\n",
	    args->dry_run ? "would import" : "imported", came->authorities,
	    came->certificates, came->known, came->revocations, came->lists);
	if (args->dry_run || *came->label == '\0')
		return;
	talk(s,
	    "next: minica doctor; minica crl --issuer %s; and put what was "
	    "imported out of use, so that nobody signs there any more",
	    came->label);
}

/* Nothing to try it against yet: what was read is sound, and that is all. */
static mca_code
tell_outlook(struct session *s, const struct args *args,
    const mca_import *import)
{
	struct mca_imported outlook;

	mca_import_outlook(&outlook, import);
	talk(s, "there is no store in %s yet; import makes one",
	    MCA_SHOW_TEXT(s->home));
	tell(s, args, &outlook);
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;
	owned(mca_import) *import = NULL;
	struct mca_imported came;

	if (pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    mca_import_read(&import, args->paths.rows, args->paths.count,
		passphrase, err) != MCA_OK)
		return err->code;
	findings_talk(s, "", mca_import_notes(import), MCA_NOTE);
	json_put(s->doc, "findings", json_findings(mca_import_notes(import)));
	if (session_open(s, args->dry_run ? MCA_STORE_WRITE : MCA_STORE_CREATE,
		passphrase, err) != MCA_OK)
		return args->dry_run && err->code == MCA_ENOTFOUND
		    ? tell_outlook(s, args, import)
		    : err->code;
	if (mca_import_apply(s->ca, &came, import, args->id, args->dry_run,
		err) != MCA_OK)
		return err->code;
	tell(s, args, &came);
	return MCA_OK;
}

const struct command import_command = {
	"import",
	"Take over certificates, CRLs, or an authority kept by another program",
	opts,
	sizeof(struct args),
	run,
	"A directory is that of easy-rsa, openssl ca, minica (in Go) or "
	"mkcert: "
	"its\n"
	"authority with its key, its certificates with their serial numbers, "
	"its\n"
	"revocations and CRL number.  All of it comes, or nothing.\n"
	"\n"
	"  minica import ~/easy-rsa/pki --dry-run\n"
	"  minica import old-cert.pem ca.crl\n",
};
