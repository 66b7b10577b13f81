/*
 * report_ics.c - a report as a calendar (RFC 5545): the day on which each
 * thing ends, with an alarm before.
 */
#include "report.h"

#include <stdarg.h>
#include <string.h>

/* Octets of a line, before the rest goes to the next (RFC 5545, 3.1). */
#define FOLD 73

static void write_line(FILE *out, const char *fmt, ...) MCA_PRINTF(2, 3);

static void
write_line(FILE *out, const char *fmt, ...)
{
	char *line = NULL;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vasprintf(&line, fmt, args);
	va_end(args);
	if (length < 0)
		return;
	for (int at = 0; at < length; at += FOLD)
		(void)fprintf(out, "%s%.*s\r\n", at == 0 ? "" : " ", FOLD,
		    line + at);
	free(line);
}

/* TEXT of RFC 5545, 3.3.11; the file is ASCII, so a fold splits nothing. */
static const char *
escaped(mca_text *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\n')
			mca_text_addf(out, "\\n");
		else if (strchr("\\;,", c) != NULL)
			mca_text_addf(out, "\\%c", c);
		else
			mca_text_addf(out, "%c",
			    c < 0x20 || c > 0x7e ? '?' : c);
	}
	return mca_text_get(out);
}

/* 20270222 or 20270222T174400Z, out of "2027-02-22T17:44:00Z". */
static const char *
stamp(char out[MCA_TIME_TEXT], mca_time time, bool day)
{
	char text[MCA_TIME_TEXT];
	size_t length = 0;

	for (const char *c = mca_time_format(text, time); *c != '\0'; c++)
		if (*c != '-' && *c != ':')
			out[length++] = *c;
	out[day && length > 8 ? 8 : length] = '\0';
	return out;
}

static void
write_event(const report *r, FILE *out, const struct report_item *item,
    size_t i)
{
	const char *kind = report_kind_name(item->kind);
	scoped(mca_text) name = { 0 };
	scoped(mca_text) detail = { 0 };
	char when[MCA_TIME_TEXT];

	write_line(out, "BEGIN:VEVENT");
	if (item->serial != NULL)
		write_line(out, "UID:%s-%zu-%s@minica", kind,
		    item->kind >= REPORT_FILE ? i : 0, item->serial);
	else
		write_line(out, "UID:%s-%s@minica", kind, item->name);
	write_line(out, "DTSTAMP:%s", stamp(when, r->s->now, false));
	write_line(out, "DTSTART;VALUE=DATE:%s",
	    stamp(when, item->until, true));
	write_line(out, "SUMMARY:%s %s ends", kind, escaped(&name, item->name));
	write_line(out, "DESCRIPTION:It ends at %s%s%s%s%s",
	    MCA_TIME(item->until), item->serial == NULL ? "" : "\\; serial ",
	    item->serial == NULL ? "" : item->serial,
	    item->detail.length == 0 ? "" : "\\n",
	    escaped(&detail, mca_text_get(&item->detail)));
	write_line(out, "TRANSP:TRANSPARENT");
	write_line(out, "BEGIN:VALARM");
	write_line(out, "ACTION:DISPLAY");
	write_line(out, "DESCRIPTION:%s %s ends soon", kind,
	    mca_text_get(&name));
	write_line(out, "TRIGGER:-P%dD",
	    item->until - item->from > 60 * MCA_DAY ? 14 : 1);
	write_line(out, "END:VALARM");
	write_line(out, "END:VEVENT");
}

void
report_ics(const report *r, FILE *out)
{
	(void)fputs(REPORT_ICS_HEAD MINICA_VERSION "//EN\r\n", out);
	write_line(out, "X-WR-CALNAME:Certificates");
	for (size_t i = 0; i < r->count; i++)
		if (r->rows[i].until != 0)
			write_event(r, out, &r->rows[i], i);
	write_line(out, "END:VCALENDAR");
}
