/*
 * json_schema/format/cursor.h
 *		Reading the text of a format.
 */
#ifndef DPMETA_JSON_SCHEMA_CURSOR_H
#define DPMETA_JSON_SCHEMA_CURSOR_H

#include "postgres.h"

/* Bytes that a check has yet to read. */
typedef struct FormatCursor
{
	const char *at;
	const char *end;
} FormatCursor;

extern bool cursor_take(FormatCursor *cursor, char c);

/* Reads exactly that many decimal digits. */
extern bool cursor_number(FormatCursor *cursor, int digits, int *value);

#endif							/* DPMETA_JSON_SCHEMA_CURSOR_H */
