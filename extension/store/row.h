/*
 * store/row.h
 *		A row of a statement's result, read by the names of its columns.
 */
#ifndef DPMETA_ROW_H
#define DPMETA_ROW_H

#include "postgres.h"
#include "executor/spi.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "types/version.h"

typedef struct Row
{
	HeapTuple	tuple;
	TupleDesc	desc;
	int			last;			/* index of the column that was read last */
} Row;

/* A row, from 0, of the statement that was run last. */
extern void row_open(Row *row, uint64 number);

/*
 * Each raises an internal error when the column is NULL or is not there.  What
 * they return may point into the row, which lives until SPI_finish().
 */
extern bool row_bool(Row *row, const char *column);
extern int32 row_int4(Row *row, const char *column);
extern int64 row_int8(Row *row, const char *column);
extern char *row_string(Row *row, const char *column);
extern text *row_text(Row *row, const char *column);
extern bytea *row_bytes(Row *row, const char *column);
extern Jsonb *row_json(Row *row, const char *column);
extern TimestampTz row_time(Row *row, const char *column);
extern DpVersion row_version(Row *row, const char *column);

/* The same for a column that may be NULL: gives NULL, NO_TIME, NO_VERSION. */
extern Jsonb *row_json_or_none(Row *row, const char *column);
extern TimestampTz row_time_or_none(Row *row, const char *column);
extern DpVersion row_version_or_none(Row *row, const char *column);

/* The same for a date: false when there is none, which then reads 0. */
extern bool row_date(Row *row, const char *column, DateADT *date);

#endif							/* DPMETA_ROW_H */
