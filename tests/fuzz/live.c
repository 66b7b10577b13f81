/*
 * live.c - what a server says: before TLS, in the pieces that the first octets
 * choose, and as the Certificate message of a handshake.
 */
#include "live_parts.h"

#include "fuzz.h"

void
fuzz_begin(void)
{
}

static void
talk(enum mca_starttls protocol, size_t step, const uint8_t *bytes,
    size_t length)
{
	static struct mca_dialogue dialogue;
	struct mca_error err = { 0 };

	memset(&dialogue, 0, sizeof(dialogue));
	mca_dialogue_begin(&dialogue, protocol, "example.org");
	while (length > 0 && !dialogue.done) {
		size_t part = step < length ? step : length;

		if (mca_dialogue_feed(&dialogue, bytes, part, &err) != MCA_OK) {
			show_error(&err);
			return;
		}
		if (dialogue.out_length > 0)
			fuzz_require(dialogue.out != NULL);
		bytes += part;
		length -= part;
	}
}

static void
shake(bool tls13, const uint8_t *bytes, size_t length)
{
	struct mca_heard heard = { 0 };
	scoped(mca_certs) certs = { 0 };
	struct mca_error err = { 0 };

	mca_heard_message(&heard, false, bytes, length);
	if (mca_heard_chain(&certs, &heard, tls13, &err) != MCA_OK)
		show_error(&err);
	mca_heard_clear(&heard);
	fuzz_require(
	    mca_blob_copy(&heard.begin, bytes, length, &err) == MCA_OK);
	show_text(mca_heard_guess(&heard));
	mca_heard_clear(&heard);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	if (length < 2)
		return;
	talk(1 + bytes[0] % MCA_STARTTLS_XMPP, 1 + bytes[1], bytes + 2,
	    length - 2);
	shake(bytes[0] >= 128, bytes + 2, length - 2);
}
