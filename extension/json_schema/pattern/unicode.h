/*
 * json_schema/pattern/unicode.h
 *		Sets of code points, and those that Unicode's properties name.
 */
#ifndef DPMETA_JSON_SCHEMA_UNICODE_H
#define DPMETA_JSON_SCHEMA_UNICODE_H

#include "postgres.h"

#include "unicode/property.h"

#define CODE_POINT_MAX	0x10FFFF

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

#endif							/* DPMETA_JSON_SCHEMA_UNICODE_H */
