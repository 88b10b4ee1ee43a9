/*
 * json_schema/builtin.c
 *		The meta-schemas of all drafts, each read when it is first asked for.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "compat.h"
#include "json_schema/builtin.h"
#include "json_schema/builtin_text.h"
#include "json_schema/dialect.h"

static MemoryContext builtin_context = NULL;
static Jsonb *documents[lengthof(meta_schemas)];

MemoryContext
schema_builtin_context(void)
{
	if (builtin_context == NULL)
		builtin_context = AllocSetContextCreate(TopMemoryContext,
												"dpmeta meta-schemas",
												ALLOCSET_DEFAULT_SIZES);
	return builtin_context;
}

static Jsonb *
read_document(int i)
{
	Datum		read = DirectFunctionCall1(jsonb_in,
										   CStringGetDatum(meta_schemas[i].text));
	Jsonb	   *document = DatumGetJsonbP(read);
	Jsonb	   *kept = MemoryContextAlloc(schema_builtin_context(),
										  VARSIZE(document));

	memcpy(kept, document, VARSIZE(document));
	return kept;
}

Jsonb *
schema_builtin(const char *uri)
{
	for (int i = 0; i < lengthof(meta_schemas); i++)
	{
		if (!schema_draft_uri_is(uri, meta_schemas[i].uri))
			continue;
		if (documents[i] == NULL)
			documents[i] = read_document(i);
		return documents[i];
	}
	return NULL;
}
