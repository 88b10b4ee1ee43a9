/*
 * json_schema_meta.c
 *		The meta-schemas of draft 2020-12, built in.
 */
#include "postgres.h"

#include "json_schema_program.h"

Jsonb *
schema_builtin(const char *uri)
{
	return NULL;
}

SchemaProgram *
schema_compile_checked(Jsonb *schema, const char *base_uri,
					   SchemaLoader loader, MemoryContext context)
{
	return schema_compile(schema, base_uri, loader, context, NULL);
}
