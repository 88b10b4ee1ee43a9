/*
 * json_schema/run/node.c
 *		Going from one schema to the next, and what each leaves behind.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "errors.h"
#include "json_schema/run/node.h"

/* How deep frames on one value may be before a loop is looked for. */
#define LOOP_CHECK_EVERY	128

static void
init_marks(SchemaMarks *marks, int count)
{
	marks->count = count;
	marks->word = 0;
	marks->words = count <= 64 ? &marks->word :
		palloc0(((count + 63) / 64) * sizeof(uint64));
}

static void
merge_marks(SchemaMarks *marks, const SchemaMarks *other)
{
	for (int i = 0; i < (marks->count + 63) / 64; i++)
		marks->words[i] |= other->words[i];
}

static void
free_marks(SchemaMarks *marks)
{
	if (marks->words != &marks->word)
		pfree(marks->words);
}

/* Is the value one of those that need no look? */
static bool
is_skipped(const SchemaRun *run, const JsonItem *item)
{
	ListCell   *lc;

	foreach(lc, run->skip)
	{
		if (item->kind == JSON_OBJECT &&
			((const JsonItem *) lfirst(lc))->u.container == item->u.container)
			return true;
	}
	return false;
}

/*
 * A node that comes back on the same value more often than there are
 * resources to enter meanwhile will come back for ever.
 */
static void
check_loop(const SchemaRun *run, const SchemaFrame *frame)
{
	int			seen = 0;
	int			depth = frame->depth;

	for (const SchemaFrame *f = frame; f && depth-- > 0; f = f->outer)
	{
		if (f->node == frame->node)
			seen++;
	}
	if (seen > run->program->nresources + 1)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_SCHEMA),
				 errmsg("JSON schema refers to itself without end"),
				 errdetail(SCHEMA_LOOP_MESSAGE,
						   run->program->nodes[frame->node].location),
				 errhint("Let the recursion go through a keyword that looks into the value, such as \"properties\" or \"items\".")));
}

/* Runs a node with marks of its own, that it hands on if it holds. */
static bool
run_with_marks(SchemaRun *run, const SchemaNode *node, const JsonItem *item,
			   SchemaMarks *marks)
{
	SchemaMarks own;
	bool		valid;

	init_marks(&own, item->len);
	valid = run->ops(run, node, item, &own);
	if (valid && marks != NULL)
		merge_marks(marks, &own);
	free_marks(&own);
	return valid;
}

bool
schema_run_node(SchemaRun *run, int number, const JsonItem *item,
				SchemaMarks *marks)
{
	const SchemaNode *node = &run->program->nodes[number];
	SchemaScope scope = {run->scope, node->resource};
	SchemaFrame frame = {run->frame, number,
		run->frame ? run->frame->depth + 1 : 1, run->keyword, run->path};
	bool		valid;

	if ((node->accepts & JSON_BIT(item->kind)) || (run->skip != NIL && is_skipped(run, item)))
		return true;
	if (node->leaf)
		return run->ops(run, node, item, NULL);
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (frame.depth % LOOP_CHECK_EVERY == 0)
		check_loop(run, &frame);
	run->frame = &frame;
	if (scope.outer == NULL || scope.outer->resource != scope.resource)
		run->scope = &scope;
	if (node->wants_marks &&
		(item->kind == JSON_ARRAY || item->kind == JSON_OBJECT))
		valid = run_with_marks(run, node, item, marks);
	else
		valid = run->ops(run, node, item, marks);
	run->scope = scope.outer;
	run->frame = frame.outer;
	return valid;
}

bool
schema_run_quietly(SchemaRun *run, int node, const JsonItem *item,
				   SchemaMarks *marks)
{
	SchemaReport *report = run->report;
	SchemaMarks branch;
	bool		valid;

	run->report = NULL;
	if (marks == NULL)
		valid = schema_run_node(run, node, item, NULL);
	else
	{
		init_marks(&branch, item->len);
		valid = schema_run_node(run, node, item, &branch);
		if (valid)
			merge_marks(marks, &branch);
		free_marks(&branch);
	}
	run->report = report;
	return valid;
}

bool
schema_run_child(SchemaRun *run, int node, const JsonItem *key, int index,
				 const JsonItem *item)
{
	JsonPath	step = {run->path, key, index};
	SchemaFrame start;
	bool		valid;

	if (run->program->nodes[node].accepts & JSON_BIT(item->kind))
		return true;
	/* A leaf is quick as a rule, but there may be very many values. */
	CHECK_FOR_INTERRUPTS();
	run->path = &step;
	if (run->program->nodes[node].leaf && run->skip == NIL)
		valid = run->ops(run, &run->program->nodes[node], item, NULL);
	else
	{
		start.outer = run->frame;
		start.node = NODE_ABSENT;
		start.depth = 0;
		run->frame = &start;
		valid = schema_run_node(run, node, item, NULL);
		run->frame = start.outer;
	}
	run->path = step.parent;
	return valid;
}
