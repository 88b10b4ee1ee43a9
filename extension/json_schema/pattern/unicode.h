/*
 * json_schema/pattern/unicode.h
 *		Sets of code points, and those that Unicode's properties name.
 */
#ifndef DPMETA_JSON_SCHEMA_UNICODE_H
#define DPMETA_JSON_SCHEMA_UNICODE_H

#include "postgres.h"
#include "mb/pg_wchar.h"

#define CODE_POINT_MAX	0x10FFFF

typedef struct CodeRange
{
	uint32		first;
	uint32		last;
} CodeRange;

/* Growing, in no order until code_set_normalize(). */
typedef struct CodeSet
{
	int			count;
	int			capacity;
	CodeRange  *ranges;
} CodeSet;

extern void code_set_init(CodeSet *set);
extern void code_set_add(CodeSet *set, uint32 first, uint32 last);
extern void code_set_add_set(CodeSet *set, const CodeSet *other);

/* Ascending and apart, for what follows. */
extern void code_set_normalize(CodeSet *set);
extern void code_set_invert(CodeSet *set);

/* Adds a property as \p{...} names it; false if there is none such. */
extern bool code_set_add_property(CodeSet *set, const char *name);

/* Is the code point in a property of the table, under the table's name? */
extern bool unicode_has_property(uint32 code, const char *name);

/*
 * The text as Unicode code points, whatever the database's encoding.
 */
extern pg_wchar *unicode_from_server(const char *str, int len, int *count);

#endif							/* DPMETA_JSON_SCHEMA_UNICODE_H */
