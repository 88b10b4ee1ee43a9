/*
 * json_schema_sql.c
 *		The validator's SQL functions.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "json_schema.h"
#include "json_schema_cache.h"

PG_FUNCTION_INFO_V1(json_schema_is_valid);
PG_FUNCTION_INFO_V1(json_schema_validate);
PG_FUNCTION_INFO_V1(json_schema_cache_stats);

/* What a call site remembers: a schema that stays the same is looked up once. */
typedef struct CallState
{
	const SchemaProgram *program;
} CallState;

/*
 * The program of the first argument.  In a CHECK constraint the schema is a
 * constant, and then not even its hash is taken for a second row.
 */
static const SchemaProgram *
argument_program(FunctionCallInfo fcinfo)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	const SchemaProgram *program;

	if (flinfo->fn_extra != NULL)
		return ((CallState *) flinfo->fn_extra)->program;
	if (get_fn_expr_arg_stable(flinfo, 0))
	{
		CallState  *state = MemoryContextAlloc(flinfo->fn_mcxt,
											   sizeof(CallState));

		program = schema_cache_get(PG_GETARG_JSONB_P(0), flinfo->fn_mcxt);
		state->program = program;
		flinfo->fn_extra = state;
		return program;
	}
	return schema_cache_get(PG_GETARG_JSONB_P(0), CurrentMemoryContext);
}

/* is_valid(schema, document, assert_format): stops at the first fault */
Datum
json_schema_is_valid(PG_FUNCTION_ARGS)
{
	const SchemaProgram *program = argument_program(fcinfo);
	Jsonb	   *document = PG_GETARG_JSONB_P(1);
	JsonItem	root;
	bool		valid;

	json_item_root(document, &root);
	valid = schema_program_run(program, &root, PG_GETARG_BOOL(2), NULL);
	PG_FREE_IF_COPY(document, 1);
	PG_RETURN_BOOL(valid);
}

/* Puts the faults out as the rows of a set-returning function. */
static void
return_faults(FunctionCallInfo fcinfo, const SchemaReport *report)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < report->count; i++)
	{
		const SchemaFault *fault = &report->faults[i];
		Datum		values[4];
		bool		nulls[4] = {false};

		values[0] = CStringGetTextDatum(fault->pointer);
		values[1] = CStringGetTextDatum(fault->schema_pointer);
		values[2] = CStringGetTextDatum(fault->keyword);
		values[3] = CStringGetTextDatum(fault->message);
		tuplestore_putvalues(result->setResult, result->setDesc, values,
							 nulls);
	}
}

/* validate(schema, document, assert_format): a row for each fault */
Datum
json_schema_validate(PG_FUNCTION_ARGS)
{
	const SchemaProgram *program =
		schema_cache_get(PG_GETARG_JSONB_P(0), CurrentMemoryContext);
	JsonItem	root;
	SchemaReport report;

	json_item_root(PG_GETARG_JSONB_P(1), &root);
	schema_report_init(&report);
	schema_program_run(program, &root, PG_GETARG_BOOL(2), &report);
	return_faults(fcinfo, &report);
	return (Datum) 0;
}

/* schema_cache(): what this session's cache holds and did */
Datum
json_schema_cache_stats(PG_FUNCTION_ARGS)
{
	SchemaCacheStats stats;
	TupleDesc	desc;
	Datum		values[5];
	bool		nulls[5] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	schema_cache_stats(&stats);
	values[0] = Int64GetDatum(stats.entries);
	values[1] = Int64GetDatum(stats.bytes);
	values[2] = Int64GetDatum(stats.hits);
	values[3] = Int64GetDatum(stats.misses);
	values[4] = Int64GetDatum(stats.evictions);
	desc = BlessTupleDesc(desc);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

Jsonb *
json_schema_faults(Jsonb *schema, Jsonb *document, bool assert_format)
{
	const SchemaProgram *program =
		schema_cache_get(schema, CurrentMemoryContext);
	JsonItem	root;
	SchemaReport report;

	json_item_root(document, &root);
	if (schema_program_run(program, &root, assert_format, NULL))
		return NULL;
	schema_report_init(&report);
	schema_program_run(program, &root, assert_format, &report);
	return schema_report_jsonb(&report);
}

void
json_schema_init(void)
{
	schema_cache_init();
}
