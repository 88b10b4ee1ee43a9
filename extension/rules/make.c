/*
 * rules/make.c
 *		Carrying out a plan: the version's row, the ranges of the tables that
 *		it changes, the product's row and the event.
 */
#include "postgres.h"

#include "json/render.h"
#include "rules/document.h"
#include "rules/make.h"
#include "store/event.h"
#include "store/past.h"
#include "store/search_entry.h"

static void
fill_version(const WriteBase *base, const WritePlan *plan,
			 const Place *place, Version *version)
{
	memset(version, 0, sizeof(*version));
	version->version = place->version;
	version->leaves_at = place->leaves_at;
	version->created_at =
		product_next_time(base->is_known ? &base->product : NULL);
	version->deleted_at = NO_TIME;
	version->metadata = plan->metadata;
	version->facts = base->has_version ? base->version.facts :
		json_empty_object();
}

/* The product as it is once the version is there, but for what is current. */
static void
fill_product(const WriteRequest *request, const WriteBase *base,
			 const Place *place, const Version *version,
			 Product *product)
{
	*product = base->product;
	product->changed_at = version->created_at;
	if (place->branch == TRUNK)
		product->head = version->version;
	if (base->has_version)
		return;
	strlcpy(product->name, request->id.name, sizeof(product->name));
	if (!base->is_known)
		product->current = NO_VERSION;
	product->registered_at = version->created_at;
	product->retired_at = NO_TIME;
	product->has_sunset = false;
}

/* The row has copies of the current version's metadata, for its indexes. */
static bool
has_same_copies(const WriteBase *base, const WritePlan *plan)
{
	return base->has_version &&
		base->version.version == base->product.current &&
		compareJsonbContainers(&base->version.metadata->root,
							   &plan->metadata->root) == 0;
}

/* False when another session registered the name meanwhile. */
static bool
store_product(const WriteBase *base, const WritePlan *plan,
			  const Version *version, Product *product)
{
	bool		becomes_current = version->version > product->current;

	if (becomes_current)
		product->current = version->version;
	if (!becomes_current || has_same_copies(base, plan))
	{
		product_touch(product);
		return true;
	}
	product->retired_at = product_retired_at(product, version);
	if (!base->is_known)
		return product_insert(product, version);
	product_set_current(product, version);
	return true;
}

/* What the tables that change become, ready to be stored. */
static List *
render_tables(const WritePlan *plan)
{
	List	   *writes = NIL;
	ListCell   *cell;

	foreach(cell, plan->tables)
	{
		const TableChange *change = lfirst(cell);
		TableWrite *write = palloc0(sizeof(TableWrite));

		write->table = change->table;
		write->was_there = change->old != NULL;
		write->definition = change->new;
		if (change->new != NULL)
			write->document = document_of_definition(change->new);
		writes = lappend(writes, write);
	}
	return writes;
}

static void
store_event(const WriteRequest *request, const WriteBase *base,
			const WritePlan *plan, const WriteOutcome *outcome)
{
	Event		event = {
		.product = &outcome->product,
		.action = request->operation->action,
		.table = request->id.table,
		.from = base->has_version ? base->version.version : NO_VERSION,
		.to = outcome->version.version,
		.kind = change_kind_name(plan->kind),
		.actor = request->actor.name,
		.changes = plan->changes
	};

	event_store(&event);
}

/*
 * What search finds the current version by.  Where that was the base, the tables
 * that the plan changes are those that differ.
 */
static void
store_words(const WriteBase *base, const WritePlan *plan,
			const WriteOutcome *outcome)
{
	const Product *product = &outcome->product;
	ListCell   *cell;

	if (base->is_known && (!base->has_version ||
						   base->version.version != base->product.current))
	{
		search_entry_renew(product);
		return;
	}
	if (!has_same_copies(base, plan))
		search_entry_product(product, &outcome->version);
	foreach(cell, plan->tables)
	{
		const TableChange *change = lfirst(cell);

		search_entry_table(product, change->table, change->old, change->new);
	}
}

bool
make_version(const WriteRequest *request, const WriteBase *base,
			 const WritePlan *plan, const Place *place,
			 WriteOutcome *outcome)
{
	Product    *product = &outcome->product;
	Version    *version = &outcome->version;

	fill_version(base, plan, place, version);
	fill_product(request, base, place, version, product);
	if (!store_product(base, plan, version, product))
		return false;
	version->document = document_of_version(product, version);
	version_insert(product->product_id, version);
	if (product->current == version->version)
		past_record_state(product, true);
	ranges_store(product, base->has_version ? &base->version : NULL, place,
				 render_tables(plan));
	if (product->current == version->version)
		store_words(base, plan, outcome);
	store_event(request, base, plan, outcome);
	return true;
}
