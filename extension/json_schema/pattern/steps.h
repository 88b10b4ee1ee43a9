/*
 * json_schema/pattern/steps.h
 *		Patterns that can be matched without the engine: "^x-", "^[a-z0-9_]+$",
 *		"^\d{4}-\d\d$".
 */
#ifndef DPMETA_JSON_SCHEMA_REGEX_STEPS_H
#define DPMETA_JSON_SCHEMA_REGEX_STEPS_H

#include "json_schema/pattern/unicode.h"

/* From min to max characters of one set. */
typedef struct RegexStep
{
	uint64		ascii[2];
	CodeSet		set;
	int			min;
	int			max;			/* or -1 */
} RegexStep;

typedef struct RegexSteps
{
	bool		to_end;			/* nothing may follow */
	int			count;
	RegexStep	list[FLEXIBLE_ARRAY_MEMBER];
} RegexSteps;

/*
 * The steps of a pattern that is translatable, in the context; NULL if it is
 * not of this kind, or the database's bytes are not UTF-8.
 */
extern RegexSteps *regex_read_steps(const pg_wchar *pattern, int len,
									MemoryContext context);

extern bool regex_steps_match(const RegexSteps *steps, const char *str,
							  int len);

#endif							/* DPMETA_JSON_SCHEMA_REGEX_STEPS_H */
