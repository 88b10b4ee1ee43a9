/*
 * api/list.c
 *		Lists of data products: filtered, in pages, by name.
 *
 * A page is found by the name that the one before ended with, so that what is
 * registered or deleted meanwhile shifts nothing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "api/filters.h"
#include "api/page.h"
#include "compat.h"
#include "errors.h"
#include "json/render.h"
#include "rules/document.h"
#include "rules/etag.h"
#include "rules/resolve.h"
#include "store/fetch.h"
#include "store/kept_plan.h"
#include "store/row.h"
#include "store/search.h"
#include "store/statements.h"

/* The longest text to search for, in bytes. */
#define MAX_SEARCH			2000

/* The arguments of the SQL functions. */
enum Argument
{
	ARG_DOMAIN,
	ARG_STATUS,
	ARG_OWNER,
	ARG_TAG,
	ARG_Q,
	ARG_PAGE_SIZE,
	ARG_AFTER,
	ARG_DELETED,
	ARG_COUNT
};

/* A filter is a bit of a combination, and a parameter of the statement. */
typedef enum Filter
{
	FILTER_DOMAIN,
	FILTER_STATUS,
	FILTER_OWNER,
	FILTER_TAG,
	FILTER_Q,
	FILTER_COUNT
} Filter;

#define FILTER_BIT(filter)	(1 << (filter))
/* The bit that lets tombstones in. */
#define WITH_DELETED		FILTER_BIT(FILTER_COUNT)
/* The bit of a list as of a time. */
#define IN_THE_PAST			(WITH_DELETED << 1)
#define COMBINATIONS		(IN_THE_PAST << 1)

/* The filters, the name after which the page begins, and the time. */
#define PARAMETER_COUNT		(FILTER_COUNT + 2)

static const char *const conditions[FILTER_COUNT] = {
	[FILTER_DOMAIN] = " AND p.domain = $1",
	[FILTER_STATUS] = " AND p.status = $2",
	[FILTER_OWNER] = " AND p.owner = $3",
	[FILTER_TAG] = " AND p.tags @> ANY ($4)",
	[FILTER_Q] = " AND p.search @@"
	" websearch_to_tsquery('pg_catalog.english', $5)",
};

/* In the past the product's row is of no help: the version says it all. */
static const char *const past_conditions[FILTER_COUNT] = {
	[FILTER_DOMAIN] = " AND v.metadata->>'domain' = $1",
	[FILTER_STATUS] = " AND v.metadata->>'status' = $2",
	[FILTER_OWNER] = " AND v.metadata->>'dataProductOwner' = $3",
	[FILTER_TAG] = " AND v.metadata->'tags' @> ANY ($4)",
	[FILTER_Q] = " AND " SEARCH_VECTOR("p.name", "v.metadata") " @@"
	" websearch_to_tsquery('pg_catalog.english', $5)",
};

static Oid	parameter_types[PARAMETER_COUNT] = {
	TEXTOID, TEXTOID, TEXTOID, JSONBARRAYOID, TEXTOID, TEXTOID, TIMESTAMPTZOID
};

/* How selective these are depends on the value, so plan for the value. */
#define PLANNED_BY_VALUE \
	(FILTER_BIT(FILTER_OWNER) | FILTER_BIT(FILTER_TAG) | FILTER_BIT(FILTER_Q))

#define LIST_COLUMNS \
	"SELECT p.name, p.retired_at, p.sunset, v.version, v.created_at," \
	" v.facts_revision, v.deleted_at, v.document, p.product_id, p.trunk," \
	" v.trunk AS version_trunk"

/* The products of the page; conditions follow. */
#define LIST_PRODUCTS \
	" FROM (SELECT p.product_id, p.name, p.trunk, p.retired_at, p.sunset," \
	" coalesce(p.current, p.trunk) AS version" \
	" FROM dpmeta.product p WHERE p.name > $6"

/*
 * Documents are looked up one by one, and only for the rows of the page.
 * OFFSET 0 stops the planner from joining all of them first.
 */
#define LIST_LOOKUPS \
	" CROSS JOIN LATERAL (SELECT v.version, v.trunk, v.created_at," \
	" v.facts_revision, v.deleted_at, v.document FROM dpmeta.product_version v" \
	" WHERE v.product_id = p.product_id AND v.version = p.version OFFSET 0) v" \
	" ORDER BY p.name"

/*
 * A time is looked up product by product, in the order of the list.  Of one that was
 * deleted then, the newest version is looked at, as in the present.
 */
#define LIST_PAST \
	"SELECT p.name FROM dpmeta.product p CROSS JOIN LATERAL" \
	" (SELECT s.current FROM dpmeta.product_state s" \
	" WHERE s.product_id = p.product_id AND s.valid_from <= $7" \
	" ORDER BY s.valid_from DESC LIMIT 1) s CROSS JOIN LATERAL" \
	" (SELECT v.metadata FROM dpmeta.product_version v" \
	" WHERE v.product_id = p.product_id AND v.version = s.current" \
	" UNION ALL" \
	" (SELECT v.metadata FROM dpmeta.product_version v" \
	" WHERE s.current IS NULL AND v.product_id = p.product_id" \
	" AND v.created_at <= $7 ORDER BY v.version DESC LIMIT 1)) v" \
	" WHERE p.name > $6"

typedef struct ListRequest
{
	TimestampTz as_of;
	int			combination;	/* of bits */
	Values		parameters;
	int			page_size;
} ListRequest;

typedef struct ListEntry
{
	Product		product;		/* what the answer needs of it */
	Version		version;
} ListEntry;

static KeptPlan plans[COMBINATIONS];

static void
read_filter(FunctionCallInfo fcinfo, int arg, Filter filter,
			ListRequest *request)
{
	text	   *value = argument_text(fcinfo, arg);

	if (value != NULL)
		request->combination |= FILTER_BIT(filter);
	bind_text_or_null(&request->parameters, value);
}

static void
check_search(FunctionCallInfo fcinfo)
{
	text	   *value = argument_text(fcinfo, ARG_Q);

	if (value != NULL && VARSIZE_ANY_EXHDR(value) > MAX_SEARCH)
		report_invalid_parameter("q", text_to_cstring(value),
								 "Search for at most 2000 bytes.");
}

static void
read_tag(FunctionCallInfo fcinfo, ListRequest *request)
{
	text	   *value = argument_text(fcinfo, ARG_TAG);
	ArrayType  *tags = value == NULL ? NULL : filter_tag(value);

	if (value != NULL)
		request->combination |= FILTER_BIT(FILTER_TAG);
	bind_array_or_null(&request->parameters, tags, JSONBARRAYOID);
}

/* The first page begins after the empty name, before all others. */
static void
read_after(FunctionCallInfo fcinfo, ListRequest *request)
{
	bind_string(&request->parameters, PG_ARGISNULL(ARG_AFTER) ? "" :
				argument_name(fcinfo, ARG_AFTER, "after"));
}

static void
read_request(FunctionCallInfo fcinfo, ListRequest *request)
{
	memset(request, 0, sizeof(*request));
	request->as_of = argument_as_of(fcinfo, ARG_COUNT);
	if (request->as_of != AS_OF_NOW)
		request->combination |= IN_THE_PAST;
	filter_check_status(argument_text(fcinfo, ARG_STATUS));
	filter_check_domain(argument_text(fcinfo, ARG_DOMAIN));
	check_search(fcinfo);
	/* in the order of the parameters */
	read_filter(fcinfo, ARG_DOMAIN, FILTER_DOMAIN, request);
	read_filter(fcinfo, ARG_STATUS, FILTER_STATUS, request);
	read_filter(fcinfo, ARG_OWNER, FILTER_OWNER, request);
	read_tag(fcinfo, request);
	read_filter(fcinfo, ARG_Q, FILTER_Q, request);
	read_after(fcinfo, request);
	bind_time(&request->parameters, request->as_of);
	request->page_size = argument_page_size(fcinfo, ARG_PAGE_SIZE,
											"data products");
	if (argument_flag(fcinfo, ARG_DELETED))
		request->combination |= WITH_DELETED;
}

/*
 * The limit is part of the text, so that a plan for all values knows that a
 * list is short.  The caller stops at the size of its page.
 */
static char *
build_query(int combination)
{
	bool		past = (combination & IN_THE_PAST) != 0;
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, past ? LIST_PAST : LIST_COLUMNS LIST_PRODUCTS);
	if ((combination & WITH_DELETED) == 0)
		appendStringInfo(&sql, " AND %s.current IS NOT NULL", past ? "s" : "p");
	else if (!past)				/* but not those that were purged */
		appendStringInfoString(&sql,
							   " AND (p.current IS NOT NULL OR p.status <> '')");
	for (int i = 0; i < FILTER_COUNT; i++)
		if (combination & FILTER_BIT(i))
			appendStringInfoString(&sql, past ? past_conditions[i] : conditions[i]);
	appendStringInfo(&sql, " ORDER BY p.name LIMIT %d", MAX_PAGE_SIZE + 1);
	if (!past)
		appendStringInfoString(&sql, ") p" LIST_LOOKUPS);
	return sql.data;
}

static KeptPlan *
prepare_list(int combination)
{
	KeptPlan   *kept = &plans[combination];

	if (!kept_plan_is_ready(kept))
		kept_plan_prepare(kept, build_query(combination), PARAMETER_COUNT,
						  parameter_types,
						  combination & PLANNED_BY_VALUE ?
						  CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN);
	return kept;
}

/* Leaves the page's rows, and the one after it if any; returns their number. */
static uint64
run_list(ListRequest *request)
{
	/* There is an index in the order of each list, so that a page ends early. */
	static const char *const without[] = {
		"enable_seqscan", "enable_bitmapscan", "enable_sort",
		"enable_hashjoin", "enable_mergejoin", NULL
	};
	static const char *const free_choice[] = {NULL};
	int			rc = kept_plan_execute(prepare_list(request->combination),
									   request->combination & PLANNED_BY_VALUE ?
									   free_choice : without,
									   &request->parameters, true,
									   request->page_size + 1);

	if (rc < 0)
		elog(ERROR, "could not run a list: %s", SPI_result_code_string(rc));
	return SPI_processed;
}

/* Of one that was deleted then, the newest version. */
static void
find_past_entry(const char *name, TimestampTz as_of, ListEntry *entry)
{
	DpIdParts	id;

	id_of_product(name, &id);
	resolve_product_as_of(&id, as_of, READ_SNAPSHOT, &entry->product);
	if (entry->product.current != NO_VERSION)
		resolve_number(&entry->product, entry->product.current, READ_SNAPSHOT,
					   &entry->version);
	else
		resolve_newest(&entry->product, FIRST_VERSION, LAST_VERSION, false,
					   READ_SNAPSHOT, &entry->version);
}

static void
read_entry(const ListRequest *request, uint64 number, ListEntry *entry)
{
	Product    *product = &entry->product;
	Version    *version = &entry->version;
	Row			row;

	memset(entry, 0, sizeof(*entry));
	row_open(&row, number);
	if (request->as_of != AS_OF_NOW)
	{
		find_past_entry(row_string(&row, "name"), request->as_of, entry);
		return;
	}
	product->as_of = AS_OF_NOW;
	strlcpy(product->name, row_string(&row, "name"), sizeof(product->name));
	product->retired_at = row_time_or_none(&row, "retired_at");
	product->has_sunset = row_date(&row, "sunset", &product->sunset);
	version->version = row_version(&row, "version");
	version->created_at = row_time(&row, "created_at");
	version->facts_revision = row_int4(&row, "facts_revision");
	version->deleted_at = row_time_or_none(&row, "deleted_at");
	version->document = row_text(&row, "document");
	product->product_id = row_int8(&row, "product_id");
	product->head = row_version(&row, "trunk");
	version->leaves_at = row_version(&row, "version_trunk");
}

/* A tombstone's document also says when it was deleted. */
static text *
render_entry(const ListEntry *entry)
{
	List	   *tables = fetch_table_names(&entry->product, &entry->version,
										   READ_SNAPSHOT);
	text	   *document = document_of_data_product(&entry->product,
													&entry->version, tables);
	StringInfoData out;

	if (entry->version.deleted_at == NO_TIME)
		return document;
	initStringInfo(&out);
	/* all but the closing brace */
	appendBinaryStringInfo(&out, VARDATA_ANY(document),
						   VARSIZE_ANY_EXHDR(document) - 1);
	appendStringInfo(&out, ",\"deleted\":\"%s\"}",
					 format_rfc3339(entry->version.deleted_at));
	return cstring_to_text_with_len(out.data, out.len);
}

/* What was deleted has no entity tag. */
static void
answer_of_entry(const ListEntry *entry, Answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	id_of_version(entry->product.name, entry->version.version, "", &answer->id);
	if (entry->version.deleted_at == NO_TIME)
		answer->etag = etag_of_version(&entry->version);
	answer->document = render_entry(entry);
	answer_retirement(answer, &entry->product);
}

/* list_data_products(domain, status, owner, tag, q, page_size, after, deleted) */
PG_FUNCTION_INFO_V1(dpmeta_list_data_products);
Datum
dpmeta_list_data_products(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ListRequest request;
	MemoryContext row_context;
	MemoryContext old;
	uint64		count;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	read_request(fcinfo, &request);
	count = Min(run_list(&request), request.page_size);
	row_context = AllocSetContextCreate(CurrentMemoryContext, "dpmeta list row",
										ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(row_context);
	for (uint64 i = 0; i < count; i++)
	{
		ListEntry	entry;
		Answer		answer;

		read_entry(&request, i, &entry);
		answer_of_entry(&entry, &answer);
		answer_append(result, &answer);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
	return (Datum) 0;
}

/* Appends one row's document to the page. */
static void
append_entry(const ListRequest *request, ListPage *page, uint64 row)
{
	ListEntry	entry;
	text	   *document;

	read_entry(request, row, &entry);
	document = render_entry(&entry);
	page_next_entry(page);
	appendBinaryStringInfo(&page->out, VARDATA_ANY(document),
						   VARSIZE_ANY_EXHDR(document));
}

/*
 * Renders the first count rows, or as many as fit on the page, and sets count
 * to their number.
 */
static text *
render_page(const ListRequest *request, uint64 *count)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "dpmeta list row",
													  ALLOCSET_DEFAULT_SIZES);
	ListPage	page;
	uint64		i;

	page_begin(&page, PAGE_BYTES);
	for (i = 0; i < *count && !page_is_full(&page); i++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);

		append_entry(request, &page, i);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
	}
	*count = i;
	return page_end(&page);
}

/* The row of data_products_page(): etag, document, next. */
static Datum
page_datum(FunctionCallInfo fcinfo, const char *etag, text *document,
		   const char *next, MemoryContext context)
{
	Values		values = {0};

	bind_string(&values, etag);
	bind_text(&values, document);
	bind_string_or_null(&values, next);
	return answer_row(fcinfo, &values, context);
}

/* data_products_page(...), with the same arguments */
PG_FUNCTION_INFO_V1(dpmeta_data_products_page);
Datum
dpmeta_data_products_page(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	ListRequest request;
	uint64		found;
	uint64		count;
	text	   *document;
	char	   *next = NULL;
	Datum		datum;

	SPI_connect();
	read_request(fcinfo, &request);
	found = run_list(&request);
	count = Min(found, request.page_size);
	document = render_page(&request, &count);
	if (found > count)
	{
		Row			row;

		row_open(&row, count - 1);
		next = row_string(&row, "name");
	}
	datum = page_datum(fcinfo, etag_of_content(document), document, next, caller);
	SPI_finish();
	return datum;
}

/* The functions as of a time take it first. */
static Datum
call_at(FunctionCallInfo fcinfo, PGFunction function)
{
	LOCAL_FCINFO(call, ARG_COUNT + 1);

	memcpy(call, fcinfo, SizeForFunctionCallInfo(ARG_COUNT + 1));
	memcpy(call->args, fcinfo->args + 1, ARG_COUNT * sizeof(NullableDatum));
	call->args[ARG_COUNT] = fcinfo->args[0];
	return function(call);
}

/* list_data_products_at(as_of, domain, ...) */
PG_FUNCTION_INFO_V1(dpmeta_list_data_products_at);
Datum
dpmeta_list_data_products_at(PG_FUNCTION_ARGS)
{
	return call_at(fcinfo, dpmeta_list_data_products);
}

/* data_products_page_at(as_of, domain, ...) */
PG_FUNCTION_INFO_V1(dpmeta_data_products_page_at);
Datum
dpmeta_data_products_page_at(PG_FUNCTION_ARGS)
{
	return call_at(fcinfo, dpmeta_data_products_page);
}
