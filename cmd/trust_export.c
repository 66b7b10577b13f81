/*
 * trust_export.c - minica trust export: the anchors, for other programs.
 */
#include "fail.h"
#include "json.h"
#include "output.h"
#include "pass.h"

#include <string.h>

struct args {
	const char *format, *out;
	bool force;
	struct pass out_pass;
};

static const struct opt opts[] = {
	{ OPT_WORD, 'f', "format", "pem|java-truststore", FIELD(format),
	    "what to write (pem)" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out), "write them to FILE" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace FILE if it is there" },
	OUT_PASS_OPTS,
	{ 0 },
};

static mca_code
export_pem(mca_blob *out, struct session *s, const mca_certs *anchors,
    struct mca_error *err)
{
	for (size_t i = 0; i < anchors->count; i++)
		if (mca_cert_pem(out, anchors->rows[i], err) != MCA_OK)
			return err->code;
	if (s->doc != NULL)
		json_put(s->doc, "certificates", json_bytes(out));
	return MCA_OK;
}

static mca_code
export_java(mca_blob *out, struct args *args, const mca_certs *anchors,
    struct mca_error *err)
{
	struct mca_bundle what = { .anchors = anchors };

	if (pass_source(&what.passphrase, &args->out_pass, true, err) != MCA_OK)
		return err->code;
	return mca_bundle_encode(out, "java-truststore", &what, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	bool java = args->format != NULL && strcmp(args->format, "pem") != 0;
	scoped(output) out = { 0 };
	scoped(mca_certs) anchors = { 0 };
	scoped(mca_blob) bytes = { 0 };

	args->out_pass.names = &pass_names_out;
	if (!java && pass_given(&args->out_pass))
		return fail(err, MCA_EUSAGE,
		    "--out-pass-...: pem has no place for a passphrase");
	if (java &&
	    output_check_binary(s, args->out, args->format, err) != MCA_OK)
		return err->code;
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK ||
	    output_open(&out, s, args->out, MODE_PUBLIC, args->force, err) !=
		MCA_OK ||
	    mca_ca_trust(s->ca, &anchors, err) != MCA_OK)
		return err->code;
	if (anchors.count == 0)
		return fail(err, MCA_ENOTFOUND,
		    "there is no trust anchor to export");
	json_put(s->doc, "count", json_integer((json_int_t)anchors.count));
	if ((java ? export_java(&bytes, args, &anchors, err)
		  : export_pem(&bytes, s, &anchors, err)) != MCA_OK)
		return err->code;
	return output_write(&out, s, &bytes, err);
}

const struct command trust_export_command = {
	"trust export",
	"Write the trust anchors for other programs",
	opts,
	sizeof(struct args),
	run,
	"A trust store for Java is PKCS #12; without a passphrase it is "
	"neither\n"
	"encrypted nor protected, and opens with any.\n"
	"\n"
	"  minica trust export --out roots.pem\n"
	"  curl --cacert roots.pem https://www.example.org/\n"
	"  minica trust export --format java-truststore --out roots.p12\n",
};
