/*
 * json_schema/compile/loop.h
 *		Finding schemas that come back to themselves on the same value.
 */
#ifndef DPMETA_JSON_SCHEMA_LOOP_H
#define DPMETA_JSON_SCHEMA_LOOP_H

#include "json_schema/compile/builder.h"

/* Reports what comes back to itself on the same value, whatever that is. */
extern void compile_find_loops(SchemaCompiler *compiler);

#endif							/* DPMETA_JSON_SCHEMA_LOOP_H */
