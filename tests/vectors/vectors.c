/*
 * vectors.c - see vectors.h.
 */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void
vector_clear(struct vector *vector)
{
	mca_certs_clear(&vector->anchors);
	mca_certs_clear(&vector->intermediates);
	mca_crls_clear(&vector->crls);
	mca_cert_free(vector->target);
	memset(vector, 0, sizeof(*vector));
}

static const char *
excepted(const struct tally *tally, const char *id)
{
	const struct exception *row = tally->exceptions;

	while (row->id != NULL && strcmp(row->id, id) != 0)
		row++;
	return row->why;
}

static void
print_findings(const mca_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		printf("    %d %s %s %s %s (%s)\n", findings->rows[i].depth,
		    mca_severity_name(findings->rows[i].severity),
		    findings->rows[i].rule, findings->rows[i].field,
		    findings->rows[i].detail, findings->rows[i].source);
}

static void
shuffle(mca_certs *list, unsigned *seed)
{
	for (size_t i = list->count; i > 1; i--) {
		size_t j = (size_t)rand_r(seed) % i;
		mca_cert *cert = list->rows[i - 1];

		list->rows[i - 1] = list->rows[j];
		list->rows[j] = cert;
	}
}

static bool
ask(struct vector *vector, mca_verdict *verdict, struct mca_error *err)
{
	owned(mca_verifier) *verifier = NULL;

	if (mca_verifier_new(&verifier, &vector->anchors,
		&vector->intermediates,
		vector->options.require_crl ? &vector->crls : NULL,
		&vector->options, err) != MCA_OK)
		return false;
	return mca_verify(verdict, verifier, vector->target, NULL,
		   vector->has_reference ? &vector->reference : NULL,
		   err) == MCA_OK;
}

static double
seconds_since(const struct timespec *start)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - start->tv_sec) +
	    (double)(end.tv_nsec - start->tv_nsec) / 1e9;
}

static void
note_time(struct tally *tally, const struct vector *vector, double seconds)
{
	if (seconds <= tally->slowest)
		return;
	tally->slowest = seconds;
	snprintf(tally->slowest_id, sizeof(tally->slowest_id), "%s",
	    vector->id);
}

void
vector_run(struct tally *tally, struct vector *vector)
{
	const char *why = excepted(tally, vector->id);
	scoped(mca_verdict) verdict = { .answer = MCA_NO };
	struct mca_error err = { 0 };
	struct timespec start;
	bool passed;

	if (strstr(vector->id, tally->match) == NULL)
		return;
	for (size_t i = 0; i < tally->strangers.count; i++)
		if (mca_certs_add(&vector->intermediates,
			tally->strangers.rows[i], &err) != MCA_OK)
			abort();
	if (tally->shuffle != 0) {
		shuffle(&vector->anchors, &tally->shuffle);
		shuffle(&vector->intermediates, &tally->shuffle);
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (vector->unreadable == NULL && !ask(vector, &verdict, &err))
		vector->unreadable = err.text;
	note_time(tally, vector, seconds_since(&start));
	passed = vector->accept == (verdict.answer == MCA_YES);
	if (why != NULL) {
		printf("cannot be had: %s (%s)\n", vector->id, why);
		tally->excepted++;
		return;
	}
	*(vector->accept
		? passed ? &tally->accept_passed : &tally->accept_failed
		: passed ? &tally->reject_passed
			 : &tally->reject_failed) += 1;
	if (!passed || tally->verbose) {
		printf("%s: %s should be %s\n", passed ? "ok" : "FAILED",
		    vector->id, vector->accept ? "accepted" : "rejected");
		if (vector->unreadable != NULL)
			printf("    %s\n", vector->unreadable);
		print_findings(&verdict.findings);
	}
}

int
tally_options(struct tally *tally, int argc, char **argv)
{
	struct mca_error err;
	int opt;

	tally->match = "";
	while ((opt = getopt(argc, argv, "vs:m:x:")) != -1) {
		if (opt == 'v')
			tally->verbose = true;
		else if (opt == 's')
			tally->shuffle = (unsigned)strtoul(optarg, NULL, 10);
		else if (opt == 'm')
			tally->match = optarg;
		else if (opt != 'x')
			return -1;
		else if (mca_trust_read(&tally->strangers, optarg, &err) !=
		    MCA_OK) {
			fprintf(stderr, "%s\n", err.text);
			return -1;
		}
	}
	return optind < argc ? optind : -1;
}

int
tally_print(struct tally *tally, const char *suite)
{
	printf("%s: must accept %zu passed, %zu failed; must reject %zu "
	       "passed, %zu failed; %zu cannot be had; slowest %.3f s (%s)\n",
	    suite, tally->accept_passed, tally->accept_failed,
	    tally->reject_passed, tally->reject_failed, tally->excepted,
	    tally->slowest, tally->slowest_id);
	mca_certs_clear(&tally->strangers);
	return tally->accept_failed + tally->reject_failed == 0 ? 0 : 1;
}
