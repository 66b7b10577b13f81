/*
 * resign.h - what a fuzzer changed, signed again.
 *
 * A changed byte breaks the signature, and what comes after the signature
 * check would never be tried.  So each object is also read with its key and its
 * signature replaced: the key belongs to the name (the octets of the subject
 * pick one of a few Ed25519 keys), and the key of the issuer's name signs.  A
 * chain of names is a chain of signatures then, whatever else is changed.
 */
#ifndef TESTS_RESIGN_H
#define TESTS_RESIGN_H

#include "minica/text.h"

/* resign_begin makes the keys; it must be called first. */
void resign_begin(void);

/*
 * Each adds to `out` what `der` is, signed again; false when `der` has not
 * even the frame of such an object, and `out` is then of no use.
 */
bool resign_csr(mca_text *out, const uint8_t *der, size_t length);
bool resign_cert(mca_text *out, const uint8_t *der, size_t length);
bool resign_crl(mca_text *out, const uint8_t *der, size_t length);

/* resign_key adds the private key of the holder of `name`, PKCS #8. */
void resign_key(mca_text *out, const uint8_t *name, size_t name_length);

/* An OCSP response, signed as the holder of `name`, a Name in DER, would. */
bool resign_ocsp(mca_text *out, const uint8_t *der, size_t length,
    const uint8_t *name, size_t name_length);

#endif
