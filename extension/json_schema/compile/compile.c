/*
 * json_schema/compile/compile.c
 *		From a schema to a flat program.
 *
 * Nodes are made when something first points at them and wait in a queue;
 * taking one from the queue appends its instructions.  So nothing recurses,
 * and a schema that refers to itself is only a node that is there already.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "compat.h"
#include "json_schema/array.h"
#include "json_schema/compile/builder.h"

/* A node that was compiled, or waits to be. */
typedef struct NodeEntry
{
	JsonbContainer *container;	/* hash key */
	int			node;
} NodeEntry;

static int
append_node(SchemaCompiler *compiler, int resource, const char *location)
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
	node->location = location;
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

/* A node for "false" that knows where it stands. */
static int
add_false_node(SchemaCompiler *compiler, int resource, const char *location)
{
	int			node = append_node(compiler, resource, location);

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
			add_false_node(compiler, resource, location);
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
		entry->node = append_node(compiler, resource, location);
		compiler->items[entry->node] = *item;
		compile_enter_resource(compiler, resource);
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

/* Compiles the node that is next in the queue. */
static void
compile_node(SchemaCompiler *compiler, int number)
{
	SchemaNode *node = &compiler->program->nodes[number];

	compiler->node = number;
	compiler->schema = compiler->items[number];
	compiler->resource = node->resource;
	compiler->location = node->location;
	node->first = compiler->nops;
	if (compiler->schema.kind == JSON_OBJECT)
		compile_keywords(compiler);
	else if (!compiler->schema.u.boolean)
	{
		compiler->keyword = "false";
		compile_append_op(compiler, OP_FALSE, JSON_BITS_ALL);
	}
}

static void
drain_queue(SchemaCompiler *compiler)
{
	while (compiler->done < compiler->program->nnodes)
	{
		CHECK_FOR_INTERRUPTS();
		compile_node(compiler, compiler->done++);
	}
}

static void
start_compiler(SchemaCompiler *compiler, SchemaLoader loader,
			   MemoryContext context, SchemaReport *report)
{
	HASHCTL		control;

	memset(compiler, 0, sizeof(*compiler));
	compiler->documents.context = context;
	compiler->documents.loader = loader;
	compiler->documents.report = report;
	compiler->documents.index = schema_index_create(context);
	compiler->program = palloc0(sizeof(SchemaProgram));
	compiler->program->context = context;
	compiler->keyword = "";
	compiler->node_capacity = 16;
	compiler->op_capacity = 64;
	compiler->program->nodes = palloc(16 * sizeof(SchemaNode));
	compiler->program->ops = palloc(64 * sizeof(SchemaOp));
	compiler->items = palloc(16 * sizeof(JsonItem));
	control.keysize = sizeof(JsonbContainer *);
	control.entrysize = sizeof(NodeEntry);
	control.hcxt = context;
	compiler->known = hash_create("schema nodes", 64, &control,
								  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* The nodes for "true" and "false", which every program begins with. */
static void
add_fixed_nodes(SchemaCompiler *compiler)
{
	int			any = append_node(compiler, 0, "");

	compiler->items[any].kind = JSON_BOOLEAN;
	compiler->items[any].u.boolean = true;
	add_false_node(compiler, 0, "");
}

static void
compile_all(SchemaCompiler *compiler, const char *base_uri)
{
	SchemaProgram *program = compiler->program;
	int			resource;

	compiler->documents.unnamed = base_uri == NULL;
	resource = schema_documents_add(&compiler->documents, program->schema,
									base_uri ? base_uri : DEFAULT_BASE_URI,
									"");
	add_fixed_nodes(compiler);
	program->root = compile_add_node(compiler,
									 &compiler->documents.resources[resource].root,
									 resource, "");
	do
		drain_queue(compiler);
	while (compile_add_targets(compiler));
	compile_sort_targets(program);
	program->nresources = compiler->documents.nresources;
	program->sources = compiler->documents.sources;
	if (compiler->documents.report != NULL)
		compile_find_loops(compiler);
}

SchemaProgram *
schema_compile(Jsonb *schema, const char *base_uri, SchemaLoader loader,
			   MemoryContext context, SchemaReport *report)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	int			faults = report ? report->count : 0;
	SchemaCompiler compiler;

	start_compiler(&compiler, loader, context, report);
	compiler.program->schema = palloc(VARSIZE(schema));
	memcpy(compiler.program->schema, schema, VARSIZE(schema));
	compile_all(&compiler, base_uri);
	hash_destroy(compiler.known);
	schema_index_destroy(compiler.documents.index);
	pfree(compiler.items);
	MemoryContextSwitchTo(caller);
	if (report != NULL && report->count > faults)
		return NULL;
	return compiler.program;
}
