/*
 * pattern.h - which names a line of a policy speaks of.
 *
 *	dNSName		example.org	that name
 *			*.example.org	exactly one label below it
 *			.example.org	any depth below it
 *	iPAddress	10.0.0.1	that address
 *			10.0.0.0/8	that network, of either family
 *	rfc822Name	a@example.org	that mailbox
 *			@example.org	every mailbox of that host
 *			.example.org	every mailbox of every host below it
 *	URI		https://HOST	HOST as for dNSName; any port and path
 *			https://HOST/p	that path alone, on any port
 *			https://HOST/p/	every path that begins so
 *			urn:*		every URI of that scheme
 *	all		*		every name of that form
 *
 * Hosts may be written with U-labels.
 */
#ifndef MCA_PATTERN_H
#define MCA_PATTERN_H

#include "error.h"
#include "minica/san.h"

/* How far a host pattern reaches from its base. */
enum mca_reach {
	MCA_REACH_ALL,
	MCA_REACH_ITSELF,
	MCA_REACH_ONE_BELOW,
	MCA_REACH_BELOW,
};

struct mca_pattern {
	enum mca_san_form form;
	enum mca_reach reach;
	char *text;   /* as written */
	char *host;   /* base of DNS, e-mail host or URI host, or NULL */
	char *scheme; /* of a URI, or NULL for every URI */
	char *rest;   /* mailbox before the @, path of a URI; NULL for any */
	uint8_t address[16];
	size_t address_length, prefix;
	size_t line; /* of the policy */
};

struct mca_patterns {
	struct mca_pattern *rows;
	size_t count;
};

void mca_patterns_clear(struct mca_patterns *patterns);

/*
 * mca_patterns_add reads one pattern of `form`.  MCA_EUSAGE says what is wrong
 * with it, and what to write instead.
 */
mca_code mca_patterns_add(struct mca_patterns *patterns, enum mca_san_form form,
    const char *text, size_t line, struct mca_error *err);

/*
 * A pattern speaks of names of its own form alone.
 *
 * mca_patterns_cover returns the first pattern that covers all that `name`
 * stands for (a wildcard stands for many names), or NULL.
 */
const struct mca_pattern *
mca_patterns_cover(const struct mca_patterns *patterns,
    const struct mca_san_name *name);

/*
 * mca_patterns_touch returns the first pattern that shares so much as one
 * name with what `name` stands for, or NULL.
 */
const struct mca_pattern *
mca_patterns_touch(const struct mca_patterns *patterns,
    const struct mca_san_name *name);

/*
 * mca_uri_unclear says why two readers may see different hosts or paths in
 * `uri`, so that no pattern can speak of it; NULL when they cannot.
 */
const char *mca_uri_unclear(const char *uri);

#endif
