/*
 * crlbuild_head.c - whose list a file holds, by its first bytes.
 */
#include "crlbuild.h"

#include "minica/x509.h"
#include "ossl.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

#include <string.h>

/* Steps over the header of an element of that tag; its content is `*left`. */
static bool
enter(const unsigned char **at, long *left, int tag)
{
	int found, class;
	const unsigned char *before = *at;

	/* What is cut off makes an error of a length, not of a header. */
	(void)ASN1_get_object(at, left, &found, &class, *left);
	ERR_clear_error();
	return *at > before && found == tag && class == V_ASN1_UNIVERSAL;
}

static bool
skip(const unsigned char **at, const unsigned char *end, int tag)
{
	long left = end - *at;

	if (!enter(at, &left, tag) || left > end - *at)
		return false;
	*at += left;
	return true;
}

bool
mca_crl_begins_as_of(const uint8_t *head, size_t length, const mca_cert *issuer)
{
	const unsigned char *at = head, *end = head + length;
	owned(ossl_bytes) *name = NULL;
	long left = (long)length;
	int size =
	    i2d_X509_NAME(mca_name_get0_x509_name(mca_cert_subject(issuer)),
		&name);

	if (size <= 0 || !enter(&at, &left, V_ASN1_SEQUENCE))
		return false;
	left = end - at;
	return enter(&at, &left, V_ASN1_SEQUENCE) &&
	    skip(&at, end, V_ASN1_INTEGER) && skip(&at, end, V_ASN1_SEQUENCE) &&
	    end - at > size && memcmp(at, name, (size_t)size) == 0;
}
