/*
 * api/past.c
 *		What the SQL functions about times past need of C.
 */
#include "postgres.h"

#include <limits.h>

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "api/arguments.h"
#include "rules/compare.h"
#include "rules/resolve.h"

/* as_of(time): the time, if it is one as of which the store can be read */
PG_FUNCTION_INFO_V1(dpmeta_as_of);
Datum
dpmeta_as_of(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(argument_as_of(fcinfo, 0));
}

/* A list of changes keeps nothing of what is compared, if it is a page. */
static Datum
compare_all(const Product *product, const Version *old, const Version *new)
{
	ChangeList	list;
	StringInfoData page;

	initStringInfo(&page);
	appendStringInfoChar(&page, '[');
	changes_begin_page(&list, &page, 0, INT_MAX);
	compare_versions(&list, product, old, new);
	appendStringInfoChar(&page, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(page.data));
}

/* version_changes(name, from_version, to_version) */
PG_FUNCTION_INFO_V1(dpmeta_version_changes);
Datum
dpmeta_version_changes(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *name = argument_name(fcinfo, 0, "name");
	DpIdParts	ids[2];
	Version		versions[2];
	Product		product;
	Datum		changes;

	SPI_connect();
	for (int i = 0; i < 2; i++)
		id_of_version(name, PG_GETARG_DPVERSION(i + 1), "", &ids[i]);
	resolve_product(&ids[0], READ_SNAPSHOT, &product);
	for (int i = 0; i < 2; i++)
		if (!resolve_number(&product, ids[i].version, READ_SNAPSHOT, &versions[i]))
			resolve_report_absent(&product, &ids[i], READ_SNAPSHOT);
	changes = compare_all(&product, &versions[0], &versions[1]);
	MemoryContextSwitchTo(caller);
	changes = JsonbPGetDatum(DatumGetJsonbPCopy(changes));
	SPI_finish();
	PG_RETURN_DATUM(changes);
}
