/*
 * json_schema/format/cursor.c
 *		Reading the text of a format.
 */
#include "postgres.h"

#include "json_schema/format/cursor.h"

bool
cursor_take(FormatCursor *cursor, char c)
{
	if (cursor->at >= cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

bool
cursor_number(FormatCursor *cursor, int digits, int *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++)
	{
		if (cursor->at >= cursor->end ||
			*cursor->at < '0' || *cursor->at > '9')
			return false;
		*value = *value * 10 + (*cursor->at++ - '0');
	}
	return true;
}
