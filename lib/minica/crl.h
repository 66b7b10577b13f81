/*
 * minica/crl.h - certificate revocation lists (RFC 5280, section 5).
 *
 * A crl that exists is one whole DER-encoded list that libcrypto could parse.
 * Its signature is checked by who uses it, with the key of its issuer.  It is
 * immutable and may be shared between threads.
 */
#ifndef MINICA_CRL_H
#define MINICA_CRL_H

#include "minica/cert.h"

typedef struct mca_crl mca_crl;

/* mca_crl_parse reads exactly one CRL, DER. */
MCA_API mca_code mca_crl_parse(mca_crl **out, const uint8_t *der, size_t length,
    struct mca_error *err);
MCA_API void mca_crl_free(mca_crl *crl);
MCA_OWNED(mca_crl, mca_crl_free)

/* What the list holds; all of it lives as long as `crl`. */
MCA_API const uint8_t *mca_crl_der(const mca_crl *crl, size_t *length);
MCA_API const mca_name *mca_crl_issuer(const mca_crl *crl);

/* mca_crl_number returns lower-case hex, or NULL without a cRLNumber. */
MCA_API const char *mca_crl_number(const mca_crl *crl);
MCA_API mca_time mca_crl_this_update(const mca_crl *crl);

/* mca_crl_next_update returns INT64_MIN without one: such a list is stale. */
MCA_API mca_time mca_crl_next_update(const mca_crl *crl);
MCA_API size_t mca_crl_count(const mca_crl *crl);
MCA_API const char *mca_crl_signature_algorithm(const mca_crl *crl);

/* mca_crl_is_signed_by says whether `key` verifies the signature. */
MCA_API bool mca_crl_is_signed_by(const mca_crl *crl, const mca_spki *key);

/* One revoked certificate; `serial` is hex. */
struct mca_crl_entry {
	const char *serial;
	mca_time revoked;
	int reason;		/* RFC 5280, 5.3.1; 0 without one */
	mca_time invalid_since; /* invalidityDate; 0 without one */
};
typedef mca_code mca_crl_each_entry(void *context,
    const struct mca_crl_entry *entry, struct mca_error *err);

/*
 * mca_crl_each walks the entries.  MCA_EFORMAT for a delta CRL, an entry of
 * another issuer, or one that cannot be decoded.
 */
MCA_API mca_code mca_crl_each(const mca_crl *crl, mca_crl_each_entry *each,
    void *context, struct mca_error *err);

/* An entry as it is, whatever that may be. */
struct mca_revoked {
	char serial[96];    /* lower-case hex, "-" before a negative number */
	mca_time revoked;   /* INT64_MAX if it cannot be decoded */
	const char *reason; /* "keyCompromise"; NULL without one */
};

/* mca_crl_revoked_at tells entry `i`, below mca_crl_count. */
MCA_API void mca_crl_revoked_at(struct mca_revoked *out, const mca_crl *crl,
    size_t i);

/* The extensions of the list, as those of a certificate (minica/cert.h). */
MCA_API size_t mca_crl_extension_count(const mca_crl *crl);
MCA_API void mca_crl_extension_at(struct mca_cert_extension *out,
    const mca_crl *crl, size_t i);
MCA_API void mca_crl_extension_text(mca_text *out, const mca_crl *crl,
    size_t i);

/* A growing list of CRLs that it owns; zeros are an empty list. */
typedef struct mca_crls {
	mca_crl **rows;
	size_t count, capacity;
} mca_crls;

MCA_API void mca_crls_clear(mca_crls *list);
MCA_SCOPED(mca_crls, mca_crls_clear)

/*
 * mca_crls_read adds every CRL of the file `path`, PEM or DER, or of every
 * file of the directory `path`; one that cannot be read fails the whole.
 */
MCA_API mca_code mca_crls_read(mca_crls *list, const char *path,
    struct mca_error *err);

#endif
