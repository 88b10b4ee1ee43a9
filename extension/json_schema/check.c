/*
 * json_schema/check.c
 *		Checking schemas by their meta-schemas.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "errors.h"
#include "json_schema/builtin.h"
#include "json_schema/check.h"
#include "json_schema/compile/compile.h"
#include "json_schema/compile/document.h"
#include "json_schema/run/run.h"
#include "json_schema/uri.h"

/* The meta-schemas of the drafts, compiled when first needed; they stay. */
static SchemaProgram *draft_programs[DRAFT_COUNT];

static const SchemaProgram *
get_draft_program(const SchemaDraftFacts *draft)
{
	SchemaProgram **program = &draft_programs[draft->number];
	MemoryContext context;

	if (*program != NULL)
		return *program;
	context = AllocSetContextCreate(CurrentMemoryContext, "dpmeta meta-schema",
									ALLOCSET_DEFAULT_SIZES);
	*program = schema_compile(schema_builtin(draft->uri), NULL, draft->number,
							  NULL, context, NULL);
	MemoryContextSetParent(context, schema_builtin_context());
	return *program;
}

typedef struct DialectCheck
{
	SchemaDraft draft;			/* of what names none */
	SchemaLoader loader;
	bool		ignore_faulty;
	MemoryContext context;		/* of programs for this check alone */
} DialectCheck;

/*
 * The program of the dialect that the schema names; NULL if that is unknown,
 * of which the compiler then speaks, or is faulty and that is to be ignored.
 */
static const SchemaProgram *
dialect_program(const DialectCheck *check, const JsonItem *schema)
{
	const SchemaDraftFacts *draft;
	SchemaReport faults;
	SchemaSource source;
	JsonItem	value;
	char	   *uri;
	Jsonb	   *document;

	if (!json_item_member(schema, "$schema", 7, &value) ||
		value.kind != JSON_STRING)
		return get_draft_program(schema_draft(check->draft));
	uri = uri_drop_empty_fragment(pnstrdup(value.u.string, value.len));
	draft = schema_draft_find(uri);
	if (draft != NULL)
		return get_draft_program(draft);
	document = schema_builtin(uri);
	if (document == NULL && check->loader != NULL)
		document = check->loader(uri, &source);
	if (document == NULL)
		return NULL;
	schema_report_init(&faults);
	return schema_compile(document, uri, check->draft, check->loader,
						  check->context,
						  check->ignore_faulty ? &faults : NULL);
}

/* Does anything below name a dialect?  Almost never. */
static bool
names_dialect_below(const JsonItem *item)
{
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;
	JsonItem	found;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	json_walk_start(&walk, item);
	while (json_walk_next(&walk, &key, &value))
	{
		if (value.kind != JSON_OBJECT && value.kind != JSON_ARRAY)
			continue;
		if (json_item_member(&value, "$schema", 7, &found) ||
			names_dialect_below(&value))
			return true;
	}
	return false;
}

/* The resources in the schema, but for itself, that name a dialect. */
static List *
find_embedded(const DialectCheck *check, Jsonb *schema, const JsonItem *root)
{
	SchemaDocuments documents = {0};
	SchemaReport faults;
	List	   *embedded = NIL;

	if (!names_dialect_below(root))
		return NIL;
	schema_report_init(&faults);
	documents.context = CurrentMemoryContext;
	documents.loader = check->loader;
	documents.report = &faults;
	documents.unnamed = true;
	documents.index = schema_index_create(CurrentMemoryContext);
	schema_documents_add(&documents, schema, DEFAULT_BASE_URI, "",
						 schema_dialect_of_draft(check->draft));
	for (int i = 1; i < documents.nresources; i++)
	{
		SchemaResource *resource = palloc(sizeof(SchemaResource));

		*resource = documents.resources[i];
		if (resource->names_dialect && resource->root.kind == JSON_OBJECT &&
			resource->location[0] == '/')
			embedded = lappend(embedded, resource);
	}
	return embedded;
}

/* Runs a dialect's program on a schema; its faults get the prefix. */
static bool
check_part(const DialectCheck *check, const JsonItem *part, const char *prefix,
		   const List *skip, SchemaReport *report)
{
	const SchemaProgram *program = dialect_program(check, part);
	int			known = report->count;

	if (program == NULL ||
		schema_program_run(program, part, false, skip, NULL))
		return true;
	schema_program_run(program, part, false, skip, report);
	for (int i = known; prefix[0] != '\0' && i < report->count; i++)
		report->faults[i].pointer = psprintf("%s%s", prefix,
											 report->faults[i].pointer);
	return false;
}

/* The parts that have a check of their own: all embedded ones but this. */
static List *
parts_to_skip(const List *embedded, const SchemaResource *but)
{
	List	   *skip = NIL;
	ListCell   *lc;

	foreach(lc, embedded)
	{
		SchemaResource *resource = lfirst(lc);

		if (resource != but)
			skip = lappend(skip, &resource->root);
	}
	return skip;
}

bool
schema_check(Jsonb *schema, SchemaDraft draft, SchemaLoader loader,
			 bool ignore_faulty, SchemaReport *report)
{
	DialectCheck check = {draft, loader, ignore_faulty};
	JsonItem	root;
	List	   *embedded;
	ListCell   *lc;
	bool		valid;

	check.context = AllocSetContextCreate(CurrentMemoryContext,
										  "dpmeta dialect",
										  ALLOCSET_SMALL_SIZES);
	json_item_root(schema, &root);
	embedded = find_embedded(&check, schema, &root);
	valid = check_part(&check, &root, "", parts_to_skip(embedded, NULL),
					   report);
	foreach(lc, embedded)
	{
		SchemaResource *resource = lfirst(lc);

		valid &= check_part(&check, &resource->root, resource->location,
							parts_to_skip(embedded, resource), report);
	}
	MemoryContextDelete(check.context);
	return valid;
}

void
schema_report_raise(const SchemaReport *report)
{
	const SchemaFault *fault = &report->faults[report->count - 1];

	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_SCHEMA),
			 errmsg("invalid JSON schema at \"%s\"", fault->pointer),
			 errdetail("%s", fault->message),
			 errhint("dpmeta.check_schema() lists all that is wrong with a schema.")));
}

SchemaProgram *
schema_compile_checked(Jsonb *schema, const char *base_uri, SchemaDraft draft,
					   SchemaLoader loader, MemoryContext context)
{
	SchemaReport report;

	schema_report_init(&report);
	if (!schema_check(schema, draft, loader, false, &report) &&
		report.count > 0)
		schema_report_raise(&report);
	return schema_compile(schema, base_uri, draft, loader, context, NULL);
}
