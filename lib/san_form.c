/*
 * san_form.c - what a name of each form may hold, and its one normal form.
 */
#include "san_form.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

static const char *
ip_flaw(const uint8_t *raw, size_t length)
{
	(void)raw;
	return length == 4 || length == 16 ? NULL
					   : "has neither 4 nor 16 octets";
}

/* The local part, as atoms with dots between them (RFC 5321, 4.1.2). */
bool
mca_san_is_local_part(const char *local, size_t length)
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
	if (!mca_san_is_local_part(raw, local))
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

const char *
mca_san_flaw(enum mca_san_form form, const uint8_t *raw, size_t length,
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

char *
mca_san_normal_form(enum mca_san_form form, const uint8_t *raw, size_t length)
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

bool
mca_san_domain(enum mca_san_form form, const char *text, size_t *from,
    size_t *to)
{
	size_t length = strlen(text);
	const char *at = memchr(text, '@', length);

	*from = 0;
	*to = length;
	if (form == MCA_SAN_EMAIL && at != NULL)
		*from = (size_t)(at + 1 - text);
	if (form == MCA_SAN_URI)
		return find_host(text, length, from, to);
	return form == MCA_SAN_DNS || form == MCA_SAN_EMAIL;
}

enum mca_san_form
mca_san_seen_form(const char *word)
{
	size_t scheme = scheme_length(word, strlen(word));

	if (*word != '[' && is_address(word, strlen(word)))
		return MCA_SAN_IP;
	if (scheme > 0 && strncmp(word + scheme, "://", 3) == 0)
		return MCA_SAN_URI;
	return strchr(word, '@') != NULL ? MCA_SAN_EMAIL : MCA_SAN_DNS;
}
