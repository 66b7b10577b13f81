/*
 * live.h - verify --connect: what a server sends, and how it is told.
 */
#ifndef CMD_LIVE_H
#define CMD_LIVE_H

#include "output.h"

struct live_args {
	const char *connect, *starttls, *servername, *save;
	struct number timeout;
	bool force;
};

/* A server, and what it sent; zeros are none. */
typedef struct live {
	const struct live_args *args;
	struct mca_endpoint endpoint;
	struct mca_reference servername; /* "" unless --servername */
	enum mca_starttls starttls;
	mca_live served;
} live;

/*
 * live_begin reads the options, which must outlive the server; MCA_EUSAGE for
 * those that make no sense, or none without --connect.
 */
mca_code live_begin(live *server, const struct live_args *args,
    struct mca_error *err);

/*
 * live_fetch asks the server, telling it the name of --servername or else of
 * `reference` if that is a DNS name, and keeps what --save asks for.
 */
mca_code live_fetch(live *server, const struct session *s,
    const struct mca_reference *reference, struct mca_error *err);

/* live_tell prints the connection and the chain; `row` is of the document. */
void live_tell(const struct session *s, json_t *row, const live *server,
    const struct mca_ocsp *ocsp);

void live_clear(live *server);

#endif
