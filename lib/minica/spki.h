/*
 * minica/spki.h - public keys: SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
 *
 * An spki is immutable and may be shared between threads.
 */
#ifndef MINICA_SPKI_H
#define MINICA_SPKI_H

#include "minica/digest.h"

typedef struct mca_spki mca_spki;

#define MCA_KEY_ID_SIZE 20

/*
 * mca_spki_parse reads exactly one DER-encoded SubjectPublicKeyInfo;
 * MCA_EFORMAT when it is none, or when libcrypto does not know its algorithm
 * or refuses its key.  A key that breaks a rule of MCA_WEAK_UNSAFE
 * (minica/weak.h) is read, but kept from libcrypto: it verifies nothing, and
 * mca_spki_is_decoded says no.
 */
MCA_API mca_code mca_spki_parse(mca_spki **out, const uint8_t *der,
    size_t length, struct mca_error *err);
MCA_API void mca_spki_free(mca_spki *spki);
MCA_OWNED(mca_spki, mca_spki_free)

/* mca_spki_is_decoded says whether libcrypto holds the key. */
MCA_API bool mca_spki_is_decoded(const mca_spki *spki);

/* mca_spki_der returns the bytes; they live as long as `spki`. */
MCA_API const uint8_t *mca_spki_der(const mca_spki *spki, size_t *length);

/*
 * mca_spki_algorithm returns our name of the key's algorithm and size:
 * "ec-p256", "rsa-3072", "ed25519"; for others libcrypto's, in lower case.
 */
MCA_API const char *mca_spki_algorithm(const mca_spki *spki);
MCA_API int mca_spki_bits(const mca_spki *spki);

/* mca_spki_sha256 returns the SHA-256 of the DER: the key's fingerprint. */
MCA_API const uint8_t *mca_spki_sha256(const mca_spki *spki);

/*
 * mca_spki_key_id returns the key identifier that we write: the leftmost 160
 * bits of the SHA-256 of the BIT STRING (RFC 7093, section 2, method 1).
 */
MCA_API const uint8_t *mca_spki_key_id(const mca_spki *spki);

/* mca_spki_equal says whether the two are the same bytes. */
MCA_API bool mca_spki_equal(const mca_spki *a, const mca_spki *b);

#endif
