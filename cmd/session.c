/*
 * session.c - see session.h.
 */
#include "session.h"

#include "confine.h"
#include "fail.h"
#include "json.h"
#include "need.h"
#include "output.h"
#include "strangers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIELD_OF_GLOBALS(name) offsetof(struct globals, name)

const struct opt global_opts[] = {
	{ OPT_TEXT, 0, "home", "DIR", FIELD_OF_GLOBALS(home),
	    "where keys and store are (MINICA_HOME)" },
	{ OPT_FLAG, 0, "json", NULL, FIELD_OF_GLOBALS(json),
	    "one JSON document on standard output" },
	{ OPT_FLAG, 'q', "quiet", NULL, FIELD_OF_GLOBALS(quiet),
	    "results and errors only" },
	{ OPT_FLAG, 'v', "verbose", NULL, FIELD_OF_GLOBALS(verbose),
	    "say more of what is done" },
	{ OPT_TIME, 0, "now", "TIME", FIELD_OF_GLOBALS(now),
	    "act as if it were TIME (RFC 3339)" },
	{ OPT_FLAG, 'h', "help", NULL, FIELD_OF_GLOBALS(help),
	    "explain the command" },
	{ OPT_FLAG, 0, "version", NULL, FIELD_OF_GLOBALS(version),
	    "tell the version" },
	{ 0 },
};

/* A variable that is empty counts as not set. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* Where there is none to be found, `s->home` stays NULL. */
static mca_code
find_home(struct session *s, struct mca_error *err)
{
	const char *home = s->globals.home;
	const char *data = variable("XDG_DATA_HOME");
	const char *user = variable("HOME");
	int n = 0;

	if (home == NULL)
		home = variable("MINICA_HOME");
	if (home != NULL && *home == '\0')
		return fail(err, MCA_EUSAGE, "--home: empty");
	if (home != NULL)
		n = asprintf(&s->home, "%s", home);
	/* A relative one is to be ignored (XDG Base Directory, "Basics"). */
	else if (data != NULL && *data == '/')
		n = asprintf(&s->home, "%s/minica", data);
	else if (user != NULL)
		n = asprintf(&s->home, "%s/.local/share/minica", user);
	if (n < 0)
		fail_memory();
	return MCA_OK;
}

mca_code
session_begin(struct session *s, struct mca_error *err)
{
	bool set = s->globals.now.given;

	if (s->globals.json && s->doc == NULL)
		s->doc = json_object();
	s->now = set ? s->globals.now.value : (mca_time)time(NULL);
	(void)snprintf(s->actor, sizeof(s->actor), "uid %lu%s",
	    (unsigned long)getuid(), set ? ", time set by --now" : "");
	return find_home(s, err);
}

mca_code
session_open(struct session *s, enum mca_store_mode mode,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	struct mca_ca_options options = {
		.home = s->home,
		.now = s->now,
		.actor = s->actor,
		.passphrase = passphrase,
	};

	detail(s, "home %s", MCA_SHOW_TEXT(s->home));
	if (mca_ca_open(&s->ca, &options, mode, err) != MCA_OK)
		return err->code;
	strangers_warn(s);
	confine_late(s);
	return MCA_OK;
}

void
print(const struct session *s, const char *fmt, ...)
{
	va_list args;

	if (s->doc != NULL)
		return;
	va_start(args, fmt);
	(void)vprintf(fmt, args);
	va_end(args);
}

void
print_bytes(const struct session *s, const void *bytes, size_t length)
{
	if (s->doc == NULL)
		(void)fwrite(bytes, 1, length, stdout);
}

static void
say(const char *before, const char *fmt, va_list args)
{
	(void)fputs(before, stderr);
	(void)vfprintf(stderr, fmt, args);
	(void)fputc('\n', stderr);
}

void
talk(const struct session *s, const char *fmt, ...)
{
	va_list args;

	if (s->globals.quiet || s->doc != NULL)
		return;
	va_start(args, fmt);
	say("", fmt, args);
	va_end(args);
}

void
detail(const struct session *s, const char *fmt, ...)
{
	va_list args;

	if (!s->globals.verbose || s->globals.quiet || s->doc != NULL)
		return;
	va_start(args, fmt);
	say("", fmt, args);
	va_end(args);
}

void
warn(struct session *s, const char *fmt, ...)
{
	char *line = NULL;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(&line, fmt, args);
	va_end(args);
	if (n < 0)
		fail_memory();
	if (s->doc != NULL)
		json_push(s->doc, "warnings", json_text(line));
	else if (!s->globals.quiet)
		(void)fprintf(stderr, "warning: %s\n", line);
	free(line);
}

void
hint(struct session *s, const char *fmt, ...)
{
	char *line = NULL;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(&line, fmt, args);
	va_end(args);
	if (n < 0)
		fail_memory();
	mca_text_addf(&s->hints, "%s\n", line);
	free(line);
}

static void
write_error(const struct session *s, const struct mca_error *err)
{
	(void)fprintf(stderr, "minica%s%s: %s\n", s->command == NULL ? "" : " ",
	    s->command == NULL ? "" : s->command->name, err->text);
}

static void
write_hints(const struct session *s)
{
	const char *at = mca_text_get(&s->hints);

	while (*at != '\0') {
		int length = (int)strcspn(at, "\n");

		(void)fprintf(stderr, "    %.*s\n", length, at);
		at += length + (at[length] == '\n');
	}
}

/* What helps belongs to one error, and goes with it. */
static json_t *
error_object(struct session *s, const struct mca_error *err)
{
	json_t *error = json_error(err);

	if (s->hints.length > 0)
		json_put(error, "hint", json_text(mca_text_get(&s->hints)));
	mca_text_clear(&s->hints);
	return error;
}

static void
tell_people(struct session *s, const struct mca_error *err)
{
	write_error(s, err);
	write_hints(s);
	mca_text_clear(&s->hints);
}

mca_code
complain(struct session *s, json_t *row, const struct mca_error *err)
{
	if (row != NULL)
		json_put(row, "error", error_object(s, err));
	else
		tell_people(s, err);
	return err->code;
}

static void
tell_error(struct session *s, const struct mca_error *err)
{
	if (s->doc != NULL)
		json_put(s->doc, "error", error_object(s, err));
	else
		tell_people(s, err);
}

void
stream_begin(struct session *s, const char *key)
{
	if (s->doc == NULL)
		return;
	(void)printf("{\n  \"%s\": [", key);
	s->streaming = true;
}

void
stream_row(struct session *s, json_t *row)
{
	if (!s->streamed_row)
		(void)fputs("\n    ", stdout);
	else
		(void)fputs(",\n    ", stdout);
	s->streamed_row = true;
	json_dumpf(row, stdout, JSON_COMPACT);
	json_decref(row);
}

static void
write_document(const struct session *s)
{
	if (s->doc == NULL)
		return;
	if (s->streaming) {
		(void)fputs("\n  ]", stdout);
		if (json_object_size(s->doc) > 0)
			(void)fputs(",\n", stdout);
		json_dumpf(s->doc, stdout, JSON_INDENT(2) | JSON_EMBED);
		(void)fputs("\n}\n", stdout);
		return;
	}
	json_dumpf(s->doc, stdout, JSON_INDENT(2));
	(void)fputc('\n', stdout);
}

int
session_end(struct session *s, mca_code code, struct mca_error *err)
{
	struct mca_error lost = { 0 };

	if (mca_heap_failed()) {
		code = fail(err, MCA_ESYSTEM,
		    "out of memory: what was said before may be wrong");
		s->status_given = false;
	}
	if (code != MCA_OK && err->text[0] != '\0')
		tell_error(s, err);
	write_document(s);
	if (output_finish(&lost) != MCA_OK) {
		write_error(s, &lost);
		write_hints(s);
		code = worse(code, lost.code);
		s->status_given = false;
	}
	mca_ca_close(s->ca);
	mca_text_clear(&s->hints);
	needs_forget(s);
	json_decref(s->doc);
	free(s->home);
	return s->status_given ? s->status : exit_status(code);
}
