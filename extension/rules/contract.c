/*
 * rules/contract.c
 *		A data product with all of its tables as one document: that of the
 *		product, with "tables" in place of "schemas".
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "json/render.h"
#include "rules/contract.h"
#include "rules/document.h"

static ContractTable *
read_table(JsonbValue *element)
{
	ContractTable *table = palloc(sizeof(ContractTable));
	JsonbValue *name = container_member(element->val.binary.data, "name");

	table->name = pnstrdup(name->val.string.val, name->val.string.len);
	table->document = JsonbValueToJsonb(element);
	return table;
}

List *
contract_tables(Jsonb *document)
{
	JsonbValue *tables = json_member(document, "tables");
	JsonbIterator *it = JsonbIteratorInit(tables->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue	element;
	List	   *list = NIL;

	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
		if (token == WJB_ELEM)
			list = lappend(list, read_table(&element));
	return list;
}

static int
compare_names(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

List *
contract_left_out(Jsonb *document, List *names)
{
	List	   *given = NIL;
	List	   *left = NIL;
	int			next = 0;
	ListCell   *cell;

	foreach(cell, contract_tables(document))
		given = lappend(given, ((ContractTable *) lfirst(cell))->name);
	list_sort(given, compare_names);
	/* both are in order now */
	foreach(cell, names)
	{
		while (next < list_length(given) &&
			   strcmp(list_nth(given, next), lfirst(cell)) < 0)
			next++;
		if (next == list_length(given) ||
			strcmp(list_nth(given, next), lfirst(cell)) != 0)
			left = lappend(left, lfirst(cell));
	}
	return left;
}

/* A table's document as it is stored, and its name. */
static void
append_table(StringInfo out, const char *name, text *document)
{
	appendStringInfo(out, "{\"name\":\"%s\",", name);
	/* all but the opening brace */
	appendBinaryStringInfo(out, VARDATA_ANY(document) + 1,
						   VARSIZE_ANY_EXHDR(document) - 1);
}

/* Tables are read one by one, so that only the answer may become long. */
static void
append_tables(StringInfo out, const Product *product, const Version *version,
			  ReadMode mode)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "dpmeta contract",
												  ALLOCSET_DEFAULT_SIZES);
	bool		first = true;
	ListCell   *cell;

	foreach(cell, fetch_table_names(product, version, mode))
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		const char *name = lfirst(cell);
		TableSchema schema;

		CHECK_FOR_INTERRUPTS();
		if (!fetch_table(product->product_id, version, name, mode, &schema))
			elog(ERROR, "table \"%s\" of data product \"%s\" is missing", name,
				 product->name);
		MemoryContextSwitchTo(old);
		if (!first)
			appendStringInfoChar(out, ',');
		first = false;
		append_table(out, name, schema.document);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

text *
contract_render(const Product *product, const Version *version, List *kept,
				ReadMode mode)
{
	StringInfoData out;

	initStringInfo(&out);
	/* all but the closing brace */
	appendBinaryStringInfo(&out, VARDATA_ANY(version->document),
						   VARSIZE_ANY_EXHDR(version->document) - 1);
	appendStringInfoString(&out, ",\"tables\":[");
	append_tables(&out, product, version, mode);
	appendStringInfoChar(&out, ']');
	document_append_kept(&out, kept);
	appendStringInfoChar(&out, '}');
	return cstring_to_text_with_len(out.data, out.len);
}
