/*
 * json_schema/run/run.h
 *		Running a compiled schema over a document.
 */
#ifndef DPMETA_JSON_SCHEMA_RUN_H
#define DPMETA_JSON_SCHEMA_RUN_H

#include "json_schema/program.h"
#include "json_schema/report.h"

/*
 * Runs the program; without a report it stops at the first fault.  Of the
 * document the parts in skip, JsonItem, are taken to be valid.
 */
extern bool schema_program_run(const SchemaProgram *program,
							   const JsonItem *document, bool assert_format,
							   const List *skip, SchemaReport *report);

#endif							/* DPMETA_JSON_SCHEMA_RUN_H */
