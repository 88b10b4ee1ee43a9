/*
 * json_schema/pattern/emit.h
 *		Writing a pattern as the server's engine reads it.
 */
#ifndef DPMETA_JSON_SCHEMA_REGEX_EMIT_H
#define DPMETA_JSON_SCHEMA_REGEX_EMIT_H

#include "json_schema/pattern/parser.h"

extern void regex_emit(RegexParser *parser, pg_wchar c);
extern void regex_emit_string(RegexParser *parser, const char *str);

/* A character that stands for itself. */
extern void regex_emit_literal(RegexParser *parser, pg_wchar c);
extern void regex_emit_set(RegexParser *parser, const CodeSet *set);

/* Repeats the atom whose translation begins at start. */
extern void regex_emit_repeat(RegexParser *parser, int start, int min,
							  int max);

#endif							/* DPMETA_JSON_SCHEMA_REGEX_EMIT_H */
