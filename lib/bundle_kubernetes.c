/*
 * bundle_kubernetes.c - a Secret of type kubernetes.io/tls, as YAML.
 *
 * Nothing in it needs quoting: names are letters, digits, '-' and '.', the
 * rest is base64.
 */
#include "bundle_parts.h"
#include "minica/text.h"
#include "ossl.h"

#include <string.h>

/* RFC 1123 subdomains (and labels), as Kubernetes checks metadata.name. */
static bool
is_subdomain(const char *name, size_t longest, bool dots)
{
	static const char inner[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t length = strlen(name);

	if (length == 0 || length > longest)
		return false;
	while (true) {
		size_t label = strspn(name, inner);

		if (label == 0 || name[0] == '-' || name[label - 1] == '-')
			return false;
		if (name[label] == '\0')
			return true;
		if (name[label] != '.' || !dots)
			return false;
		name += label + 1;
	}
}

static mca_code
check_names(const struct mca_bundle *what, struct mca_error *err)
{
	if (what->name == NULL || !is_subdomain(what->name, 253, true))
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" cannot name a Secret: lower-case letters, digits, "
		    "'-' and '.' (Kubernetes, DNS subdomain names)",
		    MCA_SHOW_TEXT(what->name == NULL ? "" : what->name));
	if (what->name_space != NULL &&
	    !is_subdomain(what->name_space, 63, false))
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" cannot name a namespace: lower-case letters, "
		    "digits and '-' (Kubernetes, DNS label names)",
		    MCA_SHOW_TEXT(what->name_space));
	return MCA_OK;
}

/* The BIO cleanses what it held: the key is in it. */
static mca_code
add_base64(BIO *out, const char *field, const mca_blob *bytes,
    struct mca_error *err)
{
	scoped(mca_blob) text = { 0 };

	text.length = 4 * ((bytes->length + 2) / 3);
	text.bytes = malloc(text.length + 1);
	if (text.bytes == NULL)
		return mca_fail_memory(err);
	EVP_EncodeBlock(text.bytes, bytes->bytes, (int)bytes->length);
	if (BIO_printf(out, "  %s: ", field) <= 0 ||
	    BIO_write(out, text.bytes, (int)text.length) <= 0 ||
	    BIO_puts(out, "\n") <= 0)
		return mca_fail_memory(err);
	return MCA_OK;
}

static mca_code
add_data(BIO *out, const struct mca_bundle *what, struct mca_error *err)
{
	size_t anchors = what->anchors == NULL ? 0 : what->anchors->count;
	scoped(mca_blob) chain = { 0 };
	scoped(mca_blob) key = { 0 };
	scoped(mca_blob) roots = { 0 };

	for (size_t i = 0; i < anchors; i++)
		if (mca_cert_pem(&roots, what->anchors->rows[i], err) != MCA_OK)
			return err->code;
	if (mca_bundle_chain(&chain, what, err) != MCA_OK ||
	    mca_key_encode(&key, what->key, NULL, err) != MCA_OK ||
	    (anchors > 0 && add_base64(out, "ca.crt", &roots, err) != MCA_OK) ||
	    add_base64(out, "tls.crt", &chain, err) != MCA_OK ||
	    add_base64(out, "tls.key", &key, err) != MCA_OK)
		return err->code;
	return MCA_OK;
}

static bool
add_metadata(BIO *out, const struct mca_bundle *what)
{
	if (BIO_printf(out,
		"apiVersion: v1\n"
		"kind: Secret\n"
		"metadata:\n"
		"  name: \"%s\"\n",
		what->name) <= 0)
		return false;
	if (what->name_space != NULL &&
	    BIO_printf(out, "  namespace: \"%s\"\n", what->name_space) <= 0)
		return false;
	return BIO_puts(out, "type: kubernetes.io/tls\ndata:\n") > 0;
}

mca_code
mca_bundle_kubernetes(mca_blob *out, const struct mca_bundle *what,
    struct mca_error *err)
{
	owned(BIO) *yaml = BIO_new(BIO_s_secmem());
	char *text;
	long size;

	if (check_names(what, err) != MCA_OK)
		return err->code;
	if (yaml == NULL || !add_metadata(yaml, what))
		return mca_fail_memory(err);
	if (add_data(yaml, what, err) != MCA_OK)
		return err->code;
	size = BIO_get_mem_data(yaml, &text);
	return mca_blob_copy(out, text, (size_t)size, err);
}
