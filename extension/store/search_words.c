/*
 * store/search_words.c
 *		What is searched of data products and tables.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "json/columns.h"
#include "json/render.h"
#include "store/search_words.h"
#include "store/word_vector.h"

static void
add_value(WordVector *vector, const JsonbValue *value, int place,
		  FoundIn found_in)
{
	if (value != NULL && value->type == jbvString)
		word_vector_add(vector, value->val.string.val, value->val.string.len,
						place, found_in);
}

/* Keys and values. */
static void
add_tags(WordVector *vector, const JsonbValue *tags, int place)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;

	if (tags == NULL || tags->type != jbvBinary ||
		!JsonContainerIsObject(tags->val.binary.data))
		return;
	iterator = JsonbIteratorInit(tags->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		if (token == WJB_KEY || token == WJB_VALUE)
			add_value(vector, &value, place, IN_TAGS);
}

static void
add_text(WordVector *vector, const text *value, int place, FoundIn found_in)
{
	word_vector_add(vector, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
					place, found_in);
}

/* search_words(name, metadata): of a data product */
PG_FUNCTION_INFO_V1(dpmeta_search_words);
Datum
dpmeta_search_words(PG_FUNCTION_ARGS)
{
	static const char *const people[] = {
		"domain", "dataProductOwner", "dataProductOwnerDisplayName",
		"dataProductMaintainer", "dataProductMaintainerDisplayName"
	};
	Jsonb	   *metadata = PG_GETARG_JSONB_P(1);
	WordVector *vector = word_vector_begin();

	add_text(vector, PG_GETARG_TEXT_PP(0), 1, IN_NAME);
	if (JB_ROOT_IS_OBJECT(metadata))
	{
		for (int i = 0; i < lengthof(people); i++)
			add_value(vector, json_member(metadata, people[i]), 1, IN_OWNER);
		add_value(vector, json_member(metadata, "description"), 1,
				  IN_DESCRIPTION);
		add_tags(vector, json_member(metadata, "tags"), 1);
	}
	PG_RETURN_TSVECTOR(word_vector_end(vector));
}

static TSVector
words_of_table(const text *name, Jsonb *definition)
{
	WordVector *vector = word_vector_begin();

	add_text(vector, name, 1, IN_NAME);
	if (JB_ROOT_IS_OBJECT(definition))
	{
		add_value(vector, json_member(definition, "tableDescription"), 1,
				  IN_DESCRIPTION);
		add_tags(vector, json_member(definition, "tags"), 1);
	}
	return word_vector_end(vector);
}

/* Names first, so that no long description leaves one out. */
static TSVector
words_of_columns(JsonbContainer *columns, uint32 first)
{
	uint32		end = Min(first + PART_COLUMNS, count_of(columns));
	WordVector *vector = word_vector_begin();

	for (uint32 i = first; i < end; i++)
		add_value(vector, column_text(columns, i, "name"), i - first + 1,
				  IN_NAME);
	for (uint32 i = first; i < end; i++)
		add_value(vector, column_text(columns, i, "description"), i - first + 1,
				  IN_DESCRIPTION);
	for (uint32 i = first; i < end; i++)
		add_tags(vector, column_member(columns, i, "tags"), i - first + 1);
	return word_vector_end(vector);
}

int
search_part_count(Jsonb *definition)
{
	return 1 + (count_of(columns_of(definition)) + PART_COLUMNS - 1) /
		PART_COLUMNS;
}

TSVector
search_part_words(const text *table, Jsonb *definition, int part)
{
	if (part == 0)
		return words_of_table(table, definition);
	return words_of_columns(columns_of(definition), (part - 1) * PART_COLUMNS);
}

static bool
values_differ(JsonbValue *old, JsonbValue *new)
{
	if (old == NULL || new == NULL)
		return old != new;
	return !json_values_equal(old, new);
}

/* The table without its columns. */
static bool
table_differs(Jsonb *old, Jsonb *new)
{
	return !JB_ROOT_IS_OBJECT(old) || !JB_ROOT_IS_OBJECT(new) ||
		values_differ(json_member(old, "tableDescription"),
					  json_member(new, "tableDescription")) ||
		values_differ(json_member(old, "tags"), json_member(new, "tags"));
}

bool
search_part_differs(Jsonb *old, Jsonb *new, int part)
{
	JsonbContainer *before = columns_of(old);
	JsonbContainer *after = columns_of(new);
	uint32		first = (part - 1) * PART_COLUMNS;

	if (part == 0)
		return table_differs(old, new);
	for (uint32 i = first; i < first + PART_COLUMNS; i++)
	{
		JsonbValue *was = i < count_of(before) ?
			getIthJsonbValueFromContainer(before, i) : NULL;
		JsonbValue *is = i < count_of(after) ?
			getIthJsonbValueFromContainer(after, i) : NULL;

		if (values_differ(was, is))
			return true;
	}
	return false;
}

static void
append_part(ReturnSetInfo *result, int part, TSVector words)
{
	Datum		values[] = {Int32GetDatum(part), TSVectorGetDatum(words)};
	bool		nulls[] = {false, false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* search_parts(table_name, definition) */
PG_FUNCTION_INFO_V1(dpmeta_search_parts);
Datum
dpmeta_search_parts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Jsonb	   *definition = PG_GETARG_JSONB_P(1);

	InitMaterializedSRF(fcinfo, 0);
	for (int part = 0; part < search_part_count(definition); part++)
		append_part(result, part, search_part_words(PG_GETARG_TEXT_PP(0),
													definition, part));
	return (Datum) 0;
}
