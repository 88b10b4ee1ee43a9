/*
 * json_schema/builtin.c
 *		The meta-schemas of draft 2020-12, and checking schemas by them.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "json_schema/builtin_text.h"
#include "json_schema/program.h"
#include "json_schema/uri.h"

#define STANDARD_DIALECT	"https://json-schema.org/draft/2020-12/schema"

/* They are read once and stay, outside the bound of the cache. */
static MemoryContext meta_context = NULL;
static Jsonb *meta_documents[lengthof(meta_schemas)];
static SchemaProgram *standard_program = NULL;

static MemoryContext
get_meta_context(void)
{
	if (meta_context == NULL)
		meta_context = AllocSetContextCreate(TopMemoryContext,
											 "dpmeta meta-schemas",
											 ALLOCSET_DEFAULT_SIZES);
	return meta_context;
}

static Jsonb *
read_document(int i)
{
	Datum		read = DirectFunctionCall1(jsonb_in,
										   CStringGetDatum(meta_schemas[i].text));
	Jsonb	   *document = DatumGetJsonbP(read);
	Jsonb	   *kept = MemoryContextAlloc(get_meta_context(),
										  VARSIZE(document));

	memcpy(kept, document, VARSIZE(document));
	return kept;
}

Jsonb *
schema_builtin(const char *uri)
{
	for (int i = 0; i < lengthof(meta_schemas); i++)
	{
		if (strcmp(uri, meta_schemas[i].uri) != 0)
			continue;
		if (meta_documents[i] == NULL)
			meta_documents[i] = read_document(i);
		return meta_documents[i];
	}
	return NULL;
}

static const SchemaProgram *
get_standard_program(void)
{
	MemoryContext context;

	if (standard_program != NULL)
		return standard_program;
	context = AllocSetContextCreate(CurrentMemoryContext, "dpmeta meta-schema",
									ALLOCSET_DEFAULT_SIZES);
	standard_program = schema_compile(schema_builtin(STANDARD_DIALECT), NULL,
									  NULL, context, NULL);
	MemoryContextSetParent(context, get_meta_context());
	return standard_program;
}

/*
 * The program of the dialect that the schema names; NULL if that is unknown,
 * of which the compiler then speaks, or is faulty and the faults are taken.
 */
static const SchemaProgram *
dialect_program(const JsonItem *schema, SchemaLoader loader,
				MemoryContext context, SchemaReport *faults)
{
	SchemaSource source;
	JsonItem	value;
	char	   *uri;
	Jsonb	   *document;

	if (!json_item_member(schema, "$schema", 7, &value) ||
		value.kind != JSON_STRING)
		return get_standard_program();
	uri = uri_drop_empty_fragment(pnstrdup(value.u.string, value.len));
	if (strcmp(uri, STANDARD_DIALECT) == 0)
		return get_standard_program();
	document = schema_builtin(uri);
	if (document == NULL && loader != NULL)
		document = loader(uri, &source);
	if (document == NULL)
		return NULL;
	return schema_compile(document, uri, loader, context, faults);
}

bool
schema_check(Jsonb *schema, SchemaLoader loader, bool ignore_faulty,
			 SchemaReport *report)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "dpmeta dialect",
												  ALLOCSET_SMALL_SIZES);
	const SchemaProgram *program;
	SchemaReport faults;
	JsonItem	root;
	bool		valid = true;

	json_item_root(schema, &root);
	schema_report_init(&faults);
	program = dialect_program(&root, loader, context,
							  ignore_faulty ? &faults : NULL);
	if (program != NULL)
		valid = schema_program_run(program, &root, false, NULL);
	if (!valid)
		schema_program_run(program, &root, false, report);
	MemoryContextDelete(context);
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
schema_compile_checked(Jsonb *schema, const char *base_uri,
					   SchemaLoader loader, MemoryContext context)
{
	SchemaReport report;

	schema_report_init(&report);
	if (!schema_check(schema, loader, false, &report) && report.count > 0)
		schema_report_raise(&report);
	return schema_compile(schema, base_uri, loader, context, NULL);
}
