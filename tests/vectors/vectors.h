/*
 * vectors.h - what the runners of public suites share: counting, and one
 * question to a verifier.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include "minica.h"

#include "minica/owned.h"

/* What is asked about one case. */
struct vector {
	const char *id;
	bool accept; /* the outcome that the suite expects */
	mca_certs anchors, intermediates;
	mca_crls crls;
	mca_cert *target;
	struct mca_reference reference;
	bool has_reference;
	const char *unreadable; /* not NULL: an input could not be parsed */
	struct mca_verify_options options;
};

void vector_clear(struct vector *vector);

/* Cases that cannot be had, and why. */
struct exception {
	const char *id, *why;
};

struct tally {
	const struct exception *exceptions; /* ended by a NULL id */
	unsigned shuffle;    /* not 0: the seed to mix the inputs by */
	mca_certs strangers; /* put among the intermediates of each case */
	bool verbose;
	const char *match;
	size_t accept_passed, accept_failed;
	size_t reject_passed, reject_failed;
	size_t excepted;
	double slowest;
	char slowest_id[120];
};

/* vector_run asks, compares and counts; a failure is printed. */
void vector_run(struct tally *tally, struct vector *vector);

/*
 * tally_options reads the options that the runners share: -v shows every
 * finding, -s SEED mixes the inputs, -x FILE|DIR puts strangers among the
 * intermediates, -m MATCH takes only the cases whose name contains MATCH.
 * It returns the place of the first operand, or -1.
 */
int tally_options(struct tally *tally, int argc, char **argv);

/* tally_print prints the counts, clears, and returns the exit status. */
int tally_print(struct tally *tally, const char *suite);

#endif
