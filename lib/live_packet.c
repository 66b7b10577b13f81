/*
 * live_packet.c - LDAP, PostgreSQL and MySQL before TLS (live_parts.h).
 */
#include "error.h"
#include "live_parts.h"

#include "minica/text.h"

#include <string.h>

/*
 * LDAP (RFC 4511, 4.14): an LDAPMessage with the messageID 1 that holds an
 * ExtendedRequest of the OID 1.3.6.1.4.1.1466.20037; the reply is an
 * ExtendedResponse, [APPLICATION 24].
 */
static const char ldap_request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
				   "1.3.6.1.4.1.1466.20037";

void
mca_dialogue_hello_ldap(struct mca_dialogue *dialogue)
{
	mca_dialogue_say(dialogue, ldap_request, sizeof(ldap_request) - 1);
}

/* BER as far as it is needed here: what is still to be read. */
struct ber {
	const uint8_t *at;
	size_t left;
};

/*
 * Reads the header of an element of that tag; false when it is another one or
 * more bytes are needed (`*cut`).  Lengths may be written longer than needed.
 */
static bool
ber_header(struct ber *ber, uint8_t tag, size_t *length, bool *cut)
{
	size_t bytes, used = 2;

	*cut = ber->left < 2;
	if (*cut || ber->at[0] != tag)
		return false;
	*length = ber->at[1];
	if (*length >= 0x80) {
		bytes = *length - 0x80;
		*length = 0;
		if (bytes == 0 || bytes > 4)
			return false;
		*cut = ber->left < 2 + bytes;
		for (; !*cut && bytes > 0; bytes--)
			*length = *length << 8 | ber->at[used++];
		if (*cut)
			return false;
	}
	ber->at += used;
	ber->left -= used;
	return true;
}

static bool
ber_number(struct ber *ber, uint8_t tag, unsigned *out)
{
	size_t length;
	bool cut;

	if (!ber_header(ber, tag, &length, &cut) || length != 1 ||
	    ber->left < 1)
		return false;
	*out = ber->at[0];
	ber->at++;
	ber->left--;
	return true;
}

static bool
ldap_result(struct ber ber, unsigned *result)
{
	unsigned id;
	size_t length;
	bool cut;

	return ber_number(&ber, 0x02, &id) && id == 1 &&
	    ber_header(&ber, 0x78, &length, &cut) && length <= ber.left &&
	    ber_number(&ber, 0x0a, result);
}

mca_code
mca_dialogue_ldap(struct mca_dialogue *dialogue, bool *more,
    struct mca_error *err)
{
	struct ber ber = { dialogue->held, dialogue->held_length };
	size_t length = 0;
	unsigned result;
	bool cut;

	*more = false;
	if (!ber_header(&ber, 0x30, &length, &cut)) {
		if (cut)
			return MCA_OK;
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server's reply is not an LDAP message: \"%s\"",
		    MCA_SHOW((const char *)dialogue->held,
			dialogue->held_length));
	}
	if (length > ber.left)
		return MCA_OK;
	if (!ldap_result((struct ber){ ber.at, length }, &result))
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server's reply is no ExtendedResponse");
	if (result != 0)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server refuses StartTLS: LDAP result code %u", result);
	dialogue->done = true;
	mca_dialogue_eat(dialogue, (size_t)(ber.at - dialogue->held) + length);
	return MCA_OK;
}

/* PostgreSQL: SSLRequest, a message of 8 bytes; "S" or "N" comes back. */
static const char postgres_request[] = "\x00\x00\x00\x08\x04\xd2\x16\x2f";

void
mca_dialogue_hello_postgres(struct mca_dialogue *dialogue)
{
	mca_dialogue_say(dialogue, postgres_request,
	    sizeof(postgres_request) - 1);
}

mca_code
mca_dialogue_postgres(struct mca_dialogue *dialogue, bool *more,
    struct mca_error *err)
{
	*more = false;
	if (dialogue->held_length == 0)
		return MCA_OK;
	if (dialogue->held[0] == 'N')
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server does not offer TLS");
	if (dialogue->held[0] != 'S')
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server said \"%s\", where S or N was wanted",
		    MCA_SHOW((const char *)dialogue->held,
			dialogue->held_length));
	dialogue->done = true;
	mca_dialogue_eat(dialogue, 1);
	return MCA_OK;
}

/*
 * MySQL, protocol version 10: the server greets with what it can do, and the
 * client answers with a handshake response cut off after its capabilities.
 * These are CLIENT_PROTOCOL_41, CLIENT_SSL and CLIENT_SECURE_CONNECTION; then
 * follow the largest packet and the character set (utf8mb4).
 */
#define MYSQL_VERSION 10
#define MYSQL_ERROR 0xff
#define MYSQL_CAN_TLS 0x08

static const char mysql_request[36] = "\x20\x00\x00\x01"
				      "\x00\x8a\x00\x00"
				      "\x00\x00\x00\x01"
				      "\x2d";

/* Capabilities stand after the version, thread, salt and a zero byte. */
static bool
mysql_offers_tls(const uint8_t *packet, size_t length)
{
	const uint8_t *end = memchr(packet, '\0', length);
	size_t at = end == NULL ? length : (size_t)(end - packet) + 1 + 13;

	return at + 2 <= length && (packet[at + 1] & MYSQL_CAN_TLS) != 0;
}

static mca_code
mysql_greeting(const uint8_t *packet, size_t length, struct mca_error *err)
{
	if (length > 3 && packet[0] == MYSQL_ERROR)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server refuses: \"%s\"",
		    MCA_SHOW((const char *)packet + 3, length - 3));
	if (length < 2 || packet[0] != MYSQL_VERSION)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server's greeting is not MySQL's, version 10: \"%s\"",
		    MCA_SHOW((const char *)packet, length));
	if (!mysql_offers_tls(packet + 1, length - 1))
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server does not offer TLS");
	return MCA_OK;
}

mca_code
mca_dialogue_mysql(struct mca_dialogue *dialogue, bool *more,
    struct mca_error *err)
{
	const uint8_t *held = dialogue->held;
	size_t length;

	*more = false;
	if (dialogue->held_length < 4)
		return MCA_OK;
	length = (size_t)(held[0] | held[1] << 8 | held[2] << 16);
	if (length + 4 > sizeof(dialogue->held))
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server's greeting is not MySQL's: \"%s\"",
		    MCA_SHOW((const char *)held, dialogue->held_length));
	if (length + 4 > dialogue->held_length)
		return MCA_OK;
	if (mysql_greeting(held + 4, length, err) != MCA_OK)
		return err->code;
	dialogue->done = true;
	mca_dialogue_say(dialogue, mysql_request, sizeof(mysql_request));
	mca_dialogue_eat(dialogue, length + 4);
	return MCA_OK;
}
