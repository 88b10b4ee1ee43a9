/*
 * api/answer.c
 *		What the public functions answer.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "api/answer.h"
#include "rules/document.h"
#include "store/fetch.h"

#define RESOURCE_COLUMNS	6
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
	answer->etag = table[0] == '\0' ? etag_of_version(version) :
		etag_of_schema(version);
	answer->document = document;
	answer_retirement(answer, product);
	find_successor(answer, product, version, table, mode);
}

static void
fill_resource(const Answer *answer, Datum *values, bool *nulls)
{
	values[0] = PointerGetDatum(dpid_build(&answer->id));
	nulls[1] = answer->etag == NULL;
	if (!nulls[1])
		values[1] = CStringGetTextDatum(answer->etag);
	nulls[2] = answer->document == NULL;
	values[2] = PointerGetDatum(answer->document);
	nulls[3] = answer->retired_at == NO_TIME;
	values[3] = TimestampTzGetDatum(answer->retired_at);
	nulls[4] = !answer->has_sunset;
	values[4] = DateADTGetDatum(answer->sunset);
	nulls[5] = !answer->has_successor;
	if (!nulls[5])
		values[5] = PointerGetDatum(dpid_build(&answer->successor));
}

static void
fill_write(const Answer *answer, Datum *values, bool *nulls)
{
	values[6] = CStringGetTextDatum(change_kind_name(answer->kind));
	nulls[7] = answer->changes == NULL;
	values[7] = PointerGetDatum(answer->changes);
	values[8] = BoolGetDatum(answer->replayed);
}

static void
fill_page(const Answer *answer, Datum *values, bool *nulls)
{
	nulls[6] = !answer->has_next;
	values[6] = answer->next;
}

void
answer_append(ReturnSetInfo *result, const Answer *answer)
{
	Datum		values[RESOURCE_COLUMNS] = {0};
	bool		nulls[RESOURCE_COLUMNS] = {0};

	fill_resource(answer, values, nulls);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
answer_datum(FunctionCallInfo fcinfo, const Answer *answer,
			 MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Datum		values[WRITE_COLUMNS] = {0};
	bool		nulls[WRITE_COLUMNS] = {0};
	TupleDesc	tupdesc;
	Datum		row;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE ||
		(tupdesc->natts != RESOURCE_COLUMNS &&
		 tupdesc->natts != PAGE_COLUMNS && tupdesc->natts != WRITE_COLUMNS))
		elog(ERROR, "function must return a resource, a page or a write result");
	fill_resource(answer, values, nulls);
	if (tupdesc->natts == PAGE_COLUMNS)
		fill_page(answer, values, nulls);
	if (tupdesc->natts == WRITE_COLUMNS)
		fill_write(answer, values, nulls);
	row = HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values,
											nulls));
	MemoryContextSwitchTo(old);
	return row;
}
