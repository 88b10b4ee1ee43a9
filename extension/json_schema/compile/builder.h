/*
 * json_schema/compile/builder.h
 *		What the two halves of the compiler share: the queue of nodes, and
 *		the keywords.
 */
#ifndef DPMETA_JSON_SCHEMA_COMPILER_H
#define DPMETA_JSON_SCHEMA_COMPILER_H

#include "postgres.h"
#include "utils/hsearch.h"
#include "json_schema/compile/document.h"

typedef struct SchemaCompiler
{
	SchemaDocuments documents;
	SchemaProgram *program;
	HTAB	   *known;			/* nodes by the place of their object */
	JsonItem   *items;			/* the schema of each node */
	int			node_capacity;
	int			nops;
	int			op_capacity;
	int			done;			/* nodes that have their instructions */
	List	   *waiting;		/* dynamic anchors that may be targets now */
	int			target_capacity;
	List	   *patterns;		/* JsonPattern */

	/* the schema being compiled */
	int			node;
	JsonItem	schema;
	int			resource;
	const char *location;
	const char *keyword;
	bool		members_done;	/* a keyword of their group came up */
	bool		items_done;
} SchemaCompiler;

/*
 * Room in the program, all zero, that lives as long as it does.  It comes out
 * of blocks, since a chunk of its own for each small thing costs more than
 * the thing.  All else that a compilation takes is gone when it ends.
 */
extern void *compile_alloc(SchemaCompiler *compiler, Size size);

/* One pattern serves all places that have its text. */
extern JsonPattern *compile_known_pattern(const SchemaCompiler *compiler,
										  const char *str, int len);
extern void compile_keep_pattern(SchemaCompiler *compiler,
								 JsonPattern *pattern);

extern SchemaOp *compile_append_op(SchemaCompiler *compiler,
								   SchemaOpCode code, int kinds);
extern int	compile_add_node(SchemaCompiler *compiler, const JsonItem *item,
							 int resource, const char *location);
extern int	compile_child(SchemaCompiler *compiler, const JsonItem *item,
						  const char *location);

/* The number of a dynamic anchor's name, for a reference that asks for it. */
extern int	compile_dynamic_anchor(SchemaCompiler *compiler, const char *name);

/* Notes that a run may pass through a resource. */
extern void compile_enter_resource(SchemaCompiler *compiler, int resource);

/* Adds the targets that are due; true if that made work. */
extern bool compile_add_targets(SchemaCompiler *compiler);
extern void compile_sort_targets(SchemaProgram *program);

/* Appends the instructions of the schema object at hand. */
extern void compile_keywords(SchemaCompiler *compiler);

/* Reports what comes back to itself on the same value, whatever that is. */
extern void compile_find_loops(SchemaCompiler *compiler);

#endif							/* DPMETA_JSON_SCHEMA_COMPILER_H */
