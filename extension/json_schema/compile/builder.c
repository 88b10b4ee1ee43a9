/*
 * json_schema/compile/builder.c
 *		The program while it is being made: its memory, nodes and
 *		instructions.
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "json_schema/array.h"
#include "json_schema/compile/builder.h"

/* A node that was compiled, or waits to be. */
typedef struct NodeEntry
{
	JsonbContainer *container;	/* hash key */
	int			node;
} NodeEntry;

/* What a block has at least; larger things get one of their own. */
#define BLOCK_BYTES		8192

/* The space of the index that patterns are in; see resource.c. */
#define SPACE_PATTERNS	(-1)

void *
compile_alloc(SchemaCompiler *compiler, Size size)
{
	SchemaProgram *program = compiler->program;
	void	   *room;

	size = MAXALIGN(size);
	if (size > BLOCK_BYTES / 4)
		return MemoryContextAllocExtended(program->context, size,
										  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (size > program->free_bytes)
	{
		program->free = MemoryContextAllocZero(program->context, BLOCK_BYTES);
		program->free_bytes = BLOCK_BYTES;
	}
	room = program->free;
	program->free += size;
	program->free_bytes -= size;
	return room;
}

void *
compile_keep(SchemaCompiler *compiler, const void *array, Size size)
{
	void	   *kept = compile_alloc(compiler, size);

	if (size > 0)
		memcpy(kept, array, size);
	return kept;
}

JsonPattern *
compile_known_pattern(const SchemaCompiler *compiler, const char *str, int len)
{
	int			number = schema_index_get(compiler->documents.index,
										  SPACE_PATTERNS, pnstrdup(str, len));

	return number == INDEX_NONE ? NULL : list_nth(compiler->patterns, number);
}

void
compile_keep_pattern(SchemaCompiler *compiler, JsonPattern *pattern)
{
	schema_index_add(compiler->documents.index, SPACE_PATTERNS,
					 json_pattern_source(pattern),
					 list_length(compiler->patterns));
	compiler->patterns = lappend(compiler->patterns, pattern);
}

/* Notes that a run may pass through a resource. */
static void
enter_resource(SchemaCompiler *compiler, int number)
{
	SchemaResource *resource = &compiler->documents.resources[number];

	if (resource->entered)
		return;
	resource->entered = true;
	compiler->waiting = list_concat(compiler->waiting,
									resource->dynamic_anchors);
}

void
compile_start_nodes(SchemaCompiler *compiler)
{
	HASHCTL		control;

	compiler->node_capacity = 16;
	compiler->op_capacity = 64;
	compiler->program->nodes = palloc(16 * sizeof(SchemaNode));
	compiler->program->ops = palloc(64 * sizeof(SchemaOp));
	compiler->items = palloc(16 * sizeof(JsonItem));
	control.keysize = sizeof(JsonbContainer *);
	control.entrysize = sizeof(NodeEntry);
	control.hcxt = CurrentMemoryContext;
	compiler->known = hash_create("schema nodes", 64, &control,
								  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

int
compile_append_node(SchemaCompiler *compiler, int resource, const char *location)
{
	SchemaProgram *program = compiler->program;
	SchemaNode *node;

	if (program->nnodes == compiler->node_capacity)
	{
		compiler->node_capacity *= 2;
		program->nodes = repalloc_huge(program->nodes,
									   compiler->node_capacity * sizeof(SchemaNode));
		compiler->items = repalloc_huge(compiler->items,
										compiler->node_capacity * sizeof(JsonItem));
	}
	node = &program->nodes[program->nnodes];
	node->first = 0;
	node->count = 0;
	node->resource = resource;
	node->wants_marks = false;
	node->leaf = true;
	node->location = location[0] == '\0' ? "" :
		compile_keep(compiler, location, strlen(location) + 1);
	return program->nnodes++;
}

SchemaOp *
compile_append_op(SchemaCompiler *compiler, SchemaOpCode code, int kinds)
{
	SchemaProgram *program = compiler->program;
	SchemaOp   *op;

	program->ops = array_with_room(program->ops, compiler->nops,
								   &compiler->op_capacity, sizeof(SchemaOp));
	op = &program->ops[compiler->nops++];
	memset(op, 0, sizeof(*op));
	op->code = code;
	op->kinds = kinds;
	op->keyword = compiler->keyword;
	program->nodes[compiler->node].count++;
	if (code > OP_MIN_COUNT)
		program->nodes[compiler->node].leaf = false;
	return op;
}

int
compile_add_false(SchemaCompiler *compiler, int resource, const char *location)
{
	int			node = compile_append_node(compiler, resource, location);

	compiler->items[node].kind = JSON_BOOLEAN;
	compiler->items[node].u.boolean = false;
	return node;
}

int
compile_add_node(SchemaCompiler *compiler, const JsonItem *item, int resource,
				 const char *location)
{
	NodeEntry  *entry;
	bool		found;

	if (item->kind == JSON_BOOLEAN)
		return item->u.boolean ? NODE_ANY :
			compile_add_false(compiler, resource, location);
	if (item->kind != JSON_OBJECT)
	{
		schema_fault(&compiler->documents, location, compiler->keyword,
					 "A schema must be an object or a boolean, but this is %s.",
					 json_kind_name(item));
		return NODE_ANY;
	}
	entry = hash_search(compiler->known, &item->u.container, HASH_ENTER,
						&found);
	if (!found)
	{
		entry->node = compile_append_node(compiler, resource, location);
		compiler->items[entry->node] = *item;
		enter_resource(compiler, resource);
	}
	return entry->node;
}

int
compile_child(SchemaCompiler *compiler, const JsonItem *item,
			  const char *location)
{
	int			resource = schema_resource_at(&compiler->documents, item,
											  compiler->resource);

	return compile_add_node(compiler, item, resource, location);
}
