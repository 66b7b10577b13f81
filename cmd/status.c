/*
 * status.c - minica status: is everything in order, and until when?
 */
#include "fail.h"
#include "output.h"
#include "report.h"

#include <string.h>

/* Of a file that is there: a larger one is no report of ours to replace. */
#define MOST_BYTES ((size_t)64 * 1024 * 1024)

struct args {
	struct words paths, live;
	struct number within;
	const char *format, *out;
	bool force;
};

static const struct opt opts[] = {
	{ OPT_TEXTS, 0, "paths", "DIR|FILE", FIELD(paths),
	    "and the certificates in these files" },
	{ OPT_TEXTS, 0, "live", "HOST:PORT", FIELD(live),
	    "and what these servers serve" },
	{ OPT_LIFE, 0, "fail-within", "DURATION", FIELD(within),
	    "due is what ends so soon (30d, or a third of a life)" },
	{ OPT_WORD, 0, "format", "text|json|junit|prom|ics|html", FIELD(format),
	    "how it is told (text)" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out), "write it to FILE" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace FILE although it is no earlier report" },
	{ 0 },
};

static const struct {
	const char *name;
	void (*write)(const report *r, FILE *out);
	const char *head;
} formats[] = {
	{ "junit", report_junit, REPORT_JUNIT_HEAD },
	{ "prom", report_prom, REPORT_PROM_HEAD },
	{ "ics", report_ics, REPORT_ICS_HEAD },
	{ "html", report_html, REPORT_HTML_HEAD },
};

static mca_code
check(struct session *s, const struct args *args, struct mca_error *err)
{
	const char *format = args->format == NULL ? "text" : args->format;

	if (strcmp(format, "json") == 0 && s->doc == NULL)
		s->doc = json_object();
	if (s->doc != NULL && args->format != NULL &&
	    strcmp(format, "json") != 0)
		return fail(err, MCA_EUSAGE, "one of --json and --format %s",
		    format);
	if (args->out != NULL &&
	    (s->doc != NULL || strcmp(format, "text") == 0))
		return fail(err, MCA_EUSAGE,
		    "--out goes with --format junit, prom, ics or html");
	return MCA_OK;
}

/* A report replaces an earlier one of its form, and nothing else. */
static bool
is_earlier(const struct args *args)
{
	scoped(mca_blob) bytes = { 0 };
	struct mca_error unread;

	if (args->format == NULL || output_is_stdout(args->out) ||
	    mca_file_read(&bytes, args->out, MOST_BYTES, &unread) != MCA_OK)
		return false;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(args->format, formats[i].name) == 0)
			return bytes.length >= strlen(formats[i].head) &&
			    memcmp(bytes.bytes, formats[i].head,
				strlen(formats[i].head)) == 0;
	return false;
}

/* Whole in memory first: a monitor never reads half a file. */
static mca_code
write_form(const report *r, void (*write)(const report *r, FILE *out),
    output *out, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	char *text = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&text, &length);
	mca_code code;

	if (memory == NULL)
		fail_memory();
	write(r, memory);
	if (fclose(memory) != 0)
		fail_memory();
	code = mca_blob_copy(&bytes, text, length, err);
	free(text);
	return code == MCA_OK ? output_write(out, r->s, &bytes, err) : code;
}

static mca_code
tell(const report *r, const struct args *args, output *out,
    struct mca_error *err)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (args->format != NULL &&
		    strcmp(args->format, formats[i].name) == 0)
			return write_form(r, formats[i].write, out, err);
	if (r->s->doc != NULL)
		report_json(r);
	else
		report_text(r);
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	static const mca_code verdicts[] = {
		[REPORT_FINE] = MCA_OK,
		[REPORT_UNKNOWN] = MCA_EUNDECIDED,
		[REPORT_DUE] = MCA_EPOLICY,
	};
	const struct args *args = opaque;
	scoped(report) r = { .s = s, .within = args->within };
	scoped(output) out = { 0 };

	if (check(s, args, err) != MCA_OK ||
	    session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK ||
	    output_open(&out, s, args->out, MODE_PUBLIC,
		args->force || is_earlier(args), err) != MCA_OK ||
	    gather_store(&r, err) != MCA_OK ||
	    gather_files(&r, &args->paths, err) != MCA_OK ||
	    gather_servers(&r, &args->live, err) != MCA_OK ||
	    tell(&r, args, &out, err) != MCA_OK)
		return err->code;
	return verdicts[report_worst(&r)];
}

const struct command status_command = {
	"status",
	"Say whether everything is in order",
	opts,
	sizeof(struct args),
	run,
	"Authorities, their CRLs, the newest certificate of each kind and "
	"trust\n"
	"anchors; exit 1 when something is due.\n"
	"\n"
	"  minica status --fail-within 30d\n"
	"  minica status --paths /etc/nginx --live www.example.org:443\n"
	"  minica status --format prom --out /var/lib/node_exporter/ca.prom\n"
	"  minica status --format html --out status.html\n",
};
