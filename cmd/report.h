/*
 * report.h - what a look at everything that ends has found, in rows, and the
 * forms in which it is told.
 */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "session.h"

#include <stdio.h>

enum report_kind {
	REPORT_AUTHORITY,
	REPORT_CRL,
	REPORT_ANCHOR,
	REPORT_LEAF,
	REPORT_FILE,
	REPORT_SERVER,
	REPORT_KINDS
};

/* In rising order of what they mean for the verdict. */
enum report_state {
	REPORT_FINE,
	REPORT_UNKNOWN, /* could not tell */
	REPORT_DUE	/* something must be done */
};

struct report_item {
	enum report_kind kind;
	enum report_state state;
	char *name;	      /* a label, a host, a path */
	char *serial;	      /* of its certificate, or NULL */
	char *parent;	      /* label of the issuing authority, or NULL */
	mca_text detail;      /* what is wrong, or worth knowing; "" */
	char rule[40];	      /* "MC-S-EXPIRING" of the worst, or "" */
	mca_time from, until; /* 0: not known */
};

typedef struct report {
	struct session *s;
	struct number within; /* --fail-within */
	struct report_item *rows;
	size_t count, capacity;
	int64_t valid, expired, revoked; /* leaves of the store */
	int64_t more; /* valid leaves that end later than those in rows */
} report;

void report_clear(report *r);
MCA_SCOPED(report, report_clear)

/*
 * report_add adds a row, which holds until the next one is added; `name` is
 * escaped already.
 */
struct report_item *report_add(report *r, enum report_kind kind,
    const char *name);

/* report_say adds a remark to a row and makes its state at least `state`. */
void report_say(struct report_item *item, enum report_state state,
    const char *rule, const char *fmt, ...) MCA_PRINTF(4, 5);

/*
 * report_cert fills in what a certificate says of itself, and report_span says
 * what is wrong with its validity now.
 */
void report_cert(struct report_item *item, const mca_cert *cert);
void report_span(const report *r, struct report_item *item);

/* report_worst is the verdict. */
enum report_state report_worst(const report *r);

/* report_kind_name returns "authority", ...; report_state_name "ok", ... */
const char *report_kind_name(enum report_kind kind);
const char *report_state_name(enum report_state state);

/* What is looked at; see gather.c, gather_files.c and gather_servers.c. */
mca_code gather_store(report *r, struct mca_error *err);
mca_code gather_files(report *r, const struct words *paths,
    struct mca_error *err);
mca_code gather_servers(report *r, const struct words *servers,
    struct mca_error *err);

/*
 * How what is written to a file begins, and an earlier one is known: it may be
 * replaced, whenever it was made.
 */
#define REPORT_JUNIT_HEAD                                                      \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                         \
	"<testsuites name=\"minica status\">\n"
#define REPORT_PROM_HEAD "# HELP minica_not_after_seconds "
#define REPORT_ICS_HEAD                                                        \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//minica//status "
#define REPORT_HTML_HEAD                                                       \
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"    \
	"<title>minica status: "

/* The forms; all but the text and JSON write to `out`. */
void report_text(const report *r);
void report_json(const report *r);
void report_junit(const report *r, FILE *out);
void report_prom(const report *r, FILE *out);
void report_ics(const report *r, FILE *out);
void report_html(const report *r, FILE *out);

/* report_escape writes text for XML and HTML. */
void report_escape(FILE *out, const char *text);

/* The style sheet of report_html: lines, ended by NULL. */
extern const char *const report_style[];

#endif
