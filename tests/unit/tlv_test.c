/* tlv_test.c - what is DER, and how the rest breaks it. */
#include "rows.h"

#include "tlv.h"

static void
elements_are_der_or_say_why_not(void **state)
{
	static const struct {
		const char *why;
		uint8_t bytes[12];
		size_t length;
		const char *flaw; /* NULL: it is DER */
	} rows[] = {
		{ "a list of two numbers", { 0x30, 6, 2, 1, 1, 2, 1, 2 }, 8,
		    NULL },
		{ "what an OCTET STRING holds is its own", { 4, 2, 0x30, 0x80 },
		    4, NULL },
		{ "nothing", { 0 }, 0, "nothing" },
		{ "more than one", { 5, 0, 5, 0 }, 4, "follow" },
		{ "a length that is indefinite", { 0x30, 0x80, 0, 0 }, 4,
		    "indefinite" },
		{ "a length in two bytes", { 4, 0x81, 1, 0 }, 4, "shortest" },
		{ "a length beyond the end", { 4, 5, 0 }, 3, "ends before" },
		{ "a length of nine bytes", { 4, 0x89, 1, 1, 1, 1, 1, 1, 1, 1 },
		    10, "too long" },
		{ "a tag without a length", { 4 }, 1, "missing" },
		{ "a tag in two bytes", { 0x9f, 0x1e, 0 }, 3, "shortest" },
		{ "a tag that needs them", { 0x9f, 0x1f, 0 }, 3, NULL },
		{ "a tag of six bytes", { 0x9f, 0x81, 0x81, 0x81, 0x81, 1, 0 },
		    7, "too long" },
		{ "TRUE as 01", { 0x30, 3, 1, 1, 1 }, 5, "BOOLEAN" },
		{ "a number with a zero before it", { 2, 2, 0, 1 }, 4,
		    "INTEGER" },
		{ "a number of no bytes", { 2, 0 }, 2, "INTEGER" },
		{ "an OID that does not end", { 6, 2, 0x2a, 0x83 }, 4,
		    "does not end" },
		{ "an OID with bits to spare", { 6, 3, 0x2a, 0x80, 1 }, 5,
		    "shortest" },
		{ "unused bits that are set", { 3, 2, 1, 3 }, 4, "not zero" },
		{ "a string in pieces", { 0x24, 3, 4, 1, 0 }, 5, "pieces" },
		{ "a SET out of order", { 0x31, 6, 2, 1, 2, 2, 1, 1 }, 8,
		    "order" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *flaw = mca_tlv_flaw(rows[i].bytes, rows[i].length);

		if (rows[i].flaw == NULL)
			CHECK(flaw == NULL, "%s: %s", rows[i].why, flaw);
		else
			CHECK(flaw != NULL &&
				strstr(flaw, rows[i].flaw) != NULL,
			    "%s: %s", rows[i].why, flaw == NULL ? "DER" : flaw);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_der_or_say_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
