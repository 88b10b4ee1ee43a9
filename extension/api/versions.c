/*
 * api/versions.c
 *		The versions of a data product, in pages.
 *
 * A page is found by the version that the one before ended with.  It ends
 * early when it holds much, and so does the list of changes of one version in
 * it: what a caller gets is bounded whatever was written.
 */
#include "postgres.h"

#include <limits.h>

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "api/page.h"
#include "json/render.h"
#include "rules/document.h"
#include "rules/etag.h"
#include "store/unseen.h"
#include "store/row.h"
#include "store/statements.h"

/* The changes of one version, in bytes: the ones that fit from the first on. */
#define CHANGES_BYTES	(64 * 1024)

/* The arguments; the first release had only the first two. */
enum Argument
{
	ARG_ID,
	ARG_DELETED,
	ARG_PAGE_SIZE,
	ARG_AFTER,
	ARG_AS_OF
};

typedef struct VersionsRequest
{
	DpIdParts	id;
	bool		deleted;
	bool		in_pages;		/* or all at once, as the first release had it */
	int			page_size;
	DpVersion	after;			/* or NO_VERSION */
} VersionsRequest;

static void
append_time(StringInfo out, const char *member, TimestampTz time)
{
	if (time == NO_TIME)
		appendStringInfo(out, ",\"%s\":null", member);
	else
		appendStringInfo(out, ",\"%s\":\"%s\"", member,
						 format_rfc3339(time));
}

/* Returns how many of the changes it shows: those that fit. */
static uint32
append_fitting(StringInfo out, Jsonb *changes, int max_bytes)
{
	JsonbIterator *it = JsonbIteratorInit(&changes->root);
	JsonbIteratorToken token;
	JsonbValue	change;
	int			begin = out->len;
	uint32		shown = 0;

	while ((token = JsonbIteratorNext(&it, &change, true)) != WJB_DONE)
	{
		int			end = out->len;

		if (token != WJB_ELEM)
			continue;
		if (shown > 0)
			appendStringInfoChar(out, ',');
		append_json_value(out, &change);
		if (out->len - begin > max_bytes)
		{
			out->len = end;
			break;
		}
		shown++;
	}
	return shown;
}

static void
append_changes(StringInfo out, Jsonb *changes, int max_bytes)
{
	uint32		count = JsonContainerSize(&changes->root);
	uint32		shown;

	appendStringInfo(out, ",\"changeCount\":%u,\"changes\":[", count);
	shown = append_fitting(out, changes, max_bytes);
	appendStringInfo(out, "],\"truncated\":%s",
					 shown < count ? "true" : "false");
}

static void
append_base(StringInfo out, DpVersion from)
{
	char		number[DPVERSION_BUFSIZE];

	if (from == NO_VERSION)
	{
		appendStringInfoString(out, ",\"from\":null");
		return;
	}
	dpversion_format(from, number);
	appendStringInfo(out, ",\"from\":\"%s\"", number);
}

/* One row of STMT_VERSIONS_LIST. */
static void
append_version(StringInfo out, const Product *product, Row *row, int max_bytes)
{
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(row_version(row, "version"), number);
	appendStringInfoString(out, "{\"id\":\"");
	id_append(out, product->name, number, "");
	appendStringInfo(out, "\",\"version\":\"%s\"", number);
	append_base(out, row_version_or_none(row, "from_version"));
	appendStringInfo(out, ",\"kind\":\"%s\"", row_string(row, "kind"));
	append_time(out, "created", row_time(row, "created_at"));
	appendStringInfoString(out, ",\"actor\":");
	escape_json(out, row_string(row, "actor"));
	append_changes(out, row_json(row, "changes"), max_bytes);
	append_time(out, "deleted", row_time_or_none(row, "deleted_at"));
	appendStringInfoChar(out, '}');
}

/*
 * Renders the first count rows, or as many as fit on the page, and sets count
 * to their number.  The changes of a version may be long, so versions are read
 * one after the other.
 */
static text *
render_versions(const Product *product, bool bounded, uint64 *count)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "dpmeta version row",
													  ALLOCSET_DEFAULT_SIZES);
	ListPage	page;
	uint64		i;

	page_begin(&page, bounded ? PAGE_BYTES : INT_MAX);
	for (i = 0; i < *count && !page_is_full(&page); i++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);
		Row			row;

		row_open(&row, i);
		page_next_entry(&page);
		append_version(&page.out, product, &row,
					   bounded ? CHANGES_BYTES : INT_MAX);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
	}
	*count = i;
	return page_end(&page);
}

static void
read_request(FunctionCallInfo fcinfo, VersionsRequest *request)
{
	dpid_parts(PG_GETARG_DPID_P(ARG_ID), &request->id);
	id_require_product(&request->id);
	request->deleted = argument_flag(fcinfo, ARG_DELETED);
	request->in_pages = PG_NARGS() > ARG_PAGE_SIZE;
	request->page_size = !request->in_pages ? INT_MAX - 1 :
		argument_page_size(fcinfo, ARG_PAGE_SIZE, "versions");
	request->after = !request->in_pages || PG_ARGISNULL(ARG_AFTER) ?
		NO_VERSION : PG_GETARG_DPVERSION(ARG_AFTER);
}

/* Leaves the page's rows, and the one after it if any; returns their number. */
static uint64
find_versions(const Product *product, const VersionsRequest *request)
{
	DpVersion	last = id_last_version(&request->id);
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_version(&values, id_first_version(&request->id));
	bind_version(&values, request->after == NO_VERSION ? last :
				 Min(last, request->after - 1));
	bind_bool(&values, request->deleted);
	bind_int8(&values, (int64) request->page_size + 1);
	if (product->as_of == AS_OF_NOW)
		return statement_run(STMT_VERSIONS_LIST, &values, true);
	bind_time(&values, product->as_of);
	return statement_run(STMT_VERSIONS_LIST_PAST, &values, true);
}

/* Raises, because there is nothing to list: none of the versions is live. */
static void
report_none(const Product *product, const VersionsRequest *request)
{
	Version		version;

	resolve_version(product, &request->id, READ_SNAPSHOT, &version);
	unseen_report();
}

static void
fill_answer(Answer *answer, const Product *product,
			const VersionsRequest *request)
{
	uint64		found = find_versions(product, request);
	uint64		count = Min(found, request->page_size);
	DpVersion	last = NO_VERSION;

	if (found == 0 && request->after == NO_VERSION)
		report_none(product, request);
	answer->document = render_versions(product, request->in_pages, &count);
	if (found > count)
	{
		Row			row;

		row_open(&row, count - 1);
		last = row_version(&row, "version");
	}
	answer->next = nullable_version(last);
	answer->etag = etag_of_content(answer->document);
	answer->id = request->id;
	answer_retirement(answer, product);
}

/* list_versions(id, deleted, page_size, after, as_of) */
PG_FUNCTION_INFO_V1(dpmeta_list_versions);
Datum
dpmeta_list_versions(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	VersionsRequest request;
	Product		product;
	Answer		answer = {0};
	Datum		row;

	if (PG_ARGISNULL(ARG_ID))
		PG_RETURN_NULL();
	read_request(fcinfo, &request);
	SPI_connect();
	resolve_product_as_of(&request.id, argument_as_of(fcinfo, ARG_AS_OF),
						  READ_SNAPSHOT, &product);
	fill_answer(&answer, &product, &request);
	row = answer_datum(fcinfo, &answer, caller);
	SPI_finish();
	return row;
}
