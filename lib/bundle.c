/*
 * bundle.c - see minica/bundle.h: the table, and the layouts that are PEM.
 */
#include "bundle_parts.h"
#include "minica/text.h"

#include <string.h>

mca_code
mca_bundle_chain(mca_blob *out, const struct mca_bundle *what,
    struct mca_error *err)
{
	size_t count = what->chain == NULL ? 0 : what->chain->count;

	if (mca_cert_pem(out, what->cert, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < count; i++)
		if (mca_cert_pem(out, what->chain->rows[i], err) != MCA_OK)
			return err->code;
	return MCA_OK;
}

static mca_code
encode_pem(mca_blob *out, const struct mca_bundle *what, struct mca_error *err)
{
	return mca_cert_pem(out, what->cert, err);
}

static mca_code
encode_der(mca_blob *out, const struct mca_bundle *what, struct mca_error *err)
{
	size_t length;
	const uint8_t *der = mca_cert_der(what->cert, &length);

	return mca_blob_copy(out, der, length, err);
}

/* haproxy takes the first certificate for the server's, the key anywhere. */
static mca_code
encode_haproxy(mca_blob *out, const struct mca_bundle *what,
    struct mca_error *err)
{
	mca_code code = mca_bundle_chain(out, what, err);

	return code == MCA_OK ? mca_key_encode(out, what->key, NULL, err)
			      : code;
}

#define NONE MCA_PART_NONE
#define MAY MCA_PART_MAY
#define MUST MCA_PART_MUST

static const struct mca_layout layouts[] = {
	{ "pem", ".pem", false, NONE, NONE, false, false },
	{ "fullchain", ".pem", false, NONE, NONE, false, false },
	{ "der", ".der", true, NONE, NONE, false, false },
	{ "pkcs12", ".p12", true, MUST, MUST, true, false },
	{ "pkcs12-legacy", ".p12", true, MUST, MUST, true, false },
	{ "java-truststore", ".p12", true, NONE, MAY, true, false },
	{ "kubernetes", ".yaml", false, MUST, NONE, true, true },
	{ "haproxy", ".pem", false, MUST, NONE, false, false },
	{ 0 },
};

/* In the order of `layouts`. */
static mca_bundle_encoder *const encoders[] = {
	encode_pem,
	mca_bundle_chain,
	encode_der,
	mca_bundle_pkcs12,
	mca_bundle_pkcs12_legacy,
	mca_bundle_trust_store,
	mca_bundle_kubernetes,
	encode_haproxy,
};

enum { LAYOUTS = sizeof(encoders) / sizeof(encoders[0]) };
_Static_assert(sizeof(layouts) / sizeof(layouts[0]) == LAYOUTS + 1,
    "an encoder for every layout");

const struct mca_layout *
mca_layouts(void)
{
	return layouts;
}

mca_code
mca_layout_find(const struct mca_layout **out, const char *name,
    struct mca_error *err)
{
	const char *names[LAYOUTS + 1] = { 0 };
	scoped(mca_text) all = { 0 };
	const char *nearest;

	for (size_t i = 0; i < LAYOUTS; i++) {
		names[i] = layouts[i].name;
		mca_text_addf(&all, "%s%s", i == 0 ? "" : ", ", names[i]);
		if (strcmp(name, names[i]) != 0)
			continue;
		*out = &layouts[i];
		return MCA_OK;
	}
	nearest = mca_text_nearest(name, names);
	if (nearest != NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is no layout; did you mean %s?",
		    MCA_SHOW_TEXT(name), nearest);
	return mca_fail(err, MCA_EUSAGE, "\"%s\" is no layout; there are %s",
	    MCA_SHOW_TEXT(name), mca_text_get(&all));
}

static mca_code
check_parts(const struct mca_layout *layout, const struct mca_bundle *what,
    struct mca_error *err)
{
	if (layout->key == MUST && what->key == NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "%s holds the private key, "
		    "and none was given",
		    layout->name);
	if (layout->passphrase == MUST && what->passphrase == NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "%s is protected by a passphrase, and none was given",
		    layout->name);
	if (layout->key == NONE)
		return MCA_OK;
	if (mca_cert_spki(what->cert) == NULL ||
	    !mca_spki_equal(mca_cert_spki(what->cert), mca_key_spki(what->key)))
		return mca_fail(err, MCA_EKEY,
		    "the key does not belong to the certificate: it is %s, "
		    "and not the one that was certified",
		    mca_spki_algorithm(mca_key_spki(what->key)));
	return MCA_OK;
}

mca_code
mca_bundle_encode(mca_blob *out, const char *layout,
    const struct mca_bundle *what, struct mca_error *err)
{
	const struct mca_layout *found;
	scoped(mca_blob) bytes = { 0 };

	if (mca_layout_find(&found, layout, err) != MCA_OK ||
	    check_parts(found, what, err) != MCA_OK ||
	    encoders[found - layouts](&bytes, what, err) != MCA_OK)
		return err->code;
	mca_blob_clear(out);
	*out = bytes;
	bytes = (mca_blob){ 0 };
	return MCA_OK;
}
