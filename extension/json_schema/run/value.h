/*
 * json_schema/run/value.h
 *		The instructions that judge a value by itself.
 */
#ifndef DPMETA_JSON_SCHEMA_VALUE_H
#define DPMETA_JSON_SCHEMA_VALUE_H

#include "json_schema/run/node.h"

extern bool schema_run_value(SchemaRun *run, const SchemaOp *op,
							 const JsonItem *item);

#endif							/* DPMETA_JSON_SCHEMA_VALUE_H */
