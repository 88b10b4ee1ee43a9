/*
 * types/dpid_planner.c
 *		Planner support for the equality of IDs: a condition on an ID that a
 *		view puts together becomes conditions on its parts, which have
 *		indexes.
 */
#include "postgres.h"

#include "catalog/pg_operator_d.h"
#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/*
 * The arguments (name, version, table) of a call of the constructor
 * dpid(...), NIL if the expression is another one.
 */
static List *
constructor_args(Node *expr, Oid namespace)
{
	FuncExpr   *call = (FuncExpr *) expr;
	char	   *name;

	if (!IsA(expr, FuncExpr) || list_length(call->args) != 3 ||
		get_func_namespace(call->funcid) != namespace)
		return NIL;
	name = get_func_name(call->funcid);
	return name && strcmp(name, "dpid") == 0 ? call->args : NIL;
}

/*
 * accessor(id), for a part of an ID; NULL if there is no such function.
 */
static Expr *
make_accessor(PlannerInfo *root, Node *id, Oid namespace, char *accessor)
{
	Oid			type = exprType(id);
	List	   *name = list_make2(makeString(get_namespace_name(namespace)),
								  makeString(accessor));
	Oid			function = LookupFuncName(name, 1, &type, true);
	Oid			result;
	FuncExpr   *call;

	if (!OidIsValid(function))
		return NULL;
	result = get_func_rettype(function);
	call = makeFuncExpr(function, result, list_make1(copyObject(id)),
						get_typcollation(result), InvalidOid,
						COERCE_EXPLICIT_CALL);
	return (Expr *) eval_const_expressions(root, (Node *) call);
}

/*
 * part = accessor(id); NULL if it cannot be said.
 */
static Expr *
make_part_condition(PlannerInfo *root, Node *part, Node *id,
					Oid namespace, char *accessor)
{
	Oid			type = exprType(part);
	Oid			operator = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	Oid			collation = exprCollation(part);
	Expr	   *value = make_accessor(root, id, namespace, accessor);
	Expr	   *condition;

	if (value == NULL || exprType((Node *) value) != type ||
		!OidIsValid(operator) ||
		(OidIsValid(collation) && !get_collation_isdeterministic(collation)))
		return NULL;
	condition = make_opclause(operator, BOOLOID, false, copyObject((Expr *) part),
							  value, InvalidOid, collation);
	set_opfuncid((OpExpr *) condition);
	return condition;
}

/*
 * dpid(name, version, table) = id implies the equality of each part that is
 * given.  The whole condition stays beside them, for what they leave open:
 * an ID with fewer parts, and NULLs.
 */
static Node *
split_condition(PlannerInfo *root, FuncExpr *equality, List *parts, Node *id,
				Oid namespace)
{
	static char *const accessors[] = {"name", "version", "table_name"};
	List	   *conditions = NIL;

	if (contain_volatile_functions(id) || contain_subplans(id))
		return NULL;
	for (int i = 0; i < lengthof(accessors); i++)
	{
		Node	   *part = list_nth(parts, i);
		Expr	   *condition;

		if (IsA(part, Const))
			continue;
		condition = make_part_condition(root, part, id, namespace,
										accessors[i]);
		if (condition == NULL)
			return NULL;
		conditions = lappend(conditions, condition);
	}
	if (conditions == NIL)
		return NULL;
	conditions = lappend(conditions, copyObject(equality));
	return (Node *) make_andclause(conditions);
}

/*
 * Support function of dpid_eq().
 */
PG_FUNCTION_INFO_V1(dpid_eq_support);
Datum
dpid_eq_support(PG_FUNCTION_ARGS)
{
	SupportRequestSimplify *request =
		(SupportRequestSimplify *) PG_GETARG_POINTER(0);
	FuncExpr   *equality;
	Oid			namespace;
	Node	   *left,
			   *right;
	List	   *parts;

	if (!IsA(request, SupportRequestSimplify) || request->root == NULL)
		PG_RETURN_POINTER(NULL);
	equality = request->fcall;
	namespace = get_func_namespace(equality->funcid);
	left = linitial(equality->args);
	right = lsecond(equality->args);

	if ((parts = constructor_args(left, namespace)) != NIL)
		PG_RETURN_POINTER(split_condition(request->root, equality, parts,
										  right, namespace));
	if ((parts = constructor_args(right, namespace)) != NIL)
		PG_RETURN_POINTER(split_condition(request->root, equality, parts,
										  left, namespace));
	PG_RETURN_POINTER(NULL);
}
