/*
 * judge.c - see judge.h.
 */
#include "judge.h"

#include "fail.h"

#include <limits.h>
#include <string.h>

void
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
	(void)pthread_mutex_destroy(&judge->lock);
}

const struct mca_reference *
judge_reference(const struct judge *judge)
{
	return judge->named ? &judge->reference : NULL;
}

/* ---- what only one thread at a time may ask ---- */

static int
ask_pass(void *context, char *out, size_t size, struct mca_error *err)
{
	struct judge *judge = context;
	int length;

	(void)pthread_mutex_lock(&judge->lock);
	length = judge->asked->get(judge->asked->context, out, size, err);
	(void)pthread_mutex_unlock(&judge->lock);
	return length;
}

/* What the store has revoked is revoked before any CRL tells of it. */
static mca_code
ask_store(void *context, struct mca_standing *out, const mca_cert *cert,
    const mca_cert *issuer, mca_time at, struct mca_error *err)
{
	struct judge *judge = context;
	mca_code code;

	(void)pthread_mutex_lock(&judge->lock);
	code = mca_ca_standing(judge->record, out, cert, issuer, at, err);
	(void)pthread_mutex_unlock(&judge->lock);
	return code;
}

mca_code
judge_read(mca_certs *out, const struct judge *judge, const char *path,
    struct mca_error *err)
{
	return mca_certs_gather(out, path,
	    judge->asked == NULL ? NULL : &judge->passphrase, err);
}

/* ---- reading all of it ---- */

static mca_code
read_reference(struct judge *judge, const struct judge_args *args,
    const struct mca_endpoint *server, struct mca_error *err)
{
	int count =
	    (args->host != NULL) + (args->ip != NULL) + (args->email != NULL);

	judge->named = count == 1 || server != NULL;
	if (count > 1)
		return fail(err, MCA_EUSAGE, "one of --host, --ip and --email");
	if (count == 0 && judge->named)
		judge->reference = server->host;
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

/*
 * What is given beside the targets.  A root store in PKCS #12, such as Java's,
 * is opened like everything else.
 */
static mca_code
read_roots(struct judge *judge, const struct words *roots,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < roots->count && code == MCA_OK; i++)
		code = strcmp(roots->rows[i], "system") == 0
		    ? mca_trust_read(&judge->anchors, "system", err)
		    : judge_read(&judge->anchors, judge, roots->rows[i], err);
	return code == MCA_OK ? code : within(err, "--roots");
}

static mca_code
read_files(struct judge *judge, struct session *s,
    const struct judge_args *args, struct mca_error *err)
{
	if (args->roots.count == 0 && read_store(judge, s, err) != MCA_OK)
		return err->code;
	if (read_roots(judge, &args->roots, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < args->intermediates.count; i++)
		if (judge_read(&judge->helpers, judge,
			args->intermediates.rows[i], err) != MCA_OK)
			return within(err, "--intermediates");
	for (size_t i = 0; i < args->crls.count; i++)
		if (mca_crls_read(&judge->crls, args->crls.rows[i], err) !=
		    MCA_OK)
			return within(err, "--crl");
	return read_ocsp(judge, &args->ocsp, err);
}

static enum mca_purpose
purpose(const struct judge_args *args, bool live)
{
	bool named = args->host != NULL || args->ip != NULL || live;
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
check_as(const struct judge_args *args, struct mca_error *err)
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
make_options(struct mca_verify_options *out, struct judge *judge,
    const struct session *s, const struct judge_args *args, bool live,
    struct mca_error *err)
{
	struct mca_verify_options options;

	mca_verify_defaults(&options, args->at.given ? args->at.value : s->now);
	options.purpose = purpose(args, live);
	if (args->rules != NULL && strcmp(args->rules, "webpki") == 0)
		options.rules = MCA_RULES_WEBPKI;
	options.strict = args->strict;
	if (args->max_depth.given && args->max_depth.value > INT_MAX)
		return fail(err, MCA_EUSAGE, "--max-depth: too large");
	if (args->max_depth.given)
		options.max_depth = (int)args->max_depth.value;
	options.require_crl = args->require_crl;
	options.ask = judge->record == NULL ? NULL : ask_store;
	options.record = judge;
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
add_verifier(struct judge *judge, const struct judge_args *args,
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
    const struct judge_args *args, bool live, struct mca_error *err)
{
	const struct mca_client_row *row = mca_clients();
	struct mca_verify_options options;
	unsigned clients;
	mca_code code;

	if ((code = check_as(args, err)) != MCA_OK ||
	    (code = make_options(&options, judge, s, args, live, err)) !=
		MCA_OK)
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

static void
make_lock(struct judge *out, const struct mca_passphrase *asked)
{
	if (pthread_mutex_init(&out->lock, NULL) != 0)
		fail_memory();
	out->asked = asked;
	out->passphrase = (struct mca_passphrase){ ask_pass, out };
}

mca_code
judge_open(struct judge *out, struct session *s, const struct judge_args *args,
    const struct mca_endpoint *server, struct mca_error *err)
{
	const struct mca_passphrase *asked = NULL;
	mca_code code;

	code = pass_source(&asked, args->pass, false, err);
	make_lock(out, asked);
	if (code == MCA_OK)
		code = read_reference(out, args, server, err);
	if (code == MCA_OK)
		code = read_files(out, s, args, err);
	if (code == MCA_OK)
		code = make_verifiers(out, s, args, server != NULL, err);
	return code;
}
