/*
 * json/render.c
 *		Compact JSON text from jsonb, and the small jsonb tools that the rules
 *		share.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "pgtime.h"
#include "utils/json.h"
#include "utils/numeric.h"

#include "json/render.h"

static void append_container(StringInfo out, JsonbContainer *container);

static void
append_json_string(StringInfo out, const JsonbValue *value)
{
	char	   *str = pnstrdup(value->val.string.val, value->val.string.len);

	escape_json(out, str);
	pfree(str);
}

void
append_json_value(StringInfo out, JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			appendBinaryStringInfo(out, "null", 4);
			break;
		case jbvBool:
			appendStringInfoString(out, value->val.boolean ? "true" : "false");
			break;
		case jbvNumeric:
			appendStringInfoString(out, numeric_normalize(value->val.numeric));
			break;
		case jbvString:
			append_json_string(out, value);
			break;
		case jbvBinary:
			append_container(out, value->val.binary.data);
			break;
		default:
			elog(ERROR, "unexpected jsonb value of type %d", (int) value->type);
	}
}

static void
append_container(StringInfo out, JsonbContainer *container)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	bool		is_object = JsonContainerIsObject(container);
	bool		is_scalar = JsonContainerIsScalar(container);
	bool		first = true;
	JsonbValue	value;
	JsonbIteratorToken token;

	check_stack_depth();
	if (!is_scalar)
		appendStringInfoChar(out, is_object ? '{' : '[');
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token != WJB_KEY && token != WJB_VALUE && token != WJB_ELEM)
			continue;
		if (!first && token != WJB_VALUE)
			appendStringInfoChar(out, ',');
		first = false;
		append_json_value(out, &value);
		if (token == WJB_KEY)
			appendStringInfoChar(out, ':');
	}
	if (!is_scalar)
		appendStringInfoChar(out, is_object ? '}' : ']');
}

void
append_json(StringInfo out, Jsonb *json)
{
	append_container(out, &json->root);
}

JsonbValue *
container_member(JsonbContainer *object, const char *key)
{
	if (!JsonContainerIsObject(object))
		return NULL;
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

JsonbValue *
json_member(Jsonb *object, const char *key)
{
	return container_member(&object->root, key);
}

bool
json_values_equal(JsonbValue *a, JsonbValue *b)
{
	Jsonb	   *left;
	Jsonb	   *right;

	if (a == NULL || b == NULL)
		return a == b;
	if (a->type == jbvString && b->type == jbvString)
		return a->val.string.len == b->val.string.len &&
			memcmp(a->val.string.val, b->val.string.val,
				   a->val.string.len) == 0;
	left = JsonbValueToJsonb(a);
	right = JsonbValueToJsonb(b);
	return compareJsonbContainers(&left->root, &right->root) == 0;
}

JsonbValue *
json_string_n(const char *str, int len)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));

	value->type = jbvString;
	value->val.string.val = unconstify(char *, str);
	value->val.string.len = len;
	return value;
}

JsonbValue *
json_string(const char *str)
{
	return json_string_n(str, strlen(str));
}

JsonbValue *
json_int(int number)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));

	value->type = jbvNumeric;
	value->val.numeric = int64_to_numeric(number);
	return value;
}

void
push_member(JsonbParseState **state, const char *key, JsonbValue *value)
{
	pushJsonbValue(state, WJB_KEY, json_string(key));
	pushJsonbValue(state, WJB_VALUE, value);
}

void
push_string_member(JsonbParseState **state, const char *key, const char *str)
{
	push_member(state, key, json_string(str));
}

Jsonb *
json_empty_object(void)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

char *
format_rfc3339(TimestampTz time)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(time, NULL, &tm, &fsec, NULL, NULL) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	return psprintf("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
					tm.tm_year, tm.tm_mon, tm.tm_mday,
					tm.tm_hour, tm.tm_min, tm.tm_sec, (int) fsec);
}
