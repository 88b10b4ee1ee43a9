/*
 * json_schema/check.h
 *		Checking schemas by their meta-schemas.
 */
#ifndef DPMETA_JSON_SCHEMA_CHECK_H
#define DPMETA_JSON_SCHEMA_CHECK_H

#include "compat.h"
#include "json_schema/program.h"
#include "json_schema/report.h"

/*
 * Checks a schema against the meta-schema that it names, or that of the draft,
 * and each resource in it that names another against that; references and
 * patterns aside.  A meta-schema that has faults itself raises them, unless
 * it is to be ignored as one that is not known is.
 */
extern bool schema_check(Jsonb *schema, SchemaDraft draft,
						 SchemaLoader loader, bool ignore_faulty,
						 SchemaReport *report);

/* Raises what schema_check() found last. */
pg_noreturn extern void schema_report_raise(const SchemaReport *report);

/* Compiles after checking the schema against its meta-schema; raises. */
extern SchemaProgram *schema_compile_checked(Jsonb *schema,
											 const char *base_uri,
											 SchemaDraft draft,
											 SchemaLoader loader,
											 MemoryContext context);

#endif							/* DPMETA_JSON_SCHEMA_CHECK_H */
