/*
 * types/view_planner.c
 *		What the views show of IDs and versions, as text, and how a condition
 *		on that text finds rows by an index.
 *
 * A view puts an ID together from a name, a version and a table, and no index
 * holds the result.  PostgreSQL's own = of texts cannot be told what that
 * means for the parts.  So each of the views has a condition of its own beside
 * its joins, found_by(name, version, table), which is always true.  Its
 * support function looks for conditions on the ID or the version in the query
 * that reads the view, and answers with what they say of the parts:
 *
 *		id = 'dp:x:v1.0:t'	->	name = 'x' AND version = 'v1.0' AND table = 't'
 *
 * These follow from what the query asks for anyway, so no row is lost, and
 * none is added, because the query's own condition stays.  If a condition is
 * not understood, found_by() is just true.
 */
#include "postgres.h"

#include "catalog/pg_collation_d.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "types/conditions.h"
#include "types/dpid.h"

/* ------------------------------------------------------------------------
 * The texts
 * ------------------------------------------------------------------------
 */

/* The text of a full ID: full_id_text(name, version[, table]). */
PG_FUNCTION_INFO_V1(full_id_text);
Datum
full_id_text(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	text	   *table = PG_NARGS() > 2 ? PG_GETARG_TEXT_PP(2) : NULL;
	int			name_len = VARSIZE_ANY_EXHDR(name);
	int			table_len = table == NULL ? 0 : VARSIZE_ANY_EXHDR(table);
	text	   *result = (text *) palloc(VARHDRSZ + name_len + table_len +
										 DPVERSION_BUFSIZE + 5);
	char	   *pos = VARDATA(result);

	memcpy(pos, "dp:", 3);
	pos += 3;
	memcpy(pos, VARDATA_ANY(name), name_len);
	pos += name_len;
	*pos++ = ':';
	pos += dpversion_format(PG_GETARG_DPVERSION(1), pos);
	if (table != NULL)
	{
		*pos++ = ':';
		memcpy(pos, VARDATA_ANY(table), table_len);
		pos += table_len;
	}
	SET_VARSIZE(result, pos - (char *) result);
	PG_RETURN_TEXT_P(result);
}

/* The text of a version. */
PG_FUNCTION_INFO_V1(version_text);
Datum
version_text(PG_FUNCTION_ARGS)
{
	char		buf[DPVERSION_BUFSIZE];
	int			len = dpversion_format(PG_GETARG_DPVERSION(0), buf);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(buf, len));
}

/* Reads a text as the full ID of a version or a table; false if it is none. */
static bool
read_full_id(const text *id, DpIdParts *parts)
{
	return dpid_parse(VARDATA_ANY(id), VARSIZE_ANY_EXHDR(id), parts) &&
		parts->form == DPID_EXACT;
}

/* The name in the text of a full ID, or NULL. */
PG_FUNCTION_INFO_V1(id_text_name);
Datum
id_text_name(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	if (!read_full_id(PG_GETARG_TEXT_PP(0), &parts))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(parts.name, parts.name_len));
}

/* The version in the text of a full ID, or NULL. */
PG_FUNCTION_INFO_V1(id_text_version);
Datum
id_text_version(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	if (!read_full_id(PG_GETARG_TEXT_PP(0), &parts))
		PG_RETURN_NULL();
	PG_RETURN_DPVERSION(parts.version);
}

/* The table in the text of a full ID, or NULL. */
PG_FUNCTION_INFO_V1(id_text_table);
Datum
id_text_table(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	if (!read_full_id(PG_GETARG_TEXT_PP(0), &parts) || parts.table_len == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(parts.table, parts.table_len));
}

/* The names in the texts of full IDs. */
PG_FUNCTION_INFO_V1(id_text_names);
Datum
id_text_names(PG_FUNCTION_ARGS)
{
	Datum	   *ids;
	bool	   *nulls;
	int			count;
	int			found = 0;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false,
					  TYPALIGN_INT, &ids, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		DpIdParts	parts;

		if (!nulls[i] && read_full_id(DatumGetTextPP(ids[i]), &parts))
			ids[found++] = PointerGetDatum(cstring_to_text_with_len(parts.name,
																	parts.name_len));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(ids, found, TEXTOID, -1, false,
										  TYPALIGN_INT));
}

/* The version that a text is, or NULL. */
PG_FUNCTION_INFO_V1(text_version);
Datum
text_version(PG_FUNCTION_ARGS)
{
	DpVersion	version;

	if (!dpversion_parse(text_to_cstring(PG_GETARG_TEXT_PP(0)), &version))
		PG_RETURN_NULL();
	PG_RETURN_DPVERSION(version);
}

/* found_by(name, version, table): the place where found conditions go. */
PG_FUNCTION_INFO_V1(found_by);
Datum
found_by(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}

/* ------------------------------------------------------------------------
 * The conditions
 * ------------------------------------------------------------------------
 */

/* The same column, whichever outer joins it has come through? */
static bool
same_column(Node *a, Node *b)
{
	a = search_strip(a);
	b = search_strip(b);
	return a != NULL && b != NULL && IsA(a, Var) && IsA(b, Var) &&
		((Var *) a)->varno == ((Var *) b)->varno &&
		((Var *) a)->varattno == ((Var *) b)->varattno &&
		((Var *) a)->varlevelsup == 0 && ((Var *) b)->varlevelsup == 0;
}

/* Is this a call of our function of this name, on these arguments of ours? */
static bool
is_call_on(Search *search, Node *node, const char *name, int first, int count)
{
	FuncExpr   *call = (FuncExpr *) node;
	char	   *called;

	if (node == NULL || !IsA(node, FuncExpr) ||
		list_length(call->args) != count ||
		get_func_namespace(call->funcid) != search->namespace ||
		(called = get_func_name(call->funcid)) == NULL ||
		strcmp(called, name) != 0)
		return false;
	for (int i = 0; i < count; i++)
	{
		if (!same_column(list_nth(call->args, i),
						 list_nth(search->marker->args, first + i)))
			return false;
	}
	return true;
}

/* A call of a function of ours, computed if its argument is a constant. */
static Expr *
make_call(Search *search, char *name, Node *arg)
{
	List	   *names = list_make2(makeString(get_namespace_name(search->namespace)),
								   makeString(name));
	Oid			type = exprType(arg);
	Oid			function = LookupFuncName(names, 1, &type, true);
	Oid			result;

	if (!OidIsValid(function))
		return NULL;
	result = get_func_rettype(function);
	return (Expr *) eval_const_expressions(search->root, (Node *)
										   makeFuncExpr(function, result,
														list_make1(copyObject(arg)),
														get_typcollation(result),
														exprCollation(arg),
														COERCE_EXPLICIT_CALL));
}

/* Adds: the argument of this number = function(value). */
static void
add_equality(Search *search, int number, char *function, Node *value)
{
	Node	   *part = list_nth(search->marker->args, number);
	Expr	   *other = make_call(search, function, value);
	Oid			operator = lookup_type_cache(exprType(part),
											 TYPECACHE_EQ_OPR)->eq_opr;
	Expr	   *condition;

	if (other == NULL || !OidIsValid(operator) || IsA(search_strip(part), Const))
		return;
	condition = make_opclause(operator, BOOLOID, false,
							  (Expr *) copyObject(part), other, InvalidOid,
							  exprCollation(part));
	set_opfuncid((OpExpr *) condition);
	search->conditions = lappend(search->conditions, condition);
}

/* Adds: the name is one of those in an array of IDs. */
static void
add_names(Search *search, Node *ids)
{
	Node	   *name = linitial(search->marker->args);
	Expr	   *names = make_call(search, "id_text_names", ids);
	ScalarArrayOpExpr *condition = makeNode(ScalarArrayOpExpr);

	if (names == NULL)
		return;
	condition->opno = TextEqualOperator;
	condition->opfuncid = get_opcode(TextEqualOperator);
	condition->useOr = true;
	condition->inputcollid = exprCollation(name);
	condition->args = list_make2(copyObject(name), names);
	condition->location = -1;
	search->conditions = lappend(search->conditions, condition);
}

/*
 * Adds: the name is as in the first characters of a pattern of IDs, up to the
 * first that may stand for others, or to the end of the name.
 */
static void
add_prefix(Search *search, Node *pattern)
{
	Const	   *constant = (Const *) pattern;
	Node	   *name = linitial(search->marker->args);
	char	   *str;
	int			len = 0;
	Expr	   *condition;

	if (!IsA(pattern, Const) || constant->constisnull ||
		constant->consttype != TEXTOID)
		return;
	str = TextDatumGetCString(constant->constvalue);
	if (strncmp(str, "dp:", 3) != 0)
		return;
	str += 3;
	while (strchr("%_:", str[len]) == NULL)
		len += str[len] == '\\' && str[len + 1] != '\0' ? 2 : 1;
	if (str[len] == ':')
		str[len] = '\0';
	else if (len > 0)
		str = psprintf("%.*s%%", len, str);
	else
		return;
	condition = make_opclause(OID_TEXT_LIKE_OP, BOOLOID, false,
							  (Expr *) copyObject(name),
							  (Expr *) makeConst(TEXTOID, -1,
												 exprCollation(name), -1,
												 CStringGetTextDatum(str),
												 false, false),
							  InvalidOid, exprCollation(name));
	set_opfuncid((OpExpr *) condition);
	search->conditions = lappend(search->conditions, condition);
}

/* A condition that compares what a view shows with a value; adds what it says. */
static void
take_comparison(Search *search, Oid operator, Node *shown, Node *value)
{
	int			parts = list_length(search->marker->args);

	if (is_call_on(search, shown, "full_id_text", 0, parts))
	{
		if (operator == OID_TEXT_LIKE_OP)
			add_prefix(search, value);
		else if (operator == TextEqualOperator)
		{
			add_equality(search, 0, "id_text_name", value);
			add_equality(search, 1, "id_text_version", value);
			if (parts > 2)
				add_equality(search, 2, "id_text_table", value);
		}
	}
	else if (operator == TextEqualOperator &&
			 is_call_on(search, shown, "version_text", 1, 1))
		add_equality(search, 1, "text_version", value);
}

/* Looks at one of the conditions that hold for all rows of our relations. */
static void
take_condition(Search *search, Node *condition)
{
	List	   *args;
	Node	   *left,
			   *right;

	if (IsA(condition, OpExpr))
		args = ((OpExpr *) condition)->args;
	else if (IsA(condition, ScalarArrayOpExpr) &&
			 ((ScalarArrayOpExpr *) condition)->useOr &&
			 ((ScalarArrayOpExpr *) condition)->opno == TextEqualOperator)
		args = ((ScalarArrayOpExpr *) condition)->args;
	else
		return;
	if (list_length(args) != 2)
		return;
	left = linitial(args);
	right = lsecond(args);
	if (IsA(condition, ScalarArrayOpExpr))
	{
		if (is_call_on(search, search_strip(left), "full_id_text", 0,
					   list_length(search->marker->args)) &&
			search_is_usable(search, right))
			add_names(search, right);
		return;
	}
	if (search_is_usable(search, right))
		take_comparison(search, ((OpExpr *) condition)->opno, search_strip(left),
						eval_const_expressions(search->root, right));
	else if (search_is_usable(search, left) &&
			 ((OpExpr *) condition)->opno == TextEqualOperator)
		take_comparison(search, TextEqualOperator, search_strip(right),
						eval_const_expressions(search->root, left));
}

/*
 * Support function of found_by().
 */
PG_FUNCTION_INFO_V1(found_by_support);
Datum
found_by_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(search_conditions((Node *) PG_GETARG_POINTER(0),
										take_condition));
}
