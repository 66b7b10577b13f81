/*
 * minica/csr.h - certificate signing requests (PKCS #10, RFC 2986).
 *
 * A csr that exists is honest: its signature verified with its own key when
 * it was parsed.  The exception is one whose key must not be used at all
 * (MCA_WEAK_UNSAFE): it can be read, and is good for nothing but being refused.
 * A csr is immutable and may be shared between threads.
 */
#ifndef MINICA_CSR_H
#define MINICA_CSR_H

#include "minica/blob.h"
#include "minica/key.h"
#include "minica/name.h"
#include "minica/san.h"

typedef struct mca_csr mca_csr;

/*
 * mca_csr_parse reads one request, PEM or DER.  MCA_EFORMAT if the bytes are
 * not exactly one request in DER, if its proof of possession fails, or if it
 * is longer than MCA_LIMIT_REQUEST.
 */
MCA_API mca_code mca_csr_parse(mca_csr **out, const uint8_t *bytes,
    size_t length, struct mca_error *err);
MCA_API void mca_csr_free(mca_csr *csr);
MCA_OWNED(mca_csr, mca_csr_free)

/* A file ("-" is standard input), and what was found in it. */
struct mca_csr_file {
	const char *path;

	/* Filled; `csr` is the caller's to free, NULL unless `code` is MCA_OK.
	 */
	mca_csr *csr;
	mca_code code;
	struct mca_error err;
};

/*
 * mca_csr_read reads and parses them all, on all cores; each has a code of its
 * own, as of mca_file_read and mca_csr_parse.
 */
MCA_API void mca_csr_read(struct mca_csr_file *files, size_t count);

/*
 * mca_csr_is_proven says whether the sender has shown to hold the key: not so
 * when that breaks a rule of MCA_WEAK_UNSAFE, for which every review refuses
 * it.
 */
MCA_API bool mca_csr_is_proven(const mca_csr *csr);

/* mca_csr_new makes a request for `subject` and `san`, signed by `key`. */
MCA_API mca_code mca_csr_new(mca_csr **out, const mca_key *key,
    const mca_name *subject, const mca_san *san, struct mca_error *err);

/* What the request holds; all of it lives as long as `csr`. */
MCA_API const uint8_t *mca_csr_der(const mca_csr *csr, size_t *length);
MCA_API const mca_name *mca_csr_subject(const mca_csr *csr);
MCA_API const mca_spki *mca_csr_spki(const mca_csr *csr);
MCA_API const mca_san *mca_csr_san(const mca_csr *csr);

/* mca_csr_signature_algorithm returns libcrypto's name: "ecdsa-with-SHA256" */
MCA_API const char *mca_csr_signature_algorithm(const mca_csr *csr);

/*
 * An extension that the request asks for, SAN included.  `asks` says in words
 * what a known one holds ("CA:TRUE", "digitalSignature, keyCertSign").
 */
struct mca_csr_extension {
	const char *oid;  /* "2.5.29.19" */
	const char *name; /* "basicConstraints", or the OID again */
	const char *asks;
	bool critical;
	size_t times; /* how often the request holds it: more than 1 is wrong */

	/* Of an extKeyUsage, the usages as dotted OIDs. */
	const char *const *usages;
	size_t usage_count;
};

/* The extensions asked for, in the order of the request. */
MCA_API size_t mca_csr_extension_count(const mca_csr *csr);
MCA_API const struct mca_csr_extension *mca_csr_extension_at(const mca_csr *csr,
    size_t i);

/*
 * The other attributes, in the order of the request, by libcrypto's name or
 * OID ("challengePassword").  Their values are not shown: one is a password.
 */
MCA_API size_t mca_csr_attribute_count(const mca_csr *csr);
MCA_API const char *mca_csr_attribute_at(const mca_csr *csr, size_t i);

#endif
