/*
 * json_schema_format.h
 *		The formats that can be asserted.
 */
#ifndef DPMETA_JSON_SCHEMA_FORMAT_H
#define DPMETA_JSON_SCHEMA_FORMAT_H

#include "postgres.h"

typedef struct JsonFormat
{
	const char *name;
	bool		(*check) (const char *str, int len, const char **reason);
	const char *noun;			/* "an email address" */
	bool		always;			/* asserted even when that was not asked for */
} JsonFormat;

/* The format of that name, or NULL. */
extern const JsonFormat *json_format_find(const char *name, int len);

#endif							/* DPMETA_JSON_SCHEMA_FORMAT_H */
