/*
 * standing.c - see standing.h.
 */
#include "standing.h"

#include "minica/text.h"

#include <string.h>

static void
report_revoked(const struct mca_standing *standing, size_t at,
    const mca_cert *cert, mca_findings *out)
{
	bool held = strcmp(standing->reason, "certificateHold") == 0;

	mca_findings_addf(out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = (int)at,
		.rule = "MC-V-REVOKED",
		.source = "RFC 5280, 6.1.3 (a)(3)",
		.field = "serialNumber",
		.found = mca_cert_serial(cert),
		.wanted = "not revoked in the store of its issuer",
		.hint = held ? "minica revoke --release ends a hold"
			     : "a revoked certificate never comes back: have "
			       "a new one issued" },
	    "was revoked on %s: %s, as the store of its issuer says",
	    MCA_TIME(standing->since), standing->reason);
}

static void
report_silence(const struct mca_error *err, size_t at, mca_findings *out)
{
	mca_findings_addf(out,
	    &(struct mca_finding){ .severity = MCA_UNDECIDED,
		.depth = (int)at,
		.rule = "MC-V-RECORD",
		.source = "RFC 5280, 6.1.3 (a)(3)",
		.field = "serialNumber",
		.hint = "minica show asks the store as well" },
	    "may have been revoked: the store could not be asked: %s",
	    err->text);
}

void
mca_standing_record(struct mca_told *told, struct mca_session *session,
    const struct mca_path *path, size_t at, mca_findings *out)
{
	const struct mca_verify_options *options = &session->options;
	const mca_cert *cert = path->nodes[at]->cert;
	struct mca_standing standing = { 0 };
	struct mca_error err;

	if (options->ask == NULL)
		return;
	if (options->ask(options->record, &standing, cert,
		path->nodes[at + 1]->cert, options->at, &err) != MCA_OK) {
		report_silence(&err, at, out);
		told->settled = true;
	} else if (standing.revoked) {
		report_revoked(&standing, at, cert, out);
		told->settled = true;
	} else if (standing.known && standing.list_number != 0) {
		told->covered = standing.list_from <= options->at &&
		    options->at <= standing.list_until;
		if (!told->covered)
			told->why = "the list that was published last holds "
				    "no more: minica crl makes the next one";
	}
}

/* OCSP. */

void
mca_standing_report(mca_findings *out, int depth, const struct mca_ocsp *ocsp,
    enum mca_severity severity)
{
	struct mca_finding finding = { .severity = severity,
		.depth = depth,
		.source = "RFC 6960, 2.2",
		.field = "OCSPResponse",
		.wanted = "good" };

	switch (ocsp->answer) {
	case MCA_OCSP_REVOKED:
		finding.severity = MCA_ERROR;
		finding.rule = "MC-V-OCSP-REVOKED";
		finding.found = "revoked";
		finding.hint = "a revoked certificate never comes back: have "
			       "a new one issued";
		mca_findings_addf(out, &finding,
		    "says that it was revoked on %s%s%s",
		    MCA_TIME(ocsp->revoked), ocsp->reason == NULL ? "" : ": ",
		    ocsp->reason == NULL ? "" : ocsp->reason);
		break;
	case MCA_OCSP_UNKNOWN:
		finding.rule = "MC-V-OCSP-UNKNOWN";
		finding.found = "unknown";
		finding.hint = "the issuer's responder does not know it: ask "
			       "the issuer";
		mca_findings_addf(out, &finding,
		    "says that its issuer does not know it");
		break;
	case MCA_OCSP_UNUSABLE:
		finding.rule = "MC-V-OCSP-UNUSABLE";
		finding.source = ocsp->source;
		finding.hint = "have a fresh one fetched from the responder";
		mca_findings_addf(out, &finding, "is of no use: %s", ocsp->why);
		break;
	default:
		break;
	}
}

/* Where nothing covers the certificate, a bad response leaves it open. */
static enum mca_severity
severity_of(const struct mca_told *told,
    const struct mca_verify_options *options)
{
	if ((options->require_crl || options->strict) && !told->covered)
		return MCA_UNDECIDED;
	return options->strict ? MCA_ERROR : MCA_WARNING;
}

/* Responses are few: those of no use are told when no other was any good. */
struct hearing {
	const mca_cert *cert, *issuer;
	mca_time at;
	struct mca_ocsp useless; /* the first of them */
	bool good;
};

static bool
hear(struct hearing *hearing, const mca_blob *response, size_t at,
    mca_findings *out)
{
	struct mca_ocsp ocsp;

	mca_ocsp_check(&ocsp, response->bytes, response->length, hearing->cert,
	    hearing->issuer, hearing->at);
	if (ocsp.answer == MCA_OCSP_REVOKED)
		mca_standing_report(out, (int)at, &ocsp, MCA_ERROR);
	else if (ocsp.answer == MCA_OCSP_GOOD)
		hearing->good = true;
	else if (hearing->useless.answer == MCA_OCSP_NONE)
		hearing->useless = ocsp;
	return ocsp.answer == MCA_OCSP_REVOKED;
}

static bool
is_about_one(const mca_blob *response, const struct mca_path *path)
{
	for (size_t i = 0; i + 1 < path->length; i++)
		if (mca_ocsp_about(response->bytes, response->length,
			path->nodes[i]->cert, path->nodes[i + 1]->cert))
			return true;
	return false;
}

/* Who gave responses wants to hear that they went unused. */
static void
check_use(const struct mca_verify_options *options, const struct mca_path *path,
    mca_findings *out)
{
	for (size_t i = 0; i < options->ocsp_count; i++)
		if (is_about_one(&options->ocsp[i], path))
			return;
	if (options->ocsp_count > 0)
		mca_findings_add(out,
		    &(struct mca_finding){
			.severity = options->strict ? MCA_ERROR : MCA_WARNING,
			.depth = MCA_NO_DEPTH,
			.rule = "MC-V-OCSP-UNUSABLE",
			.source = "RFC 6960, 3.2",
			.field = "OCSPResponse",
			.wanted = "a response about a certificate of the path",
			.detail = "is about none of these "
				  "certificates" });
}

void
mca_standing_ocsp(struct mca_told *told, struct mca_session *session,
    const struct mca_path *path, size_t at, mca_findings *out)
{
	const struct mca_verify_options *options = &session->options;
	const mca_blob *stapled = at == 0 ? session->stapled : NULL;
	const mca_blob *given;
	struct hearing hearing = { .cert = path->nodes[at]->cert,
		.issuer = path->nodes[at + 1]->cert,
		.at = options->at };

	if (stapled != NULL && stapled->length > 0)
		told->settled = hear(&hearing, stapled, at, out);
	for (size_t i = 0; i < options->ocsp_count && !told->settled; i++) {
		given = &options->ocsp[i];
		if (mca_ocsp_about(given->bytes, given->length, hearing.cert,
			hearing.issuer))
			told->settled = hear(&hearing, given, at, out);
	}
	if (at == 0)
		check_use(options, path, out);
	told->covered = told->covered || hearing.good;
	if (told->settled || hearing.good ||
	    hearing.useless.answer == MCA_OCSP_NONE)
		return;
	mca_standing_report(out, (int)at, &hearing.useless,
	    severity_of(told, options));
	told->settled = options->require_crl && !told->covered;
}
