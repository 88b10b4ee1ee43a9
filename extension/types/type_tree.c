/*
 * types/type_tree.c
 *		A column type as a tree in JSON, for what renders types in other forms.
 *
 * A value of the type is in canonical spelling: without blanks, and with one name
 * for each type.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "types/type_name.h"

/* What is read, and how far. */
typedef struct TypeText
{
	const char *cur;
	const char *end;
	JsonbParseState *state;
} TypeText;

static JsonbValue *push_type(TypeText *rest);

static void
push_key(TypeText *rest, const char *key)
{
	JsonbValue	value = {
		.type = jbvString,
		.val.string = {.val = (char *) key, .len = strlen(key)}
	};

	pushJsonbValue(&rest->state, WJB_KEY, &value);
}

static void
push_string(TypeText *rest, const char *key, const char *str, int len)
{
	JsonbValue	value = {
		.type = jbvString,
		.val.string = {.val = (char *) str, .len = len}
	};

	push_key(rest, key);
	pushJsonbValue(&rest->state, WJB_VALUE, &value);
}

/* Passes over a character; it is there, because the text is canonical. */
static void
pass(TypeText *rest, char expected)
{
	if (rest->cur >= rest->end || *rest->cur != expected)
		elog(ERROR, "a column type is not in canonical spelling");
	rest->cur++;
}

/* Passes over it if it is there. */
static bool
take(TypeText *rest, char wanted)
{
	if (rest->cur >= rest->end || *rest->cur != wanted)
		return false;
	rest->cur++;
	return true;
}

static void
push_number(TypeText *rest, const char *key)
{
	JsonbValue	value = {.type = jbvNumeric};
	int64		number = 0;

	while (rest->cur < rest->end && *rest->cur >= '0' && *rest->cur <= '9')
		number = number * 10 + (*rest->cur++ - '0');
	value.val.numeric = int64_to_numeric(number);
	push_key(rest, key);
	pushJsonbValue(&rest->state, WJB_VALUE, &value);
}

static void
push_inner(TypeText *rest, const char *key)
{
	push_key(rest, key);
	push_type(rest);
}

static void
push_fields(TypeText *rest)
{
	push_key(rest, "fields");
	pushJsonbValue(&rest->state, WJB_BEGIN_ARRAY, NULL);
	do
	{
		const char *name = rest->cur;

		while (rest->cur < rest->end && *rest->cur != ':')
			rest->cur++;
		pushJsonbValue(&rest->state, WJB_BEGIN_OBJECT, NULL);
		push_string(rest, "name", name, rest->cur - name);
		pass(rest, ':');
		push_inner(rest, "type");
		pushJsonbValue(&rest->state, WJB_END_OBJECT, NULL);
	} while (take(rest, ','));
	pushJsonbValue(&rest->state, WJB_END_ARRAY, NULL);
}

static void
push_parts(TypeText *rest, TypeShape shape)
{
	switch (shape)
	{
		case SHAPE_ARRAY:
			pass(rest, '<');
			push_inner(rest, "element");
			pass(rest, '>');
			break;
		case SHAPE_MAP:
			pass(rest, '<');
			push_inner(rest, "key");
			pass(rest, ',');
			push_inner(rest, "value");
			pass(rest, '>');
			break;
		case SHAPE_STRUCT:
			pass(rest, '<');
			push_fields(rest);
			pass(rest, '>');
			break;
		case SHAPE_DECIMAL:
			pass(rest, '(');
			push_number(rest, "precision");
			pass(rest, ',');
			push_number(rest, "scale");
			pass(rest, ')');
			break;
		case SHAPE_LENGTH:
		case SHAPE_OPTIONAL_LENGTH:
			if (!take(rest, '('))
				break;
			push_number(rest, "length");
			pass(rest, ')');
			break;
		case SHAPE_PLAIN:
		case SHAPE_DOUBLE:
			break;
	}
}

/* Returns the tree when it is not a part of another. */
static JsonbValue *
push_type(TypeText *rest)
{
	int			len = type_word_scan(rest->cur, rest->end);
	const TypeName *name = type_name_find(rest->cur, len);

	check_stack_depth();
	if (name == NULL)
		elog(ERROR, "a column type is not in canonical spelling");
	rest->cur += len;
	pushJsonbValue(&rest->state, WJB_BEGIN_OBJECT, NULL);
	push_string(rest, "type", name->canonical, strlen(name->canonical));
	push_parts(rest, name->shape);
	return pushJsonbValue(&rest->state, WJB_END_OBJECT, NULL);
}

/*
 * The tree of a type.  Each node says its "type".  With that an array has "element",
 * a map "key" and "value", a struct "fields" of "name" and "type", a decimal
 * "precision" and "scale", and char(n) and varchar(n) "length".
 */
PG_FUNCTION_INFO_V1(column_type_tree);
Datum
column_type_tree(PG_FUNCTION_ARGS)
{
	text	   *type = PG_GETARG_TEXT_PP(0);
	TypeText	rest = {
		.cur = VARDATA_ANY(type),
		.end = VARDATA_ANY(type) + VARSIZE_ANY_EXHDR(type)
	};

	PG_RETURN_JSONB_P(JsonbValueToJsonb(push_type(&rest)));
}
