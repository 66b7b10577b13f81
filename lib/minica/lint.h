/*
 * minica/lint.h - is a certificate, a request or a CRL well-made?  Rules as
 * rows.
 *
 * Lint looks at one object alone, without trust, time or host.
 */
#ifndef MINICA_LINT_H
#define MINICA_LINT_H

#include "minica/cert.h"
#include "minica/client.h"
#include "minica/crl.h"
#include "minica/csr.h"
#include "minica/finding.h"

struct mca_facts;
struct mca_fault;

/* What a rule is about; a mask of them in a rule. */
enum mca_lint_kind { MCA_LINT_CERT = 1, MCA_LINT_CSR = 2, MCA_LINT_CRL = 4 };

/* One rule, for lists and manuals. */
struct mca_lint_rule {
	const char *rule;   /* "MC-L-SERIAL" */
	const char *source; /* "RFC 5280, 4.1.2.2" */
	const char *field;  /* "serialNumber" */
	const char *says;   /* what is demanded, one sentence */
	const char *mend;   /* how to mend it, one sentence */
	enum mca_severity severity;
	unsigned kinds; /* of enum mca_lint_kind */

	/* The check itself, for the library alone. */
	bool (*broken)(const struct mca_facts *facts, struct mca_fault *fault);
};

/* mca_lint_rules returns all rules, ended by a NULL rule. */
MCA_API const struct mca_lint_rule *mca_lint_rules(void);

/*
 * mca_lint adds a finding for every rule that `cert` breaks; the other two are
 * the same for what a request asks for, and for a list.
 */
MCA_API void mca_lint(mca_findings *out, const mca_cert *cert);
MCA_API void mca_lint_request(mca_findings *out, const mca_csr *csr);
MCA_API void mca_lint_crl(mca_findings *out, const mca_crl *crl);

/*
 * mca_lint_for is mca_lint, and asks the rules of `clients` (a mask of
 * minica/client.h) as well: what one of them refuses is an error.  A mask of 0
 * asks all of them, and what they refuse is a warning.  Findings say which
 * clients refuse.
 */
MCA_API void mca_lint_for(mca_findings *out, const mca_cert *cert,
    unsigned clients);

#endif
