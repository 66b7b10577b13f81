/*
 * report_prom.c - a report in the text format of Prometheus (version 0.0.4).
 */
#include "report.h"

#include <string.h>

static void
write_value(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\n')
			(void)fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			(void)fprintf(out, "\\%c", *text);
		else
			(void)fputc(*text, out);
}

static void
write_labels(FILE *out, const struct report_item *item)
{
	(void)fprintf(out, "{kind=\"%s\",name=\"",
	    report_kind_name(item->kind));
	write_value(out, item->name);
	(void)fprintf(out, "\",serial=\"%s\"}",
	    item->serial == NULL ? "" : item->serial);
}

static void
write_head(FILE *out, const char *name, const char *help)
{
	(void)fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* A series is known by its labels, and must be there once. */
static bool
is_repeated(const report *r, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (r->rows[j].kind == r->rows[i].kind &&
		    strcmp(r->rows[j].name, r->rows[i].name) == 0 &&
		    (r->rows[j].serial == NULL) ==
			(r->rows[i].serial == NULL) &&
		    (r->rows[i].serial == NULL ||
			strcmp(r->rows[j].serial, r->rows[i].serial) == 0))
			return true;
	return false;
}

static void
write_ends(const report *r, FILE *out)
{
	(void)fputs(REPORT_PROM_HEAD "When it ends, in seconds since 1970.\n"
				     "# TYPE minica_not_after_seconds gauge\n",
	    out);
	for (size_t i = 0; i < r->count; i++) {
		if (r->rows[i].until == 0 || is_repeated(r, i))
			continue;
		(void)fputs("minica_not_after_seconds", out);
		write_labels(out, &r->rows[i]);
		(void)fprintf(out, " %lld\n", (long long)r->rows[i].until);
	}
}

static void
write_states(const report *r, FILE *out)
{
	write_head(out, "minica_due",
	    "1 if something must be done, 0 if not, NaN if that could not be "
	    "told.");
	for (size_t i = 0; i < r->count; i++) {
		if (is_repeated(r, i))
			continue;
		(void)fputs("minica_due", out);
		write_labels(out, &r->rows[i]);
		(void)fprintf(out, " %s\n",
		    r->rows[i].state == REPORT_UNKNOWN	 ? "NaN"
			: r->rows[i].state == REPORT_DUE ? "1"
							 : "0");
	}
}

void
report_prom(const report *r, FILE *out)
{
	write_ends(r, out);
	write_states(r, out);
	write_head(out, "minica_leaves",
	    "Certificates of the store that are no CA's, by status.");
	(void)fprintf(out,
	    "minica_leaves{status=\"valid\"} %lld\n"
	    "minica_leaves{status=\"expired\"} %lld\n"
	    "minica_leaves{status=\"revoked\"} %lld\n",
	    (long long)r->valid, (long long)r->expired, (long long)r->revoked);
	write_head(out, "minica_status_time_seconds",
	    "When this was looked at, in seconds since 1970.");
	(void)fprintf(out, "minica_status_time_seconds %lld\n",
	    (long long)r->s->now);
}
