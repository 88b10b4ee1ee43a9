/*
 * types/scan.c
 *		What the parsers of the types share.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

#include "types/scan.h"

/* The longest part of a refused text that a message repeats, in bytes. */
#define EXCERPT_MAX		256

bool
scan_number(const char **cur, const char *end, int32 *value)
{
	const char *pos = *cur;
	int64		number = 0;

	while (pos < end && *pos >= '0' && *pos <= '9')
	{
		number = number * 10 + (*pos - '0');
		if (number > PG_INT32_MAX)
			return false;
		pos++;
	}

	if (pos == *cur)
		return false;
	if (**cur == '0' && pos - *cur > 1)
		return false;

	*value = (int32) number;
	*cur = pos;
	return true;
}

int
scan_name(const char *cur, const char *end)
{
	const char *pos = cur;

	/* isalnum() would ask the locale. */
	while (pos < end &&
		   ((*pos >= 'a' && *pos <= 'z') ||
			(*pos >= '0' && *pos <= '9') || *pos == '_'))
		pos++;

	return pos - cur;
}

char *
scan_excerpt(const char *str, int len)
{
	if (len <= EXCERPT_MAX)
		return pnstrdup(str, len);

	return psprintf("%.*s...", pg_mbcliplen(str, len, EXCERPT_MAX), str);
}

void
scan_binary_format(StringInfo buf, const char *type)
{
	int			format = pq_getmsgbyte(buf);

	if (format != BINARY_FORMAT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported binary format %d of type %s",
						format, type),
				 errhint("Send format %d.", BINARY_FORMAT)));
}
