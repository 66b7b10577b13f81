/*
 * explain.c - see explain.h.
 */
#include "explain.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <string.h>

/* What is said when no path reaches a trust anchor. */

static const char *
shown(const mca_name *name)
{
	return mca_name_is_empty(name) ? "(no name)" : mca_name_text(name);
}

/* Which of two keys of one name came later, by what they certify. */
static void
explain_renewal(mca_text *out, const mca_cert *impostor, const mca_cert *last)
{
	mca_time made = mca_cert_not_before(impostor);

	if (made > mca_cert_not_before(last))
		mca_text_addf(out,
		    ": it was made anew on %s, after this was signed",
		    MCA_TIME(made));
	else
		mca_text_addf(out,
		    ": that one is of %s, and seems to have been made anew "
		    "since",
		    MCA_TIME(made));
}

static void
report_other_key(const mca_cert *last, const struct mca_node *impostor,
    struct mca_finding *finding, mca_findings *out)
{
	scoped(mca_text) cause = { 0 };
	bool anchor = impostor->role == MCA_ANCHOR;
	bool newer =
	    mca_cert_not_before(impostor->cert) > mca_cert_not_before(last);

	explain_renewal(&cause, impostor->cert, last);
	finding->hint = !anchor
	    ? "give the issuer's certificate that has this key with "
	      "--intermediates"
	    : newer ? "have it issued again, by the root as it is now"
		    : "get the root that is in use now over a safe channel, "
		      "then minica trust add FILE";
	mca_findings_addf(out, finding,
	    "was made with the key %s; %s the issuer's name, %s, but its key "
	    "is %s%s",
	    MCA_KEY_WORDS(finding->wanted),
	    anchor ? "a trust anchor has" : "a certificate has",
	    shown(mca_cert_subject(impostor->cert)),
	    MCA_KEY_WORDS(finding->found), mca_text_get(&cause));
}

/*
 * A certificate has the issuer's name, but its key did not make the
 * signature: the issuer was made anew, or the subject was tampered with.
 */
static void
report_impostor(const struct mca_path *path, struct mca_node *impostor,
    mca_findings *out)
{
	const mca_cert *last = path->nodes[path->length - 1]->cert;
	struct mca_finding finding = { .severity = MCA_ERROR,
		.depth = (int)path->length - 1,
		.rule = "MC-V-SIGNATURE",
		.source = "RFC 5280, 6.1.3 (a)(1)",
		.field = "signatureValue",
		.found = mca_cert_ski(impostor->cert),
		.wanted = mca_cert_aki(last) };

	if (finding.wanted != NULL && finding.found != NULL &&
	    strcmp(finding.wanted, finding.found) != 0) {
		report_other_key(last, impostor, &finding, out);
		return;
	}
	finding.hint = "it was altered after it was signed, or was never "
		       "signed by it: get it anew";
	mca_findings_addf(out, &finding,
	    "was not made with the key of %s, its issuer by name",
	    shown(mca_cert_subject(impostor->cert)));
}

static void
report_missing(const struct mca_path *path, size_t anchors, mca_findings *out)
{
	const struct mca_node *last = path->nodes[path->length - 1];
	struct mca_finding finding = { .severity = MCA_ERROR,
		.depth = (int)path->length - 1,
		.rule = "MC-V-NO-ANCHOR",
		.source = "RFC 5280, 6.1.1 (d)",
		.field = "issuer",
		.found = shown(mca_cert_issuer(last->cert)),
		.wanted = "a trust anchor, or a CA below one" };

	if (anchors == 0) {
		finding.hint = "give anchors with --roots FILE, or minica "
			       "trust add FILE";
		mca_findings_addf(out, &finding,
		    "cannot be trusted: there is no trust anchor at all");
	} else if (last->facts->self_issued) {
		finding.hint = "if it is the root you expect, compare its "
			       "fingerprint, then minica trust add FILE";
		mca_findings_addf(out, &finding,
		    "%s issued it itself, and it is not a trust anchor",
		    shown(mca_cert_issuer(last->cert)));
	} else {
		finding.hint = "give the issuer's certificate with "
			       "--intermediates, or, if it is a root you "
			       "trust, minica trust add FILE";
		mca_findings_addf(out, &finding,
		    "%s is neither among the %zu trust anchors nor among the "
		    "intermediates",
		    shown(mca_cert_issuer(last->cert)), anchors);
	}
}

static void
report_too_long(const struct mca_path *path, mca_findings *out)
{
	mca_findings_addf(out,
	    &(struct mca_finding){ .severity = MCA_UNDECIDED,
		.depth = (int)path->length - 1,
		.rule = "MC-V-DEPTH",
		.source = "minica, limits",
		.hint = "no honest path is as long" },
	    "was given up: %d certificates without a trust anchor",
	    MCA_LIMIT_PATH_DEPTH);
}

/* The name the target must carry. */

static void
list_names(mca_text *out, const mca_san *san, enum mca_san_form form)
{
	const struct mca_san_name *name;
	size_t listed = 0;

	for (size_t i = 0; i < mca_san_count(san); i++) {
		name = mca_san_at(san, i);
		if (name->form != form)
			continue;
		if (++listed > 10) {
			mca_text_addf(out, ", ...");
			return;
		}
		mca_text_addf(out, "%s%s", listed == 1 ? "" : ", ", name->text);
	}
}

void
mca_explain_name(const mca_cert *target, const struct mca_reference *reference,
    mca_findings *out)
{
	const mca_san *san = mca_cert_san(target);
	scoped(mca_text) names = { 0 };
	bool none;

	list_names(&names, san, reference->form);
	none = names.length == 0;
	mca_findings_addf(out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = 0,
		.rule = "MC-V-HOST",
		.source = reference->form == MCA_SAN_EMAIL ? "RFC 5280, 4.2.1.6"
							   : "RFC 9525, 6",
		.field = mca_san_form_name(reference->form),
		.found = mca_text_get(&names),
		.wanted = reference->text,
		.hint = none
		    ? "the common name does not count: have it issued with "
		      "this name in subjectAltName"
		    : "ask for a name it has, or have it issued for this one "
		      "too" },
	    "does not name %s%s%s", MCA_SHOW_TEXT(reference->text),
	    none ? ": there is none in subjectAltName" : "; it names ",
	    none ? "" : mca_text_get(&names));
}

void
mca_explain_no_anchor(const struct mca_path_builder *builder, mca_findings *out)
{
	const struct mca_path *path = &builder->longest;

	if (path->length == 0)
		mca_session_report_limits(builder->session, MCA_HIT_MEMORY,
		    out);
	else if (builder->too_long)
		report_too_long(path, out);
	else if (builder->impostor != NULL)
		report_impostor(path, builder->impostor, out);
	else
		report_missing(path, builder->session->verifier->anchors.count,
		    out);
}
