/*
 * cert.c - a certificate: read, shown and linted, as every client would.
 */
#include "fuzz.h"

#include "minica/client.h"
#include "minica/lint.h"
#include "resign.h"

void
fuzz_begin(void)
{
	resign_begin();
}

static void
examine(const uint8_t *bytes, size_t length)
{
	scoped(mca_findings) findings = { 0 };
	owned(mca_cert) *cert = NULL;
	struct mca_error err = { 0 };
	const uint8_t *der;
	size_t der_length;

	if (mca_cert_parse(&cert, bytes, length, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	/* Nothing is dropped, and nothing is decoded and encoded anew. */
	der = mca_cert_der(cert, &der_length);
	fuzz_require(der_length == length && memcmp(der, bytes, length) == 0);
	show_cert(cert);
	mca_lint(&findings, cert);
	mca_lint_for(&findings, cert, 0);
	show_findings(&findings);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	scoped(mca_text) again = { 0 };

	examine(bytes, length);
	if (resign_cert(&again, bytes, length))
		examine((const uint8_t *)mca_text_get(&again), again.length);
}
