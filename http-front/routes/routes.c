/*
 * routes/routes.c
 *		The one table of what is served.
 *
 * Every statement but those of /ready and /openapi.json answers in the same
 * columns, in the order of answers/columns.h, up to COLUMN_NEXT. db/document.c
 * wraps it in another statement.
 */
#include "routes/routes.h"

#include <string.h>

#include "routes/formats.h"
#include "routes/problem.h"

#define RESOURCE \
	"id::text, etag, document, " \
	"extract(epoch FROM retired_at)::bigint, " \
	"extract(epoch FROM sunset)::bigint, successor::text"
#define READ RESOURCE ", NULL, NULL, NULL"
/* The same in another format, unless that is NULL. */
#define RENDERED(format) \
	"id::text, etag, CASE WHEN $3::text IS NULL THEN document::text ELSE " format \
	" END, extract(epoch FROM retired_at)::bigint, " \
	"extract(epoch FROM sunset)::bigint, successor::text, NULL, NULL, NULL"
#define WRITTEN RESOURCE ", replayed, kind, NULL"
#define OPTIONS \
	"idempotent => $4, idempotency_key => $5, dry_run => $6, " \
	"actor => $7, actor_roles => $8"

/* For the documentation; the database judges IDs. */
#define NAME_PATTERN "[a-z0-9_]{1,128}"
#define MAJOR_PATTERN "v[1-9][0-9]{0,9}"
#define MINOR_PATTERN "\\.(0|[1-9][0-9]{0,9})"
#define VERSION_PATTERN MAJOR_PATTERN MINOR_PATTERN
#define SOME_VERSION_PATTERN "(:" MAJOR_PATTERN "(" MINOR_PATTERN ")?)?"

#define PRODUCT_ID { \
	.source = FROM_PATH, .name = "id", .required = true, \
	.pattern = "^dp:" NAME_PATTERN SOME_VERSION_PATTERN "$", \
	.meaning = "The ID of a data product: dp:NAME is its newest live version, " \
		"dp:NAME:vMAJOR the newest of that major, and dp:NAME:vMAJOR.MINOR " \
		"exactly that one.", \
	.examples = { \
		{"newest", "dp:hmpps_use_of_force"}, \
		{"newestOfMajor", "dp:hmpps_use_of_force:v1"}, \
		{"exact", "dp:hmpps_use_of_force:v1.0"}}}
#define TABLE_ID { \
	.source = FROM_PATH, .name = "id", .required = true, \
	.pattern = "^dp:" NAME_PATTERN SOME_VERSION_PATTERN \
		":(?!v[0-9]+$)" NAME_PATTERN "$", \
	.meaning = "The ID of a table: dp:NAME:TABLE is the one in the newest live " \
		"version of the data product, dp:NAME:vMAJOR:TABLE in the newest of " \
		"that major, and dp:NAME:vMAJOR.MINOR:TABLE in exactly that one.", \
	.examples = { \
		{"newest", "dp:hmpps_use_of_force:statements"}, \
		{"newestOfMajor", "dp:hmpps_use_of_force:v1:statements"}, \
		{"exact", "dp:hmpps_use_of_force:v1.0:statements"}}}
#define DOCUMENT {.source = FROM_BODY, .required = true}
#define IF_MATCH {.source = FROM_IF_MATCH, .name = "If-Match"}
#define IDEMPOTENT {.source = FROM_IDEMPOTENCY, .type = TYPE_BOOLEAN}
#define IDEMPOTENCY_KEY \
	{.source = FROM_IDEMPOTENCY_KEY, .name = "Idempotency-Key"}
#define DRY_RUN { \
	.source = FROM_QUERY, .name = "dryRun", .type = TYPE_BOOLEAN, \
	.initial = "false", \
	.meaning = "Answer with what would change, and change nothing."}
#define PRUNE { \
	.source = FROM_QUERY, .name = "prune", .type = TYPE_BOOLEAN, \
	.initial = "false", \
	.meaning = "Remove the tables that the document does not have."}
#define FORCE { \
	.source = FROM_QUERY, .name = "force", .type = TYPE_BOOLEAN, \
	.initial = "false", \
	.meaning = "Delete what is still consumed, too."}
#define CONSUMER_NAME { \
	.source = FROM_PATH_NAME, .name = "name", .required = true, \
	.pattern = "^[a-z0-9_][a-z0-9_.-]{0,127}$", \
	.meaning = "The name of the consumer, unique within the data product.", \
	.examples = {{"team", "finance"}}}
#define STRICT { \
	.source = FROM_QUERY, .name = "strict", .type = TYPE_BOOLEAN, \
	.initial = "false", \
	.meaning = "Refuse a document of the Open Data Contract Standard if it has " \
		"what has no counterpart here."}
#define CALLER {.source = FROM_CALLER}
#define CALLER_ROLES {.source = FROM_CALLER_ROLES}
#define DELETED { \
	.source = FROM_QUERY, .name = "deleted", .type = TYPE_BOOLEAN, \
	.initial = "false", .meaning = "Include what was deleted."}
#define LIMIT { \
	.source = FROM_QUERY, .name = "limit", .type = TYPE_INTEGER, \
	.least = 1, .most = 1000, .initial = "50", \
	.meaning = "The most entries on a page; a page of long entries has fewer."}
#define AS_OF { \
	.source = FROM_QUERY, .name = "asOf", .format = "date-time", \
	.meaning = "Answer with what was there at this time, as it stood then.", \
	.examples = {{"newYear", "2026-01-01T00:00:00Z"}}}
#define FORMAT { \
	.source = FROM_FORMAT, .name = FORMAT_PARAMETER, .initial = "json", \
	.meaning = "Answer in this format. Accept with its media type does the " \
		"same."}
#define FILTER(text, sense, sample) { \
	.source = FROM_QUERY, .name = text, .meaning = sense, \
	.examples = {{"example", sample}}}

/* By what lists and searches are narrowed down. */
#define DOMAIN FILTER("domain", "Only those of this domain.", "HMPPS")
#define STATUS FILTER("status", \
	"Only those of this status: draft, published or retired.", "published")
#define OWNER FILTER("owner", "Only those of this owner.", \
	"jane.doe@example.org")
#define TAG FILTER("tag", "Only those with this tag, as KEY:VALUE; if there " \
	"are more colons, the key may end at any of them.", "sandbox:true")

#define WRITE_OPTIONS \
	IF_MATCH, IDEMPOTENT, IDEMPOTENCY_KEY, DRY_RUN, CALLER, CALLER_ROLES
#define DELETE_OPTIONS \
	IF_MATCH, DRY_RUN, CALLER, CALLER_ROLES

#define BIT(name) PROBLEM_BIT(PROBLEM_##name)
/* What an update may meet, whatever it updates. */
#define UPDATE_PROBLEMS \
	(BIT(FORBIDDEN) | BIT(VERSION_CONFLICT) | BIT(BREAKING_CHANGE) | \
	 BIT(VERSIONS_EXHAUSTED))

#define JSON "application/json"
#define HTML "text/html"
#define PRODUCTS "/v1/data-products"
#define SCHEMAS "/v1/schemas"
#define CONTRACTS "/v1/contracts"
#define CONSUMERS PRODUCTS "/{id}/consumers"

#define TAG_PRODUCTS "Data products"
#define TAG_HISTORY "History"
#define TAG_SCHEMAS "Table schemas"
#define TAG_CONTRACTS "Contracts"
#define TAG_CONSUMERS "Consumers"
#define TAG_FIGURES "Figures"
#define TAG_DOCUMENTATION "Documentation"
#define TAG_OPERATION "Operation"

#define UPDATED \
	"Makes a new version if anything changed: a compatible change a minor " \
	"one, a breaking one a major one. An ID with a version says which one " \
	"the update started from; where that is not current any more the answer " \
	"is 409 and names the current one. On an older major only compatible " \
	"changes are taken. A repeated request is answered from the first one, " \
	"with idempotent-replayed; without If-Match, a version in the ID or an " \
	"Idempotency-Key only while nothing else was written since."
#define PATCHED \
	" The body is a JSON merge patch (RFC 7396): what it leaves out stays, " \
	"null removes, an array is replaced as a whole."

#define DELETES_PRODUCT \
	.problems = BIT(FORBIDDEN) | BIT(VERSION_CONFLICT) | BIT(CONSUMED), \
	.sql = "SELECT " WRITTEN " FROM dpmeta.delete_data_product($1, " \
		"if_match => $2, dry_run => $3, actor => $4, actor_roles => $5, " \
		"force => $6)", \
	.parameter_count = 6, \
	.parameters = {PRODUCT_ID, DELETE_OPTIONS, FORCE}
#define CONSUMED " What is still consumed is deleted only with force=true; " \
	"without it the answer is 409 and names those who read it."

const Route ROUTES[] = {
	{
		.operation = "listDataProducts",
		.method = METHOD_GET, .path = PRODUCTS,
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.answer = ANSWER_PAGE, .produces = JSON,
		.tag = TAG_PRODUCTS,
		.summary = "List the newest live versions of the data products",
		.description = "Ordered by name and in pages; the Link header holds the address of the "
		"next page. Only data products that match every filter are listed.",
		.answers = "DataProductList",
		.sql = "SELECT NULL, etag, document, NULL, NULL, NULL, NULL, NULL, next "
		"FROM dpmeta.data_products_page_at(domain => $1, status => $2, "
		"owner => $3, tag => $4, q => $5, page_size => $6, after => $7, "
		"deleted => $8, as_of => dpmeta.read_time($9))",
		.parameter_count = 9,
		.parameters = {
			DOMAIN, STATUS, OWNER, TAG,
			FILTER("q", "Only those that this full-text search finds; words, "
				   "\"phrases\", or and -without are understood.",
				   "force -draft"),
			LIMIT,
			FILTER("after", "The cursor of the next page, as its link has it.",
				   "hmpps_use_of_force"),
			DELETED,
			AS_OF
		}
	},
	{
		.operation = "getCatalogue",
		.method = METHOD_GET, .path = "/v1/catalogue",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.answer = ANSWER_PAGE, .produces = JSON,
		.tag = TAG_PRODUCTS,
		.summary = "Go through the data products by filters",
		.description = "The current data products that match every filter, in brief, with when each "
		"last got a version. The first page has counts: how many match, and how many each value "
		"of a filter would leave, the other filters being as they are; of each filter the 20 values "
		"that leave most.",
		.answers = "Catalogue",
		.sql = "SELECT NULL, etag, document, NULL, NULL, NULL, NULL, NULL, next "
		"FROM dpmeta.catalogue_page(domain => $1, status => $2, owner => $3, "
		"tag => $4, problem => $5, sort => coalesce($6, 'name'), page_size => $7, after => $8)",
		.parameter_count = 8,
		.parameters = {
			DOMAIN, STATUS, OWNER, TAG,
			FILTER("problem", "Only those that have this problem, as the figures name it.",
				   "published without tables"),
			{
				.source = FROM_QUERY, .name = "sort", .initial = "name",
				.meaning = "In which order: by name, or changed, those that got a "
				"version last first.",
				.examples = {{"latest", "changed"}}
			},
			LIMIT,
			FILTER("after", "The cursor of the next page, as its link has it.",
				   "hmpps_use_of_force")
		}
	},
	{
		.operation = "registerDataProduct",
		.method = METHOD_POST, .path = PRODUCTS,
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 201,
		.idempotent = true, .body = BODY_JSON, .produces = JSON,
		.resource = PRODUCTS,
		.tag = TAG_PRODUCTS,
		.summary = "Register a data product",
		.description = "Its first version is v1.0, or the next major if a data product of this "
		"name was deleted. A repeated request gets the first one's answer, with "
		"idempotent-replayed, while that version is the newest; with an "
		"Idempotency-Key it always does.",
		.takes = "DataProductRegistration", .answers = "DataProduct",
		.problems = BIT(FORBIDDEN) | BIT(ALREADY_EXISTS) | BIT(VERSIONS_EXHAUSTED),
		.sql = "SELECT " WRITTEN " FROM dpmeta.register_data_product($1::jsonb, "
		"if_match => $2, idempotent => $3, idempotency_key => $4, "
		"dry_run => $5, actor => $6, actor_roles => $7)",
		.parameter_count = 7,
		.parameters = {DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "getDataProduct",
		.method = METHOD_GET, .path = PRODUCTS "/{id}",
		.work = WORK_READ, .role = ROLE_READER, .success = 200,
		.produces = JSON, .resource = PRODUCTS,
		.page = "showDataProduct",
		.tag = TAG_PRODUCTS,
		.summary = "Read a data product",
		.description = "Every ID that resolves to a version gives the same document and the same "
		"ETag.",
		.answers = "DataProduct",
		.sql = "SELECT " READ " FROM dpmeta.get_data_product($1, "
		"dpmeta.read_time($2))",
		.parameter_count = 2,
		.parameters = {PRODUCT_ID, AS_OF}
	},
	{
		.operation = "updateDataProduct",
		.method = METHOD_PUT, .path = PRODUCTS "/{id}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 200,
		.idempotent = true, .body = BODY_JSON, .produces = JSON,
		.resource = PRODUCTS,
		.tag = TAG_PRODUCTS,
		.summary = "Update a data product",
		.description = UPDATED,
		.takes = "DataProductUpdate", .answers = "DataProduct",
		.problems = UPDATE_PROBLEMS,
		.sql = "SELECT " WRITTEN " FROM dpmeta.update_data_product($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {PRODUCT_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "patchDataProduct",
		.method = METHOD_PATCH, .path = PRODUCTS "/{id}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 200,
		.idempotent = true, .body = BODY_MERGE_PATCH, .produces = JSON,
		.resource = PRODUCTS,
		.tag = TAG_PRODUCTS,
		.summary = "Update a data product by a merge patch",
		.description = UPDATED PATCHED,
		.takes = "DataProductPatch", .answers = "DataProduct",
		.problems = UPDATE_PROBLEMS,
		.sql = "SELECT " WRITTEN " FROM dpmeta.patch_data_product($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {PRODUCT_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "deleteDataProduct",
		.method = METHOD_DELETE, .path = PRODUCTS "/{id}",
		.work = WORK_WRITE, .role = ROLE_STEWARD, .success = 204,
		.produces = JSON, .resource = PRODUCTS,
		.tag = TAG_PRODUCTS,
		.summary = "Delete a data product, a major of it or one version",
		.description = "dp:NAME deletes all of it, dp:NAME:vMAJOR that major version, and "
		"dp:NAME:vMAJOR.MINOR that one version. What was deleted answers 410, keeps "
		"its history, and can be restored until a later version or registration "
		"takes its place." CONSUMED,
		DELETES_PRODUCT
	},
	{
		.operation = "listVersions",
		.method = METHOD_GET, .path = PRODUCTS "/{id}/versions",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.answer = ANSWER_PAGE, .produces = JSON, .resource = PRODUCTS,
		.page = "showDataProduct",
		.tag = TAG_HISTORY,
		.summary = "List a data product's versions, newest first",
		.description = "Each entry says what changed, when, and who changed it. The ID of a major "
		"version lists only its versions. The list comes in pages; the Link header "
		"holds the address of the next one. A page has fewer entries than limit when "
		"they are long. If a version has very many changes, its entry has the first "
		"ones and truncated is true; /changes?from= has all of them.",
		.answers = "VersionList",
		.sql = "SELECT " RESOURCE ", NULL, NULL, next::text "
		"FROM dpmeta.list_versions($1, deleted => $2, page_size => $3, "
		"after => $4, as_of => dpmeta.read_time($5))",
		.parameter_count = 5,
		.parameters = {
			PRODUCT_ID,
			DELETED,
			LIMIT,
			{
				.source = FROM_QUERY, .name = "after",
				.pattern = "^" VERSION_PATTERN "$",
				.meaning = "The cursor of the next page, from the Link header: the "
				"version with which the page before it ended.",
				.examples = {{"example", "v1.3"}}
			},
			AS_OF
		}
	},
	{
		.operation = "listChanges",
		.method = METHOD_GET, .path = PRODUCTS "/{id}/changes",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.answer = ANSWER_PAGE, .produces = JSON, .resource = PRODUCTS,
		.page = "showChanges",
		.tag = TAG_HISTORY,
		.summary = "Show the difference between two versions, and its kind",
		.description = "Compares the version in from with the one that the ID resolves to, and "
		"lists each change and whether it is compatible. A long difference comes in "
		"pages: truncated is true, and the Link header holds the address of the next "
		"page. kind and changeCount describe the whole difference.",
		.answers = "Difference",
		.sql = "SELECT " RESOURCE ", NULL, NULL, next::text "
		"FROM dpmeta.list_changes($1, from_version => $2, "
		"after => coalesce($3, 0), as_of => dpmeta.read_time($4))",
		.parameter_count = 4,
		.parameters = {
			PRODUCT_ID,
			{
				.source = FROM_QUERY, .name = "from", .required = true,
				.pattern = "^" VERSION_PATTERN "$",
				.meaning = "The version to compare with.",
				.examples = {{"first", "v1.0"}}
			},
			{
				.source = FROM_QUERY, .name = "after", .type = TYPE_INTEGER,
				.least = 0, .most = INT32_MAX, .initial = "0",
				.meaning = "The cursor of the next page, from the Link header: how "
				"many changes come before it.",
			},
			AS_OF
		}
	},
	{
		.operation = "restoreDataProduct",
		.method = METHOD_POST, .path = PRODUCTS "/{id}/restore",
		.work = WORK_WRITE, .role = ROLE_STEWARD, .success = 200,
		.produces = JSON, .resource = PRODUCTS,
		.tag = TAG_PRODUCTS,
		.summary = "Undo a deletion",
		.description = "What was deleted becomes live again with the same version numbers. This "
		"is no longer possible once a later version of its major exists, or its name "
		"was registered again.",
		.answers = "DataProduct",
		.problems = BIT(FORBIDDEN) | BIT(NOT_RESTORABLE),
		.sql = "SELECT " WRITTEN " FROM dpmeta.restore_data_product($1, "
		"if_match => $2, dry_run => $3, actor => $4, actor_roles => $5)",
		.parameter_count = 5,
		.parameters = {PRODUCT_ID, DELETE_OPTIONS}
	},
	{
		.operation = "listConsumers",
		.method = METHOD_GET, .path = CONSUMERS,
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.produces = JSON, .resource = PRODUCTS,
		.tag = TAG_CONSUMERS,
		.summary = "List who reads a data product",
		.description = "By name. The ID of a major or of a version lists those who read that.",
		.answers = "ConsumerList",
		.sql = "SELECT NULL, dpmeta.content_etag(document), document, "
		"NULL, NULL, NULL, NULL, NULL, NULL "
		"FROM dpmeta.list_consumers($1) document",
		.parameter_count = 1,
		.parameters = {PRODUCT_ID}
	},
	{
		.operation = "getConsumer",
		.method = METHOD_GET, .path = CONSUMERS "/{name}",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.produces = JSON, .resource = PRODUCTS,
		.tag = TAG_CONSUMERS,
		.summary = "Read what is known of a consumer",
		.description = "Whom to tell, and what they read.",
		.answers = "Consumer",
		.sql = "SELECT NULL, dpmeta.content_etag(document), document, "
		"NULL, NULL, NULL, NULL, NULL, NULL "
		"FROM dpmeta.get_consumer($1, $2) document",
		.parameter_count = 2,
		.parameters = {PRODUCT_ID, CONSUMER_NAME}
	},
	{
		.operation = "putConsumer",
		.method = METHOD_PUT, .path = CONSUMERS "/{name}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 200,
		.creates = true, .body = BODY_JSON, .produces = JSON,
		.resource = PRODUCTS,
		.tag = TAG_CONSUMERS,
		.summary = "Say who reads a data product",
		.description = "Registers a consumer, or changes what was said of it. It makes no version "
		"of the data product. The answer to a write that breaks what a consumer reads names it "
		"under affectedConsumers, and so does a dry run.",
		.takes = "ConsumerDocument", .answers = "Consumer",
		.problems = BIT(FORBIDDEN),
		.sql = "SELECT NULL, etag, document, NULL, NULL, NULL, NULL, kind, NULL "
		"FROM dpmeta.put_consumer($1, $2, $3::jsonb, if_match => $4, "
		"dry_run => $5, actor => $6, actor_roles => $7)",
		.parameter_count = 7,
		.parameters = {PRODUCT_ID, CONSUMER_NAME, DOCUMENT, DELETE_OPTIONS}
	},
	{
		.operation = "deleteConsumer",
		.method = METHOD_DELETE, .path = CONSUMERS "/{name}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 204,
		.produces = JSON, .resource = PRODUCTS,
		.tag = TAG_CONSUMERS,
		.summary = "Forget a consumer",
		.description = "Whoever reads the data product no longer. A dry run answers with what would "
		"be forgotten.",
		.answers = "Consumer",
		.problems = BIT(FORBIDDEN),
		.sql = "SELECT NULL, etag, document, NULL, NULL, NULL, NULL, kind, NULL "
		"FROM dpmeta.delete_consumer($1, $2, if_match => $3, "
		"dry_run => $4, actor => $5, actor_roles => $6)",
		.parameter_count = 6,
		.parameters = {PRODUCT_ID, CONSUMER_NAME, DELETE_OPTIONS}
	},
	{
		.operation = "registerSchema",
		.method = METHOD_POST, .path = SCHEMAS "/{id}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 201,
		.idempotent = true, .body = BODY_JSON, .produces = JSON,
		.resource = SCHEMAS,
		.tag = TAG_SCHEMAS,
		.summary = "Register a table's schema",
		.description = "Adds a table to a data product, which makes a new minor version of it. A "
		"repeated request gets the first one's answer, with idempotent-replayed, "
		"while the table is as the first one made it; with a version in the ID or an "
		"Idempotency-Key it always does.",
		.takes = "TableSchemaDocument", .answers = "TableSchema",
		.problems = UPDATE_PROBLEMS | BIT(ALREADY_EXISTS),
		.sql = "SELECT " WRITTEN " FROM dpmeta.register_schema($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {TABLE_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "getSchema",
		.method = METHOD_GET, .path = SCHEMAS "/{id}",
		.work = WORK_READ, .role = ROLE_READER, .success = 200,
		.produces = JSON, .resource = SCHEMAS,
		.page = "showSchema",
		.tag = TAG_SCHEMAS,
		.summary = "Read a table's schema",
		.description = "Every ID that resolves to a version of the table gives the same document "
		"and the same ETag, in each format another one.",
		.answers = "TableSchema", .has_formats = true,
		.sql = "SELECT " RENDERED("dpmeta.format_schema(document, $3, "
								  "dpmeta.read_time($2))")
		" FROM dpmeta.get_schema($1, dpmeta.read_time($2))",
		.parameter_count = 3,
		.parameters = {TABLE_ID, AS_OF, FORMAT}
	},
	{
		.operation = "validateRows",
		.method = METHOD_POST, .path = SCHEMAS "/{id}/validate",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.body = BODY_DOCUMENTS, .produces = JSON, .resource = SCHEMAS,
		.tag = TAG_SCHEMAS,
		.summary = "Say whether rows keep the contract of a table",
		.description = "The body has a row on each line (NDJSON), or is a JSON array. The answer has the "
		"faults by line, the first thousand of them. Nothing is stored.",
		.takes = "Rows", .answers = "RowFaults",
		.sql = "SELECT NULL, NULL, dpmeta.validate_lines($1, $2), "
		"NULL, NULL, NULL, NULL, NULL, NULL",
		.parameter_count = 2,
		.parameters = {TABLE_ID, DOCUMENT}
	},
	{
		.operation = "updateSchema",
		.method = METHOD_PUT, .path = SCHEMAS "/{id}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 200,
		.idempotent = true, .body = BODY_JSON, .produces = JSON,
		.resource = SCHEMAS,
		.tag = TAG_SCHEMAS,
		.summary = "Update a table's schema",
		.description = UPDATED,
		.takes = "TableSchemaDocument", .answers = "TableSchema",
		.problems = UPDATE_PROBLEMS,
		.sql = "SELECT " WRITTEN " FROM dpmeta.update_schema($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {TABLE_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "patchSchema",
		.method = METHOD_PATCH, .path = SCHEMAS "/{id}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 200,
		.idempotent = true, .body = BODY_MERGE_PATCH, .produces = JSON,
		.resource = SCHEMAS,
		.tag = TAG_SCHEMAS,
		.summary = "Update a table's schema by a merge patch",
		.description = UPDATED PATCHED,
		.takes = "TableSchemaPatch", .answers = "TableSchema",
		.problems = UPDATE_PROBLEMS,
		.sql = "SELECT " WRITTEN " FROM dpmeta.patch_schema($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ")",
		.parameter_count = 8,
		.parameters = {TABLE_ID, DOCUMENT, WRITE_OPTIONS}
	},
	{
		.operation = "deleteSchema",
		.method = METHOD_DELETE, .path = SCHEMAS "/{id}",
		.work = WORK_WRITE, .role = ROLE_STEWARD, .success = 204,
		.produces = JSON, .resource = SCHEMAS,
		.tag = TAG_SCHEMAS,
		.summary = "Remove a table from a data product",
		.description = "Makes a new major version of the data product without the table; the "
		"versions before keep it." CONSUMED,
		.problems = UPDATE_PROBLEMS | BIT(CONSUMED),
		.sql = "SELECT " WRITTEN " FROM dpmeta.delete_schema($1, "
		"if_match => $2, dry_run => $3, actor => $4, actor_roles => $5, "
		"force => $6)",
		.parameter_count = 6,
		.parameters = {TABLE_ID, DELETE_OPTIONS, FORCE}
	},
	{
		.operation = "search",
		.method = METHOD_GET, .path = "/v1/search",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.answer = ANSWER_PAGE, .produces = JSON,
		.tag = TAG_PRODUCTS,
		.summary = "Find data products, tables and columns by words",
		.description = "Finds the current ones that have all words, the best first: a name before a "
		"description, that before an owner, a maintainer or a domain, and those before tags. "
		"Of the last word the beginning is enough; a word is found by its other forms, too. "
		"The results come in pages; the Link header holds the address of the next one.",
		.answers = "SearchResult",
		.sql = "SELECT NULL, etag, document, NULL, NULL, NULL, NULL, NULL, next "
		"FROM dpmeta.search_page($1, domain => $2, status => $3, owner => $4, "
		"tag => $5, page_size => $6, after => $7)",
		.parameter_count = 7,
		.parameters = {
			{
				.source = FROM_QUERY, .name = "q", .required = true,
				.meaning = "The words to search for, at most 2000 bytes.",
				.examples = {{"example", "force statem"}}
			},
			DOMAIN, STATUS, OWNER, TAG,
			LIMIT,
			FILTER("after", "The cursor of the next page, as its link has it.",
				   "1000.1.hmpps_use_of_force..0")
		}
	},
	{
		.operation = "getStats",
		.method = METHOD_GET, .path = "/v1/stats",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.has_figures = true, .produces = JSON,
		.tag = TAG_FIGURES,
		.summary = "The platform's health in figures",
		.description = "Data products, versions, loads, changes, tables, columns and problems. "
		"A small store is counted at once; the figures of a large one may be some minutes "
		"old. time says when they were counted.",
		.answers = "Stats",
		.sql = "SELECT NULL, dpmeta.content_etag(document::json), document::json, "
		"NULL, NULL, NULL, NULL, NULL, NULL "
		"FROM (SELECT dpmeta.stats() AS document OFFSET 0) s",
	},
	{
		.operation = "getContract",
		.method = METHOD_GET, .path = CONTRACTS "/{id}",
		.work = WORK_LIST, .role = ROLE_READER, .success = 200,
		.produces = JSON, .resource = CONTRACTS,
		.tag = TAG_CONTRACTS,
		.summary = "Read a data product with all of its tables",
		.description = "The document of the data product, with tables in place of schemas. Every "
		"ID that resolves to a version gives the same document and the same ETag, which "
		"is that of the data product. In each format it is another one; If-Match takes all of "
		"them.",
		.answers = "Contract", .has_formats = true,
		.sql = "SELECT " RENDERED("dpmeta.format_contract(document, $3)")
		" FROM dpmeta.get_contract($1, dpmeta.read_time($2))",
		.parameter_count = 3,
		.parameters = {PRODUCT_ID, AS_OF, FORMAT}
	},
	{
		.operation = "putContract",
		.method = METHOD_PUT, .path = CONTRACTS "/{id}",
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 200,
		.creates = true, .idempotent = true, .body = BODY_JSON,
		.produces = JSON, .resource = CONTRACTS,
		.tag = TAG_CONTRACTS,
		.summary = "Make a data product and its tables what a document says",
		.description = "Registers the data product if dp:NAME is not live, and changes it if it "
		"is. All changes together make one version. A table that the document does not "
		"have is kept, and named in keptTables of the answer; with prune=true it is "
		"removed, which takes a steward. A document of the Open Data Contract Standard, "
		"3.0 or 3.1, is taken, too; what has no counterpart here is told in warnings. " UPDATED,
		.takes = "ContractDocument", .answers = "Contract",
		.problems = UPDATE_PROBLEMS,
		.sql = "SELECT " WRITTEN " FROM dpmeta.put_contract($1, $2::jsonb, "
		"if_match => $3, " OPTIONS ", prune => $9, strict => $10)",
		.parameter_count = 10,
		.parameters = {
			PRODUCT_ID, DOCUMENT, WRITE_OPTIONS,
			PRUNE, STRICT
		}
	},
	{
		.operation = "putContracts",
		.method = METHOD_POST, .path = CONTRACTS,
		.work = WORK_WRITE, .role = ROLE_PRODUCER, .success = 200,
		.body = BODY_DOCUMENTS, .produces = JSON,
		.tag = TAG_CONTRACTS,
		.summary = "Make many data products what their documents say",
		.description = "Does what PUT does with each document: all of them, or none. The body is a "
		"JSON array, or has a document on each line (NDJSON). Each document says its "
		"name, and no two have the same. A fault says which document it is in, from 1; "
		"so does the detail of any other refusal. A document that was sent before gets "
		"the first answer while that is still true.",
		.takes = "ContractDocuments", .answers = "ContractResults",
		.problems = UPDATE_PROBLEMS,
		.sql = "SELECT NULL, NULL, dpmeta.put_contracts("
		"dpmeta.read_documents($1), idempotent => $2, dry_run => $3, "
		"actor => $4, actor_roles => $5, prune => $6), "
		"NULL, NULL, NULL, NULL, NULL, NULL",
		.parameter_count = 6,
		.parameters = {
			DOCUMENT, IDEMPOTENT, DRY_RUN, CALLER, CALLER_ROLES, PRUNE
		}
	},
	{
		.operation = "deleteContract",
		.method = METHOD_DELETE, .path = CONTRACTS "/{id}",
		.work = WORK_WRITE, .role = ROLE_STEWARD, .success = 204,
		.produces = JSON, .resource = CONTRACTS,
		.tag = TAG_CONTRACTS,
		.summary = "Delete a data product, a major of it or one version",
		.description = "The same as for the path under " PRODUCTS ".",
		DELETES_PRODUCT
	},
	{
		.operation = "getCaller",
		.method = METHOD_GET, .path = "/v1/caller",
		.role = ROLE_READER, .success = 200,
		.answer = ANSWER_CALLER, .produces = JSON,
		.tag = TAG_OPERATION,
		.summary = "Say who asks, and what they may do",
		.description = "For a program that shows only what its user may do. Where "
		"no token is needed, there is no name, and everybody may do everything.",
		.answers = "Caller",
	},
	{
		.operation = "getHealth",
		.method = METHOD_GET, .path = "/health",
		.success = 200, .answer = ANSWER_HEALTH, .produces = JSON,
		.tag = TAG_OPERATION,
		.summary = "Say that the process is alive",
		.description = "For a liveness probe; it does not ask the database.",
		.answers = "Health",
	},
	{
		.operation = "getReadiness",
		.method = METHOD_GET, .path = "/ready",
		.work = WORK_READ, .success = 200, .answer = ANSWER_READY,
		.produces = JSON,
		.tag = TAG_OPERATION,
		.summary = "Say whether requests can be served, and if not, why",
		.description = "For a readiness probe. Ready means that the database can be reached, its "
		"extension is new enough, and tokens can be checked.",
		.answers = "Readiness",
		.sql = "SELECT extversion FROM pg_catalog.pg_extension "
		"WHERE extname = 'dpmeta'",
	},
	{
		.operation = "getMetrics",
		.method = METHOD_GET, .path = "/metrics",
		.success = 200, .answer = ANSWER_METRICS,
		.produces = "text/plain",
		.tag = TAG_OPERATION,
		.summary = "Counters for Prometheus",
		.description = "In the Prometheus text format. Those of the store were counted within the "
		"last minutes; the page does not ask the database.",
		.sql = "SELECT dpmeta.renew_stats()",
	},
	{
		.operation = "getOpenApi",
		.method = METHOD_GET, .path = "/openapi.json",
		.work = WORK_READ, .success = 200, .answer = ANSWER_OPENAPI,
		.produces = JSON,
		.tag = TAG_DOCUMENTATION,
		.summary = "Describe this interface",
		.description = "In OpenAPI 3.1, with the models by which documents are checked right now.",
		.answers = "OpenApi",
		.sql = "SELECT NULL, NULL, pg_catalog.jsonb_build_object("
		"'registration', dpmeta.model('data-product'), "
		"'update', dpmeta.model('data-product-update'), "
		"'table', dpmeta.model('schema'), "
		"'contract', dpmeta.model('contract'), "
		"'consumer', dpmeta.model('consumer'))::text",
	},
	{
		.operation = "showDocs",
		.method = METHOD_GET, .path = "/docs",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "docs.html",
		.tag = TAG_DOCUMENTATION,
		.summary = "Browse and try this interface",
		.description = "Swagger UI.",
		.problems = BIT(NO_SUCH_PATH),
	},
	{
		.operation = "showRedoc",
		.method = METHOD_GET, .path = "/redoc",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "redoc.html",
		.tag = TAG_DOCUMENTATION,
		.summary = "Read about this interface",
		.description = "Redoc.",
		.problems = BIT(NO_SUCH_PATH),
	},
	{
		.operation = "finishLogin",
		.method = METHOD_GET, .path = "/oauth2-redirect",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "oauth2-redirect.html",
		.undocumented = true,
		.tag = TAG_DOCUMENTATION,
		.summary = "Where a login from /docs ends",
		.problems = BIT(NO_SUCH_PATH),
	},
	{
		.operation = "getPageFile",
		.method = METHOD_GET, .path = "/docs/assets/{file}",
		.success = 200, .answer = ANSWER_FILE,
		.undocumented = true,
		.tag = TAG_DOCUMENTATION,
		.summary = "Load a file of a documentation page",
		.problems = BIT(NO_SUCH_PATH),
		.parameter_count = 1,
		.parameters = {
			{
				.source = FROM_PATH, .name = "file", .required = true,
				.pattern = "^[0-9a-f]{16}-[a-z0-9.-]+$",
				.meaning = "The file's name, as a page refers to it.",
				.examples = {{"style", "0123456789abcdef-pages.css"}}
			}
		}
	},
	{
		.operation = "showCatalogue",
		.method = METHOD_GET, .path = "/",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "app.html", .undocumented = true,
		.summary = "Find data products",
	},
	{
		.operation = "showDashboard",
		.method = METHOD_GET, .path = "/dashboard",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "app.html", .undocumented = true,
		.summary = "The platform's health in pictures",
	},
	{
		.operation = "showDataProduct",
		.method = METHOD_GET, .path = "/data-products/{id}",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "app.html", .undocumented = true,
		.summary = "A data product in a browser",
		.parameter_count = 1,
		.parameters = {PRODUCT_ID}
	},
	{
		.operation = "showChanges",
		.method = METHOD_GET, .path = "/data-products/{id}/changes",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "app.html", .undocumented = true,
		.summary = "Two versions side by side",
		.parameter_count = 1,
		.parameters = {PRODUCT_ID}
	},
	{
		.operation = "showSchema",
		.method = METHOD_GET, .path = "/schemas/{id}",
		.success = 200, .answer = ANSWER_FILE, .produces = HTML,
		.file = "app.html", .undocumented = true,
		.summary = "A table's schema in a browser",
		.parameter_count = 1,
		.parameters = {TABLE_ID}
	},
	{
		.operation = "getModule",
		.method = METHOD_GET, .path = "/assets/{release}/{file}",
		.success = 200, .answer = ANSWER_FILE, .undocumented = true,
		.summary = "Load a file of these pages",
		.problems = BIT(NO_SUCH_PATH),
	},
};

_Static_assert(sizeof(ROUTES) / sizeof(ROUTES[0]) <= ROUTES_MOST,
			   "there are more routes than a lane has bits for");

const int	ROUTE_COUNT = (int) (sizeof(ROUTES) / sizeof(ROUTES[0]));

const Parameter ROUTE_CONSISTENT = {
	.source = FROM_QUERY, .name = "consistent", .type = TYPE_BOOLEAN,
	.initial = "false",
	.meaning = "Read everything that was written until now, even where reads go "
	"to a replica that may be a little behind."
};

const Route *
route_named(const char *operation)
{
	for (int i = 0; i < ROUTE_COUNT; i++)
		if (strcmp(ROUTES[i].operation, operation) == 0)
			return &ROUTES[i];
	return NULL;
}

bool
route_reads_store(const Route *route)
{
	return route->role == ROLE_READER && route->work != WORK_NONE;
}

bool
route_answers_json(const Route *route)
{
	return (route->answer == ANSWER_RESOURCE || route->answer == ANSWER_PAGE) &&
		route->sql != NULL && route->produces != NULL &&
		strcmp(route->produces, JSON) == 0;
}

bool
route_is_probe(const Route *route)
{
	return route->answer == ANSWER_HEALTH || route->answer == ANSWER_READY ||
		route->answer == ANSWER_METRICS;
}
