/*
 * minica/finding.h - what is wrong with an object that was understood.
 *
 * A finding means the question was answered, and the answer is not good: the
 * policy refuses a name, a certificate has expired, a rule is broken.  A
 * refusal carries at least one.  Findings teach: which field, what was found,
 * what was wanted, the rule with its source, and what to do next.
 */
#ifndef MINICA_FINDING_H
#define MINICA_FINDING_H

#include "minica/error.h"

/* In rising order: the worst severity of a list decides. */
enum mca_severity {
	MCA_NOTE,      /* worth knowing: something was dropped or changed */
	MCA_WARNING,   /* allowed here, refused by some */
	MCA_UNDECIDED, /* could not tell, so it is not a yes */
	MCA_ERROR,     /* a definite no */
};

/* The depth of a finding that is about no certificate of a path. */
#define MCA_NO_DEPTH (-1)

/*
 * `rule` and `severity` are always there; the other strings may be NULL when
 * given to mca_findings_add, and are never NULL in a list ("" then).
 */
struct mca_finding {
	enum mca_severity severity;
	int depth;	    /* in its path, 0 the target; MCA_NO_DEPTH */
	const char *rule;   /* stable code: "MC-V-HOST" */
	const char *source; /* "RFC 5280, 4.1.2.2", "policy server, line 7" */
	const char *field;  /* as the standard names it: "dNSName" */
	const char *detail; /* the sentence, without the field */
	const char *found;  /* escaped text, for --json and --explain */
	const char *wanted;
	const char *clients; /* who refuses it: "apple, go" */
	const char *hint;    /* what to do next */
};

/*
 * A list of zeros is empty.  If memory runs out, `lost` is set and the list
 * counts as MCA_UNDECIDED at best: a finding that was lost never turns a no
 * into a yes.
 */
typedef struct mca_findings {
	struct mca_finding *rows;
	size_t count, capacity;
	bool lost;
} mca_findings;

MCA_API void mca_findings_clear(mca_findings *list);
MCA_SCOPED(mca_findings, mca_findings_clear)

/* mca_findings_add copies every string of `finding`. */
MCA_API void mca_findings_add(mca_findings *list,
    const struct mca_finding *finding);

/*
 * mca_findings_addf is mca_findings_add with `detail` made from `fmt`; the
 * detail of `finding` itself is ignored.
 */
MCA_API void mca_findings_addf(mca_findings *list,
    const struct mca_finding *finding, const char *fmt, ...) MCA_PRINTF(3, 4);

/* mca_findings_append copies all of `from` to the end of `list`. */
MCA_API void mca_findings_append(mca_findings *list, const mca_findings *from);

/* mca_findings_worst returns the highest severity, MCA_NOTE for none. */
MCA_API enum mca_severity mca_findings_worst(const mca_findings *list);

/* mca_findings_has says whether a finding of `rule` is in the list. */
MCA_API bool mca_findings_has(const mca_findings *list, const char *rule);

/* mca_severity_name returns "note", "warning", "undecided" or "error". */
MCA_API const char *mca_severity_name(enum mca_severity severity);

#endif
