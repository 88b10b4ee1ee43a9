/*
 * json_schema/run/value.c
 *		The instructions that judge a value by itself.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "json_schema/run/fault.h"
#include "json_schema/run/value.h"

/* The names of a set of types: "a string or null". */
static char *
type_names(int types)
{
	static const char *const names[] = {
		"null", "a boolean", "a number", "a string", "an array", "an object",
		"an integer"
	};
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = lengthof(names) - 1; i >= 0; i--)
	{
		if (types & (1 << i))
			appendStringInfo(&buf, "%s%s", buf.len ? " or " : "", names[i]);
	}
	return buf.data;
}

/* In draft-04 an integer is written without a fraction: 1.0 is none. */
static bool
is_integer(const SchemaOp *op, const JsonItem *item)
{
	return op->flag ? json_number_is_literal_integer(item->u.number) :
		json_number_is_integer(item->u.number);
}

static bool
run_type(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	if (op->arg.types & JSON_BIT(item->kind))
		return true;
	if (item->kind == JSON_NUMBER && (op->arg.types & JSON_BIT_INTEGER))
	{
		if (is_integer(op, item))
			return true;
		if (json_number_is_integer(item->u.number))
			return SCHEMA_FAULT(run, op, "Must be %s, but is written with a fraction: %s.",
								type_names(op->arg.types), schema_quote(item));
	}
	return SCHEMA_FAULT(run, op, "Must be %s, but is %s.",
						type_names(op->arg.types), json_kind_name(item));
}

static bool
enum_holds(const SchemaEnum *values, const JsonItem *item)
{
	uint64		hash;
	int			low = 0;
	int			high = values->count;

	if (values->hashes == NULL)
	{
		for (int i = 0; i < values->count; i++)
		{
			if (json_item_equal(&values->values[i], item))
				return true;
		}
		return false;
	}
	hash = json_item_hash(item);
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (values->hashes[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < values->count && values->hashes[low].hash == hash; low++)
	{
		if (json_item_equal(&values->values[values->hashes[low].value], item))
			return true;
	}
	return false;
}

/* The values of an "enum", as many as a sentence can hold. */
static char *
enum_names(const SchemaEnum *values)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < values->count; i++)
	{
		if (buf.len > 400)
		{
			appendStringInfo(&buf, ", ... (%d in all)", values->count);
			break;
		}
		if (i > 0)
			appendStringInfoString(&buf, ", ");
		json_item_describe(&buf, &values->values[i]);
	}
	return buf.data;
}

static bool
compare_number(const SchemaOp *op, const JsonItem *item)
{
	Datum		order = DirectFunctionCall2(numeric_cmp,
											NumericGetDatum(item->u.number),
											NumericGetDatum(op->arg.number));
	int			cmp = DatumGetInt32(order);

	switch (op->code)
	{
		case OP_MAXIMUM:
			return cmp <= 0;
		case OP_EXCLUSIVE_MAXIMUM:
			return cmp < 0;
		case OP_MINIMUM:
			return cmp >= 0;
		default:
			return cmp > 0;
	}
}

static bool
run_bound(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	static const char *const words[] = {
		"at most", "less than", "at least", "greater than"
	};
	JsonItem	bound;

	if (compare_number(op, item))
		return true;
	bound.kind = JSON_NUMBER;
	bound.len = 0;
	bound.u.number = op->arg.number;
	return SCHEMA_FAULT(run, op, "Must be %s %s, but is %s.",
						words[op->code - OP_MAXIMUM], schema_quote(&bound),
						schema_quote(item));
}

static bool
run_multiple_of(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	Datum		rest = DirectFunctionCall2(numeric_mod,
										   NumericGetDatum(item->u.number),
										   NumericGetDatum(op->arg.number));
	JsonItem	divisor;

	divisor.kind = JSON_NUMBER;
	divisor.len = 0;
	divisor.u.number = op->arg.number;
	if (DatumGetInt32(DirectFunctionCall1(numeric_int4,
										  DirectFunctionCall1(numeric_sign, rest))) == 0)
		return true;
	return SCHEMA_FAULT(run, op, "Must be a multiple of %s, but is %s.",
						schema_quote(&divisor), schema_quote(item));
}

/* In code points; a string is never longer in code points than in bytes. */
static bool
run_length(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	bool		upper = op->code == OP_MAX_LENGTH;
	int64		length = item->len;

	if (upper ? length > op->arg.count : length >= op->arg.count)
		length = pg_mbstrlen_with_len(item->u.string, item->len);
	if (upper ? length <= op->arg.count : length >= op->arg.count)
		return true;
	length = pg_mbstrlen_with_len(item->u.string, item->len);
	return SCHEMA_FAULT(run, op, "Must be at %s " INT64_FORMAT " character%s long, but has " INT64_FORMAT ".",
						upper ? "most" : "least", op->arg.count,
						op->arg.count == 1 ? "" : "s", length);
}

static bool
run_count(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	bool		upper = op->code == OP_MAX_COUNT;

	if (upper ? item->len <= op->arg.count : item->len >= op->arg.count)
		return true;
	return SCHEMA_FAULT(run, op, "Must have at %s " INT64_FORMAT " %s%s, but has %d.",
						upper ? "most" : "least", op->arg.count,
						item->kind == JSON_ARRAY ? "element" : "member",
						op->arg.count == 1 ? "" : "s", item->len);
}

static bool
run_pattern(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	if (json_pattern_matches(op->arg.pattern, item->u.string, item->len))
		return true;
	return SCHEMA_FAULT(run, op, "Must match the pattern \"%s\", but is %s.",
						json_pattern_source(op->arg.pattern), schema_quote(item));
}

static bool
run_format(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	const StringFormat *format = op->arg.format;
	const char *reason = NULL;

	if (!op->flag && !run->assert_format)
		return true;
	if (format->check(item->u.string, item->len, &reason))
		return true;
	if (format->places)
		return SCHEMA_FAULT(run, op, "Must be %s. At %s.",
							format->noun, reason);
	if (reason != NULL)
		return SCHEMA_FAULT(run, op, "Must be %s, but is %s: %s.", format->noun,
							schema_quote(item), reason);
	return SCHEMA_FAULT(run, op, "Must be %s, but is %s.", format->noun,
						schema_quote(item));
}

bool
schema_run_value(SchemaRun *run, const SchemaOp *op, const JsonItem *item)
{
	switch ((SchemaOpCode) op->code)
	{
		case OP_TYPE:
			return run_type(run, op, item);
		case OP_CONST:
			return json_item_equal(&op->arg.value, item) ||
				SCHEMA_FAULT(run, op, "Must be %s, but is %s.",
							 schema_quote(&op->arg.value), schema_quote(item));
		case OP_ENUM:
			return enum_holds(op->arg.values, item) ||
				SCHEMA_FAULT(run, op, "Must be one of %s, but is %s.",
							 enum_names(op->arg.values), schema_quote(item));
		case OP_MULTIPLE_OF:
			return run_multiple_of(run, op, item);
		case OP_MAXIMUM:
		case OP_EXCLUSIVE_MAXIMUM:
		case OP_MINIMUM:
		case OP_EXCLUSIVE_MINIMUM:
			return run_bound(run, op, item);
		case OP_MAX_LENGTH:
		case OP_MIN_LENGTH:
			return run_length(run, op, item);
		case OP_PATTERN:
			return run_pattern(run, op, item);
		case OP_FORMAT:
			return run_format(run, op, item);
		default:
			return run_count(run, op, item);
	}
}
