/*
 * api/write.c
 *		The functions that register and update data products and the schemas
 *		of their tables: each is a judge, which says what is wanted, for
 *		write_run() to carry out.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "api/arguments.h"
#include "rules/document.h"
#include "errors.h"
#include "json/render.h"
#include "rules/precondition.h"
#include "rules/rights.h"
#include "store/statements.h"
#include "rules/write.h"

static Jsonb *
read_json(FunctionCallInfo fcinfo, int arg, const char *name)
{
	return DatumGetJsonbP(argument_required(fcinfo, arg, name));
}

/* if_match, idempotent, idempotency_key, dry_run, actor, actor_roles */
static void
read_options(FunctionCallInfo fcinfo, int arg, Write *write)
{
	bool		idempotent = argument_flag(fcinfo, arg + 1);
	text	   *key = argument_text(fcinfo, arg + 2);

	write->if_match = argument_array(fcinfo, arg);
	write->dry_run = argument_flag(fcinfo, arg + 3);
	argument_actor(fcinfo, arg + 4, &write->actor);
	if ((idempotent || key != NULL) && !write->dry_run)
		idempotency_begin(&write->idempotency, write->actor.name,
						  write->action, &write->id, write->if_match,
						  write->body, key);
}

static void
report_too_large(const char *limit)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_TOO_LARGE),
			 errmsg("the write is larger than can be stored at once"),
			 errdetail("The database said: %s.", limit),
			 errhint("Change less at once: fewer columns, or shorter texts.")));
}

/*
 * The models bound each member; their product, or all that changes at once, may
 * still be more than a value of the database has room for.
 */
static void
run_write(Write *write, WriteJudge judge, Answer *answer)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		write_run(write, judge, answer);
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
answer_write(FunctionCallInfo fcinfo, Write *write, WriteJudge judge,
			 MemoryContext caller)
{
	Answer		answer;
	Datum		row;

	run_write(write, judge, &answer);
	row = answer_datum(fcinfo, &answer, caller);
	actor_end(&write->actor);
	return row;
}

static void
report_stale(const DpIdParts *id, DpVersion newest)
{
	DpIdParts	base;
	char		start[DPID_BUFSIZE];
	char		given[DPID_BUFSIZE];

	id_of_version(id->name, newest, id->table, &base);
	dpid_format(&base, start);
	dpid_format(id, given);
	ereport(ERROR,
			(errcode(ERRCODE_DP_VERSION_CONFLICT),
			 errmsg("the write starts from %s, but the newest of its major is %s",
					given, start),
			 errdetail("Another write came in between."),
			 errhint("Read %s, and start from that.", start)));
}

/*
 * Finds what the write starts from, which the ID means: it must be the newest
 * of its major.
 */
static void
find_base(Write *write, const DpIdParts *id)
{
	Version		newest;
	int32		major;

	if (!write->is_known)
		report_not_found(id);
	version_resolve(&write->product, id, READ_LATEST, &write->base);
	write->has_base = true;
	write->metadata = write->base.metadata;
	if (id->form != DPID_EXACT ||
		write->base.version == write->product.current)
		return;
	major = dpversion_major(write->base.version);
	if (version_newest(&write->product, dpversion_make(major, 0),
					   LAST_OF_MAJOR(major), true, READ_LATEST, &newest) &&
		newest.version != write->base.version)
		report_stale(id, newest.version);
}

static void
want_metadata(Write *write, Jsonb *document)
{
	document_check(MODEL_DATA_PRODUCT_UPDATE, document, READ_LATEST);
	write->metadata = metadata_from_document(document);
}

static void
judge_registration(Write *write)
{
	if (write->is_known && write->product.current != NO_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_DP_ALREADY_EXISTS),
				 errmsg("data product already exists with name %s", write->id.name),
				 errdetail("Its newest version is live."),
				 errhint("Update it, or choose another name.")));
	etag_require(write->if_match, NULL);
	write->metadata = metadata_from_document(write->body);
}

static void
judge_update(Write *write)
{
	find_base(write, &write->id);
	etag_require(write->if_match, etag_of_version(&write->base));
	want_metadata(write, write->body);
}

static void
judge_patch(Write *write)
{
	find_base(write, &write->id);
	etag_require(write->if_match, etag_of_version(&write->base));
	want_metadata(write, document_merge(write->base.metadata, write->body));
}

/* Asks for a table to become what the definition says, or to go when NULL. */
static void
want_table(Write *write, const char *table, Jsonb *old, Jsonb *new)
{
	TableChange *change = palloc(sizeof(TableChange));

	change->table = pstrdup(table);
	change->old = old;
	change->new = new;
	write->tables = lappend(write->tables, change);
}

static Jsonb *
check_definition(Jsonb *document)
{
	document_check(MODEL_SCHEMA, document, READ_LATEST);
	return definition_from_document(document);
}

static void
judge_schema_registration(Write *write)
{
	DpIdParts	product = write->id;
	TableSchema schema;
	char		text[DPID_BUFSIZE];

	/* the table is not there yet: what may be missing is the product */
	product.table[0] = '\0';
	product.table_len = 0;
	find_base(write, &product);
	dpid_format(&write->id, text);
	if (table_find(&write->product, &write->base, write->id.table, READ_LATEST,
				   &schema))
		ereport(ERROR,
				(errcode(ERRCODE_DP_ALREADY_EXISTS),
				 errmsg("schema already exists with id %s", text),
				 errdetail("The version that the write starts from has this table."),
				 errhint("Update it, or choose another name.")));
	etag_require(write->if_match, NULL);
	want_table(write, write->id.table, NULL, check_definition(write->body));
}

/* Finds the schema that the write replaces. */
static Jsonb *
find_old_schema(Write *write)
{
	TableSchema schema;

	find_base(write, &write->id);
	table_get(&write->product, &write->base, &write->id, READ_LATEST, &schema);
	etag_require(write->if_match, etag_of_schema(&write->base));
	return table_definition(&schema);
}

static void
judge_schema_update(Write *write)
{
	Jsonb	   *old = find_old_schema(write);

	want_table(write, write->id.table, old, check_definition(write->body));
}

static void
judge_schema_patch(Write *write)
{
	Jsonb	   *old = find_old_schema(write);

	want_table(write, write->id.table, old,
			   check_definition(document_merge(old, write->body)));
}

static void
judge_schema_deletion(Write *write)
{
	want_table(write, write->id.table, find_old_schema(write), NULL);
}

/* The name in a document that fits the model. */
static void
id_from_document(Write *write)
{
	JsonbValue *name;

	document_check(MODEL_DATA_PRODUCT, write->body, READ_LATEST);
	name = json_member(write->body, "name");
	if (name == NULL || name->type != jbvString ||
		!dp_name_is_valid(name->val.string.val, name->val.string.len))
		elog(ERROR, "the model let pass a name that is not one");
	memset(&write->id, 0, sizeof(write->id));
	write->id.form = DPID_LATEST;
	write->id.name_len = name->val.string.len;
	memcpy(write->id.name, name->val.string.val, write->id.name_len);
}

/* register_data_product(document, OPTIONS) */
PG_FUNCTION_INFO_V1(dpmeta_register_data_product);
Datum
dpmeta_register_data_product(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	Write		write = {.action = "register"};

	actor_begin(fcinfo, &write.actor);
	write.body = read_json(fcinfo, 0, "document");
	id_from_document(&write);
	read_options(fcinfo, 1, &write);
	return answer_write(fcinfo, &write, judge_registration, caller);
}

/* A write of (id, document, OPTIONS); a patch's document is called patch. */
static Datum
write_document(FunctionCallInfo fcinfo, const char *action,
			   const char *argument, bool of_table, WriteJudge judge)
{
	MemoryContext caller = CurrentMemoryContext;
	Write		write = {.action = action};

	actor_begin(fcinfo, &write.actor);
	argument_id(fcinfo, 0, &write.id);
	if (of_table)
		id_require_table(&write.id);
	else
		id_require_product(&write.id);
	write.body = read_json(fcinfo, 1, argument);
	read_options(fcinfo, 2, &write);
	return answer_write(fcinfo, &write, judge, caller);
}

PG_FUNCTION_INFO_V1(dpmeta_update_data_product);
Datum
dpmeta_update_data_product(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, "update", "document", false, judge_update);
}

PG_FUNCTION_INFO_V1(dpmeta_patch_data_product);
Datum
dpmeta_patch_data_product(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, "patch", "patch", false, judge_patch);
}

PG_FUNCTION_INFO_V1(dpmeta_register_schema);
Datum
dpmeta_register_schema(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, "register-schema", "document", true,
						  judge_schema_registration);
}

PG_FUNCTION_INFO_V1(dpmeta_update_schema);
Datum
dpmeta_update_schema(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, "update-schema", "document", true, judge_schema_update);
}

PG_FUNCTION_INFO_V1(dpmeta_patch_schema);
Datum
dpmeta_patch_schema(PG_FUNCTION_ARGS)
{
	return write_document(fcinfo, "patch-schema", "patch", true, judge_schema_patch);
}

/* delete_schema(id, if_match, dry_run, actor, actor_roles) */
PG_FUNCTION_INFO_V1(dpmeta_delete_schema);
Datum
dpmeta_delete_schema(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	Write		write = {.action = "delete-schema"};

	actor_begin(fcinfo, &write.actor);
	argument_id(fcinfo, 0, &write.id);
	id_require_table(&write.id);
	write.if_match = argument_array(fcinfo, 1);
	write.dry_run = argument_flag(fcinfo, 2);
	argument_actor(fcinfo, 3, &write.actor);
	rights_require(&write.actor, "table-removed");
	return answer_write(fcinfo, &write, judge_schema_deletion, caller);
}

/* A whole description of a data product. */
typedef struct Sync
{
	Write		write;			/* first, for a WriteJudge gets only this */
	Jsonb	   *schemas;		/* the schema documents by table */
} Sync;

static int
compare_tables(const void *a, const void *b)
{
	return strcmp((*(TableChange *const *) a)->table,
				  (*(TableChange *const *) b)->table);
}

/* What the base holds, each table to be removed until it is found wanted. */
static void
want_no_table(Write *write)
{
	Datum		values[] = {
		Int64GetDatum(write->product.product_id),
		DpVersionGetDatum(write->base.version),
		DpVersionGetDatum(write->base.trunk),
		DpVersionGetDatum(write->product.trunk)
	};
	uint64		count = statement_run(STMT_TABLES_READ, values, NULL, false);

	for (uint64 i = 0; i < count; i++)
		want_table(write, TextDatumGetCString(result_value(i, 1, NULL)),
				   DatumGetJsonbPCopy(result_value(i, 2, NULL)), NULL);
}

static void
check_table_name(const JsonbValue *name)
{
	if (dp_table_name_is_valid(name->val.string.val, name->val.string.len))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("\"%s\" is not a name for a table",
					pnstrdup(name->val.string.val, name->val.string.len)),
			 errdetail("It is a member of argument \"schemas\"."),
			 errhint("Use 1 to 128 of a-z, 0-9 and _, and not v followed by digits only.")));
}

/* The table among the first count of the list, which are in order. */
static TableChange *
find_wanted(List *tables, int count, char *table)
{
	TableChange key = {.table = table};
	TableChange *wanted = &key;
	ListCell   *found = count == 0 ? NULL :
	bsearch(&wanted, list_nth_cell(tables, 0), count, sizeof(ListCell),
			compare_tables);

	return found == NULL ? NULL : lfirst(found);
}

static void
want_tables(Write *write, Jsonb *schemas)
{
	int			count = list_length(write->tables);
	JsonbIterator *it = JsonbIteratorInit(&schemas->root);
	JsonbValue	name;
	JsonbValue	document;

	JsonbIteratorNext(&it, &name, true);
	while (JsonbIteratorNext(&it, &name, true) == WJB_KEY)
	{
		char	   *table = pnstrdup(name.val.string.val, name.val.string.len);
		TableChange *change = find_wanted(write->tables, count, table);
		Jsonb	   *new;

		check_table_name(&name);
		JsonbIteratorNext(&it, &document, true);
		new = check_definition(JsonbValueToJsonb(&document));
		if (change != NULL)
			change->new = new;
		else
			want_table(write, table, NULL, new);
	}
}

static void
judge_sync(Write *write)
{
	write->tables = NIL;
	if (write->is_known && write->product.current != NO_VERSION)
	{
		find_base(write, &write->id);
		want_no_table(write);
	}
	write->metadata = metadata_from_document(write->body);
	want_tables(write, ((Sync *) write)->schemas);
}

/* sync_data_product(document, schemas, dry_run, actor, actor_roles) */
PG_FUNCTION_INFO_V1(dpmeta_sync_data_product);
Datum
dpmeta_sync_data_product(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	Sync		sync = {.write = {.action = "sync"}};

	actor_begin(fcinfo, &sync.write.actor);
	sync.write.body = read_json(fcinfo, 0, "document");
	sync.schemas = read_json(fcinfo, 1, "schemas");
	if (!JB_ROOT_IS_OBJECT(sync.schemas))
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("argument \"schemas\" must be an object"),
				 errdetail("Its members are the tables, each with its schema document."),
				 errhint("Give {} for a data product without tables.")));
	id_from_document(&sync.write);
	sync.write.dry_run = argument_flag(fcinfo, 2);
	argument_actor(fcinfo, 3, &sync.write.actor);
	return answer_write(fcinfo, &sync.write, judge_sync, caller);
}
