/*
 * json_schema/pattern/pattern.c
 *		Compiled patterns.
 */
#include "postgres.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "catalog/pg_collation.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "regex/regex.h"
#include "utils/memutils.h"

#include "compat.h"
#include "json_schema/pattern/pattern.h"
#include "json_schema/pattern/steps.h"
#include "json_schema/pattern/translate.h"

struct JsonPattern
{
	const char *source;
	RegexSteps *steps;			/* instead of the engine, or NULL */
	regex_t		regex;
	MemoryContextCallback callback;
};

/* The engine takes its memory from malloc() before PostgreSQL 16. */
static void
free_regex(void *arg)
{
	JsonPattern *pattern = arg;

	pg_regfree(&pattern->regex);
}

/*
 * Bytes that malloc() has given out.  Nothing else tells how much the engine
 * took for a pattern, which may be 10 kB or 10 MB.
 */
static Size
malloc_in_use(void)
{
#if REGEX_USES_MALLOC && defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
#else
	return 0;
#endif
}

static bool
compile_regex(JsonPattern *pattern, const pg_wchar *wide, int len,
			  MemoryContext context, const char **reason)
{
	char		message[128];
	MemoryContext caller = MemoryContextSwitchTo(context);
	int			result = pg_regcomp(&pattern->regex, wide, len,
									REG_ADVANCED | REG_NOSUB,
									C_COLLATION_OID);

	MemoryContextSwitchTo(caller);
	if (result != REG_OKAY)
	{
		CHECK_FOR_INTERRUPTS();
		pg_regerror(result, &pattern->regex, message, sizeof(message));
		*reason = psprintf("the server's engine says: %s", message);
		return false;
	}
	pattern->callback.func = free_regex;
	pattern->callback.arg = pattern;
	MemoryContextRegisterResetCallback(context, &pattern->callback);
	return true;
}

JsonPattern *
json_pattern_compile(const char *str, int len, MemoryContext context,
					 Size *bytes, const char **reason)
{
	JsonPattern *pattern = MemoryContextAllocZero(context, sizeof(JsonPattern));
	char	   *source = MemoryContextAlloc(context, len + 1);
	int			count;
	int			translated_len;
	pg_wchar   *wide = unicode_from_server(str, len, &count);
	pg_wchar   *translated = regex_translate(wide, count, &translated_len,
											 reason);
	bool		ok = translated != NULL;

	memcpy(source, str, len);
	source[len] = '\0';
	pattern->source = source;
	if (ok)
		pattern->steps = regex_read_steps(wide, count, context);
	if (ok && pattern->steps == NULL)
	{
		Size		before = malloc_in_use();

		ok = compile_regex(pattern, translated, translated_len, context,
						   reason);
		*bytes += Max(malloc_in_use(), before) - before;
	}
	if (translated != NULL)
		pfree(translated);
	pfree(wide);
	return ok ? pattern : NULL;
}

bool
json_pattern_matches(const JsonPattern *pattern, const char *str, int len)
{
	int			count;
	pg_wchar   *wide;
	char		message[128];
	int			result;

	if (pattern->steps != NULL)
		return regex_steps_match(pattern->steps, str, len);
	wide = unicode_from_server(str, len, &count);
	result = pg_regexec(unconstify(regex_t *, &pattern->regex), wide, count,
						0, NULL, 0, NULL, 0);
	pfree(wide);
	if (result == REG_OKAY || result == REG_NOMATCH)
		return result == REG_OKAY;
	CHECK_FOR_INTERRUPTS();
	pg_regerror(result, &pattern->regex, message, sizeof(message));
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("pattern \"%s\" could not be matched: %s",
					pattern->source, message)));
}

bool
json_pattern_is_valid(const char *str, int len, const char **reason)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "dpmeta pattern",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	int			count;
	pg_wchar   *wide = unicode_from_server(str, len, &count);
	bool		valid = regex_is_ecma(wide, count, reason);

	MemoryContextSwitchTo(caller);
	*reason = *reason ? pstrdup(*reason) : NULL;
	MemoryContextDelete(context);
	return valid;
}

const char *
json_pattern_source(const JsonPattern *pattern)
{
	return pattern->source;
}
