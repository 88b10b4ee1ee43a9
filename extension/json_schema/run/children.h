/*
 * json_schema/run/children.h
 *		The instructions that look at members or elements.
 */
#ifndef DPMETA_JSON_SCHEMA_CHILDREN_H
#define DPMETA_JSON_SCHEMA_CHILDREN_H

#include "json_schema/run/node.h"

extern bool schema_run_members(SchemaRun *run, const SchemaOp *op,
							   const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_property_names(SchemaRun *run, const SchemaOp *op,
									  const JsonItem *item);
extern bool schema_run_required(SchemaRun *run, const SchemaOp *op,
								const JsonItem *item);
extern bool schema_run_dependent_required(SchemaRun *run, const SchemaOp *op,
										  const JsonItem *item);
extern bool schema_run_items(SchemaRun *run, const SchemaOp *op,
							 const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_contains(SchemaRun *run, const SchemaOp *op,
								const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_unevaluated(SchemaRun *run, const SchemaOp *op,
								   const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_unique_items(SchemaRun *run, const SchemaOp *op,
									const JsonItem *item);
extern bool schema_run_unique_by(SchemaRun *run, const SchemaOp *op,
								 const JsonItem *item);

#endif							/* DPMETA_JSON_SCHEMA_CHILDREN_H */
