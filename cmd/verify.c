/*
 * verify.c - minica verify: should a client believe these certificates, or
 * those that a server sends (live.c)?
 */
#include "bulk.h"
#include "fail.h"
#include "json.h"
#include "live.h"
#include "verdict.h"

#include <string.h>

struct args {
	struct words files;
	struct judge_args by;
	struct pass pass;
	bool explain;
	struct live_args live;
};

static const struct opt opts[] = {
	{ OPT_ARGS_MAYBE, 0, "CERT|DIR", NULL, FIELD(files),
	    "certificate, then others that may help, in one file" },
	{ OPT_TEXT, 0, "host", "NAME", FIELD(by.host),
	    "it must be for this DNS name" },
	{ OPT_TEXT, 0, "ip", "ADDRESS", FIELD(by.ip),
	    "it must be for this address" },
	{ OPT_TEXT, 0, "email", "ADDRESS", FIELD(by.email),
	    "it must be for this mail address" },
	{ OPT_WORD, 0, "purpose", "server|client|any", FIELD(by.purpose),
	    "what it must serve for (server with --host or --ip)" },
	{ OPT_TEXTS, 0, "roots", "FILE|DIR|system", FIELD(by.roots),
	    "trust these instead of the store's anchors" },
	{ OPT_TEXTS, 0, "intermediates", "FILE|DIR", FIELD(by.intermediates),
	    "certificates that may help" },
	{ OPT_TEXTS, 0, "crl", "FILE|DIR", FIELD(by.crls),
	    "heed these revocation lists" },
	{ OPT_TEXTS, 0, "ocsp", "FILE", FIELD(by.ocsp),
	    "heed this OCSP response" },
	{ OPT_FLAG, 0, "require-crl", NULL, FIELD(by.require_crl),
	    "each certificate must be covered by a fresh CRL or response" },
	{ OPT_TIME, 0, "at", "TIME", FIELD(by.at), "judge as of this time" },
	{ OPT_NUMBER, 0, "max-depth", "N", FIELD(by.max_depth),
	    "at most N intermediates" },
	{ OPT_WORD, 0, "rules", "rfc5280|webpki", FIELD(by.rules),
	    "webpki: what browsers demand as well" },
	{ OPT_TEXT, 0, "as", "CLIENT,...", FIELD(by.as),
	    "as these would: apple, chrome, firefox, go, java, python313, "
	    "openssl, gnutls, webpki, all" },
	{ OPT_FLAG, 0, "strict", NULL, FIELD(by.strict), "a warning is a no" },
	{ OPT_TEXTS, 0, "policy-oid", "OID", FIELD(by.policy_oids),
	    "accept this certificate policy" },
	{ OPT_FLAG, 0, "require-explicit-policy", NULL,
	    FIELD(by.require_explicit_policy),
	    "the path must have an accepted policy" },
	{ OPT_FLAG, 0, "inhibit-policy-mapping", NULL,
	    FIELD(by.inhibit_policy_mapping), "policies may not be mapped" },
	{ OPT_FLAG, 0, "inhibit-any-policy", NULL, FIELD(by.inhibit_any_policy),
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
	PASS_OPTS,
	{ 0 },
};

static mca_code
verify_server(struct session *s, const struct args *args,
    const struct judge *judge, live *server, struct mca_error *err)
{
	const struct mca_reference *reference = judge_reference(judge);
	json_t *row = json_row(s->doc, "results");
	mca_code worst = MCA_OK;
	struct mca_ocsp ocsp;

	if (live_fetch(server, s, reference, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < judge->count; i++) {
		scoped(mca_verdict) verdict = { 0 };

		if (mca_live_judge(&verdict, &ocsp, &server->served,
			judge->verifiers[i], reference, err) != MCA_OK)
			return err->code;
		if (i == 0)
			live_tell(s, row, server, &ocsp);
		worst = worse(worst,
		    verdict_tell(s, row, server->endpoint.text, judge, i,
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
verify(struct session *s, const struct args *args, struct judge *judge,
    live *server, struct mca_error *err)
{
	bool lives = args->live.connect != NULL;

	if (judge_open(judge, s, &args->by, lives ? &server->endpoint : NULL,
		err) != MCA_OK)
		return err->code;
	if (lives)
		return verify_server(s, args, judge, server, err);
	return bulk_verify(s, judge, &args->files, args->explain, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	struct judge judge = { 0 };
	live server = { 0 };
	mca_code code;

	args->by.pass = &args->pass;
	code = check_targets(args, err);
	if (code == MCA_OK)
		code = live_begin(&server, &args->live, err);
	if (code == MCA_OK) {
		code = verify(s, args, &judge, &server, err);
		judge_clear(&judge);
	}
	live_clear(&server);
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
	"Many files, and those of a directory, are judged on all processors.\n"
	"\n"
	"  minica verify web.pem --host example.com\n"
	"  minica verify web.pem --roots system --purpose server --explain\n"
	"  minica verify --connect mail.example.com:25 --starttls smtp\n",
};
