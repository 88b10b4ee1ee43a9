/*
 * json_schema_registry.c
 *		Schemas that are registered by URI.
 */
#include "postgres.h"

#include "errors.h"
#include "json_schema_registry.h"

bool
schema_registry_is_current(const List *sources)
{
	return false;
}

SchemaProgram *
schema_registry_compile(const char *uri, MemoryContext context)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_SCHEMA),
			 errmsg("no JSON schema is registered as \"%s\"", uri)));
}
