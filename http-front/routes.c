/*
 * routes.c
 *		The one table of what is served.
 *
 * Every statement answers in the same columns, in the order of ReplyColumn in
 * reply.h; one that has fewer leaves the last ones out.
 */
#include "routes.h"

#include <string.h>

#define RESOURCE \
	"id::text, etag, document, " \
	"extract(epoch FROM retired_at)::bigint, " \
	"extract(epoch FROM sunset)::bigint, successor::text"
#define WRITTEN RESOURCE ", replayed, kind"
#define OPTIONS \
	"idempotent => $4, idempotency_key => $5, dry_run => $6, " \
	"actor => $7, actor_roles => $8"

#define PATH_ID {FROM_PATH, "id", TYPE_TEXT, true, 0, 0, \
	"A dp: ID: dp:NAME[:vMAJOR[.MINOR]][:TABLE]."}
#define DOCUMENT {FROM_BODY, NULL, TYPE_TEXT, true, 0, 0, \
	"The document."}
#define IF_MATCH {FROM_IF_MATCH, "If-Match", TYPE_TEXT, false, 0, 0, \
	"Entity tags of which one must be the current one."}
#define IDEMPOTENT {FROM_IDEMPOTENCY, NULL, TYPE_BOOLEAN, false, 0, 0, NULL}
#define IDEMPOTENCY_KEY \
	{FROM_IDEMPOTENCY_KEY, "Idempotency-Key", TYPE_TEXT, false, 0, 0, \
	"The caller's own key; without one, a key is made of the request."}
#define DRY_RUN {FROM_QUERY, "dryRun", TYPE_BOOLEAN, false, 0, 0, \
	"Answer with what would change, and change nothing."}
#define CALLER {FROM_CALLER, NULL, TYPE_TEXT, false, 0, 0, NULL}
#define CALLER_ROLES {FROM_CALLER_ROLES, NULL, TYPE_TEXT, false, 0, 0, NULL}
#define DELETED {FROM_QUERY, "deleted", TYPE_BOOLEAN, false, 0, 0, \
	"Include what was deleted."}
#define FILTER(name, meaning) \
	{FROM_QUERY, name, TYPE_TEXT, false, 0, 0, meaning}

#define WRITE_OPTIONS \
	IF_MATCH, IDEMPOTENT, IDEMPOTENCY_KEY, DRY_RUN, CALLER, CALLER_ROLES
#define DELETE_PARAMETERS \
	PATH_ID, IF_MATCH, DRY_RUN, CALLER, CALLER_ROLES

#define JSON "application/json"
#define PRODUCTS "/v1/data-products"
#define SCHEMAS "/v1/schemas"

const Route ROUTES[] = {
	{
		.operation = "listDataProducts",
		.method = METHOD_GET,.path = PRODUCTS,
		.work = WORK_LIST,.role = ROLE_READER,.success = 200,
		.answer = ANSWER_PAGE,.produces = JSON,
		.summary = "List the newest live versions of the data products",
		.sql = "SELECT NULL, etag, document, NULL, NULL, NULL, NULL, NULL, next "
		"FROM dpmeta.data_products_page(domain => $1, status => $2, "
		"owner => $3, tag => $4, q => $5, page_size => $6, after => $7, "
		"deleted => $8)",
		.parameter_count = 8,
		.parameters = {
			FILTER("domain", "Only those of this domain."),
			FILTER("status", "Only those of this status."),
			FILTER("owner", "Only those of this owner."),
			FILTER("tag", "Only those with this tag, as KEY:VALUE."),
			FILTER("q", "Only those that this full-text search finds."),
			{FROM_QUERY, "limit", TYPE_INTEGER, false, 1, 1000,
			"The most to answer with; 50 by default."},
			FILTER("after", "The cursor of the next page, as its link has it."),
			DELETED
		}
	},
	{
		.operation = "registerDataProduct",
		.method = METHOD_POST,.path = PRODUCTS,
		.work = WORK_WRITE,.role = ROLE_PRODUCER,.success = 201,
		.idempotent = true,.body = BODY_JSON,.produces = JSON,
		.resource = PRODUCTS,
		.summary = "Register a data product",
		.sql = "SELECT " WRITTEN " FROM dpmeta.register_data_product($1::jsonb, "
		"if_match => $2, idempotent => $3, idempotency_key => $4, "
		"dry_run => $5, actor => $6, actor_roles => $7)",
		.parameter_count = 7,
		.parameters = {DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "getDataProduct",
		.method = METHOD_GET,.path = PRODUCTS "/{id}",
		.work = WORK_READ,.role = ROLE_READER,.success = 200,
		.produces = JSON,.resource = PRODUCTS,
		.summary = "Read a data product",
		.sql = "SELECT " RESOURCE " FROM dpmeta.get_data_product($1)",
		.parameter_count = 1,
		.parameters = {PATH_ID}
	},
	{
		.operation = "updateDataProduct",
		.method = METHOD_PUT,.path = PRODUCTS "/{id}",
		.work = WORK_WRITE,.role = ROLE_PRODUCER,.success = 200,
		.idempotent = true,.body = BODY_JSON,.produces = JSON,
		.resource = PRODUCTS,
		.summary = "Update a data product",
		.sql = "SELECT " WRITTEN " FROM dpmeta.update_data_product($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {PATH_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "patchDataProduct",
		.method = METHOD_PATCH,.path = PRODUCTS "/{id}",
		.work = WORK_WRITE,.role = ROLE_PRODUCER,.success = 200,
		.idempotent = true,.body = BODY_MERGE_PATCH,.produces = JSON,
		.resource = PRODUCTS,
		.summary = "Update a data product by a merge patch",
		.sql = "SELECT " WRITTEN " FROM dpmeta.patch_data_product($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {PATH_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "deleteDataProduct",
		.method = METHOD_DELETE,.path = PRODUCTS "/{id}",
		.work = WORK_WRITE,.role = ROLE_STEWARD,.success = 204,
		.produces = JSON,.resource = PRODUCTS,
		.summary = "Delete a data product, a major of it or one version",
		.sql = "SELECT " WRITTEN " FROM dpmeta.delete_data_product($1, "
		"if_match => $2, dry_run => $3, actor => $4, actor_roles => $5)",
		.parameter_count = 5,
		.parameters = {DELETE_PARAMETERS}
	},
	{
		.operation = "listVersions",
		.method = METHOD_GET,.path = PRODUCTS "/{id}/versions",
		.work = WORK_LIST,.role = ROLE_READER,.success = 200,
		.produces = JSON,.resource = PRODUCTS,
		.summary = "List a data product's versions, newest first",
		.sql = "SELECT " RESOURCE " FROM dpmeta.list_versions($1, "
		"deleted => coalesce($2, false))",
		.parameter_count = 2,
		.parameters = {PATH_ID, DELETED}
	},
	{
		.operation = "listChanges",
		.method = METHOD_GET,.path = PRODUCTS "/{id}/changes",
		.work = WORK_LIST,.role = ROLE_READER,.success = 200,
		.produces = JSON,.resource = PRODUCTS,
		.summary = "Tell the difference between two versions, and its kind",
		.sql = "SELECT " RESOURCE " FROM dpmeta.list_changes($1, "
		"from_version => $2)",
		.parameter_count = 2,
		.parameters = {
			PATH_ID,
			{FROM_QUERY, "from", TYPE_TEXT, true, 0, 0,
			"The version to compare with, such as v1.0."}
		}
	},
	{
		.operation = "restoreDataProduct",
		.method = METHOD_POST,.path = PRODUCTS "/{id}/restore",
		.work = WORK_WRITE,.role = ROLE_STEWARD,.success = 200,
		.produces = JSON,.resource = PRODUCTS,
		.summary = "Undo a deletion",
		.sql = "SELECT " WRITTEN " FROM dpmeta.restore_data_product($1, "
		"if_match => $2, dry_run => $3, actor => $4, actor_roles => $5)",
		.parameter_count = 5,
		.parameters = {DELETE_PARAMETERS}
	},
	{
		.operation = "registerSchema",
		.method = METHOD_POST,.path = SCHEMAS "/{id}",
		.work = WORK_WRITE,.role = ROLE_PRODUCER,.success = 201,
		.idempotent = true,.body = BODY_JSON,.produces = JSON,
		.resource = SCHEMAS,
		.summary = "Register a table's schema",
		.sql = "SELECT " WRITTEN " FROM dpmeta.register_schema($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {PATH_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "getSchema",
		.method = METHOD_GET,.path = SCHEMAS "/{id}",
		.work = WORK_READ,.role = ROLE_READER,.success = 200,
		.produces = JSON,.resource = SCHEMAS,
		.summary = "Read a table's schema",
		.sql = "SELECT " RESOURCE " FROM dpmeta.get_schema($1)",
		.parameter_count = 1,
		.parameters = {PATH_ID}
	},
	{
		.operation = "updateSchema",
		.method = METHOD_PUT,.path = SCHEMAS "/{id}",
		.work = WORK_WRITE,.role = ROLE_PRODUCER,.success = 200,
		.idempotent = true,.body = BODY_JSON,.produces = JSON,
		.resource = SCHEMAS,
		.summary = "Update a table's schema",
		.sql = "SELECT " WRITTEN " FROM dpmeta.update_schema($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {PATH_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "patchSchema",
		.method = METHOD_PATCH,.path = SCHEMAS "/{id}",
		.work = WORK_WRITE,.role = ROLE_PRODUCER,.success = 200,
		.idempotent = true,.body = BODY_MERGE_PATCH,.produces = JSON,
		.resource = SCHEMAS,
		.summary = "Update a table's schema by a merge patch",
		.sql = "SELECT " WRITTEN " FROM dpmeta.patch_schema($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {PATH_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "deleteSchema",
		.method = METHOD_DELETE,.path = SCHEMAS "/{id}",
		.work = WORK_WRITE,.role = ROLE_STEWARD,.success = 204,
		.produces = JSON,.resource = SCHEMAS,
		.summary = "Remove a table from a data product",
		.sql = "SELECT " WRITTEN " FROM dpmeta.delete_schema($1, "
		"if_match => $2, dry_run => $3, actor => $4, actor_roles => $5)",
		.parameter_count = 5,
		.parameters = {DELETE_PARAMETERS}
	},
	{
		.operation = "getHealth",
		.method = METHOD_GET,.path = "/health",
		.success = 200,.answer = ANSWER_HEALTH,.produces = JSON,
		.summary = "Tell that the process is alive",
	},
	{
		.operation = "getReadiness",
		.method = METHOD_GET,.path = "/ready",
		.work = WORK_READ,.success = 200,.answer = ANSWER_READY,
		.produces = JSON,
		.summary = "Tell whether requests can be served, and if not, why",
		.sql = "SELECT extversion FROM pg_catalog.pg_extension "
		"WHERE extname = 'dpmeta'",
	},
	{
		.operation = "getMetrics",
		.method = METHOD_GET,.path = "/metrics",
		.success = 200,.answer = ANSWER_METRICS,
		.produces = "text/plain",
		.summary = "Counters for Prometheus",
	},
};

const int	ROUTE_COUNT = (int) (sizeof(ROUTES) / sizeof(ROUTES[0]));

static const struct
{
	const char *name;
	Method		method;
}			METHODS[] = {
	{"GET", METHOD_GET},
	{"HEAD", METHOD_HEAD},
	{"POST", METHOD_POST},
	{"PUT", METHOD_PUT},
	{"PATCH", METHOD_PATCH},
	{"DELETE", METHOD_DELETE},
	{"OPTIONS", METHOD_OPTIONS},
};

#define METHOD_COUNT (sizeof(METHODS) / sizeof(METHODS[0]))

Method
method_from_name(const char *name)
{
	for (size_t i = 0; i < METHOD_COUNT; i++)
		if (strcmp(METHODS[i].name, name) == 0)
			return METHODS[i].method;
	return METHOD_OTHER;
}

/* Does the path have the pattern's segments?  Then *id is what stands for {id}. */
static bool
path_matches(const char *pattern, const Uri *uri, const Piece **id)
{
	int			segment = 0;

	*id = NULL;
	while (*pattern == '/')
	{
		size_t		length = strcspn(++pattern, "/");
		const Piece *given;

		if (segment == uri->segment_count)
			return false;
		given = &uri->segments[segment++];
		if (*pattern == '{')
			*id = given;
		else if (given->bad || given->length != length ||
				 memcmp(given->text, pattern, length) != 0)
			return false;
		pattern += length;
	}
	return segment == uri->segment_count;
}

void
route_find(RouteMatch *match, const Uri *uri, Method method)
{
	memset(match, 0, sizeof(*match));
	if (method == METHOD_HEAD)
		method = METHOD_GET;
	for (int i = 0; i < ROUTE_COUNT; i++)
	{
		const Route *route = &ROUTES[i];
		const Piece *id;

		if (!path_matches(route->path, uri, &id))
			continue;
		match->id = id;
		match->methods |= route->method | METHOD_OPTIONS;
		if (route->method == METHOD_GET)
			match->methods |= METHOD_HEAD;
		if (route->method == method)
		{
			match->route = route;
			return;
		}
	}
}

void
methods_write(Text *out, unsigned methods)
{
	const char *separator = "";

	for (size_t i = 0; i < METHOD_COUNT; i++)
	{
		if ((methods & METHODS[i].method) == 0)
			continue;
		text_add(out, separator);
		text_add(out, METHODS[i].name);
		separator = ", ";
	}
}
