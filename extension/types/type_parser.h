/*
 * types/type_parser.h
 *		Athena and Hive column types: one parser for the type, the models'
 *		"column-type" format and documents.
 */
#ifndef DPMETA_TYPE_PARSER_H
#define DPMETA_TYPE_PARSER_H

#include "postgres.h"
#include "lib/stringinfo.h"

/* How deep array, map and struct may nest. */
#define COLUMN_TYPE_MAX_DEPTH	32

/* How long a type may be, as given and in canonical spelling, in bytes. */
#define COLUMN_TYPE_MAX_LENGTH	65536

/*
 * Reads all len bytes of str and appends the canonical spelling to canonical
 * (unless that is NULL).  On a fault returns false.  Then *fault_at (if wanted) is
 * the byte offset of the character at which str stops making sense, and *reason
 * (if wanted) part of a sentence, such as "there is no type \"foo\""; the caller
 * discards what was appended.
 *
 * The canonical spelling has no blanks, names types in lower case and as Athena
 * does (int for integer, float for real), and gives a decimal's precision and
 * scale: decimal is decimal(10,0).
 */
extern bool column_type_parse(const char *str, int len, StringInfo canonical,
							  int *fault_at, const char **reason);

/*
 * Where a fault is and what it is, as part of a sentence: the number of the
 * character, what stands before and after it, and the reason.
 */
extern char *column_type_fault(const char *str, int len, int fault_at,
							   const char *reason);

#endif							/* DPMETA_TYPE_PARSER_H */
