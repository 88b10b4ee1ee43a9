/*
 * json_schema/builtin.h
 *		The meta-schemas that are built in.
 */
#ifndef DPMETA_JSON_SCHEMA_BUILTIN_H
#define DPMETA_JSON_SCHEMA_BUILTIN_H

#include "postgres.h"
#include "utils/jsonb.h"

/* What is built in lives here, outside the bound of the cache. */
extern MemoryContext schema_builtin_context(void);

/* A meta-schema that is built in, or NULL. */
extern Jsonb *schema_builtin(const char *uri);

#endif							/* DPMETA_JSON_SCHEMA_BUILTIN_H */
