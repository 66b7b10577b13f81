/*
 * report_html.c - a report as one page that needs nothing else: what is due,
 * the hierarchy, and a timeline of what ends when.
 */
#include "report.h"

#include <string.h>

/* A page that is drawn for ever helps nobody: of more, the soonest. */
#define MOST_BARS 60
#define MOST_CHILDREN 12
#define DEEPEST 8

static void
write_text(FILE *out, const char *element, const char *class, const char *text)
{
	(void)fprintf(out, "<%s class=\"%s\">", element, class);
	report_escape(out, text);
	(void)fprintf(out, "</%s>", element);
}

/* "2027-02-22" */
static const char *
day(char buffer[MCA_TIME_TEXT], mca_time time)
{
	mca_time_format(buffer, time);
	buffer[10] = '\0';
	return buffer;
}
#define DAY(time) day((char[MCA_TIME_TEXT]){ 0 }, time)

static const char *
left_text(char buffer[MCA_TIME_TEXT + 16], mca_time until, mca_time now)
{
	int64_t left = until > now ? until - now : now - until;
	int64_t days = left / MCA_DAY;
	const char *after = until > now ? "" : " ago";

	if (days >= 730)
		(void)snprintf(buffer, MCA_TIME_TEXT, "%lld years%s",
		    (long long)(days / 365), after);
	else if (days >= 1)
		(void)snprintf(buffer, MCA_TIME_TEXT, "%lld day%s%s",
		    (long long)days, days == 1 ? "" : "s", after);
	else
		(void)snprintf(buffer, MCA_TIME_TEXT, "%s%s",
		    MCA_DURATION(left), after);
	return buffer;
}
#define LEFT(until, now) left_text((char[MCA_TIME_TEXT + 16]){ 0 }, until, now)

/* ---- the verdict ---- */

static void
write_verdict(const report *r, FILE *out)
{
	enum report_state worst = report_worst(r);
	size_t due = 0, unknown = 0;

	for (size_t i = 0; i < r->count; i++) {
		due += r->rows[i].state == REPORT_DUE;
		unknown += r->rows[i].state == REPORT_UNKNOWN;
	}
	(void)fprintf(out,
	    "<header class=\"%s\"><p class=\"brand\">minica status</p><h1>",
	    report_state_name(worst));
	if (due > 0)
		(void)fprintf(out, "%zu thing%s due", due,
		    due == 1 ? " is" : "s are");
	if (unknown > 0)
		(void)fprintf(out, "%s%zu could not be told",
		    due > 0 ? ", " : "", unknown);
	(void)fprintf(out,
	    "%s</h1><p>As of <time datetime=\"%s\">%s</time></p>"
	    "<ul class=\"counts\"><li><b>%lld</b> valid</li><li><b>%lld</b> "
	    "expired</li><li><b>%lld</b> revoked</li></ul></header>\n",
	    due + unknown == 0 ? "Everything is in order" : "",
	    MCA_TIME(r->s->now), MCA_TIME(r->s->now), (long long)r->valid,
	    (long long)r->expired, (long long)r->revoked);
}

static void
write_due(const report *r, FILE *out)
{
	if (report_worst(r) == REPORT_FINE)
		return;
	(void)fputs("<section><h2>What to do</h2><ul class=\"due\">\n", out);
	for (int state = REPORT_DUE; state > REPORT_FINE; state--)
		for (size_t i = 0; i < r->count; i++) {
			const struct report_item *item = &r->rows[i];

			if (item->state != (enum report_state)state)
				continue;
			(void)fprintf(out, "<li class=\"%s\">",
			    report_state_name(item->state));
			write_text(out, "span", "kind",
			    report_kind_name(item->kind));
			write_text(out, "strong", "name", item->name);
			write_text(out, "span", "detail",
			    mca_text_get(&item->detail));
			(void)fputs("</li>\n", out);
		}
	(void)fputs("</ul></section>\n", out);
}

/* ---- the hierarchy ---- */

static bool
is_below(const struct report_item *item, const char *parent)
{
	if (parent == NULL)
		return item->parent == NULL;
	return item->parent != NULL && strcmp(item->parent, parent) == 0;
}

static void
write_node(const report *r, FILE *out, const struct report_item *item)
{
	(void)fprintf(out, "<div class=\"node %s %s\">",
	    report_kind_name(item->kind), report_state_name(item->state));
	write_text(out, "strong", "name", item->name);
	if (item->until != 0) {
		(void)fputs("<span class=\"until\">until ", out);
		(void)fprintf(out, "%s, %s</span>", DAY(item->until),
		    LEFT(item->until, r->s->now));
	}
	(void)fputs("</div>", out);
}

static void
write_leaves(const report *r, FILE *out, const char *parent)
{
	size_t shown = 0, hidden = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct report_item *item = &r->rows[i];

		if (item->kind != REPORT_LEAF || !is_below(item, parent))
			continue;
		if (shown == MOST_CHILDREN) {
			hidden++;
			continue;
		}
		shown++;
		(void)fputs("<li>", out);
		write_node(r, out, item);
		(void)fputs("</li>\n", out);
	}
	if (hidden > 0)
		(void)fprintf(out,
		    "<li><div class=\"node more\">and %zu more</div></li>\n",
		    hidden);
}

/* An authority whose issuer is not here stands beside the roots. */
static bool
is_top(const report *r, const struct report_item *item)
{
	for (size_t i = 0; item->parent != NULL && i < r->count; i++)
		if (r->rows[i].kind == REPORT_AUTHORITY &&
		    strcmp(r->rows[i].name, item->parent) == 0)
			return false;
	return true;
}

static void
write_branch(const report *r, FILE *out, const char *parent, int depth)
{
	(void)fputs("<ul>\n", out);
	for (size_t i = 0; i < r->count; i++) {
		const struct report_item *item = &r->rows[i];

		if (item->kind != REPORT_AUTHORITY ||
		    (parent == NULL ? !is_top(r, item)
				    : !is_below(item, parent)))
			continue;
		(void)fputs("<li>", out);
		write_node(r, out, item);
		if (depth < DEEPEST)
			write_branch(r, out, item->name, depth + 1);
		(void)fputs("</li>\n", out);
	}
	if (parent != NULL)
		write_leaves(r, out, parent);
	(void)fputs("</ul>\n", out);
}

static void
write_hierarchy(const report *r, FILE *out)
{
	(void)fputs("<section><h2>Hierarchy</h2><div class=\"tree\">\n", out);
	write_branch(r, out, NULL, 0);
	(void)fputs("</div></section>\n", out);
}

/* ---- the timelines ---- */

/* Rows whose end is drawn on one axis, from `begin` to `end`. */
struct timeline {
	const report *r;
	FILE *out;
	bool authorities;
	mca_time begin, end;
	size_t count;
};

static bool
is_on(const struct timeline *t, const struct report_item *item)
{
	bool ca = item->kind == REPORT_AUTHORITY || item->kind == REPORT_ANCHOR;

	return item->until != 0 && ca == t->authorities &&
	    item->kind != REPORT_ANCHOR;
}

static void
measure(struct timeline *t)
{
	mca_time now = t->r->s->now;

	t->begin = now - (t->authorities ? 365 : 14) * MCA_DAY;
	t->end = now + (t->authorities ? 365 : 30) * MCA_DAY;
	for (size_t i = 0; i < t->r->count; i++) {
		const struct report_item *item = &t->r->rows[i];

		if (!is_on(t, item))
			continue;
		t->count++;
		if (item->until > t->end)
			t->end = item->until;
	}
	t->end += (t->end - t->begin) / 25;
}

/* Where on the axis, in hundredths of a percent and within it. */
static long
at(const struct timeline *t, mca_time time)
{
	long parts = (long)((double)(time - t->begin) * 10000 /
	    (double)(t->end - t->begin));

	return parts < 0 ? 0 : parts > 10000 ? 10000 : parts;
}

#define PERCENT(parts) (parts) / 100, (parts) % 100

static void
write_ticks(const struct timeline *t)
{
	static const int64_t steps[] = { 7, 14, 30, 90, 180, 365, 730, 1825,
		3650 };
	int64_t step = steps[0];

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		step = steps[i] * MCA_DAY;
		if ((t->end - t->begin) / step <= 6)
			break;
	}
	(void)fputs("<div class=\"axis\" aria-hidden=\"true\">", t->out);
	for (mca_time tick = t->r->s->now; tick < t->end; tick += step) {
		bool now = tick == t->r->s->now;

		(void)fprintf(t->out,
		    "<span%s style=\"left:%ld.%02ld%%\">%s</span>",
		    now ? " class=\"now\"" : "", PERCENT(at(t, tick)),
		    now ? "today" : DAY(tick));
	}
	(void)fputs("</div>\n", t->out);
}

static void
write_bar(const struct timeline *t, const struct report_item *item)
{
	mca_time now = t->r->s->now;
	long begin = at(t, item->from), end = at(t, item->until);

	(void)fprintf(t->out, "<li class=\"%s\"><div class=\"what\">",
	    report_state_name(item->state));
	write_text(t->out, "span", "kind", report_kind_name(item->kind));
	write_text(t->out, "span", "name", item->name);
	(void)fprintf(t->out,
	    "</div><div class=\"track\"><i class=\"today\" "
	    "style=\"left:%ld.%02ld%%\"></i><i class=\"bar\" "
	    "style=\"left:%ld.%02ld%%;width:%ld.%02ld%%\"></i></div>"
	    "<div class=\"when\">%s<small>%s</small></div></li>\n",
	    PERCENT(at(t, now)), PERCENT(begin),
	    PERCENT(end - begin > 60 ? end - begin : 60), DAY(item->until),
	    LEFT(item->until, now));
}

static int
by_end(const void *a, const void *b)
{
	const struct report_item *const *left = a;
	const struct report_item *const *right = b;

	return (*left)->until < (*right)->until ? -1
	    : (*left)->until > (*right)->until	? 1
						: 0;
}

static void
write_bars(const struct timeline *t)
{
	const struct report_item **sorted =
	    calloc(t->count, sizeof(const struct report_item *));
	size_t found = 0;

	if (sorted == NULL)
		return;
	for (size_t i = 0; i < t->r->count; i++)
		if (is_on(t, &t->r->rows[i]))
			sorted[found++] = &t->r->rows[i];
	qsort(sorted, found, sizeof(const struct report_item *), by_end);
	for (size_t i = 0; i < found && i < MOST_BARS; i++)
		write_bar(t, sorted[i]);
	free(sorted);
	found = found > MOST_BARS ? found - MOST_BARS : 0;
	if (found + (size_t)t->r->more > 0 && !t->authorities)
		(void)fprintf(t->out,
		    "<li class=\"rest\">and %zu more that end later</li>\n",
		    found + (size_t)t->r->more);
}

static void
write_timeline(const report *r, FILE *out, const char *title, bool authorities)
{
	struct timeline t = { .r = r, .out = out, .authorities = authorities };

	measure(&t);
	if (t.count == 0)
		return;
	(void)fprintf(out, "<section><h2>%s</h2><div class=\"timeline\">\n",
	    title);
	write_ticks(&t);
	(void)fputs("<ol>\n", out);
	write_bars(&t);
	(void)fputs("</ol></div></section>\n", out);
}

/* ---- everything, in words ---- */

static void
write_table(const report *r, FILE *out)
{
	(void)fputs("<section><details open><summary><h2>All of it</h2>"
		    "</summary><div class=\"scroll\"><table><thead><tr><th>"
		    "What</th><th>Name</th><th>Serial number</th><th>Ends</th>"
		    "<th>State</th></tr></thead><tbody>\n",
	    out);
	for (size_t i = 0; i < r->count; i++) {
		const struct report_item *item = &r->rows[i];

		(void)fprintf(out, "<tr class=\"%s\"><td>%s</td>",
		    report_state_name(item->state),
		    report_kind_name(item->kind));
		write_text(out, "td", "name", item->name);
		write_text(out, "td", "serial",
		    item->serial == NULL ? "" : item->serial);
		(void)fprintf(out, "<td class=\"date\">%s</td><td>",
		    item->until == 0 ? "" : DAY(item->until));
		write_text(out, "span", "state",
		    report_state_name(item->state));
		(void)fputc(' ', out);
		report_escape(out, mca_text_get(&item->detail));
		(void)fputs("</td></tr>\n", out);
	}
	(void)fputs("</tbody></table></div></details></section>\n", out);
}

void
report_html(const report *r, FILE *out)
{
	(void)fprintf(out,
	    REPORT_HTML_HEAD
	    "%s</title>\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n<meta "
	    "http-equiv=\"Content-Security-Policy\" content=\"default-src "
	    "'none'; style-src 'unsafe-inline'\">\n<meta name=\"color-scheme\" "
	    "content=\"light dark\">\n<style>\n",
	    report_state_name(report_worst(r)));
	for (const char *const *line = report_style; *line != NULL; line++)
		(void)fprintf(out, "%s\n", *line);
	(void)fputs("</style></head><body>\n", out);
	write_verdict(r, out);
	(void)fputs("<main>\n", out);
	write_due(r, out);
	write_hierarchy(r, out);
	write_timeline(r, out, "What ends when", false);
	write_timeline(r, out, "Authorities", true);
	write_table(r, out);
	(void)fprintf(out,
	    "</main><footer>minica %s, as of %s</footer></body></html>\n",
	    MINICA_VERSION, MCA_TIME(r->s->now));
}
