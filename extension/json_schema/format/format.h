/*
 * json_schema/format/format.h
 *		The formats that can be asserted.
 */
#ifndef DPMETA_JSON_SCHEMA_FORMAT_H
#define DPMETA_JSON_SCHEMA_FORMAT_H

#include "json_schema/dialect.h"

/* On false may set a reason, a sentence part. */
typedef bool (*FormatCheck) (const char *str, int len, const char **reason);

typedef struct StringFormat
{
	const char *name;
	FormatCheck check;
	const char *noun;			/* "an email address" */
	SchemaDraft since;
	bool		always;			/* asserted even when that was not asked for */
	bool		places;			/* the reason shows the place of the fault */
} StringFormat;

/* The format that the draft knows by that name, or NULL. */
extern const StringFormat *json_format_find(const char *name, int len,
											SchemaDraft draft);

#endif							/* DPMETA_JSON_SCHEMA_FORMAT_H */
