/*
 * san.c - see minica/san.h.
 */
#include "minica/san.h"

#include "error.h"
#include "minica/limits.h"
#include "minica/text.h"
#include "object.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A name that owns its strings; `public` points into them. */
struct row {
	struct mca_san_name public;
	char *text;
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

/* ---- well-formed or not ---- */

#define SAN_RULE "RFC 5280, 4.2.1.6"

static const char *
ip_flaw(const uint8_t *raw, size_t length)
{
	(void)raw;
	return length == 4 || length == 16 ? NULL
					   : "has neither 4 nor 16 octets";
}

/* The local part, as atoms with dots between them (RFC 5321, 4.1.2). */
static bool
is_local_part(const char *local, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)local[i];
		bool dot = c == '.';

		if (c >= 0x80 ||
		    (!dot && !isalnum(c) &&
			(c == '\0' ||
			    strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL)))
			return false;
		if (dot && (i == 0 || i + 1 == length || local[i - 1] == '.'))
			return false;
	}
	return length > 0 && length <= 64;
}

static const char *
email_flaw(const char *raw, size_t length)
{
	const char *at = memchr(raw, '@', length);
	size_t local;

	if (at == NULL)
		return "is no mailbox: it has no @";
	local = (size_t)(at - raw);
	if (!is_local_part(raw, local))
		return "has no well-formed local part before the @";
	return mca_dns_flaw(at + 1, length - local - 1, false);
}

static bool
is_uri_byte(unsigned char c)
{
	return c > 0x20 && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL;
}

static size_t
scheme_length(const char *raw, size_t length)
{
	size_t i = 0;

	if (length == 0 || !isalpha((unsigned char)raw[0]))
		return 0;
	while (i < length &&
	    (isalnum((unsigned char)raw[i]) ||
		(raw[i] != '\0' && strchr("+-.", raw[i]) != NULL)))
		i++;
	return i < length && raw[i] == ':' ? i : 0;
}

/* The host within "scheme://user@host:port/path"; false without a "//". */
static bool
find_host(const char *raw, size_t length, size_t *from, size_t *to)
{
	size_t scheme = scheme_length(raw, length), end, i;

	if (scheme == 0 || scheme + 3 > length ||
	    memcmp(raw + scheme, "://", 3) != 0)
		return false;
	*from = scheme + 3;
	for (end = *from; end < length && strchr("/?#", raw[end]) == NULL;)
		end++;
	for (i = *from; i < end; i++)
		if (raw[i] == '@')
			*from = i + 1;
	if (*from < end && raw[*from] == '[') {
		for (*to = *from; *to < end && raw[*to] != ']';)
			(*to)++;
		*to = *to < end ? *to + 1 : end;
		return true;
	}
	for (*to = *from; *to < end && raw[*to] != ':';)
		(*to)++;
	return true;
}

static bool
is_address(const char *text, size_t length)
{
	char copy[INET6_ADDRSTRLEN];
	uint8_t ip[16];

	if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return strlen(copy) == length &&
	    (inet_pton(AF_INET, copy, ip) == 1 ||
		inet_pton(AF_INET6, copy, ip) == 1);
}

static const char *
uri_flaw(const char *raw, size_t length)
{
	size_t scheme = scheme_length(raw, length), from, to;

	if (scheme == 0 || scheme + 1 == length)
		return "is no absolute URI: scheme, colon and more";
	for (size_t i = 0; i < length; i++)
		if (!is_uri_byte((unsigned char)raw[i]))
			return "holds a character that URIs may not";
	if (!find_host(raw, length, &from, &to))
		return NULL;
	if (is_address(raw + from, to - from))
		return NULL;
	return mca_dns_flaw(raw + from, to - from, false) == NULL
	    ? NULL
	    : "has no well-formed host after the //";
}

static const char *
dns_flaw(const char *raw, size_t length, enum mca_san_origin origin)
{
	if (length > 1 && raw[length - 1] == '.') {
		if (origin == MCA_SAN_OF_CERTIFICATE)
			return "ends in a dot";
		length--;
	}
	return mca_dns_flaw(raw, length, true);
}

static const char *
flaw_of(enum mca_san_form form, const uint8_t *raw, size_t length,
    enum mca_san_origin origin)
{
	const char *text = (const char *)raw;

	switch (form) {
	case MCA_SAN_DNS:
		return dns_flaw(text, length, origin);
	case MCA_SAN_IP:
		return ip_flaw(raw, length);
	case MCA_SAN_EMAIL:
		return email_flaw(text, length);
	case MCA_SAN_URI:
		return uri_flaw(text, length);
	case MCA_SAN_OTHER:
		break;
	}
	return NULL;
}

/* ---- the normal form ---- */

static void
lower(char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		text[i] = (char)tolower((unsigned char)text[i]);
}

static char *
normal_ip(const uint8_t *raw, size_t length)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(length == 4 ? AF_INET : AF_INET6, raw, text,
		sizeof(text)) == NULL)
		return NULL;
	return strdup(text);
}

/* The normal form of a well-formed name; NULL when memory runs out. */
static char *
normal_form(enum mca_san_form form, const uint8_t *raw, size_t length)
{
	char *text;
	size_t from, to;

	if (form == MCA_SAN_IP)
		return normal_ip(raw, length);
	text = strndup((const char *)raw, length);
	if (text == NULL)
		return NULL;
	if (form == MCA_SAN_DNS) {
		lower(text, 0, length);
		if (text[length - 1] == '.')
			text[length - 1] = '\0';
	} else if (form == MCA_SAN_EMAIL) {
		lower(text, (size_t)(strchr(text, '@') - text), length);
	} else if (form == MCA_SAN_URI) {
		lower(text, 0, scheme_length(text, length));
		if (find_host(text, length, &from, &to))
			lower(text, from, to);
	}
	return text;
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

/* ---- lists ---- */

static mca_code
reserve(mca_san *san, struct mca_error *err)
{
	size_t capacity = san->capacity == 0 ? 8 : san->capacity * 2;
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

/* Adds a name; `shown` (or NULL) is what stands for an MCA_SAN_OTHER. */
static mca_code
add(mca_san *san, enum mca_san_form form, const uint8_t *raw, size_t length,
    const char *shown, enum mca_san_origin origin, struct mca_error *err)
{
	struct row row = { .raw = malloc(length + 1) };
	const char *flaw = flaw_of(form, raw, length, origin);
	mca_code code = reserve(san, err);

	if (code != MCA_OK) {
		clear_row(&row);
		return code;
	}
	row.text = shown != NULL ? strdup(shown)
	    : flaw != NULL	 ? escaped(raw, length)
				 : normal_form(form, raw, length);
	if (row.raw == NULL || row.text == NULL) {
		clear_row(&row);
		return mca_fail_memory(err);
	}
	if (length > 0)
		memcpy(row.raw, raw, length);
	row.raw[length] = 0;
	row.public = (struct mca_san_name){ form, row.text, row.raw, length,
		flaw, flaw == NULL ? NULL : SAN_RULE };
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
	size_t scheme;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t n = strlen(prefixes[i].word);

		if (strncasecmp(*word, prefixes[i].word, n) == 0) {
			*word += n;
			return prefixes[i].form;
		}
	}
	if (is_address(*word, strlen(*word)) && **word != '[')
		return MCA_SAN_IP;
	scheme = scheme_length(*word, strlen(*word));
	if (scheme > 0 && strncmp(*word + scheme, "://", 3) == 0)
		return MCA_SAN_URI;
	return strchr(*word, '@') != NULL ? MCA_SAN_EMAIL : MCA_SAN_DNS;
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

static mca_code
add_word(mca_san *san, const char *word, struct mca_error *err)
{
	enum mca_san_form form = form_of(&word);
	const struct mca_san_name *name;
	mca_code code = form == MCA_SAN_IP
	    ? add_address(san, word, err)
	    : add(san, form, (const uint8_t *)word, strlen(word), NULL,
		  MCA_SAN_OF_REQUEST, err);

	if (code != MCA_OK)
		return code;
	name = &san->rows[san->count - 1].public;
	if (name->flaw != NULL)
		return mca_fail(err, MCA_EUSAGE, "%s \"%s\" %s (%s)",
		    mca_san_form_name(form), MCA_SHOW_TEXT(word), name->flaw,
		    name->source);
	drop_repeated(san);
	return MCA_OK;
}

mca_code
mca_san_new(mca_san **out, const char *const *names, size_t count,
    struct mca_error *err)
{
	owned(mca_san) *san = calloc(1, sizeof(*san));

	if (san == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < count; i++) {
		mca_code code = add_word(san, names[i], err);

		if (code != MCA_OK)
			return code;
	}
	*out = give(&san);
	return MCA_OK;
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

/* The octets of a name: its address, or its normal form. */
static GENERAL_NAME *
general_name(const struct mca_san_name *name)
{
	bool ip = name->form == MCA_SAN_IP;
	const void *bytes = ip ? (const void *)name->raw : name->text;
	size_t length = ip ? name->raw_length : strlen(name->text);
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

mca_code
mca_san_general_names(GENERAL_NAMES **out, const mca_san *san,
    struct mca_error *err)
{
	owned(GENERAL_NAMES) *names = GENERAL_NAMES_new();

	if (names == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < san->count; i++) {
		const struct mca_san_name *name = &san->rows[i].public;
		owned(GENERAL_NAME) *one = NULL;

		if (name->flaw != NULL || name->form == MCA_SAN_OTHER)
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
