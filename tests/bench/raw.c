/*
 * raw.c - what libcrypto alone takes for what minica does with requests.
 *
 *	raw requests DIR COUNT	makes requests, a new P-256 key for each
 *	raw requests-rsa ...	the same, RSA of 2048 bits
 *	raw sign DIR COUNT	one check of a request's signature and one
 *				signature by a P-256 key for each of them
 *	raw sign-rsa ...	the same, by an RSA key of 3072 bits
 *	raw check DIR COUNT	the checks alone
 *	raw init		starts libcrypto, and does nothing
 *
 * All are one thread.  `sign`, `sign-rsa` and `check` print microseconds of
 *CPU.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static void
must(int good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "raw: %s\n", what);
	exit(1);
}

static FILE *
open_request(const char *directory, long i, const char *mode)
{
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%06ld.csr", directory, i);
	file = fopen(path, mode);
	must(file != NULL, path);
	return file;
}

static void
name_it(X509_REQ *req, long i)
{
	STACK_OF(X509_EXTENSION) *list = sk_X509_EXTENSION_new_null();
	char name[64], san[80];
	X509_EXTENSION *extension;

	(void)snprintf(name, sizeof(name), "h%ld.example.com", i);
	(void)snprintf(san, sizeof(san), "DNS:%s", name);
	must(X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN",
		 MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0) == 1,
	    "subject");
	extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
	must(extension != NULL && sk_X509_EXTENSION_push(list, extension) > 0 &&
		X509_REQ_add_extensions(req, list) == 1,
	    "subjectAltName");
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}

static void
make_request(const char *directory, long i, EVP_PKEY *key)
{
	X509_REQ *req = X509_REQ_new();
	FILE *file = open_request(directory, i, "w");

	must(key != NULL && req != NULL && X509_REQ_set_version(req, 0) == 1 &&
		X509_REQ_set_pubkey(req, key) == 1,
	    "request");
	name_it(req, i);
	must(X509_REQ_sign(req, key, EVP_sha256()) > 0 &&
		PEM_write_X509_REQ(file, req) == 1 && fclose(file) == 0,
	    "request");
	X509_REQ_free(req);
	EVP_PKEY_free(key);
}

static X509_REQ *
read_request(const char *directory, long i)
{
	FILE *file = open_request(directory, i, "r");
	X509_REQ *req = PEM_read_X509_REQ(file, NULL, NULL, NULL);

	must(req != NULL && fclose(file) == 0, "cannot read a request");
	return req;
}

static long
cpu_now(void)
{
	struct timespec now;

	must(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0, "clock");
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
sign_once(EVP_PKEY *key)
{
	static const unsigned char tbs[400];
	unsigned char signature[384];
	size_t size = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx != NULL &&
		EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestSign(ctx, signature, &size, tbs, sizeof(tbs)) == 1,
	    "signature");
	EVP_MD_CTX_free(ctx);
}

/*
 * Reading and decoding are not timed: the two signatures are the limit.
 * `issuer` may be NULL.
 */
static void
time_requests(const char *directory, long count, EVP_PKEY *issuer)
{
	long sum = 0;

	for (long i = 0; i < count; i++) {
		X509_REQ *req = read_request(directory, i);
		EVP_PKEY *key = X509_REQ_get0_pubkey(req);
		long began = cpu_now();

		must(X509_REQ_verify(req, key) == 1, "a request is not signed");
		if (issuer != NULL)
			sign_once(issuer);
		sum += cpu_now() - began;
		X509_REQ_free(req);
	}
	EVP_PKEY_free(issuer);
	(void)printf("%ld\n", sum);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	long count = argc == 4 ? strtol(argv[3], NULL, 10) : 0;

	if (strcmp(what, "init") == 0)
		return OPENSSL_init_crypto(0, NULL) != 1;
	must(count > 0,
	    "usage: raw requests[-rsa]|sign[-rsa]|check DIR COUNT, raw init");
	for (long i = 0; i < count && strcmp(what, "requests") == 0; i++)
		make_request(argv[2], i, EVP_EC_gen("P-256"));
	for (long i = 0; i < count && strcmp(what, "requests-rsa") == 0; i++)
		make_request(argv[2], i, EVP_RSA_gen(2048));
	if (strcmp(what, "sign") == 0)
		time_requests(argv[2], count, EVP_EC_gen("P-256"));
	if (strcmp(what, "sign-rsa") == 0)
		time_requests(argv[2], count, EVP_RSA_gen(3072));
	if (strcmp(what, "check") == 0)
		time_requests(argv[2], count, NULL);
	return 0;
}
