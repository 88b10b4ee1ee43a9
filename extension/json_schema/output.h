/*
 * json_schema/output.h
 *		The output formats that the specification names.
 */
#ifndef DPMETA_JSON_SCHEMA_OUTPUT_H
#define DPMETA_JSON_SCHEMA_OUTPUT_H

#include "json_schema/program.h"
#include "json_schema/report.h"

typedef enum SchemaOutput
{
	OUTPUT_FLAG,
	OUTPUT_BASIC,
	OUTPUT_DETAILED
} SchemaOutput;

/* The format of that name; false if there is none such. */
extern bool schema_output_find(const char *name, SchemaOutput *format);

/* What a document has against it, in the format. */
extern Jsonb *schema_output(const SchemaProgram *program,
							const JsonItem *document, bool assert_format,
							SchemaOutput format);

#endif							/* DPMETA_JSON_SCHEMA_OUTPUT_H */
