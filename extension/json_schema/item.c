/*
 * json_schema/item.c
 *		Reading jsonb in place.
 *
 * The server's own iterator copies every value into a JsonbValue and keeps a
 * palloc'd state for each level.  A validator looks at each value once, mostly
 * to turn its back on it again, so this walks the entries directly.  The layout
 * is the on-disk format described in utils/jsonb.h.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "json_schema/item.h"

/* How much of a value a message quotes. */
#define DESCRIBE_MAX_BYTES	60

/* The item that stands for the whole of a jsonb. */
void
json_item_root(const Jsonb *jsonb, JsonItem *item)
{
	JsonbContainer *root = unconstify(JsonbContainer *, &jsonb->root);

	if (JB_ROOT_IS_SCALAR(jsonb))
	{
		char	   *base = (char *) &root->children[1];

		json_fill_item(item, root->children[0], base, 0,
					   getJsonbLength(root, 0));
	}
	else
		json_fill_container(item, root);
}

/* Fills the item of child entry number index, found without a walk. */
static void
fill_entry(const JsonItem *parent, int index, JsonItem *item)
{
	JsonbContainer *container = parent->u.container;
	int			entries = parent->len;

	if (parent->kind == JSON_OBJECT)
		entries *= 2;
	json_fill_item(item, container->children[index],
				   (char *) &container->children[entries],
				   getJsonbOffset(container, index),
				   getJsonbLength(container, index));
}

/* The member of an object by its key, by binary search. */
bool
json_item_member(const JsonItem *object, const char *key, int len,
				 JsonItem *value)
{
	int			low = 0;
	int			high = object->kind == JSON_OBJECT ? object->len : 0;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order;
		JsonItem	found;

		fill_entry(object, middle, &found);
		order = json_key_compare(found.u.string, found.len, key, len);
		if (order == 0)
		{
			fill_entry(object, middle + object->len, value);
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The element of an array by its index. */
bool
json_item_element(const JsonItem *array, int index, JsonItem *value)
{
	if (array->kind != JSON_ARRAY || index < 0 || index >= array->len)
		return false;
	fill_entry(array, index, value);
	return true;
}

/* Has the number no fraction?  1.0 has none. */
bool
json_number_is_integer(Numeric number)
{
	Datum		scale = DirectFunctionCall1(numeric_min_scale,
											NumericGetDatum(number));

	return DatumGetInt32(scale) == 0;
}

/* Is it written without a fraction?  1.0 is not. */
bool
json_number_is_literal_integer(Numeric number)
{
	Datum		scale = DirectFunctionCall1(numeric_scale,
											NumericGetDatum(number));

	return DatumGetInt32(scale) == 0;
}

static bool
containers_equal(const JsonItem *a, const JsonItem *b)
{
	JsonWalk	a_walk;
	JsonWalk	b_walk;
	JsonItem	a_key;
	JsonItem	b_key;
	JsonItem	a_value;
	JsonItem	b_value;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	json_walk_start(&a_walk, a);
	json_walk_start(&b_walk, b);
	while (json_walk_next(&a_walk, &a_key, &a_value) &&
		   json_walk_next(&b_walk, &b_key, &b_value))
	{
		if (a->kind == JSON_OBJECT && !json_item_equal(&a_key, &b_key))
			return false;
		if (!json_item_equal(&a_value, &b_value))
			return false;
	}
	return true;
}

/*
 * Equality of JSON values: numbers by value (1 = 1.0), strings by code points,
 * objects whatever the order of their members.
 */
bool
json_item_equal(const JsonItem *a, const JsonItem *b)
{
	if (a->kind != b->kind || a->len != b->len)
		return false;
	switch (a->kind)
	{
		case JSON_NULL:
			return true;
		case JSON_BOOLEAN:
			return a->u.boolean == b->u.boolean;
		case JSON_NUMBER:
			return DatumGetBool(DirectFunctionCall2(numeric_eq,
													NumericGetDatum(a->u.number),
													NumericGetDatum(b->u.number)));
		case JSON_STRING:
			return memcmp(a->u.string, b->u.string, a->len) == 0;
		default:
			return containers_equal(a, b);
	}
}

static uint64
hash_container(const JsonItem *item)
{
	uint64		hash = hash_combine64(item->kind, item->len);
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	json_walk_start(&walk, item);
	while (json_walk_next(&walk, &key, &value))
	{
		if (walk.keyed)
			hash = hash_combine64(hash, json_item_hash(&key));
		hash = hash_combine64(hash, json_item_hash(&value));
	}
	return hash;
}

/* A hash that agrees with json_item_equal(). */
uint64
json_item_hash(const JsonItem *item)
{
	switch (item->kind)
	{
		case JSON_NULL:
			return 1;
		case JSON_BOOLEAN:
			return item->u.boolean ? 2 : 3;
		case JSON_NUMBER:
			return DatumGetUInt64(DirectFunctionCall2(hash_numeric_extended,
													  NumericGetDatum(item->u.number),
													  UInt64GetDatum(5)));
		case JSON_STRING:
			return hash_bytes_extended((const unsigned char *) item->u.string,
									   item->len, 7);
		default:
			return hash_container(item);
	}
}

/* What a person calls the item's kind, with its article. */
const char *
json_kind_name(const JsonItem *item)
{
	switch (item->kind)
	{
		case JSON_NULL:
			return "null";
		case JSON_BOOLEAN:
			return "a boolean";
		case JSON_NUMBER:
			return json_number_is_integer(item->u.number) ?
				"an integer" : "a number";
		case JSON_STRING:
			return "a string";
		case JSON_ARRAY:
			return "an array";
		default:
			return "an object";
	}
}

/* Appends at most DESCRIBE_MAX_BYTES of str. */
static void
append_clipped(StringInfo buf, const char *str, int len)
{
	int			clip = pg_mbcliplen(str, len, DESCRIBE_MAX_BYTES);

	appendBinaryStringInfo(buf, str, clip);
	if (clip < len)
		appendStringInfoString(buf, "...");
}

/* Bytes that the children of a container take. */
static uint32
container_bytes(const JsonItem *item)
{
	int			entries = item->len * (item->kind == JSON_OBJECT ? 2 : 1);

	return entries == 0 ? 0 :
		getJsonbOffset(item->u.container, entries - 1) +
		getJsonbLength(item->u.container, entries - 1);
}

/* A small container as JSON, of a large one only how many children it has. */
static void
describe_container(StringInfo buf, const JsonItem *item)
{
	const char *noun = item->kind == JSON_ARRAY ? "element" : "member";
	uint32		bytes = container_bytes(item);

	if (bytes <= 4 * DESCRIBE_MAX_BYTES)
	{
		char	   *text = JsonbToCString(NULL, item->u.container, bytes);

		append_clipped(buf, text, strlen(text));
		pfree(text);
	}
	else
		appendStringInfo(buf, "%s of %d %s%s", json_kind_name(item), item->len,
						 noun, item->len == 1 ? "" : "s");
}

/* Appends the item as a message should quote it: short. */
void
json_item_describe(StringInfo buf, const JsonItem *item)
{
	char	   *number;

	switch (item->kind)
	{
		case JSON_BOOLEAN:
			appendStringInfoString(buf, item->u.boolean ? "true" : "false");
			break;
		case JSON_NUMBER:
			number = DatumGetCString(DirectFunctionCall1(numeric_out,
														 NumericGetDatum(item->u.number)));
			append_clipped(buf, number, strlen(number));
			pfree(number);
			break;
		case JSON_STRING:
			appendStringInfoChar(buf, '"');
			append_clipped(buf, item->u.string, item->len);
			appendStringInfoChar(buf, '"');
			break;
		case JSON_NULL:
			appendStringInfoString(buf, "null");
			break;
		default:
			describe_container(buf, item);
			break;
	}
}
