/*
 * install.c - minica trust install and uninstall.
 */
#include "install.h"

#include "fail.h"
#include "json.h"

#include <string.h>

struct args {
	struct words fingerprints;
	bool dry_run, system, nss;
	const char *root, *java;
};

#define OPTS(verb)                                                             \
	{ OPT_ARGS_MAYBE, 0, "FINGERPRINT", NULL, FIELD(fingerprints),         \
		"anchors to " verb " (all of the store)" },                    \
	    { OPT_FLAG, 0, "system", NULL, FIELD(system),                      \
		    "the system's store" },                                    \
	    { OPT_FLAG, 0, "nss", NULL, FIELD(nss),                            \
		    "databases of Firefox and Chrome in this home" },          \
	    { OPT_TEXT, 0, "java", "FILE", FIELD(java),                        \
		    "a key store of Java's; cacerts: its own" },               \
	    { OPT_TEXT, 0, "root", "DIR", FIELD(root),                         \
		    "the system whose root directory is DIR" },                \
	{                                                                      \
		OPT_FLAG, 'n', "dry-run", NULL, FIELD(dry_run),                \
		    "say what would be done, and do nothing"                   \
	}

static const struct opt install_opts[] = { OPTS("add"), { 0 } };
static const struct opt uninstall_opts[] = { OPTS("remove"), { 0 } };

void
install_name(mca_text *out, const mca_cert *cert)
{
	mca_text_add(out, "minica-", strlen("minica-"));
	mca_text_hex(out, mca_cert_sha256(cert), 8);
	if (out->failed)
		fail_memory();
}

void
install_tell(struct installing *what, const char *where, const mca_cert *cert,
    bool change)
{
	const char *done = what->remove ? "removed" : "added";
	const char *same = what->remove ? "not there" : "there already";
	const char *would = what->remove ? "would remove" : "would add";
	const char *word = !change ? same : what->dry_run ? would : done;
	json_t *row = json_row(what->s->doc, "entries");

	what->changed += change;
	print(what->s, "%s: %s: %s\n", MCA_SHOW_TEXT(where), word,
	    mca_name_text(mca_cert_subject(cert)));
	json_put(row, "store", json_text(where));
	json_put(row, "sha256",
	    json_hex(mca_cert_sha256(cert), MCA_SHA256_SIZE));
	json_put(row, "subject",
	    json_text(mca_name_text(mca_cert_subject(cert))));
	json_put(row, "changed", json_boolean(change && !what->dry_run));
	json_put(row, "would_change", json_boolean(change));
}

/* ---- which anchors ---- */

static const mca_cert *
find(const mca_certs *list, const uint8_t *sha256)
{
	for (size_t i = 0; i < list->count; i++)
		if (memcmp(mca_cert_sha256(list->rows[i]), sha256,
			MCA_SHA256_SIZE) == 0)
			return list->rows[i];
	return NULL;
}

static mca_code
pick(mca_certs *out, const mca_certs *all, const struct words *fingerprints,
    struct mca_error *err)
{
	for (size_t i = 0; i < fingerprints->count; i++) {
		const char *word = fingerprints->rows[i];
		uint8_t sha256[MCA_SHA256_SIZE];
		const mca_cert *cert;

		if (!mca_text_unhex(sha256, sizeof(sha256), word))
			return fail(err, MCA_EUSAGE,
			    "\"%s\" is not 64 hexadecimal digits: minica trust "
			    "list shows them",
			    MCA_SHOW_TEXT(word));
		cert = find(all, sha256);
		if (cert == NULL)
			return fail(err, MCA_ENOTFOUND,
			    "no trust anchor has the fingerprint %s",
			    MCA_SHOW_TEXT(word));
		if (mca_certs_add(out, cert, err) != MCA_OK)
			return err->code;
	}
	return MCA_OK;
}

static mca_code
choose(mca_certs *out, struct session *s, const struct args *args,
    struct mca_error *err)
{
	scoped(mca_certs) all = { 0 };
	bool every = args->fingerprints.count == 0;

	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK ||
	    mca_ca_trust(s->ca, every ? out : &all, err) != MCA_OK)
		return err->code;
	if (every && out->count == 0)
		return fail(err, MCA_ENOTFOUND,
		    "there is no trust anchor in %s", MCA_SHOW_TEXT(s->home));
	return every ? MCA_OK : pick(out, &all, &args->fingerprints, err);
}

/* ---- where ---- */

/* Without a word, the system's store and the databases of this home. */
static mca_code
change_all(struct installing *what, const struct args *args,
    struct mca_error *err)
{
	bool usual = !args->system && !args->nss && args->java == NULL;
	bool elsewhere = args->root != NULL;

	if ((args->system || usual) && install_system(what, err) != MCA_OK)
		return err->code;
	if ((args->nss || (usual && !elsewhere)) &&
	    install_nss(what, err) != MCA_OK)
		return err->code;
	if (args->java != NULL && install_java(what, err) != MCA_OK)
		return err->code;
	return MCA_OK;
}

static mca_code
check(const struct args *args, struct mca_error *err)
{
	if (args->root != NULL && *args->root != '/')
		return fail(err, MCA_EUSAGE,
		    "--root: %s is not an absolute path",
		    MCA_SHOW_TEXT(args->root));
	if (args->root != NULL && (args->nss || args->java != NULL))
		return fail(err, MCA_EUSAGE,
		    "--root is for the system's store, not for --nss or "
		    "--java");
	return MCA_OK;
}

static mca_code
run(struct session *s, const struct args *args, bool remove,
    struct mca_error *err)
{
	bool self = args->root == NULL || strcmp(args->root, "/") == 0;
	scoped(mca_certs) anchors = { 0 };
	struct installing what = {
		.s = s,
		.anchors = &anchors,
		.remove = remove,
		.dry_run = args->dry_run,
		.root = self ? "" : args->root,
		.home = getenv("HOME"),
		.java = args->java,
	};

	if (check(args, err) != MCA_OK ||
	    choose(&anchors, s, args, err) != MCA_OK)
		return err->code;
	json_put(s->doc, "entries", json_array());
	if (change_all(&what, args, err) != MCA_OK)
		return err->code;
	json_put(s->doc, "changes", json_integer((json_int_t)what.changed));
	return MCA_OK;
}

static mca_code
run_install(struct session *s, void *args, struct mca_error *err)
{
	return run(s, args, false, err);
}

static mca_code
run_uninstall(struct session *s, void *args, struct mca_error *err)
{
	return run(s, args, true, err);
}

#define MORE                                                                   \
	"Entries are called minica-HEX, after the certificate's "              \
	"fingerprint;\n"                                                       \
	"no other is touched, and doing it twice changes nothing more.\n"      \
	"Without --system, --nss or --java it is the system's store and the\n" \
	"databases of Firefox and Chrome, where certutil is there.\n"          \
	"\n"

const struct command trust_install_command = {
	"trust install",
	"Have this machine trust the anchors",
	install_opts,
	sizeof(struct args),
	run_install,
	MORE "  minica trust install --dry-run\n"
	     "  sudo -E minica trust install --system\n",
};

const struct command trust_uninstall_command = {
	"trust uninstall",
	"Have this machine trust them no more",
	uninstall_opts,
	sizeof(struct args),
	run_uninstall,
	MORE "  sudo -E minica trust uninstall --system\n",
};
