/*
 * store/ranges.c
 *		Storing the ranges of a version's tables.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "store/ranges.h"
#include "store/row.h"
#include "store/statements.h"

/* The number of the new revision. */
static int64
insert_schema(const Product *product, const TableWrite *write)
{
	Values		values = {0};
	Row			row;

	bind_int8(&values, product->product_id);
	bind_json(&values, write->definition);
	bind_text(&values, write->document);
	statement_run(STMT_SCHEMA_INSERT, &values, false);
	row_open(&row, 0);
	return row_int8(&row, "table_schema_id");
}

/* The line stands at the base: only the table's own range changes. */
static void
store_range(const Product *product, const Place *place,
			const TableWrite *write)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_string(&values, write->table);
	bind_int4(&values, place->branch);
	bind_version(&values, place->version);
	/* a branch may have a range which says that the table is not there */
	if (write->was_there || place->branch != TRUNK)
		statement_run(STMT_RANGE_CLOSE, &values, false);
	if (write->definition == NULL)
		return;
	bind_int8(&values, insert_schema(product, write));
	statement_run(STMT_RANGE_OPEN, &values, false);
}

/* Inserts the new revisions; binds the tables' names and these, or NULL. */
static void
bind_tables(Values *values, const Product *product, List *tables)
{
	int			count = list_length(tables);
	Datum	   *names = palloc(sizeof(Datum) * Max(count, 1));
	Datum	   *ids = palloc0(sizeof(Datum) * Max(count, 1));
	bool	   *removed = palloc(sizeof(bool) * Max(count, 1));
	int			dims[] = {count};
	int			bounds[] = {1};
	ListCell   *cell;

	foreach(cell, tables)
	{
		const TableWrite *write = lfirst(cell);
		int			i = foreach_current_index(cell);

		names[i] = CStringGetTextDatum(write->table);
		removed[i] = write->definition == NULL;
		if (!removed[i])
			ids[i] = Int64GetDatum(insert_schema(product, write));
	}
	bind_array(values, construct_array(names, count, TEXTOID, -1, false,
									   TYPALIGN_INT), TEXTARRAYOID);
	bind_array(values, construct_md_array(ids, removed, count > 0 ? 1 : 0,
										  dims, bounds, INT8OID, 8,
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE),
			   INT8ARRAYOID);
}

/*
 * Versions after the base were deleted, so the line's open ranges are not the
 * base's: first set them back to the base's tables.
 */
static void
reconcile_ranges(const Product *product, const Version *base,
				 const Place *place, List *tables)
{
	DpVersion	head = place->branch == TRUNK ? place->last : product->head;
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_version(&values, head);
	bind_version(&values, base->version);
	bind_version(&values, base->leaves_at);
	bind_int4(&values, place->branch);
	bind_version(&values, place->leaves_at);
	bind_version(&values, place->version);
	bind_tables(&values, product, tables);
	statement_run(STMT_RANGES_RECONCILE, &values, false);
}

/* A name that is registered again starts without the tables it had. */
static void
close_ranges(const Product *product, const Place *place)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_version(&values, place->version);
	statement_run(STMT_RANGES_CLOSE_ALL, &values, false);
}

void
ranges_store(const Product *product, const Version *base,
			 const Place *place, List *tables)
{
	ListCell   *cell;

	if (base != NULL && base->version != place->last)
	{
		reconcile_ranges(product, base, place, tables);
		return;
	}
	if (base == NULL && place->last != NO_VERSION)
		close_ranges(product, place);
	foreach(cell, tables)
		store_range(product, place, lfirst(cell));
}
