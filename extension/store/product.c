/*
 * store/product.c
 *		A data product's row and its clock.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "json/render.h"
#include "store/product.h"
#include "store/statements.h"

TimestampTz
product_next_time(const Product *product)
{
	TimestampTz now = GetCurrentTimestamp();

	if (product != NULL && now <= product->changed_at)
		return product->changed_at + 1;
	return now;
}

TimestampTz
product_retired_at(const Product *product, const Version *current)
{
	JsonbValue *status = json_member(current->metadata, "status");
	JsonbValue *retired = json_string("retired");

	if (!json_values_equal(status, retired))
		return NO_TIME;
	return product->retired_at != NO_TIME ? product->retired_at :
		product->changed_at;
}

void
product_set_current(const Product *product, const Version *current)
{
	Datum		values[] = {
		CStringGetTextDatum(product->name),
		JsonbPGetDatum(current->metadata),
		Int64GetDatum(product->product_id),
		DpVersionGetDatum(product->current),
		DpVersionGetDatum(product->trunk),
		TimestampTzGetDatum(product->registered_at),
		TimestampTzGetDatum(product->changed_at),
		TimestampTzGetDatum(product->retired_at)
	};
	char		nulls[] = "        ";

	if (product->retired_at == NO_TIME)
		nulls[7] = 'n';
	statement_run(STMT_PRODUCT_UPDATE, values, nulls, false);
}

void
product_touch(const Product *product)
{
	Datum		values[] = {
		Int64GetDatum(product->product_id),
		DpVersionGetDatum(product->current),
		DpVersionGetDatum(product->trunk),
		TimestampTzGetDatum(product->changed_at),
		DateADTGetDatum(product->sunset)
	};
	char		nulls[] = "     ";

	if (!product->has_sunset)
		nulls[4] = 'n';
	statement_run(STMT_PRODUCT_TOUCH, values, nulls, false);
}

void
product_empty(const Product *product)
{
	Datum		values[] = {
		Int64GetDatum(product->product_id),
		TimestampTzGetDatum(product->changed_at)
	};

	statement_run(STMT_PRODUCT_EMPTY, values, NULL, false);
}
