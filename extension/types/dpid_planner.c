/*
 * types/dpid_planner.c
 *		Planner support for the equality of IDs: a condition on an ID that is
 *		put together becomes conditions on its parts, which have
 *		indexes.
 *
 * The planner simplifies what comes out of a simplification again, and more
 * than once.  So nothing that is made here is simplified here: the whole
 * condition, which stays beside those on the parts, is a call of dpid_same(),
 * which has no support function.
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

/* The functions that give the parts of an ID, in the order of a constructor. */
static char *const accessors[] = {"name", "version", "table_name"};

/*
 * How many parts of the ID that an expression makes are equal to those of any
 * ID that it is equal to; 0 if it is no call of a constructor.
 *
 * Of dpid() only the name must be given: v1 = version(id) would be NULL, and
 * the row lost, where both have none.
 */
static int
count_parts(Node *expr, Oid namespace)
{
	FuncExpr   *call = (FuncExpr *) expr;
	char	   *name;

	if (!IsA(expr, FuncExpr) || get_func_namespace(call->funcid) != namespace)
		return 0;
	name = get_func_name(call->funcid);
	if (name != NULL && strcmp(name, "dpid") == 0 && list_length(call->args) == 3)
		return 1;
	return 0;
}

/* A call of a function of ours; NULL if there is none such. */
static Expr *
make_call(Oid namespace, char *name, List *args)
{
	List	   *names = list_make2(makeString(get_namespace_name(namespace)),
								   makeString(name));
	Oid			types[2];
	Oid			function;
	Oid			result;

	Assert(list_length(args) <= lengthof(types));
	for (int i = 0; i < list_length(args); i++)
		types[i] = exprType(list_nth(args, i));
	function = LookupFuncName(names, list_length(args), types, true);
	if (!OidIsValid(function))
		return NULL;
	result = get_func_rettype(function);
	return (Expr *) makeFuncExpr(function, result, copyObject(args),
								 get_typcollation(result), InvalidOid,
								 COERCE_EXPLICIT_CALL);
}

/* accessor(id), computed if the ID is a constant; NULL if that is unknown. */
static Expr *
make_accessor(PlannerInfo *root, Node *id, Oid namespace, char *accessor)
{
	Expr	   *call = make_call(namespace, accessor, list_make1(id));

	return call == NULL ? NULL :
		(Expr *) eval_const_expressions(root, (Node *) call);
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
 * constructor(name, ...) = id implies the equality of the parts, as many of
 * them as count_parts() says.  The whole condition stays beside them, for what
 * they leave open: an ID with fewer or more parts.
 */
static Node *
split_condition(PlannerInfo *root, FuncExpr *equality, FuncExpr *constructor,
				int parts, Node *id, Oid namespace)
{
	List	   *conditions = NIL;
	Expr	   *whole;

	if (contain_volatile_functions(id) || contain_subplans(id))
		return NULL;
	for (int i = 0; i < parts; i++)
	{
		Node	   *part = list_nth(constructor->args, i);
		Expr	   *condition;

		if (IsA(part, Const))
			continue;
		condition = make_part_condition(root, part, id, namespace,
										accessors[i]);
		if (condition == NULL)
			return NULL;
		conditions = lappend(conditions, condition);
	}
	whole = make_call(namespace, "dpid_same", equality->args);
	if (conditions == NIL || whole == NULL)
		return NULL;
	return (Node *) make_andclause(lappend(conditions, whole));
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
	Oid			namespace;
	Node	   *left,
			   *right;
	int			left_parts,
				right_parts;

	if (!IsA(request, SupportRequestSimplify) || request->root == NULL)
		PG_RETURN_POINTER(NULL);
	namespace = get_func_namespace(request->fcall->funcid);
	left = linitial(request->fcall->args);
	right = lsecond(request->fcall->args);
	left_parts = count_parts(left, namespace);
	right_parts = count_parts(right, namespace);

	if (left_parts == 0 && right_parts == 0)
		PG_RETURN_POINTER(NULL);
	if (left_parts >= right_parts)
		PG_RETURN_POINTER(split_condition(request->root, request->fcall,
										  (FuncExpr *) left, left_parts,
										  right, namespace));
	PG_RETURN_POINTER(split_condition(request->root, request->fcall,
									  (FuncExpr *) right, right_parts,
									  left, namespace));
}
