/*
 * explain.c - see explain.h.
 *
 *	trust anchors: 2
 *	  CN=Example Root: the path ends here
 *	  CN=Other Root: another name
 *	CN=Example Root
 *	  trust anchor
 *	  valid 2026-11-21T19:59:44Z to 2036-11-18T20:04:44Z, serial 6e5a
 *	`- CN=Example Issuing CA
 *	   valid ...
 *	   `- www.example.org
 *	      valid ...
 *	      no: notAfter: ended ... (RFC 5280, 6.1.3 (a)(2)) [MC-V-EXPIRED]
 *		found: ...
 *		wanted: ...
 *		next: ...
 */
#include "explain.h"

#include "account.h"
#include "findings.h"
#include "json.h"

#include <string.h>

/* Of more anchors than this, only those that were tried are shown. */
#define SHOWN 10

/* ---- anchors ---- */

static bool
same(const mca_cert *a, const mca_cert *b)
{
	return memcmp(mca_cert_sha256(a), mca_cert_sha256(b),
		   MCA_SHA256_SIZE) == 0;
}

static const mca_cert *
end_of(const mca_verdict *verdict)
{
	return verdict->anchored ? verdict->path.rows[verdict->path.count - 1]
				 : NULL;
}

static bool
was_tried(const mca_verdict *verdict, const mca_cert *anchor)
{
	const mca_cert *end = end_of(verdict);

	for (size_t i = 0; i < verdict->trials.count; i++)
		if (same(verdict->trials.rows[i].anchor, anchor))
			return true;
	return end != NULL && same(end, anchor);
}

static void
print_anchor(const struct session *s, const mca_cert *anchor, const char *what)
{
	scoped(mca_text) fingerprint = { 0 };

	account_fingerprint(&fingerprint, mca_cert_sha256(anchor), 8);
	print(s, "  %s (%s:...): %s\n", mca_name_text(mca_cert_subject(anchor)),
	    mca_text_get(&fingerprint), what);
}

static void
print_trials(const struct session *s, const mca_verdict *verdict)
{
	const mca_cert *end = end_of(verdict);

	if (end != NULL)
		print_anchor(s, end, "the path ends here");
	for (size_t i = 0; i < verdict->trials.count; i++) {
		const struct mca_trial *row = &verdict->trials.rows[i];
		scoped(mca_text) why = { 0 };

		if (end != NULL && same(end, row->anchor))
			continue;
		mca_text_addf(&why, "%s [%s]", row->why, row->rule);
		print_anchor(s, row->anchor, mca_text_get(&why));
	}
}

static void
print_anchors(const struct session *s, const mca_verdict *verdict,
    const mca_certs *anchors)
{
	static const char untried[] = "not needed, or of another name";
	size_t others = 0;

	print(s, "trust anchors: %zu\n", anchors->count);
	print_trials(s, verdict);
	for (size_t i = 0; i < anchors->count; i++) {
		if (was_tried(verdict, anchors->rows[i]))
			continue;
		if (anchors->count <= SHOWN)
			print_anchor(s, anchors->rows[i], untried);
		else
			others++;
	}
	if (others > 0)
		print(s, "  %zu others: %s\n", others, untried);
}

void
explain_json(json_t *row, const mca_verdict *verdict, const struct judge *judge)
{
	json_t *tried = json_array();

	for (size_t i = 0; i < verdict->trials.count; i++) {
		const struct mca_trial *trial = &verdict->trials.rows[i];
		json_t *object = json_object();

		json_put(object, "subject",
		    json_text(mca_name_text(mca_cert_subject(trial->anchor))));
		json_put(object, "sha256",
		    json_hex(mca_cert_sha256(trial->anchor), MCA_SHA256_SIZE));
		json_put(object, "rule", json_text(trial->rule));
		json_put(object, "why", json_text(trial->why));
		json_append(tried, object);
	}
	json_put(row, "anchors",
	    json_integer((json_int_t)judge->anchors.count));
	json_put(row, "tried", tried);
}

/* ---- the path ---- */

static void
add_who(mca_text *out, const mca_cert *cert)
{
	const char *subject = mca_name_text(mca_cert_subject(cert));

	if (*subject != '\0')
		mca_text_addf(out, "%s", subject);
	if (mca_san_count(mca_cert_san(cert)) == 0)
		return;
	if (*subject != '\0')
		mca_text_addf(out, ", for ");
	account_names(out, mca_cert_san(cert));
}

/* Each certificate hangs from the one that issued it. */
static void
print_cert(const struct session *s, const mca_verdict *verdict, size_t depth)
{
	const mca_cert *cert = verdict->path.rows[depth];
	int level = (int)(verdict->path.count - 1 - depth);
	int indent = level == 0 ? 2 : 3 * level;
	scoped(mca_text) who = { 0 };
	scoped(mca_text) prefix = { 0 };

	add_who(&who, cert);
	print(s, "%*s%s%s\n", level == 0 ? 0 : indent - 3, "",
	    level == 0 ? "" : "`- ", mca_text_get(&who));
	if (level == 0 && verdict->anchored)
		print(s, "%*strust anchor\n", indent, "");
	print(s, "%*svalid %s to %s, serial %s\n", indent, "",
	    MCA_TIME(mca_cert_not_before(cert)),
	    MCA_TIME(mca_cert_not_after(cert)), mca_cert_serial(cert));
	mca_text_addf(&prefix, "%*s", indent, "");
	findings_at(s, mca_text_get(&prefix), &verdict->findings, (int)depth);
}

void
explain(const struct session *s, const mca_verdict *verdict,
    const struct judge *judge)
{
	print_anchors(s, verdict, &judge->anchors);
	if (!verdict->anchored)
		print(s, "no path leads to any of them; the best one is\n");
	for (size_t i = verdict->path.count; i-- > 0;)
		print_cert(s, verdict, i);
	findings_at(s, "", &verdict->findings, MCA_NO_DEPTH);
}
