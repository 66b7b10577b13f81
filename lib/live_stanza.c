/*
 * live_stanza.c - XMPP before TLS (RFC 6120, 5.4; live_parts.h).
 *
 * Nothing but three elements matters, so nothing else is parsed: what is
 * looked for is looked for as text.
 */
#include "error.h"
#include "live_parts.h"

#include "minica/text.h"

#include <stdio.h>
#include <string.h>

#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* A host in normal form has no character that XML would mind. */
void
mca_dialogue_hello_xmpp(struct mca_dialogue *dialogue, const char *domain)
{
	int length = snprintf(dialogue->hello, sizeof(dialogue->hello),
	    "<?xml version='1.0'?><stream:stream to='%.253s' version='1.0' "
	    "xmlns='jabber:client' "
	    "xmlns:stream='http://etherx.jabber.org/streams'>",
	    domain);

	mca_dialogue_say(dialogue, dialogue->hello, (size_t)length);
}

/* Returns how many bytes reach to the end of `text`, 0 if it is not there. */
static size_t
reach(const struct mca_dialogue *dialogue, const char *text)
{
	const uint8_t *found =
	    memmem(dialogue->held, dialogue->held_length, text, strlen(text));

	return found == NULL ? 0
			     : (size_t)(found - dialogue->held) + strlen(text);
}

static mca_code
refused(const struct mca_dialogue *dialogue, struct mca_error *err)
{
	return mca_fail(err, MCA_EUNDECIDED, "the server refuses: \"%s\"",
	    MCA_SHOW((const char *)dialogue->held, dialogue->held_length));
}

static mca_code
take_features(struct mca_dialogue *dialogue, struct mca_error *err)
{
	size_t end = reach(dialogue, "</stream:features>");
	size_t none = reach(dialogue, "<stream:features/>");
	size_t offer = reach(dialogue, "<starttls");

	if (none > 0 || (end > 0 && (offer == 0 || offer > end)))
		return mca_fail(err, MCA_EUNDECIDED,
		    "the server does not offer starttls");
	if (end == 0)
		return MCA_OK;
	mca_dialogue_eat(dialogue, end);
	mca_dialogue_say(dialogue, STARTTLS, sizeof(STARTTLS) - 1);
	dialogue->step++;
	return MCA_OK;
}

/* "<proceed .../>" or "<proceed ...></proceed>". */
static mca_code
take_proceed(struct mca_dialogue *dialogue, struct mca_error *err)
{
	size_t begin = reach(dialogue, "<proceed");
	const uint8_t *end = begin == 0 ? NULL
					: memchr(dialogue->held + begin, '>',
					      dialogue->held_length - begin);
	size_t length;

	(void)err;
	if (end == NULL)
		return MCA_OK;
	length = end[-1] == '/' ? (size_t)(end + 1 - dialogue->held)
				: reach(dialogue, "</proceed>");
	if (length == 0)
		return MCA_OK;
	dialogue->done = true;
	mca_dialogue_eat(dialogue, length);
	return MCA_OK;
}

mca_code
mca_dialogue_xmpp(struct mca_dialogue *dialogue, bool *more,
    struct mca_error *err)
{
	*more = false;
	if (reach(dialogue, "<stream:error") > 0 ||
	    reach(dialogue, "<failure") > 0 ||
	    reach(dialogue, "</stream:stream>") > 0)
		return refused(dialogue, err);
	return dialogue->step == 0 ? take_features(dialogue, err)
				   : take_proceed(dialogue, err);
}
