/*
 * store/version.c
 *		Numbering a new version and storing it: the version's row, the ranges
 *		of the tables that it changed, the product's row and the event.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "rules/document.h"
#include "errors.h"
#include "store/event.h"
#include "json/render.h"
#include "store/row.h"
#include "store/statements.h"
#include "rules/write.h"

static void
report_exhausted(const Write *write)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_VERSIONS_EXHAUSTED),
			 errmsg("no version number is left for data product %s",
					write->product.name),
			 errdetail("Numbers go to %d and none is used twice.",
					   DPVERSION_PART_MAX),
			 errhint("Register the data product under a new name.")));
}

static void
report_breaking(const Write *write)
{
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(write->product.current, number);
	ereport(ERROR,
			(errcode(ERRCODE_DP_BREAKING_CHANGE),
			 errmsg("a breaking change to major version %d of data product %s, which is not the newest",
					dpversion_major(write->base.version), write->product.name),
			 errdetail("An older major takes compatible changes only."),
			 errhint("Make it on the newest version, dp:%s:%s.",
					 write->product.name, number)));
}

/* A new major goes on the trunk, after the highest that there ever was. */
static void
number_major(Write *write)
{
	int32		last = write->is_known ? dpversion_major(write->product.trunk) : 0;

	if (write->has_base && dpversion_major(write->base.version) <
		dpversion_major(write->product.current))
		report_breaking(write);
	if (last == DPVERSION_PART_MAX)
		report_exhausted(write);
	write->branch = 0;
	write->head = write->is_known ? write->product.trunk : NO_VERSION;
	write->made.version = dpversion_make(last + 1, 0);
	write->made.trunk = write->made.version;
}

/* A minor goes on the line of its major, after the last that there ever was. */
static void
number_minor(Write *write)
{
	int32		major = dpversion_major(write->base.version);
	bool		on_trunk = dpversion_major(write->product.trunk) == major;
	Version		last;

	if (on_trunk)
		write->head = write->product.trunk;
	else if (version_newest(&write->product, dpversion_make(major, 0),
							LAST_OF_MAJOR(major), false, READ_LATEST, &last))
		write->head = last.version;
	if (dpversion_minor(write->head) == DPVERSION_PART_MAX)
		report_exhausted(write);
	write->branch = on_trunk ? 0 : major;
	write->made.version = write->head + 1;
	write->made.trunk = on_trunk ? write->made.version : last.trunk;
}

void
version_number(Write *write)
{
	memset(&write->made, 0, sizeof(write->made));
	if (write->kind == KIND_MINOR)
		number_minor(write);
	else
		number_major(write);
}

static bool
insert_product(Write *write)
{
	Product    *product = &write->product;
	Values		values = {0};
	Row			row;

	bind_string(&values, write->id.name);
	bind_json(&values, write->metadata);
	bind_version(&values, write->made.version);
	bind_time(&values, write->made.created_at);
	bind_time_or_null(&values, product->retired_at);
	if (statement_run(STMT_PRODUCT_INSERT, &values, false) == 0)
		return false;
	row_open(&row, 0);
	product->product_id = row_int8(&row, "product_id");
	return true;
}

/* The product's row, as it reads once the version is there. */
static void
advance_product(Write *write)
{
	Product    *product = &write->product;

	product->changed_at = write->made.created_at;
	if (write->branch == 0)
		product->trunk = write->made.version;
	if (!write->has_base)
	{
		strlcpy(product->name, write->id.name, sizeof(product->name));
		product->registered_at = write->made.created_at;
		product->retired_at = NO_TIME;
		product->has_sunset = false;
	}
}

static bool
store_product(Write *write)
{
	Product    *product = &write->product;
	bool		becomes_current = write->made.version > product->current;
	bool		same_metadata = write->has_base &&
	write->base.version == product->current &&
	compareJsonbContainers(&write->base.metadata->root,
						   &write->metadata->root) == 0;

	advance_product(write);
	if (becomes_current && !same_metadata)
	{
		product->current = write->made.version;
		product->retired_at = product_retired_at(product, &write->made);
		if (!write->is_known)
			return insert_product(write);
		product_set_current(product, &write->made);
		return true;
	}
	if (becomes_current)
		product->current = write->made.version;
	product_touch(product);
	return true;
}

static void
insert_version(Write *write)
{
	Version    *made = &write->made;
	Values		values = {0};

	bind_int8(&values, write->product.product_id);
	bind_version(&values, made->version);
	bind_version(&values, made->trunk);
	bind_time(&values, made->created_at);
	bind_json(&values, made->metadata);
	bind_json(&values, made->facts);
	bind_text(&values, made->document);
	statement_run(STMT_VERSION_INSERT, &values, false);
}

/* The new revision of a table; 0 when the table is removed. */
static int64
insert_schema(const Write *write, const TableChange *change)
{
	Values		values = {0};
	Row			row;

	if (change->new == NULL)
		return 0;
	bind_int8(&values, write->product.product_id);
	bind_json(&values, change->new);
	bind_text(&values, render_definition(change->new));
	statement_run(STMT_SCHEMA_INSERT, &values, false);
	row_open(&row, 0);
	return row_int8(&row, "table_schema_id");
}

/* The line stands at the base: only the table's own range changes. */
static void
store_range(const Write *write, const TableChange *change)
{
	Values		values = {0};

	bind_int8(&values, write->product.product_id);
	bind_string(&values, change->table);
	bind_int4(&values, write->branch);
	bind_version(&values, write->made.version);
	if (change->old != NULL)
		statement_run(STMT_RANGE_CLOSE, &values, false);
	if (change->new == NULL)
		return;
	bind_int8(&values, insert_schema(write, change));
	statement_run(STMT_RANGE_OPEN, &values, false);
}

/*
 * The line has moved on from the base, for the versions between were
 * deleted: bring it back to the base's tables first.
 */
static void
reconcile_ranges(const Write *write)
{
	int			count = list_length(write->tables);
	Datum	   *names = palloc(sizeof(Datum) * Max(count, 1));
	Datum	   *ids = palloc(sizeof(Datum) * Max(count, 1));
	bool	   *removed = palloc(sizeof(bool) * Max(count, 1));
	int			dims[] = {count};
	int			bounds[] = {1};
	ListCell   *cell;
	Values		values = {0};

	foreach(cell, write->tables)
	{
		const TableChange *change = lfirst(cell);
		int			i = foreach_current_index(cell);
		int64		id = insert_schema(write, change);

		names[i] = CStringGetTextDatum(change->table);
		ids[i] = Int64GetDatum(id);
		removed[i] = id == 0;
	}
	bind_int8(&values, write->product.product_id);
	bind_version(&values, write->branch == 0 ? write->head : write->product.trunk);
	bind_version(&values, write->base.version);
	bind_version(&values, write->base.trunk);
	bind_int4(&values, write->branch);
	bind_version(&values, write->made.trunk);
	bind_version(&values, write->made.version);
	bind_array(&values, construct_array(names, count, TEXTOID, -1, false,
										TYPALIGN_INT), TEXTARRAYOID);
	bind_array(&values, construct_md_array(ids, removed, count > 0 ? 1 : 0,
										   dims, bounds, INT8OID, 8,
										   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE),
			   INT8ARRAYOID);
	statement_run(STMT_RANGES_RECONCILE, &values, false);
}

static void
store_ranges(const Write *write)
{
	ListCell   *cell;

	if (write->has_base && write->base.version != write->head)
	{
		reconcile_ranges(write);
		return;
	}
	if (!write->has_base && write->is_known)
	{
		/* a name registered again starts without the tables it had */
		Values		values = {0};

		bind_int8(&values, write->product.product_id);
		bind_version(&values, write->made.version);
		statement_run(STMT_RANGES_CLOSE_ALL, &values, false);
	}
	foreach(cell, write->tables)
		store_range(write, lfirst(cell));
}

bool
version_store(Write *write)
{
	Version    *made = &write->made;

	made->created_at = product_next_time(write->is_known ? &write->product : NULL);
	made->deleted_at = NO_TIME;
	made->metadata = write->metadata;
	made->facts = write->has_base ? write->base.facts : json_empty_object();
	if (!write->is_known)
		write->product.current = NO_VERSION;
	if (!store_product(write))
		return false;
	made->document = render_version(&write->product, made);
	insert_version(write);
	store_ranges(write);
	event_store(&(Event) {
				.product = &write->product, .action = write->action,
				.table = write->id.table,
				.from = write->has_base ? write->base.version : NO_VERSION,
				.to = made->version, .kind = write->kind,
				.actor = &write->actor, .changes = write->changes});
	return true;
}
