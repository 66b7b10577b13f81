/*
 * live_message.c - handshake messages as they went past (live_parts.h).
 *
 * libssl decodes certificates and encodes them anew; here the chain is taken
 * from the message itself, byte for byte, even if the handshake fails later.
 */
#include "error.h"
#include "live_parts.h"

#include "minica/owned.h"

#include <string.h>

/* RFC 8446, B.3: HandshakeType. */
enum {
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	CERTIFICATE_REQUEST = 13,
	FINISHED = 20,
	HEADER = 4, /* type, length */
};

void
mca_heard_clear(struct mca_heard *heard)
{
	mca_blob_clear(&heard->chain);
	mca_blob_clear(&heard->begin);
}

void
mca_heard_message(struct mca_heard *heard, bool ours, const uint8_t *bytes,
    size_t length)
{
	struct mca_error err;
	int type = length < HEADER ? -1 : bytes[0];

	if (ours) {
		heard->finished = heard->finished || type == FINISHED;
		return;
	}
	if (type == SERVER_HELLO && length >= HEADER + 2)
		heard->version =
		    (unsigned)bytes[HEADER] << 8 | bytes[HEADER + 1];
	if (type == CERTIFICATE_REQUEST)
		heard->asks_client = true;
	if (type == CERTIFICATE && heard->chain.length == 0 &&
	    mca_blob_copy(&heard->chain, bytes, length, &err) != MCA_OK)
		heard->lost = true;
}

/* What is still to be read; false means that it is not there. */
struct cursor {
	const uint8_t *at, *end;
};

static bool
take_number(size_t *out, struct cursor *cursor, int bytes)
{
	*out = 0;
	if (cursor->end - cursor->at < bytes)
		return false;
	for (; bytes > 0; bytes--)
		*out = *out << 8 | *cursor->at++;
	return true;
}

/* A vector whose length is written in so many bytes. */
static bool
take_vector(struct cursor *out, struct cursor *cursor, int bytes)
{
	size_t length;

	if (!take_number(&length, cursor, bytes) ||
	    (size_t)(cursor->end - cursor->at) < length)
		return false;
	*out = (struct cursor){ cursor->at, cursor->at + length };
	cursor->at += length;
	return true;
}

/* RFC 5246, 7.4.2; in TLS 1.3 with context and extensions (RFC 8446, 4.4.2). */
static bool
take_entry(struct cursor *der, struct cursor *list, bool tls13)
{
	struct cursor extensions;

	return take_vector(der, list, 3) &&
	    (!tls13 || take_vector(&extensions, list, 2));
}

static mca_code
add_cert(mca_certs *out, const struct cursor *der, struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;
	mca_code code;

	if (out->count == MCA_LIMIT_LIVE_CERTIFICATES)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server sent more than the limit of %d certificates",
		    MCA_LIMIT_LIVE_CERTIFICATES);
	code =
	    mca_cert_parse(&cert, der->at, (size_t)(der->end - der->at), err);
	if (code == MCA_EFORMAT) {
		err->code = MCA_EUNDECIDED;
		return mca_within(err, "certificate %zu of those sent",
		    out->count + 1);
	}
	if (code != MCA_OK)
		return code;
	return mca_certs_add(out, cert, err);
}

mca_code
mca_heard_chain(mca_certs *out, const struct mca_heard *heard, bool tls13,
    struct mca_error *err)
{
	struct cursor all, list, part;

	if (heard->lost)
		return mca_fail_memory(err);
	if (heard->chain.length == 0)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server sent no certificate");
	all = (struct cursor){ heard->chain.bytes + HEADER,
		heard->chain.bytes + heard->chain.length };
	if ((tls13 && !take_vector(&part, &all, 1)) ||
	    !take_vector(&list, &all, 3) || all.at != all.end)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server's Certificate message is malformed");
	while (list.at < list.end) {
		if (!take_entry(&part, &list, tls13))
			return mca_fail(err, MCA_EUNDECIDED,
			    "the server's Certificate message is malformed");
		if (add_cert(out, &part, err) != MCA_OK)
			return err->code;
	}
	if (out->count == 0)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server sent no certificate");
	return MCA_OK;
}

static const struct {
	const char *begin, *guess;
} guesses[] = {
	{ "HTTP/", "this is plain HTTP; is TLS on another port?" },
	{ "220 ", "a mail or FTP server: --starttls smtp, or ftp" },
	{ "220-", "a mail or FTP server: --starttls smtp, or ftp" },
	{ "* OK", "an IMAP server: --starttls imap" },
	{ "+OK", "a POP3 server: --starttls pop3" },
	{ "SSH-", "this is SSH" },
	{ "<?xml", "an XMPP server: --starttls xmpp" },
	{ "<stream", "an XMPP server: --starttls xmpp" },
};

const char *
mca_heard_guess(const struct mca_heard *heard)
{
	const mca_blob *begin = &heard->begin;

	for (size_t i = 0; i < sizeof(guesses) / sizeof(*guesses); i++) {
		size_t size = strlen(guesses[i].begin);

		if (begin->length >= size &&
		    memcmp(begin->bytes, guesses[i].begin, size) == 0)
			return guesses[i].guess;
	}
	if (begin->length > 4 && begin->bytes[3] == 0 && begin->bytes[4] == 10)
		return "a MySQL server: --starttls mysql";
	return "is there a protocol of its own before TLS? see --starttls";
}
