/*
 * bulk.c - what it costs to verify many chains within one process.
 *
 *	bulk [CHAINS]
 *
 * A root and an intermediate, and so many leaves below it, DER in memory.  Each
 * is parsed and judged as a TLS server's for its host: by libminica in one
 * thread and in one for each processor, and by X509_verify_cert with the same
 * questions asked.  They take turns; the best of five rounds counts.  Prints a
 * line for each: name, and microseconds of CPU and of wall time for a chain.
 */
#include "minica.h"

#include "minica/x509.h"

#include "../unit/forge.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 5, MOST_THREADS = 64 };

struct der {
	unsigned char *bytes;
	int length;
};

struct bulk {
	mca_certs anchors, intermediates;
	struct der *leaves;
	size_t count;
	mca_verifier *verifier;
	struct mca_reference host;
	X509_STORE *store;
	STACK_OF(X509) *untrusted;
};

static void
require(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bulk: %s\n", what);
	exit(1);
}

static void
make(struct bulk *bulk, size_t count)
{
	struct mca_verify_options options;
	struct mca_error err;
	X509_VERIFY_PARAM *param;

	forge_into(&bulk->anchors,
	    &(struct forge){ .subject = "root", .ca = true });
	forge_into(&bulk->intermediates,
	    &(struct forge){ .subject = "ca", .issuer = "root", .ca = true });
	bulk->leaves = calloc(count, sizeof(*bulk->leaves));
	require(bulk->leaves != NULL, "out of memory");
	for (; bulk->count < count; bulk->count++) {
		char serial[16];
		mca_cert *leaf;
		struct der *der = &bulk->leaves[bulk->count];

		snprintf(serial, sizeof(serial), "%zx", bulk->count + 4096);
		leaf = forge_cert(&(struct forge){ .issuer = "ca",
		    .key = "leaf",
		    .serial = serial });
		der->length = i2d_X509(mca_cert_get0_x509(leaf), &der->bytes);
		mca_cert_free(leaf);
	}

	mca_verify_defaults(&options, FORGE_NOW);
	options.purpose = MCA_PURPOSE_SERVER;
	require(mca_verifier_new(&bulk->verifier, &bulk->anchors,
		    &bulk->intermediates, NULL, &options, &err) == MCA_OK &&
		mca_reference_parse(&bulk->host, MCA_SAN_DNS, "leaf.test",
		    &err) == MCA_OK,
	    "no verifier");

	bulk->store = X509_STORE_new();
	bulk->untrusted = sk_X509_new_null();
	require(X509_STORE_add_cert(bulk->store,
		    mca_cert_get0_x509(bulk->anchors.rows[0])) == 1 &&
		sk_X509_push(bulk->untrusted,
		    mca_cert_get0_x509(bulk->intermediates.rows[0])) > 0,
	    "no store");
	param = X509_STORE_get0_param(bulk->store);
	X509_VERIFY_PARAM_set_time(param, (time_t)FORGE_NOW);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
	X509_VERIFY_PARAM_set_auth_level(param, 2);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
	X509_VERIFY_PARAM_set1_host(param, "leaf.test", 0);
}

static bool
ours(struct bulk *bulk, const struct der *der)
{
	scoped(mca_verdict) verdict = { 0 };
	owned(mca_cert) *cert = NULL;
	struct mca_error err;

	return mca_cert_parse(&cert, der->bytes, (size_t)der->length, &err) ==
	    MCA_OK &&
	    mca_verify(&verdict, bulk->verifier, cert, NULL, &bulk->host,
		&err) == MCA_OK &&
	    verdict.answer == MCA_YES;
}

static bool
theirs(struct bulk *bulk, const struct der *der)
{
	const unsigned char *at = der->bytes;
	X509 *x509 = d2i_X509(NULL, &at, der->length);
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	bool good = x509 != NULL && context != NULL &&
	    X509_STORE_CTX_init(context, bulk->store, x509, bulk->untrusted) ==
		1 &&
	    X509_verify_cert(context) == 1;

	X509_STORE_CTX_free(context);
	X509_free(x509);
	return good;
}

/* Microseconds of all processors, and of the clock on the wall. */
struct cost {
	double cpu, wall;
};

static double
microseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Each leaf that is `step` after the one before. */
struct share {
	struct bulk *bulk;
	bool (*verify)(struct bulk *bulk, const struct der *der);
	size_t from, step;
	bool good;
};

static void *
work(void *context)
{
	struct share *share = context;

	share->good = true;
	for (size_t i = share->from; i < share->bulk->count; i += share->step)
		share->good =
		    share->verify(share->bulk, &share->bulk->leaves[i]) &&
		    share->good;
	return NULL;
}

static void
run_round(struct cost *best, struct bulk *bulk, size_t threads,
    bool (*verify)(struct bulk *bulk, const struct der *der))
{
	struct share shares[MOST_THREADS];
	pthread_t ids[MOST_THREADS];
	double cpu = microseconds(CLOCK_PROCESS_CPUTIME_ID);
	double wall = microseconds(CLOCK_MONOTONIC);

	for (size_t i = 0; i < threads; i++) {
		shares[i] = (struct share){ bulk, verify, i, threads, false };
		require(pthread_create(&ids[i], NULL, work, &shares[i]) == 0,
		    "no thread");
	}
	for (size_t i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		require(shares[i].good, "a good chain was refused");
	}
	cpu = microseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	wall = microseconds(CLOCK_MONOTONIC) - wall;
	best->cpu = best->cpu == 0 || cpu < best->cpu ? cpu : best->cpu;
	best->wall = best->wall == 0 || wall < best->wall ? wall : best->wall;
}

static void
print(const char *name, const struct cost *cost, const struct bulk *bulk)
{
	printf("%s\t%.0f\t%.0f\n", name, cost->cpu / (double)bulk->count,
	    cost->wall / (double)bulk->count);
}

int
main(int argc, char **argv)
{
	struct bulk bulk = { 0 };
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t threads = processors < 1 ? 1
	    : processors > MOST_THREADS ? MOST_THREADS
					: (size_t)processors;
	struct cost alone = { 0 }, together = { 0 }, peer = { 0 };

	require(count > 0 && count <= 1000000, "1 to 1000000 chains");
	make(&bulk, count);
	for (int i = 0; i < ROUNDS; i++) {
		run_round(&alone, &bulk, 1, ours);
		run_round(&together, &bulk, threads, ours);
		run_round(&peer, &bulk, 1, theirs);
	}
	print("minica", &alone, &bulk);
	print("minica, all processors", &together, &bulk);
	print("X509_verify_cert", &peer, &bulk);
	return 0;
}
