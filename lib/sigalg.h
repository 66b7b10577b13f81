/*
 * sigalg.h - signature algorithms as certificates and CRLs name them.
 */
#ifndef MCA_SIGALG_H
#define MCA_SIGALG_H

#include "ossl.h"

/* A signature algorithm, taken apart. */
struct mca_sigalg {
	int key;    /* NID of the key's algorithm, NID_undef if unknown */
	int digest; /* NID, or NID_undef where the algorithm brings its own */
	int bits;   /* against collisions; 0 if it cannot be said */
	bool parameters_fit;
	char name[64];
};

void mca_sigalg_read(struct mca_sigalg *out, const X509_ALGOR *algorithm);

/*
 * The least strength in bits of a key or digest that is believed: level 2 of
 * libcrypto's scale, RSA of 2048 bits and curves of 224.
 */
#define MCA_LEAST_BITS 112
#define MCA_LEAST_RSA_BITS 2048

/*
 * mca_key_flaw says why nothing signed with `key` is believed, or returns
 * NULL.  mca_key_too_large says whether checking would take too long.
 */
const char *mca_key_flaw(const EVP_PKEY *key);
bool mca_key_too_large(const EVP_PKEY *key);

#endif
