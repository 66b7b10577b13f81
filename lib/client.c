/*
 * client.c - see minica/client.h.
 */
#include "minica/client.h"

#include "error.h"

#include <stdio.h>
#include <string.h>

static const struct mca_client_row rows[MCA_CLIENTS] = {
	{ MCA_APPLE, "apple",
	    "iOS 13, macOS 10.15 and later, as Apple support 103769 says" },
	{ MCA_CHROME, "chrome",
	    "Chrome with roots of one's own: BoringSSL's pki, purpose "
	    "SERVER_AUTH" },
	{ MCA_FIREFOX, "firefox", "Firefox: mozilla::pkix" },
	{ MCA_GO, "go", "Go 1.23 and later: crypto/x509, Verify" },
	{ MCA_JAVA, "java", "Java 17: PKIX trust manager, HTTPS host names" },
	{ MCA_PYTHON, "python313",
	    "Python 3.13: OpenSSL 3 with VERIFY_X509_STRICT and "
	    "VERIFY_X509_PARTIAL_CHAIN" },
	{ MCA_OPENSSL, "openssl", "OpenSSL 3 at security level 2, not strict" },
	{ MCA_GNUTLS, "gnutls", "GnuTLS 3.7 with the profile \"low\"" },
	{ MCA_WEBPKI, "webpki",
	    "public certificates: CA/Browser Forum, as --rules webpki" },
};

const struct mca_client_row *
mca_clients(void)
{
	return rows;
}

static mca_code
parse_word(unsigned *out, const char *word, struct mca_error *err)
{
	const char *names[MCA_CLIENTS + 2] = { "all" };
	const char *nearest;

	for (size_t i = 0; i < MCA_CLIENTS; i++) {
		names[i + 1] = rows[i].name;
		if (strcmp(word, rows[i].name) == 0) {
			*out |= rows[i].client;
			return MCA_OK;
		}
	}
	if (strcmp(word, "all") == 0) {
		*out |= MCA_EVERYONE;
		return MCA_OK;
	}
	nearest = mca_text_nearest(word, names);
	if (nearest != NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "no client is called \"%s\"; did you mean %s?",
		    MCA_SHOW_TEXT(word), nearest);
	return mca_fail(err, MCA_EUSAGE,
	    "no client is called \"%s\": apple, chrome, firefox, go, java, "
	    "python313, openssl, gnutls, webpki, all",
	    MCA_SHOW_TEXT(word));
}

mca_code
mca_clients_parse(unsigned *out, const char *list, struct mca_error *err)
{
	mca_code code = MCA_OK;
	char word[32];
	size_t length;

	*out = 0;
	for (; code == MCA_OK; list += length + 1) {
		length = strcspn(list, ",");
		(void)snprintf(word, sizeof(word), "%.*s",
		    length < sizeof(word) ? (int)length : (int)sizeof(word),
		    list);
		code = parse_word(out, word, err);
		if (list[length] == '\0')
			break;
	}
	return code;
}

void
mca_clients_text(mca_text *out, unsigned clients)
{
	bool first = true;

	for (size_t i = 0; i < MCA_CLIENTS; i++) {
		if ((clients & rows[i].client) == 0)
			continue;
		mca_text_addf(out, "%s%s", first ? "" : ", ", rows[i].name);
		first = false;
	}
}
