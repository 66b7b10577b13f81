/*
 * explain.c - see explain.h.
 *
 *	CN=Example Root
 *	  trust anchor
 *	  valid 2026-11-21T19:59:44Z to 2036-11-18T20:04:44Z, serial 6e5a
 *	`- CN=Example Issuing CA
 *	   valid ...
 *	   `- www.example.org
 *	      valid ...
 *	      no: notAfter: ended ... (RFC 5280, 6.1.3 (a)(2)) [MC-V-EXPIRED]
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
explain(const struct session *s, const mca_verdict *verdict, size_t anchors)
{
	print(s, "trust anchors tried: %zu\n", anchors);
	if (!verdict->anchored)
		print(s, "no path leads to any of them; the best one is\n");
	for (size_t i = verdict->path.count; i-- > 0;)
		print_cert(s, verdict, i);
	findings_at(s, "", &verdict->findings, MCA_NO_DEPTH);
}
