/*
 * export.c - minica export: a certificate as the file that a server reads.
 */
#include "fail.h"
#include "json.h"
#include "output.h"
#include "pass.h"
#include "pick.h"

#include <string.h>

struct args {
	const char *id, *format, *key, *out, *name, *name_space;
	bool force;
	struct pass pass, out_pass;
};

static const struct opt opts[] = {
	{ OPT_ARG, 0, "ID", NULL, FIELD(id),
	    "serial number, SHA-256 fingerprint, label, name or file" },
	{ OPT_TEXT, 'f', "format", "LAYOUT", FIELD(format),
	    "what to write (pem): see below" },
	{ OPT_TEXT, 0, "key", "FILE", FIELD(key),
	    "its private key, where the layout holds one" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out), "write it to FILE" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace FILE although minica did not write it" },
	{ OPT_TEXT, 0, "name", "NAME", FIELD(name),
	    "alias in the store, or name of the Secret" },
	{ OPT_TEXT, 0, "namespace", "NAME", FIELD(name_space),
	    "namespace of the Secret" },
	PASS_OPTS,
	OUT_PASS_OPTS,
	{ 0 },
};

/* An option that would do nothing is refused. */
static mca_code
check_places(const struct args *args, const struct mca_layout *layout,
    struct mca_error *err)
{
	const struct {
		bool given, fits;
		const char *option, *what;
	} rows[] = {
		{ args->key != NULL, layout->key != MCA_PART_NONE, "--key",
		    "a key" },
		{ pass_given(&args->out_pass),
		    layout->passphrase != MCA_PART_NONE, "--out-pass-...",
		    "a passphrase" },
		{ args->name != NULL, layout->name_shown, "--name", "a name" },
		{ args->name_space != NULL, layout->name_space_shown,
		    "--namespace", "a namespace" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].given && !rows[i].fits)
			return fail(err, MCA_EUSAGE,
			    "%s: %s has no place for %s", rows[i].option,
			    layout->name, rows[i].what);
	if (pass_given(&args->pass) && args->key == NULL)
		return fail(err, MCA_EUSAGE,
		    "--pass-...: there is no key to open without --key");
	return MCA_OK;
}

static mca_code
check_needs(const struct session *s, const struct args *args,
    const struct mca_layout *layout, struct mca_error *err)
{
	if (layout->key == MCA_PART_MUST && args->key == NULL)
		return fail(err, MCA_EUSAGE,
		    "%s holds the private key, and minica keeps none of a "
		    "server's: give it with --key FILE",
		    layout->name);
	if (layout->passphrase == MCA_PART_MUST && !pass_given(&args->out_pass))
		return fail(err, MCA_EUSAGE,
		    "%s is protected by a passphrase: --out-pass-file, "
		    "--out-pass-fd, --out-pass-env or --ask-out-pass",
		    layout->name);
	if (layout->binary)
		return output_check_binary(s, args->out, layout->name, err);
	return MCA_OK;
}

/* Letters that Kubernetes does not take in a name become '-'. */
static void
tame(char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.";

	for (char *c = name; *c != '\0'; c++)
		if (strchr(letters, *c) == NULL)
			*c = '-';
}

/* Its first name; of an authority, its serial number. */
static char *
default_name(const mca_cert *cert, const struct mca_layout *layout)
{
	const mca_san *san = mca_cert_san(cert);
	const char *name =
	    mca_san_count(san) > 0 ? mca_san_at(san, 0)->text : NULL;
	char *copy = NULL;

	if (asprintf(&copy, "%s%s%s", name == NULL ? "minica-" : "",
		name != NULL && strncmp(name, "*.", 2) == 0 ? "wildcard" : "",
		name == NULL	   ? mca_cert_serial(cert)
		    : *name == '*' ? name + 1
				   : name) < 0)
		fail_memory();
	if (layout->name_space_shown)
		tame(copy);
	return copy;
}

/* What stands above the certificate, as far as this home knows. */
static mca_code
climb(mca_certs *chain, mca_certs *anchors, struct session *s,
    const picked *found, struct mca_error *err)
{
	if (mca_cert_is_self_issued(found->cert))
		return mca_certs_add(anchors, found->cert, err);
	if (*found->authority == '\0')
		return MCA_OK;
	if (mca_ca_chain(s->ca, chain, found->authority, err) != MCA_OK)
		return err->code;
	return mca_ca_root(s->ca, anchors, found->authority, err);
}

static void
warn_of_state(struct session *s, const picked *found)
{
	if (found->revoked)
		warn(s, "%s is revoked: clients that ask will refuse it",
		    found->serial);
	else if (mca_cert_not_after(found->cert) < s->now)
		warn(s, "%s has expired: clients will refuse it",
		    found->serial);
}

static mca_code
encode(mca_blob *out, struct session *s, const picked *found, struct args *args,
    const struct mca_layout *layout, struct mca_error *err)
{
	owned(char) *name = default_name(found->cert, layout);
	const struct mca_passphrase *opens, *protects;
	scoped(mca_certs) chain = { 0 };
	scoped(mca_certs) anchors = { 0 };
	owned(mca_key) *key = NULL;

	if (pass_source(&opens, &args->pass, false, err) != MCA_OK ||
	    pass_source(&protects, &args->out_pass, true, err) != MCA_OK ||
	    climb(&chain, &anchors, s, found, err) != MCA_OK ||
	    (args->key != NULL &&
		mca_key_load(&key, args->key, opens, err) != MCA_OK))
		return err->code;
	return mca_bundle_encode(out, layout->name,
	    &(struct mca_bundle){
		.cert = found->cert,
		.chain = &chain,
		.anchors = &anchors,
		.key = key,
		.name = args->name == NULL ? name : args->name,
		.name_space = args->name_space,
		.passphrase = protects,
	    },
	    err);
}

/*
 * Who may only read the home gets a file, of which the home does not know.  For
 * all others a home that cannot be written is a failure like any.
 */
static mca_code
open_home(bool *notes, struct session *s, const struct args *args,
    struct mca_error *err)
{
	*notes = !output_is_stdout(args->out) && mca_store_is_writable(s->home);
	return session_open(s, *notes ? MCA_STORE_WRITE : MCA_STORE_READ, NULL,
	    err);
}

/* Before it is written, so that no file of ours is a stranger's after all. */
static mca_code
note(struct session *s, const output *out, int64_t id, const mca_blob *bytes,
    struct mca_error *err)
{
	mca_store *store = mca_ca_store(s->ca);
	uint8_t sha256[MCA_SHA256_SIZE];

	if (mca_sha256(sha256, bytes->bytes, bytes->length, err) != MCA_OK ||
	    mca_store_begin(store, err) != MCA_OK ||
	    mca_store_note_file(store, out->path, sha256, id, s->now, err) !=
		MCA_OK)
		return err->code;
	return mca_store_commit(store, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const char *format = args->format == NULL ? "pem" : args->format;
	const struct mca_layout *layout;
	scoped(output) out = { 0 };
	scoped(picked) found = { 0 };
	scoped(mca_blob) bytes = { 0 };
	bool notes;

	args->out_pass.names = &pass_names_out;
	if (mca_layout_find(&layout, format, err) != MCA_OK)
		return within(err, "--format");
	if (check_places(args, layout, err) != MCA_OK ||
	    check_needs(s, args, layout, err) != MCA_OK ||
	    open_home(&notes, s, args, err) != MCA_OK ||
	    pick_one(&found, s, args->id, err) != MCA_OK ||
	    output_open(&out, s, args->out,
		layout->key == MCA_PART_NONE ? MODE_PUBLIC : MODE_SECRET,
		args->force, err) != MCA_OK ||
	    encode(&bytes, s, &found, args, layout, err) != MCA_OK ||
	    (notes && note(s, &out, found.id, &bytes, err) != MCA_OK))
		return err->code;

	warn_of_state(s, &found);
	json_put(s->doc, "format", json_string(layout->name));
	json_put(s->doc, "record", give(&found.record));
	if (out.path != NULL)
		json_put(s->doc, "file", json_text(out.path));
	else if (s->doc != NULL)
		json_put(s->doc, "content", json_bytes(&bytes));
	return output_write(&out, s, &bytes, err);
}

const struct command export_command = {
	"export",
	"Write a certificate as the file that a server reads",
	opts,
	sizeof(struct args),
	run,
	"Layouts:\n"
	"\n"
	"  pem              the certificate\n"
	"  fullchain        the certificate and its intermediates\n"
	"  der              the certificate, DER\n"
	"  pkcs12           certificate, intermediates and key, AES-256\n"
	"  pkcs12-legacy    the same for old readers: 3DES and SHA-1\n"
	"  java-truststore  its root, for Java to trust\n"
	"  kubernetes       a Secret of type kubernetes.io/tls\n"
	"  haproxy          certificate, intermediates and key in one\n"
	"\n"
	"What holds a key is written with mode 0600.  Without a passphrase a\n"
	"trust store is neither encrypted nor protected, and opens with any.\n"
	"\n"
	"  minica export www.example.org --format haproxy \\\n"
	"      --key www.example.org.key --out /etc/haproxy/www.pem\n"
	"  minica export root --format java-truststore --out trust.p12\n",
};
