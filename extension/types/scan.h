/*
 * types/scan.h
 *		What the parsers of the types share: numbers, names, the binary
 *		form's first byte, and how refused text is quoted in a message.
 */
#ifndef DPMETA_SCAN_H
#define DPMETA_SCAN_H

#include "postgres.h"
#include "lib/stringinfo.h"

/* The first byte of each type's binary form. */
#define BINARY_FORMAT	1

/*
 * Reads a decimal number from 0 to INT32_MAX without leading zeros at *cur and
 * moves *cur past it; false, with *cur left where it was, if none stands there.
 */
extern bool scan_number(const char **cur, const char *end, int32 *value);

/* How many bytes of [a-z0-9_] stand at cur. */
extern int	scan_name(const char *cur, const char *end);

/*
 * A palloc'd copy of str for a message: what is longer than 256 bytes is cut
 * at a character's end and closed by "...".
 */
extern char *scan_excerpt(const char *str, int len);

/* Reads the first byte of a binary form; raises unless it is BINARY_FORMAT. */
extern void scan_binary_format(StringInfo buf, const char *type);

#endif							/* DPMETA_SCAN_H */
