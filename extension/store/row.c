/*
 * store/row.c
 *		A row of a statement's result, read by the names of its columns.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "store/bind.h"
#include "store/row.h"

void
row_open(Row *row, uint64 number)
{
	row->tuple = SPI_tuptable->vals[number];
	row->desc = SPI_tuptable->tupdesc;
	row->last = -1;
}

/* Looks behind the last one first, for rows are mostly read in order. */
static int
find_column(Row *row, const char *column)
{
	int			count = row->desc->natts;

	for (int i = 1; i <= count; i++)
	{
		int			place = (row->last + i) % count;

		if (strcmp(NameStr(TupleDescAttr(row->desc, place)->attname), column) == 0)
		{
			row->last = place;
			return place + 1;
		}
	}
	elog(ERROR, "a result has no column \"%s\"", column);
}

static NullableDatum
get_nullable(Row *row, const char *column)
{
	NullableDatum value;

	value.value = SPI_getbinval(row->tuple, row->desc, find_column(row, column),
								&value.isnull);
	return value;
}

static Datum
get_value(Row *row, const char *column)
{
	NullableDatum value = get_nullable(row, column);

	if (value.isnull)
		elog(ERROR, "unexpected null in column \"%s\" of a result", column);
	return value.value;
}

bool
row_bool(Row *row, const char *column)
{
	return DatumGetBool(get_value(row, column));
}

int32
row_int4(Row *row, const char *column)
{
	return DatumGetInt32(get_value(row, column));
}

int64
row_int8(Row *row, const char *column)
{
	return DatumGetInt64(get_value(row, column));
}

char *
row_string(Row *row, const char *column)
{
	return TextDatumGetCString(get_value(row, column));
}

text *
row_text(Row *row, const char *column)
{
	return DatumGetTextPP(get_value(row, column));
}

bytea *
row_bytes(Row *row, const char *column)
{
	return DatumGetByteaPP(get_value(row, column));
}

Jsonb *
row_json(Row *row, const char *column)
{
	return DatumGetJsonbP(get_value(row, column));
}

Jsonb *
row_json_or_none(Row *row, const char *column)
{
	NullableDatum value = get_nullable(row, column);

	return value.isnull ? NULL : DatumGetJsonbP(value.value);
}

TimestampTz
row_time(Row *row, const char *column)
{
	return DatumGetTimestampTz(get_value(row, column));
}

TimestampTz
row_time_or_none(Row *row, const char *column)
{
	return time_or_none(get_nullable(row, column));
}

DpVersion
row_version(Row *row, const char *column)
{
	return DatumGetDpVersion(get_value(row, column));
}

DpVersion
row_version_or_none(Row *row, const char *column)
{
	return version_or_none(get_nullable(row, column));
}

bool
row_date(Row *row, const char *column, DateADT *date)
{
	NullableDatum value = get_nullable(row, column);

	*date = value.isnull ? 0 : DatumGetDateADT(value.value);
	return !value.isnull;
}
