/*
 * minica/client.h - the clients whose rules are known.
 *
 * Each rule of the verifier says which of them refuse what breaks it; lint and
 * verify ask the same rows.  "webpki" stands for what the CA/Browser Forum
 * demands of public certificates.
 */
#ifndef MINICA_CLIENT_H
#define MINICA_CLIENT_H

#include "minica/text.h"

/* One client is a bit, several are a mask. */
enum mca_client {
	MCA_APPLE = 1,
	MCA_CHROME = 2,
	MCA_FIREFOX = 4,
	MCA_GO = 8,
	MCA_JAVA = 16,
	MCA_PYTHON = 32,
	MCA_OPENSSL = 64,
	MCA_GNUTLS = 128,
	MCA_WEBPKI = 256,
	MCA_EVERYONE = 511,
};

/* How many there are. */
#define MCA_CLIENTS 9

struct mca_client_row {
	enum mca_client client;
	const char *name; /* "python313" */
	const char *who; /* what is meant by it, and where its rules are from */
};

/* mca_clients returns MCA_CLIENTS rows, in the order of their bits. */
MCA_API const struct mca_client_row *mca_clients(void);

/*
 * mca_clients_parse reads "go,java" or "all" into a mask.  MCA_EUSAGE names
 * the word that is no client, and the nearest that is.
 */
MCA_API mca_code mca_clients_parse(unsigned *out, const char *list,
    struct mca_error *err);

/* mca_clients_text adds the names of a mask: "go, java". */
MCA_API void mca_clients_text(mca_text *out, unsigned clients);

#endif
