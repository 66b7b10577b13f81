/*
 * live_parts.h - the parts of a fetch from a live server.
 *
 *	live.c		the steps in their order
 *	live_resolve.c	addresses of a name, within the time limit
 *	live_connect.c	the first of them that answers
 *	live_wire.c	bytes to and from it, within the time limit
 *	live_dialogue.c	what is said before TLS (live_packet.c, live_stanza.c)
 *	live_tls.c	the handshake, which is libssl's
 *	live_message.c	the chain as it was sent
 *	live_chain.c	what is wrong with its order
 *	live_judge.c	whether it may be believed
 */
#ifndef MCA_LIVE_PARTS_H
#define MCA_LIVE_PARTS_H

#include "minica/limits.h"
#include "minica/live.h"

#include <netdb.h>

/* The connection, and the step that it is in. */
struct mca_wire {
	int fd; /* -1: there is none */
	int64_t seconds;
	const char *step; /* "connecting" */
	int64_t began;	  /* the step, in milliseconds */
	size_t received;  /* in all */
};

/* mca_wire_step begins a step, and with it a new time limit. */
void mca_wire_step(struct mca_wire *wire, const char *step);

/* mca_wire_left returns the milliseconds left of the step, 0 when over. */
int mca_wire_left(const struct mca_wire *wire);

/*
 * mca_wire_fail records MCA_EUNDECIDED: the step, what went wrong, and after
 * how long; mca_wire_late that nothing came within the limit.
 */
mca_code mca_wire_fail(const struct mca_wire *wire, struct mca_error *err,
    const char *fmt, ...) MCA_PRINTF(3, 4);
mca_code mca_wire_late(const struct mca_wire *wire, struct mca_error *err);

/* mca_wire_read waits for bytes; that none will come any more is an error. */
mca_code mca_wire_read(struct mca_wire *wire, uint8_t *out, size_t size,
    size_t *got, struct mca_error *err);
mca_code mca_wire_write(struct mca_wire *wire, const uint8_t *bytes,
    size_t length, struct mca_error *err);

/* mca_wire_is_quiet says whether nothing has come that was not read. */
bool mca_wire_is_quiet(const struct mca_wire *wire);

/* mca_live_resolve finds addresses; the caller frees them (freeaddrinfo). */
mca_code mca_live_resolve(struct addrinfo **out, struct mca_wire *wire,
    const struct mca_endpoint *endpoint, struct mca_error *err);

/* mca_live_connect opens `wire` and writes whom it leads to. */
mca_code mca_live_connect(struct mca_wire *wire, char *address, size_t size,
    const struct addrinfo *found, struct mca_error *err);

/*
 * What is said before TLS, as a machine without a network: bytes of the server
 * are fed to it, and after each feeding `out` is to be sent, until it is done.
 */
struct mca_dialogue {
	enum mca_starttls protocol;
	const uint8_t *out;
	size_t out_length;
	bool done;

	size_t step;	 /* of the protocol's own list */
	bool multi;	 /* within a reply of several lines */
	bool offered;	 /* STARTTLS was among them */
	char hello[512]; /* what `out` points to, if it is made here */
	uint8_t held[MCA_LIMIT_LIVE_LINE]; /* not yet understood */
	size_t held_length, total;
};

/* mca_dialogue_begin starts one with the server of `domain`. */
void mca_dialogue_begin(struct mca_dialogue *dialogue,
    enum mca_starttls protocol, const char *domain);

/*
 * mca_dialogue_feed takes what the server said; MCA_EUNDECIDED when it refuses,
 * makes no sense, or says more than the reply it was asked for: what stands
 * before the handshake may be anyone's (CVE-2011-0411).
 */
mca_code mca_dialogue_feed(struct mca_dialogue *dialogue, const uint8_t *bytes,
    size_t length, struct mca_error *err);

/* mca_dialogue_eat removes what has been understood. */
void mca_dialogue_eat(struct mca_dialogue *dialogue, size_t length);

/* mca_dialogue_say puts `text`, which outlives it, into `out`. */
void mca_dialogue_say(struct mca_dialogue *dialogue, const void *text,
    size_t length);

/*
 * What one protocol does with what is held: it eats one reply, and says in
 * `*more` whether that was there as a whole.
 */
typedef mca_code mca_dialogue_step(struct mca_dialogue *dialogue, bool *more,
    struct mca_error *err);
mca_dialogue_step mca_dialogue_ldap, mca_dialogue_postgres, mca_dialogue_mysql,
    mca_dialogue_xmpp;

/* mca_dialogue_hello_* say what the client begins with. */
void mca_dialogue_hello_ldap(struct mca_dialogue *dialogue);
void mca_dialogue_hello_postgres(struct mca_dialogue *dialogue);
void mca_dialogue_hello_xmpp(struct mca_dialogue *dialogue, const char *domain);

/* What went past in the handshake, noted by libssl's message callback. */
struct mca_heard {
	unsigned version; /* of the ServerHello: 0x0301 is TLS 1.0 */
	bool asks_client; /* a CertificateRequest */
	bool finished;	  /* the client's Finished was sent */
	bool lost;	  /* memory ran out */
	mca_blob chain;	  /* the Certificate message, with its header */
	mca_blob begin;	  /* the first bytes, to tell what else it may be */
};

void mca_heard_clear(struct mca_heard *heard);

/* mca_heard_message notes one handshake message, header included. */
void mca_heard_message(struct mca_heard *heard, bool ours, const uint8_t *bytes,
    size_t length);

/* mca_heard_chain adds the certificates of the Certificate message to `out`. */
mca_code mca_heard_chain(mca_certs *out, const struct mca_heard *heard,
    bool tls13, struct mca_error *err);

/* mca_heard_guess says what speaks like `begin`, which is not TLS. */
const char *mca_heard_guess(const struct mca_heard *heard);

/* mca_live_tls shakes hands and keeps what was served; `key` as in the options.
 */
mca_code mca_live_tls(mca_live *out, struct mca_wire *wire, const char *key,
    struct mca_error *err);

/* mca_live_check_chain adds findings about the order of the chain. */
void mca_live_check_chain(const mca_live *live, mca_findings *out);

/* mca_live_sent returns the place of `cert` in the chain, or its length. */
size_t mca_live_sent(const mca_live *live, const mca_cert *cert);

#endif
