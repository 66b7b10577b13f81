/*
 * policy_extension.c - extra extensions: profile.extensions of a policy.
 */
#include "policy_value.h"

#include "minica/owned.h"
#include "minica/text.h"
#include "ossl.h"

#include <openssl/err.h>

#include <string.h>

#define MAX_EXTENSIONS 32
#define MAX_EXTENSION_DER 4096

/* What we write ourselves may not be given a second time by OID. */
static const struct {
	const char *oid, *instead;
} ours[] = {
	{ "2.5.29.14", "subjectKeyIdentifier is always written" },
	{ "2.5.29.15", "keyUsage is profile.key_usage" },
	{ "2.5.29.17", "subjectAltName comes from the request" },
	{ "2.5.29.19", "basicConstraints is profile.ca and profile.path_len" },
	{ "2.5.29.30", "nameConstraints come from --permit and --exclude" },
	{ "2.5.29.31", "cRLDistributionPoints is profile.crl_urls" },
	{ "2.5.29.32", "certificatePolicies is profile.certificate_policies" },
	{ "2.5.29.35", "authorityKeyIdentifier is always written" },
	{ "2.5.29.37", "extKeyUsage is profile.extended_key_usage" },
	{ "1.3.6.1.5.5.7.1.1",
	    "authorityInfoAccess is profile.issuer_urls and "
	    "profile.ocsp_urls" },
};

static mca_code
read_oid(const struct mca_reading *r, struct mca_extra_extension *out,
    const struct mca_yaml_node *node, const struct mca_profile *profile)
{
	owned(ASN1_OBJECT) *object = NULL;

	if (node->kind == MCA_YAML_SCALAR)
		object = OBJ_txt2obj(node->text, 1);
	if (object == NULL)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "oid: wanted numbers joined by dots, such as "
		    "1.3.6.1.4.1.1");
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(ours[i].oid, node->text) == 0)
			return mca_yaml_fail(r->err, r->yaml, node, "oid: %s",
			    ours[i].instead);
	for (size_t i = 0; i < profile->extra_count; i++)
		if (strcmp(profile->extra[i].oid, node->text) == 0)
			return mca_yaml_fail(r->err, r->yaml, node,
			    "oid: %s is given twice", node->text);
	out->oid = strdup(node->text);
	return out->oid == NULL ? mca_fail_memory(r->err) : MCA_OK;
}

static mca_code
read_critical(const struct mca_reading *r, struct mca_extra_extension *out,
    const struct mca_yaml_node *node)
{
	bool plain = node->kind == MCA_YAML_SCALAR && node->plain;

	if (plain && strcmp(node->text, "true") == 0)
		out->critical = true;
	else if (!plain || strcmp(node->text, "false") != 0)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "critical: wanted true or false");
	return MCA_OK;
}

/* The value must be one whole DER element, or no client can read it. */
static mca_code
read_der(const struct mca_reading *r, struct mca_extra_extension *out,
    const struct mca_yaml_node *node)
{
	size_t length = 0;
	const unsigned char *at;
	ASN1_TYPE *value;

	if (node->kind != MCA_YAML_SCALAR)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "der: wanted hexadecimal digits");
	for (const char *digit = node->text; *digit != '\0'; digit++)
		length += *digit != ':';
	length /= 2; /* colons may stand between bytes */
	if (length == 0 || length > MAX_EXTENSION_DER)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "der: wanted 1 to %d bytes in hexadecimal",
		    MAX_EXTENSION_DER);
	out->der = malloc(length);
	if (out->der == NULL)
		return mca_fail_memory(r->err);
	out->length = length;
	if (!mca_text_unhex(out->der, length, node->text))
		return mca_yaml_fail(r->err, r->yaml, node,
		    "der: wanted pairs of hexadecimal digits alone");
	at = out->der;
	value = d2i_ASN1_TYPE(NULL, &at, (long)length);
	ASN1_TYPE_free(value);
	ERR_clear_error();
	if (value == NULL || at != out->der + length)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "der: the bytes are not exactly one DER element");
	return MCA_OK;
}

static mca_code
read_utf8(const struct mca_reading *r, struct mca_extra_extension *out,
    const struct mca_yaml_node *node)
{
	ASN1_UTF8STRING *text;
	unsigned char *der = NULL;
	int length = -1;

	if (node->kind != MCA_YAML_SCALAR ||
	    strlen(node->text) > MAX_EXTENSION_DER)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "utf8: wanted a text of at most %d bytes",
		    MAX_EXTENSION_DER);
	text = ASN1_UTF8STRING_new();
	if (text != NULL &&
	    ASN1_STRING_set(text, node->text, (int)strlen(node->text)) == 1)
		length = i2d_ASN1_UTF8STRING(text, &der);
	ASN1_UTF8STRING_free(text);
	if (length < 0)
		return mca_fail_memory(r->err);
	out->der = malloc((size_t)length);
	if (out->der != NULL)
		memcpy(out->der, der, (size_t)length);
	OPENSSL_free(der);
	out->length = (size_t)length;
	return out->der == NULL ? mca_fail_memory(r->err) : MCA_OK;
}

/* Only what the language knows; whatever else is there is told. */
static mca_code
check_keys(const struct mca_reading *r, const struct mca_yaml_node *node)
{
	static const char *const known[] = { "oid", "critical", "der", "utf8",
		NULL };

	if (node->kind != MCA_YAML_MAPPING)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "profile.extensions: wanted { oid: ..., critical: false, "
		    "utf8: ... } or { oid: ..., der: ... }");
	for (size_t i = 0; i < node->count; i++) {
		const char *key = node->keys[i]->text;
		const char *nearest = mca_text_nearest(key, known);
		size_t k = 0;

		while (known[k] != NULL && strcmp(known[k], key) != 0)
			k++;
		if (known[k] == NULL)
			return mca_yaml_fail(r->err, r->yaml, node->keys[i],
			    "unknown key \"%s\"%s%s%s", MCA_SHOW_TEXT(key),
			    nearest == NULL ? "" : "; did you mean \"",
			    nearest == NULL ? "" : nearest,
			    nearest == NULL ? "" : "\"?");
	}
	return MCA_OK;
}

static mca_code
read_extension(const struct mca_reading *r, struct mca_extra_extension *out,
    const struct mca_yaml_node *node, const struct mca_profile *profile)
{
	const struct mca_yaml_node *oid, *critical, *der, *utf8;
	mca_code code = check_keys(r, node);

	if (code != MCA_OK)
		return code;
	oid = mca_yaml_get(node, "oid");
	critical = mca_yaml_get(node, "critical");
	der = mca_yaml_get(node, "der");
	utf8 = mca_yaml_get(node, "utf8");
	if (oid == NULL || (der == NULL) == (utf8 == NULL))
		return mca_yaml_fail(r->err, r->yaml, node,
		    "profile.extensions: wanted oid and one of der and utf8");
	code = read_oid(r, out, oid, profile);
	if (code == MCA_OK && critical != NULL)
		code = read_critical(r, out, critical);
	if (code != MCA_OK)
		return code;
	return der != NULL ? read_der(r, out, der) : read_utf8(r, out, utf8);
}

mca_code
mca_policy_read_extensions(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target)
{
	struct mca_profile *out = target;

	if (node->kind != MCA_YAML_SEQUENCE)
		return mca_policy_wrong_type(r, node);
	if (node->count > MAX_EXTENSIONS)
		return mca_yaml_fail(r->err, r->yaml, node,
		    "profile.extensions: more than %d", MAX_EXTENSIONS);
	if (node->count == 0)
		return MCA_OK;
	out->extra = calloc(node->count, sizeof(*out->extra));
	if (out->extra == NULL)
		return mca_fail_memory(r->err);
	for (size_t i = 0; i < node->count; i++) {
		struct mca_extra_extension *row = &out->extra[i];
		mca_code code = read_extension(r, row, node->items[i], out);

		/* Counted even when it failed, so that it is freed. */
		out->extra_count = i + 1;
		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}
