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
#include "json_schema/pattern/translate.h"

struct JsonPattern
{
	const char *source;
	RegexRun   *run;			/* instead of the engine, or NULL */
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

/* The fast way for the commonest form, in databases whose bytes are UTF-8. */
static void
find_run(JsonPattern *pattern, const pg_wchar *wide, int len,
		 MemoryContext context)
{
	RegexRun	run;

	if (GetDatabaseEncoding() != PG_UTF8 || !regex_read_run(wide, len, &run))
		return;
	pattern->run = MemoryContextAlloc(context, sizeof(RegexRun));
	*pattern->run = run;
	pattern->run->set.ranges =
		MemoryContextAlloc(context, Max(1, run.set.count) * sizeof(CodeRange));
	memcpy(pattern->run->set.ranges, run.set.ranges,
		   run.set.count * sizeof(CodeRange));
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
		find_run(pattern, wide, count, context);
	if (ok && pattern->run == NULL)
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

static bool
code_is_in(const CodeSet *set, uint32 code)
{
	int			low = 0;
	int			high = set->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (code > set->ranges[middle].last)
			low = middle + 1;
		else if (code < set->ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

static bool
run_matches(const RegexRun *run, const char *str, int len)
{
	const char *end = str + len;
	int			count = 0;

	while (str < end)
	{
		unsigned char byte = *str;

		if (!IS_HIGHBIT_SET(byte))
		{
			if (!run->ascii[byte])
				return false;
			str++;
		}
		else
		{
			if (!code_is_in(&run->set, utf8_to_unicode((unsigned char *) str)))
				return false;
			str += pg_utf_mblen((const unsigned char *) str);
		}
		count++;
	}
	return count >= run->min && (run->max < 0 || count <= run->max);
}

bool
json_pattern_matches(const JsonPattern *pattern, const char *str, int len)
{
	int			count;
	pg_wchar   *wide;
	char		message[128];
	int			result;

	if (pattern->run != NULL)
		return run_matches(pattern->run, str, len);
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
