/*
 * api/check.c
 *		The one invariant of check() whose expression is in C.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"

#include "store/search.h"

/* check_search() */
PG_FUNCTION_INFO_V1(dpmeta_check_search);
Datum
dpmeta_check_search(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row;

	SPI_connect();
	search_compare();
	row = SPI_returntuple(SPI_tuptable->vals[0], SPI_tuptable->tupdesc);
	SPI_finish();
	PG_RETURN_HEAPTUPLEHEADER(row);
}
