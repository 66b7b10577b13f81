/*
 * live_judge.c - may what was served be believed, and is it served well?
 * (minica/live.h)
 */
#include "error.h"
#include "judge.h"
#include "live_parts.h"
#include "object.h"
#include "ossl.h"
#include "standing.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <openssl/err.h>

#include <stdio.h>
#include <string.h>

/* Sooner than this is soon, for whom more than two weeks were given. */
#define SOON (7 * MCA_DAY)

struct hearing {
	const mca_live *live;
	const mca_verifier *verifier;
	const struct mca_reference *reference;
	const mca_verdict *verdict;
	mca_findings findings;
};

static const char *
shown(const mca_name *name)
{
	return mca_name_is_empty(name) ? "(no name)" : mca_name_text(name);
}

static const mca_cert *
at_depth(const struct hearing *hearing, size_t depth)
{
	return hearing->verdict->path.rows[depth];
}

/* An issuer that we had, and who asks the server may not. */
static void
report_helped(struct hearing *hearing, size_t depth)
{
	const char *missing = shown(mca_cert_subject(at_depth(hearing, depth)));

	mca_findings_addf(&hearing->findings,
	    &(struct mca_finding){ .severity = MCA_WARNING,
		.depth = (int)depth - 1,
		.rule = "MC-V-LIVE-INCOMPLETE",
		.source = "RFC 5280, 6.1",
		.field = "certificate_list",
		.found = missing,
		.wanted = "every certificate up to the trust anchor",
		.hint = "have the server send it after its own certificate" },
	    "is incomplete: the server did not send its issuer, %s, which was "
	    "only found because it is known here; other clients will refuse",
	    missing);
}

static void
report_missing(struct hearing *hearing)
{
	const mca_verdict *verdict = hearing->verdict;
	const mca_cert *last = at_depth(hearing, verdict->path.count - 1);

	if (mca_cert_is_self_issued(last))
		return;
	mca_findings_addf(&hearing->findings,
	    &(struct mca_finding){ .severity = MCA_WARNING,
		.depth = (int)verdict->path.count - 1,
		.rule = "MC-V-LIVE-INCOMPLETE",
		.source = "RFC 5280, 6.1",
		.field = "certificate_list",
		.found = shown(mca_cert_issuer(last)),
		.wanted = "every certificate up to the trust anchor",
		.hint = "have the server send it after its own certificate, "
			"if it is not a root" },
	    "is incomplete: the server did not send its issuer, %s, and it is "
	    "not known here either",
	    shown(mca_cert_issuer(last)));
}

static void
check_complete(struct hearing *hearing)
{
	const mca_verdict *verdict = hearing->verdict;
	size_t ours = verdict->path.count;

	if (verdict->anchored && ours > 0)
		ours--;
	for (size_t i = 1; i < ours; i++)
		if (mca_live_sent(hearing->live, at_depth(hearing, i)) ==
		    hearing->live->sent.count)
			report_helped(hearing, i);
	if (mca_findings_has(&verdict->findings, "MC-V-NO-ANCHOR"))
		report_missing(hearing);
}

static bool
names_it(const mca_cert *cert, const struct mca_reference *reference)
{
	const mca_san *san = mca_cert_san(cert);

	for (size_t i = 0; i < mca_san_count(san); i++)
		if (mca_reference_matches(reference, mca_san_at(san, i)))
			return true;
	return false;
}

/* MC-V-HOST has said that the name is wrong; this says how that may be. */
static void
check_name(struct hearing *hearing)
{
	const mca_live *live = hearing->live;
	const char *host =
	    hearing->reference == NULL ? "" : hearing->reference->text;
	struct mca_finding finding = { .severity = MCA_NOTE,
		.depth = 0,
		.rule = "MC-V-LIVE-OTHER-NAME",
		.source = "RFC 6066, 3",
		.field = "server_name",
		.found = live->servername,
		.wanted = host };

	if (!mca_findings_has(&hearing->verdict->findings, "MC-V-HOST"))
		return;
	for (size_t i = 1; i < live->sent.count; i++) {
		if (!names_it(live->sent.rows[i], hearing->reference))
			continue;
		finding.hint = "have the server send that one first";
		mca_findings_addf(&hearing->findings, &finding,
		    "is not for %s, but certificate %zu of those sent is", host,
		    i + 1);
		return;
	}
	if (*live->servername == '\0') {
		finding.hint = "say which one with --servername";
		mca_findings_addf(&hearing->findings, &finding,
		    "was not sent, so the server may have taken the "
		    "certificate of another of its names");
	} else if (strcmp(live->servername, host) != 0) {
		finding.hint = "ask for the name that is wanted";
		mca_findings_addf(&hearing->findings, &finding,
		    "asked for %s, not for %s", live->servername, host);
	} else {
		finding.hint = "see whether the server has one for that name "
			       "and is set up to use it";
		mca_findings_addf(&hearing->findings, &finding,
		    "asked for %s, and the server answered with the "
		    "certificate of another name: its default one, it seems",
		    host);
	}
}

static bool
ends_soon(mca_time left, mca_time life)
{
	return left < life / 10 || (left < SOON && life > 2 * SOON);
}

static void
check_end(struct hearing *hearing, size_t depth, mca_time at)
{
	const mca_cert *cert = at_depth(hearing, depth);
	mca_time end = mca_cert_not_after(cert);
	mca_time begin = mca_cert_not_before(cert);

	if (at > end || at < begin || !ends_soon(end - at, end - begin))
		return;
	mca_findings_addf(&hearing->findings,
	    &(struct mca_finding){ .severity = MCA_WARNING,
		.depth = (int)depth,
		.rule = "MC-V-LIVE-EXPIRING",
		.source = "RFC 5280, 4.1.2.5",
		.field = "notAfter",
		.found = MCA_TIME(end),
		.hint = "have it renewed" },
	    "ends soon: in %s, on %s", MCA_DURATION(end - at), MCA_TIME(end));
}

static void
check_handshake(struct hearing *hearing)
{
	const mca_live *live = hearing->live;

	if (!live->forward_secret)
		mca_findings_addf(&hearing->findings,
		    &(struct mca_finding){ .severity = MCA_WARNING,
			.depth = MCA_NO_DEPTH,
			.rule = "MC-V-LIVE-KEY-EXCHANGE",
			.source = "RFC 9325, 4.1",
			.field = "cipher_suite",
			.found = live->cipher,
			.wanted = "ECDHE",
			.hint = "have the server offer ECDHE, or TLS 1.3" },
		    "is without forward secrecy: who gets the server's key "
		    "later can read what was recorded");
	if (*live->broke_off != '\0')
		mca_findings_addf(&hearing->findings,
		    &(struct mca_finding){ .severity = MCA_NOTE,
			.depth = MCA_NO_DEPTH,
			.rule = "MC-V-LIVE-BROKE-OFF",
			.source = "RFC 5246, 7.4.6",
			.field = "certificate_request" },
		    "%s; the server had proven to hold the key by then%s",
		    live->broke_off,
		    live->asks_client
			? ", and it wants a certificate of its clients"
			: "");
}

/* Stapled OCSP. */

static enum mca_severity
when_not_told(const struct hearing *hearing)
{
	return hearing->verifier->options.require_crl ? MCA_UNDECIDED
						      : MCA_WARNING;
}

/* RFC 7633: the certificate says that its server always staples. */
static bool
must_staple(const mca_cert *cert)
{
	TLS_FEATURE *features = X509_get_ext_d2i(mca_cert_get0_bare(cert),
	    NID_tlsfeature, NULL, NULL);
	bool must = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == 5)
			must = true;
	TLS_FEATURE_free(features);
	ERR_clear_error();
	return must;
}

static void
check_ocsp(struct hearing *hearing, struct mca_ocsp *ocsp)
{
	const mca_live *live = hearing->live;
	const mca_certs *path = &hearing->verdict->path;
	mca_time at = hearing->verifier->options.at;

	if (live->ocsp.length == 0) {
		if (must_staple(live->sent.rows[0]))
			mca_findings_addf(&hearing->findings,
			    &(struct mca_finding){ .severity = MCA_WARNING,
				.depth = 0,
				.rule = "MC-V-OCSP-MISSING",
				.source = "RFC 7633",
				.field = "tlsFeature",
				.hint = "turn OCSP stapling on at the server; "
					"Firefox refuses without it" },
			    "demands a stapled OCSP response, and none was "
			    "sent");
		return;
	}
	if (path->count < 2) {
		ocsp->answer = MCA_OCSP_UNUSABLE;
		ocsp->source = "RFC 6960, 3.2";
		(void)snprintf(ocsp->why, sizeof(ocsp->why),
		    "who issued the certificate is not known");
	} else {
		mca_ocsp_check(ocsp, live->ocsp.bytes, live->ocsp.length,
		    path->rows[0], path->rows[1], at);
	}
	/* A path that was judged has been judged by the response too. */
	if (!hearing->verdict->anchored)
		mca_standing_report(&hearing->findings, 0, ocsp,
		    when_not_told(hearing));
}

/* The verdict, with what was found here. */

static void
settle(mca_verdict *verdict, mca_findings *findings, bool strict)
{
	enum mca_severity worst;

	for (size_t i = 0; strict && i < findings->count; i++)
		if (findings->rows[i].severity == MCA_WARNING)
			findings->rows[i].severity = MCA_ERROR;
	worst = mca_findings_worst(findings);
	if (worst == MCA_ERROR)
		verdict->answer = MCA_NO;
	else if (worst == MCA_UNDECIDED && verdict->answer == MCA_YES)
		verdict->answer = MCA_COULD_NOT_TELL;
	mca_findings_append(&verdict->findings, findings);
}

mca_code
mca_live_judge(mca_verdict *out, struct mca_ocsp *ocsp, const mca_live *live,
    const mca_verifier *verifier, const struct mca_reference *reference,
    struct mca_error *err)
{
	struct hearing hearing = { .live = live,
		.verifier = verifier,
		.reference = reference,
		.verdict = out };
	const mca_certs others = { live->sent.rows + 1, live->sent.count - 1,
		0 };
	mca_code code = mca_verify_stapled(out, verifier, live->sent.rows[0],
	    &others, &live->ocsp, reference, err);

	if (code != MCA_OK)
		return code;
	memset(ocsp, 0, sizeof(*ocsp));
	check_handshake(&hearing);
	mca_live_check_chain(live, &hearing.findings);
	check_complete(&hearing);
	check_name(&hearing);
	for (size_t i = 0; i < out->path.count; i++)
		check_end(&hearing, i, verifier->options.at);
	check_ocsp(&hearing, ocsp);
	settle(out, &hearing.findings, verifier->options.strict);
	mca_findings_clear(&hearing.findings);
	return MCA_OK;
}
