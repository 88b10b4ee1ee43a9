/*
 * json_schema/pattern/class.h
 *		The smallest parts of a pattern: classes, escapes, quantifiers.
 */
#ifndef DPMETA_JSON_SCHEMA_CLASS_H
#define DPMETA_JSON_SCHEMA_CLASS_H

#include "json_schema/pattern/parser.h"

/* Refuses the pattern; always false. */
extern bool regex_refuse(RegexParser *parser, const char *reason,...)
			pg_attribute_printf(2, 3);

/* Reads one of \d \D \s \S \w \W \p{} \P{}, at its letter, into the set. */
extern bool regex_read_class_escape(RegexParser *parser, CodeSet *set,
									bool *found);

/* Reads an escape that stands for one character, at the letter. */
extern bool regex_read_character_escape(RegexParser *parser, pg_wchar *code);

/* Reads a class, behind its "[". */
extern bool regex_read_class(RegexParser *parser, CodeSet *set);

/* Reads {n}, {n,} or {n,m}, or one of * + ?; leaves all else alone. */
extern bool regex_read_quantifier(RegexParser *parser, int *min, int *max,
								  bool *found);
extern bool regex_read_group_name(RegexParser *parser, char **name);

/* What "." stands for. */
extern void regex_dot_set(CodeSet *set);

#endif							/* DPMETA_JSON_SCHEMA_CLASS_H */
