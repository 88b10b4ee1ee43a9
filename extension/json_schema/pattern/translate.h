/*
 * json_schema/pattern/translate.h
 *		ECMA-262 patterns on the server's regular expression engine.
 */
#ifndef DPMETA_JSON_SCHEMA_REGEX_H
#define DPMETA_JSON_SCHEMA_REGEX_H

#include "postgres.h"
#include "mb/pg_wchar.h"
#include "json_schema/pattern/unicode.h"

typedef struct JsonPattern JsonPattern;

/*
 * Translates an ECMA-262 pattern into an advanced regular expression of the
 * server's, as code points; NULL, with a reason, for one that is refused.
 */
extern pg_wchar *regex_translate(const pg_wchar *pattern, int len,
								 int *result_len, const char **reason);

/* Is it a pattern by the grammar, whether or not it can be translated? */
extern bool regex_is_ecma(const pg_wchar *pattern, int len,
						  const char **reason);

/*
 * Compiles a pattern, to live as long as the context.  On a pattern that is
 * refused gives NULL and the reason, a sentence part.  Adds to *bytes what it
 * holds outside of the context.
 */
extern JsonPattern *json_pattern_compile(const char *str, int len,
										 MemoryContext context, Size *bytes,
										 const char **reason);

/* Is the pattern found anywhere in the string? */
extern bool json_pattern_matches(const JsonPattern *pattern,
								 const char *str, int len);

/* Is it a pattern by the grammar of ECMA-262? */
extern bool json_pattern_is_valid(const char *str, int len,
								  const char **reason);

/* The text that it was compiled from. */
extern const char *json_pattern_source(const JsonPattern *pattern);

#endif							/* DPMETA_JSON_SCHEMA_REGEX_H */
