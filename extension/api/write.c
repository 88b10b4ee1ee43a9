/*
 * api/write.c
 *		The functions that register and update data products and the schemas
 *		of their tables: each makes a request of its arguments, has it carried
 *		out, and answers with the outcome.
 */
#include "postgres.h"

#include "fmgr.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "errors.h"
#include "json/render.h"
#include "rules/contract.h"
#include "rules/document.h"
#include "rules/odcs.h"
#include "rules/plan.h"
#include "rules/rights.h"
#include "rules/write.h"
#include "store/fetch.h"

static Jsonb *
read_json(FunctionCallInfo fcinfo, int arg, const char *name)
{
	return DatumGetJsonbP(argument_required(fcinfo, arg, name));
}

/* if_match, idempotent, idempotency_key, dry_run, actor, actor_roles */
static void
read_options(FunctionCallInfo fcinfo, int arg, WriteRequest *request)
{
	bool		idempotent = argument_flag(fcinfo, arg + 1);
	text	   *key = argument_text(fcinfo, arg + 2);

	request->if_match = argument_array(fcinfo, arg);
	request->dry_run = argument_flag(fcinfo, arg + 3);
	argument_actor(fcinfo, arg + 4, &request->actor);
	if ((idempotent || key != NULL) && !request->dry_run)
		idempotency_begin(&request->idempotency, request->actor.name,
						  request->operation->action, &request->id,
						  request->if_match, request->body, key);
}

/* The document of the version made, or of the table in it. */
static text *
render_made(const WriteRequest *request, const WriteOutcome *outcome)
{
	const Product *product = &outcome->product;
	const Version *version = &outcome->version;
	TableSchema schema;

	if (request->operation->of_contract)
		return contract_render(product, version, outcome->kept, READ_LATEST);
	if (request->id.table_len == 0)
		return document_of_data_product(product, version,
										fetch_table_names(product, version,
														  READ_LATEST));
	if (!fetch_table(product->product_id, version, request->id.table, READ_LATEST, &schema))
		return NULL;
	return document_of_schema(product, version, request->id.table, schema.document);
}

static void
answer_made(const WriteRequest *request, const WriteOutcome *outcome,
			Answer *answer)
{
	answer_of_version(answer, &outcome->product, &outcome->version,
					  request->id.table, render_made(request, outcome),
					  READ_LATEST);
	/* not part of what the entity tag stands for */
	answer->document = document_with_affected(answer->document,
											  outcome->affected);
}

static void
answer_dry_run(const WriteRequest *request, const WriteOutcome *outcome,
			   Answer *answer)
{
	DpVersion	version = outcome->version.version;

	id_of_version(request->id.name, version, request->id.table, &answer->id);
	answer->retired_at = NO_TIME;
	answer->document = document_of_dry_run(&answer->id, version, outcome->kind,
										   outcome->changes, outcome->kept,
										   outcome->affected);
}

static void
answer_outcome(const WriteRequest *request, const WriteOutcome *outcome,
			   Answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	if (request->dry_run)
		answer_dry_run(request, outcome, answer);
	else
		answer_made(request, outcome, answer);
	answer->document = document_with_warnings(answer->document,
											  request->warnings);
	answer->kind = outcome->kind;
	answer->changes = outcome->changes;
	answer->replayed = outcome->replayed;
}

static void
report_too_large(const char *limit)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_TOO_LARGE),
			 errmsg("the write is too large to be stored at once"),
			 errdetail("The database said: %s.", limit),
			 errhint("Change less at once: fewer columns, or shorter texts.")));
}

/*
 * The models bound each member.  All members together, or all that changes at
 * once, may still be too large for one value of the database.
 */
static void
run_write(const WriteRequest *request, Answer *answer)
{
	MemoryContext context = CurrentMemoryContext;
	WriteOutcome outcome;

	PG_TRY();
	{
		write_run(request, &outcome);
		answer_outcome(request, &outcome, answer);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (error->sqlerrcode != ERRCODE_PROGRAM_LIMIT_EXCEEDED)
			PG_RE_THROW();
		FlushErrorState();
		report_too_large(error->message);
	}
	PG_END_TRY();
}

static Datum
answer_write(FunctionCallInfo fcinfo, const WriteRequest *request,
			 MemoryContext caller)
{
	Answer		answer;
	Datum		row;

	run_write(request, &answer);
	row = answer_datum(fcinfo, &answer, caller);
	actor_end(&request->actor);
	return row;
}

/* The name in a document that fits the model. */
static void
id_from_document(Jsonb *document, DpIdParts *id)
{
	JsonbValue *name = json_member(document, "name");

	if (name == NULL || name->type != jbvString ||
		!dp_name_is_valid(name->val.string.val, name->val.string.len))
		elog(ERROR, "the model let pass a name that is not one");
	memset(id, 0, sizeof(*id));
	id->form = DPID_LATEST;
	id->name_len = name->val.string.len;
	memcpy(id->name, name->val.string.val, id->name_len);
}

/* register_data_product(document, OPTIONS) */
PG_FUNCTION_INFO_V1(dpmeta_register_data_product);
Datum
dpmeta_register_data_product(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	WriteRequest request = {.operation = &operation_register};

	actor_begin(fcinfo, &request.actor);
	request.body = read_json(fcinfo, 0, "document");
	plan_judge_registration(request.body);
	id_from_document(request.body, &request.id);
	read_options(fcinfo, 1, &request);
	return answer_write(fcinfo, &request, caller);
}

/* A write of (id, document, OPTIONS); a patch's document is called patch. */
static Datum
write_document(FunctionCallInfo fcinfo, const WriteOperation *operation,
			   const char *argument, bool of_table)
{
	MemoryContext caller = CurrentMemoryContext;
	WriteRequest request = {.operation = operation};

	actor_begin(fcinfo, &request.actor);
	argument_id(fcinfo, 0, &request.id);
	if (of_table)
		id_require_table(&request.id);
	else
		id_require_product(&request.id);
	request.body = read_json(fcinfo, 1, argument);
	if (operation->of_contract && odcs_is_meant(request.body))
		request.body = odcs_read(request.body, argument_flag(fcinfo, 9),
								 &request.warnings);
	read_options(fcinfo, 2, &request);
	return answer_write(fcinfo, &request, caller);
}

PG_FUNCTION_INFO_V1(dpmeta_update_data_product);
Datum
dpmeta_update_data_product(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, &operation_update, "document", false);
}

PG_FUNCTION_INFO_V1(dpmeta_patch_data_product);
Datum
dpmeta_patch_data_product(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, &operation_patch, "patch", false);
}

/* put_contract(id, document, OPTIONS, prune, strict) */
PG_FUNCTION_INFO_V1(dpmeta_put_contract);
Datum
dpmeta_put_contract(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, argument_flag(fcinfo, 8) ?
						  &operation_prune_contract : &operation_put_contract,
						  "document", false);
}

PG_FUNCTION_INFO_V1(dpmeta_register_schema);
Datum
dpmeta_register_schema(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, &operation_register_schema, "document", true);
}

PG_FUNCTION_INFO_V1(dpmeta_update_schema);
Datum
dpmeta_update_schema(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, &operation_update_schema, "document", true);
}

PG_FUNCTION_INFO_V1(dpmeta_patch_schema);
Datum
dpmeta_patch_schema(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, &operation_patch_schema, "patch", true);
}

/* delete_schema(id, if_match, dry_run, actor, actor_roles, force) */
PG_FUNCTION_INFO_V1(dpmeta_delete_schema);
Datum
dpmeta_delete_schema(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	WriteRequest request = {.operation = &operation_delete_schema};

	actor_begin(fcinfo, &request.actor);
	argument_id(fcinfo, 0, &request.id);
	id_require_table(&request.id);
	request.if_match = argument_array(fcinfo, 1);
	request.dry_run = argument_flag(fcinfo, 2);
	argument_actor(fcinfo, 3, &request.actor);
	/* the first release had no consumers */
	request.force = PG_NARGS() > 5 && argument_flag(fcinfo, 5);
	rights_require(&request.actor, "table-removed");
	return answer_write(fcinfo, &request, caller);
}

/* The schema documents by table. */
static Jsonb *
read_schemas(FunctionCallInfo fcinfo, int arg)
{
	Jsonb	   *schemas = read_json(fcinfo, arg, "schemas");

	if (!JB_ROOT_IS_OBJECT(schemas))
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("argument \"schemas\" must be an object"),
				 errdetail("Each of its members must be the name of a table, with the table's schema document."),
				 errhint("Give {} for a data product without tables.")));
	return schemas;
}

/* sync_data_product(document, schemas, dry_run, actor, actor_roles) */
PG_FUNCTION_INFO_V1(dpmeta_sync_data_product);
Datum
dpmeta_sync_data_product(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	WriteRequest request = {.operation = &operation_sync};

	actor_begin(fcinfo, &request.actor);
	request.body = read_json(fcinfo, 0, "document");
	request.schemas = read_schemas(fcinfo, 1);
	plan_judge_sync(request.body, request.schemas);
	id_from_document(request.body, &request.id);
	request.dry_run = argument_flag(fcinfo, 2);
	argument_actor(fcinfo, 3, &request.actor);
	return answer_write(fcinfo, &request, caller);
}
