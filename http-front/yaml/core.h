/*
 * yaml/core.h
 *		The core schema of YAML 1.2 (10.3): what a scalar means.
 */
#ifndef DPMETA_YAML_CORE_H
#define DPMETA_YAML_CORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

typedef enum CoreType
{
	CORE_NULL = 1,
	CORE_BOOL = 2,
	CORE_INT = 4,
	CORE_FLOAT = 8,
	CORE_STRING = 16
} CoreType;

#define CORE_ANY (CORE_NULL | CORE_BOOL | CORE_INT | CORE_FLOAT | CORE_STRING)

/*
 * Append a scalar as JSON, as the first of the types that it can be; false if it can
 * be none of them, or is a number that JSON does not have.
 */
extern bool core_add(Text *json, const char *scalar, size_t length,
					 unsigned types);

/*
 * Would a reader, of YAML 1.1 too, take this text for anything but a string if it
 * stood there without quotes, or for more than a text?
 */
extern bool core_needs_quotes(const char *text, size_t length);

#endif							/* DPMETA_YAML_CORE_H */
