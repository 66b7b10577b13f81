/*
 * bundle.c - a file of certificates: PEM, DER, PKCS #7 in either form, and
 * PKCS #12 whose MAC is made anew so that its contents are read.
 */
#include "fuzz.h"

#include "minica/blob.h"
#include "pkcs12.h"

#include <openssl/err.h>

void
fuzz_begin(void)
{
}

static int
no_words(void *context, char *out, size_t size, struct mca_error *err)
{
	(void)context;
	(void)out;
	(void)size;
	(void)err;
	return 0;
}

static void
examine(const uint8_t *bytes, size_t length)
{
	const struct mca_passphrase empty = { no_words, NULL };
	scoped(mca_certs) certs = { 0 };
	struct mca_error err = { 0 };

	if (mca_certs_unlock(&certs, bytes, length, &empty, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	fuzz_require(certs.count > 0);
	for (size_t i = 0; i < certs.count; i++)
		show_cert(certs.rows[i]);
}

/* One round of SHA-256 is enough to be believed. */
static void
with_mac(const uint8_t *bytes, size_t length)
{
	owned(PKCS12) *p12 = mca_pkcs12_read(bytes, length);
	uint8_t salt[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, *der = NULL;
	int size;

	if (p12 != NULL &&
	    PKCS12_set_mac(p12, "", 0, salt, sizeof(salt), 1, EVP_sha256()) ==
		1 &&
	    (size = i2d_PKCS12(p12, &der)) > 0)
		examine(der, (size_t)size);
	OPENSSL_free(der);
	ERR_clear_error();
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	struct mca_error err = { 0 };
	scoped(mca_certs) certs = { 0 };

	if (mca_certs_parse(&certs, bytes, length, &err) != MCA_OK)
		show_error(&err);
	examine(bytes, length);
	if (mca_certs_are_pkcs12(bytes, length))
		with_mac(bytes, length);
}
