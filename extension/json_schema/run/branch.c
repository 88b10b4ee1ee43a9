/*
 * json_schema/run/branch.c
 *		The alternatives of "anyOf" and "oneOf", and why they do not hold.
 *
 * Somebody whose value fits no alternative wants to know what is wrong with it
 * by the one that was meant.  Nothing says which that is, so each is tried,
 * and what is told begins with the one that the value is nearest to.
 */
#include "postgres.h"

#include <limits.h>

#include "json_schema/run/branch.h"
#include "json_schema/run/fault.h"
#include "json_schema/run/score.h"

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

/* "at least one of the 3 alternatives" */
static char *
alternatives(const char *how_many, int count)
{
	return count == 1 ? pstrdup("the one alternative") :
		psprintf("%s one of the %d alternatives", how_many, count);
}

/* A score of one alternative, and which. */
typedef struct BranchScore
{
	int			number;
	int			score;
} BranchScore;

/* How far the value is from a branch; beyond the limit that is not exact. */
static int
score_branch(SchemaRun *run, const SchemaOp *op, int number,
			 const JsonItem *item, int limit)
{
	SchemaReport *report = run->report;
	SchemaScore *outer = run->score;
	SchemaScore score = {run->path, limit};

	run->score = &score;
	run->keyword = op->keyword;
	run->branch_runs++;
	schema_run_node(run, op->arg.nodes->nodes[number], item, NULL);
	run->score = outer;
	run->report = report;
	return schema_score(&score);
}

/*
 * Finds the branches that the value is nearest to, no more than the room for
 * them; the likeliest first, of the same score in the schema's order.
 */
static int
find_nearest(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
			 BranchScore *nearest, int room)
{
	int			found = 0;
	int			count = Min(op->arg.nodes->count,
							BRANCH_RUNS_MAX - run->branch_runs);

	for (int i = 0; i < count; i++)
	{
		int			limit = found < room ? INT_MAX : nearest[room - 1].score;
		int			score = score_branch(run, op, i, item, limit);
		int			at;

		if (found == room && score >= limit)
			continue;
		found = Min(found + 1, room);
		for (at = found - 1; at > 0 && nearest[at - 1].score > score; at--)
			nearest[at] = nearest[at - 1];
		nearest[at].number = i;
		nearest[at].score = score;
	}
	return found;
}

/* Runs a branch for its faults. */
static void
explain_branch(SchemaRun *run, const SchemaOp *op, int number,
			   const JsonItem *item, SchemaBranch *branch)
{
	SchemaReport *report = run->report;
	MemoryContext caller = MemoryContextSwitchTo(report->context);

	branch->location = psprintf("%s/%s/%d", run->location, op->keyword,
								number);
	branch->report = schema_report_branch(report);
	MemoryContextSwitchTo(caller);
	run->report = branch->report;
	run->keyword = op->keyword;
	run->branch_runs++;
	schema_run_node(run, op->arg.nodes->nodes[number], item, NULL);
	run->report = report;
}

/* Is there something left of the bounds, to look into the first branches? */
static bool
may_explain(const SchemaRun *run, const SchemaOp *op)
{
	return op->arg.nodes->count > 0 &&
		run->branch_depth < BRANCH_DEPTH_MAX &&
		run->branch_runs < BRANCH_RUNS_MAX;
}

/* How many of the nearest branches are worth telling. */
static int
branches_to_tell(const SchemaRun *run, const BranchScore *nearest, int found)
{
	if (run->report->all_branches)
		return Min(found, run->branch_depth > 1 ? NESTED_BRANCHES_MAX :
				   BRANCHES_MAX);
	return nearest[0].score < SCORE_OTHER_TYPE &&
		(found < 2 || nearest[1].score >= SCORE_OTHER_TYPE);
}

/* Gives the fault that was reported last the reasons of the branches. */
static void
explain_branches(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	SchemaReport *report = run->report;
	BranchScore nearest[BRANCHES_MAX];
	SchemaBranch *branches;
	SchemaFault *fault;
	int			count;

	if (report == NULL || !may_explain(run, op))
		return;
	run->branch_depth++;
	count = find_nearest(run, op, item, nearest, BRANCHES_MAX);
	count = branches_to_tell(run, nearest, count);
	branches = MemoryContextAllocZero(report->context,
									  Max(1, count) * sizeof(SchemaBranch));
	for (int i = 0; i < count; i++)
		explain_branch(run, op, nearest[i].number, item, &branches[i]);
	/* meanwhile others may have been added to the report's array */
	fault = &report->faults[report->count - 1];
	fault->nbranches = count;
	fault->branches = branches;
	run->branch_depth--;
}

/* Counts that no branch holds: as what the nearest one has against it. */
static bool
count_branches_fault(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	BranchScore nearest[1] = {{0}};

	if (run->path == run->score->base && may_explain(run, op))
	{
		run->branch_depth++;
		find_nearest(run, op, item, nearest, 1);
		run->branch_depth--;
	}
	schema_score_add(run, op, run->path, nearest[0].score);
	return false;
}

/* Reports that no branch holds, and why. */
static bool
no_branch_fault(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
				const char *how_many)
{
	run->keyword = op->keyword;
	if (run->score != NULL)
		return count_branches_fault(run, op, item);
	schema_run_fault(run, op, "Must be valid by %s, but is %s.",
					 alternatives(how_many, op->arg.nodes->count),
					 op->arg.nodes->count == 1 ? "not" : "by none");
	explain_branches(run, op, item);
	return false;
}

bool
schema_run_any_of(SchemaRun *run, const SchemaOp *op, const JsonItem *item,
				  SchemaMarks *marks)
{
	if (count_branches(run, op->arg.nodes, item, marks, 1) > 0)
		return true;
	if (run->report == NULL)
		return false;
	return no_branch_fault(run, op, item, "at least");
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
		appendStringInfo(&names, " and %d more", holding - HOLDING_MAX);
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
	if (holding == 0)
		return no_branch_fault(run, op, item, "exactly");
	return SCHEMA_FAULT(run, op, "Must be valid by %s, but is by %s.",
						alternatives("exactly", op->arg.nodes->count),
						name_holding(run, op, item));
}
