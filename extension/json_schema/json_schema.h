/*
 * json_schema/json_schema.h
 *		JSON Schema over jsonb, for the rest of the extension.
 */
#ifndef DPMETA_JSON_SCHEMA_H
#define DPMETA_JSON_SCHEMA_H

#include "postgres.h"
#include "utils/jsonb.h"

/*
 * Validates the document against the schema (compiled once for each backend
 * and cached by its content).  Returns NULL when it is valid, else a jsonb
 * array with one object for each fault, in document order:
 *		{"pointer": RFC 6901, "schemaPointer": …, "keyword": …, "message": …}
 * Raises ERRCODE_DP_INVALID_SCHEMA when the schema is not one.
 */
extern Jsonb *json_schema_faults(Jsonb *schema, Jsonb *document,
								 bool assert_format);

/* Defines the validator's settings; for _PG_init(). */
extern void json_schema_init(void);

#endif							/* DPMETA_JSON_SCHEMA_H */
