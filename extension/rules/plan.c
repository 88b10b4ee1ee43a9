/*
 * rules/plan.c
 *		What each kind of write makes of its base, and what is different then.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "errors.h"
#include "json/render.h"
#include "rules/document.h"
#include "rules/etag.h"
#include "rules/plan.h"
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

static Jsonb *
check_metadata(Jsonb *document)
{
	document_check(MODEL_DATA_PRODUCT_UPDATE, document, READ_LATEST);
	return document_metadata(document);
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
	wanted->metadata = check_metadata(request->body);
}

static void
want_patch(const WriteRequest *request, const WriteBase *base,
		   WantedState *wanted)
{
	require_version(request, base);
	wanted->metadata = check_metadata(document_merge(base->version.metadata,
													 request->body));
}

/* Asks for a table to become what the definition says, or to go when NULL. */
static void
want_table(WantedState *wanted, const char *table, Jsonb *old, Jsonb *new)
{
	TableChange *change = palloc(sizeof(TableChange));

	change->table = pstrdup(table);
	change->old = old;
	change->new = new;
	wanted->tables = lappend(wanted->tables, change);
}

static Jsonb *
check_definition(Jsonb *document)
{
	document_check(MODEL_SCHEMA, document, READ_LATEST);
	return document_definition(document);
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
	want_table(wanted, request->id.table, NULL, check_definition(request->body));
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
	Jsonb	   *old = find_old_schema(request, base);

	want_table(wanted, request->id.table, old, check_definition(request->body));
}

static void
want_schema_patch(const WriteRequest *request, const WriteBase *base,
				  WantedState *wanted)
{
	Jsonb	   *old = find_old_schema(request, base);

	want_table(wanted, request->id.table, old,
			   check_definition(document_merge(old, request->body)));
}

static void
want_schema_deletion(const WriteRequest *request, const WriteBase *base,
					 WantedState *wanted)
{
	want_table(wanted, request->id.table, find_old_schema(request, base), NULL);
}

/* What the base holds, each table to be removed until it is found wanted. */
static void
want_no_table(const WriteBase *base, WantedState *wanted)
{
	Values		values = {0};
	uint64		count;

	bind_int8(&values, base->product.product_id);
	bind_version(&values, base->version.version);
	bind_version(&values, base->version.trunk);
	bind_version(&values, base->product.trunk);
	count = statement_run(STMT_TABLES_READ, &values, false);
	for (uint64 i = 0; i < count; i++)
	{
		Row			row;
		char	   *table;

		row_open(&row, i);
		table = row_string(&row, "table_name");
		want_table(wanted, table, row_json(&row, "definition"), NULL);
	}
}

static void
check_table_name(const char *name)
{
	if (dp_table_name_is_valid(name, strlen(name)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("\"%s\" is not a name for a table", name),
			 errdetail("It is a member of argument \"schemas\"."),
			 errhint("Use 1 to 128 of a-z, 0-9 and _. A table's name cannot be v followed by digits only.")));
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

/* The tables so far are those of the base, in order. */
static void
want_schemas(WantedState *wanted, Jsonb *schemas)
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
		Jsonb	   *new;

		check_table_name(table);
		JsonbIteratorNext(&it, &document, true);
		new = check_definition(JsonbValueToJsonb(&document));
		if (change != NULL)
			change->new = new;
		else
			want_table(wanted, table, NULL, new);
	}
}

static void
want_sync(const WriteRequest *request, const WriteBase *base,
		  WantedState *wanted)
{
	if (base->has_version)
		want_no_table(base, wanted);
	wanted->metadata = document_metadata(request->body);
	want_schemas(wanted, request->schemas);
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
	"delete-schema", BASE_OF_ID, want_schema_deletion
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

		diff_table(&list, table->table, table->old, table->new);
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
		.metadata = base->has_version ? base->version.metadata : NULL
	};

	memset(plan, 0, sizeof(*plan));
	request->operation->want(request, base, &wanted);
	plan->metadata = wanted.metadata;
	compare_states(base, &wanted, plan);
}
