/*
 * json_schema/hex.h
 *		Hexadecimal digits, of URIs, patterns and formats.
 */
#ifndef DPMETA_JSON_SCHEMA_HEX_H
#define DPMETA_JSON_SCHEMA_HEX_H

#include "postgres.h"

/* The value of a digit, a byte or a code point; -1 for anything else. */
static inline int
hex_value(uint32 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static inline bool
is_hex(char c)
{
	return hex_value((unsigned char) c) >= 0;
}

#endif							/* DPMETA_JSON_SCHEMA_HEX_H */
