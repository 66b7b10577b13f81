/*
 * pattern.c - see pattern.h.
 */
#include "pattern.h"

#include "idna.h"
#include "minica/owned.h"
#include "minica/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

static void
clear_pattern(struct mca_pattern *pattern)
{
	free(pattern->text);
	free(pattern->host);
	free(pattern->scheme);
	free(pattern->rest);
}

void
mca_patterns_clear(struct mca_patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		clear_pattern(&patterns->rows[i]);
	free(patterns->rows);
	*patterns = (struct mca_patterns){ 0 };
}

static char *
lower_copy(const char *text, size_t length)
{
	char *copy = strndup(text, length);

	for (char *at = copy; at != NULL && *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

static mca_code read_host(struct mca_pattern *out, const char *text,
    size_t length, struct mca_error *err);

/* U-labels become A-labels, which is what names hold. */
static mca_code
read_unicode_host(struct mca_pattern *out, const char *text, size_t length,
    struct mca_error *err)
{
	owned(char) *ascii = NULL;
	mca_code code = mca_idna_to_ascii(&ascii, text, length, err);

	if (code != MCA_OK)
		return code;
	return read_host(out, ascii, strlen(ascii), err);
}

/* read_host reads "example.org", "*.example.org", ".example.org" or "*". */
static mca_code
read_host(struct mca_pattern *out, const char *text, size_t length,
    struct mca_error *err)
{
	const char *base = text;
	const char *flaw;
	size_t cut = 0;

	if (!mca_idna_is_ascii(text, length))
		return read_unicode_host(out, text, length, err);

	out->reach = MCA_REACH_ITSELF;
	if (length == 1 && text[0] == '*') {
		out->reach = MCA_REACH_ALL;
		return MCA_OK;
	}
	if (length > 2 && strncmp(text, "*.", 2) == 0) {
		out->reach = MCA_REACH_ONE_BELOW;
		cut = 2;
	} else if (length > 1 && text[0] == '.') {
		out->reach = MCA_REACH_BELOW;
		cut = 1;
	}
	base += cut;
	length -= cut;
	flaw = mca_dns_flaw(base, length, false);
	if (flaw != NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\": %s; wanted example.org, *.example.org (one label "
		    "below), .example.org (any depth below) or *",
		    MCA_SHOW_TEXT(text), flaw);
	if (length > 0 && base[length - 1] == '.')
		length--;
	out->host = lower_copy(base, length);
	if (out->host == NULL)
		return mca_fail_memory(err);
	flaw = mca_idna_flaw(out->host, length);
	if (flaw != NULL)
		return mca_fail(err, MCA_EUSAGE, "\"%s\": %s",
		    MCA_SHOW_TEXT(text), flaw);
	return MCA_OK;
}

/* host_bits_set says whether an address has bits beyond its prefix. */
static bool
host_bits_set(const uint8_t *address, size_t length, size_t prefix)
{
	for (size_t bit = prefix; bit < length * 8; bit++)
		if ((address[bit / 8] >> (7 - bit % 8)) & 1)
			return true;
	return false;
}

static mca_code
read_prefix(struct mca_pattern *out, const char *digits, struct mca_error *err)
{
	size_t bits = out->address_length * 8;
	char *end;
	unsigned long prefix = strtoul(digits, &end, 10);

	if (!isdigit((unsigned char)*digits) || *end != '\0' || prefix > bits)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\": wanted a prefix length from 0 to %zu after the "
		    "slash",
		    MCA_SHOW_TEXT(out->text), bits);
	if (host_bits_set(out->address, out->address_length, prefix))
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\": the address has bits set beyond /%lu; write the "
		    "network's own address",
		    MCA_SHOW_TEXT(out->text), prefix);
	out->prefix = prefix;
	return MCA_OK;
}

static mca_code
read_ip(struct mca_pattern *out, const char *text, struct mca_error *err)
{
	const char *slash = strchr(text, '/');
	size_t length = slash == NULL ? strlen(text) : (size_t)(slash - text);
	char address[INET6_ADDRSTRLEN] = { 0 };

	if (length < sizeof(address))
		memcpy(address, text, length);
	if (inet_pton(AF_INET, address, out->address) == 1)
		out->address_length = 4;
	else if (inet_pton(AF_INET6, address, out->address) == 1)
		out->address_length = 16;
	else
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is not an address; wanted 10.0.0.1, 10.0.0.0/8, "
		    "2001:db8::/32 or *",
		    MCA_SHOW_TEXT(text));
	out->reach = MCA_REACH_BELOW;
	out->prefix = out->address_length * 8;
	if (slash == NULL)
		return MCA_OK;
	return read_prefix(out, slash + 1, err);
}

static mca_code
read_email(struct mca_pattern *out, const char *text, struct mca_error *err)
{
	const char *at = strrchr(text, '@');

	if (at == NULL && text[0] == '.')
		return read_host(out, text, strlen(text), err);
	if (at == NULL || at[1] == '.' || at[1] == '*')
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\": wanted alice@example.org, @example.org (every "
		    "mailbox there), .example.org (every host below) or *",
		    MCA_SHOW_TEXT(text));
	if (at != text) {
		out->rest = strndup(text, (size_t)(at - text));
		if (out->rest == NULL)
			return mca_fail_memory(err);
	}
	return read_host(out, at + 1, strlen(at + 1), err);
}

static size_t
scheme_length(const char *uri)
{
	size_t n = 0;

	if (!isalpha((unsigned char)uri[0]))
		return 0;
	while (isalnum((unsigned char)uri[n]) ||
	    (uri[n] != '\0' && strchr("+-.", uri[n]) != NULL))
		n++;
	return uri[n] == ':' ? n : 0;
}

static mca_code
read_uri(struct mca_pattern *out, const char *text, struct mca_error *err)
{
	size_t scheme = scheme_length(text);
	const char *host = text + scheme + 3;
	size_t host_length;

	if (scheme == 0 ||
	    (strcmp(text + scheme, ":*") != 0 &&
		strncmp(text + scheme, "://", 3) != 0))
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\": wanted scheme://host, scheme://host/path, "
		    "scheme:* or *",
		    MCA_SHOW_TEXT(text));
	out->scheme = lower_copy(text, scheme);
	if (out->scheme == NULL)
		return mca_fail_memory(err);
	if (strcmp(text + scheme, ":*") == 0)
		return MCA_OK;
	host_length = strcspn(host, "/");
	if (host[host_length] == '/') {
		out->rest = strdup(host + host_length);
		if (out->rest == NULL)
			return mca_fail_memory(err);
		if (strpbrk(out->rest, "*?#%") != NULL)
			return mca_fail(err, MCA_EUSAGE,
			    "\"%s\": a path is matched as it is written: "
			    "without *, ?, # and %%; one that ends in / covers "
			    "all below",
			    MCA_SHOW_TEXT(text));
	}
	return read_host(out, host, host_length, err);
}

static mca_code
read_pattern(struct mca_pattern *out, const char *text, struct mca_error *err)
{
	if (strcmp(text, "*") == 0) {
		out->reach = MCA_REACH_ALL;
		return MCA_OK;
	}
	switch (out->form) {
	case MCA_SAN_IP:
		return read_ip(out, text, err);
	case MCA_SAN_EMAIL:
		return read_email(out, text, err);
	case MCA_SAN_URI:
		return read_uri(out, text, err);
	default:
		return read_host(out, text, strlen(text), err);
	}
}

mca_code
mca_patterns_add(struct mca_patterns *patterns, enum mca_san_form form,
    const char *text, size_t line, struct mca_error *err)
{
	struct mca_pattern *bigger, *pattern;

	bigger =
	    reallocarray(patterns->rows, patterns->count + 1, sizeof(*bigger));
	if (bigger == NULL)
		return mca_fail_memory(err);
	patterns->rows = bigger;
	pattern = &bigger[patterns->count++];
	*pattern = (struct mca_pattern){ .form = form, .line = line };
	pattern->text = strdup(text);
	if (pattern->text == NULL)
		return mca_fail_memory(err);
	return read_pattern(pattern, text, err);
}

/* host_within also answers for "*.base": it is one label below its base. */
static bool
host_within(const struct mca_pattern *pattern, const char *host, size_t length)
{
	size_t base;

	if (pattern->host == NULL)
		return true;
	if (length > 0 && host[length - 1] == '.')
		length--;
	base = strlen(pattern->host);
	if (length < base ||
	    strncasecmp(host + length - base, pattern->host, base) != 0)
		return false;
	if (pattern->reach == MCA_REACH_ITSELF)
		return length == base;
	if (length < base + 2 || host[length - base - 1] != '.')
		return false;
	if (pattern->reach == MCA_REACH_BELOW)
		return true;
	return memchr(host, '.', length - base - 1) == NULL;
}

static bool
address_within(const struct mca_pattern *pattern,
    const struct mca_san_name *name)
{
	if (name->raw_length != pattern->address_length)
		return false;
	for (size_t bit = 0; bit < pattern->prefix; bit++)
		if (((name->raw[bit / 8] ^ pattern->address[bit / 8]) >>
			(7 - bit % 8)) &
		    1)
			return false;
	return true;
}

/* The part before the @ is compared as it is (RFC 5280, 4.2.1.10). */
static bool
mailbox_within(const struct mca_pattern *pattern, const char *mailbox)
{
	const char *at = strrchr(mailbox, '@');

	if (at == NULL)
		return false;
	if (pattern->rest != NULL &&
	    (strlen(pattern->rest) != (size_t)(at - mailbox) ||
		strncmp(pattern->rest, mailbox, strlen(pattern->rest)) != 0))
		return false;
	return host_within(pattern, at + 1, strlen(at + 1));
}

/* A path that ends in a slash stands for all below it. */
static bool
path_within(const char *wanted, const char *path)
{
	size_t length = strlen(wanted);

	if (wanted[length - 1] == '/')
		return strncmp(path, wanted, length) == 0;
	return strcmp(path, wanted) == 0;
}

static bool
uri_within(const struct mca_pattern *pattern, const char *uri)
{
	size_t scheme = scheme_length(uri);
	const char *host = uri + scheme + 3;
	size_t authority, length;

	if (scheme == 0 || strlen(pattern->scheme) != scheme ||
	    strncasecmp(pattern->scheme, uri, scheme) != 0)
		return false;
	if (pattern->host == NULL && pattern->rest == NULL)
		return true;
	if (strncmp(uri + scheme, "://", 3) != 0)
		return false;
	authority = strcspn(host, "/?#");
	length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	if (length > authority)
		length = authority;
	if (!host_within(pattern, host, length))
		return false;
	return pattern->rest == NULL ||
	    path_within(pattern->rest, host + authority);
}

static bool
covers(const struct mca_pattern *pattern, const struct mca_san_name *name)
{
	if (pattern->form != name->form)
		return false;
	if (strcmp(pattern->text, "*") == 0)
		return true;
	switch (name->form) {
	case MCA_SAN_DNS:
		return host_within(pattern, name->text, strlen(name->text));
	case MCA_SAN_IP:
		return address_within(pattern, name);
	case MCA_SAN_EMAIL:
		return mailbox_within(pattern, name->text);
	case MCA_SAN_URI:
		return uri_within(pattern, name->text);
	default:
		return false;
	}
}

/* "*.example.org" stands for "www.example.org", and so touches it. */
static bool
touches(const struct mca_pattern *pattern, const struct mca_san_name *name)
{
	const char *dot;

	if (covers(pattern, name))
		return true;
	if (name->form != MCA_SAN_DNS || pattern->form != MCA_SAN_DNS ||
	    strncmp(name->text, "*.", 2) != 0 ||
	    pattern->reach != MCA_REACH_ITSELF)
		return false;
	dot = strchr(pattern->host, '.');
	return dot != NULL && strcmp(dot + 1, name->text + 2) == 0;
}

const struct mca_pattern *
mca_patterns_cover(const struct mca_patterns *patterns,
    const struct mca_san_name *name)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (covers(&patterns->rows[i], name))
			return &patterns->rows[i];
	return NULL;
}

const struct mca_pattern *
mca_patterns_touch(const struct mca_patterns *patterns,
    const struct mca_san_name *name)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (touches(&patterns->rows[i], name))
			return &patterns->rows[i];
	return NULL;
}

/* RFC 3986, 2.3: characters that need no percent-encoding, and "/". */
static bool
needs_no_encoding(const char *digits)
{
	char hex[3] = { digits[0], digits[0] == '\0' ? '\0' : digits[1] };
	char *end;
	unsigned long value = strtoul(hex, &end, 16);

	if (end != hex + 2)
		return true;
	return value < 0x80 &&
	    (isalnum((int)value) || strchr("-._~/\\", (int)value) != NULL);
}

static bool
has_dot_segment(const char *path)
{
	for (; (path = strstr(path, "/.")) != NULL; path++) {
		const char *after = path + 2;

		if (*after == '.')
			after++;
		if (*after == '\0' || strchr("/?#", *after) != NULL)
			return true;
	}
	return false;
}

const char *
mca_uri_unclear(const char *uri)
{
	size_t scheme = scheme_length(uri);
	const char *host = uri + scheme + 3;

	if (scheme == 0)
		return "it has no scheme";
	if (strchr(uri, '\\') != NULL)
		return "it holds a backslash";
	if (has_dot_segment(uri))
		return "its path has \".\" or \"..\" segments";
	for (const char *at = uri; (at = strchr(at, '%')) != NULL; at++)
		if (needs_no_encoding(at + 1))
			return "it percent-encodes what needs no encoding";
	if (strncmp(uri + scheme, "://", 3) == 0 &&
	    memchr(host, '@', strcspn(host, "/?#")) != NULL)
		return "it has a user part before the host";
	return NULL;
}
