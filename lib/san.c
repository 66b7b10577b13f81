/*
 * san.c - see minica/san.h.
 */
#include "minica/san.h"

#include "error.h"
#include "idna.h"
#include "minica/limits.h"
#include "minica/owned.h"
#include "minica/text.h"
#include "object.h"
#include "san_form.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A name that owns its strings; `public` points into them. */
struct row {
	struct mca_san_name public;
	char *text, *unicode;
	uint8_t *raw;
};

struct mca_san {
	struct row *rows;
	size_t count, capacity;
};

static void
clear_row(struct row *row)
{
	free(row->text);
	free(row->unicode);
	free(row->raw);
}

void
mca_san_free(mca_san *san)
{
	if (san == NULL)
		return;
	for (size_t i = 0; i < san->count; i++)
		clear_row(&san->rows[i]);
	free(san->rows);
	free(san);
}

size_t
mca_san_count(const mca_san *san)
{
	return san->count;
}

const struct mca_san_name *
mca_san_at(const mca_san *san, size_t i)
{
	return &san->rows[i].public;
}

const char *
mca_san_form_name(enum mca_san_form form)
{
	static const char *const names[] = {
		[MCA_SAN_DNS] = "dNSName",
		[MCA_SAN_IP] = "iPAddress",
		[MCA_SAN_EMAIL] = "rfc822Name",
		[MCA_SAN_URI] = "uniformResourceIdentifier",
		[MCA_SAN_OTHER] = "otherName",
	};

	return names[form];
}

bool
mca_san_has(const mca_san *san, enum mca_san_form form, const char *text)
{
	for (size_t i = 0; i < san->count; i++)
		if (san->rows[i].public.form == form &&
		    strcmp(san->rows[i].public.text, text) == 0)
			return true;
	return false;
}

static char *
escaped(const uint8_t *raw, size_t length)
{
	scoped(mca_text) text = { 0 };
	struct mca_error ignored;
	char *out = NULL;

	mca_text_escape(&text, (const char *)raw, length);
	return mca_text_take(&out, &text, &ignored) == MCA_OK ? out : NULL;
}

#define SAN_RULE "RFC 5280, 4.2.1.6"
#define IDNA_RULE "RFC 5891, 4.2"

/* ---- lists ---- */

static mca_code
reserve(mca_san *san, struct mca_error *err)
{
	size_t capacity = san->capacity == 0 ? 1 : san->capacity * 2;
	struct row *rows;

	if (san->count < san->capacity)
		return MCA_OK;
	rows = reallocarray(san->rows, capacity, sizeof(*rows));
	if (rows == NULL)
		return mca_fail_memory(err);
	san->rows = rows;
	san->capacity = capacity;
	return MCA_OK;
}

/* Fills in the U-labels of a well-formed name, or what is wrong with them. */
static void
read_alabels(struct row *row, enum mca_san_form form,
    enum mca_san_origin origin, const char **flaw)
{
	size_t from, to;
	owned(char) *unicode = NULL;

	if (strstr(row->text, "xn--") == NULL ||
	    !mca_san_domain(form, row->text, &from, &to))
		return;
	if (origin == MCA_SAN_OF_REQUEST)
		*flaw = mca_idna_flaw(row->text + from, to - from);
	unicode = mca_idna_unicode(row->text + from, to - from);
	if (unicode != NULL &&
	    asprintf(&row->unicode, "%.*s%s%s", (int)from, row->text, unicode,
		row->text + to) < 0)
		row->unicode = NULL;
}

/* Adds a name; `shown` (or NULL) is what stands for an MCA_SAN_OTHER. */
static mca_code
add(mca_san *san, enum mca_san_form form, const uint8_t *raw, size_t length,
    const char *shown, enum mca_san_origin origin, struct mca_error *err)
{
	struct row row = { .raw = malloc(length + 1) };
	const char *flaw = mca_san_flaw(form, raw, length, origin);
	const char *source = flaw == NULL ? NULL : SAN_RULE;
	mca_code code = reserve(san, err);

	if (code != MCA_OK) {
		clear_row(&row);
		return code;
	}
	row.text = shown != NULL ? strdup(shown)
	    : flaw != NULL	 ? escaped(raw, length)
				 : mca_san_normal_form(form, raw, length);
	if (row.raw == NULL || row.text == NULL) {
		clear_row(&row);
		return mca_fail_memory(err);
	}
	if (flaw == NULL) {
		read_alabels(&row, form, origin, &flaw);
		source = flaw == NULL ? NULL : IDNA_RULE;
	}
	if (length > 0)
		memcpy(row.raw, raw, length);
	row.raw[length] = 0;
	row.public = (struct mca_san_name){ form, row.text, row.raw, length,
		flaw, source, row.unicode };
	san->rows[san->count++] = row;
	return MCA_OK;
}

/* ---- names as a person writes them ---- */

static const struct prefix {
	const char *word;
	enum mca_san_form form;
} prefixes[] = {
	{ "dns:", MCA_SAN_DNS },
	{ "ip:", MCA_SAN_IP },
	{ "email:", MCA_SAN_EMAIL },
	{ "uri:", MCA_SAN_URI },
};

/* The form that is said or seen; moves past what says it. */
static enum mca_san_form
form_of(const char **word)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t n = strlen(prefixes[i].word);

		if (strncasecmp(*word, prefixes[i].word, n) == 0) {
			*word += n;
			return prefixes[i].form;
		}
	}
	return mca_san_seen_form(*word);
}

static mca_code
add_address(mca_san *san, const char *word, struct mca_error *err)
{
	uint8_t ip[16];

	if (inet_pton(AF_INET, word, ip) == 1)
		return add(san, MCA_SAN_IP, ip, 4, NULL, MCA_SAN_OF_REQUEST,
		    err);
	if (inet_pton(AF_INET6, word, ip) == 1)
		return add(san, MCA_SAN_IP, ip, 16, NULL, MCA_SAN_OF_REQUEST,
		    err);
	return mca_fail(err, MCA_EUSAGE,
	    "iPAddress \"%s\" is no IPv4 or IPv6 address", MCA_SHOW_TEXT(word));
}

/* Takes back the last name if it was there before. */
static void
drop_repeated(mca_san *san)
{
	const struct mca_san_name *last = &san->rows[san->count - 1].public;

	for (size_t i = 0; i + 1 < san->count; i++)
		if (san->rows[i].public.form == last->form &&
		    strcmp(san->rows[i].public.text, last->text) == 0) {
			clear_row(&san->rows[--san->count]);
			return;
		}
}

/* A person may write a host with U-labels; what stands around it is ASCII. */
static mca_code
convert(char **out, enum mca_san_form form, const char *word,
    struct mca_error *err)
{
	owned(char) *host = NULL;
	size_t from, to;
	mca_code code;

	if (mca_idna_is_ascii(word, strlen(word)) ||
	    !mca_san_domain(form, word, &from, &to) ||
	    mca_idna_is_ascii(word + from, to - from)) {
		*out = strdup(word);
		return *out == NULL ? mca_fail_memory(err) : MCA_OK;
	}
	code = mca_idna_to_ascii(&host, word + from, to - from, err);
	if (code != MCA_OK)
		return code;
	if (asprintf(out, "%.*s%s%s", (int)from, word, host, word + to) < 0)
		return mca_fail_memory(err);
	return MCA_OK;
}

/* Adds what a person wrote; the caller asks for flaws. */
static mca_code
add_word(mca_san *san, const char *asked, struct mca_error *err)
{
	enum mca_san_form form = form_of(&asked);
	owned(char) *word = NULL;
	mca_code code = convert(&word, form, asked, err);

	if (code != MCA_OK)
		return code;
	if (form == MCA_SAN_IP)
		return add_address(san, word, err);
	return add(san, form, (const uint8_t *)word, strlen(word), NULL,
	    MCA_SAN_OF_REQUEST, err);
}

static mca_code
add_sound_word(mca_san *san, const char *word, struct mca_error *err)
{
	const struct mca_san_name *name;
	mca_code code = add_word(san, word, err);

	if (code != MCA_OK)
		return code;
	name = &san->rows[san->count - 1].public;
	if (name->flaw != NULL)
		return mca_fail(err, MCA_EUSAGE, "%s \"%s\" %s (%s)",
		    mca_san_form_name(name->form), name->text, name->flaw,
		    name->source);
	drop_repeated(san);
	return MCA_OK;
}

static mca_code
add_words(mca_san **out, const char *const *names, size_t count,
    mca_code (*add_one)(mca_san *, const char *, struct mca_error *),
    struct mca_error *err)
{
	owned(mca_san) *san = calloc(1, sizeof(*san));

	if (san == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < count; i++) {
		mca_code code = add_one(san, names[i], err);

		if (code != MCA_OK)
			return code;
	}
	*out = give(&san);
	return MCA_OK;
}

mca_code
mca_san_new(mca_san **out, const char *const *names, size_t count,
    struct mca_error *err)
{
	return add_words(out, names, count, add_sound_word, err);
}

mca_code
mca_san_wished(mca_san **out, const char *const *names, size_t count,
    struct mca_error *err)
{
	return add_words(out, names, count, add_word, err);
}

/* ---- names as they are encoded ---- */

/* What a name of another form is, in words. */
static mca_code
add_other(mca_san *san, const GENERAL_NAME *name, struct mca_error *err)
{
	scoped(mca_text) text = { 0 };
	owned(mca_name) *directory = NULL;
	mca_code code;

	if (name->type == GEN_DIRNAME) {
		code = mca_name_from(&directory, name->d.directoryName, err);
		if (code != MCA_OK)
			return code;
		mca_text_addf(&text, "directoryName %s",
		    mca_name_text(directory));
	} else if (name->type == GEN_OTHERNAME) {
		mca_text_addf(&text, "otherName ");
		mca_oid_text(&text, name->d.otherName->type_id);
	} else if (name->type == GEN_RID) {
		mca_text_addf(&text, "registeredID ");
		mca_oid_text(&text, name->d.registeredID);
	} else {
		mca_text_addf(&text, "%s",
		    name->type == GEN_X400 ? "x400Address" : "ediPartyName");
	}
	return add(san, MCA_SAN_OTHER, (const uint8_t *)"", 0,
	    mca_text_get(&text), MCA_SAN_OF_CERTIFICATE, err);
}

static mca_code
add_encoded(mca_san *san, const GENERAL_NAME *name, enum mca_san_origin origin,
    struct mca_error *err)
{
	static const enum mca_san_form forms[] = {
		[GEN_DNS] = MCA_SAN_DNS,
		[GEN_EMAIL] = MCA_SAN_EMAIL,
		[GEN_URI] = MCA_SAN_URI,
		[GEN_IPADD] = MCA_SAN_IP,
	};

	switch (name->type) {
	case GEN_DNS:
	case GEN_EMAIL:
	case GEN_URI:
	case GEN_IPADD:
		return add(san, forms[name->type],
		    ASN1_STRING_get0_data(name->d.ia5),
		    (size_t)ASN1_STRING_length(name->d.ia5), NULL, origin, err);
	default:
		return add_other(san, name, err);
	}
}

mca_code
mca_san_from(mca_san **out, const GENERAL_NAMES *names,
    enum mca_san_origin origin, struct mca_error *err)
{
	owned(mca_san) *san = calloc(1, sizeof(*san));
	int count = names == NULL ? 0 : sk_GENERAL_NAME_num(names);

	if (san == NULL)
		return mca_fail_memory(err);
	if (count > MCA_LIMIT_NAMES_READ)
		return mca_fail(err, MCA_EFORMAT,
		    "subjectAltName holds %d names, more than the limit of %d",
		    count, MCA_LIMIT_NAMES_READ);
	for (int i = 0; i < count; i++) {
		mca_code code = add_encoded(san,
		    sk_GENERAL_NAME_value(names, i), origin, err);

		if (code != MCA_OK)
			return code;
	}
	*out = give(&san);
	return MCA_OK;
}

static const int types[] = {
	[MCA_SAN_DNS] = GEN_DNS,
	[MCA_SAN_IP] = GEN_IPADD,
	[MCA_SAN_EMAIL] = GEN_EMAIL,
	[MCA_SAN_URI] = GEN_URI,
};

/* The octets of a name: its address, its normal form, or what it is instead. */
static GENERAL_NAME *
general_name(const struct mca_san_name *name)
{
	bool ip = name->form == MCA_SAN_IP;
	bool raw = ip || name->flaw != NULL;
	const void *bytes = raw ? (const void *)name->raw : name->text;
	size_t length = raw ? name->raw_length : strlen(name->text);
	owned(GENERAL_NAME) *out = GENERAL_NAME_new();
	ASN1_STRING *string =
	    ASN1_STRING_type_new(ip ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);

	if (out == NULL || string == NULL ||
	    ASN1_STRING_set(string, bytes, (int)length) != 1) {
		ASN1_STRING_free(string);
		return NULL;
	}
	GENERAL_NAME_set0_value(out, types[name->form], string);
	return give(&out);
}

static mca_code
encode(GENERAL_NAMES **out, const mca_san *san, bool flawed,
    struct mca_error *err)
{
	owned(GENERAL_NAMES) *names = GENERAL_NAMES_new();

	if (names == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < san->count; i++) {
		const struct mca_san_name *name = &san->rows[i].public;
		owned(GENERAL_NAME) *one = NULL;

		if ((name->flaw != NULL && !flawed) ||
		    name->form == MCA_SAN_OTHER)
			return mca_fail(err, MCA_EPOLICY,
			    "%s \"%s\" cannot be written",
			    mca_san_form_name(name->form), name->text);
		one = general_name(name);
		if (one == NULL || sk_GENERAL_NAME_push(names, one) == 0)
			return mca_fail_memory(err);
		(void)give(&one);
	}
	*out = give(&names);
	return MCA_OK;
}

mca_code
mca_san_general_names(GENERAL_NAMES **out, const mca_san *san,
    struct mca_error *err)
{
	return encode(out, san, false, err);
}

mca_code
mca_san_asked_names(GENERAL_NAMES **out, const mca_san *san,
    struct mca_error *err)
{
	return encode(out, san, true, err);
}
