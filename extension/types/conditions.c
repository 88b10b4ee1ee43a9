/*
 * types/conditions.c
 *		What a query that reads a view says of the view's columns.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"

#include "types/conditions.h"

/* The expression below what only names a collation, or says where it is made. */
Node *
search_strip(Node *node)
{
	for (;;)
	{
		if (node != NULL && IsA(node, RelabelType))
			node = (Node *) ((RelabelType *) node)->arg;
		else if (node != NULL && IsA(node, CollateExpr))
			node = (Node *) ((CollateExpr *) node)->arg;
		else if (node != NULL && IsA(node, PlaceHolderVar))
			node = (Node *) ((PlaceHolderVar *) node)->phexpr;
		else
			return node;
	}
}

/*
 * May this value stand where the marker stands?  A column of another relation
 * may, if no outer join is between; the planner moves such a condition to
 * where both are known, but only where there is LATERAL in the query.
 */
bool
search_is_usable(Search *search, Node *value)
{
	if (contain_subplans(value) || contain_volatile_functions(value))
		return false;
	if (!contain_var_clause(value))
		return true;
	return search->inner && search->root->hasLateralRTEs &&
		!bms_overlap(pull_varnos(search->root, value), search->relids);
}

/* Conditions that all hold are looked at one by one. */
static void
take_conditions(Search *search, Node *condition)
{
	ListCell   *cell;

	if (condition == NULL)
		return;
	if (!IsA(condition, List) && !is_andclause(condition))
	{
		search->take(search, condition);
		return;
	}
	foreach(cell, IsA(condition, List) ? (List *) condition :
			((BoolExpr *) condition)->args)
		take_conditions(search, lfirst(cell));
}

/* The relations at and below a place in the query. */
static Relids
relations_of(Node *node)
{
	Relids		result = NULL;
	ListCell   *cell;

	if (IsA(node, RangeTblRef))
		return bms_make_singleton(((RangeTblRef *) node)->rtindex);
	if (IsA(node, JoinExpr))
		return bms_join(relations_of(((JoinExpr *) node)->larg),
						relations_of(((JoinExpr *) node)->rarg));
	foreach(cell, ((FromExpr *) node)->fromlist)
		result = bms_join(result, relations_of(lfirst(cell)));
	return result;
}

/* Are all of our relations at or below this place? */
static bool
holds_us(Search *search, Node *node)
{
	return bms_is_subset(search->relids, relations_of(node));
}

/* Are there only inner joins on the way down to our relations? */
static bool
only_inner_joins(Search *search, Node *node)
{
	ListCell   *cell;

	if (IsA(node, FromExpr))
	{
		foreach(cell, ((FromExpr *) node)->fromlist)
		{
			if (holds_us(search, lfirst(cell)))
				return only_inner_joins(search, lfirst(cell));
		}
	}
	else if (IsA(node, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) node;

		if (join->jointype != JOIN_INNER)
			return false;
		if (holds_us(search, join->larg))
			return only_inner_joins(search, join->larg);
		if (holds_us(search, join->rarg))
			return only_inner_joins(search, join->rarg);
	}
	return true;
}

/*
 * Looks for conditions on the way down to our relations.  A join's condition
 * holds for all of their rows unless the join keeps those without a match.
 */
static void
search_jointree(Search *search, Node *node)
{
	if (IsA(node, FromExpr))
	{
		ListCell   *cell;

		take_conditions(search, ((FromExpr *) node)->quals);
		foreach(cell, ((FromExpr *) node)->fromlist)
		{
			if (holds_us(search, lfirst(cell)))
				search_jointree(search, lfirst(cell));
		}
	}
	else if (IsA(node, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) node;
		bool		left = holds_us(search, join->larg);
		bool		right = !left && holds_us(search, join->rarg);

		if (join->jointype == JOIN_INNER ||
			(join->jointype == JOIN_RIGHT && left) ||
			(join->jointype != JOIN_RIGHT && join->jointype != JOIN_FULL && right))
			take_conditions(search, join->quals);
		if (left || right)
			search_jointree(search, left ? join->larg : join->rarg);
	}
}

Node *
search_conditions(Node *node, void (*take) (Search *search, Node *condition))
{
	SupportRequestSimplify *request = (SupportRequestSimplify *) node;
	Search		search = {0};
	Node	   *jointree;

	if (!IsA(request, SupportRequestSimplify) || request->root == NULL ||
		request->root->parse->jointree == NULL)
		return NULL;
	jointree = (Node *) request->root->parse->jointree;
	search.root = request->root;
	search.marker = request->fcall;
	search.take = take;
	search.namespace = get_func_namespace(request->fcall->funcid);
	search.relids = pull_varnos(request->root, (Node *) request->fcall->args);
	search.inner = only_inner_joins(&search, jointree);
	if (!bms_is_empty(search.relids))
		search_jointree(&search, jointree);
	if (search.conditions == NIL)
		return makeBoolConst(true, false);
	return (Node *) make_ands_explicit(search.conditions);
}
