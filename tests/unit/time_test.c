/* time_test.c - times and durations as they are written. */
#include "rows.h"

#include "minica/time.h"

static void
times_are_rfc_3339(void **state)
{
	static const struct {
		const char *why, *text;
		bool good;
		mca_time time;
	} rows[] = {
		{ "the epoch", "1970-01-01T00:00:00Z", true, 0 },
		{ "a leap day", "2024-02-29T12:00:00Z", true, 1709208000 },
		{ "no leap day", "2023-02-29T12:00:00Z", false, 0 },
		{ "2000 was a leap year", "2000-02-29", true, 951782400 },
		{ "2100 is none", "2100-02-29", false, 0 },
		{ "an offset", "1970-01-01T01:00:00+01:00", true, 0 },
		{ "a fraction is cut off", "1970-01-01T00:00:01.999Z", true,
		    1 },
		{ "before the epoch", "1969-12-31T23:59:59Z", true, -1 },
		{ "the end of time", "9999-12-31T23:59:59Z", true,
		    MCA_TIME_NEVER },
		{ "small letters", "1970-01-01t00:00:00z", true, 0 },
		{ "no zone", "1970-01-01T00:00:00", false, 0 },
		{ "something after it", "1970-01-01T00:00:00Zx", false, 0 },
		{ "month 13", "1970-13-01", false, 0 },
		{ "day 31 of April", "1970-04-31", false, 0 },
		{ "hour 24", "1970-01-01T24:00:00Z", false, 0 },
		{ "two-digit year", "70-01-01", false, 0 },
		{ "year 1949", "1949-12-31", false, 0 },
		{ "nothing", "", false, 0 },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		mca_time time = 0;
		mca_code code = mca_time_parse(&time, rows[i].text, &err);

		CHECK((code == MCA_OK) == rows[i].good, "%s", rows[i].why);
		CHECK(time == rows[i].time, "%s: %lld", rows[i].why,
		    (long long)time);
	}
}

static void
formatting_reads_back_every_day(void **state)
{
	struct mca_error err;
	mca_time back = 0;

	(void)state;
	for (mca_time time = -20 * 365 * MCA_DAY; time < 200 * 365 * MCA_DAY;
	     time += MCA_DAY + 3661) {
		CHECK(mca_time_parse(&back, MCA_TIME(time), &err) == MCA_OK,
		    "%s", MCA_TIME(time));
		CHECK(back == time, "%s", MCA_TIME(time));
	}
}

static void
durations_have_units(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* 0: refused */
		const char *shown;
	} rows[] = {
		{ "90d", 90 * MCA_DAY, "90d" },
		{ "12w", 84 * MCA_DAY, "84d" },
		{ "1y", 365 * MCA_DAY, "365d" },
		{ "24h", 24 * MCA_HOUR, "1d" },
		{ "30m", 30 * MCA_MINUTE, "30m" },
		{ "1h30m", 90 * MCA_MINUTE, "1h 30m" },
		{ "2d5h", 53 * MCA_HOUR, "2d 5h" },
		{ "90", 0, "" },
		{ "d", 0, "" },
		{ "", 0, "" },
		{ "-1d", 0, "" },
		{ "1s", 0, "" },
		{ "99999999999999999999d", 0, "" },
		{ "1001y", 0, "" },
	};
	struct mca_error err;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t seconds = 0;
		mca_code code =
		    mca_duration_parse(&seconds, rows[i].text, &err);

		CHECK((code == MCA_OK) == (rows[i].seconds != 0), "%s",
		    rows[i].text);
		CHECK(seconds == rows[i].seconds, "%s", rows[i].text);
		if (code == MCA_OK)
			assert_string_equal(MCA_DURATION(seconds),
			    rows[i].shown);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_rfc_3339),
		cmocka_unit_test(formatting_reads_back_every_day),
		cmocka_unit_test(durations_have_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
