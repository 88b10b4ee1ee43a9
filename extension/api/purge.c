/*
 * api/purge.c
 *		What a DBA may remove for good.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"

#include "api/arguments.h"
#include "rules/consumers.h"
#include "rules/diff.h"
#include "rules/resolve.h"
#include "store/event.h"
#include "store/idempotency.h"
#include "store/past.h"
#include "store/row.h"
#include "store/search_entry.h"
#include "store/statements.h"

/* Returns the number of versions that there were. */
static int64
purge_product(const Product *product)
{
	Values		values = {0};
	Row			row;

	bind_int8(&values, product->product_id);
	bind_time(&values, product->changed_at);
	past_purge(product);
	search_entry_purge(product);
	consumers_purge(product);
	statement_run(STMT_PRODUCT_PURGE, &values, false);
	row_open(&row, 0);
	return row_int8(&row, "version_count");
}

/* All that is left of its history is that it was purged, by whom and when. */
static void
store_purge(const Product *product, Actor *actor)
{
	ChangeList	list;
	Change		change = {
		.change = "data-product-purged", .kind = KIND_DELETION
	};
	Event		event = {
		.product = product, .action = "purge", .table = "",
		.from = product->current, .to = NO_VERSION,
		.kind = change_kind_name(KIND_DELETION)
	};

	actor_find(actor, NULL, NULL);
	changes_begin(&list);
	changes_add(&list, &change);
	event.actor = actor->name;
	event.changes = changes_end(&list);
	event_store(&event);
}

/* purge_data_product(name) */
PG_FUNCTION_INFO_V1(dpmeta_purge_data_product);
Datum
dpmeta_purge_data_product(PG_FUNCTION_ARGS)
{
	DpIdParts	id;
	Actor		actor;
	Product		product;
	int64		count;

	actor_begin(fcinfo, &actor);
	id_of_product(argument_name(fcinfo, 0, "name"), &id);
	resolve_product(&id, READ_LOCK, &product);
	product.changed_at = product_next_time(&product);
	count = purge_product(&product);
	store_purge(&product, &actor);
	actor_end(&actor);
	PG_RETURN_INT64(count);
}

/* purge_idempotency_keys() */
PG_FUNCTION_INFO_V1(dpmeta_purge_idempotency_keys);
Datum
dpmeta_purge_idempotency_keys(PG_FUNCTION_ARGS)
{
	Actor		actor;
	int64		count;

	actor_begin(fcinfo, &actor);
	count = idempotency_expire(PG_INT64_MAX);
	actor_end(&actor);
	PG_RETURN_INT64(count);
}
