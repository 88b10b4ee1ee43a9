/*
 * unicode/property.c
 *		What Unicode says of code points.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "mb/pg_wchar.h"

#include "unicode/property.h"

typedef struct UnicodeProperty
{
	const char *name;
	int			first;			/* among the ranges */
	int			count;
} UnicodeProperty;

typedef struct UnicodeFold
{
	uint32		code;
	uint32		folded;
} UnicodeFold;

#include "unicode/table.h"

const CodeRange *
unicode_property(const char *name, int *count)
{
	int			low = 0;
	int			high = lengthof(unicode_properties);

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = strcmp(unicode_properties[middle].name, name);

		if (order == 0)
		{
			*count = unicode_properties[middle].count;
			return &unicode_ranges[unicode_properties[middle].first];
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool
unicode_in_ranges(uint32 code, const CodeRange *ranges, int count)
{
	int			low = 0;
	int			high = count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (code > ranges[middle].last)
			low = middle + 1;
		else if (code < ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

bool
unicode_has_property(uint32 code, const char *name)
{
	int			count;
	const CodeRange *ranges = unicode_property(name, &count);

	return ranges != NULL && unicode_in_ranges(code, ranges, count);
}

uint32
unicode_fold(uint32 code)
{
	int			low = 0;
	int			high = lengthof(unicode_folds);

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (code == unicode_folds[middle].code)
			return unicode_folds[middle].folded;
		if (code > unicode_folds[middle].code)
			low = middle + 1;
		else
			high = middle;
	}
	return code;
}

pg_wchar *
unicode_from_server(const char *str, int len, int *count)
{
	const char *utf8 = str;
	pg_wchar   *wide;

	if (GetDatabaseEncoding() != PG_UTF8 &&
		GetDatabaseEncoding() != PG_SQL_ASCII)
	{
		utf8 = pg_server_to_any(str, len, PG_UTF8);
		if (utf8 != str)
			len = strlen(utf8);
	}
	wide = palloc_extended(((Size) len + 1) * sizeof(pg_wchar),
						   MCXT_ALLOC_HUGE);
	*count = pg_encoding_mb2wchar_with_len(GetDatabaseEncoding() == PG_SQL_ASCII ?
										   PG_SQL_ASCII : PG_UTF8,
										   utf8, wide, len);
	return wide;
}

/* The text in UTF-8; NULL if it cannot be. */
static char *
try_utf8(const char *str, int len)
{
	int			encoding = GetDatabaseEncoding();
	Oid			conversion = FindDefaultConversionProc(encoding, PG_UTF8);
	int			size = len * MAX_CONVERSION_GROWTH + 1;
	char	   *utf8;

	if (!OidIsValid(conversion))
		return NULL;
	utf8 = palloc(size);
	if (pg_do_encoding_conversion_buf(conversion, encoding, PG_UTF8,
									  (unsigned char *) unconstify(char *, str),
									  len, (unsigned char *) utf8, size,
									  true) < len)
		return NULL;
	return utf8;
}

/* For a text of a name's length. */
pg_wchar *
unicode_try_from_server(const char *str, int len, int *count)
{
	pg_wchar   *wide;

	if (GetDatabaseEncoding() == PG_UTF8 ||
		GetDatabaseEncoding() == PG_SQL_ASCII)
		return unicode_from_server(str, len, count);
	str = try_utf8(str, len);
	if (str == NULL)
		return NULL;
	len = strlen(str);
	wide = palloc(((Size) len + 1) * sizeof(pg_wchar));
	*count = pg_encoding_mb2wchar_with_len(PG_UTF8, str, wide, len);
	return wide;
}
