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

/* `whose` (or NULL) is the certificate that it is about. */
static void
tell_line(FILE *out, const char *prefix, const char *word, const char *whose,
    const struct mca_finding *row)
{
	(void)fprintf(out, "%s%s: ", prefix, word);
	if (*row->field != '\0')
		(void)fprintf(out, "%s%s%s: ", row->field,
		    whose == NULL ? "" : " of ", whose == NULL ? "" : whose);
	else if (whose != NULL)
		(void)fprintf(out, "%s: ", whose);
	(void)fputs(row->detail, out);
	if (*row->source != '\0')
		(void)fprintf(out, " (%s)", row->source);
	(void)fprintf(out, " [%s]", row->rule);
}

static void
tell_as(FILE *out, const char *prefix, const char *word,
    const struct mca_finding *row, bool clients)
{
	tell_line(out, prefix, word, NULL, row);
	(void)fputc('\n', out);
	if (clients && *row->clients != '\0')
		(void)fprintf(out, "    refused by %s\n", row->clients);
	if (*row->hint != '\0')
		(void)fprintf(out, "    %s\n", row->hint);
}

/* Memory ran out, and with it went what a doubt or a no is about. */
static void
tell_lost(const mca_findings *list)
{
	if (list->lost)
		(void)fputs("minica: out of memory: findings were lost\n",
		    stderr);
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

/* Everybody knows whose certificate the target is: it was asked about. */
static const char *
whose(const mca_certs *path, int depth)
{
	if (depth <= 0 || (size_t)depth >= path->count)
		return NULL;
	return mca_name_text(mca_cert_subject(path->rows[depth]));
}

void
findings_lines(const struct session *s, const char *prefix,
    const mca_findings *list, const mca_certs *path, enum mca_severity from)
{
	for (size_t i = 0; s->doc == NULL && i < list->count; i++) {
		const struct mca_finding *row = &list->rows[i];

		if (row->severity < from)
			continue;
		tell_line(stdout, prefix, words[row->severity],
		    whose(path, row->depth), row);
		if (row->severity == MCA_WARNING && *row->clients != '\0')
			(void)printf(", refused by %s", row->clients);
		(void)printf("%s%s\n", *row->hint == '\0' ? "" : ": ",
		    row->hint);
	}
	tell_lost(list);
}

static void
tell_part(const char *prefix, const char *name, const char *value)
{
	if (*value != '\0')
		(void)printf("%s  %s: %s\n", prefix, name, value);
}

void
findings_print(const struct session *s, const char *prefix,
    const mca_findings *list, enum mca_severity from)
{
	for (size_t i = 0; s->doc == NULL && i < list->count; i++)
		if (list->rows[i].severity >= from)
			tell(stdout, prefix, &list->rows[i]);
	tell_lost(list);
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
	tell_lost(list);
}

static void
tell_all(const char *prefix, const struct mca_finding *row)
{
	tell_line(stdout, prefix, words[row->severity], NULL, row);
	(void)fputc('\n', stdout);
	tell_part(prefix, "found", row->found);
	tell_part(prefix, "wanted", row->wanted);
	if (row->severity == MCA_WARNING)
		tell_part(prefix, "refused by", row->clients);
	tell_part(prefix, "next", row->hint);
}

void
findings_at(const struct session *s, const char *prefix,
    const mca_findings *list, int depth)
{
	for (size_t i = 0; s->doc == NULL && i < list->count; i++)
		if (list->rows[i].depth == depth)
			tell_all(prefix, &list->rows[i]);
}

bool
findings_refused(const mca_findings *list)
{
	return list->lost || mca_findings_worst(list) == MCA_ERROR;
}
