/*
 * rules/compare.c
 *		What is different between two versions of a data product.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "rules/compare.h"
#include "rules/diff.h"
#include "rules/past_renames.h"
#include "store/row.h"
#include "store/statements.h"

static void
compare_row(ChangeList *list, List *renames, Row *row)
{
	char	   *table = row_string(row, "table_name");
	Jsonb	   *old = row_json_or_none(row, "old_definition");
	Jsonb	   *new = row_json_or_none(row, "new_definition");

	diff_table(list, table, old, new, past_renames_of(renames, table, new));
}

/* A table may be long: they are compared one after the other. */
static void
compare_tables(ChangeList *list, const Product *product, const Version *old,
			   const Version *new)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "dpmeta table row",
													  ALLOCSET_DEFAULT_SIZES);
	List	   *renames = past_renames_read(product, old, new);
	Values		values = {0};
	uint64		count;

	bind_int8(&values, product->product_id);
	bind_version(&values, product->head);
	bind_version(&values, old->version);
	bind_version(&values, old->leaves_at);
	bind_version(&values, new->version);
	bind_version(&values, new->leaves_at);
	count = statement_run(STMT_TABLES_COMPARE, &values, true);
	for (uint64 i = 0; i < count; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(row_context);
		Row			row;

		CHECK_FOR_INTERRUPTS();
		row_open(&row, i);
		compare_row(list, renames, &row);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(row_context);
	}
}

void
compare_versions(ChangeList *list, const Product *product, const Version *old,
				 const Version *new)
{
	Assert(list->page != NULL);
	diff_metadata(list, old->metadata, new->metadata);
	compare_tables(list, product, old, new);
}
