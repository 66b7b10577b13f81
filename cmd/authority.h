/*
 * authority.h - what init-root and init-intermediate have in common.
 */
#ifndef CMD_AUTHORITY_H
#define CMD_AUTHORITY_H

#include "output.h"
#include "pass.h"

struct authority {
	const char *name, *org, *key, *id, *out;
	struct number life;
	struct words permit, exclude;
	bool force;
};

/* The rows of a command whose struct args has a struct authority called `a`. */
#define AUTHORITY_OPTS                                                         \
	{ OPT_TEXT, 0, "name", "CN", FIELD(a.name), "its common name" },       \
	    { OPT_TEXT, 0, "org", "O", FIELD(a.org), "its organization" },     \
	    { OPT_TEXT, 0, "key", "ALG", FIELD(a.key),                         \
		    "key algorithm (ec-p384)" },                               \
	    { OPT_LIFE, 'd', "days", "N", FIELD(a.life),                       \
		    "days, or a duration such as 5y" },                        \
	    { OPT_TEXTS, 0, "permit", "NAME|CIDR", FIELD(a.permit),            \
		    "only below these names (name constraints)" },             \
	    { OPT_TEXTS, 0, "exclude", "NAME|CIDR", FIELD(a.exclude),          \
		    "never below these names" },                               \
	    { OPT_TEXT, 0, "id", "LABEL", FIELD(a.id),                         \
		    "what other commands call it" },                           \
	    { OPT_TEXT, 'o', "out", "FILE", FIELD(a.out),                      \
		    "write the certificate to FILE" },                         \
	{                                                                      \
		OPT_FLAG, 0, "force", NULL, FIELD(a.force),                    \
		    "replace FILE if it is there"                              \
	}

/* authority_describe says to the library what the options say. */
struct mca_new_authority authority_describe(const struct authority *a);

/*
 * authority_tell delivers the certificate of the authority `label` to `out`
 * and says what it is, where its key is, and what to do next.
 */
mca_code authority_tell(struct session *s, output *out, const char *label,
    const mca_cert *cert, bool encrypted, struct mca_error *err);

/* authority_key finds where the key of the authority `label` is. */
mca_code authority_key(char **out, struct session *s, const char *label,
    struct mca_error *err);

#endif
