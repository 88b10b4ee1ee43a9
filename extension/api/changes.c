/*
 * api/changes.c
 *		The difference between two versions, in pages and for statements.
 *
 * Versions do not change, and so nor does the order of what is different: a
 * page is found by how many changes went before it.  Its kind is that of the
 * whole difference.
 */
#include "postgres.h"

#include <limits.h>

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "api/page.h"
#include "errors.h"
#include "json/render.h"
#include "rules/compare.h"
#include "rules/document.h"
#include "rules/etag.h"

/* The arguments; the first release had only the first two. */
enum Argument
{
	ARG_ID,
	ARG_FROM_VERSION,
	ARG_AFTER,
	ARG_AS_OF
};

typedef struct ChangesRequest
{
	DpIdParts	id;
	DpIdParts	from_id;
	bool		in_pages;		/* or all at once, as the first release had it */
	int			after;
} ChangesRequest;

/* One that is given by its number may be deleted: its history is kept. */
static void
find_version(const Product *product, const DpIdParts *id, Version *version)
{
	if (id->form != DPID_EXACT)
		resolve_version(product, id, READ_SNAPSHOT, version);
	else if (!resolve_number(product, id->version, READ_SNAPSHOT, version))
		resolve_report_absent(product, id, READ_SNAPSHOT);
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
	compare_versions(&list, product, old, new);

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
	request->after = request->in_pages && !PG_ARGISNULL(ARG_AFTER) ?
		PG_GETARG_INT32(ARG_AFTER) : 0;
	if (request->after < 0)
		report_invalid_parameter("after", psprintf("%d", request->after),
								 "Give the number of changes to pass over, from 0.");
}

/* list_changes(id, from_version, after, as_of) */
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

	if (PG_ARGISNULL(ARG_ID) || PG_ARGISNULL(ARG_FROM_VERSION))
		PG_RETURN_NULL();
	read_request(fcinfo, &request);
	SPI_connect();
	resolve_product_as_of(&request.id, argument_as_of(fcinfo, ARG_AS_OF),
						  READ_SNAPSHOT, &product);
	find_version(&product, &request.id, &new);
	find_version(&product, &request.from_id, &old);
	fill_answer(&answer, &product, &request, &old, &new);
	row = answer_datum(fcinfo, &answer, caller);
	SPI_finish();
	return row;
}

/* A list of changes keeps nothing of what is compared, if it is a page. */
static Datum
compare_all(const Product *product, const Version *old, const Version *new)
{
	ChangeList	list;
	StringInfoData page;

	initStringInfo(&page);
	appendStringInfoChar(&page, '[');
	changes_begin_page(&list, &page, 0, INT_MAX);
	compare_versions(&list, product, old, new);
	appendStringInfoChar(&page, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(page.data));
}

/* version_changes(name, from_version, to_version) */
PG_FUNCTION_INFO_V1(dpmeta_version_changes);
Datum
dpmeta_version_changes(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *name = argument_name(fcinfo, 0, "name");
	DpIdParts	ids[2];
	Version		versions[2];
	Product		product;
	Datum		changes;

	SPI_connect();
	for (int i = 0; i < 2; i++)
		id_of_version(name, PG_GETARG_DPVERSION(i + 1), "", &ids[i]);
	resolve_product(&ids[0], READ_SNAPSHOT, &product);
	for (int i = 0; i < 2; i++)
		if (!resolve_number(&product, ids[i].version, READ_SNAPSHOT, &versions[i]))
			resolve_report_absent(&product, &ids[i], READ_SNAPSHOT);
	changes = compare_all(&product, &versions[0], &versions[1]);
	MemoryContextSwitchTo(caller);
	changes = JsonbPGetDatum(DatumGetJsonbPCopy(changes));
	SPI_finish();
	PG_RETURN_DATUM(changes);
}
