/*
 * json_schema/pattern/translate.h
 *		From ECMA-262's grammar of patterns to that of the server's engine.
 */
#ifndef DPMETA_JSON_SCHEMA_TRANSLATE_H
#define DPMETA_JSON_SCHEMA_TRANSLATE_H

#include "postgres.h"
#include "mb/pg_wchar.h"
#include "json_schema/pattern/unicode.h"

/*
 * Translates an ECMA-262 pattern into an advanced regular expression of the
 * server's, as code points; NULL, with a reason, for one that is refused.
 */
extern pg_wchar *regex_translate(const pg_wchar *pattern, int len,
								 int *result_len, const char **reason);

/* Is it a pattern by the grammar, whether or not it can be translated? */
extern bool regex_is_ecma(const pg_wchar *pattern, int len,
						  const char **reason);

#endif							/* DPMETA_JSON_SCHEMA_TRANSLATE_H */
