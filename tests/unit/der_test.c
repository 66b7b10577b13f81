/* der_test.c - DER by its parts, against libcrypto's own encoder. */
#include "der.h"

#include "rows.h"

#include "ossl.h"

#include <stdlib.h>

static struct mca_error err;

static void
lengths_are_as_short_as_they_can_be(void **state)
{
	static const struct {
		size_t length;
		const char *header;
		size_t octets;
	} rows[] = {
		{ 0, "\x30\x00", 2 },
		{ 0x7f, "\x30\x7f", 2 },
		{ 0x80, "\x30\x81\x80", 3 },
		{ 0xff, "\x30\x81\xff", 3 },
		{ 0x100, "\x30\x82\x01\x00", 4 },
		{ 0x10000, "\x30\x83\x01\x00\x00", 5 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_text) out = { 0 };

		mca_der_header(&out, MCA_DER_SEQUENCE, rows[i].length);
		CHECK(out.length == rows[i].octets &&
			memcmp(out.bytes, rows[i].header, out.length) == 0,
		    "length %zu", rows[i].length);
	}
}

static void
integers_are_libcryptos(void **state)
{
	static const char *const rows[] = { "00", "01", "7F", "80", "0080",
		"00000001", "FFFFFFFFFFFFFFFFFF" };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_text) out = { 0 };
		owned(BIGNUM) *number = NULL;
		owned(ASN1_INTEGER) *integer = NULL;
		owned(ossl_bytes) *wanted = NULL;
		long length;
		owned(ossl_bytes) *bytes = OPENSSL_hexstr2buf(rows[i], &length);
		int size;

		number = BN_bin2bn(bytes, (int)length, NULL);
		integer = BN_to_ASN1_INTEGER(number, NULL);
		size = i2d_ASN1_INTEGER(integer, &wanted);
		mca_der_integer(&out, bytes, (size_t)length);
		CHECK(size > 0 && out.length == (size_t)size &&
			memcmp(out.bytes, wanted, out.length) == 0,
		    "integer %s", rows[i]);
	}
}

/* RFC 5280, 4.1.2.5: UTCTime through 2049; below 1950 it would mean 20xx. */
static void
times_are_of_the_type_of_their_year(void **state)
{
	static const struct {
		mca_time time;
		const char *der;
	} rows[] = {
		{ INT64_C(1795288625),
		    "\x17\x0d"
		    "261121191705Z" },
		{ INT64_C(-631152000),
		    "\x17\x0d"
		    "500101000000Z" },
		{ INT64_C(2524607999),
		    "\x17\x0d"
		    "491231235959Z" },
		{ INT64_C(2524608000),
		    "\x18\x0f"
		    "20500101000000Z" },
		{ INT64_C(-631152001),
		    "\x18\x0f"
		    "19491231235959Z" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_text) out = { 0 };

		mca_der_time(&out, rows[i].time);
		CHECK(out.length == strlen(rows[i].der) &&
			memcmp(out.bytes, rows[i].der, out.length) == 0,
		    "%s", rows[i].der);
	}
}

static void
an_element_wraps_another(void **state)
{
	scoped(mca_text) in = { 0 };
	scoped(mca_text) out = { 0 };
	mca_text lost = { .failed = true };

	(void)state;
	mca_der_bits(&in, (const uint8_t *)"\xa5", 1);
	mca_der_wrap(&out, MCA_DER_EXPLICIT(3), &in);
	assert_int_equal(out.length, 6);
	assert_memory_equal(out.bytes, "\xa3\x04\x03\x02\x00\xa5", 6);
	assert_int_equal(mca_der_done(&out, &err), MCA_OK);
	mca_der_wrap(&out, MCA_DER_EXPLICIT(3), &lost);
	assert_int_equal(mca_der_done(&out, &err), MCA_ESYSTEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_as_short_as_they_can_be),
		cmocka_unit_test(integers_are_libcryptos),
		cmocka_unit_test(times_are_of_the_type_of_their_year),
		cmocka_unit_test(an_element_wraps_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
