/*
 * json_schema/item.h
 *		A JSON value inside a jsonb, looked at where it lies.
 */
#ifndef DPMETA_JSON_SCHEMA_ITEM_H
#define DPMETA_JSON_SCHEMA_ITEM_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

typedef enum JsonKind
{
	JSON_NULL,
	JSON_BOOLEAN,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
} JsonKind;

/* Sets of kinds.  Integer is no kind of its own but a property of a number. */
#define JSON_BIT(kind)		(1 << (kind))
#define JSON_BIT_INTEGER	(1 << 6)
#define JSON_BITS_ALL		0x3F

/*
 * Nothing is copied: string, number and container point into the jsonb, which
 * has to outlive the item.
 */
typedef struct JsonItem
{
	JsonKind	kind;
	int			len;			/* bytes of a string, children of others */
	union
	{
		bool		boolean;
		Numeric		number;
		const char *string;
		JsonbContainer *container;
	}			u;
} JsonItem;

/* Steps through the children of an array or object, in their stored order. */
typedef struct JsonWalk
{
	JsonbContainer *container;
	char	   *base;			/* where the offsets count from */
	int			count;
	int			index;			/* of the child that comes next */
	bool		keyed;
	uint32		key_offset;
	uint32		value_offset;
} JsonWalk;

extern void json_item_root(const Jsonb *jsonb, JsonItem *item);

extern bool json_item_member(const JsonItem *object, const char *key, int len,
							 JsonItem *value);
extern bool json_item_element(const JsonItem *array, int index,
							  JsonItem *value);

extern bool json_number_is_integer(Numeric number);
extern bool json_number_is_literal_integer(Numeric number);
extern bool json_item_equal(const JsonItem *a, const JsonItem *b);
extern uint64 json_item_hash(const JsonItem *item);

extern const char *json_kind_name(const JsonItem *item);
extern void json_item_describe(StringInfo buf, const JsonItem *item);

/* The order in which jsonb keeps the keys of an object. */
static inline int
json_key_compare(const char *a, int a_len, const char *b, int b_len)
{
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	/* most are told apart by their first letters */
	if (a_len > 0 && a[0] != b[0])
		return (unsigned char) a[0] < (unsigned char) b[0] ? -1 : 1;
	return memcmp(a, b, a_len);
}

/* Fills an item for a container, which may be the wrapper of a scalar root. */
static inline void
json_fill_container(JsonItem *item, JsonbContainer *container)
{
	item->kind = JsonContainerIsObject(container) ? JSON_OBJECT : JSON_ARRAY;
	item->len = JsonContainerSize(container);
	item->u.container = container;
}

/* Fills an item for the entry whose data is at base + offset. */
static inline void
json_fill_item(JsonItem *item, JEntry entry, char *base, uint32 offset, uint32 len)
{
	switch (entry & JENTRY_TYPEMASK)
	{
		case JENTRY_ISSTRING:
			item->kind = JSON_STRING;
			item->len = len;
			item->u.string = base + offset;
			break;
		case JENTRY_ISNUMERIC:
			item->kind = JSON_NUMBER;
			item->len = 0;
			item->u.number = (Numeric) (base + INTALIGN(offset));
			break;
		case JENTRY_ISBOOL_TRUE:
		case JENTRY_ISBOOL_FALSE:
			item->kind = JSON_BOOLEAN;
			item->len = 0;
			item->u.boolean = JBE_ISBOOL_TRUE(entry);
			break;
		case JENTRY_ISCONTAINER:
			json_fill_container(item,
								(JsonbContainer *) (base + INTALIGN(offset)));
			break;
		default:
			item->kind = JSON_NULL;
			item->len = 0;
			item->u.string = NULL;
			break;
	}
}

/* Begins a walk; a scalar has no children. */
static inline void
json_walk_start(JsonWalk *walk, const JsonItem *item)
{
	JsonbContainer *container = item->u.container;

	memset(walk, 0, sizeof(*walk));
	if (item->kind != JSON_OBJECT && item->kind != JSON_ARRAY)
		return;
	walk->container = container;
	walk->count = item->len;
	walk->keyed = item->kind == JSON_OBJECT;
	if (walk->keyed)
		walk->value_offset = getJsonbOffset(container, item->len);
	walk->base = (char *) &container->children[item->len << walk->keyed];
}

/* Gives the next key of an object, and passes over its value. */
static inline bool
json_walk_next_key(JsonWalk *walk, JsonItem *key)
{
	uint32		start = walk->key_offset;

	if (walk->index >= walk->count)
		return false;
	JBE_ADVANCE_OFFSET(walk->key_offset,
					   walk->container->children[walk->index]);
	walk->index++;
	key->kind = JSON_STRING;
	key->len = walk->key_offset - start;
	key->u.string = walk->base + start;
	return true;
}

/* Gives the next child; key is left alone for an array. */
static inline bool
json_walk_next(JsonWalk *walk, JsonItem *key, JsonItem *value)
{
	int			index = walk->index;
	uint32		start = walk->value_offset;
	JEntry		entry;

	if (index >= walk->count)
		return false;
	if (walk->keyed)
	{
		json_walk_next_key(walk, key);
		index += walk->count;
	}
	else
		walk->index++;
	entry = walk->container->children[index];
	JBE_ADVANCE_OFFSET(walk->value_offset, entry);
	json_fill_item(value, entry, walk->base, start,
				   walk->value_offset - start);
	return true;
}

static inline bool
json_item_is(const JsonItem *item, JsonKind kind)
{
	return item->kind == kind;
}

static inline bool
json_string_is(const JsonItem *item, const char *str)
{
	return item->kind == JSON_STRING && item->len == (int) strlen(str) &&
		memcmp(item->u.string, str, item->len) == 0;
}

#endif							/* DPMETA_JSON_SCHEMA_ITEM_H */
