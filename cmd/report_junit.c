/*
 * report_junit.c - a report as JUnit's XML, which CI servers read.
 */
#include "report.h"

void
report_escape(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			(void)fputs("&amp;", out);
			break;
		case '<':
			(void)fputs("&lt;", out);
			break;
		case '>':
			(void)fputs("&gt;", out);
			break;
		case '"':
			(void)fputs("&quot;", out);
			break;
		case '\'':
			(void)fputs("&#39;", out);
			break;
		default:
			/* Controls are no characters of XML 1.0. */
			(void)fputc((unsigned char)*text < 0x20 ? '?' : *text,
			    out);
		}
}

static size_t
count(const report *r, enum report_kind kind, enum report_state state)
{
	size_t found = 0;

	for (size_t i = 0; i < r->count; i++)
		found += r->rows[i].kind == kind && r->rows[i].state == state;
	return found;
}

/* A message and its text are the same, for readers of either. */
static void
write_outcome(FILE *out, const char *element, const struct report_item *item)
{
	(void)fprintf(out, ">\n      <%s type=\"%s\" message=\"", element,
	    item->rule);
	report_escape(out, mca_text_get(&item->detail));
	(void)fputs("\">", out);
	report_escape(out, mca_text_get(&item->detail));
	(void)fprintf(out, "</%s>\n    </testcase>\n", element);
}

static void
write_case(FILE *out, const struct report_item *item)
{
	(void)fprintf(out, "    <testcase classname=\"minica.%s\" name=\"",
	    report_kind_name(item->kind));
	report_escape(out, item->name);
	if (item->serial != NULL)
		(void)fprintf(out, " (%s)", item->serial);
	(void)fputc('"', out);
	if (item->state == REPORT_FINE)
		(void)fputs("/>\n", out);
	else
		write_outcome(out,
		    item->state == REPORT_DUE ? "failure" : "error", item);
}

static void
write_suite(const report *r, FILE *out, enum report_kind kind)
{
	size_t due = count(r, kind, REPORT_DUE);
	size_t unknown = count(r, kind, REPORT_UNKNOWN);
	size_t all = due + unknown + count(r, kind, REPORT_FINE);

	if (all == 0)
		return;
	(void)fprintf(out,
	    "  <testsuite name=\"minica.%s\" tests=\"%zu\" failures=\"%zu\" "
	    "errors=\"%zu\" timestamp=\"%s\">\n",
	    report_kind_name(kind), all, due, unknown, MCA_TIME(r->s->now));
	for (size_t i = 0; i < r->count; i++)
		if (r->rows[i].kind == kind)
			write_case(out, &r->rows[i]);
	(void)fputs("  </testsuite>\n", out);
}

void
report_junit(const report *r, FILE *out)
{
	(void)fputs(REPORT_JUNIT_HEAD, out);
	for (int kind = 0; kind < REPORT_KINDS; kind++)
		write_suite(r, out, (enum report_kind)kind);
	(void)fputs("</testsuites>\n", out);
}
