/*
 * verify.c - minica verify: should a client believe these certificates, or
 * those that a server sends (live.c)?
 */
#include "account.h"
#include "explain.h"
#include "fail.h"
#include "findings.h"
#include "json.h"
#include "live.h"

#include <limits.h>
#include <string.h>

struct args {
	struct words files, roots, intermediates, crls, ocsp, policy_oids;
	const char *host, *ip, *email, *purpose, *rules, *as;
	struct number at, max_depth;
	bool require_crl, strict, explain;
	bool require_explicit_policy, inhibit_policy_mapping,
	    inhibit_any_policy;
	struct live_args live;
};

static const struct opt opts[] = {
	{ OPT_ARGS_MAYBE, 0, "CERT", NULL, FIELD(files),
	    "certificate, then others that may help, in one file" },
	{ OPT_TEXT, 0, "host", "NAME", FIELD(host),
	    "it must be for this DNS name" },
	{ OPT_TEXT, 0, "ip", "ADDRESS", FIELD(ip),
	    "it must be for this address" },
	{ OPT_TEXT, 0, "email", "ADDRESS", FIELD(email),
	    "it must be for this mail address" },
	{ OPT_WORD, 0, "purpose", "server|client|any", FIELD(purpose),
	    "what it must serve for (server with --host or --ip)" },
	{ OPT_TEXTS, 0, "roots", "FILE|DIR|system", FIELD(roots),
	    "trust these instead of the store's anchors" },
	{ OPT_TEXTS, 0, "intermediates", "FILE|DIR", FIELD(intermediates),
	    "certificates that may help" },
	{ OPT_TEXTS, 0, "crl", "FILE|DIR", FIELD(crls),
	    "heed these revocation lists" },
	{ OPT_TEXTS, 0, "ocsp", "FILE", FIELD(ocsp),
	    "heed this OCSP response" },
	{ OPT_FLAG, 0, "require-crl", NULL, FIELD(require_crl),
	    "each certificate must be covered by a fresh CRL or response" },
	{ OPT_TIME, 0, "at", "TIME", FIELD(at), "judge as of this time" },
	{ OPT_NUMBER, 0, "max-depth", "N", FIELD(max_depth),
	    "at most N intermediates" },
	{ OPT_WORD, 0, "rules", "rfc5280|webpki", FIELD(rules),
	    "webpki: what browsers demand as well" },
	{ OPT_TEXT, 0, "as", "CLIENT,...", FIELD(as),
	    "as these would: apple, chrome, firefox, go, java, python313, "
	    "openssl, gnutls, webpki, all" },
	{ OPT_FLAG, 0, "strict", NULL, FIELD(strict), "a warning is a no" },
	{ OPT_TEXTS, 0, "policy-oid", "OID", FIELD(policy_oids),
	    "accept this certificate policy" },
	{ OPT_FLAG, 0, "require-explicit-policy", NULL,
	    FIELD(require_explicit_policy),
	    "the path must have an accepted policy" },
	{ OPT_FLAG, 0, "inhibit-policy-mapping", NULL,
	    FIELD(inhibit_policy_mapping), "policies may not be mapped" },
	{ OPT_FLAG, 0, "inhibit-any-policy", NULL, FIELD(inhibit_any_policy),
	    "anyPolicy counts for nothing" },
	{ OPT_FLAG, 0, "explain", NULL, FIELD(explain),
	    "draw the path with every finding" },
	{ OPT_TEXT, 0, "connect", "HOST:PORT", FIELD(live.connect),
	    "what this server sends, instead of files" },
	{ OPT_WORD, 0, "starttls",
	    "smtp|imap|pop3|ldap|postgres|mysql|ftp|xmpp", FIELD(live.starttls),
	    "how it goes over to TLS" },
	{ OPT_TEXT, 0, "servername", "NAME", FIELD(live.servername),
	    "tell the server this name (that of --host, or HOST)" },
	{ OPT_NUMBER, 0, "timeout", "SECONDS", FIELD(live.timeout),
	    "limit of each step of it (10)" },
	{ OPT_TEXT, 0, "save", "FILE", FIELD(live.save),
	    "keep the certificates as it sent them" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(live.force),
	    "replace the file of --save" },
	{ 0 },
};

/* What every target is judged by. */
struct judge {
	mca_certs anchors, helpers;
	mca_crls crls;
	mca_blob *ocsp; /* responses, as many as were given */
	size_t ocsp_count;
	mca_ca *record; /* the store whose anchors these are, or NULL */
	struct mca_reference reference;
	bool named;			      /* there is a reference */
	mca_verifier *verifiers[MCA_CLIENTS]; /* one without --as */
	const char *as[MCA_CLIENTS];	      /* the client, or NULL */
	size_t count;
	live server; /* with --connect, instead of files */
};

static void
judge_clear(struct judge *judge)
{
	for (size_t i = 0; i < judge->count; i++)
		mca_verifier_free(judge->verifiers[i]);
	mca_certs_clear(&judge->anchors);
	mca_certs_clear(&judge->helpers);
	mca_crls_clear(&judge->crls);
	for (size_t i = 0; i < judge->ocsp_count; i++)
		mca_blob_clear(&judge->ocsp[i]);
	free(judge->ocsp);
	live_clear(&judge->server);
}

static mca_code
read_reference(struct judge *judge, const struct args *args,
    struct mca_error *err)
{
	int count =
	    (args->host != NULL) + (args->ip != NULL) + (args->email != NULL);

	judge->named = count == 1 || args->live.connect != NULL;
	if (count > 1)
		return fail(err, MCA_EUSAGE, "one of --host, --ip and --email");
	if (count == 0 && judge->named)
		judge->reference = judge->server.endpoint.host;
	if (args->host != NULL)
		return mca_reference_parse(&judge->reference, MCA_SAN_DNS,
		    args->host, err);
	if (args->ip != NULL)
		return mca_reference_parse(&judge->reference, MCA_SAN_IP,
		    args->ip, err);
	if (args->email != NULL)
		return mca_reference_parse(&judge->reference, MCA_SAN_EMAIL,
		    args->email, err);
	return MCA_OK;
}

/* Nobody to trust is not a no: the question cannot be answered. */
static mca_code
read_store(struct judge *judge, struct session *s, struct mca_error *err)
{
	mca_code code = session_open(s, MCA_STORE_READ, NULL, err);

	if (code == MCA_ENOTFOUND) {
		hint(s, "name trust anchors with --roots FILE, DIR or system");
		hint(s, "or keep them: minica trust add FILE");
		return fail(err, MCA_EUNDECIDED,
		    "could not tell: no --roots, and no store in %s",
		    MCA_SHOW_TEXT(s->home));
	}
	if (code != MCA_OK ||
	    mca_ca_trust(s->ca, &judge->anchors, err) != MCA_OK)
		return err->code;
	if (judge->anchors.count == 0)
		return fail(err, MCA_EUNDECIDED,
		    "could not tell: no --roots, and the store in %s trusts "
		    "nobody",
		    MCA_SHOW_TEXT(s->home));
	judge->record = s->ca;
	return mca_ca_helpers(s->ca, &judge->helpers, err);
}

static mca_code
read_ocsp(struct judge *judge, const struct words *files, struct mca_error *err)
{
	judge->ocsp = calloc(files->count + 1, sizeof(*judge->ocsp));
	if (judge->ocsp == NULL)
		fail_memory();
	for (; judge->ocsp_count < files->count; judge->ocsp_count++)
		if (mca_ocsp_read(&judge->ocsp[judge->ocsp_count],
			files->rows[judge->ocsp_count], err) != MCA_OK)
			return within(err, "--ocsp");
	return MCA_OK;
}

static mca_code
read_files(struct judge *judge, struct session *s, const struct args *args,
    struct mca_error *err)
{
	if (args->roots.count == 0 && read_store(judge, s, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < args->roots.count; i++)
		if (mca_trust_read(&judge->anchors, args->roots.rows[i], err) !=
		    MCA_OK)
			return within(err, "--roots");
	for (size_t i = 0; i < args->intermediates.count; i++)
		if (mca_certs_gather(&judge->helpers,
			args->intermediates.rows[i], err) != MCA_OK)
			return within(err, "--intermediates");
	for (size_t i = 0; i < args->crls.count; i++)
		if (mca_crls_read(&judge->crls, args->crls.rows[i], err) !=
		    MCA_OK)
			return within(err, "--crl");
	return read_ocsp(judge, &args->ocsp, err);
}

/* What the store has revoked is revoked before any CRL tells of it. */
static mca_code
ask_store(void *record, struct mca_standing *out, const mca_cert *cert,
    const mca_cert *issuer, mca_time at, struct mca_error *err)
{
	return mca_ca_standing(record, out, cert, issuer, at, err);
}

static enum mca_purpose
purpose(const struct args *args)
{
	bool named = args->host != NULL || args->ip != NULL ||
	    args->live.connect != NULL;
	const char *word = args->purpose;

	if (word == NULL)
		word = named ? "server" : "any";
	if (strcmp(word, "server") == 0)
		return MCA_PURPOSE_SERVER;
	return strcmp(word, "client") == 0 ? MCA_PURPOSE_CLIENT
					   : MCA_PURPOSE_ANY;
}

/* With --as the rules are the clients', who look for TLS servers. */
static mca_code
check_as(const struct args *args, struct mca_error *err)
{
	if (args->as == NULL)
		return MCA_OK;
	if (args->rules != NULL || args->strict)
		return fail(err, MCA_EUSAGE,
		    "--as, or --rules and --strict: clients have rules of "
		    "their own");
	if (args->purpose != NULL && strcmp(args->purpose, "server") != 0)
		return fail(err, MCA_EUSAGE,
		    "--as: these clients look for servers (--purpose server)");
	return MCA_OK;
}

static mca_code
make_options(struct mca_verify_options *out, const struct judge *judge,
    const struct session *s, const struct args *args, struct mca_error *err)
{
	struct mca_verify_options options;

	mca_verify_defaults(&options, args->at.given ? args->at.value : s->now);
	options.purpose = purpose(args);
	if (args->rules != NULL && strcmp(args->rules, "webpki") == 0)
		options.rules = MCA_RULES_WEBPKI;
	options.strict = args->strict;
	if (args->max_depth.given && args->max_depth.value > INT_MAX)
		return fail(err, MCA_EUSAGE, "--max-depth: too large");
	if (args->max_depth.given)
		options.max_depth = (int)args->max_depth.value;
	options.require_crl = args->require_crl;
	options.ask = judge->record == NULL ? NULL : ask_store;
	options.record = judge->record;
	options.ocsp = judge->ocsp;
	options.ocsp_count = judge->ocsp_count;
	options.policy_oids = args->policy_oids.rows;
	options.policy_oid_count = args->policy_oids.count;
	options.require_explicit_policy = args->require_explicit_policy;
	options.inhibit_policy_mapping = args->inhibit_policy_mapping;
	options.inhibit_any_policy = args->inhibit_any_policy;
	*out = options;
	return MCA_OK;
}

static mca_code
add_verifier(struct judge *judge, const struct args *args,
    const struct mca_verify_options *options, const char *as,
    struct mca_error *err)
{
	const mca_crls *crls = args->crls.count == 0 ? NULL : &judge->crls;
	mca_code code = mca_verifier_new(&judge->verifiers[judge->count],
	    &judge->anchors, &judge->helpers, crls, options, err);

	if (code == MCA_OK)
		judge->as[judge->count++] = as;
	return code;
}

static mca_code
make_verifiers(struct judge *judge, const struct session *s,
    const struct args *args, struct mca_error *err)
{
	const struct mca_client_row *row = mca_clients();
	struct mca_verify_options options;
	unsigned clients;
	mca_code code;

	if ((code = check_as(args, err)) != MCA_OK ||
	    (code = make_options(&options, judge, s, args, err)) != MCA_OK)
		return code;
	if (args->as == NULL)
		return add_verifier(judge, args, &options, NULL, err);
	if (mca_clients_parse(&clients, args->as, err) != MCA_OK)
		return within(err, "--as");
	options.purpose = MCA_PURPOSE_SERVER;
	for (size_t i = 0; i < MCA_CLIENTS && code == MCA_OK; i++, row++) {
		options.clients = row->client;
		if ((clients & row->client) != 0)
			code =
			    add_verifier(judge, args, &options, row->name, err);
	}
	return code;
}

/* "web.pem: OK: example.org, issued by CN=..., valid until ..." */
static void
tell_yes(const struct session *s, const char *file, const struct judge *judge,
    const mca_cert *cert)
{
	scoped(mca_text) who = { 0 };

	if (judge->named)
		mca_text_addf(&who, "%s", judge->reference.text);
	else if (mca_san_count(mca_cert_san(cert)) > 0)
		account_names(&who, mca_cert_san(cert));
	else
		mca_text_addf(&who, "%s",
		    mca_name_text(mca_cert_subject(cert)));
	print(s, "%s: OK: %s, issued by %s, valid until %s\n", file,
	    mca_text_get(&who), mca_name_text(mca_cert_issuer(cert)),
	    MCA_TIME(mca_cert_not_after(cert)));
}

static const struct {
	const char *word;
	mca_code code;
} answers[] = {
	[MCA_YES] = { "yes", MCA_OK },
	[MCA_NO] = { "no", MCA_EUNTRUSTED },
	[MCA_COULD_NOT_TELL] = { "could not tell", MCA_EUNDECIDED },
};

static void
put_verdict(json_t *row, const mca_verdict *verdict)
{
	if (row == NULL)
		return;
	json_put(row, "answer", json_text(answers[verdict->answer].word));
	json_put(row, "anchored", json_boolean(verdict->anchored));
	json_put(row, "path", json_array());
	for (size_t i = 0; i < verdict->path.count; i++)
		json_push(row, "path", json_cert(verdict->path.rows[i]));
	json_put(row, "findings", json_findings(&verdict->findings));
}

/* The verdict of verifier `at`: "web.pem: ...", "web.pem, as go: ...". */
static mca_code
tell(struct session *s, json_t *row, const char *file,
    const struct judge *judge, size_t at, const mca_verdict *verdict,
    bool whole)
{
	const char *as = judge->as[at];
	scoped(mca_text) label = { 0 };
	scoped(mca_text) prefix = { 0 };

	if (as != NULL) {
		row = json_row(row, "clients");
		json_put(row, "client", json_text(as));
	}
	put_verdict(row, verdict);
	mca_text_addf(&label, "%s%s%s", file, as == NULL ? "" : ", as ",
	    as == NULL ? "" : as);
	mca_text_addf(&prefix, "%s: ", mca_text_get(&label));
	if (verdict->answer == MCA_YES)
		tell_yes(s, mca_text_get(&label), judge, verdict->path.rows[0]);
	else if (as != NULL && whole)
		print(s, "%s: %s\n", mca_text_get(&label),
		    answers[verdict->answer].word);
	if (whole)
		explain(s, verdict, judge->anchors.count);
	else
		findings_print(s, mca_text_get(&prefix), &verdict->findings,
		    s->globals.verbose ? MCA_NOTE : MCA_WARNING);
	return answers[verdict->answer].code;
}

static mca_code
verify(struct session *s, json_t *row, const char *path,
    const struct judge *judge, bool whole, struct mca_error *err)
{
	scoped(mca_certs) certs = { 0 };
	mca_code worst = MCA_OK;
	mca_certs others;

	if (mca_certs_read(&certs, path, err) != MCA_OK)
		return err->code;
	others = (mca_certs){ certs.rows + 1, certs.count - 1, 0 };
	for (size_t i = 0; i < judge->count; i++) {
		scoped(mca_verdict) verdict = { 0 };

		if (mca_verify(&verdict, judge->verifiers[i], certs.rows[0],
			&others, judge->named ? &judge->reference : NULL,
			err) != MCA_OK)
			return err->code;
		worst = worse(worst,
		    tell(s, row, MCA_SHOW_TEXT(path), judge, i, &verdict,
			whole));
	}
	return worst;
}

static mca_code
verify_all(struct session *s, const struct args *args,
    const struct judge *judge)
{
	mca_code worst = MCA_OK;

	for (size_t i = 0; i < args->files.count; i++) {
		json_t *row = json_row(s->doc, "results");
		const char *path = args->files.rows[i];
		struct mca_error bad = { 0 };
		mca_code code;

		json_put(row, "file", json_text(path));
		code = verify(s, row, path, judge, args->explain, &bad);
		if (bad.text[0] != '\0')
			code = complain(s, row, &bad);
		worst = worse(worst, code);
	}
	return worst;
}

static mca_code
verify_server(struct session *s, const struct args *args, struct judge *judge,
    struct mca_error *err)
{
	const struct mca_reference *reference = &judge->reference;
	const mca_live *served = &judge->server.served;
	json_t *row = json_row(s->doc, "results");
	mca_code worst = MCA_OK;
	struct mca_ocsp ocsp;

	if (live_fetch(&judge->server, s, reference, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < judge->count; i++) {
		scoped(mca_verdict) verdict = { 0 };

		if (mca_live_judge(&verdict, &ocsp, served, judge->verifiers[i],
			reference, err) != MCA_OK)
			return err->code;
		if (i == 0)
			live_tell(s, row, &judge->server, &ocsp);
		worst = worse(worst,
		    tell(s, row, judge->server.endpoint.text, judge, i,
			&verdict, args->explain));
	}
	return worst;
}

static mca_code
check_targets(const struct args *args, struct mca_error *err)
{
	if (args->files.count > 0 && args->live.connect != NULL)
		return fail(err, MCA_EUSAGE,
		    "CERT or --connect: what may help goes into "
		    "--intermediates");
	if (args->files.count == 0 && args->live.connect == NULL)
		return fail(err, MCA_EUSAGE,
		    "CERT is missing: a certificate, or --connect HOST:PORT");
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	struct judge judge = { 0 };
	mca_code code;

	code = check_targets(args, err);
	if (code == MCA_OK)
		code = live_begin(&judge.server, &args->live, err);
	if (code == MCA_OK)
		code = read_reference(&judge, args, err);
	if (code == MCA_OK)
		code = read_files(&judge, s, args, err);
	if (code == MCA_OK)
		code = make_verifiers(&judge, s, args, err);
	if (code == MCA_OK)
		code = args->live.connect != NULL
		    ? verify_server(s, args, &judge, err)
		    : verify_all(s, args, &judge);
	judge_clear(&judge);
	return code;
}

const struct command verify_command = {
	"verify",
	"Decide whether a client should believe a certificate",
	opts,
	sizeof(struct args),
	run,
	"Trusted are the store's anchors, or with --roots those and no "
	"others.\n"
	"Exit status 0 is a yes, 1 a definite no, 8 means it could not be "
	"told.\n"
	"\n"
	"  minica verify web.pem --host example.com\n"
	"  minica verify web.pem --roots system --purpose server --explain\n"
	"  minica verify web.pem --host example.com --as apple,go,java\n"
	"  minica verify --connect mail.example.com:25 --starttls smtp\n",
};
