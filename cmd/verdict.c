/*
 * verdict.c - see verdict.h.
 */
#include "verdict.h"

#include "account.h"
#include "explain.h"
#include "findings.h"
#include "json.h"

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
put_verdict(json_t *row, const mca_verdict *verdict, const struct judge *judge)
{
	if (row == NULL)
		return;
	json_put(row, "answer", json_text(answers[verdict->answer].word));
	json_put(row, "anchored", json_boolean(verdict->anchored));
	json_put(row, "path", json_array());
	for (size_t i = 0; i < verdict->path.count; i++)
		json_push(row, "path", json_cert(verdict->path.rows[i]));
	json_put(row, "findings", json_findings(&verdict->findings));
	explain_json(row, verdict, judge);
}

mca_code
verdict_tell(struct session *s, json_t *row, const char *file,
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
	put_verdict(row, verdict, judge);
	mca_text_addf(&label, "%s%s%s", file, as == NULL ? "" : ", as ",
	    as == NULL ? "" : as);
	mca_text_addf(&prefix, "%s: ", mca_text_get(&label));
	if (verdict->answer == MCA_YES)
		tell_yes(s, mca_text_get(&label), judge, verdict->path.rows[0]);
	else if (as != NULL && whole)
		print(s, "%s: %s\n", mca_text_get(&label),
		    answers[verdict->answer].word);
	if (whole)
		explain(s, verdict, judge);
	else
		findings_lines(s, mca_text_get(&prefix), &verdict->findings,
		    &verdict->path,
		    s->globals.verbose ? MCA_NOTE : MCA_WARNING);
	return answers[verdict->answer].code;
}
