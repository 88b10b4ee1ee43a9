/*
 * json_schema/compile/builder.h
 *		The program while it is being made: its memory, nodes and
 *		instructions.
 */
#ifndef DPMETA_JSON_SCHEMA_BUILDER_H
#define DPMETA_JSON_SCHEMA_BUILDER_H

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

/* A copy of what has grown outside, as part of the program. */
extern void *compile_keep(SchemaCompiler *compiler, const void *array,
						  Size size);

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

/* An empty node, and one for "false" that knows where it stands. */
extern int	compile_append_node(SchemaCompiler *compiler, int resource,
								const char *location);
extern int	compile_add_false(SchemaCompiler *compiler, int resource,
							  const char *location);

/* Makes room for the first nodes and instructions. */
extern void compile_start_nodes(SchemaCompiler *compiler);

#endif							/* DPMETA_JSON_SCHEMA_BUILDER_H */
