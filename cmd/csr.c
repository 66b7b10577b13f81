/*
 * csr.c - minica csr: the server's half, a key and a request for its names.
 */
#include "account.h"
#include "fail.h"
#include "json.h"
#include "keyfile.h"
#include "request.h"

struct args {
	struct words names;
	const char *key, *algorithm, *key_out, *out;
	const char *name, *org;
	bool force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARGS, 0, "NAME", NULL, FIELD(names),
	    "DNS name, IP address, mail address or URI" },
	{ OPT_TEXT, 0, "key", "FILE|URI", FIELD(key),
	    "ask for this key, which is there already" },
	{ OPT_TEXT, 0, "algorithm", "ALG", FIELD(algorithm),
	    "algorithm of the new key (ec-p256)" },
	{ OPT_TEXT, 0, "key-out", "FILE", FIELD(key_out),
	    "write the new key to FILE (NAME.key)" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out),
	    "write the request to FILE (NAME.csr)" },
	{ OPT_TEXT, 0, "name", "CN", FIELD(name), "subject: common name" },
	{ OPT_TEXT, 0, "org", "O", FIELD(org), "subject: organization" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that are there" },
	PASS_OPTS,
	{ 0 },
};

static mca_code
check(const struct args *args, struct mca_error *err)
{
	if (args->key != NULL &&
	    (args->algorithm != NULL || args->key_out != NULL))
		return fail(err, MCA_EUSAGE,
		    "--key names a key that is there; --algorithm and "
		    "--key-out are for a new one");
	if (args->key_out != NULL && output_is_stdout(args->key_out))
		return fail(err, MCA_EUSAGE,
		    "--key-out -: a key on standard output is minica keygen's "
		    "to make; then minica csr --key FILE");
	return MCA_OK;
}

static mca_code
subject(mca_name **out, const struct args *args, struct mca_error *err)
{
	struct mca_attribute rows[2];
	size_t count = 0;

	if (args->org != NULL)
		rows[count++] = (struct mca_attribute){ "O", args->org };
	if (args->name != NULL)
		rows[count++] = (struct mca_attribute){ "CN", args->name };
	return mca_name_new(out, rows, count, err);
}

/* Whether it will be certified is for the authority to say. */
static void
warn_weak(struct session *s, const char *path, const mca_spki *spki)
{
	scoped(mca_findings) weak = { 0 };

	mca_weak_check(&weak, spki, MCA_WEAK_ANY);
	for (size_t i = 0; i < weak.count; i++)
		warn(s, "%s: %s (%s) [%s]", MCA_SHOW_TEXT(path),
		    weak.rows[i].detail, weak.rows[i].source,
		    weak.rows[i].rule);
}

/* The key of --key, or a new one that is in its file before it is used. */
static mca_code
get_key(mca_key **out, struct session *s, const struct args *args, output *file,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	const char *algorithm =
	    args->algorithm == NULL ? "ec-p256" : args->algorithm;

	if (args->key != NULL) {
		if (mca_key_load(out, args->key, passphrase, err) == MCA_OK)
			warn_weak(s, args->key, mca_key_spki(*out));
		return *out == NULL ? err->code : MCA_OK;
	}
	if (mca_key_generate(out, algorithm, err) != MCA_OK)
		return err->code;
	return keyfile_write(file, s, *out, passphrase, err);
}

static mca_code
open_outputs(output *key, output *out, struct session *s,
    const struct args *args, const mca_san *san, struct mca_error *err)
{
	owned(char) *key_name = output_name(san, ".key");
	owned(char) *csr_name = output_name(san, ".csr");
	const char *key_path = args->key_out == NULL ? key_name : args->key_out;
	const char *path = args->out == NULL ? csr_name : args->out;

	if (output_open(out, s, path, MODE_PUBLIC, args->force, err) != MCA_OK)
		return err->code;
	if (out->path != NULL)
		json_put(s->doc, "file", json_text(path));
	if (args->key != NULL)
		return MCA_OK;
	json_put(s->doc, "key_file", json_text(key_path));
	if (output_open(key, s, key_path, MODE_SECRET, args->force, err) !=
	    MCA_OK)
		return err->code;
	return output_check_apart(key, out, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;
	scoped(output) out = { 0 };
	scoped(output) key_out = { 0 };
	scoped(mca_blob) pem = { 0 };
	owned(mca_name) *name = NULL;
	owned(mca_san) *san = NULL;
	owned(mca_key) *key = NULL;
	owned(mca_csr) *csr = NULL;

	if (check(args, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, args->key == NULL, err) !=
		MCA_OK ||
	    mca_san_new(&san, args->names.rows, args->names.count, err) !=
		MCA_OK ||
	    subject(&name, args, err) != MCA_OK ||
	    open_outputs(&key_out, &out, s, args, san, err) != MCA_OK ||
	    get_key(&key, s, args, &key_out, passphrase, err) != MCA_OK ||
	    mca_csr_new(&csr, key, name, san, err) != MCA_OK ||
	    request_pem(&pem, csr, err) != MCA_OK ||
	    output_write(&out, s, &pem, err) != MCA_OK)
		return err->code;

	account_converted(s, san);
	if (key_out.file != NULL)
		talk(s, "key      %s",
		    MCA_SHOW_TEXT(mca_file_path(key_out.file)));
	if (out.file != NULL)
		talk(s, "request  %s", MCA_SHOW_TEXT(mca_file_path(out.file)));
	talk(s, "next: give the request to the authority: minica sign");
	json_put(s->doc, "info", json_csr(csr));
	json_put(s->doc, "request", json_bytes(&pem));
	return MCA_OK;
}

const struct command csr_command = {
	"csr",
	"Make a key and a request for a certificate",
	opts,
	sizeof(struct args),
	run,
	"The first name gives the files their names; * becomes _wildcard.\n"
	"\n"
	"  minica csr www.example.org example.org\n"
	"  minica csr --key web.key --out - www.example.org\n",
};
