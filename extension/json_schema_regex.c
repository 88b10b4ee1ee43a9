/*
 * json_schema_regex.c
 *		ECMA-262 patterns on the server's regular expression engine.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "regex/regex.h"

#include "json_schema_regex.h"

struct JsonPattern
{
	regex_t		regex;
	const char *source;
};

JsonPattern *
json_pattern_compile(const char *str, int len, MemoryContext context,
					 const char **reason)
{
	JsonPattern *pattern = MemoryContextAllocZero(context, sizeof(JsonPattern));
	pg_wchar   *wide = palloc((len + 1) * sizeof(pg_wchar));
	int			wide_len = pg_mb2wchar_with_len(str, wide, len);

	pattern->source = MemoryContextStrdup(context, pnstrdup(str, len));
	if (pg_regcomp(&pattern->regex, wide, wide_len,
				   REG_ADVANCED | REG_NOSUB, C_COLLATION_OID) != REG_OKAY)
	{
		*reason = "it is not understood";
		return NULL;
	}
	return pattern;
}

bool
json_pattern_matches(const JsonPattern *pattern, const char *str, int len)
{
	pg_wchar   *wide = palloc((len + 1) * sizeof(pg_wchar));
	int			wide_len = pg_mb2wchar_with_len(str, wide, len);
	int			result = pg_regexec(unconstify(regex_t *, &pattern->regex),
									wide, wide_len, 0, NULL, 0, NULL, 0);

	pfree(wide);
	return result == REG_OKAY;
}

bool
json_pattern_is_valid(const char *str, int len, const char **reason)
{
	return true;
}

const char *
json_pattern_source(const JsonPattern *pattern)
{
	return pattern->source;
}
