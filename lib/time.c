/*
 * time.c - see minica/time.h.
 */
#include "minica/time.h"

#include "error.h"
#include "minica/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Years begin in March here, so that the leap day is the last of its year. */
int64_t
mca_time_days(int64_t year, int64_t month, int64_t day)
{
	int64_t y = (month <= 2 ? year - 1 : year) + 400;
	int64_t m = month <= 2 ? month + 9 : month - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day -
	    1 - 719468 - 146097;
}

static int64_t
days_in(int64_t year, int64_t month)
{
	return month == 12
	    ? 31
	    : mca_time_days(year, month + 1, 1) - mca_time_days(year, month, 1);
}

/* Reads exactly `digits` digits and moves on; -1 if they are not there. */
static int64_t
number(const char **text, int digits)
{
	int64_t value = 0;

	for (int i = 0; i < digits; i++, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return -1;
		value = value * 10 + (**text - '0');
	}
	return value;
}

static bool
skip(const char **text, const char *any)
{
	if (**text == '\0' || strchr(any, **text) == NULL)
		return false;
	(*text)++;
	return true;
}

/* "YYYY-MM-DD" */
static bool
read_date(const char **text, int64_t *days)
{
	int64_t year = number(text, 4);
	int64_t month, day;

	if (year < 1950 || !skip(text, "-"))
		return false;
	month = number(text, 2);
	if (month < 1 || month > 12 || !skip(text, "-"))
		return false;
	day = number(text, 2);
	if (day < 1 || day > days_in(year, month))
		return false;
	*days = mca_time_days(year, month, day);
	return true;
}

/* "hh:mm:ss" and a fraction, which is cut off. */
static bool
read_clock(const char **text, int64_t *seconds)
{
	int64_t hour = number(text, 2), minute, second;

	if (hour < 0 || hour > 23 || !skip(text, ":"))
		return false;
	minute = number(text, 2);
	if (minute < 0 || minute > 59 || !skip(text, ":"))
		return false;
	second = number(text, 2);
	if (second < 0 || second > 59)
		return false;
	if (skip(text, ".")) {
		if (number(text, 1) < 0)
			return false;
		while (isdigit((unsigned char)**text))
			(*text)++;
	}
	*seconds = hour * MCA_HOUR + minute * MCA_MINUTE + second;
	return true;
}

/* "Z" or "+hh:mm" */
static bool
read_offset(const char **text, int64_t *seconds)
{
	int64_t sign, hour, minute;

	*seconds = 0;
	if (skip(text, "Zz"))
		return true;
	sign = **text == '-' ? -1 : 1;
	if (!skip(text, "+-"))
		return false;
	hour = number(text, 2);
	if (hour < 0 || hour > 23 || !skip(text, ":"))
		return false;
	minute = number(text, 2);
	if (minute < 0 || minute > 59)
		return false;
	*seconds = sign * (hour * MCA_HOUR + minute * MCA_MINUTE);
	return true;
}

mca_code
mca_time_parse(mca_time *out, const char *text, struct mca_error *err)
{
	const char *rest = text;
	int64_t days = 0, clock = 0, offset = 0;
	bool good = read_date(&rest, &days);

	if (good && *rest != '\0')
		good = skip(&rest, "Tt ") && read_clock(&rest, &clock) &&
		    read_offset(&rest, &offset);
	if (!good || *rest != '\0')
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is not a time: write it as 2026-11-21T19:17:00Z "
		    "(RFC 3339), or as a date alone",
		    MCA_SHOW_TEXT(text));
	*out = days * MCA_DAY + clock - offset;
	return MCA_OK;
}

/* Writes a number of so many digits and what follows it, and moves on. */
static void
put(char **out, int64_t value, int digits, char after)
{
	for (int i = digits; i-- > 0; value /= 10)
		(*out)[i] = (char)('0' + value % 10);
	(*out)[digits] = after;
	*out += digits + 1;
}

/* CRLs of a million entries say as many times, so no printf is asked. */
const char *
mca_time_format(char out[MCA_TIME_TEXT], mca_time time)
{
	int64_t days, clock, era, doe, yoe, doy, m;
	char *end = out;

	if (time < -62135596800)
		time = -62135596800;
	if (time > MCA_TIME_NEVER)
		time = MCA_TIME_NEVER;
	clock = time % MCA_DAY;
	if (clock < 0)
		clock += MCA_DAY;
	days = (time - clock) / MCA_DAY + 719468;
	era = days / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	m = (5 * doy + 2) / 153;
	put(&end, yoe + era * 400 + (m >= 10 ? 1 : 0), 4, '-');
	put(&end, m < 10 ? m + 3 : m - 9, 2, '-');
	put(&end, doy - (153 * m + 2) / 5 + 1, 2, 'T');
	put(&end, clock / MCA_HOUR, 2, ':');
	put(&end, clock / MCA_MINUTE % 60, 2, ':');
	put(&end, clock % 60, 2, 'Z');
	*end = '\0';
	return out;
}

static const struct unit {
	char letter;
	int64_t seconds;
} units[] = {
	{ 'y', 365 * MCA_DAY },
	{ 'w', 7 * MCA_DAY },
	{ 'd', MCA_DAY },
	{ 'h', MCA_HOUR },
	{ 'm', MCA_MINUTE },
};
enum { UNITS = sizeof(units) / sizeof(units[0]) };

static int64_t
unit_of(char letter)
{
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].letter == letter)
			return units[i].seconds;
	return 0;
}

/* One number with its unit; false if it is none, or a thousand years. */
static bool
read_span(const char **text, int64_t *seconds)
{
	const int64_t most = 1000 * 365 * MCA_DAY;
	int64_t value = 0, unit;

	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text); (*text)++) {
		value = value * 10 + (**text - '0');
		if (value > most)
			return false;
	}
	unit = unit_of(**text);
	if (unit == 0 || value > (most - *seconds) / unit)
		return false;
	(*text)++;
	*seconds += value * unit;
	return true;
}

mca_code
mca_duration_parse(int64_t *seconds, const char *text, struct mca_error *err)
{
	const char *rest = text;
	int64_t sum = 0;

	do {
		if (!read_span(&rest, &sum))
			return mca_fail(err, MCA_EUSAGE,
			    "\"%s\" is not a duration: write it as 90d, 12w, "
			    "1y, 24h or 30m",
			    MCA_SHOW_TEXT(text));
	} while (*rest != '\0');
	*seconds = sum;
	return MCA_OK;
}

const char *
mca_duration_format(char out[MCA_TIME_TEXT], int64_t seconds)
{
	const char *sign = seconds < 0 ? "-" : "";
	int64_t left = seconds < 0 ? -seconds : seconds;
	int64_t days = left / MCA_DAY, hours = left % MCA_DAY / MCA_HOUR;
	int64_t minutes = left % MCA_HOUR / MCA_MINUTE;

	if (days >= 10 || (days > 0 && hours == 0))
		(void)snprintf(out, MCA_TIME_TEXT, "%s%lldd", sign,
		    (long long)days);
	else if (days > 0)
		(void)snprintf(out, MCA_TIME_TEXT, "%s%lldd %lldh", sign,
		    (long long)days, (long long)hours);
	else if (hours > 0 && minutes > 0)
		(void)snprintf(out, MCA_TIME_TEXT, "%s%lldh %lldm", sign,
		    (long long)hours, (long long)minutes);
	else if (hours > 0)
		(void)snprintf(out, MCA_TIME_TEXT, "%s%lldh", sign,
		    (long long)hours);
	else if (minutes > 0)
		(void)snprintf(out, MCA_TIME_TEXT, "%s%lldm", sign,
		    (long long)minutes);
	else
		(void)snprintf(out, MCA_TIME_TEXT, "%s%llds", sign,
		    (long long)left);
	return out;
}
