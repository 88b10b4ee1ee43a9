/*
 * rules/plan.c
 *		What each kind of write makes of its base, and what is different then.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "errors.h"
#include "json/render.h"
#include "rules/contract.h"
#include "rules/document.h"
#include "rules/etag.h"
#include "rules/plan.h"
#include "rules/read_only.h"
#include "rules/rename.h"
#include "store/row.h"
#include "store/statements.h"

static void
want_registration(const WriteRequest *request, const WriteBase *base,
				  WantedState *wanted)
{
	if (base->is_known && base->product.current != NO_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_DP_ALREADY_EXISTS),
				 errmsg("data product already exists with name %s",
						request->id.name),
				 errdetail("Its newest version is live."),
				 errhint("Update it, or choose another name.")));
	etag_require(request->if_match, NULL);
	wanted->metadata = document_metadata(request->body);
}

/* Nothing is there yet that it could start from. */
void
plan_judge_registration(Jsonb *document)
{
	WriteBase	nothing = {0};
	FaultList	faults = {0};

	read_only_judge_product(&faults, document, &nothing, NULL);
	document_judge(&faults, "", MODEL_DATA_PRODUCT, document, READ_LATEST);
	faults_report(&faults);
}

/* The document is the request's, or what its patch makes of the base. */
static void
want_metadata(const WriteRequest *request, const WriteBase *base,
			  WantedState *wanted, Jsonb *document)
{
	read_only_judge_product(&wanted->faults, request->body, base,
							request->id.name);
	if (document_judge(&wanted->faults, "", MODEL_DATA_PRODUCT_UPDATE, document,
					   READ_LATEST))
		wanted->metadata = document_metadata(document);
}

/* Nobody asks for most tags, and each takes a hash. */
static void
require_version(const WriteRequest *request, const WriteBase *base)
{
	if (request->if_match != NULL)
		etag_require(request->if_match, etag_of_version(&base->version));
}

static void
require_schema(const WriteRequest *request, const WriteBase *base,
			   const TableSchema *schema)
{
	text	   *document;

	if (request->if_match == NULL)
		return;
	document = document_of_schema(&base->product, &base->version,
								  request->id.table, schema->document);
	etag_require(request->if_match, etag_of_schema(&base->version, document));
}

static void
want_update(const WriteRequest *request, const WriteBase *base,
			WantedState *wanted)
{
	require_version(request, base);
	want_metadata(request, base, wanted, request->body);
}

static void
want_patch(const WriteRequest *request, const WriteBase *base,
		   WantedState *wanted)
{
	require_version(request, base);
	want_metadata(request, base, wanted,
				  document_merge(base->version.metadata, request->body));
}

/* Asks for a table to be gone, until something else is asked of it. */
static TableChange *
want_no_table(WantedState *wanted, const char *table, Jsonb *old)
{
	TableChange *change = palloc0(sizeof(TableChange));

	change->table = pstrdup(table);
	change->old = old;
	wanted->tables = lappend(wanted->tables, change);
	return change;
}

/* Asks for a table to become what a valid document says. */
static void
want_definition(WantedState *wanted, TableChange *change, const char *above,
				Jsonb *document)
{
	change->new = document_definition(document);
	change->renamed_from = rename_read(&wanted->faults, above, document,
									   change->old);
}

/* The same for the one table of a request, whose document is yet to be judged. */
static void
want_schema(WantedState *wanted, const WriteRequest *request,
			const WriteBase *base, Jsonb *old, Jsonb *document)
{
	read_only_judge_schema(&wanted->faults, "", request->body, base,
						   request->id.table);
	if (document_judge(&wanted->faults, "", MODEL_SCHEMA, document, READ_LATEST))
		want_definition(wanted, want_no_table(wanted, request->id.table, old),
						"", document);
}

static void
report_schema_exists(const DpIdParts *id)
{
	char		text[DPID_BUFSIZE];

	dpid_format(id, text);
	ereport(ERROR,
			(errcode(ERRCODE_DP_ALREADY_EXISTS),
			 errmsg("schema already exists with id %s", text),
			 errdetail("The version that the write starts from has this table."),
			 errhint("Update it, or choose another name.")));
}

static void
want_schema_registration(const WriteRequest *request, const WriteBase *base,
						 WantedState *wanted)
{
	TableSchema schema;

	if (fetch_table(base->product.product_id, &base->version, request->id.table,
					READ_LATEST, &schema))
		report_schema_exists(&request->id);
	etag_require(request->if_match, NULL);
	want_schema(wanted, request, base, NULL, request->body);
}

/* The definition that the write replaces. */
static Jsonb *
find_old_schema(const WriteRequest *request, const WriteBase *base)
{
	TableSchema schema;

	resolve_table(&base->product, &base->version, &request->id, READ_LATEST, &schema);
	require_schema(request, base, &schema);
	return fetch_definition(&schema);
}

static void
want_schema_update(const WriteRequest *request, const WriteBase *base,
				   WantedState *wanted)
{
	want_schema(wanted, request, base, find_old_schema(request, base),
				request->body);
}

static void
want_schema_patch(const WriteRequest *request, const WriteBase *base,
				  WantedState *wanted)
{
	Jsonb	   *old = find_old_schema(request, base);

	want_schema(wanted, request, base, old, document_merge(old, request->body));
}

static void
want_schema_deletion(const WriteRequest *request, const WriteBase *base,
					 WantedState *wanted)
{
	want_no_table(wanted, request->id.table, find_old_schema(request, base));
}

/* What the base holds, each table to be removed until it is found wanted. */
static void
want_no_tables(const WriteBase *base, WantedState *wanted)
{
	Values		values = {0};
	uint64		count;

	bind_int8(&values, base->product.product_id);
	bind_version(&values, base->version.version);
	bind_version(&values, base->version.leaves_at);
	bind_version(&values, base->product.head);
	count = statement_run(STMT_TABLES_READ, &values, false);
	for (uint64 i = 0; i < count; i++)
	{
		Row			row;
		char	   *table;

		row_open(&row, i);
		table = row_string(&row, "table_name");
		want_no_table(wanted, table, row_json(&row, "definition"));
	}
}

static int
compare_tables(const void *a, const void *b)
{
	return strcmp((*(TableChange *const *) a)->table,
				  (*(TableChange *const *) b)->table);
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

/* Where the schema of a table is among all documents of a sync. */
static char *
schema_pointer(const char *table)
{
	return fault_pointer("/schemas", table);
}

/* A document of a sync, which was judged by its model. */
static void
want_document(WantedState *wanted, const WriteBase *base, TableChange *change,
			  Jsonb *document)
{
	char	   *above = schema_pointer(change->table);

	read_only_judge_schema(&wanted->faults, above, document, base,
						   change->table);
	want_definition(wanted, change, above, document);
}

/* The tables so far are those of the base, in order. */
static void
want_schemas(WantedState *wanted, const WriteBase *base, Jsonb *schemas)
{
	int			count = list_length(wanted->tables);
	JsonbIterator *it = JsonbIteratorInit(&schemas->root);
	JsonbValue	name;
	JsonbValue	document;

	JsonbIteratorNext(&it, &name, true);
	while (JsonbIteratorNext(&it, &name, true) == WJB_KEY)
	{
		char	   *table = pnstrdup(name.val.string.val, name.val.string.len);
		TableChange *change = find_wanted(wanted->tables, count, table);

		JsonbIteratorNext(&it, &document, true);
		if (change == NULL)
			change = want_no_table(wanted, table, NULL);
		want_document(wanted, base, change, JsonbValueToJsonb(&document));
	}
}

/* The names and the documents of the tables, all of them. */
static void
judge_schemas(FaultList *faults, Jsonb *schemas)
{
	JsonbIterator *it = JsonbIteratorInit(&schemas->root);
	JsonbValue	name;
	JsonbValue	document;

	JsonbIteratorNext(&it, &name, true);
	while (JsonbIteratorNext(&it, &name, true) == WJB_KEY)
	{
		char	   *table = pnstrdup(name.val.string.val, name.val.string.len);
		char	   *pointer = schema_pointer(table);

		if (!dp_table_name_is_valid(table, strlen(table)))
			faults_add(faults, pointer, "propertyNames",
					   "The name of a table has 1 to 128 of a-z, 0-9 and _, and is not v followed by digits only.");
		JsonbIteratorNext(&it, &document, true);
		document_judge(faults, pointer, MODEL_SCHEMA,
					   JsonbValueToJsonb(&document), READ_LATEST);
	}
}

void
plan_judge_sync(Jsonb *document, Jsonb *schemas)
{
	FaultList	faults = {0};

	document_judge(&faults, "", MODEL_DATA_PRODUCT, document, READ_LATEST);
	judge_schemas(&faults, schemas);
	faults_report(&faults);
}

static void
want_sync(const WriteRequest *request, const WriteBase *base,
		  WantedState *wanted)
{
	if (base->has_version)
		want_no_tables(base, wanted);
	read_only_judge_product(&wanted->faults, request->body, base,
							request->id.name);
	wanted->metadata = document_metadata(request->body);
	want_schemas(wanted, base, request->schemas);
}

bool
plan_judge_contract(FaultList *faults, Jsonb *document)
{
	if (!document_judge(faults, "", MODEL_CONTRACT, document, READ_LATEST))
		return false;
	if (json_member(document, "name") != NULL)
		return true;
	faults_add(faults, "", "required", "The member \"name\" is required.");
	return false;
}

/* The tables so far are those of the base, in order. */
static void
want_contract_tables(WantedState *wanted, Jsonb *document)
{
	int			count = list_length(wanted->tables);
	ListCell   *cell;

	foreach(cell, contract_tables(document))
	{
		ContractTable *table = lfirst(cell);
		TableChange *change = find_wanted(wanted->tables, count, table->name);

		if (change == NULL)
			change = want_no_table(wanted, table->name, NULL);
		want_definition(wanted, change,
						fault_pointer_at("/tables", foreach_current_index(cell)),
						table->document);
	}
}

/* What nobody asked for so far is not to be removed. */
static void
keep_tables(WantedState *wanted)
{
	List	   *asked = NIL;
	ListCell   *cell;

	foreach(cell, wanted->tables)
	{
		TableChange *change = lfirst(cell);

		if (change->new != NULL)
			asked = lappend(asked, change);
		else
			wanted->kept = lappend(wanted->kept, change->table);
	}
	wanted->tables = asked;
}

static void
want_contract(const WriteRequest *request, const WriteBase *base,
			  WantedState *wanted)
{
	Jsonb	   *document = request->body;

	if (base->has_version)
		require_version(request, base);
	else
		etag_require(request->if_match, NULL);
	read_only_judge_product(&wanted->faults, document, base, request->id.name);
	if (!document_judge(&wanted->faults, "", MODEL_CONTRACT, document,
						READ_LATEST))
		return;
	wanted->metadata = document_metadata(document);
	if (base->has_version)
		want_no_tables(base, wanted);
	want_contract_tables(wanted, document);
	if (!request->operation->prunes)
		keep_tables(wanted);
}

const WriteOperation operation_register = {
	"register", BASE_NONE, want_registration
};
const WriteOperation operation_update = {
	"update", BASE_OF_ID, want_update
};
const WriteOperation operation_patch = {
	"patch", BASE_OF_ID, want_patch
};
const WriteOperation operation_sync = {
	"sync", BASE_IF_ANY, want_sync
};
const WriteOperation operation_put_contract = {
	"put-contract", BASE_IF_ANY, want_contract, .of_contract = true
};
const WriteOperation operation_prune_contract = {
	"prune-contract", BASE_IF_ANY, want_contract, .of_contract = true,
	.prunes = true
};
const WriteOperation operation_register_schema = {
	"register-schema", BASE_OF_PRODUCT, want_schema_registration
};
const WriteOperation operation_update_schema = {
	"update-schema", BASE_OF_ID, want_schema_update
};
const WriteOperation operation_patch_schema = {
	"patch-schema", BASE_OF_ID, want_schema_patch
};
const WriteOperation operation_delete_schema = {
	"delete-schema", BASE_OF_ID, want_schema_deletion, .removes = true
};

static void
diff_registration(ChangeList *list)
{
	Change		registered = {
		.change = "data-product-registered",
		.kind = KIND_INITIAL
	};

	changes_add(list, &registered);
}

/* Lists every change; the plan has the tables that do change. */
static void
compare_states(const WriteBase *base, const WantedState *wanted,
			   WritePlan *plan)
{
	ChangeList	list;
	ListCell   *cell;

	changes_begin(&list);
	if (base->has_version)
		diff_metadata(&list, base->version.metadata, wanted->metadata);
	else
		diff_registration(&list);
	foreach(cell, wanted->tables)
	{
		TableChange *table = lfirst(cell);
		int			before = list.count;

		diff_table(&list, table->table, table->old, table->new,
				   table->renamed_from);
		if (list.count > before)
			plan->tables = lappend(plan->tables, table);
	}
	plan->kind = list.kind;
	plan->changes = changes_end(&list);
}

void
plan_make(const WriteRequest *request, const WriteBase *base, WritePlan *plan)
{
	WantedState wanted = {
		.metadata = base->has_version ? base->version.metadata : NULL,
		.faults = {.document = request->document}
	};

	memset(plan, 0, sizeof(*plan));
	request->operation->want(request, base, &wanted);
	faults_report(&wanted.faults);
	plan->metadata = wanted.metadata;
	plan->kept = wanted.kept;
	compare_states(base, &wanted, plan);
}
