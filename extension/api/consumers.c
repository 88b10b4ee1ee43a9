/*
 * api/consumers.c
 *		Who reads a data product: what they say of themselves, beside the
 *		versions.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "errors.h"
#include "json/render.h"
#include "rules/diff.h"
#include "rules/document.h"
#include "rules/etag.h"
#include "rules/read_only.h"
#include "rules/resolve.h"
#include "store/event.h"
#include "store/row.h"
#include "store/statements.h"

/* The longest name, in bytes. */
#define CONSUMER_MAX	128

/* What a call asks for, and what it finds. */
typedef struct ConsumerCall
{
	DpIdParts	id;
	char	   *name;
	Jsonb	   *document;		/* NULL: of a deletion */
	ArrayType  *if_match;
	bool		dry_run;
	Actor		actor;

	Product		product;		/* locked, but for a dry run */
	char	   *before;			/* what is stored; NULL for nothing */
	char	   *after;			/* likewise, once it is done */
	char	   *etag;			/* of the last one that is there */
	const char *kind;
} ConsumerCall;

static bool
name_is_valid(const char *name)
{
	int			len = strlen(name);

	return len >= 1 && len <= CONSUMER_MAX && name[0] != '.' && name[0] != '-' &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == len;
}

static void
read_call(FunctionCallInfo fcinfo, int options, ConsumerCall *call)
{
	argument_id(fcinfo, 0, &call->id);
	id_require_product(&call->id);
	call->name = TextDatumGetCString(argument_required(fcinfo, 1, "name"));
	if (!name_is_valid(call->name))
		report_invalid_parameter("name", call->name,
								 "Give 1 to 128 of a-z, 0-9, _, . and -, of which . and - are not the first.");
	call->if_match = argument_array(fcinfo, options);
	call->dry_run = argument_flag(fcinfo, options + 1);
	argument_actor(fcinfo, options + 2, &call->actor);
}

/* The version that the ID means has to be live, even where it is not of use. */
static void
find_product(ConsumerCall *call)
{
	Version		version;

	resolve_product_to_write(&call->id, call->dry_run, &call->product);
	resolve_version(&call->product, &call->id, READ_LATEST, &version);
}

/* The document in the row that a statement gave, whose entity tag is noted. */
static char *
read_row(ConsumerCall *call)
{
	Row			row;

	row_open(&row, 0);
	call->etag = pstrdup(row_string(&row, "etag"));
	return pstrdup(row_string(&row, "document"));
}

static void
find_before(ConsumerCall *call)
{
	Values		values = {0};

	bind_int8(&values, call->product.product_id);
	bind_string(&values, call->name);
	bind_string(&values, call->product.name);
	if (statement_run(STMT_CONSUMER_READ, &values, false) > 0)
		call->before = read_row(call);
	etag_require(call->if_match, call->etag);
}

static Jsonb *
read_json(const char *document)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in,
											  CStringGetDatum(document)));
}

/* What may be sent back as read-only of one that is not there yet. */
static Jsonb *
say_new(const ConsumerCall *call)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_string_member(&state, "name", call->name);
	push_string_member(&state, "dataProduct", call->product.name);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* The version that a document names, as an ID of the product. */
static void
read_version(const ConsumerCall *call, DpIdParts *id)
{
	JsonbValue *value = json_member(call->document, "version");
	char	   *text = psprintf("dp:%s:%.*s", call->product.name,
								value->val.string.len, value->val.string.val);

	if (!dpid_parse(text, strlen(text), id))
		report_invalid_parameter("version", text + 4 + call->id.name_len,
								 "Each part of a version is at most 2147483647.");
}

static ArrayType *
read_tables(const ConsumerCall *call, const Version *version, FaultList *faults)
{
	JsonbValue *tables = json_member(call->document, "tables");
	int			count;
	Datum	   *names;

	if (tables == NULL || tables->type == jbvNull)
		return NULL;
	count = JsonContainerSize(tables->val.binary.data);
	names = palloc(sizeof(Datum) * count);
	for (int i = 0; i < count; i++)
	{
		JsonbValue *table = getIthJsonbValueFromContainer(tables->val.binary.data, i);
		char	   *name = pnstrdup(table->val.string.val, table->val.string.len);
		TableSchema schema;

		if (!dp_table_name_is_valid(name, strlen(name)) ||
			!fetch_table(call->product.product_id, version, name, READ_LATEST, &schema))
			faults_add(faults, fault_pointer_at("/tables", i), "enum",
					   "The version that is read has no table of this name.");
		names[i] = CStringGetTextDatum(name);
	}
	return construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Judges the document, and says what is to be stored. */
static void
bind_consumer(ConsumerCall *call, Values *values)
{
	FaultList	faults = {0};
	JsonbValue *contact;
	NullableDatum none = {.isnull = true};
	DpIdParts	id;
	Version		version;
	ArrayType  *tables;

	read_only_judge_consumer(&faults, call->document, call->before == NULL ?
							 say_new(call) : read_json(call->before));
	document_judge(&faults, "", MODEL_CONSUMER, call->document, READ_LATEST);
	faults_report(&faults);
	contact = json_member(call->document, "contact");
	read_version(call, &id);
	if (!resolve_newest(&call->product, id_first_version(&id), id_last_version(&id),
						true, READ_LATEST, &version))
	{
		faults_add(&faults, "/version", "enum",
				   "The data product has no live version of this number.");
		faults_report(&faults);
	}
	tables = read_tables(call, &version, &faults);
	faults_report(&faults);

	bind_int8(values, call->product.product_id);
	bind_string(values, call->name);
	bind_string(values, pnstrdup(contact->val.string.val, contact->val.string.len));
	bind_int4(values, dpversion_major(id.version));
	if (id.form == DPID_EXACT)
		bind_int4(values, dpversion_minor(id.version));
	else
		bind_nullable(values, none, INT4OID);
	bind_array_or_null(values, tables, TEXTARRAYOID);
}

/* Is all that a writer says as it was? */
static bool
says_the_same(const ConsumerCall *call)
{
	static const char *const members[] = {"contact", "version", "tables"};
	Jsonb	   *before = read_json(call->before);
	JsonbValue	null = {.type = jbvNull};

	for (int i = 0; i < lengthof(members); i++)
	{
		JsonbValue *given = json_member(call->document, members[i]);

		if (!json_values_equal(given == NULL ? &null : given,
							   json_member(before, members[i])))
			return false;
	}
	return true;
}

static JsonbValue *
event_value(const char *document)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));

	if (document == NULL)
		return NULL;
	JsonbToJsonbValue(read_json(document), value);
	return value;
}

static void
store_event(ConsumerCall *call, const char *action, const char *what)
{
	ChangeList	list;
	Change		change = {
		.change = what, .kind = KIND_NONE, .member = call->name,
		.from = event_value(call->before), .to = event_value(call->after)
	};
	Event		event = {
		.product = &call->product, .action = action, .table = "",
		.from = call->product.current, .to = call->product.current,
		.kind = change_kind_name(KIND_NONE), .actor = call->actor.name
	};

	changes_begin(&list);
	changes_add(&list, &change);
	event.changes = changes_end(&list);
	product_touch(&call->product);
	event_store(&event);
}

static void
write_consumer(ConsumerCall *call)
{
	Values		values = {0};

	bind_consumer(call, &values);
	call->kind = call->before == NULL ? "created" : "changed";
	if (call->before != NULL && says_the_same(call))
	{
		call->kind = "none";
		call->after = call->before;
		return;
	}
	call->product.changed_at = product_next_time(&call->product);
	bind_time(&values, call->product.changed_at);
	bind_string(&values, call->actor.name);
	bind_string(&values, call->product.name);
	if (statement_run(call->dry_run ? STMT_CONSUMER_SHOW : STMT_CONSUMER_WRITE,
					  &values, false) != 1)
		elog(ERROR, "a consumer was not written");
	call->after = read_row(call);
	if (!call->dry_run)
		store_event(call, "put-consumer", call->before == NULL ?
					"consumer-registered" : "consumer-changed");
}

static void
delete_consumer(ConsumerCall *call)
{
	Values		values = {0};
	char		id[DPID_BUFSIZE];

	dpid_format(&call->id, id);
	if (call->before == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DP_NOT_FOUND),
				 errmsg("consumer does not exist with name %s of %s", call->name, id),
				 errdetail("Nobody is registered under this name."),
				 errhint("List the consumers of the data product.")));
	call->kind = "deleted";
	if (call->dry_run)
		return;
	bind_int8(&values, call->product.product_id);
	bind_string(&values, call->name);
	statement_run(STMT_CONSUMER_DELETE, &values, false);
	call->product.changed_at = product_next_time(&call->product);
	store_event(call, "delete-consumer", "consumer-removed");
}

/* The columns of both functions. */
static Datum
answer_call(FunctionCallInfo fcinfo, const ConsumerCall *call,
			MemoryContext caller)
{
	bool		deleted = call->document == NULL;
	const char *document = deleted ? call->before : call->after;
	Values		values = {0};

	bind_string_or_null(&values, deleted ? NULL : call->etag);
	bind_text(&values, cstring_to_text(document));
	bind_string(&values, call->kind);
	return answer_row(fcinfo, &values, caller);
}

static Datum
run_call(FunctionCallInfo fcinfo, ConsumerCall *call, MemoryContext caller,
		 void (*make) (ConsumerCall *call))
{
	Datum		row;

	find_product(call);
	find_before(call);
	make(call);
	row = answer_call(fcinfo, call, caller);
	actor_end(&call->actor);
	return row;
}

/* put_consumer(id, name, document, if_match, dry_run, actor, actor_roles) */
PG_FUNCTION_INFO_V1(dpmeta_put_consumer);
Datum
dpmeta_put_consumer(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	ConsumerCall call = {0};

	actor_begin(fcinfo, &call.actor);
	call.document = DatumGetJsonbP(argument_required(fcinfo, 2, "document"));
	read_call(fcinfo, 3, &call);
	return run_call(fcinfo, &call, caller, write_consumer);
}

/* delete_consumer(id, name, if_match, dry_run, actor, actor_roles) */
PG_FUNCTION_INFO_V1(dpmeta_delete_consumer);
Datum
dpmeta_delete_consumer(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	ConsumerCall call = {0};

	actor_begin(fcinfo, &call.actor);
	read_call(fcinfo, 2, &call);
	return run_call(fcinfo, &call, caller, delete_consumer);
}
