/*
 * json_schema/compile/keyword_value.c
 *		The keywords that judge a value by itself.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "json/pointer.h"
#include "json_schema/compile/keyword_value.h"

/* The location of the keyword at hand. */
char *
keyword_location(SchemaCompiler *compiler)
{
	return pointer_to(compiler->location, compiler->keyword,
					  strlen(compiler->keyword));
}

bool
keyword_sibling(const SchemaCompiler *compiler, const char *keyword,
				JsonItem *value)
{
	return json_item_member(&compiler->schema, keyword, strlen(keyword),
							value);
}

const SchemaDialect *
keyword_dialect(const SchemaCompiler *compiler)
{
	return &compiler->documents.resources[compiler->resource].dialect;
}

/* Has the keyword the kind of value that it needs? */
bool
keyword_expect(SchemaCompiler *compiler, bool holds, const char *what,
			   const JsonItem *value)
{
	if (!holds)
		schema_fault(&compiler->documents, keyword_location(compiler),
					 compiler->keyword, "The value must be %s, but is %s.",
					 what, json_kind_name(value));
	return holds;
}

bool
keyword_expect_kind(SchemaCompiler *compiler, JsonKind kind, const char *what,
					const JsonItem *value)
{
	return keyword_expect(compiler, value->kind == kind, what, value);
}

/* The bit of a type's name, or 0. */
static int
type_bit(const JsonItem *name)
{
	static const char *const names[] = {
		"null", "boolean", "number", "string", "array", "object", "integer"
	};

	for (int i = 0; i < lengthof(names); i++)
	{
		if (json_string_is(name, names[i]))
			return 1 << i;
	}
	return 0;
}

void
compile_type(SchemaCompiler *compiler, const JsonItem *value)
{
	int			types = type_bit(value);
	JsonWalk	walk;
	JsonItem	name;

	if (value->kind == JSON_ARRAY)
	{
		json_walk_start(&walk, value);
		while (json_walk_next(&walk, NULL, &name))
		{
			if (!keyword_expect(compiler, type_bit(&name) != 0,
								"an array of names of types", value))
				return;
			types |= type_bit(&name);
		}
	}
	if (keyword_expect(compiler, types != 0, "the name of a type or an array of them",
					   value))
	{
		SchemaOp   *op = compile_append_op(compiler, OP_TYPE, JSON_BITS_ALL);

		op->arg.types = types;
		op->flag = keyword_dialect(compiler)->draft->literal_integer;
	}
}

void
compile_const(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_append_op(compiler, OP_CONST, JSON_BITS_ALL)->arg.value = *value;
}

static int
compare_hashes(const void *a, const void *b)
{
	uint64		left = ((const SchemaEnumHash *) a)->hash;
	uint64		right = ((const SchemaEnumHash *) b)->hash;

	return left < right ? -1 : left > right;
}

/* Makes a long "enum" searchable; its values stay in the schema's order. */
static void
hash_enum(SchemaCompiler *compiler, SchemaEnum *values)
{
	values->hashes = compile_alloc(compiler, (Size) values->count *
								   sizeof(SchemaEnumHash));
	for (int i = 0; i < values->count; i++)
	{
		values->hashes[i].hash = json_item_hash(&values->values[i]);
		values->hashes[i].value = i;
	}
	qsort(values->hashes, values->count, sizeof(SchemaEnumHash),
		  compare_hashes);
}

#define ENUM_HASH_FROM	12

void
compile_enum(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaEnum *values;
	JsonWalk	walk;

	if (!keyword_expect_kind(compiler, JSON_ARRAY, "an array", value))
		return;
	values = compile_alloc(compiler, sizeof(SchemaEnum));
	values->values = compile_alloc(compiler, (Size) Max(1, value->len) *
								   sizeof(JsonItem));
	json_walk_start(&walk, value);
	while (json_walk_next(&walk, NULL, &values->values[values->count]))
	{
		/* the walk would otherwise write behind the last one */
		if (++values->count == value->len)
			break;
	}
	if (values->count >= ENUM_HASH_FROM)
		hash_enum(compiler, values);
	compile_append_op(compiler, OP_ENUM, JSON_BITS_ALL)->arg.values = values;
}

static void
compile_bound(SchemaCompiler *compiler, const JsonItem *value,
			  SchemaOpCode code)
{
	if (keyword_expect_kind(compiler, JSON_NUMBER, "a number", value))
		compile_append_op(compiler, code, JSON_BIT(JSON_NUMBER))->arg.number =
			value->u.number;
}

void
compile_maximum(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_bound(compiler, value, OP_MAXIMUM);
}

void
compile_exclusive_maximum(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_bound(compiler, value, OP_EXCLUSIVE_MAXIMUM);
}

void
compile_minimum(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_bound(compiler, value, OP_MINIMUM);
}

void
compile_exclusive_minimum(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_bound(compiler, value, OP_EXCLUSIVE_MINIMUM);
}

static bool
number_is_positive(const JsonItem *value)
{
	Datum		sign;

	if (value->kind != JSON_NUMBER)
		return false;
	sign = DirectFunctionCall1(numeric_sign, NumericGetDatum(value->u.number));
	return DatumGetInt32(DirectFunctionCall1(numeric_int4, sign)) > 0;
}

/* Is the boolean "exclusive..." of draft-04 there, and true? */
static bool
is_exclusive(SchemaCompiler *compiler, const char *keyword)
{
	JsonItem	value;

	return keyword_sibling(compiler, keyword, &value) &&
		value.kind == JSON_BOOLEAN && value.u.boolean;
}

void
compile_minimum_04(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_bound(compiler, value,
				  is_exclusive(compiler, "exclusiveMinimum") ?
				  OP_EXCLUSIVE_MINIMUM : OP_MINIMUM);
}

void
compile_maximum_04(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_bound(compiler, value,
				  is_exclusive(compiler, "exclusiveMaximum") ?
				  OP_EXCLUSIVE_MAXIMUM : OP_MAXIMUM);
}

/* The bounds read it; here it only has to be what it should. */
void
compile_exclusive_04(SchemaCompiler *compiler, const JsonItem *value)
{
	keyword_expect_kind(compiler, JSON_BOOLEAN, "a boolean", value);
}

void
compile_multiple_of(SchemaCompiler *compiler, const JsonItem *value)
{
	if (keyword_expect(compiler, number_is_positive(value), "a number above 0", value))
		compile_bound(compiler, value, OP_MULTIPLE_OF);
}

/*
 * Reads a count: any integer from 0, written however; large ones are clipped.
 */
bool
keyword_count(SchemaCompiler *compiler, const JsonItem *value, int64 *count)
{
	Datum		limit;
	Datum		number;

	if (!keyword_expect(compiler, value->kind == JSON_NUMBER &&
						json_number_is_integer(value->u.number) &&
						(number_is_positive(value) ||
						 !DatumGetBool(DirectFunctionCall2(numeric_lt,
														   NumericGetDatum(value->u.number),
														   NumericGetDatum(int64_to_numeric(0))))),
						"an integer from 0", value))
		return false;
	limit = NumericGetDatum(int64_to_numeric(PG_INT64_MAX));
	number = DirectFunctionCall2(numeric_smaller,
								 NumericGetDatum(value->u.number), limit);
	*count = DatumGetInt64(DirectFunctionCall1(numeric_int8, number));
	return true;
}

static void
compile_count(SchemaCompiler *compiler, const JsonItem *value,
			  SchemaOpCode code, JsonKind kind)
{
	int64		count;

	if (keyword_count(compiler, value, &count))
		compile_append_op(compiler, code, JSON_BIT(kind))->arg.count = count;
}

void
compile_max_length(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_count(compiler, value, OP_MAX_LENGTH, JSON_STRING);
}

void
compile_min_length(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_count(compiler, value, OP_MIN_LENGTH, JSON_STRING);
}

void
compile_max_items(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_count(compiler, value, OP_MAX_COUNT, JSON_ARRAY);
}

void
compile_min_items(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_count(compiler, value, OP_MIN_COUNT, JSON_ARRAY);
}

void
compile_max_properties(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_count(compiler, value, OP_MAX_COUNT, JSON_OBJECT);
}

void
compile_min_properties(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_count(compiler, value, OP_MIN_COUNT, JSON_OBJECT);
}

/* A pattern, with its refusal reported as a fault of the schema. */
JsonPattern *
keyword_pattern(SchemaCompiler *compiler, const char *str, int len,
				const char *location)
{
	const char *reason;
	JsonPattern *pattern = compile_known_pattern(compiler, str, len);

	if (pattern != NULL)
		return pattern;
	pattern = json_pattern_compile(str, len, compiler->program->context,
								   &compiler->program->extra_bytes, &reason);
	if (pattern != NULL)
		compile_keep_pattern(compiler, pattern);
	else
		schema_fault(&compiler->documents, location, compiler->keyword,
					 "The pattern \"%s\" is refused: %s.",
					 pnstrdup(str, len), reason);
	return pattern;
}

void
compile_pattern(SchemaCompiler *compiler, const JsonItem *value)
{
	JsonPattern *pattern;

	if (!keyword_expect_kind(compiler, JSON_STRING, "a string", value))
		return;
	pattern = keyword_pattern(compiler, value->u.string, value->len,
							  keyword_location(compiler));
	if (pattern != NULL)
		compile_append_op(compiler, OP_PATTERN,
						  JSON_BIT(JSON_STRING))->arg.pattern = pattern;
}

void
compile_format(SchemaCompiler *compiler, const JsonItem *value)
{
	const SchemaDialect *dialect = keyword_dialect(compiler);
	const StringFormat *format;
	SchemaOp   *op;

	if (!keyword_expect_kind(compiler, JSON_STRING, "a string", value))
		return;
	format = json_format_find(value->u.string, value->len,
							  dialect->draft->number);
	if (format == NULL)
		return;
	op = compile_append_op(compiler, OP_FORMAT, JSON_BIT(JSON_STRING));
	op->arg.format = format;
	op->flag = format->always || (dialect->vocabularies & VOCAB_FORMAT_ASSERTION);
}

void
compile_unique_items(SchemaCompiler *compiler, const JsonItem *value)
{
	if (keyword_expect_kind(compiler, JSON_BOOLEAN, "a boolean", value) &&
		value->u.boolean)
		compile_append_op(compiler, OP_UNIQUE_ITEMS, JSON_BIT(JSON_ARRAY));
}

void
compile_unique_by(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaOp   *op;

	if (!keyword_expect_kind(compiler, JSON_STRING, "the name of a member", value))
		return;
	op = compile_append_op(compiler, OP_UNIQUE_BY, JSON_BIT(JSON_ARRAY));
	op->arg.value = *value;
}
