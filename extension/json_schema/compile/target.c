/*
 * json_schema/compile/target.c
 *		Where dynamic references may lead: the dynamic anchors that are asked
 *		for, in the resources that a run may pass through.
 */
#include "postgres.h"

#include "json_schema/array.h"
#include "json_schema/compile/target.h"

int
compile_dynamic_anchor(SchemaCompiler *compiler, const char *name)
{
	int			number = schema_anchor_number(&compiler->documents, name);
	SchemaAnchorName *asked = list_nth(compiler->documents.names, number);

	if (!asked->asked)
	{
		asked->asked = true;
		compiler->waiting = list_concat(compiler->waiting, asked->anchors);
	}
	return number;
}

static SchemaDynamicTarget *
append_target(SchemaCompiler *compiler)
{
	SchemaProgram *program = compiler->program;

	program->targets = array_with_room(program->targets, program->ntargets,
									   &compiler->target_capacity,
									   sizeof(SchemaDynamicTarget));
	return &program->targets[program->ntargets++];
}

/* Adds an anchor as a target, if it is asked for and a run may come by. */
static void
add_target(SchemaCompiler *compiler, SchemaAnchor *anchor)
{
	SchemaDocuments *documents = &compiler->documents;
	const SchemaAnchorName *name = list_nth(documents->names, anchor->number);
	SchemaDynamicTarget *target;

	if (anchor->is_target || !name->asked ||
		!documents->resources[anchor->resource].entered)
		return;
	anchor->is_target = true;
	target = append_target(compiler);
	target->anchor = anchor->number;
	target->resource = anchor->resource;
	target->node = compile_add_node(compiler, &anchor->item, anchor->resource,
									anchor->location);
}

/*
 * An anchor waits when its name is first asked for and when its resource is
 * entered: the later of both makes it a target.
 */
bool
compile_add_targets(SchemaCompiler *compiler)
{
	List	   *waiting = compiler->waiting;
	ListCell   *lc;

	compiler->waiting = NIL;
	foreach(lc, waiting)
		add_target(compiler, lfirst(lc));
	list_free(waiting);
	return compiler->done < compiler->program->nnodes;
}
