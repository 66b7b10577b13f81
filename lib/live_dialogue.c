/*
 * live_dialogue.c - what is said before TLS (live_parts.h).
 *
 * Protocols of lines are lists of exchanges here; those of packets are in
 * live_packet.c, XMPP in live_stanza.c.
 */
#include "error.h"
#include "live_parts.h"

#include "minica/text.h"

#include <string.h>
#include <strings.h>

/* How a reply is known to be over. */
enum form {
	CODE,  /* "220-more", "220 last" (RFC 5321, 4.2.1; RFC 959, 4.2) */
	LINE,  /* one line */
	TAGGED /* a line of our tag, after any number that begin with "* " */
};

struct exchange {
	enum form form;
	const char *wanted; /* how the reply begins */
	const char *offer;  /* a line of it that must be there, or NULL */
	const char *answer; /* what to say then; NULL: TLS begins */
};

/* The name in EHLO is one that nobody can have (RFC 2606, 2). */
static const struct exchange smtp[] = {
	{ CODE, "220", NULL, "EHLO minica.invalid\r\n" },
	{ CODE, "250", "STARTTLS", "STARTTLS\r\n" },
	{ CODE, "220", NULL, NULL },
};
static const struct exchange imap[] = {
	{ LINE, "* OK", NULL, "a STARTTLS\r\n" },
	{ TAGGED, "a OK", NULL, NULL },
};
static const struct exchange pop3[] = {
	{ LINE, "+OK", NULL, "STLS\r\n" },
	{ LINE, "+OK", NULL, NULL },
};
static const struct exchange ftp[] = {
	{ CODE, "220", NULL, "AUTH TLS\r\n" },
	{ CODE, "234", NULL, NULL },
};

static const struct exchange *const exchanges[] = {
	[MCA_STARTTLS_SMTP] = smtp,
	[MCA_STARTTLS_IMAP] = imap,
	[MCA_STARTTLS_POP3] = pop3,
	[MCA_STARTTLS_FTP] = ftp,
	[MCA_STARTTLS_XMPP] = NULL,
};

void
mca_dialogue_eat(struct mca_dialogue *dialogue, size_t length)
{
	dialogue->held_length -= length;
	memmove(dialogue->held, dialogue->held + length, dialogue->held_length);
}

void
mca_dialogue_say(struct mca_dialogue *dialogue, const void *text, size_t length)
{
	dialogue->out = text;
	dialogue->out_length = length;
}

static mca_code
refused(const char *line, size_t length, const struct exchange *exchange,
    struct mca_error *err)
{
	return mca_fail(err, MCA_EUNDECIDED,
	    "the server said \"%s\", where a reply beginning with \"%s\" was "
	    "wanted",
	    MCA_SHOW(line, length), exchange->wanted);
}

static bool
begins(const char *line, size_t length, const char *with)
{
	size_t size = strlen(with);

	return length >= size && strncasecmp(line, with, size) == 0;
}

/* "250 last" or a bare "250", whatever the digits. */
static bool
ends_reply(const char *line, size_t length)
{
	return length >= 3 && strspn(line, "0123456789") >= 3 &&
	    (length == 3 || line[3] == ' ');
}

static mca_code
take_code(struct mca_dialogue *dialogue, const struct exchange *exchange,
    const char *line, size_t length, bool *whole, struct mca_error *err)
{
	bool fits = begins(line, length, exchange->wanted);
	bool last = ends_reply(line, length);

	if (!fits && (last || !dialogue->multi))
		return refused(line, length, exchange, err);
	if (fits && !last && !dialogue->multi && line[3] != '-')
		return refused(line, length, exchange, err);
	if (exchange->offer != NULL && length > 4 &&
	    length - 4 == strlen(exchange->offer) &&
	    begins(line + 4, length - 4, exchange->offer))
		dialogue->offered = true;
	dialogue->multi = !last;
	*whole = last;
	if (last && exchange->offer != NULL && !dialogue->offered)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server does not offer %s", exchange->offer);
	return MCA_OK;
}

static mca_code
take_line(struct mca_dialogue *dialogue, const char *line, size_t length,
    struct mca_error *err)
{
	const struct exchange *exchange =
	    &exchanges[dialogue->protocol][dialogue->step];
	bool whole = true;

	if (exchange->form == TAGGED && begins(line, length, "* "))
		return MCA_OK;
	if (exchange->form == CODE) {
		if (take_code(dialogue, exchange, line, length, &whole, err) !=
		    MCA_OK)
			return err->code;
	} else if (!begins(line, length, exchange->wanted)) {
		return refused(line, length, exchange, err);
	}
	if (!whole)
		return MCA_OK;
	dialogue->step++;
	dialogue->done = exchange->answer == NULL;
	if (!dialogue->done)
		mca_dialogue_say(dialogue, exchange->answer,
		    strlen(exchange->answer));
	return MCA_OK;
}

static mca_code
step_lines(struct mca_dialogue *dialogue, bool *more, struct mca_error *err)
{
	char line[sizeof(dialogue->held) + 1];
	const uint8_t *end =
	    memchr(dialogue->held, '\n', dialogue->held_length);
	size_t length;

	*more = end != NULL;
	if (end == NULL)
		return MCA_OK;
	length = (size_t)(end - dialogue->held);
	memcpy(line, dialogue->held, length);
	mca_dialogue_eat(dialogue, length + 1);
	if (length > 0 && line[length - 1] == '\r')
		length--;
	line[length] = '\0';
	return take_line(dialogue, line, length, err);
}

static mca_dialogue_step *const steps[] = {
	[MCA_STARTTLS_SMTP] = step_lines,
	[MCA_STARTTLS_IMAP] = step_lines,
	[MCA_STARTTLS_POP3] = step_lines,
	[MCA_STARTTLS_LDAP] = mca_dialogue_ldap,
	[MCA_STARTTLS_POSTGRES] = mca_dialogue_postgres,
	[MCA_STARTTLS_MYSQL] = mca_dialogue_mysql,
	[MCA_STARTTLS_FTP] = step_lines,
	[MCA_STARTTLS_XMPP] = mca_dialogue_xmpp,
};

void
mca_dialogue_begin(struct mca_dialogue *dialogue, enum mca_starttls protocol,
    const char *domain)
{
	memset(dialogue, 0, sizeof(*dialogue));
	dialogue->protocol = protocol;
	if (protocol == MCA_STARTTLS_LDAP)
		mca_dialogue_hello_ldap(dialogue);
	else if (protocol == MCA_STARTTLS_POSTGRES)
		mca_dialogue_hello_postgres(dialogue);
	else if (protocol == MCA_STARTTLS_XMPP)
		mca_dialogue_hello_xmpp(dialogue, domain);
}

static mca_code
take_all(struct mca_dialogue *dialogue, struct mca_error *err)
{
	bool more = true;

	/* What is to be sent goes first; the rest waits for more to come. */
	while (more && !dialogue->done && dialogue->out_length == 0) {
		mca_code code = steps[dialogue->protocol](dialogue, &more, err);

		if (code != MCA_OK)
			return code;
	}
	if (dialogue->done && dialogue->held_length > 0)
		return mca_fail(err, MCA_EUNDECIDED,
		    "%zu bytes follow the last reply before TLS begins: "
		    "somebody on the way may have put them there",
		    dialogue->held_length);
	return MCA_OK;
}

mca_code
mca_dialogue_feed(struct mca_dialogue *dialogue, const uint8_t *bytes,
    size_t length, struct mca_error *err)
{
	dialogue->out_length = 0;
	dialogue->total += length;
	if (dialogue->total > MCA_LIMIT_LIVE_DIALOGUE)
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server said more than the limit of %d bytes before "
		    "TLS",
		    MCA_LIMIT_LIVE_DIALOGUE);
	while (length > 0) {
		size_t room = sizeof(dialogue->held) - dialogue->held_length;
		size_t part = length < room ? length : room;

		if (part == 0)
			return mca_fail(err, MCA_EUNDECIDED,
			    "a reply is longer than the limit of %d bytes",
			    MCA_LIMIT_LIVE_LINE);
		memcpy(dialogue->held + dialogue->held_length, bytes, part);
		dialogue->held_length += part;
		bytes += part;
		length -= part;
		if (take_all(dialogue, err) != MCA_OK)
			return err->code;
	}
	return MCA_OK;
}
