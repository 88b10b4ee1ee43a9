/*
 * json_schema/compile/keyword.h
 *		The keywords, and those that apply other schemas.
 */
#ifndef DPMETA_JSON_SCHEMA_KEYWORD_H
#define DPMETA_JSON_SCHEMA_KEYWORD_H

#include "json_schema/compile/builder.h"

/* Appends the instructions of the schema object at hand. */
extern void compile_keywords(SchemaCompiler *compiler);

#endif							/* DPMETA_JSON_SCHEMA_KEYWORD_H */
