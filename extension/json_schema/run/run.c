/*
 * json_schema/run/run.c
 *		Running a program over a document: the loop, and the instructions
 *		that look at a value as a whole.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json_schema/run/branch.h"
#include "json_schema/run/children.h"
#include "json_schema/run/fault.h"
#include "json_schema/run/run.h"
#include "json_schema/run/value.h"

static bool
run_all_of(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
		   SchemaMarks *marks)
{
	const SchemaNodeList *list = op->arg.nodes;
	bool		valid = true;

	for (int i = 0; i < list->count; i++)
	{
		run->keyword = op->keyword;
		if (schema_run_node(run, list->nodes[i], item, marks))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	return valid;
}

static bool
run_not(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	if (!schema_run_quietly(run, op->arg.node, item, NULL))
		return true;
	return SCHEMA_FAULT(run, op, "Must not be valid by the schema under \"not\", but is.");
}

static bool
run_if(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
	   SchemaMarks *marks)
{
	const SchemaIf *branch = op->arg.branch;
	bool		holds = schema_run_quietly(run, branch->condition, item, marks);
	int			node = holds ? branch->then_node : branch->else_node;

	if (node == NODE_ABSENT)
		return true;
	run->keyword = holds ? "then" : "else";
	return schema_run_node(run, node, item, marks);
}

static bool
run_dependent_schemas(SchemaRun *run, const SchemaOp *op,
					  const JsonItem *item, SchemaMarks *marks)
{
	bool		valid = true;

	for (int i = 0; i < op->arg.names->count; i++)
	{
		const SchemaName *name = &op->arg.names->list[i];
		JsonItem	member;

		if (name->node == NODE_ABSENT ||
			!json_item_member(item, name->str, name->len, &member))
			continue;
		run->keyword = op->keyword;
		if (schema_run_node(run, name->node, item, marks))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	return valid;
}

/* The outermost resource with the anchor has the say. */
static int
dynamic_target(const SchemaRun *run, const SchemaOp *op)
{
	const SchemaProgram *program = run->program;
	int			node = op->arg.dynamic.node;

	for (SchemaScope *scope = run->scope; scope; scope = scope->outer)
	{
		int			i = schema_program_target(program,
											  op->arg.dynamic.anchor,
											  scope->resource);

		if (i < program->ntargets &&
			program->targets[i].anchor == op->arg.dynamic.anchor &&
			program->targets[i].resource == scope->resource)
			node = program->targets[i].node;
	}
	return node;
}

static bool
run_reference(SchemaRun *run, const SchemaOp *op, int node,
			  const JsonItem *item, SchemaMarks *marks)
{
	run->keyword = op->keyword;
	return schema_run_node(run, node, item, marks);
}

static bool
run_false(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	if (run->report == NULL)
		return false;
	if (strcmp(run->keyword, "additionalProperties") == 0 ||
		strcmp(run->keyword, "unevaluatedProperties") == 0)
		return SCHEMA_FAULT(run, op, "This member is not accepted; its name is not among those that are known.");
	if (strcmp(run->keyword, "items") == 0 ||
		strcmp(run->keyword, "additionalItems") == 0 ||
		strcmp(run->keyword, "unevaluatedItems") == 0)
		return SCHEMA_FAULT(run, op, "This element is one too many.");
	return SCHEMA_FAULT(run, op, "No value is accepted here.");
}

static bool
run_op(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
	   SchemaMarks *marks)
{
	switch ((SchemaOpCode) op->code)
	{
		case OP_FALSE:
			return run_false(run, op, item);
		case OP_TYPE:
		case OP_CONST:
		case OP_ENUM:
		case OP_MULTIPLE_OF:
		case OP_MAXIMUM:
		case OP_EXCLUSIVE_MAXIMUM:
		case OP_MINIMUM:
		case OP_EXCLUSIVE_MINIMUM:
		case OP_MAX_LENGTH:
		case OP_MIN_LENGTH:
		case OP_PATTERN:
		case OP_FORMAT:
		case OP_MAX_COUNT:
		case OP_MIN_COUNT:
			return schema_run_value(run, op, item);
		case OP_UNIQUE_ITEMS:
			return schema_run_unique_items(run, op, item);
		case OP_UNIQUE_BY:
			return schema_run_unique_by(run, op, item);
		case OP_REQUIRED:
			return schema_run_required(run, op, item);
		case OP_DEPENDENT_REQUIRED:
			return schema_run_dependent_required(run, op, item);
		case OP_MEMBERS:
			return schema_run_members(run, op, item, marks);
		case OP_PROPERTY_NAMES:
			return schema_run_property_names(run, op, item);
		case OP_ITEMS:
			return schema_run_items(run, op, item, marks);
		case OP_CONTAINS:
			return schema_run_contains(run, op, item, marks);
		case OP_REF:
			return run_reference(run, op, op->arg.node, item, marks);
		case OP_DYNAMIC_REF:
			return run_reference(run, op, dynamic_target(run, op), item,
								 marks);
		case OP_ALL_OF:
			return run_all_of(run, op, item, marks);
		case OP_ANY_OF:
			return schema_run_any_of(run, op, item, marks);
		case OP_ONE_OF:
			return schema_run_one_of(run, op, item, marks);
		case OP_NOT:
			return run_not(run, op, item);
		case OP_IF:
			return run_if(run, op, item, marks);
		case OP_DEPENDENT_SCHEMAS:
			return run_dependent_schemas(run, op, item, marks);
		case OP_UNEVALUATED_ITEMS:
		case OP_UNEVALUATED_PROPERTIES:
			return schema_run_unevaluated(run, op, item, marks);
	}
	return true;
}

/* Runs the instructions of a node that apply to the kind of value. */
static bool
run_ops(SchemaRun *run, const SchemaNode *node, const JsonItem *item,
		SchemaMarks *marks)
{
	const SchemaOp *op = &run->program->ops[node->first];
	const SchemaOp *end = op + node->count;
	const char *location = run->location;
	const char *keyword = run->keyword;
	int			kind = JSON_BIT(item->kind);
	bool		valid = true;

	for (; op < end; op++)
	{
		if (!(op->kinds & kind) ||
			(op->code == OP_TYPE && (op->arg.types & kind)))
			continue;
		run->location = node->location;
		run->keyword = keyword;
		if (run_op(run, op, item, marks))
			continue;
		valid = false;
		if (run->report == NULL)
			break;
	}
	run->location = location;
	run->keyword = keyword;
	return valid;
}

bool
schema_program_run(const SchemaProgram *program, const JsonItem *document,
				   bool assert_format, const List *skip,
				   SchemaReport *report)
{
	SchemaRun	run = {program, assert_format, report};
	bool		valid;

	run.skip = skip;
	run.ops = run_ops;
	run.location = "";
	run.keyword = "false";
	valid = schema_run_node(&run, program->root, document, NULL);
	if (report != NULL && !report->unsorted)
		schema_report_sort(report);
	return valid;
}
