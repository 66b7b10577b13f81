/*
 * extension.c - OIDs, times, usages and extensions in words (object.h).
 */
#include "der.h"
#include "error.h"
#include "object.h"

#include <string.h>
#include <time.h>

bool
mca_time_from(mca_time *out, const ASN1_TIME *time)
{
	struct tm tm;

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*out = mca_time_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) *
		MCA_DAY +
	    tm.tm_hour * MCA_HOUR + tm.tm_min * MCA_MINUTE + tm.tm_sec;
	return true;
}

bool
mca_time_set(ASN1_TIME *out, mca_time time)
{
	scoped(mca_text) der = { 0 };
	owned(ASN1_TIME) *made = NULL;
	const uint8_t *at;

	mca_der_time(&der, time);
	at = (const uint8_t *)mca_text_get(&der);
	if (!der.failed)
		made = d2i_ASN1_TIME(NULL, &at, (long)der.length);
	return made != NULL && ASN1_STRING_copy(out, made) == 1;
}

ASN1_GENERALIZEDTIME *
mca_time_generalized(mca_time time)
{
	scoped(mca_text) der = { 0 };
	const uint8_t *at;

	mca_der_generalized_time(&der, time);
	at = (const uint8_t *)mca_text_get(&der);
	return der.failed
	    ? NULL
	    : d2i_ASN1_GENERALIZEDTIME(NULL, &at, (long)der.length);
}

void
mca_oid_text(mca_text *out, const ASN1_OBJECT *oid)
{
	char text[256];

	if (OBJ_obj2txt(text, sizeof(text), oid, 1) > 0)
		mca_text_addf(out, "%s", text);
	else
		mca_text_addf(out, "(no OID)");
}

void
mca_oid_name(mca_text *out, const ASN1_OBJECT *oid)
{
	int nid = OBJ_obj2nid(oid);

	if (nid != NID_undef)
		mca_text_addf(out, "%s", OBJ_nid2sn(nid));
	else
		mca_oid_text(out, oid);
}

static void
separate(mca_text *out, bool *first)
{
	if (!*first)
		mca_text_addf(out, ", ");
	*first = false;
}

void
mca_key_usage_text(mca_text *out, const ASN1_BIT_STRING *usage)
{
	static const char *const names[] = { "digitalSignature",
		"contentCommitment", "keyEncipherment", "dataEncipherment",
		"keyAgreement", "keyCertSign", "cRLSign", "encipherOnly",
		"decipherOnly" };
	bool first = true;

	for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++) {
		if (ASN1_BIT_STRING_get_bit(usage, i) == 0)
			continue;
		separate(out, &first);
		mca_text_addf(out, "%s", names[i]);
	}
}

void
mca_ext_key_usage_text(mca_text *out, const EXTENDED_KEY_USAGE *usage)
{
	bool first = true;

	for (int i = 0; i < sk_ASN1_OBJECT_num(usage); i++) {
		separate(out, &first);
		mca_oid_name(out, sk_ASN1_OBJECT_value(usage, i));
	}
}

static void
basic_constraints_text(mca_text *out, const BASIC_CONSTRAINTS *constraints)
{
	mca_text_addf(out, "CA:%s", constraints->ca ? "TRUE" : "FALSE");
	if (constraints->pathlen != NULL)
		mca_text_addf(out, ", pathLenConstraint:%ld",
		    ASN1_INTEGER_get(constraints->pathlen));
}

static void
san_text(mca_text *out, const GENERAL_NAMES *names)
{
	owned(mca_san) *san = NULL;
	struct mca_error err;

	if (mca_san_from(&san, names, MCA_SAN_OF_CERTIFICATE, &err) != MCA_OK) {
		mca_text_addf(out, "(%s)", err.text);
		return;
	}
	for (size_t i = 0; i < mca_san_count(san); i++)
		mca_text_addf(out, "%s%s:%s", i == 0 ? "" : ", ",
		    mca_san_form_name(mca_san_at(san, i)->form),
		    mca_san_at(san, i)->text);
}

/* What nobody here can read, up to a length that a line can bear. */
#define MOST_OCTETS 1024

static void
octets_text(mca_text *out, X509_EXTENSION *extension)
{
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
	size_t length = (size_t)ASN1_STRING_length(value);
	size_t shown = length < MOST_OCTETS ? length : MOST_OCTETS;

	mca_text_hex(out, ASN1_STRING_get0_data(value), shown);
	if (shown < length)
		mca_text_addf(out, "...(+%zu bytes)", length - shown);
}

/* What libcrypto prints, its lines joined. */
static void
printed_text(mca_text *out, X509_EXTENSION *extension)
{
	owned(BIO) *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long length;
	bool blank = true, first = true;

	if (X509V3_EXT_get(extension) == NULL) {
		octets_text(out, extension);
		return;
	}
	if (bio == NULL || X509V3_EXT_print(bio, extension, 0, 0) != 1) {
		mca_text_addf(out, "(not decodable) ");
		octets_text(out, extension);
		return;
	}
	length = BIO_get_mem_data(bio, &bytes);
	for (long i = 0; i < length; i++) {
		if (bytes[i] == '\n' || (blank && bytes[i] == ' ')) {
			blank = true;
			continue;
		}
		if (blank && !first)
			mca_text_addf(out, "; ");
		blank = first = false;
		mca_text_escape(out, &bytes[i], 1);
	}
}

void
mca_extension_read(struct mca_cert_extension *out, X509_EXTENSION *extension)
{
	const ASN1_OBJECT *oid = X509_EXTENSION_get_object(extension);
	int nid = OBJ_obj2nid(oid);

	out->critical = X509_EXTENSION_get_critical(extension) == 1;
	if (OBJ_obj2txt(out->oid, sizeof(out->oid), oid, 1) <= 0)
		out->oid[0] = '\0';
	out->name = nid == NID_undef ? out->oid : OBJ_nid2sn(nid);
}

void
mca_extension_text(mca_text *out, X509_EXTENSION *extension)
{
	int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
	void *value;

	switch (nid) {
	case NID_key_usage:
	case NID_ext_key_usage:
	case NID_basic_constraints:
	case NID_subject_alt_name:
		break;
	default:
		printed_text(out, extension);
		return;
	}
	value = X509V3_EXT_d2i(extension);
	if (value == NULL) {
		mca_text_addf(out, "(not decodable)");
	} else if (nid == NID_key_usage) {
		mca_key_usage_text(out, value);
		ASN1_BIT_STRING_free(value);
	} else if (nid == NID_ext_key_usage) {
		mca_ext_key_usage_text(out, value);
		EXTENDED_KEY_USAGE_free(value);
	} else if (nid == NID_basic_constraints) {
		basic_constraints_text(out, value);
		BASIC_CONSTRAINTS_free(value);
	} else {
		san_text(out, value);
		GENERAL_NAMES_free(value);
	}
}
