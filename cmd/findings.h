/*
 * findings.h - findings told to people.
 *
 *	web.pem: no: dNSName: does not match ... (RFC 9525, 6.3) [MC-V-HOST]
 *	    ask for a certificate that names it
 */
#ifndef CMD_FINDINGS_H
#define CMD_FINDINGS_H

#include "session.h"

/*
 * findings_print writes the findings of `from` and above, each line begun by
 * `prefix`; on stdout when they are the result, on stderr when they are the
 * reason that there is none.  Nothing under --json.
 */
void findings_print(const struct session *s, const char *prefix,
    const mca_findings *list, enum mca_severity from);
void findings_talk(const struct session *s, const char *prefix,
    const mca_findings *list, enum mca_severity from);

/* findings_lint prints them all, by severity: "error", "warning". */
void findings_lint(const struct session *s, const char *prefix,
    const mca_findings *list);

/*
 * findings_lines is findings_print with one line for each, whatever its hint,
 * that says which certificate of `path` it is about if not the target.
 */
void findings_lines(const struct session *s, const char *prefix,
    const mca_findings *list, const mca_certs *path, enum mca_severity from);

/*
 * findings_at prints those about the certificate at that depth of a path, each
 * with what was found, what was wanted and what to do next.
 */
void findings_at(const struct session *s, const char *prefix,
    const mca_findings *list, int depth);

/* findings_refused says whether the list holds a definite no. */
bool findings_refused(const mca_findings *list);

#endif
