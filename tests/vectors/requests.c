/*
 * requests.c - throws files at the examination of requests.
 *
 *	requests DIRECTORY
 *
 * Whatever a file below DIRECTORY holds (requests, certificates, CRLs, keys,
 * what fuzzers found), it is read as a request, and reviewed under every
 * built-in policy if it is one.  No answer is wrong but a crash, a report of
 * the sanitizers, and one that takes a second of processor time.
 */
#include "minica/csr.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/policy.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct {
	size_t files, requests, refused, slow;
} count;

static mca_policy *policies[16];
static size_t policy_count;

static void
review(const mca_csr *csr, const char *path)
{
	const struct mca_review_context context = { .now = 1800000000,
		.issuer_end = INT64_MAX };
	bool refused = false;

	for (size_t i = 0; i < policy_count; i++) {
		scoped(mca_review) outcome = { 0 };
		struct mca_error err = { 0 };

		if (mca_policy_review(&outcome, policies[i], csr, &context,
			&err) != MCA_OK) {
			printf("FAILED: %s: %s\n", path, err.text);
			exit(1);
		}
		refused = refused ||
		    mca_findings_worst(&outcome.findings) == MCA_ERROR;
	}
	count.requests++;
	count.refused += refused;
}

static int throw(const char *path, const struct stat *st, int kind,
    struct FTW *at)
{
	scoped(mca_blob) bytes = { 0 };
	owned(mca_csr) *csr = NULL;
	struct mca_error err = { 0 };
	clock_t begun = clock();

	(void)st;
	(void)at;
	if (kind != FTW_F)
		return 0;
	count.files++;
	if (mca_file_read(&bytes, path, MCA_LIMIT_REQUEST, &err) == MCA_OK &&
	    mca_csr_parse(&csr, bytes.bytes, bytes.length, &err) == MCA_OK)
		review(csr, path);
	if (clock() - begun >= CLOCKS_PER_SEC) {
		count.slow++;
		printf("FAILED: %s: took a second or more\n", path);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const struct mca_builtin_policy *builtin = mca_policy_builtins();
	struct mca_error err = { 0 };

	if (argc != 2)
		return 2;
	for (; builtin->name != NULL && policy_count < 16; builtin++)
		if (mca_policy_find(&policies[policy_count++], builtin->name,
			NULL, &err) != MCA_OK)
			return 2;
	if (nftw(argv[1], throw, 16, FTW_PHYS) != 0)
		return 2;
	printf("%zu files, of which %zu are requests and %zu refused; %zu "
	       "were slow\n",
	    count.files, count.requests, count.refused, count.slow);
	for (size_t i = 0; i < policy_count; i++)
		mca_policy_free(policies[i]);
	return count.slow > 0 || count.requests == 0;
}
