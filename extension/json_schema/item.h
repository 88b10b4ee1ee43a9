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

extern void json_walk_start(JsonWalk *walk, const JsonItem *item);
extern bool json_walk_next(JsonWalk *walk, JsonItem *key, JsonItem *value);

extern bool json_item_member(const JsonItem *object, const char *key, int len,
							 JsonItem *value);
extern bool json_item_element(const JsonItem *array, int index,
							  JsonItem *value);

extern bool json_number_is_integer(Numeric number);
extern bool json_number_is_literal_integer(Numeric number);
extern bool json_item_equal(const JsonItem *a, const JsonItem *b);
extern uint64 json_item_hash(const JsonItem *item);
extern void json_item_to_value(const JsonItem *item, JsonbValue *value);

extern const char *json_kind_name(const JsonItem *item);
extern void json_item_describe(StringInfo buf, const JsonItem *item);

/* The order in which jsonb keeps the keys of an object. */
static inline int
json_key_compare(const char *a, int a_len, const char *b, int b_len)
{
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return memcmp(a, b, a_len);
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
