/*
 * nametree.c - see nametree.h.  Each form has its own idea of a tree (RFC 5280,
 * 4.2.1.10).
 */
#include "nametree.h"

#include "minica/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct mca_span
mca_span_of(const ASN1_STRING *string)
{
	return (struct mca_span){ (const char *)ASN1_STRING_get0_data(string),
		(size_t)ASN1_STRING_length(string) };
}

struct mca_span
mca_span_from(struct mca_span span, size_t count)
{
	return (struct mca_span){ span.at + count, span.length - count };
}

static bool
same(struct mca_span a, struct mca_span b)
{
	return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0;
}

static bool
ends_with(struct mca_span text, struct mca_span end)
{
	return text.length >= end.length &&
	    same(mca_span_from(text, text.length - end.length), end);
}

bool
mca_span_begins_with_dot(struct mca_span span)
{
	return span.length > 0 && span.at[0] == '.';
}

static struct mca_span
without_last_dot(struct mca_span span)
{
	if (span.length > 0 && span.at[span.length - 1] == '.')
		span.length--;
	return span;
}

bool
mca_span_cut(struct mca_span span, char mark, struct mca_span *rest)
{
	const char *found =
	    span.length == 0 ? NULL : memrchr(span.at, mark, span.length);

	if (found == NULL)
		return false;
	*rest = mca_span_from(span, (size_t)(found - span.at) + 1);
	return true;
}

/* dNSName: zero or more labels more on the left. */
static bool
dns_within(struct mca_span name, struct mca_span base)
{
	name = without_last_dot(name);
	base = without_last_dot(base);
	if (base.length == 0 || same(name, base))
		return true;
	return ends_with(name, base) &&
	    name.at[name.length - base.length - 1] == '.';
}

/*
 * An excluded tree excludes a wildcard already when one of the hosts that it
 * covers is in the tree: "*.example.com" stands for "a.example.com" too.
 */
static bool
dns_overlaps(struct mca_span name, struct mca_span base)
{
	const char *dot;

	if (dns_within(name, base))
		return true;
	if (name.length < 2 || memcmp(name.at, "*.", 2) != 0)
		return false;
	dot = memchr(base.at, '.', base.length);
	return dot != NULL &&
	    same(without_last_dot(mca_span_from(name, 2)),
		without_last_dot(
		    mca_span_from(base, (size_t)(dot - base.at) + 1)));
}

/* The host of a mailbox or URI: that host, or with a dot those below it. */
static bool
host_within(struct mca_span host, struct mca_span base)
{
	host = without_last_dot(host);
	if (mca_span_begins_with_dot(base))
		return host.length > base.length && ends_with(host, base);
	return base.length == 0 || same(host, without_last_dot(base));
}

/* The local part of a mailbox is compared as it is, case and all. */
static bool
email_within(struct mca_span name, struct mca_span base)
{
	struct mca_span host, base_host;
	size_t local;

	if (!mca_span_cut(name, '@', &host))
		return false;
	if (!mca_span_cut(base, '@', &base_host))
		return host_within(host, base);
	local = name.length - host.length;
	return same(host, base_host) &&
	    base.length - base_host.length == local &&
	    memcmp(name.at, base.at, local) == 0;
}

bool
mca_host_is_address(struct mca_span host)
{
	char text[64];
	uint8_t address[16];

	if (host.length == 0 || host.at[0] == '[')
		return true;
	if (host.length >= sizeof(text))
		return false;
	memcpy(text, host.at, host.length);
	text[host.length] = '\0';
	return inet_pton(AF_INET, text, address) == 1;
}

/*
 * Finds the host in a URI.  One without an authority, or with an address for
 * a host, cannot be constrained and has to be refused (4.2.1.10).
 */
static bool
uri_host(struct mca_span uri, struct mca_span *host)
{
	const char *mark =
	    uri.length == 0 ? NULL : memmem(uri.at, uri.length, "://", 3);
	size_t length = 0;

	if (mark == NULL)
		return false;
	*host = mca_span_from(uri, (size_t)(mark - uri.at) + 3);
	while (
	    length < host->length && memchr("/?#", host->at[length], 3) == NULL)
		length++;
	host->length = length;
	(void)mca_span_cut(*host, '@', host);
	if (host->length > 0 && host->at[0] != '[') {
		mark = memchr(host->at, ':', host->length);
		if (mark != NULL)
			host->length = (size_t)(mark - host->at);
	}
	return !mca_host_is_address(*host);
}

static bool
uri_within(struct mca_span name, struct mca_span base)
{
	struct mca_span host;

	return uri_host(name, &host) && host_within(host, base);
}

static bool
ip_within(struct mca_span name, struct mca_span base)
{
	if (base.length != 2 * name.length)
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (((name.at[i] ^ base.at[i]) & base.at[name.length + i]) != 0)
			return false;
	return true;
}

/*
 * directoryName: the base is the beginning of the name.  libcrypto compares
 * whole names only, so the name is cut to the length of the base; the cut
 * must not go through a multi-valued RDN.
 */
static bool
directory_within(const X509_NAME *name, const X509_NAME *base)
{
	int wanted = X509_NAME_entry_count(base);
	int count = X509_NAME_entry_count(name);
	owned(X509_NAME) *cut = NULL;

	if (wanted == 0 || wanted > count)
		return wanted == 0;
	if (wanted < count &&
	    X509_NAME_ENTRY_set(X509_NAME_get_entry(name, wanted)) ==
		X509_NAME_ENTRY_set(X509_NAME_get_entry(name, wanted - 1)))
		return false;
	cut = X509_NAME_dup(name);
	if (cut == NULL)
		return false;
	while (X509_NAME_entry_count(cut) > wanted)
		X509_NAME_ENTRY_free(X509_NAME_delete_entry(cut,
		    X509_NAME_entry_count(cut) - 1));
	return X509_NAME_cmp(cut, base) == 0;
}

bool
mca_nametree_has(const GENERAL_NAME *base, const GENERAL_NAME *name,
    bool excluded)
{
	struct mca_span a, b;

	if (name->type == GEN_DIRNAME)
		return directory_within(name->d.directoryName,
		    base->d.directoryName);
	a = mca_span_of(name->d.ia5);
	b = mca_span_of(base->d.ia5);
	switch (name->type) {
	case GEN_DNS:
		return excluded ? dns_overlaps(a, b) : dns_within(a, b);
	case GEN_EMAIL:
		return email_within(a, b);
	case GEN_URI:
		return uri_within(a, b);
	case GEN_IPADD:
		return ip_within(a, b);
	default:
		return false;
	}
}

bool
mca_nametree_known(int type)
{
	return type == GEN_DNS || type == GEN_EMAIL || type == GEN_URI ||
	    type == GEN_IPADD || type == GEN_DIRNAME;
}

bool
mca_nametree_unfit(const GENERAL_NAME *name)
{
	struct mca_span host;

	return !mca_nametree_known(name->type) ||
	    (name->type == GEN_URI &&
		!uri_host(mca_span_of(name->d.ia5), &host));
}

/* What a comparison costs: names have to be copied, text does not. */
size_t
mca_nametree_cost(const GENERAL_NAME *name)
{
	if (name->type != GEN_DIRNAME)
		return 1;
	return 10 + (size_t)X509_NAME_entry_count(name->d.directoryName);
}

/* Words for one name or subtree. */
void
mca_nametree_show(char *out, size_t size, const GENERAL_NAME *name)
{
	char text[160];
	struct mca_span bytes;

	if (name->type == GEN_DIRNAME) {
		(void)X509_NAME_oneline(name->d.directoryName, text,
		    sizeof(text));
		(void)mca_show(out, size, text, strlen(text));
	} else if (name->type == GEN_IPADD) {
		bytes = mca_span_of(name->d.iPAddress);
		out[0] = '\0';
		if (bytes.length == 4 || bytes.length == 8)
			(void)inet_ntop(AF_INET, bytes.at, out,
			    (socklen_t)size);
		else if (bytes.length == 16 || bytes.length == 32)
			(void)inet_ntop(AF_INET6, bytes.at, out,
			    (socklen_t)size);
	} else if (mca_nametree_known(name->type)) {
		bytes = mca_span_of(name->d.ia5);
		(void)mca_show(out, size, bytes.at, bytes.length);
	} else {
		(void)snprintf(out, size, "(of another form)");
	}
}

const char *
mca_nametree_form(int type)
{
	switch (type) {
	case GEN_DNS:
		return "dNSName";
	case GEN_EMAIL:
		return "rfc822Name";
	case GEN_URI:
		return "uniformResourceIdentifier";
	case GEN_IPADD:
		return "iPAddress";
	case GEN_DIRNAME:
		return "directoryName";
	default:
		return "a name";
	}
}
