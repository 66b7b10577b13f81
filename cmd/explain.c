/*
 * explain.c - see explain.h.
 *
 *	CN=Example Root (trust anchor, 1 of 140)
 *	`- CN=Example Issuing CA
 *	   `- www.example.org
 *	      no: notAfter: ... (RFC 5280, 6.1.3 (a)(2)) [MC-V-EXPIRED]
 */
#include "explain.h"

#include "account.h"
#include "findings.h"

#include <string.h>

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

static void
print_cert(const struct session *s, const mca_verdict *verdict, size_t depth,
    int indent)
{
	const mca_cert *cert = verdict->path.rows[depth];
	bool top = depth + 1 == verdict->path.count;
	scoped(mca_text) who = { 0 };
	scoped(mca_text) prefix = { 0 };

	add_who(&who, cert);
	print(s, "%*s%s%s\n", indent, "", indent == 0 ? "" : "`- ",
	    mca_text_get(&who));
	indent += indent == 0 ? 2 : 5;
	if (top && verdict->anchored)
		print(s, "%*strust anchor\n", indent, "");
	print(s, "%*svalid %s to %s, serial %s\n", indent, "",
	    MCA_TIME(mca_cert_not_before(cert)),
	    MCA_TIME(mca_cert_not_after(cert)), mca_cert_serial(cert));
	mca_text_addf(&prefix, "%*s", indent, "");
	findings_at(s, mca_text_get(&prefix), &verdict->findings, (int)depth);
}

void
explain(const struct session *s, const mca_verdict *verdict, size_t anchors)
{
	size_t count = verdict->path.count;
	int indent = 0;

	print(s, "trust anchors tried: %zu\n", anchors);
	if (!verdict->anchored)
		print(s, "no path leads to any of them; the best one is\n");
	for (size_t i = count; i-- > 0; indent += 3)
		print_cert(s, verdict, i, indent);
	findings_at(s, "", &verdict->findings, MCA_NO_DEPTH);
}
