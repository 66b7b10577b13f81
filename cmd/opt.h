/*
 * opt.h - options and arguments as rows; getopt_long does the reading.
 *
 * A command is a struct of fields and rows that fill it.  The rows drive the
 * parser, the usage line and the help alike.
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include "words.h"

#include <minica.h>

enum opt_kind {
	OPT_END,
	OPT_FLAG,      /* bool */
	OPT_TEXT,      /* const char * */
	OPT_TEXTS,     /* struct words: may be given many times */
	OPT_WORD,      /* const char *: one of the words of `value` */
	OPT_NUMBER,    /* struct number: 0 or more */
	OPT_LIFE,      /* struct number, in seconds: days, or a duration */
	OPT_TIME,      /* struct number: an mca_time */
	OPT_ARG,       /* const char *: an argument that must be there */
	OPT_ARG_MAYBE, /* const char * */
	OPT_ARGS,      /* struct words: at least one */
	OPT_ARGS_MAYBE /* struct words */
};

struct number {
	bool given;
	int64_t value;
};

struct opt {
	enum opt_kind kind;
	char letter;	   /* 0: it has none */
	const char *name;  /* "policy"; of an argument, "CSR" */
	const char *value; /* "NAME", or for OPT_WORD "server|client" */
	size_t field;
	const char *help;
};

#define FIELD(name) offsetof(struct args, name)

/* Rows and the zeroed struct that they fill. */
struct opt_set {
	const struct opt *rows;
	void *fields;
};

/*
 * opt_parse reads argv[1] and on into the fields of all `sets`; arguments go
 * to the last one.  It does not ask whether any are missing.  MCA_EUSAGE
 * names the option and the nearest right one.
 */
mca_code opt_parse(const struct opt_set *sets, size_t count, int argc,
    char **argv, struct mca_error *err);

/*
 * opt_parse_leading reads options until the first word that is none and puts
 * the index of that word, or argc, in `*next`.
 */
mca_code opt_parse_leading(int *next, const struct opt_set *set, int argc,
    char **argv, struct mca_error *err);

/* opt_require refuses, by name, an argument that was not given. */
mca_code opt_require(const struct opt_set *set, struct mca_error *err);

/* opt_clear frees the lists among the fields. */
void opt_clear(const struct opt_set *set);

/* opt_is_argument tells arguments from options. */
bool opt_is_argument(const struct opt *row);

#endif
