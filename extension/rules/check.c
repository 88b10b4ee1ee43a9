/*
 * rules/check.c
 *		The one invariant of check() whose expression is in C.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"

#include "store/search.h"

/* The words of a later server's dictionary may be others. */
static const char check_search[] =
"SELECT 'search'::text,"
" 'What q searches of a data product is made of its name and of the version that its row copies.'::text,"
" count(*), min(s.name COLLATE \"C\")"
" FROM dpmeta.product_source s"
" JOIN dpmeta.product p ON p.product_id = s.product_id"
" JOIN dpmeta.product_version v"
" ON v.product_id = s.product_id AND v.version = s.version"
" WHERE CASE WHEN jsonb_typeof(v.metadata->'tags') = 'object'"
" THEN p.search IS DISTINCT FROM " SEARCH_VECTOR("p.name", "v.metadata")
" END";

/* check_search() */
PG_FUNCTION_INFO_V1(dpmeta_check_search);
Datum
dpmeta_check_search(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row;
	int			rc;

	SPI_connect();
	rc = SPI_execute(check_search, true, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not check what is searched: %s",
			 SPI_result_code_string(rc));
	row = SPI_returntuple(SPI_tuptable->vals[0], SPI_tuptable->tupdesc);
	SPI_finish();
	PG_RETURN_HEAPTUPLEHEADER(row);
}
