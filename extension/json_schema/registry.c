/*
 * json_schema/registry.c
 *		Schemas that are registered by URI.
 *
 * The table is read by its index and not through SPI: a function in a plan may
 * be called for millions of rows, and its caller needs no right on the table.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "errors.h"
#include "json_schema/builtin.h"
#include "json_schema/check.h"
#include "json_schema/format/uri.h"
#include "json_schema/registry.h"
#include "json_schema/uri.h"
#include "store/installed.h"

/* In bytes; the index of the table takes 2704, after compression. */
#define URI_MOST		2000

/* The columns of dpmeta.json_schema. */
#define COLUMN_URI		1
#define COLUMN_SCHEMA	2
#define COLUMN_DIGEST	3

static Relation
open_registry(void)
{
	Oid			schema = get_namespace_oid("dpmeta", false);
	Oid			table = get_relname_relid("json_schema", schema);

	installed_check();
	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s\" does not exist", "dpmeta.json_schema"),
				 errhint("Install the extension again: its own table is missing.")));
	return table_open(table, AccessShareLock);
}

/* Copies the row's digest, and its schema if that is wanted. */
static Jsonb *
read_row(HeapTuple tuple, TupleDesc desc, SchemaSource *source, bool content)
{
	bool		null;
	Datum		digest = heap_getattr(tuple, COLUMN_DIGEST, desc, &null);
	bytea	   *bytes;

	if (!null)
	{
		bytes = DatumGetByteaPP(digest);
		memcpy(source->digest, VARDATA_ANY(bytes),
			   Min(sizeof(source->digest), VARSIZE_ANY_EXHDR(bytes)));
	}
	if (!content)
		return NULL;
	return DatumGetJsonbPCopy(heap_getattr(tuple, COLUMN_SCHEMA, desc, &null));
}

/* Looks a URI up; true if it is registered. */
static bool
find_row(const char *uri, SchemaSource *source, Jsonb **schema)
{
	Relation	table = open_registry();
	Oid			index = RelationGetPrimaryKeyIndex(table);
	Snapshot	snapshot = RegisterSnapshot(GetActiveSnapshot());
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple	tuple;

	ScanKeyInit(&key, COLUMN_URI, BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(uri));
	scan = systable_beginscan(table, index, OidIsValid(index), snapshot, 1,
							  &key);
	tuple = systable_getnext(scan);
	memset(source->digest, 0, sizeof(source->digest));
	if (HeapTupleIsValid(tuple))
	{
		Jsonb	   *found = read_row(tuple, RelationGetDescr(table), source,
									 schema != NULL);

		if (schema != NULL)
			*schema = found;
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(table, AccessShareLock);
	return HeapTupleIsValid(tuple);
}

/* The schema registered under a URI, as the active snapshot has it, or NULL. */
static Jsonb *
load_schema(const char *uri, SchemaSource *source)
{
	Jsonb	   *schema = NULL;

	source->uri = pstrdup(uri);
	find_row(uri, source, &schema);
	return schema;
}

bool
schema_registry_is_current(const List *sources)
{
	ListCell   *lc;

	foreach(lc, sources)
	{
		const SchemaSource *source = lfirst(lc);
		SchemaSource now;

		find_row(source->uri, &now, NULL);
		if (memcmp(now.digest, source->digest, sizeof(now.digest)) != 0)
			return false;
	}
	return true;
}

static void
require_usable_uri(const char *uri)
{
	if (strlen(uri) > URI_MOST)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("a JSON schema cannot be registered by a URI of %zu bytes",
						strlen(uri)),
				 errdetail("It has at most %d.", URI_MOST),
				 errhint("Give a URI such as \"https://example.org/name.json\".")));
	if (!uri_is_valid(uri, strlen(uri), 0) || strchr(uri, '#') != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("a JSON schema cannot be registered as \"%s\"", uri),
				 errdetail("That is not an absolute URI without a fragment."),
				 errhint("Give a URI such as \"https://example.org/name.json\".")));
	if (schema_builtin(uri) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("a JSON schema cannot be registered as \"%s\"", uri),
				 errdetail("That is the URI of a built-in meta-schema, which always goes first."),
				 errhint("Register the schema by a URI of its own.")));
}

/* Does the schema say by which meta-schema it is to be judged? */
static bool
names_dialect(Jsonb *schema)
{
	JsonItem	root;
	JsonItem	value;

	json_item_root(schema, &root);
	return json_item_member(&root, "$schema", 7, &value);
}

/* Can it be a schema, of whatever draft? */
static bool
has_schema_kind(Jsonb *schema)
{
	JsonItem	root;

	json_item_root(schema, &root);
	return root.kind == JSON_OBJECT || root.kind == JSON_BOOLEAN;
}

/*
 * Warns of the error that using the schema would raise.  The schema is registered
 * nevertheless, because it may be of another draft, or only parts of it be used.
 */
static void
warn_of_fault(const char *uri, const SchemaReport *report)
{
	const SchemaFault *fault = &report->faults[report->count - 1];

	ereport(WARNING,
			(errcode(ERRCODE_DP_INVALID_SCHEMA),
			 errmsg("the JSON schema registered as \"%s\" is not one of draft 2020-12",
					uri),
			 errdetail("At \"%s\": %s", fault->pointer, fault->message),
			 errhint("Using it as it is will be an error. Mend it; or, if it is of another draft, name that in \"$schema\".")));
}

void
schema_registry_check(const char *uri, Jsonb *schema)
{
	SchemaReport report;

	require_usable_uri(uri);
	schema_report_init(&report);
	if (schema_check(schema, DRAFT_DEFAULT, load_schema, true,
					 &report) ||
		report.count == 0)
		return;
	if (names_dialect(schema) || !has_schema_kind(schema))
		schema_report_raise(&report);
	warn_of_fault(uri, &report);
}

SchemaProgram *
schema_registry_compile(const char *uri, SchemaDraft draft,
						MemoryContext context)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	SchemaSource *source = palloc0(sizeof(SchemaSource));
	Jsonb	   *schema = schema_builtin(uri);
	SchemaProgram *program;

	if (schema == NULL)
		schema = load_schema(uri, source);
	if (schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_SCHEMA),
				 errmsg("no JSON schema is registered as \"%s\"", uri),
				 errdetail("Nothing is known by that URI, neither registered nor built in."),
				 errhint("Register it with dpmeta.register_json_schema().")));
	program = schema_compile_checked(schema, uri, draft,
									 load_schema, context);
	if (source->uri != NULL)
		program->sources = lappend(program->sources, source);
	MemoryContextSwitchTo(caller);
	return program;
}
