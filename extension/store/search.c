/*
 * store/search.c
 *		The comparison of what q searches with what it is made of.
 */
#include "postgres.h"

#include "executor/spi.h"

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

void
search_compare(void)
{
	int			rc = SPI_execute(check_search, true, 0);

	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not check what is searched: %s",
			 SPI_result_code_string(rc));
}
