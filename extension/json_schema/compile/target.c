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

static int
compare_targets(const void *a, const void *b)
{
	const SchemaDynamicTarget *left = a;
	const SchemaDynamicTarget *right = b;

	if (left->anchor != right->anchor)
		return left->anchor < right->anchor ? -1 : 1;
	if (left->resource != right->resource)
		return left->resource < right->resource ? -1 : 1;
	return 0;
}

void
compile_sort_targets(SchemaProgram *program)
{
	if (program->ntargets > 1)
		qsort(program->targets, program->ntargets,
			  sizeof(SchemaDynamicTarget), compare_targets);
}

int
schema_program_target(const SchemaProgram *program, int anchor, int resource)
{
	SchemaDynamicTarget key = {anchor, resource, NODE_ABSENT};
	int			low = 0;
	int			high = program->ntargets;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (compare_targets(&program->targets[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
