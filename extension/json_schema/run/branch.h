/*
 * json_schema/run/branch.h
 *		The alternatives of "anyOf" and "oneOf".
 */
#ifndef DPMETA_JSON_SCHEMA_BRANCH_H
#define DPMETA_JSON_SCHEMA_BRANCH_H

#include "json_schema/run/node.h"

extern bool schema_run_any_of(SchemaRun *run, const SchemaOp *op,
							  const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_one_of(SchemaRun *run, const SchemaOp *op,
							  const JsonItem *item, SchemaMarks *marks);

#endif							/* DPMETA_JSON_SCHEMA_BRANCH_H */
