/*
 * json_schema/sql.c
 *		The validator's SQL functions.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "errors.h"
#include "json_schema/cache.h"
#include "json_schema/check.h"
#include "json_schema/compile/compile.h"
#include "json_schema/output.h"
#include "json_schema/registry.h"
#include "json_schema/run/run.h"
#include "json_schema/uri.h"

PG_FUNCTION_INFO_V1(json_schema_is_valid);
PG_FUNCTION_INFO_V1(json_schema_validate);
PG_FUNCTION_INFO_V1(json_schema_is_valid_ref);
PG_FUNCTION_INFO_V1(json_schema_validate_ref);
PG_FUNCTION_INFO_V1(json_schema_output);
PG_FUNCTION_INFO_V1(json_schema_output_ref);
PG_FUNCTION_INFO_V1(json_schema_check);
PG_FUNCTION_INFO_V1(json_schema_registered_uri);
PG_FUNCTION_INFO_V1(json_schema_checked_uri);
PG_FUNCTION_INFO_V1(json_schema_cache_stats);

/* The draft that an argument names; without the argument, the default. */
static SchemaDraft
draft_argument(FunctionCallInfo fcinfo, int number)
{
	const SchemaDraftFacts *draft;
	char	   *name;

	if (PG_NARGS() <= number)
		return DRAFT_DEFAULT;
	name = text_to_cstring(PG_GETARG_TEXT_PP(number));
	draft = schema_draft_find(name);
	if (draft == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("unknown dialect of JSON Schema: \"%s\"", name),
				 errhint("Name one of %s.", schema_draft_names())));
	return draft->number;
}

/*
 * Does the call site give one and the same argument for as long as it lives?
 * Not so a parameter: a variable of PL/pgSQL is one, and may be assigned to
 * between two calls.
 */
static bool
argument_is_constant(const FmgrInfo *flinfo, int n)
{
	const FuncExpr *call = (const FuncExpr *) flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		n < list_length(call->args) && IsA(list_nth(call->args, n), Const);
}

/*
 * The program of a schema argument; the number is that of the argument that
 * names its dialect.  In a CHECK constraint the schema is a constant, and then
 * not even its hash is taken for a second row.
 */
static const SchemaProgram *
schema_argument(FunctionCallInfo fcinfo, int draft)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;

	if (flinfo->fn_extra != NULL)
		return flinfo->fn_extra;
	if (!argument_is_constant(flinfo, 0) ||
		(PG_NARGS() > draft && !argument_is_constant(flinfo, draft)))
		return schema_cache_get(PG_GETARG_JSONB_P(0),
								draft_argument(fcinfo, draft),
								CurrentMemoryContext);
	flinfo->fn_extra = unconstify(SchemaProgram *,
								  schema_cache_get(PG_GETARG_JSONB_P(0),
												   draft_argument(fcinfo, draft),
												   flinfo->fn_mcxt));
	return flinfo->fn_extra;
}

/* A URI argument, as the registry has it. */
static char *
read_uri(FunctionCallInfo fcinfo)
{
	return uri_drop_empty_fragment(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

/*
 * The URI that a call site asked for last, and by which snapshot.  The
 * subtransaction belongs to that: when it is rolled back, the snapshot's
 * numbers stay as they are.
 */
typedef struct RefState
{
	char	   *uri;
	SchemaDraft draft;
	const SchemaProgram *program;
	MemoryContext context;
	TransactionId xmin;
	TransactionId xmax;
	CommandId	curcid;
	SubTransactionId subtransaction;
	uint64		completed;
} RefState;

/* Does the call see the registry as the one before it did? */
static bool
same_view(const RefState *state, const char *uri, SchemaDraft draft,
		  Snapshot snapshot)
{
	return state->uri != NULL && strcmp(state->uri, uri) == 0 &&
		state->draft == draft &&
		state->xmin == snapshot->xmin && state->xmax == snapshot->xmax &&
		state->curcid == snapshot->curcid &&
		state->subtransaction == GetCurrentSubTransactionId() &&
		state->completed == snapshot->snapXactCompletionCount;
}

static RefState *
get_ref_state(FmgrInfo *flinfo)
{
	RefState   *state = flinfo->fn_extra;

	if (state == NULL)
	{
		state = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(RefState));
		state->context = AllocSetContextCreate(flinfo->fn_mcxt,
											   "dpmeta registered schema",
											   ALLOCSET_SMALL_SIZES);
		flinfo->fn_extra = state;
	}
	return state;
}

/*
 * The program of a URI argument; the number is that of the argument that names
 * its dialect.  The registry is looked at again when the snapshot is another,
 * so that a long statement pays for it once.
 */
static const SchemaProgram *
uri_argument(FunctionCallInfo fcinfo, int number)
{
	RefState   *state = get_ref_state(fcinfo->flinfo);
	char	   *uri = read_uri(fcinfo);
	SchemaDraft draft = draft_argument(fcinfo, number);
	Snapshot	snapshot = GetActiveSnapshot();

	if (same_view(state, uri, draft, snapshot))
		return state->program;
	state->uri = NULL;
	MemoryContextReset(state->context);
	state->program = schema_cache_get_ref(uri, draft, state->context);
	state->draft = draft;
	state->xmin = snapshot->xmin;
	state->xmax = snapshot->xmax;
	state->curcid = snapshot->curcid;
	state->subtransaction = GetCurrentSubTransactionId();
	state->completed = snapshot->snapXactCompletionCount;
	state->uri = MemoryContextStrdup(state->context, uri);
	return state->program;
}

static Datum
run_is_valid(FunctionCallInfo fcinfo, const SchemaProgram *program)
{
	Jsonb	   *document = PG_GETARG_JSONB_P(1);
	JsonItem	root;
	bool		valid;

	json_item_root(document, &root);
	valid = schema_program_run(program, &root, PG_GETARG_BOOL(2), NIL, NULL);
	PG_FREE_IF_COPY(document, 1);
	PG_RETURN_BOOL(valid);
}

/* is_valid(schema, document, assert_format): stops at the first fault */
Datum
json_schema_is_valid(PG_FUNCTION_ARGS)
{
	return run_is_valid(fcinfo, schema_argument(fcinfo, 3));
}

/* is_valid_ref(uri, document, assert_format) */
Datum
json_schema_is_valid_ref(PG_FUNCTION_ARGS)
{
	return run_is_valid(fcinfo, uri_argument(fcinfo, 3));
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
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = CStringGetTextDatum(fault->pointer);
		values[1] = CStringGetTextDatum(fault->schema_pointer);
		values[2] = CStringGetTextDatum(fault->keyword);
		values[3] = CStringGetTextDatum(fault->message);
		nulls[4] = fault->branch == NULL;
		values[4] = nulls[4] ? (Datum) 0 : CStringGetTextDatum(fault->branch);
		tuplestore_putvalues(result->setResult, result->setDesc, values,
							 nulls);
	}
}

static Datum
run_validate(FunctionCallInfo fcinfo, const SchemaProgram *program)
{
	JsonItem	root;
	SchemaReport report;

	json_item_root(PG_GETARG_JSONB_P(1), &root);
	schema_report_init(&report);
	report.all_branches = true;
	schema_program_run(program, &root, PG_GETARG_BOOL(2), NIL, &report);
	return_faults(fcinfo, &report);
	return (Datum) 0;
}

/* validate(schema, document, assert_format): a row for each fault */
Datum
json_schema_validate(PG_FUNCTION_ARGS)
{
	return run_validate(fcinfo, schema_argument(fcinfo, 3));
}

/* validate_ref(uri, document, assert_format) */
Datum
json_schema_validate_ref(PG_FUNCTION_ARGS)
{
	return run_validate(fcinfo, uri_argument(fcinfo, 3));
}

static Datum
run_output(FunctionCallInfo fcinfo, const SchemaProgram *program)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	SchemaOutput format;
	JsonItem	root;

	if (!schema_output_find(name, &format))
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("unknown output format: \"%s\"", name),
				 errhint("Name one of flag, basic and detailed.")));
	json_item_root(PG_GETARG_JSONB_P(1), &root);
	PG_RETURN_JSONB_P(schema_output(program, &root, PG_GETARG_BOOL(3),
									format));
}

/* validate_output(schema, document, format, assert_format, dialect) */
Datum
json_schema_output(PG_FUNCTION_ARGS)
{
	return run_output(fcinfo, schema_argument(fcinfo, 4));
}

/* validate_output_ref(uri, document, format, assert_format, dialect) */
Datum
json_schema_output_ref(PG_FUNCTION_ARGS)
{
	return run_output(fcinfo, uri_argument(fcinfo, 4));
}

/*
 * check_schema(schema): by the meta-schema, and then what compiling minds
 * beside: references, anchors, patterns, loops.
 */
Datum
json_schema_check(PG_FUNCTION_ARGS)
{
	Jsonb	   *schema = PG_GETARG_JSONB_P(0);
	SchemaDraft draft = draft_argument(fcinfo, 1);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "dpmeta schema check",
												  ALLOCSET_SMALL_SIZES);
	SchemaReport report;
	SchemaReport compiled;

	schema_report_init(&report);
	schema_report_init(&compiled);
	schema_check(schema, draft, NULL, false, &report);
	schema_compile(schema, NULL, draft, NULL, context, &compiled);
	MemoryContextDelete(context);
	schema_report_merge(&report, &compiled);
	schema_report_condense(&report);
	return_faults(fcinfo, &report);
	return (Datum) 0;
}

/* json_schema_uri(uri): what the registry knows a schema by */
Datum
json_schema_registered_uri(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(read_uri(fcinfo)));
}

/* checked_json_schema_uri(uri, schema): the same, if it may be registered */
Datum
json_schema_checked_uri(PG_FUNCTION_ARGS)
{
	char	   *uri = read_uri(fcinfo);

	schema_registry_check(uri, PG_GETARG_JSONB_P(1));
	PG_RETURN_TEXT_P(cstring_to_text(uri));
}

/* schema_cache(): what this session's cache holds and did */
Datum
json_schema_cache_stats(PG_FUNCTION_ARGS)
{
	SchemaCacheStats stats;
	TupleDesc	desc;
	Datum		values[7];
	bool		nulls[7] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	schema_cache_stats(&stats);
	values[0] = Int64GetDatum(stats.entries);
	values[1] = Int64GetDatum(stats.bytes);
	values[2] = Int64GetDatum(stats.hits);
	values[3] = Int64GetDatum(stats.misses);
	values[4] = Int64GetDatum(stats.evictions);
	values[5] = Int64GetDatum(stats.too_large);
	values[6] = Int64GetDatum(stats.too_large_bytes);
	desc = BlessTupleDesc(desc);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
