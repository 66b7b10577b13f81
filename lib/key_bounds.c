/*
 * key_bounds.c - see key_bounds.h.
 *
 * PKCS #8 keys of DSA and DH come without their public half, and libcrypto
 * computes it as it reads them: an exponentiation whose cost grows with the
 * cube of what the file says, hours for the size that a file may have.  Nobody
 * has such keys certified (FIPS 186-5 withdrew DSA; DH cannot sign), so they
 * are refused by name where the name can be read, and where it is encrypted,
 * the size keeps the cost below a second.
 */
#include "key_bounds.h"

#include "minica/limits.h"
#include "minica/pem.h"
#include "pkcs12.h"

#include <openssl/err.h>

#include <string.h>

static bool
is_costly(const ASN1_OBJECT *algorithm)
{
	switch (OBJ_obj2nid(algorithm)) {
	case NID_dsa:
	case NID_dsa_2:
	case NID_dsaWithSHA:
	case NID_dsaWithSHA1:
	case NID_dsaWithSHA1_2:
	case NID_dhKeyAgreement:
	case NID_dhpublicnumber:
		return true;
	default:
		return false;
	}
}

static mca_code
check_der(const uint8_t *der, size_t length, struct mca_error *err)
{
	const uint8_t *end = der;
	owned(PKCS8_PRIV_KEY_INFO) *info = NULL;
	const ASN1_OBJECT *algorithm = NULL;
	bool costly;

	if (length > MCA_LIMIT_PRIVATE_KEY)
		return mca_fail(err, MCA_EFORMAT,
		    "holds a private key of %zu bytes, and the limit is %d",
		    length, MCA_LIMIT_PRIVATE_KEY);
	/* The frame alone: the key in it stays an octet string. */
	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &end, (long)length);
	costly = info != NULL &&
	    PKCS8_pkey_get0(&algorithm, NULL, NULL, NULL, info) == 1 &&
	    is_costly(algorithm);
	ERR_clear_error();
	if (costly)
		return mca_fail(err, MCA_EFORMAT,
		    "holds a key of %s, for which there are no certificates "
		    "any more; make another (minica keygen)",
		    OBJ_nid2sn(OBJ_obj2nid(algorithm)));
	return MCA_OK;
}

/* "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", ... */
static bool
is_private(const char *label)
{
	static const char ending[] = "PRIVATE KEY";
	size_t length = strlen(label);

	return length >= sizeof(ending) - 1 &&
	    strcmp(label + length - (sizeof(ending) - 1), ending) == 0;
}

/* What PKCS #12 holds is counted before it is opened (key_work.c). */
static mca_code
check_file_der(const mca_blob *bytes, struct mca_error *err)
{
	owned(PKCS12) *p12 = mca_pkcs12_read(bytes->bytes, bytes->length);

	return p12 != NULL ? MCA_OK
			   : check_der(bytes->bytes, bytes->length, err);
}

mca_code
mca_key_check_bounds(const mca_blob *bytes, struct mca_error *err)
{
	scoped(mca_pem) pem = { 0 };
	struct mca_error ignored;
	mca_code code = MCA_OK;

	if (mca_pem_parse(&pem, bytes->bytes, bytes->length, &ignored) !=
		MCA_OK ||
	    pem.count == 0)
		return check_file_der(bytes, err);
	for (size_t i = 0; i < pem.count && code == MCA_OK; i++) {
		const struct mca_pem_block *block = &pem.blocks[i];

		if (is_private(block->label))
			code =
			    check_der(block->der.bytes, block->der.length, err);
	}
	return code;
}
