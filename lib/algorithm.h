/*
 * algorithm.h - key algorithms by name, ours and libcrypto's.
 */
#ifndef MCA_ALGORITHM_H
#define MCA_ALGORITHM_H

#include "error.h"
#include "minica/text.h"

#include <openssl/evp.h>

#define MCA_ALGORITHM_TEXT 64

/* One row of the algorithms that have names of ours. */
struct mca_algorithm {
	const char *name;  /* "ec-p256" */
	const char *type;  /* libcrypto's key type: "EC" */
	const char *group; /* of an EC key: "P-256" */
	size_t bits;	   /* of an RSA key */
};

/* mca_algorithm_find returns the row of `name`, or NULL. */
const struct mca_algorithm *mca_algorithm_find(const char *name);

/* mca_algorithm_names returns all names, ended by NULL. */
const char *const *mca_algorithm_names(void);

/*
 * mca_algorithm_absent adds, for the name of an algorithm that this libcrypto
 * lacks and a later one has, a sentence that says so; nothing for others.
 */
void mca_algorithm_absent(mca_text *out, const char *name);

/* mca_algorithm_curve returns "ec-p256", ... of a curve's NID, or NULL. */
const char *mca_algorithm_curve(int nid);

/* mca_algorithm_of writes the name of a key's algorithm and returns `out`. */
const char *mca_algorithm_of(char out[MCA_ALGORITHM_TEXT], const EVP_PKEY *key);

/*
 * mca_algorithm_digest returns the digest to sign with a key: as strong as the
 * key, NULL when the algorithm has its own (Ed25519).
 */
const EVP_MD *mca_algorithm_digest(const EVP_PKEY *key);

#endif
