/*
 * json_schema/json_schema.c
 *		JSON Schema over jsonb, for the rest of the extension.
 */
#include "postgres.h"

#include "json_schema/cache.h"
#include "json_schema/json_schema.h"
#include "json_schema/run/run.h"

Jsonb *
json_schema_faults(Jsonb *schema, Jsonb *document, bool assert_format)
{
	const SchemaProgram *program =
		schema_cache_get(schema, DRAFT_DEFAULT, CurrentMemoryContext);
	JsonItem	root;
	SchemaReport report;

	json_item_root(document, &root);
	if (schema_program_run(program, &root, assert_format, NIL, NULL))
		return NULL;
	schema_report_init(&report);
	schema_program_run(program, &root, assert_format, NIL, &report);
	return schema_report_jsonb(&report);
}

void
json_schema_init(void)
{
	schema_cache_init();
}
