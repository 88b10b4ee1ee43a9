/*
 * store/product.c
 *		A data product's row and its clock.
 */
#include "postgres.h"

#include "json/render.h"
#include "store/product.h"
#include "store/row.h"
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

bool
product_insert(Product *product, const Version *first)
{
	Values		values = {0};
	Row			row;

	bind_string(&values, product->name);
	bind_json(&values, first->metadata);
	bind_version(&values, first->version);
	bind_time(&values, first->created_at);
	bind_time_or_null(&values, product->retired_at);
	if (statement_run(STMT_PRODUCT_INSERT, &values, false) == 0)
		return false;
	row_open(&row, 0);
	product->product_id = row_int8(&row, "product_id");
	return true;
}

void
product_set_current(const Product *product, const Version *current)
{
	Values		values = {0};

	bind_string(&values, product->name);
	bind_json(&values, current->metadata);
	bind_int8(&values, product->product_id);
	bind_version(&values, product->current);
	bind_version(&values, product->head);
	bind_time(&values, product->registered_at);
	bind_time(&values, product->changed_at);
	bind_time_or_null(&values, product->retired_at);
	statement_run(STMT_PRODUCT_UPDATE, &values, false);
}

void
product_touch(const Product *product)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_version(&values, product->current);
	bind_version(&values, product->head);
	bind_time(&values, product->changed_at);
	bind_date_or_null(&values, product->has_sunset, product->sunset);
	statement_run(STMT_PRODUCT_TOUCH, &values, false);
}

void
product_empty(const Product *product)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_time(&values, product->changed_at);
	statement_run(STMT_PRODUCT_EMPTY, &values, false);
}

int64
product_purge(const Product *product)
{
	Values		values = {0};
	Row			row;

	bind_int8(&values, product->product_id);
	bind_time(&values, product->changed_at);
	statement_run(STMT_PRODUCT_PURGE, &values, false);
	row_open(&row, 0);
	return row_int8(&row, "version_count");
}
