/*
 * csr_asked.c - what a request asks for beyond its subject: extensions, names.
 */
#include "csr_parts.h"

#include "minica/text.h"
#include "minica/x509.h"
#include "tlv.h"

#include <string.h>

void
mca_asked_clear(struct mca_asked *asked)
{
	free(asked->oid);
	free(asked->name);
	free(asked->asks);
	for (size_t i = 0; i < asked->public.usage_count; i++)
		free(asked->usages[i]);
	free(asked->usages);
}

static struct mca_asked *
find_asked(const mca_csr *csr, const char *oid)
{
	for (size_t i = 0; i < csr->asked_count; i++)
		if (strcmp(csr->asked[i].oid, oid) == 0)
			return &csr->asked[i];
	return NULL;
}

/* How the value of an extension that libcrypto knows breaks DER, or NULL. */
static const char *
value_flaw(X509_EXTENSION *extension)
{
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);

	if (X509V3_EXT_get(extension) == NULL)
		return NULL;
	return mca_tlv_flaw(ASN1_STRING_get0_data(value),
	    (size_t)ASN1_STRING_length(value));
}

/* Keeps the OIDs of an extKeyUsage; one that is broken has none. */
static mca_code
keep_usages(struct mca_asked *out, X509_EXTENSION *extension,
    struct mca_error *err)
{
	owned(EXTENDED_KEY_USAGE) *usage = NULL;
	int count;
	mca_code code = MCA_OK;

	if (OBJ_obj2nid(X509_EXTENSION_get_object(extension)) !=
	    NID_ext_key_usage)
		return MCA_OK;
	usage = X509V3_EXT_d2i(extension);
	ERR_clear_error();
	count = usage == NULL ? 0 : sk_ASN1_OBJECT_num(usage);
	out->usages = calloc((size_t)count + 1, sizeof(char *));
	if (out->usages == NULL)
		return mca_fail_memory(err);
	out->public.usages = (const char *const *)out->usages;
	for (int i = 0; code == MCA_OK && i < count; i++) {
		scoped(mca_text) oid = { 0 };

		mca_oid_text(&oid, sk_ASN1_OBJECT_value(usage, i));
		code = mca_text_take(&out->usages[i], &oid, err);
		if (code == MCA_OK)
			out->public.usage_count++;
	}
	return code;
}

/*
 * The strings among the names have tags of their own, so that only who knows
 * subjectAltName can tell that they must not be in pieces.
 */
static const char *
names_flaw(X509_EXTENSION *extension)
{
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
	const uint8_t *at = ASN1_STRING_get0_data(value);
	struct mca_tlv in = { at, at + ASN1_STRING_length(value) };
	struct mca_tlv_element element = { 0 };
	const char *flaw = value_flaw(extension);

	if (flaw != NULL)
		return flaw;
	flaw = mca_tlv_read(&in, &element);
	in = element.value;
	while (flaw == NULL && in.at < in.end) {
		flaw = mca_tlv_read(&in, &element);
		if (flaw == NULL && element.constructed &&
		    (element.tag == GEN_EMAIL || element.tag == GEN_DNS ||
			element.tag == GEN_URI || element.tag == GEN_IPADD ||
			element.tag == GEN_RID))
			flaw = "a name is in pieces";
	}
	return flaw;
}

static mca_code
describe(struct mca_asked *out, X509_EXTENSION *extension, const char *oid,
    struct mca_error *err)
{
	scoped(mca_text) name = { 0 };
	scoped(mca_text) asks = { 0 };
	mca_code code;

	mca_oid_name(&name, X509_EXTENSION_get_object(extension));
	if (value_flaw(extension) != NULL)
		mca_text_addf(&asks, "(not decodable)");
	else
		mca_extension_text(&asks, extension);
	out->oid = strdup(oid);
	if (out->oid == NULL)
		return mca_fail_memory(err);
	if ((code = mca_text_take(&out->name, &name, err)) != MCA_OK ||
	    (code = mca_text_take(&out->asks, &asks, err)) != MCA_OK)
		return code;
	out->public = (struct mca_csr_extension){ .oid = out->oid,
		.name = out->name,
		.asks = out->asks,
		.critical = X509_EXTENSION_get_critical(extension) == 1,
		.times = 1 };
	return keep_usages(out, extension, err);
}

static mca_code
add_asked(mca_csr *csr, X509_EXTENSION *extension, struct mca_error *err)
{
	scoped(mca_text) oid = { 0 };
	struct mca_asked row = { 0 };
	struct mca_asked *rows, *again;
	mca_code code;

	mca_oid_text(&oid, X509_EXTENSION_get_object(extension));
	again = find_asked(csr, mca_text_get(&oid));
	if (again != NULL) {
		again->public.times++;
		return MCA_OK;
	}
	rows = reallocarray(csr->asked, csr->asked_count + 1, sizeof(*rows));
	if (rows == NULL)
		return mca_fail_memory(err);
	csr->asked = rows;
	code = describe(&row, extension, mca_text_get(&oid), err);
	if (code != MCA_OK) {
		mca_asked_clear(&row);
		return code;
	}
	csr->asked[csr->asked_count++] = row;
	return MCA_OK;
}

/* Adds the names of one subjectAltName to all that were asked for. */
static mca_code
add_names(GENERAL_NAMES *all, X509_EXTENSION *extension, struct mca_error *err)
{
	owned(GENERAL_NAMES) *names = X509V3_EXT_d2i(extension);
	const char *flaw = names_flaw(extension);
	GENERAL_NAME *name;

	if (flaw != NULL)
		return mca_fail(err, MCA_EFORMAT,
		    "its subjectAltName is not DER: %s", flaw);
	if (names == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "its subjectAltName cannot be decoded");
	while ((name = sk_GENERAL_NAME_shift(names)) != NULL)
		if (sk_GENERAL_NAME_push(all, name) == 0) {
			GENERAL_NAME_free(name);
			return mca_fail_memory(err);
		}
	return MCA_OK;
}

static mca_code
read_extension(mca_csr *csr, GENERAL_NAMES *names, X509_EXTENSION *extension,
    struct mca_error *err)
{
	int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
	mca_code code = add_asked(csr, extension, err);

	if (code != MCA_OK || nid != NID_subject_alt_name)
		return code;
	return add_names(names, extension, err);
}

/* One value of an extensionRequest attribute (RFC 2985, 5.4.2). */
static mca_code
read_extensions(mca_csr *csr, GENERAL_NAMES *names, const ASN1_TYPE *value,
    struct mca_error *err)
{
	owned(extension_stack) *stack = NULL;
	const unsigned char *der;

	if (value == NULL || value->type != V_ASN1_SEQUENCE)
		return mca_fail(err, MCA_EFORMAT,
		    "its extensionRequest is no sequence of extensions");
	der = ASN1_STRING_get0_data(value->value.sequence);
	stack = d2i_X509_EXTENSIONS(NULL, &der,
	    ASN1_STRING_length(value->value.sequence));
	if (stack == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "its extensionRequest cannot be decoded");
	for (int i = 0; i < sk_X509_EXTENSION_num(stack); i++) {
		mca_code code = read_extension(csr, names,
		    sk_X509_EXTENSION_value(stack, i), err);

		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

static mca_code
read_requests(mca_csr *csr, GENERAL_NAMES *names, X509_ATTRIBUTE *attribute,
    struct mca_error *err)
{
	mca_code code = MCA_OK;
	int count = X509_ATTRIBUTE_count(attribute);

	for (int i = 0; code == MCA_OK && i < count; i++)
		code = read_extensions(csr, names,
		    X509_ATTRIBUTE_get0_type(attribute, i), err);
	return code;
}

static mca_code
add_attribute(mca_csr *csr, const ASN1_OBJECT *kind, struct mca_error *err)
{
	scoped(mca_text) name = { 0 };
	char **bigger = reallocarray(csr->attributes, csr->attribute_count + 1,
	    sizeof(*bigger));
	mca_code code;

	if (bigger == NULL)
		return mca_fail_memory(err);
	csr->attributes = bigger;
	mca_oid_name(&name, kind);
	code = mca_text_take(&bigger[csr->attribute_count], &name, err);
	if (code == MCA_OK)
		csr->attribute_count++;
	return code;
}

/*
 * Every extensionRequest counts, Microsoft's older OID too: a request that
 * hides a second list from one reader must not pass with another.
 */
static mca_code
read_attributes(mca_csr *csr, GENERAL_NAMES *names, struct mca_error *err)
{
	for (int i = 0; i < X509_REQ_get_attr_count(csr->req); i++) {
		X509_ATTRIBUTE *attribute = X509_REQ_get_attr(csr->req, i);
		const ASN1_OBJECT *kind = X509_ATTRIBUTE_get0_object(attribute);
		int nid = OBJ_obj2nid(kind);
		mca_code code = MCA_OK;

		if (nid == NID_ext_req || nid == NID_ms_ext_req)
			code = read_requests(csr, names, attribute, err);
		else
			code = add_attribute(csr, kind, err);
		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

mca_code
mca_csr_read_asked(mca_csr *csr, struct mca_error *err)
{
	owned(GENERAL_NAMES) *names = GENERAL_NAMES_new();
	mca_code code;

	if (names == NULL)
		return mca_fail_memory(err);
	code = read_attributes(csr, names, err);
	if (code != MCA_OK)
		return code;
	return mca_san_from(&csr->san, names, MCA_SAN_OF_REQUEST, err);
}
