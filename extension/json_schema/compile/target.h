/*
 * json_schema/compile/target.h
 *		Where dynamic references may lead.
 */
#ifndef DPMETA_JSON_SCHEMA_TARGET_H
#define DPMETA_JSON_SCHEMA_TARGET_H

#include "json_schema/compile/builder.h"

/* The number of a dynamic anchor's name, for a reference that asks for it. */
extern int	compile_dynamic_anchor(SchemaCompiler *compiler, const char *name);

/* Adds the targets that are due; true if that made work. */
extern bool compile_add_targets(SchemaCompiler *compiler);

#endif							/* DPMETA_JSON_SCHEMA_TARGET_H */
