/*
 * json_schema/compile/keyword_value.h
 *		The keywords that judge a value by itself, and what all keywords share.
 */
#ifndef DPMETA_JSON_SCHEMA_KEYWORD_VALUE_H
#define DPMETA_JSON_SCHEMA_KEYWORD_VALUE_H

#include "json_schema/compile/builder.h"

/* The location of the keyword at hand. */
extern char *keyword_location(SchemaCompiler *compiler);

/* Another keyword of the same schema. */
extern bool keyword_sibling(const SchemaCompiler *compiler,
							const char *keyword, JsonItem *value);

/* The dialect of the schema at hand. */
extern const SchemaDialect *keyword_dialect(const SchemaCompiler *compiler);

/* Has the keyword the kind of value that it needs?  If not, says so. */
extern bool keyword_expect(SchemaCompiler *compiler, bool holds,
						   const char *what, const JsonItem *value);
extern bool keyword_expect_kind(SchemaCompiler *compiler, JsonKind kind,
								const char *what, const JsonItem *value);

/*
 * Reads a count: any integer from 0, written however; large ones are clipped.
 */
extern bool keyword_count(SchemaCompiler *compiler, const JsonItem *value,
						  int64 *count);

/* A pattern, with its refusal reported as a fault of the schema. */
extern JsonPattern *keyword_pattern(SchemaCompiler *compiler, const char *str,
									int len, const char *location);

/* Keywords that judge a value by itself. */
extern void compile_type(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_const(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_enum(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_maximum(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_exclusive_maximum(SchemaCompiler *compiler,
									  const JsonItem *value);
extern void compile_minimum(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_exclusive_minimum(SchemaCompiler *compiler,
									  const JsonItem *value);
extern void compile_minimum_04(SchemaCompiler *compiler,
							   const JsonItem *value);
extern void compile_maximum_04(SchemaCompiler *compiler,
							   const JsonItem *value);
extern void compile_exclusive_04(SchemaCompiler *compiler,
								 const JsonItem *value);
extern void compile_multiple_of(SchemaCompiler *compiler,
								const JsonItem *value);
extern void compile_max_length(SchemaCompiler *compiler,
							   const JsonItem *value);
extern void compile_min_length(SchemaCompiler *compiler,
							   const JsonItem *value);
extern void compile_max_items(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_min_items(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_max_properties(SchemaCompiler *compiler,
								   const JsonItem *value);
extern void compile_min_properties(SchemaCompiler *compiler,
								   const JsonItem *value);
extern void compile_pattern(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_format(SchemaCompiler *compiler, const JsonItem *value);
extern void compile_unique_items(SchemaCompiler *compiler,
								 const JsonItem *value);
extern void compile_unique_by(SchemaCompiler *compiler, const JsonItem *value);

#endif							/* DPMETA_JSON_SCHEMA_KEYWORD_VALUE_H */
