/*
 * issue.c - minica issue: key, request and certificate in one step.
 *
 * The request is rehearsed and the authority's key opened first, so that a
 * refusal or a wrong passphrase leaves no key behind; then the key is made
 * durable; only then is the certificate signed.  A run that ended between the
 * two is taken up again.
 */
#include "account.h"
#include "fail.h"
#include "json.h"
#include "keyfile.h"
#include "signing.h"

struct args {
	struct words names, labels;
	struct signing signing;
	const char *key, *out, *key_out;
	bool fullchain, force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARGS, 0, "NAME", NULL, FIELD(names),
	    "DNS name, IP address, mail address or URI" },
	SIGNING_OPTS,
	LABEL_OPT,
	{ OPT_TEXT, 0, "key", "ALG", FIELD(key),
	    "algorithm of the new key (ec-p256)" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out),
	    "write the certificate to FILE (NAME.pem)" },
	{ OPT_TEXT, 0, "key-out", "FILE", FIELD(key_out),
	    "write the key to FILE (NAME.key)" },
	{ OPT_FLAG, 0, "fullchain", NULL, FIELD(fullchain),
	    "write the intermediates after the certificate" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that are there" },
	PASS_OPTS,
	{ 0 },
};

static const char *
algorithm_of(const struct args *args)
{
	return args->key == NULL ? "ec-p256" : args->key;
}

/* `*left` is a key that is there already, and needs not be written. */
static mca_code
open_outputs(output *key, mca_key **left, output *out, struct session *s,
    const struct args *args, const mca_san *san, struct mca_error *err)
{
	owned(char) *key_name = output_name(san, ".key");
	owned(char) *name = output_name(san, ".pem");
	const char *key_path = args->key_out == NULL ? key_name : args->key_out;

	if (output_is_stdout(key_path))
		return fail(err, MCA_EUSAGE,
		    "--key-out -: the key must be safe in a file before its "
		    "certificate is signed");
	if (!args->force &&
	    keyfile_left(left, s, key_path, algorithm_of(args), err) != MCA_OK)
		return err->code;
	if (output_open(key, s, key_path, MODE_SECRET,
		args->force || *left != NULL, err) != MCA_OK ||
	    output_open(out, s, args->out == NULL ? name : args->out,
		MODE_PUBLIC, args->force, err) != MCA_OK)
		return err->code;
	return output_check_apart(key, out, err);
}

static mca_code
make_request(mca_key **key, mca_csr **csr, const struct args *args,
    const mca_san *san, struct mca_error *err)
{
	owned(mca_name) *nobody = NULL;

	if ((*key == NULL &&
		mca_key_generate(key, algorithm_of(args), err) != MCA_OK) ||
	    mca_name_new(&nobody, NULL, 0, err) != MCA_OK ||
	    mca_csr_new(csr, *key, nobody, san, err) != MCA_OK)
		return err->code;
	return MCA_OK;
}

/* What the key needs if its certificate cannot be signed now. */
static void
hint_key(struct session *s, const struct args *args, const output *key)
{
	const char *path = mca_file_path(key->file);
	scoped(mca_text) names = { 0 };

	for (size_t i = 0; i < args->names.count; i++)
		mca_text_addf(&names, " %s",
		    MCA_SHOW_TEXT(args->names.rows[i]));
	hint(s, "its key is in %s; with it, later:", MCA_SHOW_TEXT(path));
	hint(s, "minica csr --key %s --out -%s | minica sign -",
	    MCA_SHOW_TEXT(path), mca_text_get(&names));
}

static mca_code
issue(struct session *s, struct mca_job *job, const struct args *args,
    const mca_key *key, bool is_new, output *key_out, output *out,
    struct mca_error *err)
{
	struct mca_signing how =
	    signing_describe(&args->signing, args->fullchain, &args->labels);
	const mca_csr *csr = job->csr;
	const char *name = mca_san_at(mca_csr_san(csr), 0)->text;
	json_t *row = s->doc;

	how.open_key = true;
	if (signing_rehearse(s, &how, job, err) != MCA_OK)
		return err->code;
	if (signing_refused(job))
		return signing_finish(s, row, name, job, out, err);
	mca_job_clear(job);
	*job = (struct mca_job){ .csr = csr, .path = out->path };

	if (is_new && keyfile_write(key_out, s, key, NULL, err) != MCA_OK)
		return err->code;
	if (signing_sign(s, &how, job, 1, err) != MCA_OK && job->cert == NULL) {
		hint_key(s, args, key_out);
		return err->code;
	}
	json_put(row, "key_file", json_text(key_out->path));
	return signing_finish(s, row, name, job, out, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;
	struct mca_job job = { 0 };
	scoped(output) out = { 0 };
	scoped(output) key_out = { 0 };
	owned(mca_san) *san = NULL;
	owned(mca_key) *key = NULL;
	owned(mca_csr) *csr = NULL;
	bool is_new;
	mca_code code;

	if (pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    mca_san_new(&san, args->names.rows, args->names.count, err) !=
		MCA_OK ||
	    session_open(s, MCA_STORE_WRITE, passphrase, err) != MCA_OK ||
	    open_outputs(&key_out, &key, &out, s, args, san, err) != MCA_OK)
		return err->code;
	is_new = key == NULL;
	if (make_request(&key, &csr, args, san, err) != MCA_OK)
		return err->code;

	account_converted(s, san);
	job.csr = csr;
	code = issue(s, &job, args, key, is_new, &key_out, &out, err);
	mca_job_clear(&job);
	return code;
}

const struct command issue_command = {
	"issue",
	"Make key, request and certificate in one step",
	opts,
	sizeof(struct args),
	run,
	"For servers whose keys may be made where the authority is.  The new\n"
	"key is not encrypted; the passphrase options open the authority's.  "
	"Where a\n"
	"key without a certificate is there already, since a run came to no "
	"end, it\n"
	"is used.\n"
	"\n"
	"  minica issue www.example.org example.org\n"
	"  minica issue --policy client --days 30 alice@example.org\n",
};
