/*
 * store/lookup.h
 *		Rows of one index, in its order.
 */
#ifndef DPMETA_LOOKUP_H
#define DPMETA_LOOKUP_H

#include "postgres.h"
#include "access/genam.h"
#include "access/sdir.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "executor/tuptable.h"
#include "storage/bufmgr.h"
#include "utils/relcache.h"
#include "utils/timestamp.h"

#include "store/bind.h"

/*
 * What a read sees: what the caller's query sees, or all that is committed by
 * now.
 * READ_NOW is what is committed by now even where a transaction keeps its snapshot;
 * it is for looking again, and not for parallel workers.
 */
typedef enum ReadMode
{
	READ_SNAPSHOT,
	READ_LATEST,
	READ_NOW
} ReadMode;

/* A scan of one index. */
typedef struct Lookup
{
	ReadMode	mode;
	Relation	table;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	Buffer		map;			/* pinned page of the visibility map, if any */
} Lookup;

/* The table and the index are in schema dpmeta. */
extern void lookup_begin(Lookup *lookup, const char *table, const char *index,
						 int nkeys, ReadMode mode);
extern void lookup_seek(Lookup *lookup, ScanKey keys);
extern bool lookup_next(Lookup *lookup, ScanDirection direction);
extern void lookup_end(Lookup *lookup);

/* Call it before the first lookup_seek() if you will use lookup_next_entry(). */
extern void lookup_want_entries(Lookup *lookup);

/*
 * Like lookup_next(), for a caller that needs only a column of the index.  It
 * looks at the row only if its page may have rows that are not visible to all.
 * The value is valid until the next call.
 */
extern bool lookup_next_entry(Lookup *lookup, ScanDirection direction,
							  int column, Datum *value);

/* Columns of the row that was found.  The first raises if it is null. */
extern Datum lookup_column(Lookup *lookup, int column);
extern NullableDatum lookup_nullable(Lookup *lookup, int column);
extern TimestampTz lookup_time(Lookup *lookup, int column);
extern DpVersion lookup_version(Lookup *lookup, int column);

/* Conditions on columns of the index; without a strategy, that they are equal. */
extern void lookup_key_int8(ScanKey key, int column, int64 value);
extern void lookup_key_int4(ScanKey key, int column, int32 value);
extern void lookup_key_text(ScanKey key, int column, StrategyNumber strategy,
							const char *value);
extern void lookup_key_time(ScanKey key, int column, StrategyNumber strategy,
							TimestampTz value);
extern void lookup_key_version(ScanKey key, int column,
							   StrategyNumber strategy, DpVersion value);

#endif							/* DPMETA_LOOKUP_H */
