/*
 * live_endpoint.c - HOST:PORT, and the protocols that go over to TLS
 * (minica/live.h).
 */
#include "error.h"
#include "minica/live.h"

#include "minica/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const starttls_names[] = {
	[MCA_STARTTLS_NONE] = "",
	[MCA_STARTTLS_SMTP] = "smtp",
	[MCA_STARTTLS_IMAP] = "imap",
	[MCA_STARTTLS_POP3] = "pop3",
	[MCA_STARTTLS_LDAP] = "ldap",
	[MCA_STARTTLS_POSTGRES] = "postgres",
	[MCA_STARTTLS_MYSQL] = "mysql",
	[MCA_STARTTLS_FTP] = "ftp",
	[MCA_STARTTLS_XMPP] = "xmpp",
	NULL,
};

const char *
mca_starttls_name(enum mca_starttls starttls)
{
	return starttls_names[starttls];
}

mca_code
mca_starttls_find(enum mca_starttls *out, const char *name,
    struct mca_error *err)
{
	for (size_t i = MCA_STARTTLS_SMTP; starttls_names[i] != NULL; i++)
		if (strcmp(starttls_names[i], name) == 0) {
			*out = (enum mca_starttls)i;
			return MCA_OK;
		}
	return mca_fail(err, MCA_EUSAGE,
	    "\"%s\" is not one of smtp, imap, pop3, ldap, postgres, mysql, "
	    "ftp, xmpp",
	    MCA_SHOW_TEXT(name));
}

/* Copies the host, without its brackets, and finds the colon of the port. */
static const char *
split(char *host, size_t size, const char *text, bool *bracketed)
{
	const char *end, *colon;

	*bracketed = text[0] == '[';
	text += *bracketed;
	end = *bracketed ? strchr(text, ']') : strrchr(text, ':');
	if (end == NULL || end == text || (size_t)(end - text) >= size)
		return NULL;
	memcpy(host, text, (size_t)(end - text));
	host[end - text] = '\0';
	colon = end + *bracketed;
	return *colon == ':' ? colon : NULL;
}

static bool
parse_port(uint16_t *out, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	long port = digits > 0 && digits <= 5 ? strtol(text, NULL, 10) : 0;

	if (text[digits] != '\0' || port < 1 || port > 65535)
		return false;
	*out = (uint16_t)port;
	return true;
}

static mca_code
parse_host(struct mca_reference *out, const char *host, bool bracketed,
    struct mca_error *err)
{
	struct mca_error no_address;

	if (mca_reference_parse(out, MCA_SAN_IP, host, &no_address) == MCA_OK &&
	    bracketed == (out->ip_length == 16))
		return MCA_OK;
	if (bracketed || strchr(host, ':') != NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\": brackets are for IPv6 addresses, which need them: "
		    "[2001:db8::1]:443",
		    MCA_SHOW_TEXT(host));
	return mca_reference_parse(out, MCA_SAN_DNS, host, err);
}

mca_code
mca_endpoint_parse(struct mca_endpoint *out, const char *text,
    struct mca_error *err)
{
	char host[320];
	const char *colon;
	bool bracketed;

	memset(out, 0, sizeof(*out));
	colon = split(host, sizeof(host), text, &bracketed);
	if (colon == NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is not HOST:PORT, such as example.com:443 or "
		    "[2001:db8::1]:443",
		    MCA_SHOW_TEXT(text));
	if (!parse_port(&out->port, colon + 1))
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\": the port is a number from 1 to 65535, as in "
		    "example.com:443",
		    MCA_SHOW_TEXT(text));
	if (parse_host(&out->host, host, bracketed, err) != MCA_OK)
		return err->code;
	(void)snprintf(out->text, sizeof(out->text), "%s%s%s:%u",
	    bracketed ? "[" : "", out->host.text, bracketed ? "]" : "",
	    (unsigned)out->port);
	return MCA_OK;
}
