/*
 * types/column_planner.c
 *		How a condition on a column's name finds tables by an index.
 *
 * The view "columns" takes a table's columns from its definition, and has the
 * condition found_by_column(definition, column name), which is always true.
 * An index has the names in each definition.  The support function answers with
 * what a query's condition on the column's name says of them:
 *
 *		column_name = 'nino'	->	column_names(definition) @> ARRAY['nino']
 *		column_name ~ 'nino|dob'	->	column_names(definition) &&
 *								column_names_like('~', 'nino|dob')
 *
 * The latter looks through the names that there are, each once.  As in
 * view_planner.c, the query's own condition stays.
 */
#include "postgres.h"

#include "catalog/pg_collation_d.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "types/conditions.h"

/* With more names than these, an index is of no help. */
#define MAX_NAMES		1000

/* found_by_column(definition, column name): the place for found conditions */
PG_FUNCTION_INFO_V1(found_by_column);
Datum
found_by_column(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}

static Oid
find_function(Search *search, char *name, List *args)
{
	List	   *names = list_make2(makeString(get_namespace_name(search->namespace)),
								   makeString(name));
	Oid			types[2];
	int			count = 0;
	ListCell   *cell;

	foreach(cell, args)
		types[count++] = exprType(lfirst(cell));
	return LookupFuncName(names, count, types, true);
}

/* A call of a function of ours that returns text[], or NULL if there is none. */
static Expr *
make_names_call(Search *search, char *name, Oid input_collation, List *args)
{
	Oid			function = find_function(search, name, args);

	if (!OidIsValid(function) ||
		pg_proc_aclcheck(function, GetUserId(), ACL_EXECUTE) != ACLCHECK_OK)
		return NULL;
	return (Expr *) makeFuncExpr(function, TEXTARRAYOID, args,
								 DEFAULT_COLLATION_OID, input_collation,
								 COERCE_EXPLICIT_CALL);
}

/* Adds: the names in the definition contain, or overlap, these. */
static void
add_names(Search *search, Oid operator, Expr *names)
{
	Expr	   *defined = make_names_call(search, "column_names", InvalidOid,
										  list_make1(copyObject(linitial(search->marker->args))));
	Expr	   *condition;

	if (defined == NULL || names == NULL)
		return;
	condition = make_opclause(operator, BOOLOID, false, defined, names,
							  InvalidOid, DEFAULT_COLLATION_OID);
	set_opfuncid((OpExpr *) condition);
	search->conditions = lappend(search->conditions, condition);
}

static void
add_name(Search *search, Node *name)
{
	ArrayExpr  *names = makeNode(ArrayExpr);

	names->array_typeid = TEXTARRAYOID;
	names->array_collid = DEFAULT_COLLATION_OID;
	names->element_typeid = TEXTOID;
	names->elements = list_make1(copyObject(name));
	names->location = -1;
	add_names(search, OID_ARRAY_CONTAINS_OP,
			  (Expr *) eval_const_expressions(search->root, (Node *) names));
}

/* (SELECT names): found once for a scan, and not once for each of its rows. */
static Expr *
make_once(Search *search, Expr *names)
{
	Query	   *query = makeNode(Query);
	SubLink    *link = makeNode(SubLink);

	query->commandType = CMD_SELECT;
	query->querySource = QSRC_ORIGINAL;
	query->canSetTag = true;
	query->jointree = makeFromExpr(NIL, NULL);
	query->targetList = list_make1(makeTargetEntry(names, 1, "names", false));
	link->subLinkType = EXPR_SUBLINK;
	link->subselect = (Node *) query;
	link->location = -1;
	search->root->parse->hasSubLinks = true;
	return (Expr *) link;
}

/*
 * Only where the pattern is known and few names are like it.  A plan that is
 * kept looks again when it is run.
 */
static void
add_pattern(Search *search, Oid operator, Node *pattern)
{
	Const	   *constant = (Const *) pattern;
	Expr	   *names;
	Const	   *known;

	if (!IsA(pattern, Const) || constant->constisnull ||
		constant->consttype != TEXTOID)
		return;
	names = make_names_call(search, "column_names_like", DEFAULT_COLLATION_OID,
							list_make2(makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID,
												 -1, CStringGetTextDatum(get_opname(operator)),
												 false, false),
									   copyObject(pattern)));
	if (names == NULL)
		return;
	known = (Const *) estimate_expression_value(search->root, (Node *) names);
	if (!IsA(known, Const) || known->constisnull ||
		ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(known->constvalue)),
					   ARR_DIMS(DatumGetArrayTypeP(known->constvalue))) > MAX_NAMES)
		return;
	add_names(search, OID_ARRAY_OVERLAP_OP, make_once(search, names));
}

/* Is this what the marker has as the column's name? */
static bool
is_name(Search *search, Node *node)
{
	return equal(search_strip(node), search_strip(lsecond(search->marker->args)));
}

static void
take_operator(Search *search, OpExpr *condition)
{
	Node	   *left,
			   *right;

	if (list_length(condition->args) != 2)
		return;
	left = linitial(condition->args);
	right = lsecond(condition->args);
	if (condition->opno == TextEqualOperator && is_name(search, right))
	{
		Node	   *other = left;

		left = right;
		right = other;
	}
	if (!is_name(search, left) || !search_is_usable(search, right))
		return;
	right = eval_const_expressions(search->root, right);
	switch (condition->opno)
	{
		case TextEqualOperator:
			if (get_collation_isdeterministic(condition->inputcollid))
				add_name(search, right);
			break;
		case OID_TEXT_LIKE_OP:
		case OID_TEXT_ICLIKE_OP:
		case OID_TEXT_REGEXEQ_OP:
		case OID_TEXT_ICREGEXEQ_OP:
			if (condition->inputcollid == DEFAULT_COLLATION_OID)
				add_pattern(search, condition->opno, right);
			break;
	}
}

static void
take_column_condition(Search *search, Node *condition)
{
	ScalarArrayOpExpr *any = (ScalarArrayOpExpr *) condition;

	if (IsA(condition, OpExpr))
		take_operator(search, (OpExpr *) condition);
	else if (IsA(condition, ScalarArrayOpExpr) && any->useOr &&
			 any->opno == TextEqualOperator && is_name(search, linitial(any->args)) &&
			 get_collation_isdeterministic(any->inputcollid) &&
			 search_is_usable(search, lsecond(any->args)))
		add_names(search, OID_ARRAY_OVERLAP_OP,
				  (Expr *) eval_const_expressions(search->root,
												  copyObject(lsecond(any->args))));
}

PG_FUNCTION_INFO_V1(found_by_column_support);
Datum
found_by_column_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(search_conditions((Node *) PG_GETARG_POINTER(0),
										take_column_condition));
}
