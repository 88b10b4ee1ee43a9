/*
 * store/fetch.c
 *		Rows by their keys, straight from the indexes.
 *
 * Finding the few rows that an ID means is what every call does, and by SQL
 * the executor's start and end cost several times as much as the finding.
 * So it is done as the server does it for its own catalogs.  Privileges are
 * not looked at here: EXECUTE on the calling function is what a caller needs.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/tuptable.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "store/bind.h"
#include "store/fetch.h"
#include "store/installed.h"

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

/* A scan of one index. */
typedef struct Fetch
{
	ReadMode	mode;
	Relation	table;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	Buffer		map;			/* pinned page of the visibility map, if any */
} Fetch;

static Relation
open_index_named(const char *name, Oid namespace)
{
	Oid			oid = get_relname_relid(name, namespace);

	if (!OidIsValid(oid))
		elog(ERROR, "index dpmeta.%s is missing", name);
	return index_open(oid, AccessShareLock);
}

/* ReadMode says what a read sees. */
static void
fetch_begin(Fetch *fetch, const char *table, const char *index, int nkeys,
			ReadMode mode)
{
	Oid			namespace = get_namespace_oid("dpmeta", false);

	installed_check();
	fetch->mode = mode;
	if (mode != READ_SNAPSHOT)
	{
		CommandCounterIncrement();
		PushActiveSnapshot(GetTransactionSnapshot());
	}
	fetch->table = table_open(get_relname_relid(table, namespace),
							  AccessShareLock);
	fetch->index = open_index_named(index, namespace);
	fetch->slot = table_slot_create(fetch->table, NULL);
	fetch->scan = index_beginscan(fetch->table, fetch->index,
								  GetActiveSnapshot(), nkeys, 0);
	fetch->map = InvalidBuffer;
}

static void
fetch_seek(Fetch *fetch, ScanKey keys)
{
	index_rescan(fetch->scan, keys, fetch->scan->numberOfKeys, NULL, 0);
}

static bool
fetch_next(Fetch *fetch, ScanDirection direction)
{
	return index_getnext_slot(fetch->scan, direction, fetch->slot);
}

/* Call it before the first fetch_seek() if you will use fetch_next_entry(). */
static void
fetch_want_entries(Fetch *fetch)
{
	fetch->scan->xs_want_itup = true;
}

/*
 * Like fetch_next(), for a caller that needs only a column of the index.  It
 * looks at the row only if its page may have rows that are not visible to all.
 * The value is valid until the next call.
 */
static bool
fetch_next_entry(Fetch *fetch, ScanDirection direction, int column,
				 Datum *value)
{
	IndexScanDesc scan = fetch->scan;
	bool		isnull;
	ItemPointer tid;

	Assert(scan->xs_want_itup);
	while ((tid = index_getnext_tid(scan, direction)) != NULL)
	{
		if (VM_ALL_VISIBLE(fetch->table, ItemPointerGetBlockNumber(tid),
						   &fetch->map))
			PredicateLockPage(fetch->table, ItemPointerGetBlockNumber(tid),
							  scan->xs_snapshot);
		else if (!index_fetch_heap(scan, fetch->slot))
			continue;
		*value = index_getattr(scan->xs_itup, column, scan->xs_itupdesc,
							   &isnull);
		return true;
	}
	return false;
}

static void
fetch_end(Fetch *fetch)
{
	if (BufferIsValid(fetch->map))
		ReleaseBuffer(fetch->map);
	index_endscan(fetch->scan);
	ExecDropSingleTupleTableSlot(fetch->slot);
	index_close(fetch->index, NoLock);
	table_close(fetch->table, NoLock);
	if (fetch->mode != READ_SNAPSHOT)
		PopActiveSnapshot();
}

static Datum
get_column(Fetch *fetch, int column)
{
	bool		isnull;
	Datum		value = slot_getattr(fetch->slot, column, &isnull);

	if (isnull)
		elog(ERROR, "unexpected null in column %d of dpmeta.%s", column,
			 RelationGetRelationName(fetch->table));
	return value;
}

static NullableDatum
get_nullable(Fetch *fetch, int column)
{
	NullableDatum value;

	value.value = slot_getattr(fetch->slot, column, &value.isnull);
	return value;
}

static TimestampTz
get_time(Fetch *fetch, int column)
{
	return time_or_none(get_nullable(fetch, column));
}

static DpVersion
get_version(Fetch *fetch, int column)
{
	return version_or_none(get_nullable(fetch, column));
}

static void
key_int8(ScanKey key, int column, int64 value)
{
	ScanKeyInit(key, column, BTEqualStrategyNumber, F_INT8EQ,
				Int64GetDatum(value));
}

static void
key_int4(ScanKey key, int column, int32 value)
{
	ScanKeyInit(key, column, BTEqualStrategyNumber, F_INT4EQ,
				Int32GetDatum(value));
}

/* ScanKeyInit() gives it the collation "C", which our names have. */
static void
key_text(ScanKey key, int column, StrategyNumber strategy, const char *value)
{
	ScanKeyInit(key, column, strategy,
				strategy == BTGreaterStrategyNumber ? F_TEXT_GT : F_TEXTEQ,
				CStringGetTextDatum(value));
}

/* A dpversion orders as the int8 that it is. */
static void
key_version(ScanKey key, int column, StrategyNumber strategy, DpVersion value)
{
	RegProcedure compare = strategy == BTEqualStrategyNumber ? F_INT8EQ :
		strategy == BTLessEqualStrategyNumber ? F_INT8LE : F_INT8GE;

	ScanKeyInit(key, column, strategy, compare, DpVersionGetDatum(value));
}

static void
fill_product(Fetch *fetch, const char *name, Product *product)
{
	NullableDatum sunset = get_nullable(fetch, PRODUCT_SUNSET);

	product->product_id = DatumGetInt64(get_column(fetch, PRODUCT_ID));
	strlcpy(product->name, name, sizeof(product->name));
	product->current = get_version(fetch, PRODUCT_CURRENT);
	product->trunk = get_version(fetch, PRODUCT_TRUNK);
	product->registered_at = get_time(fetch, PRODUCT_REGISTERED_AT);
	product->changed_at = get_time(fetch, PRODUCT_CHANGED_AT);
	product->deleted_at = get_time(fetch, PRODUCT_DELETED_AT);
	product->retired_at = get_time(fetch, PRODUCT_RETIRED_AT);
	product->has_sunset = !sunset.isnull;
	product->sunset = sunset.isnull ? 0 : DatumGetDateADT(sunset.value);
}

bool
fetch_product(const char *name, ReadMode mode, Product *product)
{
	Fetch		fetch;
	ScanKeyData key;
	bool		found;

	key_text(&key, BY_NAME_NAME, BTEqualStrategyNumber, name);
	fetch_begin(&fetch, "product", "product_name_key", 1, mode);
	fetch_seek(&fetch, &key);
	found = fetch_next(&fetch, ForwardScanDirection);
	if (found)
		fill_product(&fetch, name, product);
	fetch_end(&fetch);
	return found;
}

/* What says which version it is, and thereby which tables it has. */
static void
fill_numbers(Fetch *fetch, Version *version)
{
	version->version = get_version(fetch, VERSION_VERSION);
	version->trunk = get_version(fetch, VERSION_TRUNK);
}

static void
fill_version(Fetch *fetch, Version *version)
{
	fill_numbers(fetch, version);
	version->created_at = get_time(fetch, VERSION_CREATED_AT);
	version->deleted_at = get_time(fetch, VERSION_DELETED_AT);
	version->facts_revision =
		DatumGetInt32(get_column(fetch, VERSION_FACTS_REVISION));
	version->metadata = DatumGetJsonbPCopy(get_column(fetch, VERSION_METADATA));
	version->facts = DatumGetJsonbPCopy(get_column(fetch, VERSION_FACTS));
	version->document = DatumGetTextPCopy(get_column(fetch, VERSION_DOCUMENT));
}

/* Begins a scan at a version's row; false when there is none. */
static bool
seek_version(Fetch *fetch, int64 product_id, DpVersion number, ReadMode mode)
{
	ScanKeyData keys[2];

	key_int8(&keys[0], VERSION_PRODUCT_ID, product_id);
	key_version(&keys[1], VERSION_VERSION, BTEqualStrategyNumber, number);
	fetch_begin(fetch, "product_version", "product_version_pkey", 2, mode);
	fetch_seek(fetch, keys);
	return fetch_next(fetch, ForwardScanDirection);
}

bool
fetch_version(int64 product_id, DpVersion number, ReadMode mode,
			  Version *version)
{
	Fetch		fetch;
	bool		found = seek_version(&fetch, product_id, number, mode);

	if (found)
		fill_version(&fetch, version);
	fetch_end(&fetch);
	return found;
}

static bool
is_live(Fetch *fetch)
{
	return get_time(fetch, VERSION_DELETED_AT) == NO_TIME;
}

bool
fetch_newest_version(int64 product_id, DpVersion from, DpVersion to, bool live,
					 ReadMode mode, Version *version)
{
	Fetch		fetch;
	ScanKeyData keys[3];
	bool		found;

	key_int8(&keys[0], VERSION_PRODUCT_ID, product_id);
	key_version(&keys[1], VERSION_VERSION, BTGreaterEqualStrategyNumber, from);
	key_version(&keys[2], VERSION_VERSION, BTLessEqualStrategyNumber, to);
	fetch_begin(&fetch, "product_version", "product_version_pkey", 3, mode);
	fetch_seek(&fetch, keys);
	do
		found = fetch_next(&fetch, BackwardScanDirection);
	while (found && live && !is_live(&fetch));
	if (found)
		fill_version(&fetch, version);
	fetch_end(&fetch);
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
find_range(Fetch *fetch, int64 product_id, const char *table, int32 branch,
		   DpVersion version, Holder *holder)
{
	ScanKeyData keys[4];
	DpVersion	until;
	NullableDatum id;

	key_int8(&keys[0], RANGE_PRODUCT_ID, product_id);
	key_text(&keys[1], RANGE_TABLE_NAME, BTEqualStrategyNumber, table);
	key_int4(&keys[2], RANGE_BRANCH, branch);
	key_version(&keys[3], RANGE_SINCE, BTLessEqualStrategyNumber, version);
	fetch_seek(fetch, keys);
	if (!fetch_next(fetch, BackwardScanDirection))
		return false;
	until = get_version(fetch, RANGE_UNTIL);
	if (until != NO_VERSION && until <= version)
		return false;
	id = get_nullable(fetch, RANGE_SCHEMA_ID);
	holder->has_schema = !id.isnull;
	holder->table_schema_id = id.isnull ? 0 : DatumGetInt64(id.value);
	return true;
}

/* The same as dpmeta.table_at() in SQL; false when the table is not there. */
static bool
find_holder(Fetch *fetch, int64 product_id, const char *table,
			const Version *version, Holder *holder)
{
	if (version->trunk != version->version &&
		find_range(fetch, product_id, table,
				   dpversion_major(version->version), version->version, holder))
		return holder->has_schema;
	return find_range(fetch, product_id, table, 0, version->trunk, holder) &&
		holder->has_schema;
}

static void
ranges_begin(Fetch *fetch, ReadMode mode)
{
	fetch_begin(fetch, "table_range", "table_range_pkey", 4, mode);
}

static void
fetch_schema(int64 table_schema_id, ReadMode mode, TableSchema *schema)
{
	Fetch		fetch;
	ScanKeyData key;

	key_int8(&key, SCHEMA_ID, table_schema_id);
	fetch_begin(&fetch, "table_schema", "table_schema_pkey", 1, mode);
	fetch_seek(&fetch, &key);
	if (!fetch_next(&fetch, ForwardScanDirection))
		elog(ERROR, "table schema " INT64_FORMAT " is missing", table_schema_id);
	schema->table_schema_id = table_schema_id;
	schema->stored_definition =
		datumCopy(get_column(&fetch, SCHEMA_DEFINITION), false, -1);
	schema->document = DatumGetTextPCopy(get_column(&fetch, SCHEMA_DOCUMENT));
	fetch_end(&fetch);
}

static bool
fetch_holder(int64 product_id, const Version *version, const char *table,
			 ReadMode mode, Holder *holder)
{
	Fetch		fetch;
	bool		found;

	ranges_begin(&fetch, mode);
	found = find_holder(&fetch, product_id, table, version, holder);
	fetch_end(&fetch);
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
	Fetch		fetch;
	Version		version;
	Holder		holder;
	bool		found = seek_version(&fetch, product_id, number, mode);

	if (found)
		fill_numbers(&fetch, &version);
	fetch_end(&fetch);
	return found && fetch_holder(product_id, &version, table, mode, &holder);
}

bool
fetch_table_ever(int64 product_id, DpVersion version, const char *table,
				 ReadMode mode)
{
	Fetch		fetch;
	ScanKeyData keys[3];
	bool		found;

	key_int8(&keys[0], RANGE_PRODUCT_ID, product_id);
	key_text(&keys[1], RANGE_TABLE_NAME, BTEqualStrategyNumber, table);
	key_version(&keys[2], RANGE_SINCE, BTLessEqualStrategyNumber, version);
	fetch_begin(&fetch, "table_range", "table_range_pkey", 3, mode);
	fetch_seek(&fetch, keys);
	found = fetch_next(&fetch, ForwardScanDirection);
	fetch_end(&fetch);
	return found;
}

/* At the head of the trunk these are the open ranges. */
static List *
names_at_head(int64 product_id, ReadMode mode)
{
	Fetch		fetch;
	ScanKeyData keys[2];
	List	   *names = NIL;
	Datum		name;

	key_int8(&keys[0], OPEN_PRODUCT_ID, product_id);
	key_int4(&keys[1], OPEN_BRANCH, 0);
	fetch_begin(&fetch, "table_range", "table_range_open_idx", 2, mode);
	fetch_want_entries(&fetch);
	fetch_seek(&fetch, keys);
	while (fetch_next_entry(&fetch, ForwardScanDirection, OPEN_TABLE_NAME,
							&name))
		names = lappend(names, TextDatumGetCString(name));
	fetch_end(&fetch);
	return names;
}

/* The first name after the one given that the product ever had, or NULL. */
static char *
next_name(Fetch *fetch, int64 product_id, const char *after)
{
	ScanKeyData keys[2];
	Datum		name;

	key_int8(&keys[0], RANGE_PRODUCT_ID, product_id);
	key_text(&keys[1], RANGE_TABLE_NAME, BTGreaterStrategyNumber, after);
	fetch_seek(fetch, keys);
	if (!fetch_next_entry(fetch, ForwardScanDirection, RANGE_TABLE_NAME, &name))
		return NULL;
	return TextDatumGetCString(name);
}

/* Elsewhere each name that the product ever had is looked up. */
static List *
names_at(int64 product_id, const Version *version, ReadMode mode)
{
	Fetch		names_fetch;
	Fetch		ranges;
	Holder		holder;
	List	   *names = NIL;
	char	   *name = "";

	fetch_begin(&names_fetch, "table_range", "table_range_pkey", 2, mode);
	fetch_want_entries(&names_fetch);
	ranges_begin(&ranges, READ_SNAPSHOT);
	while ((name = next_name(&names_fetch, product_id, name)) != NULL)
		if (find_holder(&ranges, product_id, name, version, &holder))
			names = lappend(names, name);
	fetch_end(&ranges);
	fetch_end(&names_fetch);
	return names;
}

List *
fetch_table_names(const Product *product, const Version *version, ReadMode mode)
{
	if (version->version == product->trunk)
		return names_at_head(product->product_id, mode);
	return names_at(product->product_id, version, mode);
}
