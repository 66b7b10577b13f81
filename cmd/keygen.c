/*
 * keygen.c - minica keygen: a private key, and nothing else.
 */
#include "account.h"
#include "fail.h"
#include "json.h"
#include "keyfile.h"

#include <unistd.h>

struct args {
	const char *key, *out;
	bool force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "key", "ALG", FIELD(key), "algorithm (ec-p256)" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out), "write the key to FILE" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace FILE if it is there" },
	PASS_OPTS,
	{ 0 },
};

/* A key that scrolls over a screen by accident is a key that leaked. */
static mca_code
check_terminal(const char *out, struct mca_error *err)
{
	if (out != NULL || isatty(STDOUT_FILENO) != 1)
		return MCA_OK;
	return fail(err, MCA_EUSAGE,
	    "standard output is a terminal: name a file with --out FILE, or "
	    "show the key on purpose with --out -");
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const char *algorithm = args->key == NULL ? "ec-p256" : args->key;
	const struct mca_passphrase *passphrase;
	scoped(output) out = { 0 };
	scoped(mca_blob) pem = { 0 };
	owned(mca_key) *key = NULL;

	if (check_terminal(args->out, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, true, err) != MCA_OK ||
	    output_open(&out, s, args->out, MODE_SECRET, args->force, err) !=
		MCA_OK ||
	    mca_key_generate(&key, algorithm, err) != MCA_OK ||
	    mca_key_encode(&pem, key, passphrase, err) != MCA_OK)
		return err->code;

	if (passphrase == NULL)
		keyfile_warn(s,
		    output_is_stdout(args->out) ? "the key" : args->out);
	json_put(s->doc, "public_key", json_spki(mca_key_spki(key)));
	if (!output_is_stdout(args->out))
		json_put(s->doc, "key_file", json_text(args->out));
	else
		json_put(s->doc, "key", json_bytes(&pem));
	return output_write(&out, s, &pem, err);
}

const struct command keygen_command = {
	"keygen",
	"Make a private key",
	opts,
	sizeof(struct args),
	run,
	"ALG is rsa-2048, rsa-3072, rsa-4096, ec-p256, ec-p384, ec-p521,\n"
	"ed25519, or what else libcrypto can make by that name.  The key is\n"
	"PKCS #8, mode 0600, encrypted when a passphrase source is given.\n"
	"\n"
	"  minica keygen --out web.key\n"
	"  minica keygen --key rsa-3072 --pass-file secret --out ca.key\n",
};
