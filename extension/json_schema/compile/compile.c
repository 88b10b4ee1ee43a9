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
#include "json_schema/compile/builder.h"
#include "json_schema/compile/compile.h"
#include "json_schema/compile/keyword.h"
#include "json_schema/compile/loop.h"
#include "json_schema/compile/target.h"

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
	memset(compiler, 0, sizeof(*compiler));
	compiler->documents.context = context;
	compiler->documents.loader = loader;
	compiler->documents.report = report;
	compiler->documents.index = schema_index_create(CurrentMemoryContext);
	compiler->program = MemoryContextAllocZero(context, sizeof(SchemaProgram));
	compiler->program->context = context;
	compiler->keyword = "";
	compile_start_nodes(compiler);
}

/* The nodes for "true" and "false", which every program begins with. */
static void
add_fixed_nodes(SchemaCompiler *compiler)
{
	int			any = compile_append_node(compiler, 0, "");

	compiler->items[any].kind = JSON_BOOLEAN;
	compiler->items[any].u.boolean = true;
	compile_add_false(compiler, 0, "");
}

static void
compile_all(SchemaCompiler *compiler, const char *base_uri, SchemaDraft draft)
{
	SchemaProgram *program = compiler->program;
	int			resource;

	compiler->documents.unnamed = base_uri == NULL;
	resource = schema_documents_add(&compiler->documents, program->schema,
									base_uri ? base_uri : DEFAULT_BASE_URI,
									"", schema_dialect_of_draft(draft));
	add_fixed_nodes(compiler);
	program->root = compile_add_node(compiler,
									 &compiler->documents.resources[resource].root,
									 resource, "");
	do
		drain_queue(compiler);
	while (compile_add_targets(compiler));
	schema_program_sort_targets(program);
	if (compiler->documents.report != NULL)
		compile_find_loops(compiler);
}

/* The kinds of value that none of the node's instructions minds. */
static int
accepted_kinds(const SchemaProgram *program, const SchemaNode *node)
{
	int			kinds = JSON_BITS_ALL;

	for (int i = 0; i < node->count; i++)
	{
		const SchemaOp *op = &program->ops[node->first + i];

		kinds &= op->code == OP_TYPE ? op->arg.types : ~op->kinds;
	}
	return kinds;
}

static const char *
keep_string(SchemaCompiler *compiler, const char *str)
{
	return compile_keep(compiler, str, strlen(str) + 1);
}

/* Notes what each resource is called, unless the default base lent it that. */
static void
keep_parts(SchemaCompiler *compiler)
{
	const SchemaDocuments *documents = &compiler->documents;
	SchemaProgram *program = compiler->program;

	program->nresources = documents->nresources;
	program->parts = compile_alloc(compiler, (Size) documents->nresources *
								   sizeof(SchemaNamedPart));
	for (int i = 0; i < documents->nresources; i++)
	{
		const SchemaResource *resource = &documents->resources[i];

		program->parts[i].location = keep_string(compiler, resource->location);
		if (schema_shown_uri(documents, resource->uri) == resource->uri)
			program->parts[i].uri = keep_string(compiler, resource->uri);
	}
}

/* Gives the program what has grown outside of it. */
static void
finish_program(SchemaCompiler *compiler)
{
	SchemaProgram *program = compiler->program;

	program->nodes = compile_keep(compiler, program->nodes,
								  program->nnodes * sizeof(SchemaNode));
	program->ops = compile_keep(compiler, program->ops,
								compiler->nops * sizeof(SchemaOp));
	program->targets = compile_keep(compiler, program->targets,
									program->ntargets *
									sizeof(SchemaDynamicTarget));
	program->sources = compiler->documents.sources;
	for (int i = 0; i < program->nnodes; i++)
		program->nodes[i].accepts = accepted_kinds(program,
												   &program->nodes[i]);
	keep_parts(compiler);
}

SchemaProgram *
schema_compile(Jsonb *schema, const char *base_uri, SchemaDraft draft,
			   SchemaLoader loader, MemoryContext context,
			   SchemaReport *report)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(caller, "dpmeta compilation",
												  ALLOCSET_DEFAULT_SIZES);
	int			faults = report ? report->count : 0;
	SchemaCompiler compiler;

	MemoryContextSwitchTo(scratch);
	start_compiler(&compiler, loader, context, report);
	compiler.program->schema = compile_alloc(&compiler, VARSIZE(schema));
	memcpy(compiler.program->schema, schema, VARSIZE(schema));
	compile_all(&compiler, base_uri, draft);
	finish_program(&compiler);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
	if (report != NULL && report->count > faults)
		return NULL;
	return compiler.program;
}
