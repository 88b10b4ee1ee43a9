/*
 * json_schema/run/run.c
 *		Running a program over a document: the loop, and the instructions
 *		that look at a value as a whole.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "errors.h"
#include "json_schema/run/run.h"

/* How deep frames on one value may be before a loop is looked for. */
#define LOOP_CHECK_EVERY	128

void
schema_marks_init(SchemaMarks *marks, int count)
{
	marks->count = count;
	marks->word = 0;
	marks->words = count <= 64 ? &marks->word :
		palloc0(((count + 63) / 64) * sizeof(uint64));
}

void
schema_marks_merge(SchemaMarks *marks, const SchemaMarks *other)
{
	for (int i = 0; i < (marks->count + 63) / 64; i++)
		marks->words[i] |= other->words[i];
}

void
schema_marks_free(SchemaMarks *marks)
{
	if (marks->words != &marks->word)
		pfree(marks->words);
}

char *
schema_quote(const JsonItem *item)
{
	StringInfoData buf;

	initStringInfo(&buf);
	json_item_describe(&buf, item);
	return buf.data;
}

char *
schema_quote_name(const char *str, int len)
{
	JsonItem	item;

	item.kind = JSON_STRING;
	item.len = len;
	item.u.string = str;
	return schema_quote(&item);
}

static void add_fault(SchemaRun *run, const SchemaOp *op, const char *message,
					  va_list args) pg_attribute_printf(3, 0);

static bool
is_reference(const char *keyword)
{
	return strcmp(keyword, "$ref") == 0 ||
		strcmp(keyword, "$dynamicRef") == 0 ||
		strcmp(keyword, "$recursiveRef") == 0;
}

/* Appends the step from one schema to the next, and notes where it ends. */
static void
trace_step(SchemaTrace *trace, StringInfo location, const char *from,
		   const char *to, const char *keyword, const JsonPath *path)
{
	SchemaStep *step = &trace->steps[trace->nsteps++];
	int			skip = from ? strlen(from) : 0;

	if (from != NULL && is_reference(keyword))
		appendStringInfo(location, "/%s", keyword);
	else if (from != NULL && strncmp(from, to, skip) == 0)
		appendStringInfoString(location, to + skip);
	step->location_len = location->len;
	step->instance_len = json_path_length(path);
}

/* How the run came to the schema at hand; the keyword is that of the fault. */
static SchemaTrace *
make_trace(const SchemaRun *run, const char *keyword)
{
	MemoryContext caller = MemoryContextSwitchTo(run->report->context);
	SchemaTrace *trace = palloc0(sizeof(SchemaTrace));
	const SchemaNode *nodes = run->program->nodes;
	List	   *frames = NIL;
	ListCell   *lc;
	StringInfoData location;
	const char *from = NULL;

	for (const SchemaFrame *f = run->frame; f != NULL; f = f->outer)
	{
		if (f->node != NODE_ABSENT)
			frames = lcons(unconstify(SchemaFrame *, f), frames);
	}
	trace->steps = palloc((list_length(frames) + 1) * sizeof(SchemaStep));
	initStringInfo(&location);
	foreach(lc, frames)
	{
		const SchemaFrame *f = lfirst(lc);

		trace_step(trace, &location, from, nodes[f->node].location,
				   f->keyword, f->path);
		from = nodes[f->node].location;
	}
	/* a leaf has no frame */
	if (from != run->location)
		trace_step(trace, &location, from, run->location, run->keyword,
				   run->path);
	if (keyword != NULL)
		appendStringInfo(&location, "/%s", keyword);
	trace->location = location.data;
	MemoryContextSwitchTo(caller);
	return trace;
}

/* Adds a fault of an instruction, or of the keyword that led to a "false". */
static void
add_fault(SchemaRun *run, const SchemaOp *op, const char *message,
		  va_list args)
{
	char	   *text = schema_message(message, args);
	bool		is_false = op->code == OP_FALSE;
	char	   *location = is_false ? pstrdup(run->location) :
		psprintf("%s/%s", run->location, op->keyword);
	SchemaFault *fault = schema_report_add(run->report, run->path, location,
										   is_false ? run->keyword : op->keyword,
										   text);

	if (fault != NULL && run->report->traced)
		fault->trace = make_trace(run, is_false ? NULL : op->keyword);
	pfree(location);
	pfree(text);
}

bool
schema_run_fault(SchemaRun *run, const SchemaOp *op, const char *message,...)
{
	va_list		args;

	va_start(args, message);
	add_fault(run, op, message, args);
	va_end(args);
	return false;
}

bool
schema_run_fault_at(SchemaRun *run, const SchemaOp *op, const JsonItem *key,
					int index, const char *message,...)
{
	JsonPath	step = {run->path, key, index};
	va_list		args;

	run->path = &step;
	va_start(args, message);
	add_fault(run, op, message, args);
	va_end(args);
	run->path = step.parent;
	return false;
}

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
		return schema_run_fault(run, op, "This member is not accepted; its name is not among those that are known.");
	if (strcmp(run->keyword, "items") == 0 ||
		strcmp(run->keyword, "additionalItems") == 0 ||
		strcmp(run->keyword, "unevaluatedItems") == 0)
		return schema_run_fault(run, op, "This element is one too many.");
	return schema_run_fault(run, op, "No value is accepted here.");
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
		if (!(op->kinds & kind))
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

	schema_marks_init(&own, item->len);
	valid = run_ops(run, node, item, &own);
	if (valid && marks != NULL)
		schema_marks_merge(marks, &own);
	schema_marks_free(&own);
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

	if (node->count == 0 || (run->skip != NIL && is_skipped(run, item)))
		return true;
	if (node->leaf)
		return run_ops(run, node, item, NULL);
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
		valid = run_ops(run, node, item, marks);
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
		schema_marks_init(&branch, item->len);
		valid = schema_run_node(run, node, item, &branch);
		if (valid)
			schema_marks_merge(marks, &branch);
		schema_marks_free(&branch);
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

	if (node == NODE_ANY)
		return true;
	run->path = &step;
	if (run->program->nodes[node].leaf && run->skip == NIL)
		valid = run_ops(run, &run->program->nodes[node], item, NULL);
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

bool
schema_program_run(const SchemaProgram *program, const JsonItem *document,
				   bool assert_format, const List *skip,
				   SchemaReport *report)
{
	SchemaRun	run = {program, assert_format, report};
	bool		valid;

	run.skip = skip;
	run.location = "";
	run.keyword = "false";
	valid = schema_run_node(&run, program->root, document, NULL);
	if (report != NULL && !report->unsorted)
		schema_report_sort(report);
	return valid;
}
