/* asn1time_test.c - times of ASN.1, wherever time_t ends. */
#include "rows.h"

#include "minica/time.h"
#include "object.h"
#include "ossl.h"

/* Written as RFC 5280, 4.1.2.5 has it, and read again. */
static void
times_come_back_as_they_went(void **state)
{
	static const struct {
		const char *time, *text;
		int type;
	} rows[] = {
		{ "1950-01-01T00:00:00Z", "500101000000Z", V_ASN1_UTCTIME },
		{ "1969-12-31T23:59:59Z", "691231235959Z", V_ASN1_UTCTIME },
		{ "1970-01-01T00:00:00Z", "700101000000Z", V_ASN1_UTCTIME },
		{ "2026-02-28T23:59:59Z", "260228235959Z", V_ASN1_UTCTIME },
		{ "2038-01-19T03:14:07Z", "380119031407Z", V_ASN1_UTCTIME },
		{ "2038-01-19T03:14:08Z", "380119031408Z", V_ASN1_UTCTIME },
		{ "2048-02-29T12:00:00Z", "480229120000Z", V_ASN1_UTCTIME },
		{ "2049-12-31T23:59:59Z", "491231235959Z", V_ASN1_UTCTIME },
		{ "2050-01-01T00:00:00Z", "20500101000000Z",
		    V_ASN1_GENERALIZEDTIME },
		{ "9999-12-31T23:59:59Z", "99991231235959Z",
		    V_ASN1_GENERALIZEDTIME },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(ASN1_TIME) *made = ASN1_TIME_new();
		owned(ASN1_GENERALIZEDTIME) *general = NULL;
		mca_time time, back = 0;
		const char *text;

		assert_int_equal(mca_time_parse(&time, rows[i].time, &err),
		    MCA_OK);
		assert_true(mca_time_set(made, time));
		text = (const char *)ASN1_STRING_get0_data(made);
		CHECK(ASN1_STRING_type(made) == rows[i].type &&
			strcmp(text, rows[i].text) == 0,
		    "%s: written as %s", rows[i].time, text);
		CHECK(mca_time_from(&back, made) && back == time,
		    "%s: read as %s", rows[i].time, MCA_TIME(back));
		general = mca_time_generalized(time);
		CHECK(general != NULL && mca_time_from(&back, general) &&
			back == time,
		    "%s: read as %s of a GeneralizedTime", rows[i].time,
		    MCA_TIME(back));
	}
}

/* Days that the calendar counts otherwise than one by one. */
static void
days_are_those_of_the_calendar(void **state)
{
	static const struct {
		int64_t year, month, day, days;
	} rows[] = {
		{ 0, 1, 1, -719528 },
		{ 0, 3, 1, -719468 },
		{ 1600, 2, 29, -135081 },
		{ 1970, 1, 1, 0 },
		{ 2000, 2, 29, 11016 },
		{ 2100, 3, 1, 47541 },
		{ 9999, 12, 31, 2932896 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(mca_time_days(rows[i].year, rows[i].month,
				     rows[i].day),
		    rows[i].days);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_come_back_as_they_went),
		cmocka_unit_test(days_are_those_of_the_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
