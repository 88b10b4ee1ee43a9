/*
 * api/read.c
 *		The functions that read one resource.
 *
 * All that a call reads it reads from the snapshot of its caller's query.
 */
#include "postgres.h"

#include "fmgr.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "rules/contract.h"
#include "rules/document.h"
#include "store/fetch.h"

/* The arguments; the first release had only the first. */
enum Argument
{
	ARG_ID,
	ARG_AS_OF
};

/* The version of a data product that is asked for. */
static void
find_version(FunctionCallInfo fcinfo, DpIdParts *id, Product *product,
			 Version *version)
{
	dpid_parts(PG_GETARG_DPID_P(ARG_ID), id);
	id_require_product(id);
	resolve_product_as_of(id, argument_as_of(fcinfo, ARG_AS_OF), READ_SNAPSHOT,
						  product);
	resolve_version(product, id, READ_SNAPSHOT, version);
}

/* get_data_product(id, as_of) */
PG_FUNCTION_INFO_V1(dpmeta_get_data_product);
Datum
dpmeta_get_data_product(PG_FUNCTION_ARGS)
{
	DpIdParts	id;
	Product		product;
	Version		version;
	List	   *tables;
	Answer		answer = {0};

	if (PG_ARGISNULL(ARG_ID))
		PG_RETURN_NULL();
	find_version(fcinfo, &id, &product, &version);
	tables = fetch_table_names(&product, &version, READ_SNAPSHOT);
	answer_of_version(&answer, &product, &version, "",
					  document_of_data_product(&product, &version, tables),
					  READ_SNAPSHOT);
	return answer_datum(fcinfo, &answer, CurrentMemoryContext);
}

/* get_contract(id, as_of) */
PG_FUNCTION_INFO_V1(dpmeta_get_contract);
Datum
dpmeta_get_contract(PG_FUNCTION_ARGS)
{
	DpIdParts	id;
	Product		product;
	Version		version;
	Answer		answer = {0};

	if (PG_ARGISNULL(ARG_ID))
		PG_RETURN_NULL();
	find_version(fcinfo, &id, &product, &version);
	answer_of_version(&answer, &product, &version, "",
					  contract_render(&product, &version, NIL, READ_SNAPSHOT),
					  READ_SNAPSHOT);
	return answer_datum(fcinfo, &answer, CurrentMemoryContext);
}

/* get_schema(id, as_of) */
PG_FUNCTION_INFO_V1(dpmeta_get_schema);
Datum
dpmeta_get_schema(PG_FUNCTION_ARGS)
{
	DpIdParts	id;
	Product		product;
	Version		version;
	TableSchema schema;
	Answer		answer = {0};

	if (PG_ARGISNULL(ARG_ID))
		PG_RETURN_NULL();
	dpid_parts(PG_GETARG_DPID_P(ARG_ID), &id);
	id_require_table(&id);
	resolve_product_as_of(&id, argument_as_of(fcinfo, ARG_AS_OF), READ_SNAPSHOT,
						  &product);
	resolve_version(&product, &id, READ_SNAPSHOT, &version);
	resolve_table(&product, &version, &id, READ_SNAPSHOT, &schema);
	answer_of_version(&answer, &product, &version, id.table,
					  document_of_schema(&product, &version, id.table,
										 schema.document),
					  READ_SNAPSHOT);
	return answer_datum(fcinfo, &answer, CurrentMemoryContext);
}
