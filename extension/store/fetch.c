/*
 * store/fetch.c
 *		Rows by their keys, straight from the indexes.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"

#include "store/fetch.h"
#include "store/unseen.h"

/* The columns, as 20-storage.sql has them. */
enum ProductColumn
{
	PRODUCT_ID = 1, PRODUCT_NAME, PRODUCT_CURRENT, PRODUCT_TRUNK,
	PRODUCT_REGISTERED_AT, PRODUCT_CHANGED_AT, PRODUCT_DELETED_AT,
	PRODUCT_RETIRED_AT, PRODUCT_SUNSET
};

enum VersionColumn
{
	VERSION_PRODUCT_ID = 1, VERSION_VERSION, VERSION_TRUNK,
	VERSION_CREATED_AT, VERSION_DELETED_AT, VERSION_FACTS_REVISION,
	VERSION_METADATA, VERSION_FACTS, VERSION_DOCUMENT
};

enum SchemaColumn
{
	SCHEMA_ID = 1, SCHEMA_PRODUCT_ID, SCHEMA_DEFINITION, SCHEMA_DOCUMENT
};

enum RangeColumn
{
	RANGE_PRODUCT_ID = 1, RANGE_TABLE_NAME, RANGE_BRANCH, RANGE_SINCE,
	RANGE_UNTIL, RANGE_SCHEMA_ID
};

/*
 * Columns of indexes.  Those of a primary key are the first of their table, in
 * the same order, and have no names of their own here.
 */
enum ProductNameColumn
{
	BY_NAME_NAME = 1
};

enum OpenRangeColumn
{
	OPEN_PRODUCT_ID = 1, OPEN_BRANCH, OPEN_TABLE_NAME
};

static void
fill_product(Lookup *lookup, const char *name, Product *product)
{
	NullableDatum sunset = lookup_nullable(lookup, PRODUCT_SUNSET);

	product->product_id = DatumGetInt64(lookup_column(lookup, PRODUCT_ID));
	strlcpy(product->name, name, sizeof(product->name));
	product->current = lookup_version(lookup, PRODUCT_CURRENT);
	product->head = lookup_version(lookup, PRODUCT_TRUNK);
	product->registered_at = lookup_time(lookup, PRODUCT_REGISTERED_AT);
	product->changed_at = lookup_time(lookup, PRODUCT_CHANGED_AT);
	product->deleted_at = lookup_time(lookup, PRODUCT_DELETED_AT);
	product->retired_at = lookup_time(lookup, PRODUCT_RETIRED_AT);
	product->has_sunset = !sunset.isnull;
	product->sunset = sunset.isnull ? 0 : DatumGetDateADT(sunset.value);
	product->as_of = AS_OF_NOW;
}

bool
fetch_product(const char *name, ReadMode mode, Product *product)
{
	Lookup		lookup;
	ScanKeyData key;
	bool		found;

	lookup_key_text(&key, BY_NAME_NAME, BTEqualStrategyNumber, name);
	lookup_begin(&lookup, "product", "product_name_key", 1, mode);
	lookup_seek(&lookup, &key);
	found = lookup_next(&lookup, ForwardScanDirection);
	if (found)
		fill_product(&lookup, name, product);
	lookup_end(&lookup);
	return found;
}

/* What says which version it is, and thereby which tables it has. */
static void
fill_numbers(Lookup *lookup, Version *version)
{
	version->version = lookup_version(lookup, VERSION_VERSION);
	version->leaves_at = lookup_version(lookup, VERSION_TRUNK);
}

static void
fill_version(Lookup *lookup, Version *version)
{
	fill_numbers(lookup, version);
	version->created_at = lookup_time(lookup, VERSION_CREATED_AT);
	version->deleted_at = lookup_time(lookup, VERSION_DELETED_AT);
	version->facts_revision =
		DatumGetInt32(lookup_column(lookup, VERSION_FACTS_REVISION));
	version->metadata = DatumGetJsonbPCopy(lookup_column(lookup, VERSION_METADATA));
	version->facts = DatumGetJsonbPCopy(lookup_column(lookup, VERSION_FACTS));
	version->document = DatumGetTextPCopy(lookup_column(lookup, VERSION_DOCUMENT));
}

/* Begins a scan at a version's row; false when there is none. */
static bool
seek_version(Lookup *lookup, int64 product_id, DpVersion number, ReadMode mode)
{
	ScanKeyData keys[2];

	lookup_key_int8(&keys[0], VERSION_PRODUCT_ID, product_id);
	lookup_key_version(&keys[1], VERSION_VERSION, BTEqualStrategyNumber, number);
	lookup_begin(lookup, "product_version", "product_version_pkey", 2, mode);
	lookup_seek(lookup, keys);
	return lookup_next(lookup, ForwardScanDirection);
}

bool
fetch_version(int64 product_id, DpVersion number, ReadMode mode,
			  Version *version)
{
	Lookup		lookup;
	bool		found = seek_version(&lookup, product_id, number, mode);

	if (found)
		fill_version(&lookup, version);
	lookup_end(&lookup);
	return found;
}

static bool
is_live(Lookup *lookup)
{
	return lookup_time(lookup, VERSION_DELETED_AT) == NO_TIME;
}

bool
fetch_newest_version(int64 product_id, DpVersion from, DpVersion to, bool live,
					 ReadMode mode, Version *version)
{
	Lookup		lookup;
	ScanKeyData keys[3];
	bool		found;

	lookup_key_int8(&keys[0], VERSION_PRODUCT_ID, product_id);
	lookup_key_version(&keys[1], VERSION_VERSION, BTGreaterEqualStrategyNumber, from);
	lookup_key_version(&keys[2], VERSION_VERSION, BTLessEqualStrategyNumber, to);
	lookup_begin(&lookup, "product_version", "product_version_pkey", 3, mode);
	lookup_seek(&lookup, keys);
	do
		found = lookup_next(&lookup, BackwardScanDirection);
	while (found && live && !is_live(&lookup));
	if (found)
		fill_version(&lookup, version);
	lookup_end(&lookup);
	return found;
}

/* Which revision of a table holds; the row of table_range that says so. */
typedef struct Holder
{
	bool		has_schema;
	int64		table_schema_id;
} Holder;

/*
 * The newest range of a line that began at or before the version is the only
 * one that can hold it; false when it does not.
 */
static bool
find_range(Lookup *lookup, int64 product_id, const char *table, int32 branch,
		   DpVersion version, Holder *holder)
{
	ScanKeyData keys[4];
	DpVersion	until;
	NullableDatum id;

	lookup_key_int8(&keys[0], RANGE_PRODUCT_ID, product_id);
	lookup_key_text(&keys[1], RANGE_TABLE_NAME, BTEqualStrategyNumber, table);
	lookup_key_int4(&keys[2], RANGE_BRANCH, branch);
	lookup_key_version(&keys[3], RANGE_SINCE, BTLessEqualStrategyNumber, version);
	lookup_seek(lookup, keys);
	if (!lookup_next(lookup, BackwardScanDirection))
		return false;
	until = lookup_version(lookup, RANGE_UNTIL);
	if (until != NO_VERSION && until <= version)
		return false;
	id = lookup_nullable(lookup, RANGE_SCHEMA_ID);
	holder->has_schema = !id.isnull;
	holder->table_schema_id = id.isnull ? 0 : DatumGetInt64(id.value);
	return true;
}

/* The same as dpmeta.table_at() in SQL; false when the table is not there. */
static bool
find_holder(Lookup *lookup, int64 product_id, const char *table,
			const Version *version, Holder *holder)
{
	if (version->leaves_at != version->version &&
		find_range(lookup, product_id, table,
				   dpversion_major(version->version), version->version, holder))
		return holder->has_schema;
	return find_range(lookup, product_id, table, 0, version->leaves_at, holder) &&
		holder->has_schema;
}

static void
ranges_begin(Lookup *lookup, ReadMode mode)
{
	lookup_begin(lookup, "table_range", "table_range_pkey", 4, mode);
}

static bool
seek_schema(Lookup *lookup, int64 table_schema_id, ReadMode mode)
{
	ScanKeyData key;

	lookup_key_int8(&key, SCHEMA_ID, table_schema_id);
	lookup_begin(lookup, "table_schema", "table_schema_pkey", 1, mode);
	lookup_seek(lookup, &key);
	return lookup_next(lookup, ForwardScanDirection);
}

static void
report_no_schema(int64 table_schema_id)
{
	Lookup		lookup;

	if (!unseen_may_look_again() ||
		seek_schema(&lookup, table_schema_id, READ_NOW))
		unseen_report();
	unseen_report_missing(psprintf("table schema " INT64_FORMAT,
								   table_schema_id));
}

static void
fetch_schema(int64 table_schema_id, ReadMode mode, TableSchema *schema)
{
	Lookup		lookup;

	if (!seek_schema(&lookup, table_schema_id, mode))
		report_no_schema(table_schema_id);
	schema->table_schema_id = table_schema_id;
	schema->stored_definition =
		datumCopy(lookup_column(&lookup, SCHEMA_DEFINITION), false, -1);
	schema->document = DatumGetTextPCopy(lookup_column(&lookup, SCHEMA_DOCUMENT));
	lookup_end(&lookup);
}

static bool
fetch_holder(int64 product_id, const Version *version, const char *table,
			 ReadMode mode, Holder *holder)
{
	Lookup		lookup;
	bool		found;

	ranges_begin(&lookup, mode);
	found = find_holder(&lookup, product_id, table, version, holder);
	lookup_end(&lookup);
	return found;
}

bool
fetch_table(int64 product_id, const Version *version, const char *table,
			ReadMode mode, TableSchema *schema)
{
	Holder		holder;

	if (!fetch_holder(product_id, version, table, mode, &holder))
		return false;
	fetch_schema(holder.table_schema_id, mode, schema);
	return true;
}

Jsonb *
fetch_definition(const TableSchema *schema)
{
	return DatumGetJsonbP(schema->stored_definition);
}

bool
fetch_has_table(int64 product_id, DpVersion number, const char *table,
				ReadMode mode)
{
	Lookup		lookup;
	Version		version;
	Holder		holder;
	bool		found = seek_version(&lookup, product_id, number, mode);

	if (found)
		fill_numbers(&lookup, &version);
	lookup_end(&lookup);
	return found && fetch_holder(product_id, &version, table, mode, &holder);
}

/* Was the version made by that time? */
static bool
version_was_made(int64 product_id, DpVersion number, TimestampTz time,
				 ReadMode mode)
{
	Lookup		lookup;
	bool		found = seek_version(&lookup, product_id, number, mode) &&
		lookup_time(&lookup, VERSION_CREATED_AT) <= time;

	lookup_end(&lookup);
	return found;
}

bool
fetch_table_ever(const Product *product, DpVersion version, const char *table,
				 ReadMode mode)
{
	Lookup		lookup;
	ScanKeyData keys[3];
	bool		found;

	lookup_key_int8(&keys[0], RANGE_PRODUCT_ID, product->product_id);
	lookup_key_text(&keys[1], RANGE_TABLE_NAME, BTEqualStrategyNumber, table);
	lookup_key_version(&keys[2], RANGE_SINCE, BTLessEqualStrategyNumber, version);
	lookup_begin(&lookup, "table_range", "table_range_pkey", 3, mode);
	lookup_seek(&lookup, keys);
	do
		found = lookup_next(&lookup, ForwardScanDirection);
	while (found && product->as_of != AS_OF_NOW &&
		   !version_was_made(product->product_id,
							 lookup_version(&lookup, RANGE_SINCE),
							 product->as_of, READ_SNAPSHOT));
	lookup_end(&lookup);
	return found;
}

/* At the head of the trunk these are the open ranges. */
static List *
names_at_head(int64 product_id, ReadMode mode)
{
	Lookup		lookup;
	ScanKeyData keys[2];
	List	   *names = NIL;
	Datum		name;

	lookup_key_int8(&keys[0], OPEN_PRODUCT_ID, product_id);
	lookup_key_int4(&keys[1], OPEN_BRANCH, 0);
	lookup_begin(&lookup, "table_range", "table_range_open_idx", 2, mode);
	lookup_want_entries(&lookup);
	lookup_seek(&lookup, keys);
	while (lookup_next_entry(&lookup, ForwardScanDirection, OPEN_TABLE_NAME,
							 &name))
		names = lappend(names, TextDatumGetCString(name));
	lookup_end(&lookup);
	return names;
}

/* The first name after the one given that the product ever had, or NULL. */
static char *
next_name(Lookup *lookup, int64 product_id, const char *after)
{
	ScanKeyData keys[2];
	Datum		name;

	lookup_key_int8(&keys[0], RANGE_PRODUCT_ID, product_id);
	lookup_key_text(&keys[1], RANGE_TABLE_NAME, BTGreaterStrategyNumber, after);
	lookup_seek(lookup, keys);
	if (!lookup_next_entry(lookup, ForwardScanDirection, RANGE_TABLE_NAME, &name))
		return NULL;
	return TextDatumGetCString(name);
}

/* Elsewhere each name that the product ever had is looked up. */
static List *
names_at(int64 product_id, const Version *version, ReadMode mode)
{
	Lookup		names_fetch;
	Lookup		ranges;
	Holder		holder;
	List	   *names = NIL;
	char	   *name = "";

	lookup_begin(&names_fetch, "table_range", "table_range_pkey", 2, mode);
	lookup_want_entries(&names_fetch);
	ranges_begin(&ranges, READ_SNAPSHOT);
	while ((name = next_name(&names_fetch, product_id, name)) != NULL)
		if (find_holder(&ranges, product_id, name, version, &holder))
			names = lappend(names, name);
	lookup_end(&ranges);
	lookup_end(&names_fetch);
	return names;
}

List *
fetch_table_names(const Product *product, const Version *version, ReadMode mode)
{
	if (version->version == product->head)
		return names_at_head(product->product_id, mode);
	return names_at(product->product_id, version, mode);
}
