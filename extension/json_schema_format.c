/*
 * json_schema_format.c
 *		The formats that can be asserted.
 */
#include "postgres.h"

#include "column_type.h"
#include "json_schema_format.h"

static bool
check_column_type(const char *str, int len, const char **reason)
{
	return column_type_parse(str, len, NULL, NULL, reason);
}

static bool
check_email(const char *str, int len, const char **reason)
{
	const char *at = memchr(str, '@', len);

	return at != NULL && at > str && at < str + len - 1;
}

static const JsonFormat formats[] = {
	{"column-type", check_column_type, "a column type", true},
	{"email", check_email, "an email address", false},
};

const JsonFormat *
json_format_find(const char *name, int len)
{
	for (int i = 0; i < lengthof(formats); i++)
	{
		if (len == strlen(formats[i].name) &&
			memcmp(name, formats[i].name, len) == 0)
			return &formats[i];
	}
	return NULL;
}
