/*
 * api/changes.c
 *		The difference between two versions, in pages.
 *
 * Versions do not change, and so nor does the order of what is different: a
 * page is found by how many changes went before it.  Its kind is that of the
 * whole difference.
 */
#include "postgres.h"

#include <limits.h>

#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "api/page.h"
#include "errors.h"
#include "json/render.h"
#include "rules/diff.h"
#include "rules/document.h"
#include "rules/etag.h"
#include "store/row.h"
#include "store/statements.h"

/* The arguments; the first release had only the first two. */
enum Argument
{
	ARG_ID,
	ARG_FROM_VERSION,
	ARG_AFTER
};

typedef struct ChangesRequest
{
	DpIdParts	id;
	DpIdParts	from_id;
	bool		in_pages;		/* or all at once, as the first release had it */
	int			after;
} ChangesRequest;

static void
diff_row(ChangeList *list, Row *row)
{
	char	   *table = row_string(row, "table_name");
	Jsonb	   *old = row_json_or_none(row, "old_definition");
	Jsonb	   *new = row_json_or_none(row, "new_definition");

	diff_table(list, table, old, new);
}

/* A table may be long: they are compared one after the other. */
static void
diff_tables(ChangeList *list, const Product *product, const Version *old,
			const Version *new)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "dpmeta table row",
													  ALLOCSET_DEFAULT_SIZES);
	Values		values = {0};
	uint64		count;

	bind_int8(&values, product->product_id);
	bind_version(&values, product->trunk);
	bind_version(&values, old->version);
	bind_version(&values, old->trunk);
	bind_version(&values, new->version);
	bind_version(&values, new->trunk);
	count = statement_run(STMT_TABLES_COMPARE, &values, true);
	for (uint64 i = 0; i < count; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(row_context);
		Row			row;

		CHECK_FOR_INTERRUPTS();
		row_open(&row, i);
		diff_row(list, &row);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(row_context);
	}
}

static text *
render_difference(const ChangeList *list, const Version *old,
				  const Version *new, bool has_more)
{
	StringInfoData out;
	char		from[DPVERSION_BUFSIZE];
	char		to[DPVERSION_BUFSIZE];

	dpversion_format(old->version, from);
	dpversion_format(new->version, to);
	initStringInfo(&out);
	appendStringInfo(&out,
					 "{\"from\":\"%s\",\"to\":\"%s\",\"kind\":\"%s\","
					 "\"changeCount\":%d,\"changes\":[",
					 from, to, change_kind_name(list->kind), list->count);
	appendBinaryStringInfo(&out, list->page->data, list->page->len);
	appendStringInfo(&out, "],\"truncated\":%s}", has_more ? "true" : "false");
	return cstring_to_text_with_len(out.data, out.len);
}

static void
fill_answer(Answer *answer, const Product *product,
			const ChangesRequest *request, const Version *old,
			const Version *new)
{
	ChangeList	list;
	StringInfoData page;
	int			seen;

	initStringInfo(&page);
	changes_begin_page(&list, &page, request->after,
					   request->in_pages ? PAGE_BYTES : INT_MAX);
	diff_metadata(&list, old->metadata, new->metadata);
	diff_tables(&list, product, old, new);

	seen = request->after + list.shown;
	answer->next.isnull = seen == list.count;
	answer->next.value = Int32GetDatum(seen);
	answer_of_version(answer, product, new, "",
					  render_difference(&list, old, new, seen < list.count),
					  READ_SNAPSHOT);
	answer->etag = etag_of_content(answer->document);
}

static void
read_request(FunctionCallInfo fcinfo, ChangesRequest *request)
{
	dpid_parts(PG_GETARG_DPID_P(ARG_ID), &request->id);
	id_require_product(&request->id);
	id_of_version(request->id.name, PG_GETARG_DPVERSION(ARG_FROM_VERSION), "",
				  &request->from_id);
	request->in_pages = PG_NARGS() > ARG_AFTER;
	request->after = request->in_pages ? PG_GETARG_INT32(ARG_AFTER) : 0;
	if (request->after < 0)
		report_invalid_parameter("after", psprintf("%d", request->after),
								 "Give the number of changes to pass over, from 0.");
}

/* list_changes(id, from_version, after) */
PG_FUNCTION_INFO_V1(dpmeta_list_changes);
Datum
dpmeta_list_changes(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	ChangesRequest request;
	Product		product;
	Version		old;
	Version		new;
	Answer		answer = {0};
	Datum		row;

	read_request(fcinfo, &request);
	SPI_connect();
	resolve_product(&request.id, READ_SNAPSHOT, &product);
	resolve_version(&product, &request.id, READ_SNAPSHOT, &new);
	resolve_version(&product, &request.from_id, READ_SNAPSHOT, &old);
	fill_answer(&answer, &product, &request, &old, &new);
	row = answer_datum(fcinfo, &answer, caller);
	SPI_finish();
	return row;
}
