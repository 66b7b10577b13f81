/*
 * minica/cert.h - certificates (RFC 5280, section 4), as they are.
 *
 * A cert that exists is one whole DER-encoded certificate that libcrypto could
 * parse, and no more than that: whether it is well-made is for lint, whether
 * it can be believed for verify.  It is immutable and may be shared between
 * threads.
 */
#ifndef MINICA_CERT_H
#define MINICA_CERT_H

#include "minica/blob.h"
#include "minica/name.h"
#include "minica/san.h"
#include "minica/spki.h"
#include "minica/text.h"
#include "minica/time.h"

typedef struct mca_cert mca_cert;

/* mca_cert_parse reads exactly one DER-encoded certificate. */
MCA_API mca_code mca_cert_parse(mca_cert **out, const uint8_t *der,
    size_t length, struct mca_error *err);

/* mca_cert_ref returns `cert` itself, to be freed once more. */
MCA_API mca_cert *mca_cert_ref(const mca_cert *cert);
MCA_API void mca_cert_free(mca_cert *cert);
MCA_OWNED(mca_cert, mca_cert_free)

/* What the certificate holds; all of it lives as long as `cert`. */
MCA_API const uint8_t *mca_cert_der(const mca_cert *cert, size_t *length);
MCA_API const uint8_t *mca_cert_sha256(const mca_cert *cert);
MCA_API long mca_cert_version(const mca_cert *cert); /* 1, 2 or 3 */
MCA_API const mca_name *mca_cert_subject(const mca_cert *cert);
MCA_API const mca_name *mca_cert_issuer(const mca_cert *cert);
MCA_API const mca_san *mca_cert_san(const mca_cert *cert);

/*
 * mca_cert_spki returns NULL when the key cannot be decoded; the certificate
 * can then be shown, but nothing it signed can be checked.
 */
MCA_API const mca_spki *mca_cert_spki(const mca_cert *cert);

/* mca_cert_serial returns lower-case hex, "-" before a negative number. */
MCA_API const char *mca_cert_serial(const mca_cert *cert);

/*
 * Validity, both ends inclusive.  A time that cannot be decoded is INT64_MAX
 * for notBefore and INT64_MIN for notAfter, so that it is never valid.
 */
MCA_API mca_time mca_cert_not_before(const mca_cert *cert);
MCA_API mca_time mca_cert_not_after(const mca_cert *cert);

/* mca_cert_is_ca says whether basicConstraints says cA (a v1 is not). */
MCA_API bool mca_cert_is_ca(const mca_cert *cert);

/* mca_cert_path_len returns pathLenConstraint, or -1 when there is none. */
MCA_API long mca_cert_path_len(const mca_cert *cert);

/* mca_cert_is_self_issued compares subject and issuer, no signature. */
MCA_API bool mca_cert_is_self_issued(const mca_cert *cert);

/* mca_cert_is_signed_by says whether `key` verifies the signature. */
MCA_API bool mca_cert_is_signed_by(const mca_cert *cert, const mca_spki *key);

/*
 * mca_cert_key_usage and mca_cert_ext_key_usage return the usages by name,
 * joined with ", "; NULL without the extension.
 */
MCA_API const char *mca_cert_key_usage(const mca_cert *cert);
MCA_API const char *mca_cert_ext_key_usage(const mca_cert *cert);

/* Key identifiers in lower-case hex; NULL where absent. */
MCA_API const char *mca_cert_ski(const mca_cert *cert);
MCA_API const char *mca_cert_aki(const mca_cert *cert);

/* mca_cert_signature_algorithm returns libcrypto's name of it. */
MCA_API const char *mca_cert_signature_algorithm(const mca_cert *cert);

/* An extension, in the order of the certificate. */
struct mca_cert_extension {
	char oid[128];	  /* "2.5.29.15" */
	const char *name; /* "keyUsage", or the OID again */
	bool critical;
};
MCA_API size_t mca_cert_extension_count(const mca_cert *cert);
MCA_API void mca_cert_extension_at(struct mca_cert_extension *out,
    const mca_cert *cert, size_t i);

/* mca_cert_extension_text adds what extension `i` holds, in words, escaped. */
MCA_API void mca_cert_extension_text(mca_text *out, const mca_cert *cert,
    size_t i);

/* mca_cert_pem appends the certificate as a PEM block to `out`. */
MCA_API mca_code mca_cert_pem(mca_blob *out, const mca_cert *cert,
    struct mca_error *err);

/* A growing list of certificates that it owns; zeros are an empty list. */
typedef struct mca_certs {
	mca_cert **rows;
	size_t count, capacity;
} mca_certs;

MCA_API void mca_certs_clear(mca_certs *list);
MCA_SCOPED(mca_certs, mca_certs_clear)

/* mca_certs_add adds a reference of its own to `cert`. */
MCA_API mca_code mca_certs_add(mca_certs *list, const mca_cert *cert,
    struct mca_error *err);

/*
 * mca_certs_parse adds every certificate of a file: PEM blocks in their order
 * (other kinds of blocks are passed over), one DER certificate, PKCS #7 in
 * either form, or PKCS #12 without a passphrase.  One that cannot be parsed
 * is MCA_EFORMAT naming its line; so is a file that holds none.
 */
MCA_API mca_code mca_certs_parse(mca_certs *list, const uint8_t *bytes,
    size_t length, struct mca_error *err);

/*
 * mca_certs_unlock is mca_certs_parse with a passphrase (or NULL) for PKCS #12;
 * MCA_EKEY if it is missing or wrong.  mca_certs_are_pkcs12 says whether the
 * bytes are such a file.
 */
MCA_API mca_code mca_certs_unlock(mca_certs *list, const uint8_t *bytes,
    size_t length, const struct mca_passphrase *passphrase,
    struct mca_error *err);
MCA_API bool mca_certs_are_pkcs12(const uint8_t *bytes, size_t length);

/* mca_certs_read is mca_certs_parse of what `path` holds. */
MCA_API mca_code mca_certs_read(mca_certs *list, const char *path,
    struct mca_error *err);

/*
 * mca_certs_gather is mca_certs_read of a file, or of every file of a
 * directory; `passphrase` (or NULL) opens PKCS #12, and is asked for each
 * such file.  MCA_EKEY when it does not fit.
 */
MCA_API mca_code mca_certs_gather(mca_certs *list, const char *path,
    const struct mca_passphrase *passphrase, struct mca_error *err);

#endif
