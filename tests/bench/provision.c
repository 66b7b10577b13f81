/*
 * provision.c - what provisioning N servers costs the machine at least.
 *
 *	provision N DIRECTORY
 *
 * On all cores: N key pairs (P-256), N checks of a self-signature and N
 * signatures; then two files each, of the size of a certificate chain and of a
 * key, written beside their place, synced (16 at a time, for disks sync many at
 * once) and renamed, and the directory synced once.  Prints wall and CPU time
 * in microseconds.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

enum { CHAIN = 1600, KEY = 241, MOST_THREADS = 64, DISK_THREADS = 16 };

static const char *directory;
static size_t wanted;
static EVP_PKEY *issuer;
static unsigned char signature[128];
static size_t signature_length;

static void
die(const char *what)
{
	fprintf(stderr, "provision: %s failed\n", what);
	exit(1);
}

static void
sign(unsigned char *out, size_t *length)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL ||
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, issuer) != 1 ||
	    EVP_DigestSign(ctx, out, length, (const unsigned char *)"tbs", 3) !=
		1)
		die("signing");
	EVP_MD_CTX_free(ctx);
}

static void
check(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL ||
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, issuer) != 1 ||
	    EVP_DigestVerify(ctx, signature, signature_length,
		(const unsigned char *)"tbs", 3) != 1)
		die("checking");
	EVP_MD_CTX_free(ctx);
}

static void
compute(size_t i)
{
	unsigned char out[128];
	size_t length = sizeof(out);
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");

	(void)i;
	if (key == NULL)
		die("making a key");
	EVP_PKEY_free(key);
	check();
	sign(out, &length);
}

static void
write_file(size_t i, const char *ending, size_t size)
{
	static const char bytes[CHAIN];
	char name[512], temporary[512];
	int fd;

	snprintf(name, sizeof(name), "%s/%zu.%s", directory, i, ending);
	snprintf(temporary, sizeof(temporary), "%s.new", name);
	fd = open(temporary, O_CREAT | O_EXCL | O_WRONLY, 0600);
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size ||
	    fsync(fd) != 0 || close(fd) != 0 || rename(temporary, name) != 0)
		die(name);
}

static void
write_files(size_t i)
{
	write_file(i, "crt", CHAIN);
	write_file(i, "key", KEY);
}

static atomic_size_t next;
static void (*piece)(size_t i);

static void *
work(void *unused)
{
	size_t i;

	(void)unused;
	while ((i = atomic_fetch_add(&next, 1)) < wanted)
		piece(i);
	return NULL;
}

static long
cores(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count > MOST_THREADS ? MOST_THREADS : count;
}

static void
in_threads(long count, void (*what)(size_t i))
{
	pthread_t threads[MOST_THREADS];

	piece = what;
	atomic_store(&next, 0);
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			die("starting a thread");
	for (long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static long
microseconds(long seconds, long rest)
{
	return seconds * 1000000 + rest;
}

int
main(int argc, char **argv)
{
	struct timespec from, to;
	struct rusage used;
	int fd;

	if (argc != 3)
		die("reading the arguments");
	wanted = strtoul(argv[1], NULL, 10);
	directory = argv[2];
	clock_gettime(CLOCK_MONOTONIC, &from);
	issuer = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	signature_length = sizeof(signature);
	sign(signature, &signature_length);
	in_threads(cores(), compute);
	in_threads(DISK_THREADS, write_files);
	fd = open(directory, O_RDONLY);
	if (fd < 0 || fsync(fd) != 0)
		die("syncing the directory");
	clock_gettime(CLOCK_MONOTONIC, &to);
	getrusage(RUSAGE_SELF, &used);
	printf("%ld %ld\n",
	    microseconds(to.tv_sec - from.tv_sec,
		(to.tv_nsec - from.tv_nsec) / 1000),
	    microseconds(used.ru_utime.tv_sec + used.ru_stime.tv_sec,
		(long)(used.ru_utime.tv_usec + used.ru_stime.tv_usec)));
	return 0;
}
