/*
 * many_requests.c - many requests, each with a key and a name of its own.
 *
 *	many_requests DIRECTORY COUNT WORD
 *
 * Writes DIRECTORY/WORD-N.csr for WORD-N.example.org, N from 1 to COUNT.  The
 * keys are thrown away.
 */
#include "minica.h"

#include "minica/owned.h"

#include <stdio.h>
#include <stdlib.h>

static mca_code
write_request(const char *directory, const char *word, long n,
    struct mca_error *err)
{
	owned(mca_key) *key = NULL;
	owned(mca_name) *subject = NULL;
	owned(mca_san) *san = NULL;
	owned(mca_csr) *csr = NULL;
	scoped(mca_blob) pem = { 0 };
	char text[200], path[600];
	const char *name = text;
	const uint8_t *der;
	size_t length;

	(void)snprintf(text, sizeof(text), "%s-%ld.example.org", word, n);
	(void)snprintf(path, sizeof(path), "%s/%s-%ld.csr", directory, word, n);
	if (mca_key_generate(&key, "ec-p256", err) != MCA_OK ||
	    mca_name_new(&subject, NULL, 0, err) != MCA_OK ||
	    mca_san_new(&san, &name, 1, err) != MCA_OK ||
	    mca_csr_new(&csr, key, subject, san, err) != MCA_OK)
		return err->code;
	der = mca_csr_der(csr, &length);
	if (mca_pem_encode(&pem, "CERTIFICATE REQUEST", der, length, err) !=
	    MCA_OK)
		return err->code;
	return mca_file_save(path, pem.bytes, pem.length, 0644,
	    MCA_FILE_REPLACE, err);
}

int
main(int argc, char **argv)
{
	struct mca_error err = { 0 };
	long count = argc == 4 ? strtol(argv[2], NULL, 10) : 0;

	if (count < 1) {
		fprintf(stderr, "usage: many_requests DIRECTORY COUNT WORD\n");
		return 2;
	}
	for (long n = 1; n <= count; n++) {
		if (write_request(argv[1], argv[3], n, &err) != MCA_OK) {
			fprintf(stderr, "many_requests: %s\n", err.text);
			return 1;
		}
	}
	return 0;
}
