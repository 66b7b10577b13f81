/*
 * rules.h - what one certificate must be like, whatever path it is on.
 *
 * Rules are rows: a stable id, the text it comes from, how bad a breach is
 * under each set of rules, and the function that finds it.  What needs the
 * whole path (signatures, name constraints, policies, revocation) is in
 * verify.c and its parts instead.
 */
#ifndef MCA_RULES_H
#define MCA_RULES_H

#include "facts.h"
#include "suffix.h"

#include "minica/client.h"
#include "minica/verify.h"

/* The place of a certificate in its path, and masks of places. */
enum mca_role {
	MCA_TARGET = 1,
	MCA_INTERMEDIATE = 2,
	MCA_ANCHOR = 4,
	MCA_ISSUERS = MCA_INTERMEDIATE | MCA_ANCHOR,
	MCA_BELOW_ANCHOR = MCA_TARGET | MCA_INTERMEDIATE,
	MCA_ANYWHERE = MCA_TARGET | MCA_ISSUERS,
	MCA_ALONE = 8, /* on no path: lint looks at it */
};

/* What a rule may look at. */
struct mca_rule_input {
	const struct mca_facts *facts;
	const struct mca_verify_options *options;
	const mca_suffixes *suffixes; /* NULL if the list is not there */
	unsigned role;		      /* one of enum mca_role, and MCA_ALONE */
};

/* What a rule found; the strings are escaped. */
struct mca_fault {
	char detail[400];
	char found[256];
	char wanted[200];
	enum mca_severity severity; /* the row's, unless a check lowers it */
};

/* mca_fault sets the sentence and returns true, so that a check can too. */
bool mca_fault(struct mca_fault *fault, const char *fmt, ...) MCA_PRINTF(2, 3);
void mca_fault_found(struct mca_fault *fault, const char *fmt, ...)
    MCA_PRINTF(2, 3);
void mca_fault_wanted(struct mca_fault *fault, const char *fmt, ...)
    MCA_PRINTF(2, 3);

/*
 * How bad a breach is: not looked for, or a severity.  MCA_WEB is a warning
 * where a TLS server is wanted, and not looked for anywhere else.
 */
enum mca_weight { MCA_OFF, MCA_WARN, MCA_REFUSE, MCA_WEB };

struct mca_rule {
	const char *id, *source, *field;
	unsigned roles; /* of enum mca_role */
	enum mca_weight rfc5280, webpki;
	unsigned clients; /* of enum mca_client, those that refuse */

	/* Returns true when the rule is broken, having filled `fault`. */
	bool (*broken)(const struct mca_rule_input *input,
	    struct mca_fault *fault);
	const char *hint; /* NULL: nothing but another certificate helps */
};

/* The tables, each ended by a row without an id. */
extern const struct mca_rule mca_rules_form[];
extern const struct mca_rule mca_rules_key[];
extern const struct mca_rule mca_rules_usage[];
extern const struct mca_rule mca_rules_naming[];
extern const struct mca_rule mca_rules_client[];

/* Those that use one of libcrypto's verifiers; those that are browsers. */
#define LIBCRYPTO (MCA_OPENSSL | MCA_PYTHON)
#define BROWSERS (MCA_APPLE | MCA_CHROME | MCA_FIREFOX)

/* Those to whom a critical extension that they do not read is unknown. */
#define UNREAD (MCA_GO | MCA_JAVA | LIBCRYPTO)

/*
 * mca_rules_apply adds a finding for each rule that the certificate breaks in
 * its role.
 */
void mca_rules_apply(mca_findings *out, int depth,
    const struct mca_rule_input *input);

#endif
