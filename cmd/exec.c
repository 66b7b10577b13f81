/*
 * exec.c - minica exec: a command whose clients trust our roots.
 *
 * The roots are in memory of this process alone, under names that the command
 * and its children can open as long as it waits for them
 * (/proc/PID/fd/N): no file is made, so none can be left behind, whatever kills
 * whom.
 */
#include "fail.h"
#include "memfile.h"
#include "session.h"
#include "waiting.h"

#include <stdio.h>
#include <string.h>

struct args {
	struct words roots, env, command;
};

static const struct opt opts[] = {
	{ OPT_ARGS, 0, "COMMAND", NULL, FIELD(command),
	    "what to run, after --" },
	{ OPT_TEXTS, 0, "roots", "FILE|DIR", FIELD(roots),
	    "trust these, not the store's anchors" },
	{ OPT_TEXTS, 0, "env", "NAME", FIELD(env),
	    "a variable more that is to name the roots" },
	{ 0 },
};

/*
 * Variables that name a PEM file of roots, and who reads them.  SSL_CERT_DIR is
 * left alone: OpenSSL and Go read it beside SSL_CERT_FILE.
 */
static const char *const variables[] = {
	"SSL_CERT_FILE",      /* OpenSSL, Go, Ruby, rustls, .NET */
	"CURL_CA_BUNDLE",     /* curl */
	"REQUESTS_CA_BUNDLE", /* Python's requests */
	"PIP_CERT",	      /* pip */
	"HTTPLIB2_CA_CERTS",  /* Python's httplib2 */
	"AWS_CA_BUNDLE",      /* AWS CLI and SDKs */
	"CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", /* gcloud */
	"NODE_EXTRA_CA_CERTS",		      /* Node.js */
	"DENO_CERT",			      /* Deno */
	"GIT_SSL_CAINFO",		      /* git */
	"CARGO_HTTP_CAINFO",		      /* cargo */
	"BUNDLE_SSL_CA_CERT",		      /* Ruby's Bundler */
	"PERL_LWP_SSL_CA_FILE",		      /* Perl's LWP */
	"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",   /* gRPC */
	"NIX_SSL_CERT_FILE",		      /* Nix */
	NULL,
};

/* ---- which roots ---- */

static mca_code
read_ours(mca_certs *out, struct session *s, const struct words *roots,
    struct mca_error *err)
{
	for (size_t i = 0; i < roots->count; i++)
		if (mca_trust_read(out, roots->rows[i], err) != MCA_OK)
			return within(err, "--roots");
	if (roots->count > 0)
		return MCA_OK;
	hint(s, "name roots with --roots, or make one: minica init-root");
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK ||
	    mca_ca_trust(s->ca, out, err) != MCA_OK)
		return err->code;
	if (out->count == 0)
		return fail(err, MCA_ENOTFOUND,
		    "the store in %s trusts nothing", MCA_SHOW_TEXT(s->home));
	mca_text_clear(&s->hints);
	return MCA_OK;
}

/* A machine may have no roots at all; one that has broken ones is told. */
static mca_code
read_system(mca_certs *out, struct session *s, struct mca_error *err)
{
	mca_code code = mca_trust_read(out, "system", err);

	if (code != MCA_ENOTFOUND)
		return code;
	warn(s, "%s: only the given roots are trusted", err->text);
	*err = (struct mca_error){ 0 };
	return MCA_OK;
}

/* Whether a variable before that one names the same file. */
static bool
was_read(const char *path, size_t until)
{
	for (size_t i = 0; i < until; i++) {
		const char *other = getenv(variables[i]);

		if (other != NULL && strcmp(other, path) == 0)
			return true;
	}
	return false;
}

/* What was trusted here before still is: the files of the variables. */
static mca_code
read_named(mca_certs *out, size_t i, struct mca_error *err)
{
	const char *variable = variables[i];
	const char *path = getenv(variable);

	if (path == NULL || *path == '\0' || was_read(path, i))
		return MCA_OK;
	if (mca_certs_read(out, path, err) != MCA_OK)
		return within(err, "%s, which is set already", variable);
	return MCA_OK;
}

static int
by_digest(const void *a, const void *b)
{
	const mca_cert *const *x = a, *const *y = b;

	return memcmp(mca_cert_sha256(*x), mca_cert_sha256(*y),
	    MCA_SHA256_SIZE);
}

static void
keep_one_of_each(mca_certs *list)
{
	size_t kept = 0;

	qsort(list->rows, list->count, sizeof(*list->rows), by_digest);
	for (size_t i = 0; i < list->count; i++)
		if (kept > 0 &&
		    by_digest(&list->rows[kept - 1], &list->rows[i]) == 0)
			mca_cert_free(list->rows[i]);
		else
			list->rows[kept++] = list->rows[i];
	list->count = kept;
}

static mca_code
gather(mca_certs *out, struct session *s, const struct args *args,
    struct mca_error *err)
{
	if (read_ours(out, s, &args->roots, err) != MCA_OK ||
	    read_system(out, s, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; variables[i] != NULL; i++)
		if (read_named(out, i, err) != MCA_OK)
			return err->code;
	keep_one_of_each(out);
	detail(s, "%zu roots in all", out->count);
	return MCA_OK;
}

/* ---- how clients come to know them ---- */

static void
set(const struct session *s, const char *variable, const char *value)
{
	if (setenv(variable, value, 1) != 0)
		fail_memory();
	detail(s, "%s=%s", variable, value);
}

static mca_code
offer_pem(memfile *file, const struct session *s, const mca_certs *roots,
    const struct words *more, struct mca_error *err)
{
	scoped(mca_text) all = { 0 };

	for (size_t i = 0; i < roots->count; i++) {
		scoped(mca_blob) pem = { 0 };

		if (mca_cert_pem(&pem, roots->rows[i], err) != MCA_OK)
			return err->code;
		mca_text_add(&all, (const char *)pem.bytes, pem.length);
	}
	if (all.failed)
		fail_memory();
	if (memfile_make(file, "roots.pem", all.bytes, all.length, err) !=
	    MCA_OK)
		return err->code;
	for (size_t i = 0; variables[i] != NULL; i++)
		set(s, variables[i], file->path);
	for (size_t i = 0; i < more->count; i++)
		set(s, more->rows[i], file->path);
	return MCA_OK;
}

/* Of several -D for one property Java takes the last. */
static mca_code
offer_java(memfile *file, const struct session *s, const mca_certs *roots,
    struct mca_error *err)
{
	const struct mca_bundle what = { .anchors = roots };
	const char *before = getenv("JAVA_TOOL_OPTIONS");
	scoped(mca_blob) store = { 0 };
	scoped(mca_text) value = { 0 };

	if (mca_bundle_encode(&store, "java-truststore", &what, err) !=
		MCA_OK ||
	    memfile_make(file, "roots.p12", store.bytes, store.length, err) !=
		MCA_OK)
		return err->code;
	mca_text_addf(&value,
	    "%s%s-Djavax.net.ssl.trustStore=%s "
	    "-Djavax.net.ssl.trustStoreType=PKCS12",
	    before == NULL ? "" : before, before == NULL ? "" : " ",
	    file->path);
	if (value.failed)
		fail_memory();
	set(s, "JAVA_TOOL_OPTIONS", mca_text_get(&value));
	return MCA_OK;
}

static mca_code
check_names(const struct words *names, struct mca_error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (*names->rows[i] == '\0' ||
		    strchr(names->rows[i], '=') != NULL)
			return fail(err, MCA_EUSAGE,
			    "--env: \"%s\" cannot name a variable",
			    MCA_SHOW_TEXT(names->rows[i]));
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	scoped(mca_certs) roots = { 0 };
	scoped(memfile) pem = { 0 };
	scoped(memfile) java = { 0 };

	if (check_names(&args->env, err) != MCA_OK ||
	    gather(&roots, s, args, err) != MCA_OK ||
	    offer_pem(&pem, s, &roots, &args->env, err) != MCA_OK ||
	    offer_java(&java, s, &roots, err) != MCA_OK)
		return err->code;
	mca_ca_close(give(&s->ca));
	return waiting_run(s, args->command.rows, args->command.count, err);
}

const struct command exec_command = {
	"exec",
	"Run a command whose clients trust our roots",
	opts,
	sizeof(struct args),
	run,
	"Trusted are the machine's own roots, the files that the variables "
	"named\n"
	"before, and the store's anchors.  curl, Python, Node, git, Go, Java "
	"and\n"
	"others find them through variables of the environment; nothing is\n"
	"written to disk.  Signals are passed on, and the command's exit "
	"status\n"
	"is ours: 128 and the signal's number if one ended it, 126 if it "
	"cannot\n"
	"be run, 127 if it is not found.\n"
	"\n"
	"  minica exec -- curl https://www.example.org/\n"
	"  minica exec --roots roots.pem -- make test\n",
};
