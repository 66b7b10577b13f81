/*
 * host.c - see minica/host.h.
 */
#include "minica/host.h"
#include "error.h"
#include "idna.h"
#include "san_form.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <string.h>

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		*text = (char)tolower((unsigned char)*text);
}

static bool
parse_address(struct mca_reference *out, const char *text)
{
	if (inet_pton(AF_INET, text, out->ip) == 1)
		out->ip_length = 4;
	else if (inet_pton(AF_INET6, text, out->ip) == 1)
		out->ip_length = 16;
	else
		return false;
	return inet_ntop(out->ip_length == 4 ? AF_INET : AF_INET6, out->ip,
		   out->text, sizeof(out->text)) != NULL;
}

static mca_code
parse_ip(struct mca_reference *out, const char *text, struct mca_error *err)
{
	if (parse_address(out, text))
		return MCA_OK;
	if (*text == '[')
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" holds a bracket, which addresses have in URLs "
		    "alone; write 2001:db8::1",
		    MCA_SHOW_TEXT(text));
	return mca_fail(err, MCA_EUSAGE,
	    "\"%s\" is not an IP address, such as 192.0.2.1 or 2001:db8::1",
	    MCA_SHOW_TEXT(text));
}

/*
 * Why no host can have this name.  Underscores are let pass: there are such
 * hosts, though no certificate may name them.
 */
static const char *
host_flaw(const char *name)
{
	char plain[256 + 64];
	size_t length = strlen(name);

	assert(length < sizeof(plain));
	memcpy(plain, name, length + 1);
	for (char *c = plain; *c != '\0'; c++)
		if (*c == '_')
			*c = 'x';
	return mca_dns_flaw(plain, length, false);
}

/*
 * Copies a host name in lower case without the dot of the DNS root, and with
 * A-labels: that is what certificates hold.
 */
static mca_code
copy_host(char *out, size_t size, const char *text, struct mca_error *err)
{
	size_t length = strlen(text);
	owned(char) *ascii = NULL;
	mca_code code;

	if (length < size && !mca_idna_is_ascii(text, length)) {
		code = mca_idna_to_ascii(&ascii, text, length, err);
		if (code != MCA_OK)
			return mca_within(err, "host");
		text = ascii;
		length = strlen(text);
	}
	if (length >= size)
		return mca_fail(err, MCA_EUSAGE,
		    "host \"%s\" is longer than 253 characters",
		    MCA_SHOW_TEXT(text));
	memcpy(out, text, length + 1);
	if (length > 1 && out[length - 1] == '.')
		out[length - 1] = '\0';
	lower(out);
	return MCA_OK;
}

static mca_code
parse_dns(struct mca_reference *out, const char *text, struct mca_error *err)
{
	struct mca_reference address = { 0 };
	const char *flaw;
	mca_code code = copy_host(out->text, sizeof(out->text), text, err);

	if (code != MCA_OK)
		return code;
	if (parse_address(&address, out->text))
		return mca_fail(err, MCA_EUSAGE,
		    "host \"%s\" is an address; write --ip %s", address.text,
		    address.text);
	if (strchr(out->text, '*') != NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "host \"%s\" is a pattern; write the one host that is "
		    "connected to, such as www.example.org",
		    MCA_SHOW_TEXT(text));
	flaw = host_flaw(out->text);
	if (flaw == NULL)
		return MCA_OK;
	return mca_fail(err, MCA_EUSAGE, "host \"%s\" %s", MCA_SHOW_TEXT(text),
	    flaw);
}

/* The local part is as the mail server has it; only the host folds case. */
static mca_code
parse_email(struct mca_reference *out, const char *text, struct mca_error *err)
{
	const char *at = strrchr(text, '@');
	size_t local = at == NULL ? 0 : (size_t)(at - text);
	mca_code code;

	if (at == NULL || !mca_san_is_local_part(text, local))
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is not a mailbox, such as user@example.org",
		    MCA_SHOW_TEXT(text));
	memcpy(out->text, text, local + 1);
	code = copy_host(out->text + local + 1, sizeof(out->text) - local - 1,
	    at + 1, err);
	if (code != MCA_OK)
		return code;
	if (host_flaw(out->text + local + 1) == NULL)
		return MCA_OK;
	return mca_fail(err, MCA_EUSAGE, "mailbox \"%s\": the host %s",
	    MCA_SHOW_TEXT(text), host_flaw(out->text + local + 1));
}

mca_code
mca_reference_parse(struct mca_reference *out, enum mca_san_form form,
    const char *text, struct mca_error *err)
{
	memset(out, 0, sizeof(*out));
	out->form = form;
	switch (form) {
	case MCA_SAN_DNS:
		return parse_dns(out, text, err);
	case MCA_SAN_IP:
		return parse_ip(out, text, err);
	case MCA_SAN_EMAIL:
		return parse_email(out, text, err);
	default:
		return mca_fail(err, MCA_EUSAGE,
		    "only hosts, addresses and mailboxes can be asked for");
	}
}

/*
 * RFC 9525, 6.3: the wildcard is the whole left-most label and stands for
 * one label.  A wildcard over a whole registry ("*.org") matches nothing.
 */
static bool
wildcard_matches(const char *pattern, const char *name)
{
	const char *rest = strchr(name, '.');

	return strncmp(pattern, "*.", 2) == 0 && rest != NULL && rest != name &&
	    strchr(pattern + 2, '.') != NULL && strcmp(pattern + 1, rest) == 0;
}

bool
mca_reference_matches(const struct mca_reference *reference,
    const struct mca_san_name *presented)
{
	if (presented->form != reference->form || presented->flaw != NULL)
		return false;
	if (reference->form == MCA_SAN_IP)
		return presented->raw_length == reference->ip_length &&
		    memcmp(presented->raw, reference->ip,
			reference->ip_length) == 0;
	return strcmp(presented->text, reference->text) == 0 ||
	    (reference->form == MCA_SAN_DNS &&
		wildcard_matches(presented->text, reference->text));
}
