/*
 * gather_servers.c - what servers really serve, beside what is recorded.
 */
#include "report.h"

#include "fail.h"

#include <string.h>

/* Who judges, shared by all servers of one run. */
struct court {
	mca_certs anchors, helpers;
	mca_verifier *verifier;
};

static void
clear_court(struct court *court)
{
	mca_certs_clear(&court->anchors);
	mca_certs_clear(&court->helpers);
	mca_verifier_free(court->verifier);
}

static mca_code
ask_record(void *record, struct mca_standing *out, const mca_cert *cert,
    const mca_cert *issuer, mca_time at, struct mca_error *err)
{
	return mca_ca_standing(record, out, cert, issuer, at, err);
}

static mca_code
make_court(struct court *court, const report *r, struct mca_error *err)
{
	struct mca_verify_options options;

	mca_verify_defaults(&options, r->s->now);
	options.purpose = MCA_PURPOSE_SERVER;
	options.ask = ask_record;
	options.record = r->s->ca;
	if (mca_ca_trust(r->s->ca, &court->anchors, err) != MCA_OK ||
	    mca_ca_helpers(r->s->ca, &court->helpers, err) != MCA_OK)
		return err->code;
	return mca_verifier_new(&court->verifier, &court->anchors,
	    &court->helpers, NULL, &options, err);
}

static mca_code
note_renewed(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	(void)err;
	*(bool *)context |= record->renewed;
	return MCA_OK;
}

/* The file is new and the server still has the old one in memory. */
static mca_code
check_reloaded(const report *r, struct report_item *item, const mca_cert *cert,
    struct mca_error *err)
{
	scoped(mca_text) sha256 = { 0 };
	bool renewed = false;
	size_t count;

	mca_text_hex(&sha256, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	if (mca_store_find(mca_ca_store(r->s->ca), mca_text_get(&sha256),
		note_renewed, &renewed, &count, err) != MCA_OK)
		return err->code;
	if (renewed)
		report_say(item, REPORT_DUE, "MC-S-LIVE-NOT-RELOADED",
		    "renewed but never reloaded: it still serves serial %s",
		    mca_cert_serial(cert));
	return MCA_OK;
}

static void
check_root(struct report_item *item, const mca_certs *sent)
{
	for (size_t i = 1; i < sent->count; i++)
		if (mca_cert_is_self_issued(sent->rows[i]))
			report_say(item, REPORT_FINE, "MC-S-LIVE-ROOT",
			    "root sent: %s; clients have it or do not believe "
			    "it, so leave it out",
			    mca_name_text(mca_cert_subject(sent->rows[i])));
}

/* A chain without its intermediate works here and fails elsewhere. */
static enum report_state
weigh(const struct mca_finding *finding)
{
	if (strcmp(finding->rule, "MC-V-LIVE-INCOMPLETE") == 0)
		return REPORT_DUE;
	if (finding->severity == MCA_ERROR)
		return REPORT_DUE;
	return finding->severity == MCA_UNDECIDED ? REPORT_UNKNOWN
						  : REPORT_FINE;
}

static void
tell_findings(struct report_item *item, const mca_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct mca_finding *row = &findings->rows[i];
		bool chain = strcmp(row->rule, "MC-V-LIVE-INCOMPLETE") == 0;

		if (row->severity < MCA_WARNING)
			continue;
		report_say(item, weigh(row), row->rule, "%s%s%s%s",
		    chain ? "chain without its intermediate: " : "", row->field,
		    *row->field == '\0' ? "" : " ", row->detail);
	}
}

static mca_code
judge_server(const report *r, struct report_item *item,
    const struct court *court, const mca_live *live,
    const struct mca_reference *reference, struct mca_error *err)
{
	scoped(mca_verdict) verdict = { 0 };
	struct mca_ocsp ocsp;

	report_cert(item, live->sent.rows[0]);
	report_span(r, item);
	if (mca_live_judge(&verdict, &ocsp, live, court->verifier, reference,
		err) != MCA_OK)
		return err->code;
	tell_findings(item, &verdict.findings);
	check_root(item, &live->sent);
	return check_reloaded(r, item, live->sent.rows[0], err);
}

static mca_code
ask_server(report *r, const struct court *court, const char *text,
    struct mca_error *err)
{
	struct mca_endpoint endpoint;
	struct mca_live_options options = { .endpoint = &endpoint,
		.seconds = MCA_LIMIT_LIVE_SECONDS };
	scoped(mca_live) live = { 0 };
	struct report_item *item;
	struct mca_error bad;

	if (mca_endpoint_parse(&endpoint, text, err) != MCA_OK)
		return within(err, "--live");
	if (endpoint.host.form == MCA_SAN_DNS)
		options.servername = endpoint.host.text;
	item = report_add(r, REPORT_SERVER, endpoint.text);
	detail(r->s, "connecting to %s", endpoint.text);
	if (mca_live_fetch(&live, &options, &bad) != MCA_OK) {
		report_say(item, REPORT_UNKNOWN, "MC-S-LIVE-UNREACHED", "%s",
		    bad.text);
		return MCA_OK;
	}
	return judge_server(r, item, court, &live, &endpoint.host, err);
}

mca_code
gather_servers(report *r, const struct words *servers, struct mca_error *err)
{
	struct court court = { 0 };
	mca_code code = MCA_OK;

	if (servers->count > 0)
		code = make_court(&court, r, err);
	for (size_t i = 0; i < servers->count && code == MCA_OK; i++)
		code = ask_server(r, &court, servers->rows[i], err);
	clear_court(&court);
	return code;
}
