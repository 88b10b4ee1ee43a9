/*
 * base/date.c
 *		Times as HTTP writes them.
 *
 * strftime() would take the names from the locale, and "%Y" has as many digits as
 * the year.
 */
#include "base/date.h"

#include <stdio.h>
#include <time.h>

static const char DAYS[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char MONTHS[][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

bool
http_date(int64_t seconds, char date[HTTP_DATE_SIZE])
{
	time_t		when = (time_t) seconds;
	struct tm	tm;

	return gmtime_r(&when, &tm) != NULL &&
		tm.tm_year >= -1900 && tm.tm_year <= 9999 - 1900 &&
		snprintf(date, HTTP_DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT",
				 DAYS[tm.tm_wday], tm.tm_mday, MONTHS[tm.tm_mon],
				 tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec) ==
		HTTP_DATE_SIZE - 1;
}
