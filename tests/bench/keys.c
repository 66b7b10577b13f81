/*
 * keys.c - what the examination of a key costs, inside one process.
 *
 *	keys HOME CERTIFICATES
 *
 * Fills two stores below HOME, one with certificates for Ed25519 keys and one
 * with certificates for RSA keys of 2048 bits, and asks them about new keys.
 * Prints lines of name, a tab, and microseconds (the median of many).
 */
#include "ca_parts.h"

#include "minica/owned.h"
#include "minica/weak.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define NOW INT64_C(1800000000)

enum { ROUNDS = 51 };

static struct mca_error err;

static void
require(bool good)
{
	if (good)
		return;
	fprintf(stderr, "keys: %s\n", err.text);
	exit(1);
}

static double
microseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
print_median(const char *name, double times[ROUNDS])
{
	qsort(times, ROUNDS, sizeof(*times), ascending);
	printf("%s\t%.0f\n", name, times[ROUNDS / 2]);
	fflush(stdout);
}

/* ---- a request against a policy ---- */

static mca_csr *
make_request(const char *algorithm)
{
	const char *name = "www.example.org";
	owned(mca_key) *key = NULL;
	owned(mca_name) *nobody = NULL;
	owned(mca_san) *san = NULL;
	mca_csr *csr = NULL;

	require(mca_key_generate(&key, algorithm, &err) == MCA_OK &&
	    mca_name_new(&nobody, NULL, 0, &err) == MCA_OK &&
	    mca_san_new(&san, &name, 1, &err) == MCA_OK &&
	    mca_csr_new(&csr, key, nobody, san, &err) == MCA_OK);
	return csr;
}

static void
time_review(const char *algorithm, const char *review, const char *keys)
{
	const struct mca_review_context context = { .now = NOW,
		.issuer_end = INT64_MAX };
	owned(mca_csr) *csr = make_request(algorithm);
	owned(mca_policy) *policy = NULL;
	double all[ROUNDS], arithmetic[ROUNDS];
	const uint8_t *der;
	size_t length;

	require(mca_policy_find(&policy, "server", NULL, &err) == MCA_OK);
	der = mca_spki_der(mca_csr_spki(csr), &length);
	for (int i = 0; i < ROUNDS; i++) {
		owned(mca_spki) *anew = NULL;
		scoped(mca_findings) weak = { 0 };
		scoped(mca_review) done = { 0 };
		double start;

		/* A key that was found sound is not asked again. */
		require(mca_spki_parse(&anew, der, length, &err) == MCA_OK);
		start = microseconds(CLOCK_THREAD_CPUTIME_ID);
		mca_weak_check(&weak, anew, MCA_WEAK_ANY);
		arithmetic[i] = microseconds(CLOCK_THREAD_CPUTIME_ID) - start;

		mca_weak_check(&weak, mca_csr_spki(csr), MCA_WEAK_ANY);
		start = microseconds(CLOCK_THREAD_CPUTIME_ID);
		require(mca_policy_review(&done, policy, csr, &context, &err) ==
		    MCA_OK);
		all[i] = microseconds(CLOCK_THREAD_CPUTIME_ID) - start;
	}
	print_median(review, all);
	print_median(keys, arithmetic);
}

/* ---- a key against a store ---- */

/* A certificate whose serial number and key can be overwritten. */
struct template
{
	mca_blob der;
	size_t serial, key, key_length;
};

static size_t
find(const mca_blob *der, const uint8_t *wanted, size_t length)
{
	for (size_t i = 0; i + length <= der->length; i++)
		if (memcmp(der->bytes + i, wanted, length) == 0)
			return i;
	exit(1);
}

static void
make_template(struct template *out, const char *home, const char *algorithm)
{
	const struct mca_ca_options options = { .home = home,
		.now = NOW,
		.actor = "bench" };
	const struct mca_new_authority what = { 0 };
	owned(mca_csr) *csr = make_request(algorithm);
	struct mca_job job = { .csr = csr };
	owned(mca_cert) *root = NULL;
	owned(mca_ca) *ca = NULL;
	const struct mca_signing how = { 0 };
	size_t length;
	const uint8_t *der;
	uint8_t serial[20];

	require(mca_ca_open(&ca, &options, MCA_STORE_CREATE, &err) == MCA_OK &&
	    mca_ca_init_root(ca, &root, NULL, &what, &err) == MCA_OK &&
	    mca_ca_sign(ca, &how, &job, 1, &err) == MCA_OK);
	der = mca_cert_der(job.cert, &length);
	require(mca_blob_copy(&out->der, der, length, &err) == MCA_OK);
	length = strlen(mca_cert_serial(job.cert)) / 2;
	require(mca_text_unhex(serial, length, mca_cert_serial(job.cert)));
	out->serial = find(&out->der, serial, length);
	der = mca_spki_der(mca_cert_spki(job.cert), &length);
	out->key = find(&out->der, der, length) + length;
	/* The modulus stands before the exponent, five octets from the end. */
	out->key -= strcmp(algorithm, "ed25519") == 0 ? 32 : 5 + 256;
	out->key_length = strcmp(algorithm, "ed25519") == 0 ? 32 : 256;
	mca_job_clear(&job);
}

static void
fill(const char *home, struct template *t, size_t count)
{
	owned(mca_store) *store = NULL;
	int64_t row;

	require(
	    mca_store_open(&store, home, MCA_STORE_WRITE, NOW, &err) == MCA_OK);
	require(mca_store_begin(store, &err) == MCA_OK);
	for (size_t i = 0; i < count; i++) {
		owned(mca_cert) *cert = NULL;
		uint8_t *key = t->der.bytes + t->key;

		RAND_bytes(t->der.bytes + t->serial + 1, 10);
		RAND_bytes(key + 1, (int)t->key_length - 2);
		require(mca_cert_parse(&cert, t->der.bytes, t->der.length,
			    &err) == MCA_OK &&
		    mca_store_add(store, &row, cert, MCA_ORIGIN_IMPORTED, NULL,
			NULL, NOW, &err) == MCA_OK);
	}
	require(mca_store_commit(store, &err) == MCA_OK);
}

static void
time_store(const char *top, const char *algorithm, size_t count,
    const char *name)
{
	char home[512];
	const struct mca_ca_options options = { .home = home,
		.now = NOW,
		.actor = "bench" };
	owned(mca_csr) *csr = make_request(algorithm);
	owned(mca_policy) *policy = NULL;
	owned(mca_ca) *ca = NULL;
	struct template t = { 0 };
	double times[ROUNDS];

	(void)snprintf(home, sizeof(home), "%s/%s", top, algorithm);
	make_template(&t, home, algorithm);
	fill(home, &t, count);
	mca_blob_clear(&t.der);
	require(mca_policy_find(&policy, "server", NULL, &err) == MCA_OK);
	require(mca_ca_open(&ca, &options, MCA_STORE_READ, &err) == MCA_OK);
	for (int i = 0; i < ROUNDS; i++) {
		scoped(mca_findings) found = { 0 };
		double start = microseconds(CLOCK_MONOTONIC);

		require(mca_ca_ask_history(ca, &found,
			    &(struct mca_key_question){ .policy = policy,
				.spki = mca_csr_spki(csr),
				.san = mca_csr_san(csr),
				.subject = mca_csr_subject(csr) },
			    &err) == MCA_OK);
		times[i] = microseconds(CLOCK_MONOTONIC) - start;
		require(found.count == 0);
	}
	print_median(name, times);
}

int
main(int argc, char **argv)
{
	size_t count = argc == 3 ? (size_t)strtoul(argv[2], NULL, 10) : 0;

	if (count == 0) {
		fprintf(stderr, "usage: keys HOME CERTIFICATES\n");
		return 2;
	}
	time_review("ec-p256", "review, EC, without its key",
	    "rules about keys, EC P-256");
	time_review("rsa-2048", "review, RSA, without its key",
	    "rules about keys, RSA 2048");
	time_store(argv[1], "ed25519", count, "store, all keys Ed25519");
	time_store(argv[1], "rsa-2048", count, "store, all keys RSA 2048");
	return 0;
}
