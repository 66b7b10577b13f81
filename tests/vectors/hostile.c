/*
 * hostile.c - files that were made to break parsers, read and judged here.
 *
 *	hostile DIRECTORY
 *
 * DIRECTORY holds cert/, crl/, pem/, key/ and csr/.  Each file is read as
 * everything it might be, and what can be read is used: certificates are
 * judged, and shown; CRLs are asked.  Nothing may crash (the sanitizers watch),
 * and nothing may take a second.
 */
#include "minica.h"

#include "minica/owned.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const kinds[] = { "cert", "crl", "pem", "key", "csr" };

struct tally {
	size_t files, certs, crls, csrs, keys;
	double slowest;
	char slowest_path[600];
};

static double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
show(const mca_cert *cert)
{
	scoped(mca_text) text = { 0 };

	for (size_t i = 0; i < mca_cert_extension_count(cert); i++)
		mca_cert_extension_text(&text, cert, i);
	for (size_t i = 0; i < mca_san_count(mca_cert_san(cert)); i++)
		mca_text_addf(&text, "%s",
		    mca_san_at(mca_cert_san(cert), i)->text);
	if (mca_cert_spki(cert) != NULL)
		(void)mca_cert_is_signed_by(cert, mca_cert_spki(cert));
}

/* Every certificate of the file is an anchor, and an intermediate too. */
static void
judge(const mca_certs *certs, const mca_crls *crls)
{
	struct mca_verify_options options;
	owned(mca_verifier) *verifier = NULL;
	scoped(mca_verdict) verdict = { 0 };
	struct mca_reference host;
	struct mca_error err;

	mca_verify_defaults(&options, INT64_C(1500000000));
	options.purpose = MCA_PURPOSE_SERVER;
	options.rules = MCA_RULES_WEBPKI;
	if (mca_verifier_new(&verifier, certs, certs, crls, &options, &err) !=
		MCA_OK ||
	    mca_reference_parse(&host, MCA_SAN_DNS, "example.org", &err) !=
		MCA_OK ||
	    mca_verify(&verdict, verifier, certs->rows[0], certs, &host,
		&err) != MCA_OK) {
		fprintf(stderr, "hostile: %s\n", err.text);
		exit(1);
	}
}

static void
read_certs(struct tally *tally, const mca_blob *file, const mca_crls *crls)
{
	scoped(mca_certs) certs = { 0 };
	struct mca_error err;

	if (mca_certs_parse(&certs, file->bytes, file->length, &err) != MCA_OK)
		return;
	tally->certs += certs.count;
	for (size_t i = 0; i < certs.count; i++)
		show(certs.rows[i]);
	judge(&certs, crls);
}

static void
read_others(struct tally *tally, const mca_blob *file)
{
	owned(mca_csr) *csr = NULL;
	owned(mca_spki) *spki = NULL;
	owned(mca_key) *key = NULL;
	struct mca_error err;

	tally->csrs +=
	    mca_csr_parse(&csr, file->bytes, file->length, &err) == MCA_OK;
	tally->keys +=
	    mca_spki_parse(&spki, file->bytes, file->length, &err) == MCA_OK;
	tally->keys += mca_key_parse(&key, file, NULL, &err) == MCA_OK;
}

/* The DER of PEM blocks is looked at as well. */
static void
read_pem(struct tally *tally, const mca_blob *file)
{
	scoped(mca_pem) pem = { 0 };
	struct mca_error err;

	if (mca_pem_parse(&pem, file->bytes, file->length, &err) != MCA_OK)
		return;
	for (size_t i = 0; i < pem.count; i++)
		read_others(tally, &pem.blocks[i].der);
}

static mca_code
read_file(void *context, const char *path, struct mca_error *err)
{
	struct tally *tally = context;
	scoped(mca_blob) file = { 0 };
	scoped(mca_crls) crls = { 0 };
	double began = seconds(), took;

	if (mca_file_read(&file, path, MCA_LIMIT_CRL, err) != MCA_OK)
		return err->code;
	if (mca_crls_read(&crls, path, err) == MCA_OK)
		tally->crls += crls.count;
	read_certs(tally, &file, &crls);
	read_others(tally, &file);
	read_pem(tally, &file);
	took = seconds() - began;
	tally->files++;
	if (took > tally->slowest) {
		tally->slowest = took;
		(void)snprintf(tally->slowest_path, sizeof(tally->slowest_path),
		    "%s", path);
	}
	return MCA_OK;
}

int
main(int argc, char **argv)
{
	struct tally tally = { 0 };
	struct mca_error err = { 0 };
	char directory[500];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		(void)snprintf(directory, sizeof(directory), "%s/%s",
		    argc > 1 ? argv[1] : ".", kinds[i]);
		if (mca_directory_walk(directory, read_file, &tally, &err) !=
		    MCA_OK) {
			fprintf(stderr, "hostile: %s\n", err.text);
			return 2;
		}
	}
	printf("hostile: %zu files; %zu certificates, %zu CRLs, %zu requests "
	       "and %zu keys in them; slowest %.3f s (%s)\n",
	    tally.files, tally.certs, tally.crls, tally.csrs, tally.keys,
	    tally.slowest, tally.slowest_path);
	return tally.slowest < 1 ? 0 : 1;
}
