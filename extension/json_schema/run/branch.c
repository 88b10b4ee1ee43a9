/*
 * json_schema/run/branch.c
 *		The alternatives of "anyOf" and "oneOf", and why they do not hold.
 *
 * Somebody whose value fits no alternative wants to know what is wrong with it
 * by the one that was meant.  Nothing says which that is, so each is tried,
 * and what is told begins with the one that the value is nearest to.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json_schema/run/branch.h"
#include "json_schema/run/fault.h"

/* Scores of what makes it unlikely that an alternative was meant. */
#define SCORE_OTHER_VALUE	2	/* of a member that tells alternatives apart */
#define SCORE_OTHER_TYPE	1000

/* How many alternatives that hold a message names. */
#define HOLDING_MAX			10

/*
 * Counts the branches that hold, as far as that matters: all of them
 * if their marks are wanted, else up to the limit.
 */
static int
count_branches(SchemaRun *run, const SchemaNodeList *list,
			   const JsonItem *item, SchemaMarks *marks, int limit)
{
	int			holding = 0;

	for (int i = 0; i < list->count; i++)
	{
		if (schema_run_quietly(run, list->nodes[i], item, marks))
			holding++;
		if (holding >= limit && (marks == NULL || limit > 1))
			break;
	}
	return holding;
}

static int
path_depth(const JsonPath *path)
{
	int			depth = 0;

	for (; path != NULL; path = path->parent)
		depth++;
	return depth;
}

/* What one fault says against the branch, on a value at the depth. */
static int
score_fault(const SchemaFault *fault, const SchemaBranch *branch, int depth)
{
	if (fault->nbranches > 0)
		return fault->branches[0].score;
	if (fault->depth == depth &&
		(strcmp(fault->keyword, "type") == 0 ||
		 strcmp(fault->schema_pointer, branch->location) == 0))
		return SCORE_OTHER_TYPE;
	if (fault->depth <= depth + 1 &&
		(strcmp(fault->keyword, "const") == 0 ||
		 strcmp(fault->keyword, "enum") == 0))
		return 1 + SCORE_OTHER_VALUE;
	return 1;
}

/* Runs a branch for its faults. */
static void
try_branch(SchemaRun *run, const SchemaOp *op, int number,
		   const JsonItem *item, SchemaBranch *branch)
{
	SchemaReport *report = run->report;
	MemoryContext caller = MemoryContextSwitchTo(report->context);
	int			depth = path_depth(run->path);

	branch->location = psprintf("%s/%s/%d", run->location, op->keyword,
								number);
	branch->number = number;
	branch->report = schema_report_branch(report);
	MemoryContextSwitchTo(caller);
	run->report = branch->report;
	run->keyword = op->keyword;
	run->branch_runs++;
	schema_run_node(run, op->arg.nodes->nodes[number], item, NULL);
	run->report = report;
	branch->score = branch->report->dropped;
	for (int i = 0; i < branch->report->count; i++)
		branch->score += score_fault(&branch->report->faults[i], branch,
									 depth);
}

/* The likeliest first; of the same score, in the schema's order. */
static int
compare_branches(const void *a, const void *b)
{
	const SchemaBranch *left = a;
	const SchemaBranch *right = b;

	if (left->score != right->score)
		return left->score < right->score ? -1 : 1;
	return left->number < right->number ? -1 : 1;
}

/* How many of the branches, sorted, are worth telling. */
static int
branches_to_tell(const SchemaRun *run, const SchemaBranch *branches, int count)
{
	if (run->report->all_branches)
		return Min(count, run->branch_depth > 1 ? NESTED_BRANCHES_MAX :
				   BRANCHES_MAX);
	return branches[0].score < SCORE_OTHER_TYPE &&
		(count < 2 || branches[1].score >= SCORE_OTHER_TYPE);
}

/* Gives the fault that was reported last the reasons of each branch. */
static void
explain_branches(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	SchemaReport *report = run->report;
	int			count = op->arg.nodes->count;
	SchemaBranch *branches;
	SchemaFault *fault;

	if (count == 0 || report->dropped > 0 ||
		run->branch_depth >= BRANCH_DEPTH_MAX ||
		run->branch_runs + count > BRANCH_RUNS_MAX)
		return;
	branches = MemoryContextAllocHuge(report->context,
									  count * sizeof(SchemaBranch));
	run->branch_depth++;
	for (int i = 0; i < count; i++)
		try_branch(run, op, i, item, &branches[i]);
	qsort(branches, count, sizeof(SchemaBranch), compare_branches);
	fault = &report->faults[report->count - 1];
	fault->nbranches = branches_to_tell(run, branches, count);
	fault->branches = branches;
	run->branch_depth--;
}

/* "at least one of the 3 alternatives" */
static char *
alternatives(const char *how_many, int count)
{
	return count == 1 ? pstrdup("the one alternative") :
		psprintf("%s one of the %d alternatives", how_many, count);
}

bool
schema_run_any_of(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
				  SchemaMarks *marks)
{
	if (count_branches(run, op->arg.nodes, item, marks, 1) > 0)
		return true;
	if (run->report == NULL)
		return false;
	run->keyword = op->keyword;
	schema_run_fault(run, op, "Must be valid by %s, but is %s.",
					 alternatives("at least", op->arg.nodes->count),
					 op->arg.nodes->count == 1 ? "not" : "by none");
	explain_branches(run, op, item);
	return false;
}

/* Which alternatives hold: "2 of them: /oneOf/0, /oneOf/2" */
static char *
name_holding(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	const SchemaNodeList *list = op->arg.nodes;
	StringInfoData names;
	int			holding = 0;

	initStringInfo(&names);
	for (int i = 0; i < list->count; i++)
	{
		if (!schema_run_quietly(run, list->nodes[i], item, NULL))
			continue;
		if (holding++ < HOLDING_MAX)
			appendStringInfo(&names, "%s%s/%s/%d", names.len ? ", " : "",
							 run->location, op->keyword, i);
	}
	if (holding > HOLDING_MAX)
		appendStringInfoString(&names, ", ...");
	return psprintf("%d of them: %s", holding, names.data);
}

bool
schema_run_one_of(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
				  SchemaMarks *marks)
{
	int			holding = count_branches(run, op->arg.nodes, item, marks, 2);

	if (holding == 1)
		return true;
	if (run->report == NULL)
		return false;
	run->keyword = op->keyword;
	if (holding > 1)
		return schema_run_fault(run, op, "Must be valid by %s, but is by %s.",
								alternatives("exactly", op->arg.nodes->count),
								name_holding(run, op, item));
	schema_run_fault(run, op, "Must be valid by %s, but is %s.",
					 alternatives("exactly", op->arg.nodes->count),
					 op->arg.nodes->count == 1 ? "not" : "by none");
	explain_branches(run, op, item);
	return false;
}
