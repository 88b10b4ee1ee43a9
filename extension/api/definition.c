/*
 * api/definition.c
 *		What indexes have of a table's definition: the names of its columns, and
 *		how many there are.
 *
 * These are called for each row of a table that may have been changed by hand, so
 * what is no definition has nothing.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "json/columns.h"

/* column_names(definition): text[] */
PG_FUNCTION_INFO_V1(dpmeta_column_names);
Datum
dpmeta_column_names(PG_FUNCTION_ARGS)
{
	JsonbContainer *columns = columns_of(PG_GETARG_JSONB_P(0));
	uint32		count = count_of(columns);
	Datum	   *names = palloc(Max(count, 1) * sizeof(Datum));
	int			found = 0;

	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *name = column_text(columns, i, "name");

		if (name != NULL)
			names[found++] = PointerGetDatum(cstring_to_text_with_len(name->val.string.val,
																	  name->val.string.len));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(names, found, TEXTOID, -1, false,
										  TYPALIGN_INT));
}

/* count_columns(definition) */
PG_FUNCTION_INFO_V1(dpmeta_count_columns);
Datum
dpmeta_count_columns(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(count_of(columns_of(PG_GETARG_JSONB_P(0))));
}

/* count_described(definition): of these, those with a description */
PG_FUNCTION_INFO_V1(dpmeta_count_described);
Datum
dpmeta_count_described(PG_FUNCTION_ARGS)
{
	JsonbContainer *columns = columns_of(PG_GETARG_JSONB_P(0));
	uint32		count = count_of(columns);
	int			described = 0;

	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *description = column_text(columns, i, "description");

		if (description != NULL && description->val.string.len > 0)
			described++;
	}
	PG_RETURN_INT32(described);
}
