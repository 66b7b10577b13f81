/*
 * der.c - octets that may be DER, and a public key before it is decoded.
 *
 * libcrypto agrees about what is no element at all.
 */
#include "fuzz.h"

#include "rawkey.h"
#include "tlv.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

void
fuzz_begin(void)
{
}

static void
read_key(const uint8_t *bytes, size_t length)
{
	scoped(mca_rawkey) raw = { 0 };
	struct mca_error err = { 0 };
	char name[100];

	if (mca_rawkey_parse(&raw, bytes, length, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	fuzz_require(mca_rawkey_bits(&raw) >= 0);
	mca_rawkey_name(name, sizeof(name), &raw);
	show_text(name);
}

/* What is DER to the innermost is an element that nothing follows. */
static void
compare(const uint8_t *bytes, size_t length)
{
	const uint8_t *at = bytes;
	long size;
	int tag, class, flags;

	if (mca_tlv_flaw(bytes, length) != NULL)
		return;
	flags = ASN1_get_object(&at, &size, &tag, &class, (long)length);
	fuzz_require((flags & 0x80) == 0 && (flags & 1) == 0);
	fuzz_require(at + size == bytes + length);
	ERR_clear_error();
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	compare(bytes, length);
	read_key(bytes, length);
}
