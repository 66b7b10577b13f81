/*
 * pass.h - where a passphrase comes from: a file, a descriptor, a variable,
 * or the terminal when --ask-pass says so.  Never from the command line.
 * main cleanses the fields of every command when it is done.
 */
#ifndef CMD_PASS_H
#define CMD_PASS_H

#include "opt.h"

struct pass {
	const char *file, *env;
	struct number fd;
	bool ask;

	/* Not options: what was read, kept so that the source is read once. */
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
 * pass_source puts in `*out` what the library asks for the passphrase, or
 * NULL if no option named a source.  It lives as long as `pass`.  MCA_EUSAGE
 * if two did.
 */
mca_code pass_source(const struct mca_passphrase **out, struct pass *pass,
    bool making, struct mca_error *err);

#endif
