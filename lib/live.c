/*
 * live.c - see minica/live.h; live_parts.h lists the parts.
 */
#include "error.h"
#include "live_parts.h"

#include "minica/owned.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
mca_live_clear(mca_live *live)
{
	mca_certs_clear(&live->sent);
	mca_blob_clear(&live->ocsp);
	memset(live, 0, sizeof(*live));
}

static mca_code
find_and_connect(mca_live *live, struct mca_wire *wire,
    const struct mca_endpoint *endpoint, struct mca_error *err)
{
	struct addrinfo *found = NULL;
	mca_code code = mca_live_resolve(&found, wire, endpoint, err);

	if (code != MCA_OK)
		return code;
	code = mca_live_connect(wire, live->address, sizeof(live->address),
	    found, err);
	freeaddrinfo(found);
	return code;
}

static mca_code
talk(struct mca_dialogue *dialogue, struct mca_wire *wire,
    struct mca_error *err)
{
	uint8_t bytes[1024];
	struct mca_error refusal;
	size_t got;

	for (;;) {
		if (mca_wire_write(wire, dialogue->out, dialogue->out_length,
			err) != MCA_OK)
			return err->code;
		if (dialogue->done)
			break;
		if (mca_wire_read(wire, bytes, sizeof(bytes), &got, err) !=
		    MCA_OK)
			return err->code;
		if (mca_dialogue_feed(dialogue, bytes, got, &refusal) != MCA_OK)
			return mca_wire_fail(wire, err, "%s", refusal.text);
	}
	if (!mca_wire_is_quiet(wire))
		return mca_wire_fail(wire, err,
		    "the server goes on talking where TLS should begin: "
		    "somebody on the way may have put that there");
	return MCA_OK;
}

static mca_code
go_over(struct mca_wire *wire, const struct mca_live_options *options,
    struct mca_error *err)
{
	struct mca_dialogue *dialogue;
	const char *domain = options->servername;
	char step[32];
	mca_code code;

	if (options->starttls == MCA_STARTTLS_NONE)
		return MCA_OK;
	dialogue = malloc(sizeof(*dialogue));
	if (dialogue == NULL)
		return mca_fail_memory(err);
	(void)snprintf(step, sizeof(step), "STARTTLS (%s)",
	    mca_starttls_name(options->starttls));
	mca_wire_step(wire, step);
	mca_dialogue_begin(dialogue, options->starttls,
	    domain == NULL ? options->endpoint->host.text : domain);
	code = talk(dialogue, wire, err);
	wire->step = "STARTTLS";
	free(dialogue);
	return code;
}

static mca_code
fetch(mca_live *live, struct mca_wire *wire,
    const struct mca_live_options *options, struct mca_error *err)
{
	if (options->servername != NULL)
		(void)snprintf(live->servername, sizeof(live->servername), "%s",
		    options->servername);
	if (find_and_connect(live, wire, options->endpoint, err) != MCA_OK ||
	    go_over(wire, options, err) != MCA_OK)
		return err->code;
	return mca_live_tls(live, wire, options->key, err);
}

mca_code
mca_live_fetch(mca_live *out, const struct mca_live_options *options,
    struct mca_error *err)
{
	struct mca_wire wire = { .fd = -1, .seconds = options->seconds };
	mca_live live = { 0 };
	mca_code code = fetch(&live, &wire, options, err);

	if (wire.fd >= 0)
		(void)close(wire.fd);
	if (code != MCA_OK) {
		mca_live_clear(&live);
		return mca_within(err, "%s", options->endpoint->text);
	}
	*out = live;
	return MCA_OK;
}
