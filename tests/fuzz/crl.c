/*
 * crl.c - a revocation list: read, shown, walked and linted.
 */
#include "fuzz.h"

#include "minica/lint.h"

void
fuzz_begin(void)
{
}

static void
read_file(const uint8_t *bytes, size_t length)
{
	scoped(mca_crls) list = { 0 };
	struct mca_error err = { 0 };

	if (mca_crls_read(&list, fuzz_file(bytes, length), &err) != MCA_OK)
		show_error(&err);
	else
		fuzz_require(list.count > 0);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	scoped(mca_findings) findings = { 0 };
	owned(mca_crl) *crl = NULL;
	struct mca_error err = { 0 };
	const uint8_t *der;
	size_t der_length;

	read_file(bytes, length);
	if (mca_crl_parse(&crl, bytes, length, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	der = mca_crl_der(crl, &der_length);
	fuzz_require(der_length == length && memcmp(der, bytes, length) == 0);
	show_crl(crl);
	mca_lint_crl(&findings, crl);
	show_findings(&findings);
}
