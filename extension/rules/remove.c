/*
 * rules/remove.c
 *		Deleting a data product, a major or a version, which leaves
 *		tombstones, and restoring what was deleted.
 *
 * Versions that one call deleted have the same deletion time, and no others
 * of the product have it: that is how a restoration finds what belongs
 * together.
 */
#include "postgres.h"

#include "executor/spi.h"

#include "errors.h"
#include "rules/consumers.h"
#include "rules/etag.h"
#include "rules/remove.h"
#include "rules/resolve.h"
#include "rules/rights.h"
#include "store/event.h"
#include "store/fetch.h"
#include "store/past.h"
#include "store/row.h"
#include "store/search_entry.h"
#include "store/statements.h"

/* The changes that both make of a version. */
#define VERSION_DELETED		"version-deleted"
#define VERSION_RESTORED	"version-restored"

static void
find_product(Removal *removal, const char *change)
{
	rights_require(&removal->actor, change);
	resolve_product_to_write(&removal->id, removal->dry_run, &removal->product);
}

/* The arguments of both statements that look for marked versions. */
static void
bind_marked(Values *values, const Removal *removal)
{
	bind_int8(values, removal->product.product_id);
	bind_version(values, id_first_version(&removal->id));
	bind_version(values, id_last_version(&removal->id));
	bind_time_or_null(values, removal->marked);
}

/* Lists the versions to delete or restore as changes, newest first. */
static void
list_marked(Removal *removal, const char *change)
{
	Values		values = {0};
	ChangeList	list;
	uint64		count;

	bind_marked(&values, removal);
	count = statement_run(STMT_VERSIONS_MARKED, &values, false);
	removal->newest = NO_VERSION;
	changes_begin(&list);
	for (uint64 i = 0; i < count; i++)
	{
		char	   *number = palloc(DPVERSION_BUFSIZE);
		Change		one = {
			.change = change, .kind = removal->kind, .version = number
		};
		DpVersion	version;
		Row			row;

		row_open(&row, i);
		version = row_version(&row, "version");
		dpversion_format(version, number);
		changes_add(&list, &one);
		removal->newest = Max(removal->newest, version);
	}
	removal->changes = changes_end(&list);
}

static void
mark_versions(const Removal *removal, TimestampTz deleted_at)
{
	Values		values = {0};

	bind_marked(&values, removal);
	bind_time_or_null(&values, deleted_at);
	statement_run(STMT_VERSIONS_MARK, &values, false);
}

/* Brings the product's row up to date with the versions that are live now. */
static void
renew_current(Product *product)
{
	DpVersion	before = product->current;
	Version		newest;

	if (!fetch_newest_version(product->product_id, FIRST_VERSION, LAST_VERSION, true, READ_LATEST,
							  &newest))
	{
		product->current = NO_VERSION;
		product_empty(product);
		past_record_state(product, true);
		search_entry_renew(product);
		return;
	}
	product->current = newest.version;
	if (newest.version == before)
	{
		product_touch(product);
		return;
	}
	product->retired_at = product_retired_at(product, &newest);
	product_set_current(product, &newest);
	past_record_state(product, true);
	search_entry_renew(product);
}

/* Marks the versions anew (live with NO_TIME), and records that. */
static void
store_removal(Removal *removal, const char *action, TimestampTz deleted_at)
{
	Product    *product = &removal->product;
	Event		event = {
		.product = product, .action = action, .table = "",
		.from = product->current,
		.kind = change_kind_name(removal->kind),
		.actor = removal->actor.name,
		.changes = removal->changes
	};

	if (deleted_at == NO_TIME)
		past_record_undone(product, id_first_version(&removal->id),
						   id_last_version(&removal->id), removal->marked);
	mark_versions(removal, deleted_at);
	renew_current(product);
	event.to = product->current;
	event_store(&event);
}

void
remove_versions(Removal *removal)
{
	Version		target;

	removal->kind = KIND_DELETION;
	find_product(removal, VERSION_DELETED);
	resolve_version(&removal->product, &removal->id, READ_LATEST, &target);
	etag_require(removal->if_match, etag_of_version(&target));
	removal->marked = NO_TIME;
	list_marked(removal, VERSION_DELETED);
	removal->affected = consumers_of_versions(&removal->product,
											  id_first_version(&removal->id),
											  id_last_version(&removal->id));
	if (removal->dry_run)
		return;
	if (!removal->force)
		consumers_require_none(&removal->id, removal->affected);
	removal->product.changed_at = product_next_time(&removal->product);
	store_removal(removal, "delete", removal->product.changed_at);
}

static void
report_not_restorable(const DpIdParts *id, const char *reason)
{
	char		text[DPID_BUFSIZE];

	dpid_format(id, text);
	ereport(ERROR,
			(errcode(ERRCODE_DP_NOT_RESTORABLE),
			 errmsg("data product cannot be restored with id %s", text),
			 errdetail("%s", reason),
			 errhint("You can restore a data product until its name is registered again, and a version or a major until a later version of that major is made.")));
}

/* The last version that the ID of a major or a version means. */
static void
find_last(const Removal *removal, Version *last)
{
	const DpIdParts *id = &removal->id;

	if (!fetch_newest_version(removal->product.product_id, id_first_version(id),
							  id_last_version(id), false, READ_LATEST, last))
		resolve_report_absent(&removal->product, id, READ_LATEST);
}

static bool
has_later_minor(const Removal *removal, const Version *version)
{
	DpVersion	last = LAST_OF_MAJOR(dpversion_major(version->version));
	Version		later;

	return version->version < last &&
		fetch_newest_version(removal->product.product_id, version->version + 1, last, false,
							 READ_LATEST, &later);
}

/* When what is to be restored was deleted; raises unless it may be. */
static TimestampTz
find_deletion(const Removal *removal)
{
	const Product *product = &removal->product;
	Version		last;

	if (removal->id.form == DPID_LATEST)
	{
		if (product->current != NO_VERSION)
			report_not_restorable(&removal->id, "It is not deleted.");
		return product->deleted_at;
	}
	find_last(removal, &last);
	if (last.deleted_at == NO_TIME)
		report_not_restorable(&removal->id, "It is not deleted.");
	if (last.created_at < product->registered_at)
		report_not_restorable(&removal->id,
							  "The name of the data product was registered again after that.");
	if (has_later_minor(removal, &last))
		report_not_restorable(&removal->id,
							  "A later version of its major was made.");
	return last.deleted_at;
}

void
remove_undo(Removal *removal)
{
	removal->kind = KIND_RESTORATION;
	find_product(removal, VERSION_RESTORED);
	removal->marked = find_deletion(removal);
	etag_require(removal->if_match, NULL);
	list_marked(removal, VERSION_RESTORED);
	if (removal->newest == NO_VERSION)
		resolve_report_gone(&removal->id);
	if (removal->dry_run)
		return;
	removal->product.changed_at = product_next_time(&removal->product);
	store_removal(removal, "restore", NO_TIME);
}

/* All that is left of its history is that it was purged, by whom and when. */
static void
record_purge(const Product *product, const Actor *actor)
{
	ChangeList	list;
	Change		change = {
		.change = "data-product-purged", .kind = KIND_DELETION
	};
	Event		event = {
		.product = product, .action = "purge", .table = "",
		.from = product->current, .to = NO_VERSION,
		.kind = change_kind_name(KIND_DELETION), .actor = actor->name
	};

	changes_begin(&list);
	changes_add(&list, &change);
	event.changes = changes_end(&list);
	event_store(&event);
}

int64
remove_for_good(const DpIdParts *id, const Actor *actor)
{
	Product		product;
	int64		count;

	resolve_product_to_write(id, false, &product);
	product.changed_at = product_next_time(&product);
	past_purge(&product);
	search_entry_purge(&product);
	consumers_purge(&product);
	count = product_purge(&product);
	record_purge(&product, actor);
	return count;
}
