/*
 * unicode/property.h
 *		What Unicode says of code points: their properties, and what they fold
 *		to where case does not matter.  It is the same in every locale and
 *		encoding of the database.
 */
#ifndef DPMETA_UNICODE_PROPERTY_H
#define DPMETA_UNICODE_PROPERTY_H

#include "postgres.h"
#include "mb/pg_wchar.h"

typedef struct CodeRange
{
	uint32		first;
	uint32		last;
} CodeRange;

/*
 * The ranges of a property, ascending, under the name that the table has for it;
 * NULL if there is none such.
 */
extern const CodeRange *unicode_property(const char *name, int *count);

extern bool unicode_in_ranges(uint32 code, const CodeRange *ranges, int count);

/* Is the code point in that property? */
extern bool unicode_has_property(uint32 code, const char *name);

/* Simple case folding: of one code point to one. */
extern uint32 unicode_fold(uint32 code);

/*
 * The text as Unicode code points, whatever the database's encoding.
 */
extern pg_wchar *unicode_from_server(const char *str, int len, int *count);

/* The same; NULL if Unicode has none for one of the characters. */
extern pg_wchar *unicode_try_from_server(const char *str, int len, int *count);

#endif							/* DPMETA_UNICODE_PROPERTY_H */
