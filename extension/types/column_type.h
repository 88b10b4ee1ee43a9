/*
 * types/column_type.h
 *		Athena and Hive column types: one parser for the type, the models'
 *		"column-type" format and the change classifier.
 */
#ifndef DPMETA_COLUMN_TYPE_H
#define DPMETA_COLUMN_TYPE_H

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
 * (if wanted) a static part of a sentence, such as "unknown type name"; the caller
 * discards what was appended.
 *
 * The canonical spelling has no blanks, writes integer as int and uinteger as
 * uint, and gives a decimal's scale: decimal(10) is decimal(10,0).
 */
extern bool column_type_parse(const char *str, int len, StringInfo canonical,
							  int *fault_at, const char **reason);

#endif							/* DPMETA_COLUMN_TYPE_H */
