/*
 * store/lookup.c
 *		Rows of one index, in its order.
 *
 * Finding the few rows that an ID means is what every call does, and by SQL
 * the executor's start and end cost several times as much as the finding.
 * So it is done as the server does it for its own catalogs.  Privileges are
 * not looked at here: EXECUTE on the calling function is what a caller needs.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/tuptable.h"
#include "storage/predicate.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "store/installed.h"
#include "store/lookup.h"

static Relation
open_index_named(const char *name, Oid namespace)
{
	Oid			oid = get_relname_relid(name, namespace);

	if (!OidIsValid(oid))
		elog(ERROR, "index dpmeta.%s is missing", name);
	return index_open(oid, AccessShareLock);
}

void
lookup_begin(Lookup *lookup, const char *table, const char *index, int nkeys,
			 ReadMode mode)
{
	Oid			namespace = get_namespace_oid("dpmeta", false);

	installed_check();
	lookup->mode = mode;
	lookup->table = table_open(get_relname_relid(table, namespace),
							   AccessShareLock);

	/*
	 * The table may be written anew while its lock is waited for, and then a
	 * snapshot from before would not see its rows.
	 */
	if (mode != READ_SNAPSHOT)
	{
		if (mode != READ_NOW)
			CommandCounterIncrement();
		PushActiveSnapshot(mode == READ_NOW ? GetLatestSnapshot() :
						   GetTransactionSnapshot());
	}
	lookup->index = open_index_named(index, namespace);
	lookup->slot = table_slot_create(lookup->table, NULL);
	lookup->scan = index_beginscan(lookup->table, lookup->index,
								   GetActiveSnapshot(), nkeys, 0);
	lookup->map = InvalidBuffer;
}

void
lookup_seek(Lookup *lookup, ScanKey keys)
{
	index_rescan(lookup->scan, keys, lookup->scan->numberOfKeys, NULL, 0);
}

bool
lookup_next(Lookup *lookup, ScanDirection direction)
{
	return index_getnext_slot(lookup->scan, direction, lookup->slot);
}

void
lookup_want_entries(Lookup *lookup)
{
	lookup->scan->xs_want_itup = true;
}

bool
lookup_next_entry(Lookup *lookup, ScanDirection direction, int column,
				  Datum *value)
{
	IndexScanDesc scan = lookup->scan;
	bool		isnull;
	ItemPointer tid;

	Assert(scan->xs_want_itup);
	while ((tid = index_getnext_tid(scan, direction)) != NULL)
	{
		if (VM_ALL_VISIBLE(lookup->table, ItemPointerGetBlockNumber(tid),
						   &lookup->map))
			PredicateLockPage(lookup->table, ItemPointerGetBlockNumber(tid),
							  scan->xs_snapshot);
		else if (!index_fetch_heap(scan, lookup->slot))
			continue;
		*value = index_getattr(scan->xs_itup, column, scan->xs_itupdesc,
							   &isnull);
		return true;
	}
	return false;
}

void
lookup_end(Lookup *lookup)
{
	if (BufferIsValid(lookup->map))
		ReleaseBuffer(lookup->map);
	index_endscan(lookup->scan);
	ExecDropSingleTupleTableSlot(lookup->slot);
	index_close(lookup->index, NoLock);
	table_close(lookup->table, NoLock);
	if (lookup->mode != READ_SNAPSHOT)
		PopActiveSnapshot();
}

Datum
lookup_column(Lookup *lookup, int column)
{
	bool		isnull;
	Datum		value = slot_getattr(lookup->slot, column, &isnull);

	if (isnull)
		elog(ERROR, "unexpected null in column %d of dpmeta.%s", column,
			 RelationGetRelationName(lookup->table));
	return value;
}

NullableDatum
lookup_nullable(Lookup *lookup, int column)
{
	NullableDatum value;

	value.value = slot_getattr(lookup->slot, column, &value.isnull);
	return value;
}

TimestampTz
lookup_time(Lookup *lookup, int column)
{
	return time_or_none(lookup_nullable(lookup, column));
}

DpVersion
lookup_version(Lookup *lookup, int column)
{
	return version_or_none(lookup_nullable(lookup, column));
}

void
lookup_key_int8(ScanKey key, int column, int64 value)
{
	ScanKeyInit(key, column, BTEqualStrategyNumber, F_INT8EQ,
				Int64GetDatum(value));
}

void
lookup_key_int4(ScanKey key, int column, int32 value)
{
	ScanKeyInit(key, column, BTEqualStrategyNumber, F_INT4EQ,
				Int32GetDatum(value));
}

/* ScanKeyInit() gives it the collation "C", which our names have. */
void
lookup_key_text(ScanKey key, int column, StrategyNumber strategy, const char *value)
{
	ScanKeyInit(key, column, strategy,
				strategy == BTGreaterStrategyNumber ? F_TEXT_GT : F_TEXTEQ,
				CStringGetTextDatum(value));
}

void
lookup_key_time(ScanKey key, int column, StrategyNumber strategy,
				TimestampTz value)
{
	ScanKeyInit(key, column, strategy,
				strategy == BTGreaterStrategyNumber ? F_TIMESTAMPTZ_GT :
				F_TIMESTAMPTZ_LE,
				TimestampTzGetDatum(value));
}

/* A dpversion orders as the int8 that it is. */
void
lookup_key_version(ScanKey key, int column, StrategyNumber strategy, DpVersion value)
{
	RegProcedure compare = strategy == BTEqualStrategyNumber ? F_INT8EQ :
		strategy == BTLessEqualStrategyNumber ? F_INT8LE : F_INT8GE;

	ScanKeyInit(key, column, strategy, compare, DpVersionGetDatum(value));
}
