/*
 * name.c - see minica/name.h.
 */
#include "minica/name.h"

#include "error.h"
#include "minica/text.h"
#include "minica/x509.h"
#include "object.h"

#include <stdatomic.h>
#include <string.h>

/* An attribute as it can be shown: both strings are ours. */
struct shown {
	char *type, *value;
};

struct mca_name {
	atomic_size_t others; /* that hold it, besides the first */
	X509_NAME *name;
	char *text;
	struct shown *attributes;
	size_t count;
};

void
mca_name_free(mca_name *name)
{
	if (name == NULL || atomic_fetch_sub(&name->others, 1) > 0)
		return;
	X509_NAME_free(name->name);
	free(name->text);
	for (size_t i = 0; i < name->count; i++) {
		free(name->attributes[i].type);
		free(name->attributes[i].value);
	}
	free(name->attributes);
	free(name);
}

static mca_code
make_text(mca_name *name, struct mca_error *err)
{
	owned(BIO) *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long length;

	if (bio == NULL ||
	    X509_NAME_print_ex(bio, name->name, 0, XN_FLAG_RFC2253) < 0)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "a distinguished name cannot be shown");
	length = BIO_get_mem_data(bio, &bytes);
	name->text =
	    strndup(length > 0 ? bytes : "", length > 0 ? (size_t)length : 0);
	return name->text == NULL ? mca_fail_memory(err) : MCA_OK;
}

static mca_code
show_attribute(struct shown *out, const X509_NAME_ENTRY *entry,
    struct mca_error *err)
{
	scoped(mca_text) type = { 0 };
	scoped(mca_text) value = { 0 };
	owned(ossl_bytes) *utf8 = NULL;
	int length =
	    ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
	mca_code code;

	mca_oid_name(&type, X509_NAME_ENTRY_get_object(entry));
	if (length >= 0)
		mca_text_escape(&value, (const char *)utf8, (size_t)length);
	else
		mca_text_addf(&value, "(not decodable)");
	code = mca_text_take(&out->type, &type, err);
	if (code != MCA_OK)
		return code;
	return mca_text_take(&out->value, &value, err);
}

static mca_code
show_attributes(mca_name *name, struct mca_error *err)
{
	int count = X509_NAME_entry_count(name->name);

	name->attributes = calloc((size_t)count + 1, sizeof(struct shown));
	if (name->attributes == NULL)
		return mca_fail_memory(err);
	name->count = (size_t)count;
	for (int i = 0; i < count; i++) {
		mca_code code = show_attribute(&name->attributes[i],
		    X509_NAME_get_entry(name->name, i), err);

		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

/* Takes `*from` over, which is encoded and changes no more. */
static mca_code
take(mca_name **out, X509_NAME **from, struct mca_error *err)
{
	owned(mca_name) *name = calloc(1, sizeof(*name));
	mca_code code;

	if (name == NULL)
		return mca_fail_memory(err);
	name->name = give(from);
	if ((code = make_text(name, err)) != MCA_OK ||
	    (code = show_attributes(name, err)) != MCA_OK)
		return code;
	*out = give(&name);
	return MCA_OK;
}

mca_code
mca_name_from(mca_name **out, const X509_NAME *from, struct mca_error *err)
{
	owned(X509_NAME) *name = X509_NAME_dup(from);

	if (name == NULL)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "a distinguished name cannot be decoded");
	return take(out, &name, err);
}

static bool
is_encoded_as(const mca_name *known, const X509_NAME *name)
{
	const uint8_t *a, *b;
	size_t a_length, b_length;

	return X509_NAME_get0_der(known->name, &a, &a_length) == 1 &&
	    X509_NAME_get0_der(name, &b, &b_length) == 1 &&
	    a_length == b_length && memcmp(a, b, a_length) == 0;
}

mca_code
mca_name_like(mca_name **out, const X509_NAME *name, const mca_name *known,
    struct mca_error *err)
{
	if (known == NULL || !is_encoded_as(known, name))
		return mca_name_from(out, name, err);
	*out = (mca_name *)(uintptr_t)known;
	atomic_fetch_add(&(*out)->others, 1);
	return MCA_OK;
}

/* The types a person may write. */
static const char *const types[] = { "C", "ST", "L", "O", "OU", "CN",
	"serialNumber", "emailAddress", "DC", "UID", "street", "postalCode",
	"title", "SN", "GN", NULL };

static bool
is_type(const char *type)
{
	for (size_t i = 0; types[i] != NULL; i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

static bool
has_control(const char *value)
{
	for (; *value != '\0'; value++)
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return true;
	return false;
}

static mca_code
add_attribute(X509_NAME *name, const struct mca_attribute *row,
    struct mca_error *err)
{
	const char *value = MCA_SHOW_TEXT(row->value);
	const char *nearest;

	if (!is_type(row->type)) {
		nearest = mca_text_nearest(row->type, types);
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is not an attribute of a name%s%s",
		    MCA_SHOW_TEXT(row->type),
		    nearest == NULL ? "" : "; did you mean ",
		    nearest == NULL ? "" : nearest);
	}
	if (*row->value == '\0')
		return mca_fail(err, MCA_EUSAGE, "%s is empty", row->type);
	if (has_control(row->value))
		return mca_fail(err, MCA_EUSAGE,
		    "%s \"%s\" holds a control character", row->type, value);
	if (X509_NAME_add_entry_by_txt(name, row->type, MBSTRING_UTF8,
		(const unsigned char *)row->value, -1, -1, 0) != 1)
		return mca_fail_ssl(err, MCA_EUSAGE,
		    "%s \"%s\" cannot be written (RFC 5280, appendix A.1, "
		    "bounds its length and letters)",
		    row->type, value);
	return MCA_OK;
}

mca_code
mca_name_new(mca_name **out, const struct mca_attribute *rows, size_t count,
    struct mca_error *err)
{
	owned(X509_NAME) *name = X509_NAME_new();

	if (name == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < count; i++) {
		mca_code code = add_attribute(name, &rows[i], err);

		if (code != MCA_OK)
			return code;
	}
	/* Else whoever reads it first encodes it, maybe two at once. */
	if (i2d_X509_NAME(name, NULL) < 0)
		return mca_fail_ssl(err, MCA_EFORMAT,
		    "a distinguished name cannot be encoded");
	return take(out, &name, err);
}

const char *
mca_name_text(const mca_name *name)
{
	return name->text;
}

bool
mca_name_is_empty(const mca_name *name)
{
	return name->count == 0;
}

size_t
mca_name_count(const mca_name *name)
{
	return name->count;
}

struct mca_attribute
mca_name_at(const mca_name *name, size_t i)
{
	return (struct mca_attribute){ name->attributes[i].type,
		name->attributes[i].value };
}

bool
mca_name_equal(const mca_name *a, const mca_name *b)
{
	return X509_NAME_cmp(a->name, b->name) == 0;
}

X509_NAME *
mca_name_get0_x509_name(const mca_name *name)
{
	return name->name;
}
