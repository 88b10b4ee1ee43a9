/*
 * store/search_entry.c
 *		Keeping what search finds the current versions by.
 *
 * The SQL of 1.0 has no search.  Its update makes all of the rows.
 */
#include "postgres.h"

#include "store/installed.h"
#include "store/search_entry.h"
#include "store/statements.h"

static void
run(Statement stmt, Values *values)
{
	if (installed_release() >= RELEASE_1_1)
		statement_run(stmt, values, false);
}

void
search_entry_product(const Product *product, const Version *current)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_string(&values, product->name);
	bind_json(&values, current->metadata);
	run(STMT_SEARCH_PRODUCT, &values);
}

void
search_entry_table(const Product *product, const char *table,
				   const Jsonb *definition)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_string(&values, table);
	if (definition != NULL)
		bind_json(&values, definition);
	run(definition != NULL ? STMT_SEARCH_TABLE : STMT_SEARCH_FORGET, &values);
}

void
search_entry_renew(const Product *product)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	run(STMT_SEARCH_RENEW, &values);
}

void
search_entry_purge(const Product *product)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	run(STMT_SEARCH_PURGE, &values);
}
