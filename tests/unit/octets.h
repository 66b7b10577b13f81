/*
 * octets.h - public keys written octet by octet, as no library would.
 */
#ifndef TESTS_OCTETS_H
#define TESTS_OCTETS_H

#include "rows.h"

#include "minica/owned.h"
#include "weak_parts.h"

#include <stdlib.h>

typedef struct bytes {
	uint8_t *at;
	size_t length;
} bytes;

static inline void
bytes_clear(bytes *b)
{
	free(b->at);
	*b = (bytes){ 0 };
}
MCA_SCOPED(bytes, bytes_clear)

static inline void
append(bytes *b, const void *more, size_t length)
{
	b->at = realloc(b->at, b->length + length + 1);
	assert_non_null(b->at);
	if (length > 0)
		memcpy(b->at + b->length, more, length);
	b->length += length;
}

/* Puts tag and length before what `b` holds. */
static inline void
wrap(bytes *b, uint8_t tag)
{
	uint8_t head[6] = { tag };
	bytes out = { 0 };
	size_t n = 2;

	if (b->length < 128) {
		head[1] = (uint8_t)b->length;
	} else {
		head[1] = 0x83;
		head[2] = (uint8_t)(b->length >> 16);
		head[3] = (uint8_t)(b->length >> 8);
		head[4] = (uint8_t)b->length;
		n = 5;
	}
	append(&out, head, n);
	append(&out, b->at, b->length);
	bytes_clear(b);
	*b = out;
}

static inline void
append_integer(bytes *b, const BIGNUM *number)
{
	ASN1_INTEGER *integer = BN_to_ASN1_INTEGER(number, NULL);
	unsigned char *der = NULL;
	int length = i2d_ASN1_INTEGER(integer, &der);

	assert_true(length > 0);
	append(b, der, (size_t)length);
	OPENSSL_free(der);
	ASN1_INTEGER_free(integer);
}

#define RSA_OID "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define EC_OID "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
#define P256_OID "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define ED25519_OID "\x06\x03\x2b\x65\x70"
#define NO_OID "\x06\x03\x2a\x03\x04"
#define NIL "\x05\x00"

/* An SPKI of an algorithm, its parameters, and the bits of a key. */
static inline void
make_spki(bytes *out, const char *algorithm, size_t algorithm_length,
    const void *bits, size_t length)
{
	scoped(bytes) key = { 0 };

	append(out, algorithm, algorithm_length);
	wrap(out, 0x30);
	append(&key, "", 1);
	append(&key, bits, length);
	wrap(&key, 0x03);
	append(out, key.at, key.length);
	wrap(out, 0x30);
}

#endif
