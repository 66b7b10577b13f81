/*
 * findings.c - see findings.h.
 */
#include "findings.h"

#include <stdio.h>

static const char *const words[] = {
	[MCA_NOTE] = "note",
	[MCA_WARNING] = "warning",
	[MCA_UNDECIDED] = "could not tell",
	[MCA_ERROR] = "no",
};

static void
tell_as(FILE *out, const char *prefix, const char *word,
    const struct mca_finding *row, bool clients)
{
	(void)fprintf(out, "%s%s: ", prefix, word);
	if (*row->field != '\0')
		(void)fprintf(out, "%s: ", row->field);
	(void)fputs(row->detail, out);
	if (*row->source != '\0')
		(void)fprintf(out, " (%s)", row->source);
	(void)fprintf(out, " [%s]\n", row->rule);
	if (clients && *row->clients != '\0')
		(void)fprintf(out, "    refused by %s\n", row->clients);
	if (*row->hint != '\0')
		(void)fprintf(out, "    %s\n", row->hint);
}

/* Who refuses it as well is told of warnings: of a no, others are no matter. */
static void
tell(FILE *out, const char *prefix, const struct mca_finding *row)
{
	tell_as(out, prefix, words[row->severity], row,
	    row->severity == MCA_WARNING);
}

void
findings_lint(const struct session *s, const char *prefix,
    const mca_findings *list)
{
	for (size_t i = 0; s->doc == NULL && i < list->count; i++)
		tell_as(stdout, prefix,
		    mca_severity_name(list->rows[i].severity), &list->rows[i],
		    true);
}

void
findings_print(const struct session *s, const char *prefix,
    const mca_findings *list, enum mca_severity from)
{
	for (size_t i = 0; s->doc == NULL && i < list->count; i++)
		if (list->rows[i].severity >= from)
			tell(stdout, prefix, &list->rows[i]);
}

/* --quiet keeps what explains a no. */
void
findings_talk(const struct session *s, const char *prefix,
    const mca_findings *list, enum mca_severity from)
{
	if (s->globals.quiet && from < MCA_UNDECIDED)
		from = MCA_UNDECIDED;
	for (size_t i = 0; s->doc == NULL && i < list->count; i++)
		if (list->rows[i].severity >= from)
			tell(stderr, prefix, &list->rows[i]);
}

void
findings_at(const struct session *s, const char *prefix,
    const mca_findings *list, int depth)
{
	for (size_t i = 0; s->doc == NULL && i < list->count; i++)
		if (list->rows[i].depth == depth)
			tell(stdout, prefix, &list->rows[i]);
}

bool
findings_refused(const mca_findings *list)
{
	return list->lost || mca_findings_worst(list) == MCA_ERROR;
}
