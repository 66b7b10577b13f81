/*
 * minica/live.h - what a TLS server really serves.
 *
 * A fetch connects, goes over to TLS 1.2 or 1.3, keeps what was sent and hangs
 * up.  Nothing that was sent is believed on the way; mca_live_judge hands the
 * chain to a verifier and adds what is wrong with the serving of it.
 *
 * Each step (resolving, connecting, STARTTLS, handshake, closing) has a time
 * limit, measured on the monotonic clock, and everything received a cap.
 */
#ifndef MINICA_LIVE_H
#define MINICA_LIVE_H

#include "minica/ocsp.h"
#include "minica/verify.h"

/* How the protocol of a server goes over to TLS. */
enum mca_starttls {
	MCA_STARTTLS_NONE, /* TLS from the first byte */
	MCA_STARTTLS_SMTP,
	MCA_STARTTLS_IMAP,
	MCA_STARTTLS_POP3,
	MCA_STARTTLS_LDAP,
	MCA_STARTTLS_POSTGRES,
	MCA_STARTTLS_MYSQL,
	MCA_STARTTLS_FTP,
	MCA_STARTTLS_XMPP,
};

/* mca_starttls_find reads "smtp", "imap", ...; MCA_EUSAGE for others. */
MCA_API mca_code mca_starttls_find(enum mca_starttls *out, const char *name,
    struct mca_error *err);

/* mca_starttls_name returns "smtp", ..., and "" for none. */
MCA_API const char *mca_starttls_name(enum mca_starttls starttls);

/* Where a server listens. */
struct mca_endpoint {
	struct mca_reference host; /* a DNS name or an address */
	uint16_t port;
	char text[340]; /* "example.com:443", "[2001:db8::1]:443" */
};

/*
 * mca_endpoint_parse reads HOST:PORT, an IPv6 address in brackets; MCA_EUSAGE
 * with what to write instead.
 */
MCA_API mca_code mca_endpoint_parse(struct mca_endpoint *out, const char *text,
    struct mca_error *err);

struct mca_live_options {
	const struct mca_endpoint *endpoint;
	enum mca_starttls starttls;
	const char *servername; /* told the server (RFC 6066, 3), or NULL */
	/*
	 * "rsa-2048", "ec-p256", ...: signatures of such keys alone are taken,
	 * so that a server with several certificates sends that one; or NULL.
	 */
	const char *key;
	int64_t seconds; /* limit of each step */
};

/* What was served; zeros are empty. */
typedef struct mca_live {
	char address[64];     /* that answered: "192.0.2.1:443" */
	char servername[256]; /* that it was told; "" for none */
	char protocol[16];    /* "TLSv1.3" */
	char cipher[64];      /* "TLS_AES_128_GCM_SHA256" */
	char key_exchange[64];
	bool forward_secret; /* a key stolen later does not open this */
	bool asks_client;    /* it asked for a certificate of the client */
	char broke_off[256]; /* why it hung up once it had proven itself */
	mca_certs sent;	     /* at least one, in the order sent */
	mca_blob ocsp;	     /* the stapled response, or empty */
} mca_live;

MCA_API void mca_live_clear(mca_live *live);
MCA_SCOPED(mca_live, mca_live_clear)

/*
 * mca_live_fetch asks a server once.  MCA_EUNDECIDED when there is nothing to
 * judge (no such host, no connection, not TLS, a protocol too old), saying
 * which step failed after how long; `*out` is then untouched.
 */
MCA_API mca_code mca_live_fetch(mca_live *out,
    const struct mca_live_options *options, struct mca_error *err);

/*
 * mca_live_judge is mca_verify of the first certificate sent, with the others
 * as candidates.  Findings about the serving (MC-V-LIVE-...) and about the
 * stapled response (MC-V-OCSP-...), which `*ocsp` is filled from, are added;
 * they too decide the answer.
 */
MCA_API mca_code mca_live_judge(mca_verdict *out, struct mca_ocsp *ocsp,
    const mca_live *live, const mca_verifier *verifier,
    const struct mca_reference *reference, struct mca_error *err);

#endif
