/*
 * json_schema/registry.h
 *		Schemas that are registered by URI, for references between documents.
 */
#ifndef DPMETA_JSON_SCHEMA_REGISTRY_H
#define DPMETA_JSON_SCHEMA_REGISTRY_H

#include "json_schema/program.h"

/* Are all of these still registered as they were? */
extern bool schema_registry_is_current(const List *sources);

/*
 * Raises what speaks against registering the schema by the URI.  References
 * may lead nowhere yet, and so may the name of its dialect; of a schema that
 * names none it only warns.
 */
extern void schema_registry_check(const char *uri, Jsonb *schema);

/* Compiles the schema at a URI, with the registry behind its references. */
extern SchemaProgram *schema_registry_compile(const char *uri,
											  SchemaDraft draft,
											  MemoryContext context);

#endif							/* DPMETA_JSON_SCHEMA_REGISTRY_H */
