/*
 * json_schema/run/fault.c
 *		Reporting what a value has against it.
 */
#include "postgres.h"

#include "json_schema/run/fault.h"
#include "json_schema/run/score.h"

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
	step->location = to;
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

/*
 * Adds a fault of an instruction, or of the keyword that led to a "false"; ends
 * the run if there are enough.
 */
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

	if (fault == NULL)
		run->report = NULL;
	else if (run->report->traced)
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

bool
schema_run_count(SchemaRun *run, const SchemaOp *op)
{
	schema_score_add(run, op, run->path, 0);
	return false;
}

bool
schema_run_count_at(SchemaRun *run, const SchemaOp *op, const JsonItem *key,
					int index)
{
	JsonPath	step = {run->path, key, index};

	schema_score_add(run, op, &step, 0);
	return false;
}
