/*
 * pass.h - where a passphrase comes from: a file, a descriptor, a variable,
 * or the terminal when --ask-pass says so.  Never from the command line.
 * main cleanses the fields of every command when it is done.
 */
#ifndef CMD_PASS_H
#define CMD_PASS_H

#include "opt.h"

/* What the options are called in messages. */
struct pass_names {
	const char *file, *fd, *env, *ask;
};
extern const struct pass_names pass_names_out; /* those of OUT_PASS_OPTS */

struct pass {
	const char *file, *env;
	struct number fd;
	bool ask;

	/* Not options: what was read, kept so that the source is read once. */
	const struct pass_names *names; /* NULL: those of PASS_OPTS */
	bool making; /* a new key will be protected: ask twice */
	bool known;
	size_t length;
	char bytes[MCA_LIMIT_PASSPHRASE];
	struct mca_passphrase source;
};

/* The rows of a command whose struct args has a struct pass called `pass`. */
#define PASS_OPTS                                                              \
	{ OPT_TEXT, 0, "pass-file", "FILE", FIELD(pass.file),                  \
		"passphrase: first line of FILE" },                            \
	    { OPT_NUMBER, 0, "pass-fd", "N", FIELD(pass.fd),                   \
		    "passphrase: first line from descriptor N" },              \
	    { OPT_TEXT, 0, "pass-env", "NAME", FIELD(pass.env),                \
		    "passphrase: value of the variable NAME" },                \
	{                                                                      \
		OPT_FLAG, 0, "ask-pass", NULL, FIELD(pass.ask),                \
		    "passphrase: ask for it on the terminal"                   \
	}

/*
 * The rows for what protects the output, in a struct pass called `out_pass`
 * whose names are pass_names_out.
 */
#define OUT_PASS_OPTS                                                          \
	{ OPT_TEXT, 0, "out-pass-file", "FILE", FIELD(out_pass.file),          \
		"passphrase of the output: first line of FILE" },              \
	    { OPT_NUMBER, 0, "out-pass-fd", "N", FIELD(out_pass.fd),           \
		    "passphrase of the output: from descriptor N" },           \
	    { OPT_TEXT, 0, "out-pass-env", "NAME", FIELD(out_pass.env),        \
		    "passphrase of the output: value of NAME" },               \
	{                                                                      \
		OPT_FLAG, 0, "ask-out-pass", NULL, FIELD(out_pass.ask),        \
		    "passphrase of the output: ask on the terminal"            \
	}

/* pass_given says whether any of the options named a source. */
bool pass_given(const struct pass *pass);

/*
 * pass_source puts in `*out` what the library asks for the passphrase, or
 * NULL if no option named a source.  It lives as long as `pass`.  MCA_EUSAGE
 * if two did.
 */
mca_code pass_source(const struct mca_passphrase **out, struct pass *pass,
    bool making, struct mca_error *err);

/*
 * pass_forget wipes the values that --pass-env and --out-pass-env read: they
 * are in the environment of this process until then.
 */
void pass_forget(void);

#endif
