/*
 * store/search_entry.c
 *		Keeping what search finds the current versions by.
 *
 * The SQL of 1.0 has no search.  Its update makes all of the rows.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "store/installed.h"
#include "store/search_entry.h"
#include "store/search_words.h"
#include "store/statements.h"

static bool
is_kept(void)
{
	return installed_release() >= RELEASE_1_1;
}

void
search_entry_product(const Product *product, const Version *current)
{
	Values		values = {0};

	if (!is_kept())
		return;
	bind_int8(&values, product->product_id);
	bind_string(&values, product->name);
	bind_json(&values, current->metadata);
	statement_run(STMT_SEARCH_PRODUCT, &values, false);
}

static void
store_part(const Product *product, text *table, Jsonb *definition, int part)
{
	NullableDatum words = {0, false};
	Values		values = {0};

	words.value = TSVectorGetDatum(search_part_words(table, definition, part));
	bind_int8(&values, product->product_id);
	bind_text(&values, table);
	bind_int4(&values, part);
	bind_nullable(&values, words, TSVECTOROID);
	statement_run(STMT_SEARCH_PART, &values, false);
}

/* Those from a part on. */
static void
forget_parts(const Product *product, const char *table, int from)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_string(&values, table);
	bind_int4(&values, from);
	statement_run(STMT_SEARCH_FORGET, &values, false);
}

void
search_entry_table(const Product *product, const char *table, Jsonb *old,
				   Jsonb *new)
{
	int			count = new == NULL ? 0 : search_part_count(new);
	int			count_before = old == NULL ? 0 : search_part_count(old);
	text	   *name = cstring_to_text(table);

	if (!is_kept())
		return;
	for (int part = 0; part < count; part++)
		if (part >= count_before || search_part_differs(old, new, part))
			store_part(product, name, new, part);
	if (count < count_before)
		forget_parts(product, table, count);
}

void
search_entry_renew(const Product *product)
{
	Values		values = {0};

	if (!is_kept())
		return;
	bind_int8(&values, product->product_id);
	statement_run(STMT_SEARCH_RENEW, &values, false);
}

void
search_entry_purge(const Product *product)
{
	Values		values = {0};

	if (!is_kept())
		return;
	bind_int8(&values, product->product_id);
	statement_run(STMT_SEARCH_PURGE, &values, false);
}
