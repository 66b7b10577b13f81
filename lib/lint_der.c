/*
 * lint_der.c - is every byte as DER demands (X.690, 8 to 11)?
 */
#include "lint.h"
#include "tlv.h"

#include <openssl/err.h>

#include <string.h>

static const char *
walk_extensions(const STACK_OF(X509_EXTENSION) *list)
{
	const char *flaw = NULL;

	for (int i = 0; flaw == NULL && i < X509v3_get_ext_count(list); i++) {
		X509_EXTENSION *extension = X509v3_get_ext(list, i);
		const ASN1_OCTET_STRING *value =
		    X509_EXTENSION_get_data(extension);
		const uint8_t *at = ASN1_STRING_get0_data(value);

		/* Values that nobody here knows need not be DER at all. */
		if (X509V3_EXT_get(extension) != NULL)
			flaw =
			    mca_tlv_flaw(at, (size_t)ASN1_STRING_length(value));
	}
	return flaw;
}

bool
mca_lint_not_der(const struct mca_facts *facts, struct mca_fault *fault)
{
	const char *flaw = mca_tlv_flaw(facts->der, facts->length);

	if (flaw == NULL)
		flaw = walk_extensions(facts->extensions);
	return flaw != NULL && mca_fault(fault, "is not DER: %s", flaw);
}

static bool
is(const struct mca_tlv_element *element, uint8_t class, uint8_t tag)
{
	return element->class == class && element->tag == tag;
}

/* critical DEFAULT FALSE stands second in an Extension. */
static bool
spells_false(struct mca_tlv extension)
{
	struct mca_tlv_element element = { 0 };

	return mca_tlv_read(&extension, &element) == NULL &&
	    extension.at < extension.end &&
	    mca_tlv_read(&extension, &element) == NULL &&
	    is(&element, 0, MCA_TAG_BOOLEAN) &&
	    element.value.at < element.value.end && *element.value.at == 0;
}

/* The value of [3] is a SEQUENCE of Extensions. */
static bool any_spells_false(struct mca_tlv explicit)
{
	struct mca_tlv_element list = { 0 }, extension = { 0 };

	if (mca_tlv_read(&explicit, &list) != NULL)
		return false;
	while (list.value.at < list.value.end &&
	    mca_tlv_read(&list.value, &extension) == NULL)
		if (spells_false(extension.value))
			return true;
	return false;
}

/* version DEFAULT v1 is the value of [0]. */
static bool spells_v1(struct mca_tlv explicit)
{
	struct mca_tlv_element version = { 0 };

	return mca_tlv_read(&explicit, &version) == NULL &&
	    version.value.end - version.value.at == 1 && *version.value.at == 0;
}

/*
 * The defaults of TBSCertificate are looked for in its octets: encoding it
 * anew would cost more than signing it, for libcrypto decodes the key again.
 */
static const char *
spelt_default(const struct mca_facts *facts)
{
	struct mca_tlv in = { facts->der, facts->der + facts->length };
	struct mca_tlv_element element = { 0 };

	/* The certificate, and in it first TBSCertificate. */
	for (int i = 0; i < 2; i++) {
		if (mca_tlv_read(&in, &element) != NULL)
			return NULL;
		in = element.value;
	}
	while (in.at < in.end && mca_tlv_read(&in, &element) == NULL) {
		if (is(&element, 2, 0) && spells_v1(element.value))
			return "version v1 is spelt out";
		if (is(&element, 2, 3) && any_spells_false(element.value))
			return "critical FALSE is spelt out";
	}
	return NULL;
}

static bool
same(const struct mca_tlv *octets, const uint8_t *bytes, int length)
{
	return length >= 0 && octets->end - octets->at == length &&
	    memcmp(octets->at, bytes, (size_t)length) == 0;
}

static bool
value_reencodes(const struct mca_facts *facts, X509_EXTENSION *extension)
{
	const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
	const ASN1_OCTET_STRING *raw = X509_EXTENSION_get_data(extension);
	const uint8_t *at = ASN1_STRING_get0_data(raw);
	struct mca_tlv octets = { at, at + ASN1_STRING_length(raw) };
	owned(ossl_bytes) *again = NULL;
	ASN1_VALUE *value;
	int length;

	if (method == NULL || method->it == NULL)
		return true;
	value = ASN1_item_d2i(NULL, &at, octets.end - at,
	    ASN1_ITEM_ptr(method->it));
	ERR_clear_error();
	if (value == NULL)
		return facts->malformed != 0; /* which another rule says */
	length = ASN1_item_i2d(value, &again, ASN1_ITEM_ptr(method->it));
	ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
	return same(&octets, again, length);
}

bool
mca_lint_default_written(const struct mca_facts *facts, struct mca_fault *fault)
{
	const char *flaw = spelt_default(facts);

	if (flaw != NULL)
		return mca_fault(fault, "%s", flaw);
	for (int i = 0; i < X509v3_get_ext_count(facts->extensions); i++) {
		X509_EXTENSION *extension =
		    X509v3_get_ext(facts->extensions, i);

		if (!value_reencodes(facts, extension))
			return mca_fault(fault,
			    "%s is not written as it would be again",
			    MCA_OID(X509_EXTENSION_get_object(extension)));
	}
	return false;
}

/*
 * libcrypto 3.0 does not tell the algorithm inside TBSCertList, so it is read
 * from the octets: the first SEQUENCE in there, where outside it is the
 * second.
 */
bool
mca_lint_crl_signature_same(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	struct mca_tlv in = { facts->der, facts->der + facts->length };
	struct mca_tlv_element whole = { 0 }, tbs = { 0 }, outside = { 0 };
	struct mca_tlv_element inside = { 0 };

	if (mca_tlv_read(&in, &whole) != NULL ||
	    mca_tlv_read(&whole.value, &tbs) != NULL ||
	    mca_tlv_read(&whole.value, &outside) != NULL)
		return false; /* not DER, which another rule says */
	do {
		if (tbs.value.at == tbs.value.end ||
		    mca_tlv_read(&tbs.value, &inside) != NULL)
			return false;
	} while (!is(&inside, 0, MCA_TAG_SEQUENCE));
	return !same(&inside.value, outside.value.at,
		   (int)(outside.value.end - outside.value.at)) &&
	    mca_fault(fault, "differs from the one inside TBSCertList");
}
