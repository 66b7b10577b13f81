/*
 * session.h - one run of the program: its globals, its home, what it says.
 *
 * The result goes to stdout, words go to stderr.  Under --json all of the
 * result is one document, `doc`, which main writes at the end; print and talk
 * are then silent, so that a command says everything once for people and once
 * for programs and need not ask which.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "opt.h"

#include <minica/owned.h>

#include <jansson.h>

struct globals {
	const char *home;
	struct number now;
	bool json, quiet, verbose, help, version;
};

extern const struct opt global_opts[];

/* What is done with a path: read, written to as a directory, or replaced. */
enum need_how { NEED_READ, NEED_WRITE, NEED_REPLACE };

struct wanted {
	char *path;
	enum need_how how;
};

struct session {
	struct globals globals;
	const struct command *command; /* NULL until one was named */
	const void *args;	       /* the fields of its options */
	mca_time now;
	char *home; /* NULL: unknown, and not needed */
	char actor[64];
	json_t *doc;		      /* NULL without --json */
	bool streaming, streamed_row; /* how far the document is out */
	mca_ca *ca;		      /* NULL until session_open */
	bool status_given;	      /* by a command that was run for us */
	int status;		      /* its exit status, then ours */

	/* What the command found out that it needs (need.h). */
	unsigned needs;
	struct wanted *wanted;
	size_t wanted_count;

	/* What helps after an error, line by line. */
	mca_text hints;
};

struct command {
	const char *name; /* "sign", "trust add" */
	const char *summary;
	const struct opt *opts;
	size_t args_size;
	mca_code (*run)(struct session *s, void *args, struct mca_error *err);
	const char *more; /* examples and remarks for the help */
};

/* commands lists them all in the order of the help, ended by NULL. */
extern const struct command *const commands[];

/* session_begin makes ready what every command needs once globals are read. */
mca_code session_begin(struct session *s, struct mca_error *err);

/*
 * session_open opens the ca of the home as `mode` says; `passphrase` may be
 * NULL and must outlive the session otherwise.
 */
mca_code session_open(struct session *s, enum mca_store_mode mode,
    const struct mca_passphrase *passphrase, struct mca_error *err);

/*
 * session_end tells the error, writes the document, and returns the exit
 * status; that stdout could not be written weighs more than a yes.
 */
int session_end(struct session *s, mca_code code, struct mca_error *err);

/* print and print_bytes write to stdout; nothing under --json. */
void print(const struct session *s, const char *fmt, ...) MCA_PRINTF(2, 3);
void print_bytes(const struct session *s, const void *bytes, size_t length);

/* talk tells on stderr what is being done; nothing under --quiet, --json. */
void talk(const struct session *s, const char *fmt, ...) MCA_PRINTF(2, 3);

/* detail is talk that only --verbose wants. */
void detail(const struct session *s, const char *fmt, ...) MCA_PRINTF(2, 3);

/* warn is talk that --json keeps, in "warnings". */
void warn(struct session *s, const char *fmt, ...) MCA_PRINTF(2, 3);

/* hint adds a line that is told below an error, should one come. */
void hint(struct session *s, const char *fmt, ...) MCA_PRINTF(2, 3);

/*
 * stream_begin opens the array `key` of the document and stream_row writes an
 * object of it at once, taken over: a list of a million is never in memory.
 * Other fields of the document follow the array.
 */
void stream_begin(struct session *s, const char *key);
void stream_row(struct session *s, json_t *row);

/*
 * complain tells the error of one of several files at once; the code goes
 * into the exit status by worse().  `row` (or NULL) is the file's object in
 * the document.
 */
mca_code complain(struct session *s, json_t *row, const struct mca_error *err);

#endif
