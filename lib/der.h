/*
 * der.h - DER by its parts: tag, length, value (ITU-T X.690, 8.1 and 10).
 *
 * For what is written from values of ours; what others wrote is libcrypto's to
 * read.  The bytes are added to a mca_text, whose `failed` says whether memory
 * ran out.
 */
#ifndef MCA_DER_H
#define MCA_DER_H

#include "error.h"
#include "minica/text.h"
#include "minica/time.h"

/* The tags that are not libcrypto's V_ASN1_ numbers as they are. */
#define MCA_DER_SEQUENCE 0x30
#define MCA_DER_EXPLICIT(n) (0xa0 | (n))

/* mca_der_header adds the tag and length of a value of `length` bytes. */
void mca_der_header(mca_text *out, uint8_t tag, size_t length);

/* mca_der_value adds a whole element; mca_der_wrap one whose value is `in`. */
void mca_der_value(mca_text *out, uint8_t tag, const void *value,
    size_t length);
void mca_der_wrap(mca_text *out, uint8_t tag, const mca_text *in);

/* mca_der_integer adds a positive INTEGER from its big-endian magnitude. */
void mca_der_integer(mca_text *out, const uint8_t *magnitude, size_t length);

/* mca_der_bits adds a BIT STRING whose bits are all used. */
void mca_der_bits(mca_text *out, const uint8_t *bytes, size_t length);

/*
 * mca_der_time adds a UTCTime from 1950 through 2049 and a GeneralizedTime
 * otherwise (RFC 5280, 4.1.2.5); mca_der_generalized_time always the latter.
 */
void mca_der_time(mca_text *out, mca_time time);
void mca_der_generalized_time(mca_text *out, mca_time time);

/* mca_der_done is MCA_OK, or says that memory ran out on the way. */
mca_code mca_der_done(const mca_text *text, struct mca_error *err);

#endif
