/*
 * json_schema/format/time.c
 *		Dates, times and durations of RFC 3339.
 */
#include "postgres.h"

#include "json_schema/format/cursor.h"
#include "json_schema/format/time.h"

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
read_date(FormatCursor *cursor)
{
	int			year;
	int			month;
	int			day;

	return cursor_number(cursor, 4, &year) && cursor_take(cursor, '-') &&
		cursor_number(cursor, 2, &month) && cursor_take(cursor, '-') &&
		cursor_number(cursor, 2, &day) &&
		month >= 1 && month <= 12 && day >= 1 &&
		day <= days_in_month(year, month);
}

/* Reads an offset; gives the minutes that local time is ahead. */
static bool
read_offset(FormatCursor *cursor, int *ahead)
{
	int			hour;
	int			minute;
	bool		minus;

	*ahead = 0;
	if (cursor_take(cursor, 'Z') || cursor_take(cursor, 'z'))
		return true;
	minus = cursor_take(cursor, '-');
	if (!minus && !cursor_take(cursor, '+'))
		return false;
	if (!cursor_number(cursor, 2, &hour) || !cursor_take(cursor, ':') ||
		!cursor_number(cursor, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*ahead = (hour * 60 + minute) * (minus ? -1 : 1);
	return true;
}

static bool
read_fraction(FormatCursor *cursor)
{
	int			digit;

	if (!cursor_take(cursor, '.'))
		return true;
	if (!cursor_number(cursor, 1, &digit))
		return false;
	while (cursor_number(cursor, 1, &digit))
		 /* any number of them */ ;
	return true;
}

/* A leap second comes at 23:59:60 UTC and at no other time. */
static bool
read_time(FormatCursor *cursor)
{
	int			hour;
	int			minute;
	int			second;
	int			ahead;

	if (!cursor_number(cursor, 2, &hour) || !cursor_take(cursor, ':') ||
		!cursor_number(cursor, 2, &minute) || !cursor_take(cursor, ':') ||
		!cursor_number(cursor, 2, &second) || !read_fraction(cursor) ||
		!read_offset(cursor, &ahead))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	return second < 60 ||
		(hour * 60 + minute - ahead + 2 * 1440) % 1440 == 1439;
}

bool
format_date(const char *str, int len, const char **reason)
{
	FormatCursor cursor = {str, str + len};

	return read_date(&cursor) && cursor.at == cursor.end;
}

bool
format_time(const char *str, int len, const char **reason)
{
	FormatCursor cursor = {str, str + len};

	return read_time(&cursor) && cursor.at == cursor.end;
}

bool
format_date_time(const char *str, int len, const char **reason)
{
	FormatCursor cursor = {str, str + len};

	return read_date(&cursor) &&
		(cursor_take(&cursor, 'T') || cursor_take(&cursor, 't')) &&
		read_time(&cursor) && cursor.at == cursor.end;
}

/*
 * Reads numbers with units that follow one another in the list, without a gap:
 * RFC 3339 lets minutes follow hours, and seconds minutes, but not seconds
 * hours.
 */
static bool
read_units(FormatCursor *cursor, const char *units)
{
	const char *next = NULL;

	while (cursor->at < cursor->end && *cursor->at != 'T')
	{
		int			digit;
		const char *unit;

		if (!cursor_number(cursor, 1, &digit))
			return false;
		while (cursor_number(cursor, 1, &digit))
			 /* a number of any length */ ;
		if (cursor->at >= cursor->end || *cursor->at == '\0')
			return false;
		unit = strchr(units, *cursor->at++);
		if (unit == NULL || (next != NULL && unit != next))
			return false;
		next = unit + 1;
	}
	return next != NULL;
}

bool
format_duration(const char *str, int len, const char **reason)
{
	FormatCursor cursor = {str, str + len};

	if (!cursor_take(&cursor, 'P') || cursor.at == cursor.end)
		return false;
	if (str[len - 1] == 'W')
		return read_units(&cursor, "W") && cursor.at == cursor.end;
	if (*cursor.at != 'T' && !read_units(&cursor, "YMD"))
		return false;
	if (cursor.at == cursor.end)
		return true;
	return cursor_take(&cursor, 'T') && read_units(&cursor, "HMS") &&
		cursor.at == cursor.end;
}
