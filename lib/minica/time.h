/*
 * minica/time.h - points in time and spans of it.
 *
 * The library never reads the clock: the time to judge by is always an
 * argument.  Times are read and written as RFC 3339, printed in UTC.
 */
#ifndef MINICA_TIME_H
#define MINICA_TIME_H

#include "minica/error.h"

/* Seconds since 1970-01-01T00:00:00Z, without leap seconds. */
typedef int64_t mca_time;

/* 9999-12-31T23:59:59Z, "no well-defined expiration" (RFC 5280, 4.1.2.5). */
#define MCA_TIME_NEVER INT64_C(253402300799)

#define MCA_MINUTE INT64_C(60)
#define MCA_HOUR (60 * MCA_MINUTE)
#define MCA_DAY (24 * MCA_HOUR)

#define MCA_TIME_TEXT 40

/*
 * mca_time_parse reads an RFC 3339 date-time ("2026-11-21T19:17:00Z", any
 * offset, fractions cut off) or a date alone, which means its midnight UTC.
 * Anything else, or a year before 1950 or after 9999, is MCA_EUSAGE.
 */
MCA_API mca_code mca_time_parse(mca_time *out, const char *text,
    struct mca_error *err);

/*
 * mca_time_days counts the days from 1970-01-01 to a date of the Gregorian
 * calendar, year 0 to 9999, which need not be one that time_t can hold.
 */
MCA_API int64_t mca_time_days(int64_t year, int64_t month, int64_t day);

/* mca_time_format writes "2026-11-21T19:17:00Z" and returns `out`. */
MCA_API const char *mca_time_format(char out[MCA_TIME_TEXT], mca_time time);

/* MCA_TIME is mca_time_format with a buffer of the block. */
#define MCA_TIME(time) mca_time_format((char[MCA_TIME_TEXT]){ 0 }, time)

/*
 * mca_duration_parse reads sums of whole numbers with units m, h, d, w and y
 * (365 days), such as "90d" or "1h30m", into seconds; MCA_EUSAGE otherwise.
 */
MCA_API mca_code mca_duration_parse(int64_t *seconds, const char *text,
    struct mca_error *err);

/* mca_duration_format writes the two largest units that matter: "89d 23h". */
MCA_API const char *mca_duration_format(char out[MCA_TIME_TEXT],
    int64_t seconds);
#define MCA_DURATION(seconds)                                                  \
	mca_duration_format((char[MCA_TIME_TEXT]){ 0 }, seconds)

#endif
