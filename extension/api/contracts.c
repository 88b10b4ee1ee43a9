/*
 * api/contracts.c
 *		Many data products at once, each with all of its tables: all of them are
 *		written, or none.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "api/arguments.h"
#include "errors.h"
#include "json/render.h"
#include "rules/document.h"
#include "rules/plan.h"
#include "rules/write.h"

/* The arguments. */
enum Argument
{
	ARG_DOCUMENTS,
	ARG_IDEMPOTENT,
	ARG_DRY_RUN,
	ARG_ACTOR,
	ARG_ACTOR_ROLES,
	ARG_PRUNE
};

/* One of the documents, and what was made of it. */
typedef struct Contract
{
	WriteRequest request;
	WriteOutcome outcome;
} Contract;

typedef struct ContractList
{
	Contract   *contracts;		/* as they were sent */
	Contract  **by_name;
	int			count;
} ContractList;

static void
report_no_array(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("the documents must be an array"),
			 errdetail("Each element is a data product with all of its tables."),
			 errhint("Send a JSON array, or one document on each line.")));
}

static void
read_documents(FunctionCallInfo fcinfo, ContractList *list)
{
	Jsonb	   *documents = DatumGetJsonbP(argument_required(fcinfo, ARG_DOCUMENTS,
															 "documents"));
	JsonbIterator *it = JsonbIteratorInit(&documents->root);
	JsonbIteratorToken token;
	JsonbValue	element;

	if (!JB_ROOT_IS_ARRAY(documents) || JB_ROOT_IS_SCALAR(documents))
		report_no_array();
	list->contracts = palloc0(sizeof(Contract) * (1 + JB_ROOT_COUNT(documents)));
	list->by_name = palloc0(sizeof(Contract *) * (1 + JB_ROOT_COUNT(documents)));
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		Contract   *contract = &list->contracts[list->count];

		if (token != WJB_ELEM)
			continue;
		list->by_name[list->count++] = contract;
		contract->request.document = list->count;
		contract->request.body = JsonbValueToJsonb(&element);
	}
}

/* The name in a document that fits the model. */
static void
read_name(Contract *contract)
{
	JsonbValue *name = json_member(contract->request.body, "name");

	id_of_product(pnstrdup(name->val.string.val, name->val.string.len),
				  &contract->request.id);
}

static int
compare_contracts(const void *a, const void *b)
{
	const WriteRequest *left = &(*(Contract *const *) a)->request;
	const WriteRequest *right = &(*(Contract *const *) b)->request;
	int			order = strcmp(left->id.name, right->id.name);

	return order != 0 ? order : left->document - right->document;
}

static void
judge_names(FaultList *faults, const ContractList *list)
{
	for (int i = 1; i < list->count; i++)
	{
		const WriteRequest *first = &list->by_name[i - 1]->request;
		const WriteRequest *other = &list->by_name[i]->request;

		if (strcmp(first->id.name, other->id.name) != 0)
			continue;
		faults->document = other->document;
		faults_add(faults, "/name", "x-uniqueBy",
				   psprintf("Document %d has this name as well.",
							first->document));
	}
}

/* Puts them in the order of names.  Raises with the faults of all of them. */
static void
judge_documents(ContractList *list)
{
	FaultList	faults = {0};

	for (int i = 0; i < list->count; i++)
	{
		Contract   *contract = &list->contracts[i];

		faults.document = contract->request.document;
		if (plan_judge_contract(&faults, contract->request.body))
			read_name(contract);
	}
	faults_report(&faults);
	qsort(list->by_name, list->count, sizeof(Contract *), compare_contracts);
	judge_names(&faults, list);
	faults_report(&faults);
}

static void
fill_request(FunctionCallInfo fcinfo, const Actor *actor, WriteRequest *request)
{
	request->operation = argument_flag(fcinfo, ARG_PRUNE) ?
		&operation_prune_contract : &operation_put_contract;
	request->dry_run = argument_flag(fcinfo, ARG_DRY_RUN);
	request->actor = *actor;
	if (argument_flag(fcinfo, ARG_IDEMPOTENT) && !request->dry_run)
		idempotency_begin(&request->idempotency, actor->name,
						  request->operation->action, &request->id, NULL,
						  request->body, NULL);
}

/* Says of a refusal which document it is about, unless each fault says it. */
static void
write_contract(Contract *contract)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		write_run(&contract->request, &contract->outcome);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (error->sqlerrcode == ERRCODE_DP_INVALID_DOCUMENT)
			PG_RE_THROW();
		FlushErrorState();
		error->message = psprintf("document %d: %s", contract->request.document,
								  error->message);
		ReThrowError(error);
	}
	PG_END_TRY();
}

static void
append_result(StringInfo out, const Contract *contract)
{
	const WriteOutcome *outcome = &contract->outcome;
	DpIdParts	id;
	text	   *document;

	id_of_version(contract->request.id.name, outcome->version.version, "", &id);
	document = document_of_dry_run(&id, outcome->version.version, outcome->kind,
								   outcome->changes, outcome->kept,
								   outcome->affected);
	appendBinaryStringInfo(out, VARDATA_ANY(document),
						   VARSIZE_ANY_EXHDR(document));
}

static text *
render_results(const ContractList *list)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < list->count; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		append_result(&out, &list->contracts[i]);
	}
	appendStringInfoChar(&out, ']');
	return cstring_to_text_with_len(out.data, out.len);
}

/*
 * put_contracts(documents, idempotent, dry_run, actor, actor_roles, prune)
 *
 * Products are locked in the order of their names, so that no two calls wait for
 * each other.
 */
PG_FUNCTION_INFO_V1(dpmeta_put_contracts);
Datum
dpmeta_put_contracts(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	ContractList list = {0};
	Actor		actor;
	text	   *results;
	Datum		answer;

	actor_begin(fcinfo, &actor);
	argument_actor(fcinfo, ARG_ACTOR, &actor);
	read_documents(fcinfo, &list);
	judge_documents(&list);
	for (int i = 0; i < list.count; i++)
	{
		fill_request(fcinfo, &actor, &list.by_name[i]->request);
		write_contract(list.by_name[i]);
	}
	results = render_results(&list);
	MemoryContextSwitchTo(caller);
	answer = PointerGetDatum(cstring_to_text_with_len(VARDATA_ANY(results),
													  VARSIZE_ANY_EXHDR(results)));
	actor_end(&actor);
	return answer;
}
