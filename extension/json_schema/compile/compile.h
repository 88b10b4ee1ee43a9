/*
 * json_schema/compile/compile.h
 *		From a schema to its program.
 */
#ifndef DPMETA_JSON_SCHEMA_COMPILE_H
#define DPMETA_JSON_SCHEMA_COMPILE_H

#include "json_schema/program.h"
#include "json_schema/report.h"

/*
 * Compiles in the context given; the draft is that of a schema that names
 * none.  With a report the schema's faults go there
 * and NULL comes back; without, the first is raised.
 */
extern SchemaProgram *schema_compile(Jsonb *schema, const char *base_uri,
									 SchemaDraft draft, SchemaLoader loader,
									 MemoryContext context,
									 SchemaReport *report);

#endif							/* DPMETA_JSON_SCHEMA_COMPILE_H */
