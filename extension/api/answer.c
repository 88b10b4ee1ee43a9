/*
 * api/answer.c
 *		What the public functions answer.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"

#include "api/answer.h"
#include "rules/document.h"
#include "rules/etag.h"
#include "store/fetch.h"

/* What tells a page of a resource and the result of a write apart. */
#define PAGE_COLUMNS		7
#define WRITE_COLUMNS		9

/*
 * An older major has a successor: the current version, or the table in it if
 * it is still there.
 */
static void
find_successor(Answer *answer, const Product *product, const Version *version,
			   const char *table, ReadMode mode)
{
	answer->has_successor = false;
	if (product->current == NO_VERSION ||
		dpversion_major(product->current) <= dpversion_major(version->version))
		return;
	if (table[0] != '\0' &&
		!fetch_has_table(product->product_id, product->current, table, mode))
		return;
	answer->has_successor = true;
	id_of_version(product->name, product->current, table, &answer->successor);
}

void
answer_retirement(Answer *answer, const Product *product)
{
	answer->retired_at = product->retired_at;
	answer->has_sunset = product->has_sunset;
	answer->sunset = product->sunset;
}

void
answer_of_version(Answer *answer, const Product *product,
				  const Version *version, const char *table, text *document,
				  ReadMode mode)
{
	id_of_version(product->name, version->version, table, &answer->id);
	if (table[0] == '\0')
		answer->etag = etag_of_version(version);
	else						/* none of a table that was removed */
		answer->etag = document == NULL ? NULL :
			etag_of_schema(version, document);
	answer->document = document;
	answer_retirement(answer, product);
	find_successor(answer, product, version, table, mode);
}

static void
bind_resource(Values *values, const Answer *answer)
{
	bind_id(values, &answer->id);
	bind_string_or_null(values, answer->etag);
	bind_text_or_null(values, answer->document);
	bind_time_or_null(values, answer->retired_at);
	bind_date_or_null(values, answer->has_sunset, answer->sunset);
	bind_id_or_null(values, answer->has_successor, &answer->successor);
}

static void
bind_write(Values *values, const Answer *answer)
{
	bind_string(values, change_kind_name(answer->kind));
	bind_json_or_null(values, answer->changes);
	bind_bool(values, answer->replayed);
}

void
answer_append(ReturnSetInfo *result, const Answer *answer)
{
	Values		values = {0};

	bind_resource(&values, answer);
	tuplestore_putvalues(result->setResult, result->setDesc, values.values,
						 values.nulls);
}

static TupleDesc
result_type(FunctionCallInfo fcinfo)
{
	TupleDesc	type;

	if (get_call_result_type(fcinfo, NULL, &type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "function must return a row");
	return BlessTupleDesc(type);
}

static Datum
form_row(TupleDesc type, Values *values)
{
	if (type->natts != values->count)
		elog(ERROR, "the row that the function returns has %d columns, not %d",
			 type->natts, values->count);
	return HeapTupleGetDatum(heap_form_tuple(type, values->values,
											 values->nulls));
}

Datum
answer_row(FunctionCallInfo fcinfo, Values *values, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Datum		row = form_row(result_type(fcinfo), values);

	MemoryContextSwitchTo(old);
	return row;
}

Datum
answer_datum(FunctionCallInfo fcinfo, const Answer *answer,
			 MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	TupleDesc	type = result_type(fcinfo);
	Values		values = {0};
	Datum		row;

	bind_resource(&values, answer);
	if (type->natts == PAGE_COLUMNS)
		bind_nullable(&values, answer->next, OWN_TYPE);
	if (type->natts == WRITE_COLUMNS)
		bind_write(&values, answer);
	row = form_row(type, &values);
	MemoryContextSwitchTo(old);
	return row;
}
